"""/priceconfig.json: how prices are made of spot prices, as an AMS reader's list of rules.

o        the rules: "t" 0 it is the price, 1 add, 2 percent, 3 subtract, and beyond the AMS reader
         4 Norwegian subsidy, 5 Norgespris; "n" name; "d" 1 of import, 2 of export, 3 of both; "a"
         weekdays, 0 is Monday; "h" hours; "v" the amount a kWh or percent; "s" and "e" first and
         last month and day, 0: all year
Rules    The multiplier and the fixed price of the settings come first, as rules of all times. A
         multiplier of 1 is no rule. Then the rules of `price_rules` in their order.
"""

from fmt import fixed, quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_RULE = '{"t":%d,"n":%s,"d":%d,"a":[%s],"h":[%s],"v":%s,"s":{"m":%d,"d":%d},"e":{"m":%d,"d":%d}}'
_ALL_DAYS = const(0x7F)
_ALL_HOURS = const(0xFFFFFF)


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /priceconfig.json."""
    comma = '{"o":['
    for kind, name, direction, value in _of_settings(app):
        yield comma + _rule((kind, name, direction, value), _ALL_DAYS, _ALL_HOURS, 0, 0)
        comma = ","
    with visit("prices.ruletext") as rules:
        for rule in rules.parse(app.config.price_rules):
            head = rule.kind, rule.name, rule.direction, fixed(rule.micro, 6, 4)
            yield comma + _rule(head, rule.days, rule.hours, rule.begin, rule.end)
            comma = ","
    yield "]}" if comma == "," else comma + "]}"


def _rule(head: "tuple[int, str, int, str]", days: int, hours: int, begin: int, end: int) -> str:
    """A member of `o`. head: type, name, direction, value; begin and end: month * 100 + day."""
    kind, name, direction, value = head
    return _RULE % (
        kind,
        quote(name),
        direction,
        _bits(days, 7),
        _bits(hours, 24),
        value,
        begin // 100,
        begin % 100,
        end // 100,
        end % 100,
    )


def _bits(mask: int, n: int) -> str:
    return ",".join([str(i) for i in range(n) if mask >> i & 1])


def _of_settings(app: "App") -> "Iterator[tuple[int, str, int, str]]":
    """Type, name, direction and value of the rules that the other settings are."""
    config = app.config
    both = 3 if config.export_price == "import" else 1
    if config.price_fixed_micro:
        yield 0, "Fixed price", both, fixed(config.price_fixed_micro, 6, 4)
    elif config.price_multiplier != 1000:
        yield 2, "Multiplier", both, fixed(config.price_multiplier - 1000, 1, 4)
    if config.export_price == "fixed":
        yield 0, "Fixed price", 2, fixed(config.export_fixed_micro, 6, 4)
    elif config.export_price == "spot" and config.export_multiplier != 1000:
        yield 2, "Multiplier", 2, fixed(config.export_multiplier - 1000, 1, 4)
