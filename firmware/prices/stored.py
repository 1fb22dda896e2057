"""What is stored of prices: the table, the rates, the rate of two currencies. Loaded on demand.

In       the octets of the file `prices`, the dict of `rates.json`
Out      the members of prices.store.Prices that say what is in force
Errors   a file without a valid table is no table: False. A rate of a wrong kind is left out
"""

import struct

import records
from fmt import divide
from micropython import const

from prices.table import HEAD, KIND, LIMIT, NO_PRICE, QUARTERS, SLOTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILE = "prices.bin"
RATES = "rates.json"

_PPM = const(1000000)
_RATED_IN = "NOK"  # the currency of the rates


def adopt(prices: "Any", data: bytes) -> bool:
    """Use the table in a file's octets. False if they hold no valid table."""
    for kind, _, begin, end in records.scan(data):
        if kind == KIND and valid(data, begin, end):
            prices.begin, n, source, currency = struct.unpack_from("<IH3s3s", data, begin)
            prices.end = prices.begin + n
            prices.spot_source = source.decode().strip()
            prices.spot_currency = currency.decode().strip()
            prices.at_octet = begin + HEAD
            return True
    return False


def save(prices: "Any", content: "bytes | dict[str, Any]") -> bool:
    """Put a table's record or a dict of rates into force and store it. False if it cannot be
    stored: Prices keeps it until it can."""
    if isinstance(content, dict):
        name = RATES
        stored: bool = prices.storage.write_json(name, content)
    else:
        name = FILE
        stored = prices.storage.write(name, (content,))
        adopt(prices, content)
    prices.unsaved.pop(name, None)
    if not stored:
        prices.unsaved[name] = content
    return stored


def renew(prices: "Any", config: "Any") -> str:
    """Compute the rate from the table's currency to the owner's. Returns "no EUR to SEK rate" if
    prices are unknown without it."""
    source, target = prices.spot_currency, prices.currency()
    prices.rate = rate_ppm(source, target, rates(prices))
    if prices.rate is None and source:
        if not config.price_fixed_micro or config.export_price == "spot":
            return "no %s to %s rate" % (source, target)
    return ""


def rates(prices: "Any") -> "dict[str, int]":
    """Millionths of NOK by currency."""
    stored: "dict[str, Any]" = prices.unsaved.get(RATES) or prices.storage.read_json(RATES)
    return {name: ppm for name, ppm in stored.items() if isinstance(ppm, int) and ppm > 0}


def rate_ppm(source: str, target: str, rates: "dict[str, int]") -> "int | None":
    """Millionths of the target currency for one unit of the source; None if a rate is missing.

    rates  millionths of NOK by currency
    """
    if source == target:
        return _PPM if source else None
    source_ppm = _PPM if source == _RATED_IN else rates.get(source)
    target_ppm = _PPM if target == _RATED_IN else rates.get(target)
    if source_ppm is None or not target_ppm:
        return None
    return divide(source_ppm * _PPM, target_ppm)


def valid(data: bytes, begin: int, end: int) -> bool:
    """Whether data[begin:end] is the valid payload of a table's record."""
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
