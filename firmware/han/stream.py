"""The whole way from octets to Readings: framers, layers, decoder, and where errors are caught.

In       octets in any split; silence when the line has gone quiet
Out      sink.on_reading(reading), sink.on_error(code, reason, offset) with the offset in the
         stream, and before an error sink.on_unknown(reading) if it is a list that nobody knows
Layers   frame -> segments | blocks -> deciphered -> list or P1 text
Limits   take() and silence() raise nothing, whatever the octets are

Until a wire is identified, a frame may begin at the first octets of any wire, and the framer of
that wire is loaded to check it. Once a frame has led to a Reading, only its framer is used, until
a few bursts in a row have no frame for it. A frame that leads to no Reading proves the line's
settings, but identifies no wire. While none is identified only wrong checksums of frames are
reported at once: other faults may be another wire's octets, and the first of them is reported if
the burst has no frame.
"""

import micropython
from micropython import const
from ondemand import Place

from han.decode import Decoder
from han.fields import (
    AUTHENTICATION,
    BOUNDARY,
    CHECKSUM,
    EXCEPTION,
    HEADER_CHECKSUM,
    INCOMPLETE,
    UNKNOWN_DATA,
    DecodeError,
    maker,
)
from han.window import (
    ALIEN,
    BAD_FCS,
    BAD_HCS,
    BAD_LENGTH,
    FRAME,
    LAST,
    NEED_DATA,
    NUMBERED,
    OVERFLOW,
    P1_LINES,
    PLAIN,
    SEGMENT,
    SIZE,
    Window,
    after_llc,
    find_beginning,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts import Aes, Sink

    from han.assembly import Assembly
    from han.cipher import Cipher
    from han.fields import Reading

# Wires whose frames may begin anywhere: a row for han.window.find_beginning, and the framer.
WIRES = (
    (b"\x7e\x01\xf0\xa0", "han.hdlc"),  # a flag, format type 3
    (b"\x68\x03\xff\x68", "han.mbus"),  # 68 L L 68
    (b"/\x01\xc0\x40", "han.p1frame"),  # '/' and a letter
)
# APDUs without a frame: checked only where a burst begins with one of these octets.
BARE = "han.bare"
_BARE_FIRST = b"/\x0f\xdb\xdc\xe6"

_PART_MISSING = "a part of the message is missing"
_FAULTS = (  # of frames: from BAD_HCS to OVERFLOW
    (HEADER_CHECKSUM, "frame header checksum is wrong"),
    (CHECKSUM, "checksum is wrong"),
    (BOUNDARY, "frame does not end where its length says"),
    (INCOMPLETE, "telegram is too long"),
)
_FRAME_MIN = const(4)  # octets from which a framer starts
_TELEGRAM_MIN = const(16)  # fewer octets are a glitch on the line
_ALIEN_BURSTS = const(4)  # without a frame of the wire in use, after which all wires are tried
_GENERAL_BLOCK_TRANSFER = const(0xE0)
_CIPHERED = b"\xdb\xdc"  # general-glo-ciphering, general-ded-ciphering


class TelegramStream:
    """One line's decoder.

    window        receive buffer
    base          stream position of offset 0 of the buffer that an error's offset is about
    frames        number of frames with good checks: each proves the line's settings
    locked        number of the wire in use: a row of WIRES, len(WIRES) for BARE, -1 for none
    alien_bursts  bursts in a row without a frame
    reserve       heap for a telegram when there is no other; None from then until it is free again
    counter_fell  how often a ciphered meter's invocation counter fell: see han.cipher
    probe         is told each message before it is deciphered, see keytest; it changes nothing
    """

    octets, spare = SIZE, 1536  # of the window and the reserve

    def __init__(
        self,
        sink: "Sink[Reading]",
        key: "bytes | None" = None,
        auth_key: "bytes | None" = None,
        aes: "Callable[[bytes], Aes] | None" = None,
        decoder: "Decoder | None" = None,
    ) -> None:
        self.window = Window(self.octets)
        self.frames = self.alien_bursts = self.counter_fell = 0
        self.locked = -1
        self.sink = sink  # another one may stand before it
        self._beginnings = b"".join([row for row, _ in WIRES])
        self._framer, self._parts, self._ciphering = Place(), Place(), Place()
        self._decoder = decoder or Decoder()
        self._assembly: "Assembly | None" = None
        self._cipher: "Cipher | None" = None
        self.probe: "Callable[[bytearray, int, int, bool, bool], None] | None" = None
        self._keys = (key, auth_key, aes)
        if key is not None:
            self._open_cipher()
        self._wire, self.base = -1, 0  # _wire: whose frame begins at window.at, -1 = not yet found
        self.start = -1  # where that message begins in the window, -1 = not opened yet
        self.stop = 0  # its end, deciphered and without LLC, while the sink gets its reading
        self._deciphered = False  # it was ciphered
        self.reserve: "bytearray | None" = bytearray(self.spare)
        self._burst = 0  # octets since the line was last quiet
        self._begins = True  # only noise came in this burst, up to window.at
        # In this burst a frame came, an error was reported, parts of a message came.
        self._framed = self._reported = self._parts_came = False
        # Its first fault: wire, status, position.
        self._doubt: "tuple[int, int, int] | None" = None

    def use_keys(self, key: "bytes | None", auth_key: "bytes | None") -> None:
        """Decipher with these keys from the next telegram on; None where none is set."""
        self._keys = (key, auth_key, self._keys[2])
        self._cipher = None

    def reset(self) -> None:
        """Forget the octets received: the line's settings have changed."""
        self.locked = self._wire = -1
        self.alien_bursts = 0
        self._leave_assembly()
        self.window.clear()
        self._framer.leave()
        self._decoder.close()
        self._end_burst()

    def take(self, octets: "bytes | bytearray", count: int) -> None:
        """Read the frames that octets[:count] complete. Only a message allocates."""
        self._burst += count
        at = 0
        while at < count:
            at += self.window.add(octets, at, count - at)
            self._look(False)

    def silence(self) -> None:
        """End the burst: the line is quiet, the rest of an incomplete telegram will not come."""
        if not self._burst:
            return
        self._look(True)
        if not self._framed and self._burst >= _TELEGRAM_MIN:
            if self._doubt and not self._reported:
                self._report(self._doubt[1], self._doubt[2])
            elif not self._reported:
                reason = "no telegram in %d octets" % self._burst
                self.base = self.window.position
                at = self.base + self.window.fill - self._burst
                self.sink.on_error(UNKNOWN_DATA, reason, max(at, 0))
            self.alien_bursts += 1
            if self.alien_bursts >= _ALIEN_BURSTS:
                was_locked = self.locked >= 0
                self.locked = -1
                self._leave_assembly()
                if was_locked:  # the burst may hold another wire's frames
                    self.window.at = self.window.burst
                    self._begins = True
                    self._look(True)
        if self._framed:
            self.alien_bursts = 0
        if self._assembly is not None and not self._parts_came and not self.window.kept:
            self._leave_assembly()
        self._end_burst()

    def overdue(self) -> None:
        """Drop the parts of a message: the line was quiet for seconds, the rest will not come."""
        if self._assembly is not None:
            self._assembly.drop()

    def _leave_assembly(self) -> None:
        if self._assembly is not None:
            self._assembly.drop()
            self._assembly = None
            self._parts.leave()

    def _end_burst(self) -> None:
        self.window.burst = self.window.fill
        self._burst = 0
        self._begins = True
        self._framed = self._reported = self._parts_came = False
        self._doubt = None

    def _look(self, silent: bool) -> None:
        """Check one frame after the other, until octets are missing."""
        try:
            if self.reserve is None:
                self.reserve = bytearray(self.spare)
        except MemoryError:
            pass  # the next look is another chance
        try:
            try:
                while self._find(silent) and self._check(silent):
                    pass
            except MemoryError:  # a module could not be loaded, or the sink found no heap
                self.reserve = None
                while self._find(silent) and self._check(silent):
                    pass
        except MemoryError as e:  # again: the octets received are lost
            self._reported = True
            self.sink.on_error(EXCEPTION, "defect: %r" % e, self.window.position)
            self._leave_assembly()
            self.window.clear()
            self._wire = -1

    @micropython.native
    def _find(self, silent: bool) -> bool:
        """Whether a frame may begin in the window, with enough octets; window.at is set to it."""
        if self._wire >= 0:
            return True
        window, buf = self.window, self.window.buf
        fill, at = window.fill, window.at
        if self._begins:
            while at < fill and (buf[at] == 0x00 or buf[at] == 0xFF):
                at += 1
            window.at = at
        if at < fill:
            last = len(WIRES)
            bare = self._begins and (self.locked < 0 or self.locked == last)
            bare = bare and buf[at] in _BARE_FIRST
            first = max(self.locked, 0)
            if self.locked >= 0:
                last = min(last, self.locked + 1)
            window.at = find_beginning(buf, at, fill, self._beginnings, 4 * first, 4 * last)
            if bare and window.at != at:
                window.at = at
                first = len(WIRES)
            elif window.at != at:
                self._begins = False
            if fill - window.at >= _FRAME_MIN:
                while first < last and WIRES[first][0][0] != buf[window.at]:
                    first += 1
                self._wire = first
                return True
        if silent:
            window.at = fill
        return False

    def _check(self, silent: bool) -> bool:
        """Check and read the frame at window.at. False if it continues after the fill."""
        window = self.window
        at = window.at
        wire = self._wire
        bare = wire == len(WIRES)
        framer = self._framer.use(BARE if bare else WIRES[wire][1])
        status = framer.check(window, silent)
        if status == NEED_DATA:
            if window.fill - at < len(window.buf) - window.kept:
                return False
            status = framer.check(window, True)
            if status == BAD_LENGTH:
                status = OVERFLOW
        self._wire = -1
        window.seen = 0
        if status == FRAME:
            self._begins = self._begins and bare
            locked = self.locked
            if window.end > window.start and self._take(wire):
                self.frames += 1
                self._framed = True
                if locked < 0 and self._doubt and self._doubt[0] == wire:
                    self._report(self._doubt[1], self._doubt[2])
                    self._doubt = None
            if bare and self.locked < 0:  # another wire's frame may begin inside it
                window.at = at + 1
                self._begins = False
            return True
        if status == ALIEN:
            if self._begins and not bare and self.locked < 0 and window.buf[at] in _BARE_FIRST:
                window.at = at
                self._wire = len(WIRES)
                return True
        elif self.locked >= 0 or status == BAD_FCS:
            self._reported = True
            self._report(status, window.position + at)
        elif self._doubt is None or (status == BAD_HCS and self._doubt[1] != BAD_HCS):
            self._doubt = (wire, status, window.position + at)
        if window.at == at:
            window.at = at + 1
        self._begins = False
        return True

    def _report(self, status: int, at: int) -> None:
        code, reason = _FAULTS[status - BAD_HCS]
        self.base = self.window.position
        self.sink.on_error(code, reason, at)

    def _take(self, wire: int) -> bool:
        """Read the window's frame and report the result. Whether the frame was this wire's."""
        window = self.window
        self._deciphered = False
        self.start = -1
        self.base = window.position
        try:
            try:
                reading = self._read()
            except MemoryError:
                self.reserve = None
                reading = self._read()
        except DecodeError as e:
            doubtful = wire == len(WIRES) and self.locked < 0 and not self._deciphered
            if doubtful and e.code == UNKNOWN_DATA:
                return False
            if e.reading is not None:
                self.sink.on_unknown(e.reading)
            self._reported = True
            self.sink.on_error(e.code, e.reason, self.base + e.offset)
            return not doubtful or e.code <= AUTHENTICATION  # the key is wrong or missing
        except Exception as e:  # a defect of ours costs this telegram, not the reader
            self._reported = True
            self.sink.on_error(EXCEPTION, "defect: %r" % e, self.base + window.start)
            return False
        if reading is not None:
            if self.locked != wire:
                self.locked = wire
                if self._keys[0] is None and not self._deciphered:
                    self._cipher = None
                    self._ciphering.leave()
            self.sink.on_reading(reading)
        return True

    def _read(self) -> "Reading | None":
        """The reading in the window's frame; None if its message needs more frames.

        After a MemoryError it may be called again: what was joined and deciphered stays so.
        """
        window, buf = self.window, self.window.buf
        kind = window.kind
        if self.start < 0:
            if kind >= PLAIN and not self._join(kind):
                return None
            start = window.body if kind == P1_LINES else after_llc(buf, window.start, window.end)
            end = window.end
            if start >= end:
                raise DecodeError("empty frame", start)
            ciphered = kind == P1_LINES or buf[start] in _CIPHERED
            if self.probe is not None:
                self.probe(buf, start, end, kind == P1_LINES, ciphered)
            if ciphered:
                cipher = self._open_cipher()
                start, end = cipher.decipher(buf, start, end, kind == P1_LINES)
                self._deciphered = True
                self.counter_fell = cipher.counter_fell
            self.start = start
            self.stop = end
        if kind == P1_LINES:
            lines = self._decoder.text().decode_lines
            return lines(buf, window.start, window.body, self.start, self.stop)  # type: ignore
        vendor = maker(self._cipher.system_title) if self._deciphered and self._cipher else 0
        return self._decoder.decode(buf, self.start, self.stop, vendor)

    def _join(self, kind: int) -> bool:
        """Whether the frame is or completes a message, from window.start to end then."""
        window, buf = self.window, self.window.buf
        part = kind == SEGMENT or (kind >= NUMBERED and kind != NUMBERED | LAST)
        start = after_llc(buf, window.start, window.end)
        part = part or (start < window.end and buf[start] == _GENERAL_BLOCK_TRANSFER)
        assembly = self._assembly
        if assembly is None:
            if not part:
                return True
            assembly = self._assembly = self._parts.use("han.assembly").Assembly(window)
        self._parts_came = self._parts_came or part or window.kept > 0
        whole = assembly.add_segment()
        if assembly.lost:
            self.sink.on_error(INCOMPLETE, _PART_MISSING, window.position + window.start)
        if not whole:
            return False
        self.base = assembly.first_at - window.start
        start = after_llc(buf, window.start, window.end)
        if start == window.end or buf[start] != _GENERAL_BLOCK_TRANSFER:
            return True
        if not assembly.add_block(start, window.end):
            return False
        self.base = assembly.first_at
        return True

    def _open_cipher(self) -> "Cipher":
        if self._cipher is None:
            self._cipher = self._ciphering.use("han.cipher").Cipher(*self._keys)
        return self._cipher
