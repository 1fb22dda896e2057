"""Prices and exchange rates in force: kept on flash, a window of them in RAM.

In       documents, by way of prices.table, which is loaded for each
Out      what the owner pays a kWh at any UTC
Rules    A document with a fault changes nothing, nor does one that would cost the running price. A
         new day's prices keep those of the last two days, for energy that is counted late.
         In RAM are 28 hours around the last quarter that was asked for; another one is read from
         flash. What flash refuses to take stays in RAM until the next document.
Wire     the record's payload: first quarter 4 | slots 2 | source 3 | currency 3 | price 4 a slot;
         little endian; quarter = UTC // 900, price in micro-units a kWh
"""

import struct
from array import array

import records
from fmt import divide
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from config import Config
    from log import Log
    from storage import Storage

SLOTS = const(400)  # four days, one of them with 25 hours
LIMIT = const(100000000)  # micro-units a kWh: 100,000 a MWh
NO_PRICE = const(-0x3FFFFFFF)  # outside the limit, and a small integer on the device
HEAD = const(12)
QUARTERS = const(0x800000)  # up to the year 2209

FILE = "prices"
RATES = "rates.json"
KIND = const(0x50)
VERSION = const(1)

_WINDOW = const(112)  # quarters
_PPM = const(1000000)
_HOME = "NOK"  # the currency that rates are told in


class Prices:
    """What energy and documents ask."""

    def __init__(self, storage: "Storage", config: "Config", log: "Log") -> None:
        self._storage = storage
        self._config = config
        self._unsaved: "dict[str, Any]" = {}  # what flash refused to take
        self._incoming = visit("prices.table")
        self._document: "Any" = None
        self._window = array("i", bytes(4 * _WINDOW))
        self._first = QUARTERS  # quarter of the window
        self.begin = self.end = 0  # quarters that are known, 0 while there are none
        self.spot_source = self.spot_currency = ""  # three letters: EOE ENTSO-E, MIX of several
        self._rate: "int | None" = None
        if self._table() is None and storage.read(FILE):
            log.add("prices: the stored ones were damaged")
        self.settle()

    def _table(self) -> "tuple[bytes, int] | None":
        """The stored table and where its prices begin; it says what is known."""
        data = self._unsaved.get(FILE) or self._storage.read(FILE) or b""
        for kind, _, begin, end in records.scan(data):
            if kind == KIND and valid(data, begin, end):
                self.begin, n, source, currency = struct.unpack_from("<IH3s3s", data, begin)
                self.end = self.begin + n
                self.spot_source = source.decode().strip()
                self.spot_currency = currency.decode().strip()
                return data, begin + HEAD
        return None

    def rates(self) -> "dict[str, int]":
        """Millionths of NOK by currency."""
        stored: "dict[str, Any]" = self._unsaved.get(RATES) or self._storage.read_json(RATES)
        return {name: ppm for name, ppm in stored.items() if isinstance(ppm, int) and ppm > 0}

    def save(self, name: str, content: "Any") -> bool:
        """Store a table's record or a dict of rates, and put it in force. False if it cannot be
        stored: it is in force until the next start."""
        if name == RATES:
            stored = self._storage.write_json(name, content)
        else:
            stored = self._storage.write(name, (content,))
        self._unsaved.pop(name, None)
        if not stored:
            self._unsaved[name] = content
        self._table()
        self._first = QUARTERS
        self.settle()
        return stored

    def settle(self) -> None:
        """Reckon with the table, the rates and the settings as they are now."""
        self._rate = rate_ppm(self.spot_currency, self.currency(), self.rates())

    def currency(self) -> str:
        """Of what price() says: the owner's choice, else the table's; "" while there is none."""
        return self._config.price_currency or self.spot_currency

    def source(self) -> str:
        """Three letters: EOE, MIX, FIX for a fixed price; "" while there is none."""
        return "FIX" if self._config.price_fixed_micro else self.spot_source

    def price(self, utc: int) -> "int | None":
        """What a kWh costs at utc, in 1e-6 of currency(); None if that is not known."""
        return self._config.price_fixed_micro or self.convert(self.at(utc // 900))

    def convert(self, raw: "int | None") -> "int | None":
        """What the owner pays at a spot price of the table, a fixed price left aside."""
        if raw is None or raw == NO_PRICE or self._rate is None:
            return None
        return divide(raw * self._rate * self._config.price_multiplier, 1000000000)

    def at(self, quarter: int) -> "int | None":
        """The spot price of a quarter, None if it is not known."""
        if not self.begin <= quarter < self.end:
            return None
        if not self._first <= quarter < self._first + _WINDOW:
            self._first = quarter - _WINDOW // 2
            self.fill(self._window, self._first)
        micro = self._window[quarter - self._first]
        return None if micro == NO_PRICE else micro

    def fill(self, slots: "array[int]", first: int) -> None:
        """Read the spot prices of the quarters from `first` on into all of slots."""
        table = self._table()
        for i in range(len(slots)):
            slots[i] = NO_PRICE
            quarter = first + i
            if table and self.begin <= quarter < self.end:
                at = table[1] + 4 * (quarter - self.begin)
                slots[i] = struct.unpack_from("<i", table[0], at)[0]

    def receive(self) -> "Any":
        """A document to be fed, then handed to take() or give_up(). One that is still coming in is
        given up."""
        if self._document is not None:
            self.give_up(self._document)
        document = self._document = self._incoming.open().Document()
        try:
            document.load_parsers()
        except BaseException:
            self.give_up(document)
            raise
        return document

    def give_up(self, document: "Any") -> None:
        """Nothing follows: whoever sent it is gone, or it has been taken."""
        if document is self._document:
            self._document = None
            document.let_parsers_go()
            self._incoming.close()

    def take(self, document: "Any", now: int) -> "tuple[str, str]":
        """Put a whole document in force and store it. (what is wrong, what has come)"""
        if document is not self._document:
            return "another document has come in meanwhile", ""
        try:
            outcome: "tuple[str, str]" = document.take(self, now)
            return outcome
        finally:
            self.give_up(document)


def rate_ppm(source: str, target: str, rates: "dict[str, int]") -> "int | None":
    """Millionths of the target currency for one unit of the source; None if a rate is missing."""
    if source == target:
        return _PPM if source else None
    worth = _PPM if source == _HOME else rates.get(source)
    costs = _PPM if target == _HOME else rates.get(target)
    if worth is None or not costs:
        return None
    return divide(worth * _PPM, costs)


def valid(data: bytes, begin: int, end: int) -> bool:
    """Whether data[begin:end] is the payload of a table."""
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
