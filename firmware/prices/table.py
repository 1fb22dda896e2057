"""Spot prices by the quarter of an hour, and what an owner pays of them.

In       (quarter, price) from a parser; quarter = UTC // 900, price in micro-units a kWh
Out      the price at a UTC, the mean of an hour, what the owner pays
Wire     first quarter 4 | slots 2 | source 3 | currency 3 | price 4 a slot; little endian
Limits   400 slots, which is four days with the one of 25 hours: a price further from the others
         is refused; +-100 units a kWh
Rules    a table is filled once, by a parser and then by drop() and keep(), and then taken over
         whole
"""

import struct
from array import array

from micropython import const

from prices.numbers import divide

SLOTS = 400
LIMIT = 100000000  # micro-units a kWh: 100,000 a MWh
_NONE = const(-0x3FFFFFFF)  # no price: outside the limit, and a small integer on the device
_HEAD = const(12)
_PPM = const(1000000)
_HOME = "NOK"  # the currency that rates are told in
_QUARTERS = const(0x800000)  # up to the year 2209


class PriceTable:
    """Quarters from begin to before end; both are 0 while nothing is known."""

    def __init__(self) -> None:
        self._slots = array("i", bytes(4 * SLOTS))  # a quarter's place is its number modulo SLOTS
        self.clear()

    def clear(self) -> None:
        """Know nothing."""
        self.begin = self.end = 0
        self.source = ""  # three letters: EOE ENTSO-E, MIX of several
        self.currency = ""  # three letters
        for i in range(SLOTS):
            self._slots[i] = _NONE

    def put(self, quarter: int, micro: int) -> bool:
        """Set a slot. False if the price is beyond the limit or the slot far from the others."""
        if not (0 <= quarter < _QUARTERS and -LIMIT <= micro <= LIMIT):
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

    def _at(self, quarter: int) -> "int | None":
        if not self.begin <= quarter < self.end:
            return None
        micro = self._slots[quarter % SLOTS]
        return None if micro == _NONE else micro

    def raw(self, utc: int) -> "int | None":
        """The spot price of the quarter that utc lies in, None if it is not known."""
        return self._at(utc // 900)

    def hour(self, utc: int) -> "int | None":
        """The mean of the known quarters of the hour that utc lies in, None if none is known."""
        total = known = 0
        first = utc // 3600 * 4
        for quarter in range(first, first + 4):
            micro = self._at(quarter)
            if micro is not None:
                total += micro
                known += 1
        return divide(total, known) if known else None

    def keep(self, older: "PriceTable", since: int) -> int:
        """Take what an older table knows from the quarter of a UTC on and this one does not.

        Returns the number of slots. None are taken from a table of another currency.
        """
        count = 0
        if older.currency == self.currency:
            for quarter in range(max(older.begin, since // 900), older.end):
                micro = older._at(quarter)
                if micro is not None and self._at(quarter) is None and self.put(quarter, micro):
                    count += 1
        if count and older.source != self.source:
            self.source = "MIX"
        return count

    def drop(self, utc: int) -> None:
        """Forget the quarters before that of a UTC."""
        for quarter in range(self.begin, min(self.end, utc // 900)):
            self._slots[quarter % SLOTS] = _NONE
            self.begin = quarter + 1
        if self.begin == self.end:
            self.begin = self.end = 0

    def become(self, other: "PriceTable") -> None:
        """Know what another table knows, and nothing else."""
        self.begin, self.end = other.begin, other.end
        self.source = other.source
        self.currency = other.currency
        for i in range(SLOTS):
            self._slots[i] = other._slots[i]

    def pack(self) -> bytes:
        """The payload of a record."""
        n = self.end - self.begin
        out = bytearray(_HEAD + 4 * n)
        source, currency = [(t + "   ")[:3].encode() for t in (self.source, self.currency)]
        struct.pack_into("<IH3s3s", out, 0, self.begin, n, source, currency)
        for i in range(n):
            micro = self._slots[(self.begin + i) % SLOTS]
            struct.pack_into("<i", out, _HEAD + 4 * i, micro)
        return bytes(out)

    def unpack(self, data: bytes, begin: int, end: int) -> bool:
        """Take everything from a payload at data[begin:end]. False if it is no table: then
        nothing is changed."""
        if not 0 <= begin <= end - _HEAD <= len(data) - _HEAD:
            return False
        first, n, source, currency = struct.unpack_from("<IH3s3s", data, begin)
        if n > SLOTS or first >= _QUARTERS or end - begin != _HEAD + 4 * n:
            return False
        if not (_letters(source) and _letters(currency)):
            return False
        at = begin + _HEAD
        for i in range(at, end, 4):
            micro: int = struct.unpack_from("<i", data, i)[0]
            if micro != _NONE and not -LIMIT <= micro <= LIMIT:
                return False
        self.clear()
        for i in range(n):
            micro = struct.unpack_from("<i", data, at + 4 * i)[0]
            if micro != _NONE:
                self.put(first + i, micro)
        self.source = source.decode().strip()
        self.currency = currency.decode().strip()
        return True


def _letters(octets: bytes) -> bool:
    """Whether octets are three capitals or three blanks."""
    for octet in octets:
        if not 0x41 <= octet <= 0x5A:
            return octets == b"   "
    return True


def rate_ppm(source: str, target: str, rates: "dict[str, int]") -> "int | None":
    """Millionths of the target currency for one unit of the source; None if a rate is missing."""
    if source == target:
        return _PPM
    worth = _PPM if source == _HOME else rates.get(source)
    costs = _PPM if target == _HOME else rates.get(target)
    if worth is None or not costs:
        return None
    return divide(worth * _PPM, costs)


class SpotPrice:
    """What an owner pays a kWh: the spot price in his currency with his taxes, or a fixed price.

    multiplier_permille  1250 adds a quarter
    fixed_micro          above 0 it replaces spot and multiplier; micro-units a kWh
    currency             the owner's; "" says only that it is not the table's
    rate_ppm             millionths of the owner's currency for one unit of the table's; None is
                         not known, and no price unless the currencies are the same
    """

    def __init__(
        self, table: PriceTable, multiplier_permille: int, fixed_micro: int, currency: str = ""
    ) -> None:
        self.table = table
        self.multiplier_permille = multiplier_permille
        self.fixed_micro = fixed_micro
        self.currency = currency
        self.rate_ppm: "int | None" = None

    def price(self, utc: int) -> "int | None":
        """Micro-units a kWh of the owner's currency at utc, None if it is not known."""
        if self.fixed_micro > 0:
            return self.fixed_micro
        return self.convert(self.table.raw(utc))

    def convert(self, raw: "int | None") -> "int | None":
        """What the owner pays at a spot price of the table, a fixed price left aside."""
        same = self.currency and self.currency == self.table.currency
        rate = _PPM if same else self.rate_ppm
        if raw is None or rate is None:
            return None
        return divide(raw * rate * self.multiplier_permille, 1000000000)
