"""A decoder that notes what it finds in each layer of a capture.

In       the octets of a capture, burst by burst
Out      entries in the order in which they were found: frames, and faults of octets without one
Rules    It is the decoder of the line, so it says what that says. The capture is its window, so
         offsets in the window, in the stream and in the capture are the same. It changes the
         capture: messages are deciphered in place, parts of them are moved to its beginning
Limits   48 entries, the others are counted
"""

from micropython import const
from ondemand import visit

from han.fields import DecodeError
from han.stream import BARE, WIRES, TelegramStream
from han.window import P1_LINES, P1_TEXT, axdr_length

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from contracts import Aes

    from han.fields import Reading

MOST = const(3840)  # octets of a capture
_ENTRIES = const(48)
_AROUND = const(16)  # octets before an error, and as many from there on
_TRAILER = const(6)  # octets after the '!' of P1 text
_AUTHENTICATED = const(0x10)
_TAG = const(12)
_HDLC = const(0)  # rows of WIRES
_P1 = const(2)


class Entry:
    """A frame, or a fault outside of frames.

    at, end     its span in the capture
    wire        row of WIRES, len(WIRES) without a frame format, -1 not known
    kind        of han.window, -1 if it is no whole frame
    joined      frames of which the message was made, 0 if it needs more
    title ...   the header of the cipher: system title (None if it is not ciphered), security
                control, invocation counter, octets of the text
    clear       the APDU or P1 text, deciphered; b"" if it could not be
    body        where the list begins in it, -1 if there is none
    maker       whose decoder took it, "" for none; descriptor: of a list by positions
    reading     the values; of an unknown list those of its header
    errors      [(code, reason, offset in the capture or -1, octets before, octets from there)]
    """

    def __init__(self, at: int, end: int, wire: int) -> None:
        self.at = at
        self.end = end
        self.wire = wire
        self.kind = -1
        self.joined = 0
        self.title: "bytes | None" = None
        self.control = self.counter = self.length = 0
        self.clear = b""
        self.body = -1
        self.maker = self.descriptor = ""
        self.reading: "Reading | None" = None
        self.errors: "list[tuple[int, str, int, bytes, bytes]]" = []


class Dissector(TelegramStream):
    """entries are taken by whoever feeds it; left_out counts those above the limit."""

    def __init__(
        self,
        capture: bytearray,
        keys: "tuple[bytes | None, bytes | None]",
        aes: "Callable[[bytes], Aes]",
        own: bytes,
    ) -> None:
        """capture: its octets and one more, so that the window is never full.
        own: an owner's descriptors, compiled."""
        self.entries: "list[Entry]" = []
        self.left_out = 0
        self._count = self._joined = 0
        self._entry: "Entry | None" = None
        self._from = self._tried = self._fault_wire = -1
        self.octets = self.spare = self._fed = 0
        super().__init__(self, keys[0], keys[1], aes)
        self.window.buf = capture
        self.probe = self._see_message
        self._decoder.own = own

    def advance(self, count: int) -> None:
        """Read so many octets more of the capture."""
        window = self.window
        if window.position:  # it was cleared for want of heap: go on behind what is lost
            window.position = 0
            window.at = window.burst = self._fed
        self._fed += count
        self._burst += count
        window.fill = self._fed
        self._look(False)

    def close(self) -> None:
        """Unload what it keeps loaded."""
        self.reset()
        self._ciphering.leave()

    def on_reading(self, reading: "Reading") -> None:
        """The entry has it."""

    def on_unknown(self, reading: "Reading") -> None:
        """The entry has it."""

    def on_error(self, code: int, reason: str, offset: int) -> None:
        """Note an error and the octets around it, of the message if that was at hand."""
        window, entry = self.window, self._entry
        if entry is None:
            entry = Entry(offset, window.fill, self._fault_wire)
            self._fault_wire = -1
            self._keep(entry)
        at = min(max(offset - self.base, 0), window.fill)
        before = bytes(window.buf[max(at - _AROUND, 0) : at])
        after = bytes(window.buf[at : min(at + _AROUND, window.fill)])
        where = offset if self.base == window.position else -1
        entry.errors.append((code, reason, where, before, after))

    def _keep(self, entry: Entry) -> None:
        if self._count < _ENTRIES:
            self._count += 1
            self.entries.append(entry)
        else:
            self.left_out += 1

    def _check(self, silent: bool) -> bool:
        self._from = self.window.at
        self._tried = self._wire
        return super()._check(silent)

    def _report(self, status: int, at: int) -> None:
        doubt = self._doubt
        self._fault_wire = doubt[0] if doubt and doubt[2] == at else self._tried
        super()._report(status, at)

    def _take(self, wire: int) -> bool:
        window = self.window
        entry = self._entry = Entry(self._from, window.at, wire)
        entry.kind = window.kind
        if wire == _HDLC:
            entry.end += 1  # the closing flag, which may open the next frame
        elif wire == _P1:
            entry.end = self._after_trailer(window.at)
        took = super()._take(wire)
        self._entry = None
        if took or entry.errors:
            self._keep(entry)
        return took

    def _after_trailer(self, at: int) -> int:
        last = min(at + _TRAILER, self.window.fill)
        while at < last and self.window.buf[at] != 0x2F:
            at += 1
            if self.window.buf[at - 1] == 0x0A:
                break
        return at

    def _see_message(
        self, buf: bytearray, start: int, end: int, lines: bool, ciphered: bool
    ) -> None:
        """Note the header of a ciphered message: see han.cipher."""
        entry = self._entry
        at = start if lines else start + 1
        if entry is None or not ciphered or at >= end:
            return
        length_at = at + 1 + buf[at]
        length = axdr_length(buf, length_at, end)
        sc_at = length_at + (length >> 16)
        if length < 0 or sc_at + 5 > end:
            return
        entry.title = bytes(buf[at + 1 : length_at])
        entry.control = buf[sc_at]
        entry.counter = int.from_bytes(buf[sc_at + 1 : sc_at + 5], "big")
        tag = _TAG if entry.control & _AUTHENTICATED else 0
        entry.length = max((length & 0xFFFF) - 5 - tag, 0)

    def _read(self) -> "Reading | None":
        entry = self._entry
        assert entry is not None
        try:
            reading = super()._read()
        except DecodeError as e:
            self._see_layers(entry, e.reading)
            raise
        if reading is None:
            self._joined += 1
        else:
            self._see_layers(entry, reading)
        return reading

    def _see_layers(self, entry: Entry, reading: "Reading | None") -> None:
        """Note what is known of the message at hand."""
        entry.joined = self._joined + 1
        self._joined = 0
        entry.reading = reading
        start, stop, buf = self.start, self.stop, self.window.buf
        if start < 0 or start >= stop:
            return
        if entry.kind == P1_LINES:
            entry.clear = bytes(buf[self.window.start : self.window.body])
        entry.clear += bytes(buf[start:stop])
        lists: "Any" = self._decoder.lists
        decoded = reading is not None and reading.list_type > 0
        if is_p1(entry):
            entry.maker = "p1" if decoded else ""
        elif lists is not None and lists.body >= 0:
            entry.body = lists.body - start
            if decoded:
                self._see_descriptor(entry, lists)

    def _see_descriptor(self, entry: Entry, lists: "Any") -> None:
        """Note who has taken the list, and which descriptor fitted: an owner's or the maker's."""
        with visit("han.positional") as positional:
            entry.maker = "lists.txt"
            entry.descriptor = _name(positional, self._decoder.own, lists.items)
            if not entry.descriptor:
                entry.maker = lists.name.split(".")[-1]
                with visit(lists.name) as module:
                    table = getattr(module, "LISTS", b"")
                entry.descriptor = _name(positional, table, lists.items)


def _name(positional: "Any", table: bytes, items: "Any") -> str:
    """The name of the first descriptor of the table that fits, "" if none does."""
    size = len(table)
    found = positional.match(table, size, items.index, items.count, items.buf, items.plan)
    if found < 0:
        return ""
    at = (found >> 8) + 5
    return table[at + 1 : at + 1 + table[at]].decode()


def wire(number: int) -> str:
    """The framer of a row of WIRES: hdlc, mbus, p1frame, bare; "" if it is not known."""
    if number < 0:
        return ""
    return (WIRES[number][1] if number < len(WIRES) else BARE).split(".")[1]


def is_p1(entry: Entry) -> bool:
    """Whether the message is P1 text."""
    return P1_TEXT <= entry.kind <= P1_LINES or entry.clear[:1] == b"/"
