"""The octets of a capture that a person pasted, from text or as they are.

In       pieces of the text, in any split
Out      octets, and where each burst ends; the texts of keys that were given with it
Text     pairs of hexadecimal digits, in either case, with spaces, line ends, 0x, \\x and , - : ; |
         and any brackets or quotes between them. # and // begin a comment, up to the line's end.
         A blank line ends a burst: the meter's line was quiet there
         encryption_key=... and authentication_key=... , or with a colon, each in a line of its own
Other    what does not begin as such text is taken as it is: P1 text, which begins with '/', and
         raw octets
Limits   3840 octets; a key's line of 80 characters
Errors   ValueError with the line and what is wrong. It has no part of a key

P1 text that was copied has lost its carriage returns, if the checksum is right with them and wrong
without: then they are put back.
"""

from micropython import const

from han.dissect import MOST
from han.window import arc

KEYS = (b"encryption_key", b"authentication_key")

_BETWEEN = b" \t\r\n,-:;|\\[](){}<>\"'"
_MARK = b"\xef\xbb\xbf"  # of UTF-8, before a text
_KEY_TEXT = const(80)
_LINE_END = const(0x0A)
_SLASH = const(0x2F)
_HASH = const(0x23)
_X = const(0x78)

# What the character at hand belongs to.
_TEXT = const(0)
_COMMENT = const(1)
_AFTER_SLASH = const(2)
_KEY = const(3)
_RAW = const(4)


class Pasted:
    """octets, the first `fill` of them are used; ends, an offset for each burst; keys by name of
    the setting."""

    def __init__(self, length: int) -> None:
        """length: of the whole text."""
        self.octets = bytearray(0)
        self.fill = 0
        self._length = length
        self.ends: "list[int]" = []
        self.keys: "dict[str, str]" = {}
        self._place = _TEXT
        self._half = -1  # the first digit of a pair
        self._line = 1
        self._blank = True  # the line so far
        self._held = b""  # its beginning, which may be a key's name
        self._value = bytearray()

    def feed(self, piece: "memoryview | bytes") -> None:
        """Take the next characters."""
        for octet in piece:
            if self._place == _RAW:
                self._add(octet)
            else:
                self._take(octet)

    def close(self) -> None:
        """The text has ended."""
        if self._place == _AFTER_SLASH:
            self._add(_SLASH)
        elif self._place == _KEY:
            self._end_key()
        elif self._held:
            self._release()
        self._end_burst()
        if self._place == _RAW and self.octets[0] == _SLASH:
            self._put_carriage_returns_back()

    def _take(self, octet: int) -> None:
        if self._place == _AFTER_SLASH:
            self._decide(octet)
        elif octet == _LINE_END:
            self._end_line()
        elif self._place == _KEY:
            self._value.append(octet)
            if len(self._value) > _KEY_TEXT:
                raise ValueError("line %d: a key has 32 hexadecimal digits" % self._line)
        elif self._place == _TEXT and not self._is_name(octet):
            self._take_character(octet)

    def _is_name(self, octet: int) -> bool:
        """Whether the line's beginning may be a key's name, or is one."""
        if not self._blank and not self._held:
            return False
        if self._held in KEYS and octet in b"=: \t":
            self._place = _KEY
            return True
        held = self._held + bytes((octet | 0x20 if octet != 0x5F else octet,))
        for name in KEYS:
            if name.startswith(held):
                self._held = held
                self._blank = False
                return True
        if self._held:
            self._release()
        return False

    def _release(self) -> None:
        """The beginning of the line was no name."""
        held, self._held = self._held, b""
        for octet in held:
            self._take_character(octet)

    def _take_character(self, octet: int) -> None:
        digit = _digit(octet)
        if digit >= 0:
            self._blank = False
            if self._half < 0:
                self._half = digit
            else:
                self._add(self._half << 4 | digit)
                self._half = -1
        elif octet in _BETWEEN:
            self._blank = self._blank and octet in b" \t\r"
        elif octet == _HASH:
            self._place, self._blank = _COMMENT, False
        elif octet == _SLASH:
            self._place = _AFTER_SLASH
        elif octet | 0x20 == _X and self._half <= 0:  # of 0x, \x
            self._half = -1
        elif self.fill or self._half >= 0:
            self._refuse(octet)
        elif octet not in _MARK:
            self._place = _RAW
            self._add(octet)

    def _decide(self, octet: int) -> None:
        """What a slash before this octet begins."""
        if octet == _SLASH:
            self._place, self._blank = _COMMENT, False
        elif self.fill or self._half >= 0:
            self._refuse(_SLASH)
        else:
            self._place = _RAW
            self._add(_SLASH)
            self._add(octet)

    def _refuse(self, octet: int) -> None:
        shown = "'%s'" % chr(octet) if 0x20 <= octet <= 0x7E else "octet %02X" % octet
        raise ValueError("line %d: %s is no hexadecimal digit" % (self._line, shown))

    def _add(self, octet: int) -> None:
        if not self.fill:
            length = self._length if self._place == _RAW else self._length // 2
            self.octets = bytearray(min(length, MOST) + 1)  # see han.dissect
        if self.fill >= MOST:
            raise ValueError("at most %d octets are taken: send fewer telegrams" % MOST)
        self.octets[self.fill] = octet
        self.fill += 1

    def _end_line(self) -> None:
        if self._place == _KEY:
            self._end_key()
        elif self._held:
            self._release()
        if self._blank and self._place == _TEXT:
            self._end_burst()
        self._place, self._blank = _TEXT, True
        self._line += 1

    def _end_key(self) -> None:
        text = bytes(self._value)
        self._value = bytearray()
        name, self._held = self._held, b""
        for octet in text:
            if octet > 0x7E:
                raise ValueError("line %d: a key has 32 hexadecimal digits" % self._line)
        self.keys[name.decode()] = text.decode().strip("=: \t\r")

    def _end_burst(self) -> None:
        if self._half >= 0:
            raise ValueError("line %d: a digit without the other one of its pair" % self._line)
        if self.fill > (self.ends[-1] if self.ends else 0):
            self.ends.append(self.fill)

    def _put_carriage_returns_back(self) -> None:
        octets = bytes(self.octets[: self.fill])
        if b"\r" in octets or _fits(octets):
            return
        octets = octets.replace(b"\n", b"\r\n")
        if _fits(octets):
            self.fill = len(octets)
            self.ends = [self.fill]
            self.octets = bytearray(octets + b"\0")


def _digit(octet: int) -> int:
    """The value of a hexadecimal digit, -1 if it is none."""
    if 0x30 <= octet <= 0x39:
        return octet - 0x30
    octet |= 0x20
    return octet - 0x57 if 0x61 <= octet <= 0x66 else -1


def _fits(octets: bytes) -> bool:
    """Whether the first P1 telegram has its checksum, and that is right."""
    end = octets.find(b"\n!") + 2
    digits = octets[end : end + 4]
    if end < 2 or len(digits) < 4:
        return False
    value = 0
    for octet in digits:
        if _digit(octet) < 0:
            return False
        value = value << 4 | _digit(octet)
    return int(arc(octets, 0, end)) == value
