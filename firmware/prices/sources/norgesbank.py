"""Norges Bank's exchange rates: the answer as SDMX-ML to millionths of NOK for one unit.

In       the answer to a query for EXR in any chunks
Out      a dict of ppm of NOK by currency; `fault` if rates are missing
Wire     Series (BASE_CUR, QUOTE_CUR, UNIT_MULT) > Obs (TIME_PERIOD, OBS_VALUE), all attributes
         OBS_VALUE is NOK for 10^UNIT_MULT units
Limits   16 currencies; above 0, to 1000 NOK for one unit; the observation with the last period
         counts, of two with the same period the later one
Source   Norges Bank, API for open data; SDMX 2.1, structure-specific data
"""

from micropython import const

from prices.numbers import decimal, whole
from prices.xml import CLOSE, OPEN, Scanner, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Filled

HOST = "data.norges-bank.no"
PATH = "/api/data/EXR/B.%s.NOK.SP?lastNObservations=1"  # currencies joined by +

_NAMES = "Series Obs"
_SERIES = const(1)
_OBSERVATION = const(2)

_LIMIT = const(1000000000)  # 1000 NOK
_MOST = const(16)  # currencies
_RATED_IN = "NOK"


class Parser(Scanner):
    """feed() the answer, then close().

    fault       "" or the reason why rates are missing
    recognised  the answer has an element Series
    """

    def __init__(self, document: "Filled") -> None:
        """document.rates gets each rate as soon as it is complete; other entries do not change."""
        super().__init__(_NAMES)
        self.recognised = False
        self._rates = document.rates
        self._found: "list[str]" = []
        # The current series: currency, UNIT_MULT, period of the newest observation.
        self._base = ""
        self._multiplier = -1
        self._newest = ""
        # The current observation.
        self._period = ""
        self._ppm: "int | None" = None

    def handle(self, event: int) -> None:
        name, parent = self.name, self.parent
        if event == OPEN and name == _SERIES:
            self.recognised = True
            self._newest = ""
            self._base = plain(self.attribute(b"BASE_CUR"))
            self._multiplier = whole(self.attribute(b"UNIT_MULT"))
            quote = plain(self.attribute(b"QUOTE_CUR"))
            if quote and quote != _RATED_IN:
                self.fault = "rates in NOK were expected: " + quote[:20]
        elif event == OPEN and name == _OBSERVATION and parent == _SERIES:
            self._period = plain(self.attribute(b"TIME_PERIOD"))[:20]
            self._ppm = None
            if 0 <= self._multiplier <= 6:
                places = 6 - self._multiplier
                self._ppm = decimal(self.attribute(b"OBS_VALUE"), places, _LIMIT)
        elif event == CLOSE and name == _OBSERVATION and parent == _SERIES:
            self._take()

    def close(self) -> int:
        """End the answer. Returns the number of currencies that got a rate."""
        if not self.fault and not self.complete:
            self.fault = "the answer is cut after %d octets: ask again" % self.position
        elif not self.fault and not self._found:
            self.fault = "the answer has no exchange rate: check the currency"
        return len(self._found)

    def _take(self) -> None:
        """Store the rate of a complete observation, or set the fault."""
        base, ppm = self._base, self._ppm
        if len(base) != 3 or not (base.isalpha() and base.isupper()):
            self.fault = "a currency of three letters was expected: " + base[:20]
        elif not 0 <= self._multiplier <= 6:
            self.fault = "UNIT_MULT from 0 to 6 was expected for " + base
        elif ppm is None or ppm <= 0:
            self.fault = "no exchange rate from 0 to 1000 NOK for " + base
        elif self._period >= self._newest:
            if base not in self._found:
                if len(self._found) == _MOST:
                    self.fault = "more than %d currencies" % _MOST
                    return
                self._found.append(base)
            self._newest = self._period
            self._rates[base] = ppm
