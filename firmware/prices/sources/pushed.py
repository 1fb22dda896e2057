"""Prices that another program sends: Home Assistant, a script, an MQTT client.

Wire     {"start":"2026-07-01T00:00:00+02:00","resolution":15,"currency":"SEK",
         "prices":[0.53,0.51,...]}   of a kWh, without what the owner's rules add; the list comes
         last. `resolution` is 15, 30 or 60 minutes; a price that is null is unknown
Limits   400 prices
"""

from micropython import const

from prices.flatjson import Scanner
from prices.numbers import decimal, quarter_of, whole
from prices.slots import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Filled

_LIMIT = const(100000000)  # micro-units a kWh
_MOST = const(400)
_SOURCE = "OWN"
_FORM = 'start, resolution and currency were expected before "prices"'


class Parser(Scanner):
    """feed() the document, then close()."""

    def __init__(self, document: "Filled") -> None:
        super().__init__()
        self.recognised = False
        self._table = document.table
        self._start = -1
        self._step = 0
        self._position = self._count = 0

    def handle(self, key: bytes, value: bytes, quoted: bool) -> None:
        if self.depth == 1:
            self._head(key, value, quoted)
        elif key != b"prices" or self.depth != 2:
            self.fault = "not known: " + text_of(key)
        elif self._start < 0 or not self._step or not self._table.spot_currency:
            self.fault = _FORM
        elif self._position == _MOST:
            self.fault = "over %d prices" % _MOST
        else:
            self._price(value, quoted)

    def _head(self, key: bytes, value: bytes, quoted: bool) -> None:
        text = text_of(value)
        if key == b"start":
            self.recognised = True
            self._start = quarter_of(value)
            if self._start < 0:
                self.fault = "start must be as 2026-07-01T00:00:00+02:00: " + text
        elif key == b"resolution":
            minutes = whole(value)
            if quoted or minutes not in (15, 30, 60):
                self.fault = "resolution must be 15, 30 or 60: " + text
            self._step = minutes // 15
        elif key == b"currency":
            if len(value) != 3 or not (text.isalpha() and text.isupper()):
                self.fault = "a currency of three letters was expected: " + text
            self._table.spot_currency = text
            self._table.spot_source = _SOURCE
        else:
            self.fault = "not known: " + text_of(key)

    def _price(self, value: bytes, quoted: bool) -> None:
        first = self._start + self._position * self._step
        self._position += 1
        if value == b"null":
            return
        micro = None if quoted else decimal(value, 6, _LIMIT, True)
        if micro is None:
            self.fault = "no price: " + text_of(value)
            return
        for quarter in range(first, first + self._step):
            if not self._table.put(quarter, micro):
                self.fault = "prices of more than four days"
                return
            self._count += 1

    def close(self) -> int:
        """End the document. Returns the number of slots that were filled."""
        if not self.fault and not self.complete:
            self.fault = "the document is cut after %d octets: send it again" % self.position
        elif not self.fault and not self._count:
            self.fault = "the document has no prices"
        return self._count
