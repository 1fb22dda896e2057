"""Payload 255: what the meter sends, as text of capital hexadecimal digits on the topic.

Each message of DLMS that is read, deciphered and without its frame; all octets of the burst if a
frame is damaged. A P1 telegram is published only if debug_level is 1, as text without its CRC: it
says who the customer is. Octets that come before the last ones are published replace those.
There is nothing but telegrams. The module stands between the line's decoder and its sink from
begin() to end().
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

# The one that stands before the sink, from begin() to end().
_dumps: "list[Dump]" = []


class Dump:
    """A sink that keeps the newest octets, and hands everything on."""

    def __init__(self, app: "App", sink: "Sink[Reading]") -> None:
        self._app = app
        self.sink = sink
        self.octets = b""
        self.text = False  # P1: published as they are

    def on_reading(self, reading: "Reading") -> None:
        stream = self._app.reader.stream
        window = stream.window
        self.text = window.kind in (_P1_TEXT, _P1_LINES)
        if not self.text:
            self.octets = bytes(window.buf[stream.start : stream.stop])
        elif self._app.config.debug_level == _VERBOSE:
            self.octets = bytes(window.buf[window.start : window.end])
        self.sink.on_reading(reading)

    def on_unknown(self, reading: "Reading") -> None:
        self.sink.on_unknown(reading)

    def on_error(self, code: int, reason: str, offset: int) -> None:
        window = self._app.reader.stream.window
        if code in _FRAMES and window.fill > window.burst:
            self.text = False
            self.octets = bytes(window.buf[window.burst : window.fill])
            self._app.system.mqtt_due |= 1
        self.sink.on_error(code, reason, offset)


def begin(app: "App") -> None:
    """Called before the first message."""
    stream = app.reader.stream
    dump = Dump(app, stream.sink)
    _dumps.append(dump)
    stream.sink = dump


def end(app: "App") -> None:
    """Called after the last message: the decoder gets its sink back."""
    if _dumps:
        app.reader.stream.sink = _dumps.pop().sink


def messages(app: "App", kind: int) -> "Iterator[tuple[str, Iterable[str], int]]":
    """The newest octets, once: (topic, parts of the text, flags); none without a topic."""
    topic = app.config.mqtt_topic
    if topic and not kind and _dumps and _dumps[0].octets:
        dump = _dumps[0]
        octets, dump.octets = dump.octets, b""
        yield topic, (octets.decode(),) if dump.text else _hex(octets), 0


def _hex(octets: bytes) -> "Iterator[str]":
    for at in range(0, len(octets), _PIECE):
        yield hexlify(octets[at : at + _PIECE]).decode().upper()
