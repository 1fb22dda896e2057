"""/live.json: the power of the last six hours, for the curve of a page that has just been opened.

t  W, import minus export, of each slot of 10 s; the oldest known one first, the running one last;
   null is unknown
m  the same of each slot of 1 min
ta ma  age in s of the begin of the running slot: the n-th last slot began 10 (n - 1) + ta ago
"""

from energy.recent import MINUTES, TENS
from fmt import fixed
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from energy.recent import Recent

_PIECE = const(30)  # slots


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /live.json."""
    recent = app.recent
    age_cs = (app.system.uptime_ms() - recent.end_ms) // 10
    yield '{"ta":%s,"t":[' % fixed(age_cs + recent.at_cs % 1000, 2, 1)
    yield from _slots(recent, 0, TENS)
    yield '],"ma":%s,"m":[' % fixed(age_cs + recent.at_cs % 6000, 2, 1)
    yield from _slots(recent, 1, MINUTES)
    yield "]}"


def _slots(recent: "Recent", k: int, most: int) -> "Iterator[str]":
    """Pieces of the slots of one length, with the running one."""
    i = 0
    while i < most and recent.watts(k, i) is None:
        i += 1
    while i <= most:
        end = min(i + _PIECE, most + 1)
        piece = ",".join([fixed(recent.watts(k, n), 0, 0) for n in range(i, end)])
        yield piece if end > most else piece + ","
        i = end
