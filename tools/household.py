"""A simulated household: unix time in, a Snapshot out. A seed always gives the same values.

Power      loads of tools/loads.py, constant in each step of 2 s, less solar power, which is equal
           on all phases
Registers  exact integral in W s from the full hour before `start` on; at that hour the sum of an
           average household since 2010
Limits     fuse 3x25 A (tn), 3x40 A line current (it, 230 V between lines), 63 A (1p)
"""

from __future__ import annotations

import math
from functools import lru_cache

from tools.encoders.snapshot import Snapshot
from tools.loads import STEP_S, Loads

GRIDS = ("tn", "it", "1p")
_HOUR_S = 3600
_SOURCE_MOHM = 250  # source resistance of each phase
_LOWEST_V = 215
_BUDGET_A = {"tn": 25, "it": 23, "1p": 63}  # for one phase; it: 23 A line to line is 40 A a line
_AVERAGE_W = 2400
_METERED_SINCE = 1_262_304_000  # 2010, so that registers exceed 24 bits


class Household:
    """One house with one meter.

    start  unix time of the first Snapshot; earlier ones raise ValueError
    """

    def __init__(self, start: float, seed: int = 1, grid: str = "tn", solar: bool = False):
        if grid not in GRIDS:
            raise ValueError(f"grid is one of {', '.join(GRIDS)}, not {grid!r}")
        self.grid = grid
        self.solar = solar
        self._loads = Loads(seed, _BUDGET_A[grid] * _LOWEST_V, one_phase=grid == "1p")
        self._origin = int(start) // _HOUR_S * _HOUR_S
        self._sums = {0: self._registers_at_origin()}  # by hours since the origin
        self._last = (0, self._sums[0])
        self._fixed: list[tuple[int, int | None]] = []
        self._power = lru_cache(maxsize=4096)(self._make_power)

    def fix_power(self, unix: float, watts: int | None) -> None:
        """Fix the power from the grid from the next step after `unix` on; None ends it."""
        step = self._step(unix) + 1
        self._fixed.append((step, watts))
        self._power.cache_clear()
        self._sums = {h: sums for h, sums in self._sums.items() if h * _HOUR_S <= step * STEP_S}
        if self._last[0] > step:
            self._last = (0, self._sums[0])

    def snapshot(self, unix: float) -> Snapshot:
        """Powers, voltages, currents and registers at that moment; no names, no clocks."""
        step = self._step(unix)
        watts, var = self._power(step)
        volts_mv, amps_ma = self._electric(step, watts, var)
        sums = self._sums_at(unix)
        total, reactive = sum(watts), sum(var)
        values: dict[str, int | None] = {
            "power_import_w": max(total, 0),
            "power_export_w": max(-total, 0),
            "reactive_import_var": max(reactive, 0),
            "reactive_export_var": max(-reactive, 0),
            "power_factor_permille": _permille(total, reactive),
            "energy_import_wh": sums[0] // _HOUR_S,
            "energy_export_wh": sums[1] // _HOUR_S,
            "reactive_energy_import_varh": sums[2] // _HOUR_S,
            "reactive_energy_export_varh": sums[3] // _HOUR_S,
        }
        for index, (p, q) in enumerate(zip(watts, var, strict=True)):
            phase = f"l{index + 1}"
            values[f"voltage_{phase}_mv"] = volts_mv[index]
            values[f"current_{phase}_ma"] = amps_ma[index]
            values[f"power_import_{phase}_w"] = max(p, 0)
            values[f"power_export_{phase}_w"] = max(-p, 0)
            values[f"reactive_import_{phase}_var"] = max(q, 0)
            values[f"reactive_export_{phase}_var"] = max(-q, 0)
            values[f"power_factor_{phase}_permille"] = _permille(p, q)
            values[f"energy_import_{phase}_wh"] = sums[4 + index] // _HOUR_S
            values[f"energy_export_{phase}_wh"] = sums[7 + index] // _HOUR_S
        return Snapshot(**values)  # type: ignore[arg-type]

    # registers

    def _step(self, unix: float) -> int:
        if unix < self._origin:
            raise ValueError(f"{unix} is before the household's first hour")
        return int(unix - self._origin) // STEP_S

    def _registers_at_origin(self) -> tuple[int, ...]:
        """W s and var s: import, export, Q import, Q export, import L1..3, export L1..3."""
        age_s = max(self._origin - _METERED_SINCE, 0)
        energy = age_s * _AVERAGE_W
        phases = 1 if self.grid == "1p" else 3
        sold = energy // 4 if self.solar else 0
        each = [energy // phases] * phases + [0] * (3 - phases)
        each += [sold // phases] * phases + [0] * (3 - phases)
        return (energy, sold, energy // 50, energy // 10, *each)

    def _sums_at(self, unix: float) -> tuple[int, ...]:
        step = self._step(unix)
        hour = step * STEP_S // _HOUR_S
        nearest = max(h for h in self._sums if h <= hour)
        at, sums = nearest * _HOUR_S // STEP_S, self._sums[nearest]
        if at <= self._last[0] <= step:
            at, sums = self._last
        while at < step:
            sums = self._add(sums, at, STEP_S * 1000)
            at += 1
            if at * STEP_S % _HOUR_S == 0:
                self._sums[at * STEP_S // _HOUR_S] = sums
        self._last = (at, sums)
        return self._add(sums, step, int((unix - self._origin - step * STEP_S) * 1000))

    def _add(self, sums: tuple[int, ...], step: int, ms: int) -> tuple[int, ...]:
        watts, var = self._power(step)
        each = [*watts, 0, 0][:3]
        total, reactive = sum(watts), sum(var)
        rates = [max(total, 0), max(-total, 0), max(reactive, 0), max(-reactive, 0)]
        rates += [max(p, 0) for p in each] + [max(-p, 0) for p in each]
        return tuple(s + rate * ms // 1000 for s, rate in zip(sums, rates, strict=True))

    # powers

    def _make_power(self, step: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """W and var of each phase during that step, import positive."""
        fixed = None
        for begin, watts in self._fixed:
            if begin <= step:
                fixed = watts
        if fixed is not None:
            phases = 1 if self.grid == "1p" else 3
            rest = fixed - fixed // phases * phases
            even = tuple(fixed // phases + (index < rest) for index in range(phases))
            return even, (0,) * phases
        power, var = self._loads.demand(self._origin + step * STEP_S)
        if self.solar:
            sun = self._loads.sun_w(self._origin + step * STEP_S)
            power = [p - sun // 3 for p in power]
        if self.grid == "1p":
            return (sum(power),), (sum(var),)
        return tuple(power), tuple(var)

    # volts and amperes

    def _electric(
        self, step: int, watts: tuple[int, ...], var: tuple[int, ...]
    ) -> tuple[list[int], list[int]]:
        """Voltages in mV and currents in mA, line to line and of the lines on an it grid."""
        volts, loads = [], []
        for index, (p, q) in enumerate(zip(watts, var, strict=True)):
            drop = max(-8000, min(8000, p * _SOURCE_MOHM // 230))
            wander = 2500 * math.sin((step * STEP_S + self._origin) / 1900 + 2 * index)
            flicker = 600 * self._loads.noise(f"volt{index}", step // 5)
            volts.append(231_500 + int(wander + flicker) - drop)
            loads.append(math.hypot(p, q) * 1e6 / volts[-1])
        if self.grid != "it":
            return volts, [int(load) for load in loads]
        ring = zip(loads, (loads[2], *loads[:2]), strict=True)
        return volts, [int(math.sqrt(a * a + b * b + a * b)) for a, b in ring]


def _permille(p: int, q: int) -> int:
    apparent = math.hypot(p, q)
    return 1000 if apparent == 0 else round(1000 * abs(p) / apparent)
