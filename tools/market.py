"""A market of made-up prices: questions to each source of prices and rates in, answers out."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tools.encoders import prices
from tools.price_server import Answer

_CET = ZoneInfo("Europe/Oslo")
TOKEN = "01234567-89ab-cdef-0123-456789abcdef"
HOSTS = (
    "web-api.tp.entsoe.eu", "www.hvakosterstrommen.no", "www.elprisetjustnu.se",
    "api.energidataservice.dk", "data.norges-bank.no", "www.ecb.europa.eu",
)  # fmt: skip
ENTSOE, NO, SE, DK, NB, ECB = HOSTS


class Market:
    """Answers for some days from `first` on.

    published  how many days are known
    minutes    of an interval
    faults     what a host sends in place of its answer
    """

    def __init__(self, first: date = date(2026, 7, 1)) -> None:
        self.first = first
        self.published = 2
        self.minutes = 15
        self.faults: dict[str, Answer] = {}

    def know(self, unix: float) -> None:
        """Publish what a market has published at that time: tomorrow from 13:00 on."""
        local = datetime.fromtimestamp(unix, _CET)
        self.published = (local.date() - self.first).days + 1 + (local.hour >= 13)

    def begin(self, day: int) -> datetime:
        """The midnight that a day begins with, in UTC, naive."""
        local = datetime.combine(self.first + timedelta(day), datetime.min.time(), _CET)
        return local.astimezone(UTC).replace(tzinfo=None)

    def at(self, day: int, hour: int, minute: int = 0) -> int:
        """Unix time of a local time."""
        local = datetime.combine(self.first + timedelta(day), datetime.min.time())
        return int(
            (local + timedelta(hours=hour, minutes=minute)).replace(tzinfo=_CET).timestamp()
        )

    def amounts(self, day: int) -> list[float]:
        """Prices of a MWh: 50.0, 50.5 ... on the first day, 150.0, 150.5 ... on the second."""
        length = self.begin(day + 1) - self.begin(day)
        return [50 + 100 * day + i / 2 for i in range(length // timedelta(minutes=self.minutes))]

    def __call__(self, host: str, path: str) -> Answer:
        if host in self.faults:
            return self.faults[host]
        if host == NB:
            currencies = re.findall("[A-Z]{3}", path.split("B.")[1].split(".NOK")[0])
            rates = [(name, 0, [("2026-06-30", "11.50")]) for name in currencies]
            return Answer(body=prices.rates(rates))
        if host == ECB:
            return Answer(body=prices.ecb([("NOK", "11.50"), ("SEK", "10.00"), ("DKK", "7.46")]))
        if host == ENTSOE:
            return self.entsoe(path)
        found = re.search(r"(\d\d\d\d)[/-](\d\d)-(\d\d)", path)
        assert found, path
        day = (date(*map(int, found.groups())) - self.first).days
        if not 0 <= day < self.published:
            missing = Answer(body=prices.day_ahead_prices(self.begin(0), []))
            return missing if host == DK else Answer(404, b"<html>not found</html>")
        return Answer(body=self.keyless(host, day))

    def keyless(self, host: str, day: int) -> bytes:
        """The answer of a keyless source."""
        begin, values = self.begin(day), self.amounts(day)
        if host == DK:
            return prices.day_ahead_prices(begin, values, "DK1", self.minutes)
        a_kwh = [round(value / 1000, 5) for value in values]
        return prices.per_kwh(begin, a_kwh, {NO: "NOK", SE: "SEK"}[host], self.minutes)

    def entsoe(self, path: str) -> Answer:
        """ENTSO-E's answer to a query."""
        query = dict(pair.split("=") for pair in path.split("?")[1].split("&"))
        assert query["documentType"] == "A44" and query["in_Domain"] == query["out_Domain"]
        if query["securityToken"] != TOKEN:
            return Answer(401, prices.acknowledgement("999", "Authentication failed"))
        begin, end = (
            datetime.strptime(query[name], "%Y%m%d%H%M") for name in ("periodStart", "periodEnd")
        )
        days = [n for n in range(self.published) if begin <= self.begin(n) < end]
        if not days:
            return Answer(body=prices.acknowledgement("999", "No matching data found"))
        return Answer(body=prices.a44(self.series(n) for n in days))

    def series(self, day: int, **changes: object) -> prices.Series:
        """ENTSO-E's series of a day, with other attributes of the class Series."""
        texts = [f"{price:.2f}" for price in self.amounts(day)]
        stretch = prices.Stretch(self.begin(day), texts, self.minutes)
        return prices.Series([stretch], **changes)  # type: ignore[arg-type]


class Household(Market):
    """A market as households know it: dear mornings and evenings, cheap nights, and a noon
    that the sun makes cheap, below zero on some days."""

    def amounts(self, day: int) -> list[float]:
        """Prices of a MWh in kroner: the same for the same date."""
        date_number = (self.first + timedelta(day)).toordinal()
        level = 550 + 150 * math.sin(date_number * 2.1)
        length = self.begin(day + 1) - self.begin(day)
        found = []
        for i in range(length // timedelta(minutes=self.minutes)):
            hour = i * self.minutes / 60
            peaks = math.exp(-((hour - 8) ** 2) / 4) + 1.2 * math.exp(-((hour - 18.5) ** 2) / 6)
            noon = (1 + date_number % 3) * 0.45 * math.exp(-((hour - 13) ** 2) / 5)
            night = 0.4 * math.exp(-((hour - 3) ** 2) / 8)
            ripple = 0.03 * math.sin(i * 1.7 + date_number)
            found.append(round(level * (0.85 + 0.6 * peaks - noon - night + ripple), 2))
        return found
