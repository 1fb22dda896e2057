"""Prices and exchange rates in force: loaded at start, replaced by documents, kept on flash.

In       ENTSO-E's day-ahead prices (A44) or Norges Bank's rates, told apart by what they hold
Out      what the owner pays a kWh at any UTC
Rules    A document with a fault changes nothing, nor does one that would cost the running price. A
         new day's prices keep those of the last two days, for energy that is counted late.
Limits   32 currencies
"""

import records
from micropython import const
from modules import let_go

from prices.table import PriceTable, SpotPrice, rate_ppm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from config import Config
    from log import Log
    from storage import Storage

_FILE = "prices"
_RATES = "rates.json"
_KIND = const(0x50)
_VERSION = const(1)
_KEEP_S = const(2 * 86400)
_MOST = const(32)  # currencies
# Needed once a day, they take 7 KB (64-bit). The lexer stays: it has native functions.
_PARSERS = ("prices.entsoe", "prices.currency", "prices.xml")


class Document:
    """A document that is coming in. The parsers are loaded for it."""

    def __init__(self) -> None:
        from prices.currency import RateParser
        from prices.entsoe import A44Parser

        self.table = PriceTable()
        self.given_up = False
        self.rates: "dict[str, int]" = {}
        self._prices = A44Parser(self.table)
        self._rates = RateParser(self.rates)

    def feed(self, chunk: "bytes | bytearray | memoryview", n: int = -1) -> None:
        """Take the first n octets of chunk, all with n < 0."""
        if not self.given_up:
            self._prices.feed(chunk, n)
            self._rates.feed(chunk, n)

    def close(self) -> "tuple[int, int, str]":
        """Quarters with a price, currencies with a rate, and what is wrong if there is neither."""
        if self._prices.recognised:
            return self._prices.close(), 0, self._prices.fault
        if self._rates.recognised:
            return 0, self._rates.close(), self._rates.fault
        return 0, 0, "ENTSO-E's prices (A44) or Norges Bank's rates were expected"


class Prices:
    """What energy and documents ask."""

    def __init__(self, storage: "Storage", config: "Config", log: "Log") -> None:
        self._storage = storage
        self._config = config
        self.table = PriceTable()
        self.rates: "dict[str, int]" = {}
        for name, ppm in storage.read_json(_RATES).items():
            if isinstance(ppm, int) and ppm > 0:
                self.rates[name] = ppm
        data = storage.read(_FILE) or b""
        for kind, _, begin, end in records.scan(data):
            if kind == _KIND:
                self.table.unpack(data, begin, end)
        if data and not self.table.currency:
            log.add("prices: the stored ones were damaged")
        self._document: "Document | None" = None
        self._settle()

    def _settle(self) -> None:
        """Reckon with the table, the rates and the settings as they are now."""
        config = self._config
        currency = self.currency()
        spot = SpotPrice(self.table, config.price_multiplier, config.price_fixed_micro, currency)
        spot.rate_ppm = rate_ppm(self.table.currency, currency, self.rates)
        self.spot = spot

    def currency(self) -> str:
        """Of what price() says: the owner's choice, else the table's; "" while there is none."""
        chosen = self._config.price_currency
        return chosen or self.table.currency

    def source(self) -> str:
        """Three letters: EOE, MIX, FIX for a fixed price; "" while there is none."""
        return "FIX" if self.spot.fixed_micro else self.table.source

    def price(self, utc: int) -> "int | None":
        """What a kWh costs at utc, in 1e-6 of currency(); None if that is not known."""
        return self.spot.price(utc)

    def hour(self, utc: int) -> "int | None":
        """The mean price of the hour that utc lies in, a fixed price left aside."""
        return self.spot.convert(self.table.hour(utc))

    def receive(self) -> Document:
        """A document to be fed, then handed to take(). One that is still coming in is given up."""
        if self._document is not None:
            self._document.given_up = True
        self._document = Document()
        return self._document

    def give_up(self, document: Document) -> None:
        """Nothing follows: whoever sent it is gone."""
        if document is self._document:
            self._document = None
            let_go(*_PARSERS)

    def take(self, document: Document, now: int) -> "tuple[str, str]":
        """Put a whole document in force and store it. (what is wrong, what has come)"""
        if document is not self._document:
            return "another document has come in meanwhile", ""
        self._document = None
        let_go(*_PARSERS)
        quarters, currencies, fault = document.close()
        if fault:
            return fault, ""
        if quarters:
            new, table = document.table, self.table
            new.drop(now - _KEEP_S)
            late = not new.end
            new.keep(table, now - _KEEP_S)
            if late or (new.raw(now) is None and table.raw(now) is not None):
                return "prices of other days, or in another currency: send those of today", ""
            table.become(new)  # what stays is where it was: the heap keeps in order
            stored = self._storage.write(_FILE, (records.pack(_KIND, _VERSION, table.pack()),))
            message = "prices of %d quarters in %s" % (quarters, table.currency)
        else:
            rates = dict(self.rates)
            rates.update(document.rates)
            if len(rates) > _MOST:
                return "rates of more than %d currencies" % _MOST, ""
            self.rates = rates
            stored = self._storage.write_json(_RATES, dict(self.rates))
            message = "rates of %d currencies" % currencies
        self._settle()
        if not stored:
            message += "; in force until the next start: it cannot be stored, see the log"
        return "", message
