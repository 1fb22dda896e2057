"""The meters of each maker and country: their lists, when each is sent, and their clocks.

Sources of telegrams are SimulatedMeter for a household and CaptureLoop for captured bursts. They
have next_after(ms) and telegram(list, ms); `ms` is unix time in milliseconds.

Cadence  Aidon NO 2.5 s, 10 s, hourly at hh:00:10; Kaifa NO 2 s, 10 s, hourly at hh:00:10;
         Kamstrup NO and SE 10 s, hourly at hh:00:05; all others 10 s
Clocks   Aidon NO and Kamstrup: standard time all year; the others: wall clock
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from typing import NamedTuple

from tools.encoders import aidon, kaifa, kamstrup
from tools.encoders.snapshot import Snapshot
from tools.household import Household
from tools.loads import cet_offset_s

_HOUR_MS = 3_600_000
_STANDARD_S = 3600
_METER_ID = "7350000000000042"  # invented
_SERIAL = 12_345_678

Encoder = Callable[[Snapshot], bytes]


class Telegram(NamedTuple):
    """Octets and values of a telegram; the values of a captured burst are None.

    energy_import_wh  None also in a list without registers
    """

    octets: bytes
    list: int | None
    power_import_w: int | None
    energy_import_wh: int | None = None


@dataclass(frozen=True)
class Model:
    """One maker's meters in one country.

    lists     encoder of each list; list 1 is sent every short_ms, the main one every main_ms
    hourly_ms time of list 3 after the full hour; None = no hourly list
    types     the meter's type for each grid; a grid without an entry is not supported
    hidden    Snapshot fields that are not measured on a grid
    """

    lists: dict[int, Encoder]
    types: dict[str, str]
    short_ms: int | None = None
    main_ms: int = 10_000
    hourly_ms: int | None = None
    wall_clock: bool = True
    sends_deviation: bool = False
    values_of_the_hour: bool = False
    hidden: tuple[tuple[str, str], ...] = ()


_AIDON_TYPES = {"1p": "6515", "it": "6525", "tn": "6534"}
_KAIFA_TYPES = {"1p": "MA105H2E", "it": "MA304H3E", "tn": "MA304H4"}
_KAMSTRUP_TYPES = {"1p": "6861111BN242101040", "tn": "6841131BN243101040"}
_KAMSTRUP_LISTS: dict[int, Encoder] = {2: kamstrup.list2, 3: kamstrup.list3}

MODELS = {
    ("aidon", "no"): Model(
        {1: aidon.list1, 2: aidon.list2, 3: aidon.list3},
        _AIDON_TYPES,
        short_ms=2500,
        hourly_ms=10_000,
        wall_clock=False,
        values_of_the_hour=True,
        hidden=(("it", "current_l2_ma"),),
    ),
    ("aidon", "se"): Model({3: aidon.push_se}, {"tn": "6534"}),
    ("kaifa", "no"): Model(
        {1: kaifa.list1, 2: kaifa.list2, 3: kaifa.list3},
        _KAIFA_TYPES,
        short_ms=2000,
        hourly_ms=10_000,
        values_of_the_hour=True,
        hidden=(("it", "voltage_l2_mv"),),
    ),
    ("kaifa", "se"): Model({3: kaifa.push_se}, {"tn": "MA304H4"}, sends_deviation=True),
    ("kamstrup", "no"): Model(
        _KAMSTRUP_LISTS,
        {**_KAMSTRUP_TYPES, "it": "6841121BN243101040"},
        hourly_ms=5000,
        wall_clock=False,
        hidden=(("it", "current_l2_ma"),),
    ),
    ("kamstrup", "se"): Model(_KAMSTRUP_LISTS, _KAMSTRUP_TYPES, hourly_ms=5000, wall_clock=False),
    ("kamstrup", "dk"): Model({3: kamstrup.push_dk}, _KAMSTRUP_TYPES, wall_clock=False),
}


class SimulatedMeter:
    """A meter of a household.

    interval_s  interval of the main list, None = the model's; list 1 scales with it
    """

    def __init__(self, model: Model, house: Household, interval_s: float | None = None):
        if house.grid not in model.types:
            raise ValueError(
                f"this meter is not for {house.grid} grids but for {', '.join(model.types)}"
            )
        self._model = model
        self._house = house
        main = model.main_ms if interval_s is None else max(1, round(interval_s * 1000))
        self._main_ms = main
        self._short_ms = main
        if model.short_ms:
            self._short_ms = max(1, main * model.short_ms // model.main_ms)
        self._main_list = 2 if 2 in model.lists else 3

    def next_after(self, ms: int) -> tuple[int, int]:
        """Time of the next telegram after that time, and its list."""
        due = (ms // self._short_ms + 1) * self._short_ms
        # At a multiple of both intervals the main list is sent: it includes list 1.
        kind = 1 if due % self._main_ms and 1 in self._model.lists else self._main_list
        hourly = self._model.hourly_ms
        if hourly is not None:
            hour = (ms - hourly) // _HOUR_MS * _HOUR_MS + _HOUR_MS + hourly
            if hour <= due:
                return hour, 3
        return due, kind

    def telegram(self, kind: int, ms: int) -> Telegram:
        """The list with the values at that time."""
        snapshot = self.snapshot(kind, ms)
        register = snapshot.energy_import_wh if kind == 3 else None
        octets = self._model.lists[kind](snapshot)
        return Telegram(octets, kind, snapshot.power_import_w, register)

    def snapshot(self, kind: int, ms: int) -> Snapshot:
        """The values of that list at that time, not encoded."""
        unix = ms / 1000
        now = self._house.snapshot(unix)
        valid = unix
        if self._model.values_of_the_hour and kind == 3:
            valid = ms // _HOUR_MS * _HOUR_MS / 1000
            then = self._house.snapshot(valid)
            now = replace(
                now,
                energy_import_wh=then.energy_import_wh,
                energy_export_wh=then.energy_export_wh,
                reactive_energy_import_varh=then.reactive_energy_import_varh,
                reactive_energy_export_varh=then.reactive_energy_export_varh,
            )
        hidden: dict[str, None] = {
            field: None for grid, field in self._model.hidden if grid == self._house.grid
        }
        offset = cet_offset_s(valid) if self._model.wall_clock else _STANDARD_S
        return replace(
            now,
            meter_id=_METER_ID,
            model=self._model.types[self._house.grid],
            serial=_SERIAL,
            sent_at=_local(unix, offset),
            clock=_local(valid, offset),
            deviation_min=-offset // 60 if self._model.sends_deviation else None,
            summer_time=offset != _STANDARD_S,
            **hidden,  # type: ignore[arg-type]
        )


class CaptureLoop:
    """Captured bursts in their order, one per interval, in a loop."""

    def __init__(self, bursts: Sequence[bytes], interval_s: float = 10):
        self._bursts = cycle(bursts)
        self._interval_ms = max(1, round(interval_s * 1000))

    def next_after(self, ms: int) -> tuple[int, int]:
        """Time of the next burst after that time; the list is always 0."""
        return (ms // self._interval_ms + 1) * self._interval_ms, 0

    def telegram(self, kind: int, ms: int) -> Telegram:
        """The burst of that time."""
        return Telegram(next(self._bursts), None, None)


def _local(unix: float, offset_s: int) -> datetime:
    return datetime.fromtimestamp(unix + offset_s, UTC).replace(tzinfo=None)
