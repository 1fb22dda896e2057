"""/prices.json: where the prices come from, when they are asked for next, and what went wrong.

enabled   whether the reader asks for prices itself
area      the name of the area; "" without one
source    of the prices in force, as in /energyprice.json; currency of them
begin     UTC of the first known price, and end of the last one; null without prices
stale     the price of the running quarter is not known, though the reader asks for prices
fetched   UTC of the last answer that was used, and from: the source that gave it; null before one
next      UTC of the next look
error     why the newest question failed, in words, error_at its UTC; null after a success
missing   the exchange rate that is missing; null if none is
stall_ms  the longest time for which a question held the reader
"""

from fmt import boolean, quote
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App, Request

_FILE = "fetch.json"  # of prices.schedule


def get(app: "App", request: "Request") -> str:
    """The whole document."""
    prices, config = app.prices, app.config
    state: "dict[str, Any]" = app.storage.read_json(_FILE)
    enabled = bool(config.stored.get("price_enabled"))
    if state.get("area") != config.price_area:
        state = {}
    with visit("prices.areas") as areas:
        area = areas.name_of(config.price_area)
    stale = enabled and prices.at(app.system.unix_time() // 900) is None
    members = (
        ("enabled", boolean(enabled)),
        ("area", quote(area)),
        ("source", _text(prices.spot_source)),
        ("currency", _text(prices.spot_currency)),
        ("begin", str(prices.begin * 900) if prices.end else "null"),
        ("end", str(prices.end * 900) if prices.end else "null"),
        ("stale", boolean(stale)),
        ("fetched", _number(state.get("fetched"))),
        ("from", _text(state.get("source"))),
        ("next", _number(state.get("next")) if enabled else "null"),
        ("error", _text(state.get("error"))),
        ("error_at", _number(state.get("error_at") if state.get("error") else None)),
        ("missing", _text(prices.missing)),
        ("stall_ms", _number(state.get("stall_ms"))),
    )
    return "{" + ",".join(['"%s":%s' % member for member in members]) + "}"


def _text(value: "Any") -> str:
    return quote(value) if value and isinstance(value, str) else "null"


def _number(value: "Any") -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else "null"
