"""Checks the names of an image's settings against checkouts of MicroPython and ESP-IDF.

    python tools/settings.py --idf DIR --micropython DIR [--table FILE]

Out      unknown names, one a line: ESP-IDF would ignore a misspelt setting. With --table also a
         table of all names, each with its file and default
Limits   needs the standard library only: it also runs in ESP-IDF's container
Errors   exit code 1 if a name is unknown
"""

import argparse
import re
import sys
from pathlib import Path

COMMON = Path(__file__).resolve().parent.parent / "boards" / "common"
_SETTING = re.compile(r"^CONFIG_(\w+)=", re.MULTILINE)
_CONFIG = re.compile(r"^[ \t]*(?:menu)?config[ \t]+(\w+)[ \t]*$", re.MULTILINE)
_DEFAULT = re.compile(r"^[ \t]*(?:default|def_bool)[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_MACRO = re.compile(r"^#(?:define|undef) (\w+)", re.MULTILINE)
_COMPONENT = "MDNS_"  # settings of components that ESP-IDF's manager fetches, not of ESP-IDF


def settings() -> list[str]:
    """Names of the settings in boards/common/sdkconfig.*, without CONFIG_."""
    files = sorted(COMMON.glob("sdkconfig.*"))
    names = {name for path in files for name in _SETTING.findall(path.read_text())}
    return sorted(names)


def macros() -> list[str]:
    """Names of the macros that the headers of boards/common set or remove."""
    files = sorted(COMMON.glob("*.h"))
    return sorted({name for path in files for name in _MACRO.findall(path.read_text())})


def kconfig_names(idf: Path) -> dict[str, tuple[str, str]]:
    """{name: (file, first default)} of all Kconfig files of ESP-IDF."""
    found: dict[str, tuple[str, str]] = {}
    paths = [idf / "Kconfig", *sorted(idf.glob("components/**/Kconfig*"))]
    for path in paths:
        if not path.is_file() or "test" in path.relative_to(idf).as_posix():
            continue
        text = path.read_text(errors="replace")
        marks = [*_CONFIG.finditer(text)]
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            body = text[mark.end() : following.start() if following else len(text)]
            default = _DEFAULT.search(body)
            where = path.relative_to(idf).as_posix()
            found.setdefault(mark[1], (where, default[1] if default else ""))
    return found


def macro_files(micropython: Path, names: list[str]) -> dict[str, str]:
    """{name: file} of the names that MicroPython's sources have."""
    found: dict[str, str] = {}
    places = ("py/*.[ch]", "ports/esp32/*.[ch]", "extmod/*.[ch]", "extmod/mbedtls/*.h")
    for path in (path for place in places for path in sorted(micropython.glob(place))):
        words = set(re.findall(r"\w+", path.read_text(errors="replace")))
        for name in names:
            if name in words:
                found.setdefault(name, path.relative_to(micropython).as_posix())
    return found


def unknown(idf: Path | None, micropython: Path | None) -> list[str]:
    """The names that the checkouts do not have; a checkout that is None is not looked at."""
    missing: list[str] = []
    if idf:
        known = kconfig_names(idf)
        names = [name for name in settings() if not name.startswith(_COMPONENT)]
        missing += ["CONFIG_" + name for name in names if name not in known]
    if micropython:
        there = macro_files(micropython, macros())
        missing += [name for name in macros() if name not in there]
    return missing


def table(idf: Path, micropython: Path) -> str:
    """All names with file and default, one a line."""
    known, there = kconfig_names(idf), macro_files(micropython, macros())
    rows = [f"CONFIG_{name}\t" + "\t".join(known.get(name, ("-", "-"))) for name in settings()]
    rows += [f"{name}\t{there.get(name, '-')}" for name in macros()]
    return "\n".join(rows) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the names of an image's settings.")
    parser.add_argument("--idf", type=Path, help="a checkout of ESP-IDF")
    parser.add_argument("--micropython", type=Path, help="a checkout of MicroPython")
    parser.add_argument("--table", type=Path, help="file for all names; needs both checkouts")
    args = parser.parse_args()
    if args.table:
        args.table.write_text(table(args.idf, args.micropython))
    missing = unknown(args.idf, args.micropython)
    for name in missing:
        print(f"unknown setting: {name}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
