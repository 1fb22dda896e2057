"""Installs the type stubs of MicroPython for mypy.

python -m tools.typings

Out      build/typings of the ESP32-S2, build/typings_esp32 of the ESP32: mypy's
         custom_typeshed_dir, because the stubs describe MicroPython's standard library, which
         other CPython tools must not see; build/mypy_esp32.toml, which checks the board class
         with the latter
Errors   exit code 1 with pip's message, or if a stub differs from _VIPER
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tools.build import ROOT

_LIBRARY = "micropython-stdlib-stubs==1.29.0.post2"
PACKAGES = {
    "build/typings": ("micropython-esp32-esp32-generic-s2-stubs==1.29.0.post1", _LIBRARY),
    "build/typings_esp32": ("micropython-esp32-esp32-generic-stubs==1.29.0.post1", _LIBRARY),
}
ESP32_CONFIG = ROOT / "build/mypy_esp32.toml"
ESP32_OPTIONS = ("--config-file", str(ESP32_CONFIG), "--cache-dir", ".mypy_cache/esp32")

# A viper function accepts any buffer for ptr8, which no annotation expresses. The replacement
# leaves the arguments unchecked and checks the result.
_VIPER = (
    "def viper(_func: Callable[_Param, _Ret], /) -> Callable[_Param, _Ret]:",
    "def viper(_func: Callable[..., _Ret], /) -> Callable[..., _Ret]:",
)


def fetch(target: Path, packages: tuple[str, ...]) -> None:
    """Install the stubs of these packages into target, unless they are there already.

    Raises CalledProcessError if pip fails and ValueError if a stub differs from _VIPER.
    """
    done = target / ".installed"
    wanted = "\n".join((*packages, *_VIPER))
    if done.exists() and done.read_text() == wanted:
        return
    shutil.rmtree(target, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, *packages], check=True)
    stub = target / "micropython.pyi"
    text = stub.read_text()
    if text.count(_VIPER[0]) != 1:
        raise ValueError("micropython.pyi declares viper in another form than expected")
    stub.write_text(text.replace(*_VIPER))
    done.write_text(wanted)


def write_esp32_config() -> None:
    """The settings of pyproject.toml with the other stubs, for boards/esp32 alone."""
    text = (ROOT / "pyproject.toml").read_text()
    for old, new in (
        ('"build/typings"', '"build/typings_esp32"'),
        ('files = ["firmware", "boards/esp32"]', 'files = ["boards/esp32"]'),
    ):
        if old not in text:
            raise ValueError(f"pyproject.toml has no {old}")
        text = text.replace(old, new)
    if not ESP32_CONFIG.exists() or ESP32_CONFIG.read_text() != text:
        ESP32_CONFIG.write_text(text)


def main() -> int:
    try:
        for target, packages in PACKAGES.items():
            fetch(ROOT / target, packages)
        write_esp32_config()
    except (subprocess.CalledProcessError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
