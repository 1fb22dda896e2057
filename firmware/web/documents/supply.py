"""/supply.json: the supply voltage of the last hour, and what is left out while it is low.

v        the present voltage in V; null if it is not measured
ref      the voltage that the tier's drop counts from; null while nothing is supervised
tier     0 for full operation to 5; the same as `pw` of /now.json
words    what that tier leaves out
held     why nothing is stored just now, "" if it is
low      the lowest sample of each minute in V, to 0.02 V, the newest last; null is unknown
"""

from device import tiers
from fmt import fixed, quote
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_REFERENCE = const(9)  # a place in System.supply


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /supply.json."""
    system = app.system
    yield '{"v":%s,"ref":%s,"tier":%d,"words":%s,"held":%s,"low":[' % (
        fixed(system.supply_mv() or None, 3, 3),
        fixed(system.supply[_REFERENCE] or None, 3, 3),
        system.tier,
        quote(tiers.TIERS[system.tier][3]),
        quote(app.storage.held),
    )
    yield ",".join([fixed(20 * low or None, 3, 2) for low in system.lows])
    yield "]}"
