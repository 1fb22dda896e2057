"""Installs the firmware for development on a board with a stock MicroPython.

tools/flash.py puts a whole image on a board.

In       board, serial port, build/www, optional config.json
Out      every .mpy, main.py and the web page on the board, sizes compared; then a reset
Limits   MicroPython 1.28 or newer for ESP32 or ESP32-S2 with asyncio and umqtt frozen
Errors   one line with the failed step, one with the remedy; exit code 1

main.py is removed first and copied last: without it the board starts to a prompt and no watchdog
interrupts the transfer, and after a broken transfer no incomplete firmware runs.
"""

import argparse
import ast
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tools.boards import BOARDS, board_constants, board_file, modules
from tools.build import BOARD_CLASS, ROOT, BuildError, build, size_table

_ARCH = "xtensawin"
_STEP_TIMEOUT_S = 60
_MPY_VERSION = 6
_MPY_XTENSAWIN = 10
_OLDEST = (1, 28)
_PSRAM_PINS = {16, 17}  # of an ESP32
# GPIOs for a sensor, which holds its pin high: without inputs only, flash, console and USB, and
# without GPIO 12 of an ESP32 and 45 of an ESP32-S2, which then start with the wrong flash voltage.
_SENSOR_PINS = {
    "esp32": {2, 4, 5, *range(13, 20), *range(21, 24), *range(25, 28), 32, 33},
    "esp32s2": {*range(1, 19), 21, *range(33, 43)},
}

ASK = (
    "import os, sys\n"
    "s, i = os.statvfs('/'), sys.implementation\n"
    "print(i.version[:2], i._machine, i._mpy, s[0] * s[3], sep='|')"
)
_DROP_MAIN = "import os\ntry:\n os.remove('/main.py')\nexcept OSError:\n pass"

_FULL = "The board's file system is full: remove files there with mpremote fs rm."
HOW_TO_START = """\
The board needs a stock MicroPython first, once. Download the .bin of 1.28 or newer from
micropython.org/download: ESP32_GENERIC_S2 for the Pow boards and any ESP32-S2, ESP32_GENERIC for
an ESP32. Hold GPIO 0 (the button) low while the board starts, then:
  esptool --chip esp32s2 --port PORT erase-flash
  esptool --chip esp32s2 --port PORT write-flash 0x1000 ESP32_GENERIC_S2-....bin
with --chip esp32 for an ESP32; the address is 0x1000 for both."""


class InstallError(Exception):
    """A failed step; the message names it and the remedy."""


@dataclass(frozen=True)
class Step:
    """One call of mpremote."""

    text: str
    command: tuple[str, ...]
    octets: int = 0
    retry_s: int = 0  # seconds of further attempts while the board does not answer


@dataclass(frozen=True)
class File:
    local: Path
    remote: str  # absolute, on the board
    octets: int


def with_sensors(board: str, pin: int) -> Path:
    """board.py of a board whose owner has soldered temperature sensors to a GPIO.

    InstallError if the GPIO is not free.
    """
    c = board_constants(board)
    used = {c["HAN_RX"], c["HAN_TX_PARKED"], c["BUTTON"], c["LED"], c["VCC_ADC"]}
    rgb = c["RGB"]
    assert isinstance(rgb, tuple)
    free = _SENSOR_PINS[str(c["CHIP"])] - used - set(rgb)
    if c["CHIP"] == "esp32" and c["PSRAM"] is not False:
        free -= _PSRAM_PINS
    if pin not in free:
        pins = ", ".join(str(number) for number in sorted(free))
        raise InstallError(
            f"GPIO {pin} is not free for --one-wire on {c['NAME']}: use one of {pins}"
        )
    text = board_file(board).read_text()
    own = ROOT / "build" / "one_wire" / board / "board.py"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(text.replace('ONE_WIRE: "int | None" = None', f"ONE_WIRE = {pin}"))
    return own


def files_for(
    built: Iterable[tuple[str, int]], out: Path, www: Path, config: Path | None
) -> list[File]:
    """The files for the board, main.py last.

    Without umqtt: the stock firmware has it frozen, without heap. Raises InstallError if the
    config is not a JSON object.
    """
    files = [
        File(out / name, "/" + name, octets)
        for name, octets in built
        if not name.startswith("umqtt/")
    ]
    for path in sorted(www.rglob("*")) if www.is_dir() else []:
        if path.is_file():
            remote = "/www/" + path.relative_to(www).as_posix()
            files.append(File(path, remote, path.stat().st_size))
    if config is not None:
        try:
            valid = isinstance(json.loads(config.read_text()), dict)
        except (OSError, ValueError):
            valid = False
        if not valid:
            raise InstallError(f"{config} is not a JSON object in a readable file")
        files.append(File(config, "/config.json", config.stat().st_size))
    return sorted(files, key=lambda f: (f.remote == "/main.py", f.remote))


def _prepare_script(files: list[File]) -> str:
    folders = {str(p) for f in files for p in PurePosixPath(f.remote).parents} - {"/"}
    shadows = [f.remote.removesuffix(".mpy") + ".py" for f in files if f.remote.endswith(".mpy")]
    return (
        "import os\n"
        f"for d in {sorted(folders)}:\n"
        " try:\n  os.mkdir(d)\n except OSError:\n  pass\n"
        f"for p in {shadows}:\n"  # a .py hides a .mpy of the same name
        " try:\n  os.remove(p)\n except OSError:\n  pass"
    )


def _compare_script(files: list[File]) -> str:
    sizes = [(f.remote, f.octets) for f in files]
    return (
        "import os\n"
        f"bad = [p for p, n in {sizes} if os.stat(p)[6] != n]\n"
        "if bad:\n raise OSError('not whole: ' + ' '.join(bad))"
    )


def plan(files: list[File]) -> list[Step]:
    """The calls of mpremote that install these files, in order."""
    ask = ("exec", ASK)
    steps = [
        Step("read version and free space", ask),
        Step("stop the firmware", ("exec", _DROP_MAIN)),
        Step("restart without the firmware", ("reset",)),
        Step("wait for the prompt", ask, retry_s=20),
        Step("make the folders", ("exec", _prepare_script(files))),
    ]
    for f in files:
        steps.append(Step(f.remote, ("fs", "cp", str(f.local), ":" + f.remote), f.octets))
    steps.append(Step("compare the sizes", ("exec", _compare_script(files))))
    steps.append(Step("start the firmware", ("reset",)))
    return steps


def command_line(port: str, step: Step) -> list[str]:
    """Arguments of mpremote; `resume` avoids a soft reset, which would start the old firmware."""
    return [sys.executable, "-m", "mpremote", "connect", port, "resume", *step.command]


def refuse(answer: str, board: str, octets: int) -> str | None:
    """The reason why a board with this answer to ASK cannot run the firmware, None if it can."""
    try:
        version_text, machine, mpy_text, free_text = answer.strip().splitlines()[-1].split("|")
        mcu = machine.split()[-1]
        version, mpy, free = ast.literal_eval(version_text), int(mpy_text), int(free_text)
    except (IndexError, ValueError, SyntaxError):
        return f"An unexpected answer: {answer.strip()!r}"
    constants = board_constants(board)
    chip = constants["CHIP"]
    if mpy & 0xFF != _MPY_VERSION or mpy >> 10 & 0xF != _MPY_XTENSAWIN:
        return f"This is not an ESP32 or ESP32-S2 but {mcu}. Is it the right port?"
    found = next((c for c in ("esp32s2", "esp32s3") if c in mcu.lower().replace("-", "")), "esp32")
    if found != chip:
        return f"The board has an {found}, --board names one with an {chip}."
    line_pins = {constants["HAN_RX"], constants["HAN_TX_PARKED"]}
    if found == "esp32" and "SPIRAM" in machine and line_pins & _PSRAM_PINS:
        return "This module has PSRAM, which takes GPIO 16 and 17: use --board esp32_psram."
    if version < _OLDEST:
        return f"MicroPython {version[0]}.{version[1]} is too old.\n{HOW_TO_START}"
    if free < octets:
        return f"{octets} octets do not fit in the {free} that are free on the board."
    return None


def explain(output: str, port: str) -> str:
    """The remedy for a failed call of mpremote, from its output."""
    known = (
        (
            "in use by another",
            "Close the program that has it open (a terminal, an IDE), or use another port.",
        ),
        ("could not enter raw repl", f"No MicroPython answers at {port}.\n{HOW_TO_START}"),
        ("timeout waiting", "The board stopped answering: unplug it, plug it in, start again."),
        ("ENOSPC", _FULL),
        ("No space left", _FULL),
        ("not whole", "A file on the board is shorter than its source: start again."),
    )
    if "failed to access" in output and "/" in port and not Path(port).exists():
        return f"There is no {port}: is the cable in? `mpremote connect list` shows the ports."
    for mark, advice in known:
        if mark in output:
            return advice
    return "The lines above are all that mpremote said."


def _call(port: str, step: Step) -> tuple[bool, str]:
    """Run one step. Returns (success, output)."""
    try:
        done = subprocess.run(
            command_line(port, step),
            check=False,
            capture_output=True,
            text=True,
            timeout=_STEP_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        return False, "timeout waiting for mpremote"
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def run(port: str, board: str, steps: list[Step], show: Callable[[str], None] = print) -> None:
    """Run the steps in order. Raises InstallError at the first failure."""
    octets = sum(step.octets for step in steps)
    for number, step in enumerate(steps, 1):
        show(f"{number:3d} of {len(steps)}  {step.text}")
        give_up_at = time.monotonic() + step.retry_s
        worked, output = _call(port, step)
        while not worked and time.monotonic() < give_up_at:
            time.sleep(1)
            worked, output = _call(port, step)
        if not worked:
            raise InstallError(f"{step.text}: failed\n{output}\n{explain(output, port)}")
        reason = refuse(output, board, octets) if step.command == ("exec", ASK) else None
        if reason:
            raise InstallError(reason)


def _describe(board: str, port: str, files: list[File], steps: list[Step]) -> str:
    lines = [f"{board_constants(board)['NAME']} at {port}", ""]
    lines.append(size_table((f.remote, f.octets) for f in files))
    lines.append("")
    for step in steps:
        lines.append(shlex.join(["mpremote", *command_line(port, step)[3:]]))
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.install",
        description="Put the firmware on a board that runs a stock MicroPython.",
        epilog=HOW_TO_START,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--board", required=True, choices=BOARDS)
    parser.add_argument("--port", required=True, help="as in /dev/ttyUSB0 or COM3")
    parser.add_argument(
        "--one-wire", type=int, metavar="GPIO", help="the pin of DS18B20 temperature sensors"
    )
    parser.add_argument("--config", type=Path, help="settings to install as /config.json")
    parser.add_argument("--dry-run", action="store_true", help="show the plan, open no port")
    args = parser.parse_args(argv)
    out = ROOT / "build" / "device" / args.board
    pins = None
    try:
        if args.one_wire is not None:
            pins = with_sensors(args.board, args.one_wire)
        extra = [*modules(args.board, pins), *BOARD_CLASS]
        files = files_for(build(_ARCH, out, extra), out, ROOT / "build/www", args.config)
        steps = plan(files)
        if args.dry_run:
            print(_describe(args.board, args.port, files, steps))
        else:
            run(args.port, args.board, steps)
    except (BuildError, InstallError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
