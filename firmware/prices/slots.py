"""What JSON sources of prices have in common: a list of objects, one for each interval.

In       the answer in any chunks; a table without prices of its own
Out      slots, currency and source of the table; `fault` if prices are missing: slots filled
         before the fault stay
Limits   400 intervals; intervals of 15, 30 or 60 minutes, all of one length. Only the times of
         the intervals say which
"""

from micropython import const

from prices.flatjson import Scanner
from prices.numbers import decimal, quarter_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Filled

_LIMIT = const(100000000)  # micro-units a kWh
_UNKNOWN = const(-0x3FFFFFFF)
_STEPS = (1, 2, 4)  # quarters
_MOST = const(400)


class Intervals(Scanner):
    """feed() the answer, then close().

    A subclass has the values below and begin_key, end_key ("" if the answer has no ends).

    bare        times are UTC without saying so
    currencies  pairs of currency and the key of its price: the first one the table may have
    """

    source = ""
    places = 6  # decimals of a price for micro-units a kWh
    begin_key = b""
    end_key = b""
    bare = False
    currencies: "tuple[tuple[str, bytes], ...]" = ()

    def __init__(self, document: "Filled") -> None:
        super().__init__()
        self.recognised = False
        self._table = document.table
        self._currency, self._price_key = self.currencies[0]
        for currency, key in self.currencies:
            if currency == document.wanted:
                self._currency, self._price_key = currency, key
        self._begin = self._end = -1
        self._micro = _UNKNOWN
        self._count = 0
        # The interval before, which fills its quarters once its length is known.
        self._last = -1
        self._last_micro = _UNKNOWN
        self._step = 0

    def other(self, key: bytes, value: bytes) -> None:
        """Check a value that is neither time nor price."""

    def handle(self, key: bytes, value: bytes, quoted: bool) -> None:
        if key == self.currencies[0][1]:
            self.recognised = True
        if key == self.begin_key:
            self._begin = quarter_of(value, self.bare)
            if self._begin < 0:
                self.fault = "no time of an interval: " + text_of(value)
        elif key == self.end_key:
            self._end = quarter_of(value, self.bare)
        elif key == self._price_key and value != b"null":
            micro = None if quoted else decimal(value, self.places, _LIMIT, True)
            if micro is None:
                self.fault = "no price: " + text_of(value)
            else:
                self._micro = micro
        else:
            self.other(key, value)

    def ended(self) -> None:
        if self._begin < 0:
            return
        if self._micro == _UNKNOWN:
            self.fault = "an interval without a price in %s: ask again later" % self._currency
        elif self._count == _MOST:
            self.fault = "over %d intervals: ask for one day" % _MOST
        else:
            self._interval()
        self._begin = self._end = -1
        self._micro = _UNKNOWN

    def _interval(self) -> None:
        """Fill the quarters of the interval, or of the one before if the answer has no ends."""
        if self.end_key:
            self._fill(self._begin, self._end - self._begin, self._micro)
        else:
            if self._last >= 0:
                self._fill(self._last, self._begin - self._last, self._last_micro)
            self._last, self._last_micro = self._begin, self._micro

    def _fill(self, first: int, step: int, micro: int) -> None:
        if self._step == 0:
            self._step = step
        if step != self._step or step not in _STEPS:
            self.fault = "intervals of %d and %d minutes" % (self._step * 15, step * 15)
            return
        table = self._table
        table.spot_currency, table.spot_source = self._currency, self.source
        for quarter in range(first, first + step):
            if not table.put(quarter, micro):
                self.fault = "prices of more than four days: ask for one day"
                return
        self._count += 1

    def close(self) -> int:
        """End the answer. Returns the number of intervals."""
        if not self.fault and not self.complete:
            self.fault = "the answer is cut after %d octets: ask again" % self.position
        elif not self.fault:
            if self._last >= 0:
                self._fill(self._last, self._step, self._last_micro)
            if not self._count:
                self.fault = "the answer has no prices: ask again later"
        return self._count


def text_of(value: bytes) -> str:
    """The first 40 octets of a value as printable ASCII."""
    return "".join([chr(x) if 0x20 <= x <= 0x7E else "?" for x in value[:40]])
