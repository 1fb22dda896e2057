"""A simulated house's hours of energy, and days and sums computed from them."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


class House:
    """A simulated house's history: hours by UTC second; days and sums are computed from them."""

    def __init__(self, now: int, days: int = 400) -> None:
        self.now = now
        self.hours: dict[int, list[Any]] = {}  # [import, export, quality]
        self.days: dict[str, list[Any]] = {}  # days edited by the owner
        for hour in range(now // 3600 - days * 24, now // 3600):
            self.hours[hour * 3600] = [*self.energy(hour), "measured"]

    @staticmethod
    def energy(hour: int) -> tuple[float, float]:
        """Import and export in kWh of a UTC hour since 1970."""
        clock = (hour + 1) % 24
        wave = 0.55 + 1.3 * math.exp(-((clock - 8) ** 2) / 5) + math.exp(-((clock - 18) ** 2) / 8)
        sun = 0.9 * math.exp(-((clock - 12.5) ** 2) / 5)
        season = 1 + 0.5 * math.cos((hour / 24 % 365.25 - 15) / 58.1)
        used = wave * season * (1 + 0.18 * math.sin(hour * 12.9898))
        return round(max(0.0, used - sun), 3), round(max(0.0, sun - used * 0.7), 3)

    def slots(self, step: str, begin: int, end: int = 1 << 62) -> list[dict[str, Any]]:
        """The slots of /history.json that begin in begin <= t < end, UTC."""
        if step == "60":
            return [
                {"t": local(utc).isoformat(timespec="minutes"), "i": i, "e": e, "q": q}
                for utc, (i, e, q) in sorted(self.hours.items())
                if begin <= utc < end
            ]
        days: dict[str, list[list[Any]]] = {}
        for utc, hour in sorted(self.hours.items()):
            if local(utc).date() < local(self.now).date():
                days.setdefault(local(utc).date().isoformat(), []).append(hour)
        order = ["measured", "edited", "estimated", "interpolated", "gap"]
        out = {
            day: [sum(h[0] for h in hours), sum(h[1] for h in hours)]
            + [max((h[2] for h in hours), key=order.index)]
            for day, hours in days.items()
            if begin <= moment(day) < end
        }
        out |= {day: slot for day, slot in self.days.items() if begin <= moment(day) < end}
        return [
            {"t": day, "i": round(i, 3), "e": round(e, 3), "q": q}
            for day, (i, e, q) in sorted(out.items())
        ]

    def edit(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        """Apply a form of the page to one slot. Returns the slot as in /edits.json."""
        key, imported = next((k, float(v)) for k, v in form.items() if k[0] == "i")
        exported = float(form["e" + key[1:]])
        if path == "/dayplot":
            last = self.now // 3600 * 3600 - 3600
            utc = next(t for t in range(last, 0, -3600) if t // 3600 % 24 == int(key[1:]))
            old, self.hours[utc] = self.hours[utc], [imported, exported, "edited"]
            name = datetime.fromtimestamp(utc, UTC).strftime("%Y-%m-%dT%H:%MZ")
            return {"t": name, "old": old, "new": self.hours[utc]}
        today = local(self.now).date()
        day = next(
            (today - timedelta(n)).isoformat()
            for n in range(1, 32)
            if (today - timedelta(n)).day == int(key[1:])
        )
        slot = next(slot for slot in self.slots("day", 0) if slot["t"] == day)
        self.days[day] = [imported, exported, "edited"]
        return {"t": day, "old": [slot["i"], slot["e"], slot["q"]], "new": self.days[day]}

    def sums(self, running: float, column: int) -> list[float]:
        """kWh of this hour, day and month, yesterday and last month; running: kWh of this hour."""
        today = local(self.now).date()
        yesterday, last = today - timedelta(1), today.replace(day=1) - timedelta(1)
        periods = [(today, 10), (today, 7), (yesterday, 10), (last, 7)]
        out = [running]
        for day, n in periods:
            same = [
                hour[column]
                for utc, hour in self.hours.items()
                if local(utc).date().isoformat()[:n] == day.isoformat()[:n]
            ]
            out.append(round(sum(same) + (running if day == today else 0), 3))
        return out


def local(utc: int) -> datetime:
    return datetime.fromtimestamp(utc, OSLO)


def moment(text: str) -> int:
    """Unix time of a number of seconds, a date or a date with time, as in /history.json."""
    if text.isdigit():
        return int(text)
    return int(datetime.fromisoformat(text).replace(tzinfo=OSLO).timestamp())
