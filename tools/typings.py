"""Installs the type stubs of the ESP32-S2's MicroPython for mypy.

python -m tools.typings

Out      build/typings, mypy's custom_typeshed_dir: the stubs describe MicroPython's standard
         library, which other CPython tools must not see
Errors   exit code 1 with pip's message, or if a stub differs from _VIPER
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tools.build import ROOT

PACKAGES = (
    "micropython-esp32-esp32-generic-s2-stubs==1.29.0.post1",
    "micropython-stdlib-stubs==1.29.0.post2",
)
TARGET = ROOT / "build/typings"

# A viper function accepts any buffer for ptr8, which no annotation expresses. The replacement
# leaves the arguments unchecked and checks the result.
_VIPER = (
    "def viper(_func: Callable[_Param, _Ret], /) -> Callable[_Param, _Ret]:",
    "def viper(_func: Callable[..., _Ret], /) -> Callable[..., _Ret]:",
)


def fetch(target: Path) -> None:
    """Install the stubs into target, unless they are there already.

    Raises CalledProcessError if pip fails and ValueError if a stub differs from _VIPER.
    """
    done = target / ".installed"
    wanted = "\n".join((*PACKAGES, *_VIPER))
    if done.exists() and done.read_text() == wanted:
        return
    shutil.rmtree(target, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, *PACKAGES], check=True)
    stub = target / "micropython.pyi"
    text = stub.read_text()
    if text.count(_VIPER[0]) != 1:
        raise ValueError("micropython.pyi declares viper in another form than expected")
    stub.write_text(text.replace(*_VIPER))
    done.write_text(wanted)


def main() -> int:
    try:
        fetch(TARGET)
    except (subprocess.CalledProcessError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
