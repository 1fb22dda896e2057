"""A price document: its parser, the table or rates it fills, and the checks of both.

In       ENTSO-E's day-ahead prices (A44) or Norges Bank's rates, recognised by their elements
Out      a stored table or stored rates, and a summary; or a fault and no change
Limits   400 slots: four days, one of them of 25 hours; prices over a longer time are refused;
         +-100 units a kWh; 32 currencies
Rules    A source is a module of prices.sources with a class Parser: Parser(document), feed(),
         close(); `recognised` is True once the parser has found an element of its source. A new
         source is a file and a name in SOURCES. All parsers are fed until one has recognised the
         document.
"""

import struct
from array import array

import records
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from contracts import PricesInForce

SLOTS = const(400)  # four days, one of them with 25 hours
LIMIT = const(100000000)  # micro-units a kWh: 100,000 a MWh
NO_PRICE = const(-0x3FFFFFFF)  # outside the limit, and a small integer on the device
QUARTERS = const(0x800000)  # limit of a quarter's number: the year 2209
KIND = const(0x50)
VERSION = const(1)
HEAD = const(12)

SOURCES = ("entsoe", "norgesbank")

_KEEP_S = const(2 * 86400)
_MOST = const(32)  # currencies


class PriceTable:
    """Spot prices of the quarters [begin, end); both are 0 in an empty table."""

    def __init__(self) -> None:
        self._slots = array("i", bytes(4 * SLOTS))  # index: the quarter's number modulo SLOTS
        self.begin = self.end = 0
        self.spot_source = ""  # three letters: EOE ENTSO-E, MIX of several
        self.spot_currency = ""  # three letters
        for i in range(SLOTS):
            self._slots[i] = NO_PRICE

    def put(self, quarter: int, micro: int) -> bool:
        """Set the price of a quarter. False if the price is beyond LIMIT, or if the table would
        be over SLOTS quarters long."""
        if not (0 <= quarter < QUARTERS and -LIMIT <= micro <= LIMIT):
            return False
        begin, end = self.begin, self.end
        if begin == end:
            begin, end = quarter, quarter + 1
        elif quarter < begin:
            begin = quarter
        elif quarter >= end:
            end = quarter + 1
        if end - begin > SLOTS:
            return False
        self.begin, self.end = begin, end
        self._slots[quarter % SLOTS] = micro
        return True

    def at(self, quarter: int) -> "int | None":
        """The spot price of a quarter, None if it is unknown."""
        if not self.begin <= quarter < self.end:
            return None
        micro = self._slots[quarter % SLOTS]
        return None if micro == NO_PRICE else micro

    def copy_missing(self, older: "PricesInForce | PriceTable", since: int) -> int:
        """Copy prices from an older table into unknown slots, from UTC `since` on.

        Returns the number of copied prices; 0 if the older table has another currency.
        """
        count = 0
        if older.spot_currency == self.spot_currency:
            for quarter in range(max(older.begin, since // 900), older.end):
                micro = older.at(quarter)
                if micro is not None and self.at(quarter) is None and self.put(quarter, micro):
                    count += 1
        if count and older.spot_source != self.spot_source:
            self.spot_source = "MIX"
        return count

    def drop(self, utc: int) -> None:
        """Remove the quarters before a UTC."""
        for quarter in range(self.begin, min(self.end, utc // 900)):
            self._slots[quarter % SLOTS] = NO_PRICE
            self.begin = quarter + 1
        if self.begin == self.end:
            self.begin = self.end = 0

    def pack(self) -> bytearray:
        """The table as the payload of a record: see prices.store."""
        n = self.end - self.begin
        out = bytearray(HEAD + 4 * n)
        source, currency = [
            (t + "   ")[:3].encode() for t in (self.spot_source, self.spot_currency)
        ]
        struct.pack_into("<IH3s3s", out, 0, self.begin, n, source, currency)
        for i in range(n):
            micro = self._slots[(self.begin + i) % SLOTS]
            struct.pack_into("<i", out, HEAD + 4 * i, micro)
        return out


class Document:
    """A document while it is received."""

    def __init__(self) -> None:
        """Load the modules of the sources and make a parser of each."""
        self.table = PriceTable()
        self.rates: "dict[str, int]" = {}
        self._visits = [visit("prices.sources." + name) for name in SOURCES]
        self._parsers: "list[Any]" = []
        self._own: "Any" = None  # the parser that has recognised the document
        try:
            for source in self._visits:
                self._parsers.append(source.open().Parser(self))
        except BaseException:
            self.unload()
            raise

    def unload(self) -> None:
        """Unload the modules of the sources."""
        self._parsers = []
        self._own = None
        for source in self._visits:
            source.close()

    def feed(self, chunk: "bytes | bytearray | memoryview", n: int = -1) -> None:
        """Take the first n octets of chunk, all with n < 0."""
        for parser in self._parsers:
            parser.feed(chunk, n)
        for parser in self._parsers:
            if self._own is None and parser.recognised:
                self._own = parser
                self._parsers = [parser]

    def take(self, prices: "PricesInForce", now: int) -> "tuple[str, str]":
        """Put the complete document into force and store it. (fault, summary), one of them ""."""
        if self._own is None:
            return "ENTSO-E's prices (A44) or Norges Bank's rates were expected", ""
        count = self._own.close()
        fault: str = self._own.fault
        if fault:
            return fault, ""
        self.unload()  # frees memory for the record
        if self.rates:
            rates = prices.rates()
            rates.update(self.rates)
            if len(rates) > _MOST:
                return "rates of more than %d currencies" % _MOST, ""
            message = "rates of %d currencies" % count
            stored = prices.save(rates)
        else:
            table = self.table
            table.drop(now - _KEEP_S)
            outdated = not table.end
            table.copy_missing(prices, now - _KEEP_S)
            running = now // 900
            if outdated or (table.at(running) is None and prices.at(running) is not None):
                return "prices of other days, or in another currency: send those of today", ""
            message = "prices of %d quarters in %s" % (count, table.spot_currency)
            stored = prices.save(records.pack(KIND, VERSION, table.pack()))
        if not stored:
            message += "; in force until the next start: it cannot be stored, see the log"
        return "", message
