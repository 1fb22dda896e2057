"""A simulated meter on a PC, connected to the firmware's simulated UART.

    python -m tools.meter --meter kaifa --speed 10
    python -m tools.meter --meter telegram.hex
    python -m tools.meter --serial /dev/ttyUSB0

Out      "listening 127.0.0.1:PORT" first; then, with --log, one JSON line per telegram:
         t real unix time of its last octet, meter_time the simulated one, list 1..3 (a list with
         registers is 3), power_import_w, energy_import_wh (null without registers), octets; for
         captures all but the times and octets are null
In       commands on stdin, one per line, answered by "ok" or "error ..." on stdout:
         baud N | parity 8N1 | invert 0|1   the meter's line, from the next telegram on
         pause | resume                     skip telegrams | send again; skipped ones are lost
         power W | power auto               fix the power from the grid, negative = export
         send HEX                           send these octets as soon as the line is free
         quit                               end
         The end of stdin has no effect; SIGTERM and SIGINT end the program
Errors   wrong arguments: exit code 2
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NoReturn

from tools import captures
from tools.household import GRIDS, Household
from tools.line import LineSettings
from tools.models import MODELS, CaptureLoop, SimulatedMeter, Telegram
from tools.transmitter import Clock, Transmitter
from tools.wire import Wire

if TYPE_CHECKING:
    from tools.bridge import SerialBridge

_MOST_W = 500_000  # limit of the current in the smallest field of a list
_MAKERS = sorted({maker for maker, _ in MODELS})


def show(text: str) -> None:
    """Print one line at once; a closed stdout is no error."""
    with contextlib.suppress(BrokenPipeError):
        print(text, flush=True)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"meter: {message}", file=sys.stderr)
        sys.exit(2)


def _number(low: float, high: float, low_counts: bool = True) -> Callable[[str], float]:
    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not (low <= value if low_counts else low < value) or not value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not within {low:g}..{high:g}")
        return value

    return number


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, 0..65535")
    return int(text)


def _moment(text: str) -> float:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time as 2026-01-31T18:00") from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _arguments() -> _Parser:
    parser = _Parser(prog="meter", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("--meter", default="aidon", help=f"{', '.join(_MAKERS)} or a .hex or .txt capture")
    add("--country", choices=("no", "se", "dk"), default="no")
    add("--grid", choices=GRIDS, default="tn", help="TN, IT or single-phase")
    add("--baud", default="2400")
    add("--parity", default="8E1", help="character format: 8E1, 8N1, 7E1, 7N1 ...")
    add("--invert", action="store_true", help="the line is inverted")
    add("--port", type=_port, default=0, help="0 = any")
    add("--speed", type=_number(0, 100_000, False), default=1.0, help="times as fast as real")
    add("--solar", action="store_true", help="the house has solar panels")
    add("--seed", type=int, default=1, help="seed of the simulated house")
    add("--start", type=_moment, help="ISO 8601 time of the start, UTC without an offset")
    add("--since", type=float, help="the real unix time of --start; default: now")
    add("--interval", type=_number(0, 86400, False), help="seconds from main list to main list")
    add("--noise", type=_number(0, 1), default=0.0, help="fraction of octets with a flipped bit")
    add("--log", action="store_true", help="a JSON line for each telegram")
    add("--serial", metavar="DEV", help="octets of a real serial adapter instead")
    return parser


class Meter:
    """The simulated meter. Raises ValueError or OSError for impossible arguments."""

    def __init__(self, args: argparse.Namespace):
        start = time.time() if args.start is None else args.start
        line = LineSettings.parse(args.baud, args.parity, args.invert)
        self.wire = Wire()
        self.house: Household | None = None
        source: SimulatedMeter | CaptureLoop
        if args.meter in _MAKERS:
            model = MODELS.get((args.meter, args.country))
            if model is None:
                raise ValueError(f"there is no {args.meter} meter for country {args.country}")
            self.house = Household(start, args.seed, args.grid, args.solar)
            source = SimulatedMeter(model, self.house, args.interval)
        else:
            if not Path(args.meter).is_file():
                raise ValueError(f"{args.meter} is neither {', '.join(_MAKERS)} nor a file")
            source = CaptureLoop(captures.bursts(args.meter), args.interval or 10)
        self.clock = Clock(start, args.speed, args.since)
        self.transmitter = Transmitter(
            source, self.wire, self.clock, line, _log if args.log else lambda *_: None
        )
        self.transmitter.noise = args.noise
        self.transmitter.noise_source = Random(args.seed)

    async def close(self) -> None:
        """Close the connection to the reader."""
        await self.wire.close()

    def command(self, line: str) -> None:
        """Run one command line from stdin. ValueError with the reason if it is invalid."""
        word, *rest = line.split()
        if word in ("pause", "resume") and not rest:
            self.transmitter.paused = word == "pause"
        elif word in ("baud", "parity", "invert") and len(rest) == 1:
            self._set_line(word, rest[0])
        elif word == "power" and len(rest) == 1:
            self._fix_power(rest[0])
        elif word == "send" and rest:
            self.transmitter.send(_octets("".join(rest)))
        else:
            raise ValueError(f"{line.strip()!r} is not a command")

    def _set_line(self, word: str, value: str) -> None:
        now = self.transmitter.line
        if word == "baud":
            self.transmitter.line = replace(now, baud=LineSettings.parse(value, "8E1").baud)
        elif word == "parity":
            self.transmitter.line = LineSettings.parse(str(now.baud), value, now.invert)
        else:
            self.transmitter.line = replace(
                now, invert=LineSettings.parse("2400", "8E1", value).invert
            )

    def _fix_power(self, text: str) -> None:
        if self.house is None:
            raise ValueError("a capture has a fixed power")
        if text != "auto" and not text.removeprefix("-").isdecimal():
            raise ValueError(f"{text!r} is not a number of watts")
        watts = None if text == "auto" else int(text)
        if watts is not None and abs(watts) > _MOST_W:
            raise ValueError(f"{watts} W is not within -{_MOST_W}..{_MOST_W} W")
        self.house.fix_power(self.clock.now(), watts)


def _octets(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError(f"{digits!r} is not hexadecimal") from None


def _log(telegram: Telegram, real: float, simulated: float) -> None:
    show(
        json.dumps(
            {
                "t": round(real, 4),
                "meter_time": round(simulated, 4),
                "list": telegram.list,
                "power_import_w": telegram.power_import_w,
                "energy_import_wh": telegram.energy_import_wh,
                "octets": len(telegram.octets),
            }
        )
    )


def _read_stdin(loop: asyncio.AbstractEventLoop, take: Callable[[str], None]) -> None:
    """Pass each line of stdin to `take`, from a thread: stdin may be a file or a terminal.

    os.read(), not sys.stdin: a thread that reads sys.stdin blocks the program's end.
    """
    rest = b""
    try:
        while chunk := os.read(0, 4096):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                loop.call_soon_threadsafe(take, line.decode("utf-8", "replace"))
    except (OSError, RuntimeError):
        pass  # no stdin, or the loop has ended


async def _serve(args: argparse.Namespace, parser: _Parser) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    meter: Meter | SerialBridge
    try:
        if args.serial:
            from tools.bridge import SerialBridge  # the only user of pyserial

            meter = SerialBridge(args.serial, loop)
        else:
            meter = Meter(args)
        port = await meter.wire.listen(args.port)
    except ImportError:
        parser.error("--serial needs pyserial: pip install pyserial")
    except (ValueError, OSError) as error:
        parser.error(str(error))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    show(f"listening 127.0.0.1:{port}")

    def take(line: str) -> None:
        if not line.strip():
            return
        try:
            if line.split() == ["quit"]:
                stop.set()
            elif isinstance(meter, Meter):
                meter.command(line)
            else:
                raise ValueError("the only command with an adapter is quit")
            show("ok")
        except ValueError as error:
            show(f"error {error}")

    threading.Thread(target=_read_stdin, args=(loop, take), daemon=True).start()
    tasks: list[asyncio.Future[object]] = [asyncio.ensure_future(stop.wait())]
    if isinstance(meter, Meter):
        tasks.append(asyncio.ensure_future(meter.transmitter.run()))
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    await meter.close()
    for task in tasks:
        if task.done():
            task.result()
        task.cancel()


def main(argv: list[str] | None = None) -> None:
    """Run until quit or a signal."""
    parser = _arguments()
    asyncio.run(_serve(parser.parse_args(argv), parser))


if __name__ == "__main__":
    main()
