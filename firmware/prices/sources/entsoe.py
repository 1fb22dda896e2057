"""ENTSO-E's day-ahead prices: the answer to a query for document type A44 to slots of a table.

In       the answer in any chunks; a table without prices of its own
Out      slots, currency and source of the table; `fault` and `code` if prices are missing:
         slots filled before the fault stay
Wire     Publication_MarketDocument > TimeSeries > Period > Point (position, price.amount)
         PT15M, PT30M, PT60M; curve A01 has every point, in A03 a price holds until the next one
         Acknowledgement_MarketDocument > Reason (code, text) instead: 999 is no data
Limits   four days; a series of contract type other than A01 (day-ahead) is ignored; where
         series overlap, the lowest classification sequence counts (1 SDAC, 2 EXAA), then the
         first series
Source   ENTSO-E Transparency Platform, guide of the RESTful API; captures in public trackers
"""

from micropython import const

from prices.numbers import decimal, quarter_of, whole
from prices.xml import CLOSE, OPEN, Scanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Filled

_NAMES = (
    "Acknowledgement_MarketDocument Publication_MarketDocument Reason code text TimeSeries Period"
    " timeInterval start end resolution Point position price.amount curveType currency_Unit.name"
    " price_Measure_Unit.name classificationSequence_AttributeInstanceComponent.position"
    " contract_MarketAgreement.type type"
)
_ACKNOWLEDGEMENT = const(1)
_PUBLICATION = const(2)
_REASON = const(3)
_CODE = const(4)
_TEXT = const(5)
_SERIES = const(6)
_PERIOD = const(7)
_INTERVAL = const(8)
_START = const(9)
_END = const(10)
_RESOLUTION = const(11)
_POINT = const(12)
_POSITION = const(13)
_PRICE = const(14)
_CURVE = const(15)
_CURRENCY = const(16)
_UNIT = const(17)
_SEQUENCE = const(18)
_CONTRACT = const(19)
_TYPE = const(20)

HOST = "web-api.tp.entsoe.eu"
_SOURCE = "EOE"
_LIMIT = const(100000000)  # micro-units a kWh
_QUARTERS = const(4 * 96 + 4)  # four days, one of them with 25 hours
_SLOTS = const(400)
_STEPS = {"PT15M": 1, "PT30M": 2, "PT60M": 4}
_PLACES = {"MWH": 3, "KWH": 6}  # decimals of a price in this unit, for micro-units a kWh


def path(area: str, code: str, days: "tuple[str, str]", span: "tuple[str, str]") -> str:
    """The path without the token: see prices.sources."""
    query = "/api?documentType=A44&periodStart=%s&periodEnd=%s&in_Domain=%s&out_Domain=%s"
    return query % (span[0], span[1], code, code)


class Parser(Scanner):
    """feed() the answer, then close().

    fault       "" or the reason why prices are missing, and what to do
    code        of an acknowledgement's first reason: "999" is no data
    recognised  the root element is one of ENTSO-E's
    """

    def __init__(self, document: "Filled") -> None:
        super().__init__(_NAMES)
        self.code = ""
        self.recognised = False
        self._table = document.table
        self._sequences = bytearray(_SLOTS)  # of each slot's price, 0 without one
        self._count = 0
        self._low = self._high = 0  # quarters of all periods so far
        self._acknowledges = False
        self._reason = ""
        # The current point.
        self._position = -1
        self._micro: "int | None" = None
        self._begin(_SERIES)

    def _begin(self, name: int) -> None:
        """Reset the state for a new series, or for a new period only."""
        if name == _SERIES:
            self._currency = ""
            self._unit = ""
            self._curve = "A01"
            self._sequence = 1  # the classification sequence
            self._skip = False
            self._places = 0  # decimals by the unit
            self._carries = False  # curve A03
        self._start = self._end = -1  # quarters
        self._step = 0  # quarters a position
        self._positions = 0  # 0: not checked yet
        self._last = 0  # position
        self._price = 0  # of the last position

    def handle(self, event: int) -> None:
        name = self.name
        if event == CLOSE:
            self._closed(name, self.parent)
        elif event == OPEN and self.depth == 1:
            self._acknowledges = name == _ACKNOWLEDGEMENT
            self.recognised = name == _PUBLICATION or self._acknowledges
            if not self.recognised:
                self.fault = "the answer is no price document: check address and token"
        elif event == OPEN and (name == _SERIES or name == _PERIOD):
            self._begin(name)
        elif event == OPEN and name == _POINT and not self._skip:
            if not self._positions:
                self._check_header()
            self._position = -1
            self._micro = None

    def close(self) -> int:
        """End the answer. Returns the number of slots that were filled."""
        if self._acknowledges:
            self.fault = self._reason or "the answer has a reason and no prices: see its code"
        elif not self.fault and not self.complete:
            self.fault = "the answer is cut after %d octets: ask again" % self.position
        elif not self.fault and not self._count:
            self.fault = "the answer has no prices: ask again later"
        return self._count

    def _closed(self, name: int, parent: int) -> None:
        """Handle the end of an element. The header of a series comes before its periods."""
        if parent == _REASON:
            if self._acknowledges and name == _CODE and not self.code:
                self.code = self.value()[:8]
            elif self._acknowledges and name == _TEXT and not self._reason:
                self._reason = self.value()
        elif parent == _PUBLICATION and name == _TYPE and self.text != b"A44":
            self.fault = "document type A44 was expected: " + self.value()[:20]
        elif parent == _SERIES and name != _PERIOD:
            if name and self._positions:
                self.fault = "a series' header comes after its periods"
            elif name == _CURVE:
                self._curve = self.value()
            elif name == _CURRENCY:
                self._currency = self.value()
            elif name == _UNIT:
                self._unit = self.value()
            elif name == _SEQUENCE:
                self._sequence = whole(self.text)
            elif name == _CONTRACT:
                self._skip = self.value() != "A01"
        elif self._skip:
            return
        elif parent == _POINT:
            if name == _POSITION:
                self._position = whole(self.text)
            elif name == _PRICE:
                self._micro = decimal(self.text, self._places, _LIMIT)
                if self._micro is None:
                    self.fault = "no price: " + self.value()[:40]
        elif name == _POINT and parent == _PERIOD:
            self._point()
        elif name == _PERIOD and parent == _SERIES:
            if self._carries and self._last:
                self._fill(self._last + 1, self._positions, self._price)
        elif parent == _INTERVAL and name == _START:
            self._start = quarter_of(self.text)
        elif parent == _INTERVAL and name == _END:
            self._end = quarter_of(self.text)
        elif parent == _PERIOD and name == _RESOLUTION:
            self._step = _STEPS.get(self.value(), 0)
            if not self._step:
                self.fault = "resolution PT15M, PT30M or PT60M was expected: " + self.value()[:20]

    def _check_header(self) -> None:
        """Before a period's first point: check the series, then the interval of the period."""
        table = self._table
        currency = self._currency
        low, high = self._start, self._end
        quarters = high - low
        self._places = _PLACES.get(self._unit, 0)
        self._carries = self._curve == "A03"
        if len(currency) != 3 or not (currency.isalpha() and currency.isupper()):
            self.fault = "a currency of three letters was expected: " + currency[:20]
        elif table.spot_currency and table.spot_currency != currency:
            self.fault = "prices in %s and in %s" % (table.spot_currency, currency)
        elif not self._places:
            self.fault = "unit MWH or KWH was expected: " + self._unit[:20]
        elif self._curve not in ("A01", "A03"):
            self.fault = "curve A01 or A03 was expected: " + self._curve[:20]
        elif not 0 < self._sequence < 256:
            self.fault = "a classification sequence from 1 to 255 was expected"
        else:
            table.spot_currency = currency
            table.spot_source = _SOURCE
            if low < 0 or high < 0:
                self.fault = "a period must start and end with a quarter of an hour in UTC"
            elif not 0 < quarters <= _QUARTERS:
                self.fault = "a period must be of up to four days"
            elif not self._step or quarters % self._step:
                self.fault = "a period must have a resolution that divides it"
            else:
                if self._high:
                    low, high = min(low, self._low), max(high, self._high)
                self._low, self._high = low, high
                self._positions = quarters // self._step
                if high - low > _SLOTS:
                    self.fault = "prices of more than four days: ask for one day"

    def _point(self) -> None:
        """Fill the slots of a point, and those that a curve A03 leaves out before it."""
        position, micro, last = self._position, self._micro, self._last
        if micro is None:
            self.fault = "a point without price"
        elif not last < position <= self._positions:
            self.fault = "a position must be from %d to %d" % (last + 1, self._positions)
        elif self._carries and not last and position != 1:
            self.fault = "a curve A03 must begin with position 1"
        else:
            if self._carries and last:
                self._fill(last + 1, position - 1, self._price)
            self._fill(position, position, micro)
            self._last, self._price = position, micro

    def _fill(self, first: int, last: int, micro: int) -> None:
        """Set the price of positions first to last, except where a lower or equal sequence has set
        one."""
        sequences = self._sequences
        begin = self._start - self._step
        for quarter in range(begin + first * self._step, begin + (last + 1) * self._step):
            i = quarter % _SLOTS
            if sequences[i] and sequences[i] <= self._sequence:
                continue
            if not self._table.put(quarter, micro):
                self.fault = "prices of more than four days: ask for one day"
                return
            if not sequences[i]:
                self._count += 1
            sequences[i] = self._sequence
