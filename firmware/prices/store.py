"""Prices and exchange rates in force: stored on flash, with a window of prices in RAM.

In       documents, parsed by prices.table, which is loaded for each
Out      the price of a kWh at a UTC, in 1e-6 of the currency
Rules    A document with a fault is refused, and so is one without the price of the running
         quarter if that price is known. Prices of the last two days are kept, for energy that is
         counted late.
         RAM holds 28 hours around the last quarter that was read; other quarters are read from
         flash. A document that cannot be stored stays in RAM until the next one.
         The file is checked once, at start; later reads check the limit of each price.
Wire     the record's payload: first quarter 4 | slots 2 | source 3 | currency 3 | price 4 a slot;
         little endian; quarter = UTC // 900, price in micro-units a kWh
"""

import struct
from array import array

import records
from fmt import divide
from micropython import const
from ondemand import visit

from prices.table import HEAD, KIND, LIMIT, NO_PRICE, QUARTERS, SLOTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from config import Config
    from log import Log
    from storage import Storage

FILE = "prices"
RATES = "rates.json"

_WINDOW = const(112)  # quarters
_PPM = const(1000000)
_RATED_IN = "NOK"  # the currency of the rates


class Prices:
    """The prices and rates in force."""

    def __init__(self, storage: "Storage", config: "Config", log: "Log") -> None:
        self._storage = storage
        self._config = config
        self._unsaved: "dict[str, Any]" = {}  # documents that could not be stored
        self._incoming = visit("prices.table")
        self._document: "Any" = None
        self._window = array("i", bytes(4 * _WINDOW))
        self._first = QUARTERS  # quarter of the window
        self.begin = self.end = 0  # known quarters, end excluded; 0 without prices
        self.spot_source = self.spot_currency = ""  # three letters: EOE ENTSO-E, MIX of several
        self._at = 0  # offset of the first price in the file
        self._rate: "int | None" = None  # ppm of currency() for one unit of the table's currency
        stored = storage.read(FILE)
        if stored and not self._adopt(stored):
            log.add("prices: the stored ones were damaged")
        self._update_rate()

    def _adopt(self, data: bytes) -> bool:
        """Use the table in a file's octets. False if they hold no valid table."""
        for kind, _, begin, end in records.scan(data):
            if kind == KIND and valid(data, begin, end):
                self.begin, n, source, currency = struct.unpack_from("<IH3s3s", data, begin)
                self.end = self.begin + n
                self.spot_source = source.decode().strip()
                self.spot_currency = currency.decode().strip()
                self._at = begin + HEAD
                self._first = QUARTERS
                return True
        return False

    def rates(self) -> "dict[str, int]":
        """Millionths of NOK by currency."""
        stored: "dict[str, Any]" = self._unsaved.get(RATES) or self._storage.read_json(RATES)
        return {name: ppm for name, ppm in stored.items() if isinstance(ppm, int) and ppm > 0}

    def save(self, content: "bytes | dict[str, Any]") -> bool:
        """Put a table's record or a dict of rates into force and store it. False if it cannot be
        stored: it is in force until the next start."""
        if isinstance(content, dict):
            name = RATES
            stored = self._storage.write_json(name, content)
        else:
            name = FILE
            stored = self._storage.write(name, (content,))
            self._adopt(content)
        self._unsaved.pop(name, None)
        if not stored:
            self._unsaved[name] = content
        self._update_rate()
        return stored

    def _update_rate(self) -> None:
        """Compute the rate from the table, the rates and the settings in force."""
        self._rate = rate_ppm(self.spot_currency, self.currency(), self.rates())

    def currency(self) -> str:
        """The currency of price(): that of the settings, else the table's, else ""."""
        return self._config.price_currency or self.spot_currency

    def price(self, utc: int) -> "int | None":
        """The price of a kWh at utc, in 1e-6 of currency(); None if it is unknown."""
        return self._config.price_fixed_micro or self.convert(self.at(utc // 900))

    def convert(self, raw: "int | None") -> "int | None":
        """A spot price converted to currency() and multiplied by price_multiplier; None if the
        price or its rate is unknown. A fixed price is ignored."""
        if raw is None or raw == NO_PRICE or self._rate is None:
            return None
        return divide(raw * self._rate * self._config.price_multiplier, 1000000000)

    def at(self, quarter: int) -> "int | None":
        """The spot price of a quarter, None if it is unknown."""
        if not self.begin <= quarter < self.end:
            return None
        if not self._first <= quarter < self._first + _WINDOW:
            self._first = quarter - _WINDOW // 2
            self.fill(self._window, self._first)
        micro = self._window[quarter - self._first]
        return None if micro == NO_PRICE else micro

    def fill(self, slots: "array[int]", first: int) -> None:
        """Fill slots with the spot prices of the quarters from `first` on, NO_PRICE where unknown.
        Only those prices are read from the file."""
        for i in range(len(slots)):
            slots[i] = NO_PRICE
        low = max(first, self.begin)
        high = min(first + len(slots), self.end)
        if low >= high:
            return
        at = self._at + 4 * (low - self.begin)
        unsaved = self._unsaved.get(FILE)
        if not unsaved:
            self._storage.read_into(FILE, at, memoryview(slots)[low - first : high - first])
        for i in range(low - first, high - first):
            if unsaved:
                slots[i] = struct.unpack_from("<i", unsaved, at)[0]
                at += 4
            if not -LIMIT <= slots[i] <= LIMIT:
                slots[i] = NO_PRICE

    def receive(self) -> "Any":
        """A new Document: feed it, then call take() or give_up(). An earlier document that is not
        complete is given up."""
        if self._document is not None:
            self.give_up(self._document)
        try:
            self._document = self._incoming.open().Document()
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

    def take(self, document: "Any", now: int) -> "tuple[str, str]":
        """Put a complete document into force and store it. (fault, summary), one of them ""."""
        if document is not self._document:
            return "another document has come in meanwhile", ""
        try:
            outcome: "tuple[str, str]" = document.take(self, now)
            return outcome
        finally:
            self.give_up(document)


def rate_ppm(source: str, target: str, rates: "dict[str, int]") -> "int | None":
    """Millionths of the target currency for one unit of the source; None if a rate is missing.

    rates  millionths of NOK by currency
    """
    if source == target:
        return _PPM if source else None
    source_ppm = _PPM if source == _RATED_IN else rates.get(source)
    target_ppm = _PPM if target == _RATED_IN else rates.get(target)
    if source_ppm is None or not target_ppm:
        return None
    return divide(source_ppm * _PPM, target_ppm)


def valid(data: bytes, begin: int, end: int) -> bool:
    """Whether data[begin:end] is the valid payload of a table's record."""
    if not 0 <= begin <= end - HEAD <= len(data) - HEAD:
        return False
    first, n = struct.unpack_from("<IH", data, begin)
    if n > SLOTS or first >= QUARTERS or end - begin != HEAD + 4 * n:
        return False
    for i in (begin + 6, begin + 9):
        letters = data[i : i + 3]
        if (letters != b"   " and min(letters) < 0x41) or max(letters) > 0x5A:
            return False
    for i in range(begin + HEAD, end, 4):
        micro: int = struct.unpack_from("<i", data, i)[0]
        if micro != NO_PRICE and not -LIMIT <= micro <= LIMIT:
            return False
    return True
