"""The European Central Bank's daily reference rates to millionths of NOK for one unit.

In       the document eurofxref-daily.xml in any chunks
Out      a dict of ppm of NOK by currency, also EUR; `fault` if rates are missing
Wire     Envelope > Cube > Cube (time) > Cube (currency, rate), all attributes: units for 1 EUR
Limits   32 currencies, of which those that document.wanted names are kept, all if it is ""
Source   ECB, Euro foreign exchange reference rates
"""

from fmt import divide
from micropython import const

from prices.numbers import decimal
from prices.xml import OPEN, Scanner, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Filled

HOST = "www.ecb.europa.eu"
PATH = "/stats/eurofxref/eurofxref-daily.xml"
_MOST = const(32)
_LIMIT = const(1000000000000)  # a million units for 1 EUR
_NOK_MOST = const(1000000000)  # 1000 NOK
_PPM = const(1000000)


class Parser(Scanner):
    """feed() the answer, then close().

    fault       "" or the reason why rates are missing
    recognised  the root element is ECB's
    """

    def __init__(self, document: "Filled") -> None:
        super().__init__("Envelope Cube")
        self.recognised = False
        self._rates = document.rates
        self._wanted = document.wanted
        self._found: "dict[str, int]" = {}  # ppm of units for 1 EUR

    def handle(self, event: int) -> None:
        if event != OPEN:
            return
        if self.depth == 1:
            self.recognised = self.name == 1
            if not self.recognised:
                self.fault = "the answer has no reference rates"
        elif self.name == 2:
            currency = plain(self.attribute(b"currency"))
            if currency:
                self._take(currency, self.attribute(b"rate"))

    def _take(self, currency: str, rate: bytes) -> None:
        ppm = decimal(rate, 6, _LIMIT)
        if len(currency) != 3 or not (currency.isalpha() and currency.isupper()):
            self.fault = "a currency of three letters was expected: " + currency[:20]
        elif ppm is None or ppm <= 0:
            self.fault = "no exchange rate for " + currency
        elif len(self._found) == _MOST:
            self.fault = "more than %d currencies" % _MOST
        elif currency == "NOK" or not self._wanted or currency in self._wanted:
            self._found[currency] = ppm

    def close(self) -> int:
        """End the answer. Returns the number of currencies that got a rate."""
        if not self.fault and not self.complete:
            self.fault = "the answer is cut after %d octets: ask again" % self.position
        nok = self._found.get("NOK")
        if not self.fault and nok is None:
            self.fault = "the answer has no exchange rate of NOK"
        if self.fault or nok is None:
            return 0
        rates = {"EUR": nok}
        for currency in self._found:
            if currency != "NOK":
                rates[currency] = divide(nok * _PPM, self._found[currency])
        for currency in rates:
            if not 0 < rates[currency] <= _NOK_MOST:
                self.fault = "no exchange rate from 0 to 1000 NOK for " + currency
                return 0
        self._rates.update(rates)
        return len(rates)
