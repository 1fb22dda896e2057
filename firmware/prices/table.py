"""A price document: its parser, the table or rates it fills, and the checks of both.

In       the answer of a source, or what another program sends: recognised by its names
Out      a stored table or stored rates, and a summary; or a fault and no change
Limits   400 slots: four days, one of them of 25 hours; prices over a longer time are refused;
         +-100 units a kWh; 32 currencies
Rules    A source is a module of prices.sources with a class Parser: Parser(document), feed(),
         close(); `recognised` is True once the parser has found a name of its source. A new
         source is a file and a name in IN_XML or IN_JSON. If the source is not known, all parsers
         of the form are fed until one has recognised the document.
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

# All sources: modules of prices.sources.
IN_XML = ("entsoe", "norgesbank", "ecb")
IN_JSON = ("hvakosterstrommen", "elprisetjustnu", "energidataservice", "pushed")

_MOST = const(32)  # currencies
_PART = const(48)  # quarters that are copied at a time


class PriceTable:
    """Spot prices of the quarters [begin, end); both are 0 in an empty table."""

    def __init__(self) -> None:
        self._slots = array("i")  # of the quarters; it grows, as most documents have one day
        self.begin = self.end = 0
        self.spot_source = ""  # three letters: EOE ENTSO-E, MIX of several
        self.spot_currency = ""  # three letters

    def put(self, quarter: int, micro: int) -> bool:
        """Set the price of a quarter. False if the price is beyond LIMIT, or if the table would
        be over SLOTS quarters long."""
        if not (0 <= quarter < QUARTERS and -LIMIT <= micro <= LIMIT):
            return False
        if self.begin == self.end:
            self.begin = self.end = quarter
        begin = min(self.begin, quarter)
        if max(self.end, quarter + 1) - begin > SLOTS:
            return False
        if begin < self.begin:
            earlier = array("i", [NO_PRICE] * (self.begin - begin))
            earlier.extend(self._slots)
            self._slots = earlier
            self.begin = begin
        while self.end <= quarter:
            self._slots.append(NO_PRICE)
            self.end += 1
        self._slots[quarter - begin] = micro
        return True

    def at(self, quarter: int) -> "int | None":
        """The spot price of a quarter, None if it is unknown."""
        if not self.begin <= quarter < self.end:
            return None
        micro = self._slots[quarter - self.begin]
        return None if micro == NO_PRICE else micro

    def fill(self, slots: "array[int]", first: int) -> None:
        """Fill slots with the spot prices of the quarters from `first` on, NO_PRICE where
        unknown."""
        for i in range(len(slots)):
            micro = self.at(first + i)
            slots[i] = NO_PRICE if micro is None else micro

    def copy_missing(self, older: "PricesInForce | PriceTable", since: int) -> int:
        """Copy prices from an older table into unknown slots, from UTC `since` on.

        Returns the number of copied prices; 0 if the older table has another currency.
        """
        count = 0
        slots = array("i", bytes(4 * _PART))
        low = max(older.begin, since // 900)
        end = older.end if older.spot_currency == self.spot_currency else 0
        for first in range(low, end, _PART):
            older.fill(slots, first)
            for i in range(min(_PART, end - first)):
                if slots[i] == NO_PRICE or self.at(first + i) is not None:
                    continue
                count += self.put(first + i, slots[i])
        if count and older.spot_source != self.spot_source:
            self.spot_source = "MIX"
        return count

    def drop(self, utc: int) -> None:
        """Remove the quarters before a UTC."""
        begin = min(utc // 900, self.end)
        if begin > self.begin:
            self._slots = self._slots[begin - self.begin :]
            self.begin = begin
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
            struct.pack_into("<i", out, HEAD + 4 * i, self._slots[i])
        return out


class Document:
    """A document while it is received."""

    def __init__(self, sources: "tuple[str, ...]" = (), wanted: str = "") -> None:
        """Load the modules of the sources and make a parser of each; without sources, those of
        XML or of JSON, as the first octet says.

        wanted  the currency that prices should have if the source has several; the currencies of
                rates, as "EUR+SEK"; "": the source's own, all
        """
        self.table = PriceTable()
        self.rates: "dict[str, int]" = {}
        self.wanted = wanted
        self._visits: "list[visit]" = []
        self._parsers: "list[Any]" = []
        self._own: "Any" = None  # the parser that has recognised the document
        self._loaded = False
        if sources:
            self._load(sources)

    def _load(self, sources: "tuple[str, ...]") -> None:
        """Make the parsers of some sources."""
        self._loaded = True
        self._visits = [visit("prices.sources." + name) for name in sources]
        try:
            for source in self._visits:
                self._parsers.append(source.open().Parser(self))
        except BaseException:
            self.unload()
            raise

    def unload(self) -> None:
        """Unload the modules of the sources: what comes later is ignored."""
        self._loaded = True
        self._parsers = []
        self._own = None
        for source in self._visits:
            source.close()

    def feed(self, chunk: "bytes | bytearray | memoryview", n: int = -1) -> None:
        """Take the first n octets of chunk, all with n < 0."""
        if not self._loaded:
            begin = bytes(chunk if n < 0 else chunk[:n]).strip()
            if not begin:
                return
            self._load(IN_JSON if begin[:1] in (b"{", b"[") else IN_XML)
        for parser in self._parsers:
            parser.feed(chunk, n)
        for i in range(len(self._parsers)):
            if self._own is None and self._parsers[i].recognised:
                self._own = self._parsers[i]
                self._parsers = [self._own]
                for other in self._visits[:i] + self._visits[i + 1 :]:
                    other.close()
                break

    def fault(self) -> str:
        """Why the document is refused already; "" while it is not."""
        for parser in self._parsers:
            if not parser.fault:
                return ""
        return self._parsers[0].fault if self._parsers else ""

    def code(self) -> str:
        """The code of an answer without prices, "" for others: "999" is no data."""
        return getattr(self._own, "code", "")

    def reason(self) -> str:
        """What an answer with a code() says."""
        self._own.close()
        fault: str = self._own.fault
        return fault

    def take(
        self, prices: "PricesInForce", now: int, since: int, begin: int = 0, end: int = 0
    ) -> "tuple[str, str]":
        """Put the complete document into force and store it. (fault, summary), one of them "".

        since  the UTC from which on prices are kept, also those of the table in force
        begin  the quarters that prices must have, from begin to before end
        """
        if self._own is None:
            words = "prices or exchange rates in a known form were expected"
            return self.fault() or words, ""
        count = self._own.close()
        fault: str = self._own.fault
        if fault:
            return fault, ""
        self.unload()  # frees memory for the record
        if self.rates:
            with visit("prices.stored") as stored_rates:
                rates = stored_rates.rates(prices)
            rates.update(self.rates)
            if len(rates) > _MOST:
                return "rates of more than %d currencies" % _MOST, ""
            message = "rates of %d currencies" % count
            stored = prices.save(rates)
        else:
            table = self.table
            with visit("prices.checks") as checks:
                fault = checks.fault(table, begin, end)
            if fault:
                return fault, ""
            table.drop(since)
            outdated = not table.end
            table.copy_missing(prices, since)
            running = now // 900
            if outdated or (table.at(running) is None and prices.at(running) is not None):
                return "prices of other days, or in another currency: send those of today", ""
            message = "prices of %d quarters in %s" % (count, table.spot_currency)
            stored = prices.save(records.pack(KIND, VERSION, table.pack()))
        if not stored:
            message += "; in force until the next start: it cannot be stored, see the log"
        return "", message
