"""Payload 255: what the meter sends, as text of capital hexadecimal digits on the topic.

Each message of DLMS that is read, deciphered and without its frame; all octets of the burst if a
frame is damaged. If debug_level is 1, the frames as they came are published before it, and a P1
telegram as text without its CRC: it says who the customer is, and is not published otherwise.
Octets that come before the last ones are published replace those. There is nothing but telegrams.
The module stands between the line's decoder and its sink from begin() to end().

Limits   frames of at most 2048 octets together; of longer ones the first 2048
"""

from binascii import hexlify

from han.fields import BOUNDARY, CHECKSUM, HEADER_CHECKSUM, INCOMPLETE
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from composition import App
    from contracts import Sink
    from han.fields import Reading

_FRAMES = (BOUNDARY, CHECKSUM, HEADER_CHECKSUM, INCOMPLETE)  # errors of frames
_P1_TEXT = const(0)  # kinds of frames, of han.window
_P1_LINES = const(1)
_VERBOSE = const(1)
_PIECE = const(64)  # octets
_RAW = const(2048)  # octets of frames
_SILENCE_MS = const(200)  # as of han.window

# The one that stands before the sink, from begin() to end().
_dumps: "list[Dump]" = []


class Dump:
    """A sink that keeps the newest octets, and hands everything on."""

    def __init__(self, app: "App", sink: "Sink[Reading]") -> None:
        self._app = app
        self.sink = sink
        self.octets = self.frames = b""
        self.text = False  # P1: published as they are
        self.heard = self.tap
        self._raw = bytearray(_RAW if app.config.debug_level == _VERBOSE else 0)
        self._fill = self._octet_at = 0

    def tap(self, octets: bytearray, count: int, proven: bool) -> None:
        """Keep the octets since the line was last quiet."""
        now = self._app.system.uptime_ms()
        if now - self._octet_at >= _SILENCE_MS and not self._app.reader.stream.window.kept:
            self._fill = 0
        self._octet_at = now
        room = min(count, len(self._raw) - self._fill)
        self._raw[self._fill : self._fill + room] = memoryview(octets)[:room]
        self._fill += room

    def on_reading(self, reading: "Reading") -> None:
        stream = self._app.reader.stream
        window = stream.window
        self.text = window.kind in (_P1_TEXT, _P1_LINES)
        if not self.text:
            self.octets = bytes(window.buf[stream.start : stream.stop])
            self.frames = bytes(self._raw[: self._fill])
        elif self._app.config.debug_level == _VERBOSE:
            self.octets = bytes(window.buf[window.start : window.end])
        self.sink.on_reading(reading)

    def on_unknown(self, reading: "Reading") -> None:
        self.sink.on_unknown(reading)

    def on_error(self, code: int, reason: str, offset: int) -> None:
        window = self._app.reader.stream.window
        if code in _FRAMES and window.fill > window.burst:
            self.text = False
            self.octets, self.frames = bytes(window.buf[window.burst : window.fill]), b""
            self._app.system.mqtt_due |= 1
        self.sink.on_error(code, reason, offset)


def begin(app: "App") -> None:
    """Called before the first message."""
    stream = app.reader.stream
    dump = Dump(app, stream.sink)
    _dumps.append(dump)
    stream.sink = dump
    if app.config.debug_level == _VERBOSE:
        app.reader.taps += (dump.heard,)


def end(app: "App") -> None:
    """Called after the last message: the decoder gets its sink back."""
    if _dumps:
        dump, reader = _dumps.pop(), app.reader
        reader.stream.sink = dump.sink
        reader.taps = tuple([tap for tap in reader.taps if tap is not dump.heard])


def messages(app: "App", kind: int) -> "Iterator[tuple[str, Iterable[str], int]]":
    """The newest octets, once: (topic, parts of the text, flags); none without a topic."""
    topic = app.config.mqtt_topic
    if topic and not kind and _dumps and _dumps[0].octets:
        dump = _dumps[0]
        octets, frames = dump.octets, dump.frames
        dump.octets = dump.frames = b""
        if frames:
            yield topic, _hex(frames), 0
        yield topic, _text(octets) if dump.text else _hex(octets), 0


def _text(octets: bytes) -> "Iterator[str]":
    """P1: octets of ASCII, others as Latin-1. Without a CRC a disturbed line may bring any."""
    for at in range(0, len(octets), _PIECE):
        yield "".join([chr(octet) for octet in octets[at : at + _PIECE]])


def _hex(octets: bytes) -> "Iterator[str]":
    for at in range(0, len(octets), _PIECE):
        yield hexlify(octets[at : at + _PIECE]).decode().upper()
