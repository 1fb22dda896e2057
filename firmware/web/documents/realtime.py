"""/realtime.json: the power of the last hour, a sample for each 10 s.

offset  the first sample, 0 is the newest one; size  how many: see Limits
total   360
data    W, import minus export, the newest first: means of 10 s for the last ten minutes, of 1 min
        before; 0 where it is not known. After the newest telegram its power holds for a minute
Limits  the query's offset is 0 without one, size 60; more than there is gives what there is
Errors  ValueError if one of them is no number
"""

from energy.recent import MINUTES, TENS
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_TOTAL = const(360)
_SIZE = const(60)
_TEN_CS = const(1000)
_MINUTE_CS = const(6000)
_HOLDS_CS = const(6000)  # as in energy.recent
_PIECE = const(30)  # samples


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /realtime.json."""
    offset = min(_number(request, "offset", 0), _TOTAL)
    size = min(_number(request, "size", _SIZE), _TOTAL - offset)
    yield '{"offset":%d,"size":%d,"total":%d,"data":[' % (offset, size, _TOTAL)
    for first in range(offset, offset + size, _PIECE):
        end = min(first + _PIECE, offset + size)
        piece = ",".join([str(_watts(app, i)) for i in range(first, end)])
        yield piece if end == offset + size else piece + ","
    yield "]}"


def _number(request: "Request", name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdigit() or len(text) > 9:
        raise ValueError("%s must be a number from 0 on" % name)
    return int(text)


def _watts(app: "App", i: int) -> int:
    """The i-th sample; times are hundredths of a second on the clock of Recent.at_cs."""
    recent = app.recent
    age_cs = (app.system.uptime_ms() - recent.end_ms) // 10
    now = recent.at_cs + age_cs
    begin = now - now % _TEN_CS - (i + 1) * _TEN_CS
    running = recent.at_cs - recent.at_cs % _TEN_CS
    watts = None
    if begin < running:
        ago = (running - begin) // _TEN_CS
        if ago <= TENS:
            watts = recent.watts(0, TENS - ago)
        else:
            watts = recent.watts(1, MINUTES - (recent.at_cs // _MINUTE_CS - begin // _MINUTE_CS))
    elif begin == running:
        watts = recent.watts(0, TENS)
    if watts is None and begin >= running and age_cs < _HOLDS_CS:
        watts = app.state.net_power_w()
    return watts or 0
