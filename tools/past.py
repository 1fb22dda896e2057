"""Fills a data folder with a history of the simulated household.

    python -m tools.past --data data --days 31 [--solar] [--seed 1] [--grid tn]

In       the household of tools/household.py, up to the last full hour
Out      the firmware's energy files: its ledger gets a register each quarter-hour, with a few
         silent periods; tools.meter continues from the last register
Errors   exit code 1 if the folder has a history already or cannot be written
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.household import GRIDS, Household
from tools.runtime import ROOT, keep_compiled

sys.path[:0] = [str(ROOT / "tests" / "cpython"), str(ROOT / "firmware")]

from energy import profiles  # noqa: E402
from energy.ledger import Energy  # noqa: E402
from energy.power import HoldTimes  # noqa: E402
from han.descriptors import NAMES  # noqa: E402
from han.fields import COUNT  # noqa: E402
from log import Log  # noqa: E402
from storage import Storage  # noqa: E402

_QUARTER_S = 900
_HOUR_S = 3600
_DAY_S = 86400
_SILENT_EVERY = 11  # days; no telegrams from 6:10 to 8:40 UTC
_LOST_EVERY = 7  # days; no registers from 16:50 to 17:10 UTC, power only


class Past:
    """Quarter-hours of the household up to the full hour at which tools.meter begins."""

    def __init__(self, until: int, days: int, seed: int, grid: str, solar: bool) -> None:
        self.begin = until - days * _DAY_S
        self.until = until
        self._house = Household(self.begin, seed, grid, solar)
        self._until = Household(until, seed, grid, solar).snapshot(until)

    def quarters(self) -> Iterator[tuple[int, int, int, int]]:
        """(unix time, W, import Wh, export Wh) at the end of each quarter-hour."""
        end = self._house.snapshot(self.until)
        missing = [(getattr(self._until, n) or 0) - (getattr(end, n) or 0) for n in _REGISTERS]
        for unix in range(self.begin, self.until + 1, _QUARTER_S):
            s = self._house.snapshot(unix)
            wh = [(getattr(s, n) or 0) + more for n, more in zip(_REGISTERS, missing, strict=True)]
            yield unix, s.power_import_w or 0, wh[0], wh[1]


_REGISTERS = ("energy_import_wh", "energy_export_wh")


def fill(folder: Path, past: Past, progress: Callable[[int], None] = lambda _: None) -> None:
    """Feed the ledger and save it. progress gets the number of each finished day."""
    energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
    energy.load(Storage(str(folder), Log(lambda: 0)), b"")
    hold_times = HoldTimes()
    for unix, watts, imported, exported in past.quarters():
        day, second = divmod(unix, _DAY_S)
        if not second:
            progress((unix - past.begin) // _DAY_S)
        if day % _SILENT_EVERY == 0 and 6 * _HOUR_S < second < 9 * _HOUR_S:
            continue
        values: list[int | None] = [None] * COUNT
        if day % _LOST_EVERY == 0 and second == 17 * _HOUR_S:
            for minute in range(-14, 1):
                values[NAMES.index("power_import_w")] = watts
                at = unix + 60 * minute
                energy.update(values, at, hold_times.note(values, (at - past.begin) * 1000))
            continue
        for name, wh in zip(_REGISTERS, (imported, exported), strict=True):
            values[NAMES.index(name)] = wh
        energy.update(values, unix, hold_times.note(values, (unix - past.begin) * 1000))
        if energy.save_due(unix):
            energy.save(unix)
    energy.save(past.until)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.past", description="Make a history.")
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--days", type=int, default=31, help="1 to 400")
    parser.add_argument("--solar", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--grid", choices=GRIDS, default="tn")
    args = parser.parse_args(argv)
    if not 1 <= args.days <= 400:
        parser.error("--days must be 1 to 400")
    if (args.data / "journal").exists():
        print(f"past: {args.data} has a history already", file=sys.stderr)
        return 1
    try:
        args.data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=args.data):
            pass
    except OSError as e:
        print(f"past: {args.data} cannot be written: {e}", file=sys.stderr)
        return 1
    keep_compiled()
    until = int(time.time()) // _HOUR_S * _HOUR_S
    past = Past(until, args.days, args.seed, args.grid, args.solar)

    def progress(day: int) -> None:
        print(f"\r  the past: day {day} of {args.days}", end="", flush=True)

    fill(args.data, past, progress)
    if not (args.data / "journal").exists():
        print(f"\npast: {args.data} took nothing: is the disk full?", file=sys.stderr)
        return 1
    print(f"\r  the past: {args.days} days       ", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
