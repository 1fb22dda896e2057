"""Fetches prices and exchange rates when they are due. Loaded for each look.

In       the settings of prices; the stored table; what other attempts have left in the file
Out      a table and rates in force; the file, which web.documents.pricestate shows; a log
Rules    Each source of the area is asked for a day, the owner's first, until one has it. A source
         that failed waits: see prices.plan. The last good prices stay in force.
         Nothing is asked while the time is unknown or the supply voltage is low
File     {"area", "minute", "wait": {source: [UTC, failures in a row]}, "error", "error_at",
         "fetched", "source", "root", "rates_at", "stall_ms", "next"}; times in UTC
"""

import json
import os

import clock
import records
from micropython import const
from ondemand import visit

from prices import areas, plan
from prices.ask import Question, ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App

FILE = "fetch.json"

_NEVER = const(0x1FFFFFFF)
_CHANGED = const(-1)
_AGAIN_S = const(60)
_LOW_TIER = const(2)
_DAY_S = const(86400)
_RATES_AT_S = const(6 * 3600)  # after midnight UTC
_WAIT_MOST_S = const(86400)  # above every pause of prices.plan
_KIND = const(0x50)  # of the table's record
_VERSION = const(1)
_WORDS_MOST = const(160)
_KEPT = ("minute", "root", "rates_at", "stall_ms")  # in another area too
_NO_SOURCE = "no source has this area without a token of ENTSO-E: set price_token"


async def run(app: "App") -> None:
    """Do what is due, and set prices.due_s: the uptime in s of the next look."""
    prices, system = app.prices, app.system
    changed = prices.due_s == _CHANGED
    prices.due_s = _NEVER
    if not app.config.stored.get("price_enabled") or not app.config.price_area:
        return
    wait_s = _AGAIN_S
    if system.utc() and system.tier < _LOW_TIER and not app.storage.held:
        state = _restored(app, changed)
        before = json.dumps(state)
        try:
            wait_s = await Look(app, state).run()
        finally:
            if before != json.dumps(state):
                app.storage.write_json(FILE, state)
    if prices.due_s == _NEVER:  # no setting has been changed in the meantime
        prices.due_s = system.uptime_s() + wait_s


def _drawn() -> int:
    return int.from_bytes(os.urandom(2), "big")


def _restored(app: "App", changed: bool) -> "dict[str, Any]":
    """What the last attempts have left, as far as it fits the settings."""
    found: "dict[str, Any]" = app.storage.read_json(FILE)
    area = app.config.price_area
    state: "dict[str, Any]" = {"area": area, "minute": plan.minute(_drawn()), "wait": {}}
    same = found.get("area", area) == area
    for name in found:
        if (same or name in _KEPT) and name != "area":
            if type(found[name]) is type(state.get(name, found[name])):
                state[name] = found[name]
    if not same:
        _drop(app)
    if changed:
        state["wait"] = {}
    return state


def _drop(app: "App") -> None:
    """Drop the prices of another area, from the running day on."""
    prices = app.prices
    zone = clock.Zone(areas.ZONE)
    today = zone.day_start(zone.day(app.system.utc())) // 900
    with visit("prices.table") as module:
        table = module.PriceTable()
        table.spot_source, table.spot_currency = prices.spot_source, prices.spot_currency
        for quarter in range(prices.begin, min(prices.end, today)):
            micro = prices.at(quarter)
            if micro is not None:
                table.put(quarter, micro)
        packed = records.pack(_KIND, _VERSION, table.pack())
    prices.save(packed)
    app.use_prices()


class Look:
    """One look at what is due."""

    def __init__(self, app: "App", state: "dict[str, Any]") -> None:
        self._app = app
        self._state = state
        self._zone = clock.Zone(areas.ZONE)
        self._area = app.config.price_area
        self._token = app.config.stored.get("price_token", "")
        self._open_at: "list[int]" = []  # UTC when a source that waits may be asked

    async def run(self) -> int:
        """Ask for what is due. Returns seconds until the next look."""
        app, state, prices = self._app, self._state, self._app.prices
        now = app.system.utc()
        sources = areas.sources(self._area, self._token)
        if not sources:
            self._tell(_NO_SOURCE)
            return _NEVER - app.system.uptime_s()
        for day in plan.days(now, self._zone, state["minute"], prices.at):
            await self._day(sources, day)
        rates_s = await self._rates()
        now = app.system.utc()
        wait_s = plan.next_s(now, self._zone, state["minute"], prices.at)
        if rates_s:
            wait_s = min(wait_s, rates_s)
        for at in self._open_at:
            wait_s = min(wait_s, at - now)
        wait_s = max(_AGAIN_S, wait_s)
        state["next"] = now + wait_s
        return wait_s

    async def _day(self, sources: "tuple[str, ...]", day: int) -> None:
        """Ask the sources for a day of prices until one has it."""
        app, zone, prices = self._app, self._zone, self._app.prices
        today = zone.day(app.system.utc())
        wanted = ""
        if day > today and plan.whole(zone, today, prices.at):
            wanted = prices.spot_currency  # a table has one currency
        for name in sources:
            first = today if name == "entsoe" and wanted not in ("", "EUR") else day
            begin, end = zone.day_start(first), zone.day_start(day + 1)
            with visit("prices.sources." + name) as source:
                days = clock.iso(first * _DAY_S)[:10], clock.iso((day + 1) * _DAY_S)[:10]
                code = areas.code_of(self._area)
                path = source.path(
                    areas.name_of(self._area), code, days, (_compact(begin), _compact(end))
                )
                url = "https://" + source.HOST + path
            question = Question(name, url, wanted, begin // 900, end // 900)
            if name == "entsoe":
                question.token = self._token
            if await self._ask(question):
                self._state["source"] = name
                self._state["fetched"] = app.system.utc()
                return

    async def _rates(self) -> int:
        """Ask for exchange rates if they are due. Returns seconds until they are due again; 0: no
        rates are needed, or a source that waits says when."""
        app, prices, state = self._app, self._app.prices, self._state
        spot, own = prices.spot_currency, prices.currency()
        if not spot or spot == own:
            return 0
        now = app.system.utc()
        rated: int = state.get("rates_at", 0)
        due = (rated // _DAY_S + 1) * _DAY_S + _RATES_AT_S
        if rated <= now < due and not prices.missing:
            return due - now
        wanted = "+".join([name for name in (spot, own) if name != "NOK"])
        for name in ("norgesbank", "ecb"):
            with visit("prices.sources." + name) as source:
                url = "https://" + source.HOST + source.PATH
            if name == "norgesbank":
                url %= wanted
            if await self._ask(Question(name, url, wanted, 0, 0)):
                state["rates_at"] = app.system.utc()
                return _DAY_S
        return 0

    async def _ask(self, question: Question) -> bool:
        """Ask one source unless it waits. True if its document is in force."""
        app, waiting = self._app, self._state["wait"]
        name = question.source
        at, tries = waiting.get(name, (0, 0))
        if 0 < at - app.system.utc() < _WAIT_MOST_S:  # else the clock was wrong, and is put back
            self._open_at.append(at)
            return False
        kind, words = await ask(app, self._state, question)
        if not kind:
            waiting.pop(name, None)
            self._state.pop("error", None)
            app.use_prices()
            return True
        at = app.system.utc() + plan.pause_s(kind, tries + 1, _drawn())
        waiting[name] = [at, tries + 1]
        self._open_at.append(at)
        self._tell("%s: %s" % (name, words))
        return False

    def _tell(self, words: str) -> None:
        """Keep an error for the document, and log it."""
        self._state["error"] = words[:_WORDS_MOST]
        self._state["error_at"] = self._app.system.utc()
        self._app.log.warn("prices: " + words[:_WORDS_MOST])


def _compact(utc: int) -> str:
    """ "202606302200" of a time."""
    return "%04d%02d%02d%02d%02d" % clock.civil(utc)[:5]
