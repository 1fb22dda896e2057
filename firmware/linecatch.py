"""The octets of the meter's line, caught while somebody waits for them. Loaded for that.

In       the line, from the next beginning of a burst on
Out      octets, and where, when and with which settings of the line each burst began
Rules    One client at a time. A client that is gone without a word ends it a second too late
Limits   2 minutes; as many octets as han.dissect takes, 2048 if no other number is asked for; 32
         bursts
Errors   ValueError: a wrong number in the query, or another client catches
"""

from han.dissect import MOST
from han.window import SILENCE_MS, move
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App

    Settings = tuple[int, str, bool]

_SECONDS = const(12)  # most meters send every 10 s or more often
_MOST_SECONDS = const(120)
_OCTETS = const(2048)
_LEAST_OCTETS = const(256)
_BURSTS = const(32)
_PATIENCE_MS = const(5000)  # on a line without pauses a capture begins at any octet then
_PARTS_MS = const(1000)  # within which the parts of one message follow each other


# The one that is under way.
_catching: "list[Catch]" = []


class Catch:
    """The octets of the line.

    bursts  [(where it begins in octets, ms since the start, line settings)]
    came    octets since the start, also those that were not kept
    full    some were not kept for want of room
    """

    def __init__(self, app: "App", query: "dict[str, str]") -> None:
        most_ms = 1000 * _number(query, "seconds", _SECONDS, 1, _MOST_SECONDS)
        self._wanted = _number(query, "telegrams", 1, 1, _BURSTS)
        most = _number(query, "octets", _OCTETS, _LEAST_OCTETS, MOST)
        if _catching:
            raise ValueError("another client looks at the line just now: try again in a minute")
        self.octets = bytearray(most + 1)  # see han.dissect
        self._reader, self._uptime_ms = app.reader, app.system.uptime_ms
        self.fill = self.came = 0
        self.full = False
        self.bursts: "list[tuple[int, int, Settings | None]]" = []
        self.since = self._octet_at = self._uptime_ms()  # a telegram may be on its way
        self._until = self.since + most_ms
        self._tap = self.tap
        self._reader.taps += (self._tap,)
        _catching.append(self)

    def close(self) -> None:
        """Catch nothing more."""
        taps = self._reader.taps
        self._reader.taps = tuple([tap for tap in taps if tap is not self._tap])
        if self in _catching:
            _catching.remove(self)

    def tap(self, octets: bytearray, count: int, proven: bool) -> None:
        """Take octets as they come. Raises nothing."""
        now = self._uptime_ms()
        if now > self._until + _PARTS_MS:  # nobody waits for them
            self.close()
            return
        paused = now - self._octet_at >= SILENCE_MS
        self._octet_at = now
        self.came += count
        if not (paused or self.bursts or now - self.since >= _PATIENCE_MS):
            return
        settings = self._reader.settings
        if paused or not self.bursts or self.bursts[-1][2] != settings:
            try:
                if len(self.bursts) < _BURSTS and not self.full:
                    self.bursts.append((self.fill, now - self.since, settings))
            except MemoryError:  # it is a part of the burst before
                pass
        room = min(count, len(self.octets) - 1 - self.fill)
        self.fill += move(self.octets, self.fill, octets, 0, room)
        self.full = self.full or room < count

    def done(self) -> bool:
        """Whether all that was asked for has come, or the time is over."""
        now = self._uptime_ms()
        if self.full or now >= self._until:
            return True
        quiet_ms = _PARTS_MS if self._reader.stream.window.kept else SILENCE_MS
        return len(self.bursts) >= self._wanted and now - self._octet_at >= quiet_ms

    def seconds(self) -> int:
        """How long it has caught, at least 1."""
        return max(1, (self._uptime_ms() - self.since + 500) // 1000)

    def trim(self) -> None:
        """Leave out a telegram that found no room for its end, unless it is the only one."""
        if self.full and len(self.bursts) > 1:
            self.fill = self.bursts.pop()[0]

    def ends(self) -> "list[int]":
        """Where each burst ends."""
        return [burst[0] for burst in self.bursts[1:]] + [self.fill]


def _number(query: "dict[str, str]", name: str, usual: int, least: int, most: int) -> int:
    text = query.get(name, "")
    value = int(text) if text.isdigit() and len(text) < 6 else -1
    if text and not least <= value <= most:
        raise ValueError("%s must be %d to %d" % (name, least, most))
    return value if text else usual


def short(settings: "Settings | None") -> str:
    if settings is None:
        return ""
    return "%d %s%s" % (settings[0], settings[1], " inverted" if settings[2] else "")


def settings_words(settings: "Settings | None") -> str:
    """Line settings for people."""
    if settings is None:
        return "the line is not open"
    baud, form, inverted = settings
    return "%d baud, %s data bits, %s parity, %s stop bit%s" % (
        baud,
        form[0],
        {"N": "no", "E": "even", "O": "odd"}[form[1]],
        form[2],
        ", inverted" if inverted else "",
    )
