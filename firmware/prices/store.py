"""Prices and exchange rates in force: stored on flash, with a window of prices in RAM.

In       documents, parsed by prices.table, which is loaded for each
Out      the owner's price of a kWh at a UTC, in 1e-6 of the currency, as prices.rules makes it
Rules    A document with a fault is refused, and so is one without the price of the running
         quarter if that price is known. Prices of the last two local days are kept, so that late
         energy and late or corrected prices find whole days.
         RAM holds the owner's prices of import and export for 14 hours, from two hours before
         the quarter that was asked for; they are made from flash by prices.rules. A document
         that cannot be stored stays in RAM until the next one.
         The file is checked once, at start; later reads check the limit of each price.
Wire     the record's payload: first quarter 4 | slots 2 | source 3 | currency 3 | price 4 a slot;
         little endian; quarter = UTC // 900, price in micro-units a kWh
"""

import struct
from array import array

import clock
from micropython import const
from ondemand import visit

from prices.table import LIMIT, NO_PRICE, QUARTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from config import Config
    from energy.ledger import Energy
    from log import Log
    from storage import Storage

FILE = "prices.bin"

_WINDOW = const(56)  # quarters, a multiple of four; each has a price of import and of export
_BEFORE = const(8)  # of them before the one that is asked for: energy is priced in order of time
_GRACE_S = const(10)
_KEPT_DAYS = const(2)  # local days before the running one: whole, as sums are priced by day


class Prices:
    """The prices and rates in force."""

    def __init__(self, storage: "Storage", config: "Config", log: "Log") -> None:
        self.storage = storage
        self._config = config
        self._log = log
        self.unsaved: "dict[str, Any]" = {}  # documents that could not be stored
        self._incoming = visit("prices.table")
        self._document: "Any" = None
        self._window = array("i", bytes(8 * _WINDOW))  # import, then export
        self._first = QUARTERS  # quarter of the window; it is empty
        self.begin = self.end = 0  # known quarters, end excluded; 0 without prices
        self.spot_source = self.spot_currency = ""  # three letters: EOE ENTSO-E, MIX of several
        self.at_octet = 0  # offset of the first price in the file
        self.rate: "int | None" = None  # ppm of currency() for one unit of the table's currency
        self.missing = ""  # "no EUR to SEK rate" if that is why prices are unknown
        self.energy: "Energy | None" = None  # whose import of a month ends some rules
        self.unpriced = False  # a price was not made for want of memory
        self.over = 0  # how many rules the running month's import has ended
        self.due_s = _GRACE_S  # uptime at which prices.schedule is to look; -1: settings changed
        self.revision = 0  # counts up with each change of prices, rates or settings of prices

    def load(self) -> None:
        """Use what is stored."""
        data = self.storage.read(FILE)
        with visit("prices.stored") as stored:
            if data and not stored.adopt(self, data):
                self._log.warn("prices: the stored ones were damaged")
        self.update_rate()

    def save(self, content: "bytes | dict[str, Any]") -> bool:
        """Put a table's record or a dict of rates into force and store it. False if it cannot be
        stored: it is in force until the next start."""
        with visit("prices.stored") as stored:
            done: bool = stored.save(self, content)
        self.update_rate()
        return done

    def update_rate(self) -> None:
        """Compute the rate from the table, the rates and the settings in force. A rate that is
        missing is logged."""
        self.revision += 1
        self._first = QUARTERS
        with visit("prices.stored") as stored:
            missing: str = stored.renew(self, self._config)
        if missing and missing != self.missing:
            self._log.warn("prices: " + missing)
        self.missing = missing

    def currency(self) -> str:
        """The currency of price(): that of the settings, else the table's, else ""."""
        return self._config.price_currency or self.spot_currency

    def price(self, utc: int) -> "int | None":
        """The price of a kWh at utc, in 1e-6 of currency(); None if it is unknown."""
        return self._in_force(utc // 900, 0)

    def export_price(self, utc: int) -> "int | None":
        """The price of an exported kWh at utc."""
        return self._in_force(utc // 900, _WINDOW)

    def _in_force(self, quarter: int, direction: int) -> "int | None":
        """The price of a quarter; direction is the place of its prices in the window."""
        at = quarter - self._first
        if not 0 <= at < _WINDOW:
            first = max(0, quarter - _BEFORE) // 4 * 4
            self._first = QUARTERS  # empty if the rest fails
            try:
                with visit("prices.rules") as rules:
                    rules.window(self, self._config, self._window, first)
            except MemoryError:  # a telegram counts without a price: its cost is computed later
                self.unpriced = True
                return None
            self._first = first
            at = quarter - first
        micro = self._window[direction + at]
        return None if micro == NO_PRICE else micro

    def at(self, quarter: int) -> "int | None":
        """The spot price of a quarter, read from the file; None if it is unknown."""
        slot = array("i", bytes(4))
        self.fill(slot, quarter)
        return None if slot[0] == NO_PRICE else slot[0]

    def fill(self, slots: "array[int] | memoryview", first: int) -> None:
        """Fill slots with the spot prices of the quarters from `first` on, NO_PRICE where unknown.
        Only those prices are read from the file."""
        for i in range(len(slots)):
            slots[i] = NO_PRICE
        low = max(first, self.begin)
        high = min(first + len(slots), self.end)
        if low >= high:
            return
        at = self.at_octet + 4 * (low - self.begin)
        unsaved = self.unsaved.get(FILE)
        if not unsaved:
            self.storage.read_into(FILE, at, memoryview(slots)[low - first : high - first])
        for i in range(low - first, high - first):
            if unsaved:
                slots[i] = struct.unpack_from("<i", unsaved, at)[0]
                at += 4
            if not -LIMIT <= slots[i] <= LIMIT:
                slots[i] = NO_PRICE

    def receive(self, sources: "tuple[str, ...]" = (), wanted: str = "") -> "Any":
        """A new Document: feed it, then call take() or give_up(). An earlier document that is not
        complete is given up. Arguments: see prices.table.Document."""
        if self._document is not None:
            self.give_up(self._document)
        try:
            self._document = self._incoming.open().Document(sources, wanted)
        except BaseException:
            self._incoming.close()
            raise
        return self._document

    def give_up(self, document: "Any") -> None:
        """Unload the parsers of a document that is taken or was not completed."""
        if document is self._document:
            self._document = None
            document.unload()
            self._incoming.close()

    def take(self, document: "Any", now: int, begin: int = 0, end: int = 0) -> "tuple[str, str]":
        """Put a complete document into force and store it. (fault, summary), one of them "".

        begin  the quarters that prices must have, from begin to before end; 0: any
        """
        if document is not self._document:
            return "another document has come in meanwhile", ""
        try:
            zone = clock.Zone(self._config.timezone)
            since = zone.day_start(zone.day(now) - _KEPT_DAYS)
            outcome: "tuple[str, str]" = document.take(self, now, since, begin, end)
            return outcome
        finally:
            self.give_up(document)
