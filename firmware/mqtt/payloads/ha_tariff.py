"""Members of /realtime that payload 104 adds: the running interval's tariff, and the begins of the
periods that the sums are of. Loaded every 10 s.

reset     {"hour", "day", "month"}: UTC since which the sums count
expected  mean power in W of the running interval if the present power stays
limit     kWh that the interval may have without a dearer month; null if there is no limit
headroom  mean power in W that the rest of the interval may have below the limit; null as limit
"""

from energy.outlook import Outlook
from fmt import fixed

from mqtt.payloads.homeassistant import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.ledger import Energy


def members(energy: "Energy", now: int) -> str:
    """The members, each with a comma before it."""
    zone = energy.settler.zone
    ahead = Outlook(energy, now, None)
    limit_w, minutes = ahead.limit_w, energy.peaks.tariff.interval_min
    return ',"reset":{"hour":%s,"day":%s,"month":%s},"expected":%s,"limit":%s,"headroom":%s' % (
        iso(now - now % 3600),
        iso(zone.day_start(zone.day(now))),
        iso(zone.month_start(zone.month(now))),
        fixed(ahead.expected_w, 0, 0),
        fixed(None if limit_w is None else limit_w * minutes // 60, 3, 2),
        fixed(ahead.left_w, 0, 0),
    )
