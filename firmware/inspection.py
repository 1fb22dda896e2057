"""Looking at the meter's line: octets caught while somebody waits for them, layer by layer.

In       the line, see linecatch; or a capture that was pasted, see han.pasted
Out      pieces of JSON, or the text of a capture; None while there is nothing yet: ask again after
         a moment
Rules    Nothing of what was caught is kept. The line's own decoder is not touched: a second one
         reads the capture, with the keys in force or those that were given. No key is in any
         answer
Errors   ValueError before the first piece: see linecatch and han.pasted
"""

import clock
from fmt import boolean, quote
from han import layers
from han.dissect import Dissector, wire
from han.fields import NOT_UNDERSTOOD
from linecatch import Catch, settings_words, short
from micropython import const
from ondemand import visit
from refine import refusal
from state import FAULT_AROUND
from system import PRODUCT, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App
    from contracts import Client
    from han.dissect import Entry

    Keys = tuple[bytes | None, bytes | None]
    Pasted = tuple[bytearray, list[int], Keys, str]  # octets, ends of bursts, keys, whose

_CHUNK = const(64)
_LINE = const(32)  # octets in a line of a capture
_KEY_NAMES = ("encryption_key", "authentication_key")


def get(app: "App", query: "dict[str, str]") -> "Iterator[str | None]":
    """The document /inspect.json."""
    catch = Catch(app, query)
    dissection = None
    try:
        yield '{"firmware":%s,"board":%s,"time":%s' % (
            quote(VERSION),
            quote(app.system.board.name),
            _time(app),
        )
        while not catch.done():
            yield None
        catch.close()
        catch.trim()
        yield ',"line":' + line(app)
        yield ',"newest_error":' + _newest_error(app)
        yield from _unknown(app)
        yield from _heard(catch)
        dissection = Dissection(app, catch.octets, catch.ends(), app.config.keys())
        dissection.cut = catch.full
        yield from dissection.pieces()
        yield ',"words":%s}' % quote(_verdict(app, catch, dissection))
    finally:
        catch.close()
        if dissection is not None:
            dissection.close()


def capture(app: "App", query: "dict[str, str]") -> "Iterator[str | None]":
    """The text of /capture.hex, which tools/decode.py and tools/meter.py read."""
    catch = Catch(app, query)
    try:
        yield "# %s %s on %s, %s\n" % (PRODUCT, VERSION, app.system.board.name, _time(app))
        yield "# octets of the meter's line as they came; the meter's number may be among them\n"
        while not catch.done():
            yield None
        catch.close()
        catch.trim()
        ends = catch.ends()
        for i in range(len(catch.bursts)):
            at, ms, settings = catch.bursts[i]
            yield "# %d.%03d s, %s\n" % (ms // 1000, ms % 1000, settings_words(settings))
            while at < ends[i]:
                yield layers.digits(bytes(catch.octets[at : min(at + _LINE, ends[i])])) + "\n"
                at += _LINE
            yield "\n"
        if not catch.fill:
            yield "# nothing was heard in %d s\n" % catch.seconds()
    finally:
        catch.close()


async def read(app: "App", stream: "Client") -> "Pasted":
    """The body of a request: see han.pasted. Raises ValueError."""
    with visit("han.pasted") as module:
        text = module.Pasted(stream.left)
        while stream.left:
            text.feed(await stream.piece())
        text.close()
        octets, ends, given = text.octets, text.ends, text.keys
    keys, whose = app.config.keys(), "in force"
    if given:
        with visit("schema") as schema:
            texts = [given.get(name, "") for name in _KEY_NAMES]
            keys, whose = (schema.parse_key(texts[0]), schema.parse_key(texts[1])), "given"
    if keys == (None, None):
        whose = "none"
    return octets, ends, keys, whose


def pasted(app: "App", found: "Pasted") -> "Iterator[str | None]":
    """The answer to what read() has found."""
    octets, ends, keys, whose = found
    dissection = Dissection(app, octets, ends, keys)
    try:
        yield '{"success":true,"octets":%d,"bursts":%d,"keys":"%s"' % (
            ends[-1] if ends else 0,
            len(ends),
            whose,
        )
        yield ',"capture":"'
        yield from layers.long_digits(octets, 0, ends[-1] if ends else 0)
        yield '"'
        yield from dissection.pieces()
        yield ',"words":%s}' % quote(dissection.words() or "no telegram was found")
    finally:
        dissection.close()


class Dissection:
    """A capture through the layers.

    readings  telegrams that were decoded
    fault     the first error's reason, and what the owner can do
    cut       the last telegram may lack its end: this is no error
    """

    def __init__(self, app: "App", octets: bytearray, ends: "list[int]", keys: "Keys") -> None:
        self._ends = ends
        self._config = app.config
        self._stream = Dissector(octets, keys, app.system.board.aes, app.decoder.own)
        self.readings = 0
        self.fault = ""
        self.cut = False

    def close(self) -> None:
        """Unload what it keeps loaded."""
        self._stream.close()

    def pieces(self) -> "Iterator[str | None]":
        """The members telegrams and left_out."""
        stream = self._stream
        yield ',"telegrams":['
        comma = ""
        at = 0
        for end in self._ends:
            while at < end:
                count = min(_CHUNK, end - at)
                stream.advance(count)
                at += count
                if at == end:
                    stream.silence()
                yield None  # the line's own telegrams are decoded meanwhile
                while stream.entries:
                    yield comma
                    yield from layers.pieces(self._counted(stream.entries.pop(0)))
                    comma = ","
        yield '],"left_out":%d' % stream.left_out

    def _counted(self, entry: "Entry") -> "Entry":
        reading = entry.reading
        if reading is not None and reading.list_type and not entry.errors:
            reason = refusal(reading, self._config) if reading.guessed else ""
            if reason:
                entry.errors.append((NOT_UNDERSTOOD, reason, -1, b"", b""))
            else:
                self.readings += 1
        cut = self.cut and entry.end == self._ends[-1] and entry.kind < 0
        if entry.errors and not self.fault and not cut:
            self.fault = layers.advice(entry)
        return entry

    def words(self) -> str:
        """The outcome in a sentence, "" if nothing was found."""
        count = self.readings
        found = "1 telegram is decoded" if count == 1 else "%d telegrams are decoded" % count
        if self.fault:
            found = found if count else "no telegram is decoded"
            return "%s; the first error: %s" % (found, self.fault)
        return found if count else ""


def line(app: "App") -> str:
    """What is known and what is tried of the line, as JSON."""
    reader = app.reader
    stream, detector = reader.stream, reader.detector
    settings = reader.settings
    search = "null"
    if detector:
        now = app.system.uptime_ms()
        size = len(detector.order)
        rows = [
            '{"settings":"%s","octets":%d,"now":%s}'
            % (
                short(detector.order[i]),
                detector.heard[i],
                boolean(i == (detector.turn - 1) % size),
            )
            for i in range(size)
        ]
        search = '{"round":%d,"turn":%d,"seconds":%d,"combinations":[%s]}' % (
            (detector.turn - 1) // size + 1,
            (detector.turn - 1) % size + 1,
            (now - detector.since) // 1000,
            ",".join(rows),
        )
    return (
        '{"settings":"%s","words":%s,"proven":%s,"state":%s,"wire":"%s","frames":%d,'
        '"bursts_without_frame":%d,"search":%s}'
    ) % (
        short(settings),
        quote(settings_words(settings)),
        boolean(settings and not detector),
        quote(app.state.line),
        wire(stream.locked),
        stream.frames,
        stream.alien_bursts,
        search,
    )


def _time(app: "App") -> str:
    utc = app.system.utc()
    return quote(clock.iso(utc) + "Z") if utc else "null"


def _newest_error(app: "App") -> str:
    """The newest error since the start, with its age."""
    state = app.state
    if not state.fault_code:
        return "null"
    kept = bytes(state.fault)
    before = kept[2 : 2 + kept[0]]
    after = kept[2 + kept[0] : 2 + kept[0] + kept[1]]
    reason = kept[2 + 2 * FAULT_AROUND :].rstrip(b"\0").decode()
    error = (state.fault_code, reason, -1, before, after)
    age_s = app.system.uptime_s() - state.fault_s
    return '{"age":%d,"error":%s}' % (age_s, layers.error_json(error))


def _unknown(app: "App") -> "Iterator[str]":
    """The newest list that no decoder knows."""
    body = app.decoder.unknown
    if not body:
        yield ',"unknown":null'
        return
    yield ',"unknown":{"octets":"'
    yield from layers.long_digits(body, 0, len(body))
    yield '","items":['
    yield from layers.items(body, 0)
    yield "]}"


def _heard(catch: Catch) -> "Iterator[str]":
    """What came, and how its octets are: a wrong rate or polarity gives many of 00, FF and 80."""
    zeros = ones = printable = high = 0
    for octet in memoryview(catch.octets)[: catch.fill]:
        zeros += octet == 0
        ones += octet == 0xFF
        high += octet >= 0x80
        printable += 0x20 <= octet <= 0x7E
    yield (
        ',"heard":{"seconds":%d,"octets":%d,"caught":%d,"cut":%s,'
        '"zeros":%d,"ones":%d,"high":%d,"printable":%d}'
    ) % (
        catch.seconds(),
        catch.came,
        catch.fill,
        boolean(catch.full),
        zeros,
        ones,
        high,
        printable,
    )
    yield ',"bursts":['
    ends, comma = catch.ends(), ""
    for i in range(len(catch.bursts)):
        at, ms, settings = catch.bursts[i]
        yield '%s{"at":%d,"ms":%d,"settings":"%s","octets":"' % (comma, at, ms, short(settings))
        yield from layers.long_digits(catch.octets, at, ends[i])
        yield '"}'
        comma = ","
    yield "]"


def _verdict(app: "App", catch: Catch, dissection: Dissection) -> str:
    found = dissection.words()
    searched = app.reader.detector is not None
    if found and not (searched and dissection.fault):
        return found
    if searched and catch.came:
        return (
            "octets come, but no telegram yet: the settings of the line are searched for, "
            "which takes up to 3 minutes"
        )
    if catch.came:
        return "octets came, but no whole telegram: look again, with more seconds"
    return (
        "nothing was heard in %d s: see that the cable is in the meter's port, and that the grid "
        "company has switched the port on"
    ) % catch.seconds()
