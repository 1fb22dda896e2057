"""Loads and solar panels of a house: unix time in, powers out.

The same seed gives the same days. Each load is on one of three phases, numbered from 0; flexible
loads stay within the fuse. Power is constant in each step of 2 s.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

STEP_S = 2
_SOLAR_W = 7000
_LATITUDE = math.radians(60)
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def cet_offset_s(unix: float) -> int:
    """Central European time minus UTC in seconds: 3600, in EU summer time 7200."""
    year = (_ZERO + timedelta(seconds=unix)).year

    def last_sunday(month: int) -> float:
        last = datetime(year, month, 31, 1, tzinfo=UTC)
        return (last - timedelta(days=last.isoweekday() % 7)).timestamp()

    return 7200 if last_sunday(3) <= unix < last_sunday(10) else 3600


@dataclass(frozen=True)
class _Load:
    """A load from `begin` to `end`, in seconds after local midnight."""

    begin: int
    end: int
    phase: int
    watts: int
    var: int = 0
    cycle_s: int = 0  # on for two thirds of each cycle; 0 = always on
    flexible: bool = False

    def on(self, second: int) -> bool:
        """Whether the load is on at that second."""
        if not self.begin <= second < self.end:
            return False
        return not self.cycle_s or (second - self.begin) % self.cycle_s * 3 < self.cycle_s * 2


class Loads:
    """The loads of one house.

    budget_w   maximum of each phase, on a single-phase grid of all loads together
    one_phase  whether the budget is for all loads together
    """

    def __init__(self, seed: int, budget_w: int, one_phase: bool = False):
        self._seed = seed
        self._budget_w = budget_w
        self._one_phase = one_phase
        self._plan = lru_cache(maxsize=4)(self._make_plan)

    def demand(self, unix: int) -> tuple[list[int], list[int]]:
        """W and var of the three phases at that moment."""
        local = unix + cet_offset_s(unix)
        day, second = divmod(local, 86400)
        tick = unix // STEP_S
        power = [
            base + int(25 * self.noise(f"base{index}", tick))
            for index, base in enumerate((95, 60, 70))
        ]
        var = [-40, -30, -20]
        if (unix + int(2700 * self.noise("fridge", 0))) % 2700 < 800:
            power[0] += 110
            var[0] += 60
        running = [load for load in self._plan(day) if load.on(second)]
        running += [load for load in self._plan(day - 1) if load.on(second + 86400)]
        running += self._heating(unix)
        for load in sorted(running, key=lambda load: load.flexible):
            watts = load.watts
            if load.flexible:
                used = sum(power) if self._one_phase else power[load.phase]
                watts = max(0, min(watts, self._budget_w - used - 100))
            power[load.phase] += watts
            var[load.phase] += load.var
        return power, var

    def _make_plan(self, day: int) -> tuple[_Load, ...]:
        """The loads of one day. Days count from 1970 in local time."""
        rng = Random(f"{self._seed}/{day}")

        def at(hour: float, spread_min: int = 30) -> int:
            return int(hour * 3600) + rng.randrange(spread_min * 60)

        loads = []
        for hour in (6.5, 8.5, 12, 15, 19.5)[: 3 + rng.randrange(3)]:
            kettle = at(hour)
            loads.append(_Load(kettle, kettle + rng.randrange(120, 260), 0, 2000))
        cook = at(16.5, 60)
        loads.append(_Load(cook, cook + rng.randrange(1500, 3600), 1, 2600, cycle_s=90))
        dishes = at(19.8)
        loads.append(_Load(dishes, dishes + 1200, 0, 2000))
        loads.append(_Load(dishes + 1200, dishes + 5400, 0, 60, 40))
        if rng.random() < 0.5:
            wash = at(17.5, 90)
            loads.append(_Load(wash, wash + 1500, 2, 2000, flexible=True))
            loads.append(_Load(wash + 1500, wash + 5400, 2, 250, 200))
        loads.append(_Load(at(6), at(8.3), 1, 120, -20))
        loads.append(_Load(at(16.5), at(22.5, 60), 1, 260, -40))
        for hour in (6.8, 21):  # after the showers
            boiler = at(hour)
            loads.append(_Load(boiler, boiler + rng.randrange(2400, 6000), 2, 1950, flexible=True))
        if rng.random() < 0.6:
            car = at(22.5, 90)
            end = car + rng.randrange(5400, 18000)
            loads += [_Load(car, end, phase, 2300, 30, flexible=True) for phase in range(3)]
        return tuple(loads)

    def outdoor_c(self, unix: int) -> float:
        """Outdoor temperature in degrees Celsius: season, hour of the day, weather."""
        day = unix / 86400
        season = -11 * math.cos(2 * math.pi * (day - 20) / 365.25)
        hour = -3.5 * math.cos(2 * math.pi * (day % 1 - 0.13))
        now, later = (10 * self.noise("weather", int(day) + k) - 5 for k in (0, 1))
        return 6 + season + hour + now + (later - now) * (day % 1)

    def _heating(self, unix: int) -> list[_Load]:
        """A heat pump that follows demand, and panel heaters for the demand above its maximum."""
        need = max(0.0, 17 - self.outdoor_c(unix)) * 120
        pump = min(int(need / 2.6), 1300)
        heat = [_Load(0, 1, 1, pump, 120 + pump // 10)] if pump > 150 else []
        duty = min(1.0, max(0.0, need - 2.6 * 1300) / 3000)
        for phase, shift in ((0, 0), (2, 450)):
            if (unix + shift) % 900 < 900 * duty:
                heat.append(_Load(0, 1, phase, 1500, flexible=True))
        return heat

    def sun_w(self, unix: int) -> int:
        """Power of the solar panels: 7 kW peak, horizontal, with clouds."""
        day = unix / 86400
        tilt = math.radians(-23.44) * math.cos(2 * math.pi * (day + 10) / 365.25)
        hour = 2 * math.pi * (day % 1 - 0.5) + math.radians(11)
        height = math.sin(_LATITUDE) * math.sin(tilt)
        height += math.cos(_LATITUDE) * math.cos(tilt) * math.cos(hour)
        cloud = 0.45 + 0.55 * self.noise("clear", int(day))
        ripple = 0.8 + 0.2 * self.noise("cloud", unix // 30)
        return int(_SOLAR_W * max(0.0, height) * cloud * ripple)

    def noise(self, label: str, index: int) -> float:
        """A number in 0..1, always the same for the same arguments."""
        return zlib.crc32(f"{self._seed}/{label}/{index}".encode()) / 2**32
