"""XML parser for a stream: octets in, opened and closed elements, attributes and texts out.

In       the octets of one document in any chunks; UTF-8 or another code that contains ASCII
Out      events for handle() of a subclass: the number of an element's or attribute's name among
         the known names, without its prefix; its text in a buffer, without outer blanks.
         decimal() and integer() convert a text to a number
Wire     elements, attributes in either quotes, comments, CDATA, processing instructions, DOCTYPE
         without declarations. References like &amp; stay as they are, except in value()
Limits   16 elements deep, names of 64 octets, texts of 128: a longer name is unknown, a longer
         text is cut and its length is 129; 32 octets a number; feeding allocates nothing while
         numbers fit the device's small integers
Errors   `fault` says why the document is refused; no event follows it
Source   W3C, Extensible Markup Language 1.0. Not checked: which characters a name or an attribute
         may have, that an unknown name is closed by the same name, references
"""

import micropython
from micropython import const

DEPTH_MAX = const(16)
NAME_MAX = const(64)
TEXT_MAX = const(128)
_NUMBER_MAX = const(32)
_MARK = b"CDATA["

# Events
NEED_DATA = const(0)
OPEN = const(1)
CLOSE = const(2)
ATTRIBUTE = const(3)
EMPTY = const(4)  # the end of <name/>
BAD = const(5)

# The state: part, octets of the name, octets of the text, quote, octets of a mark
STATE = 5

# Parts of a document: where the next octet belongs
_TEXT = const(0)
_LESS = const(1)  # after <
_NAME = const(2)
_TAG = const(3)  # between attributes
_KEY = const(4)  # an attribute's name
_EQUALS = const(5)  # before =
_QUOTE = const(6)  # before the quote
_VALUE = const(7)
_SLASH = const(8)  # after the / of <name/>
_END_NAME = const(9)
_END = const(10)  # after the name of </name >
_BANG = const(11)  # after <!
_DASH = const(12)  # after <!-
_COMMENT = const(13)
_BRACKET = const(14)  # after <![
_CDATA = const(15)
_INSTRUCTION = const(16)
_DOCTYPE = const(17)

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class Scanner:
    """The state of one document. A subclass overrides handle().

    name    of an event: the number of the name from 1 on, 0 for an unknown one
    parent  the number of the parent element, or of the attribute's element; 0 also without one
    depth   open elements, including the one that the event opens or closes
    text    of an attribute, or at CLOSE since the last tag: `length` octets; 129 if it is cut
    complete  the root element is closed: octets after it are ignored
    fault   "" or why the document is refused; handle() may set it too
    """

    def __init__(self, names: str) -> None:
        """names: the known local names, separated by blanks."""
        self.name = self.parent = self.depth = self.length = 0
        self.text = bytearray(TEXT_MAX)
        self.complete = False
        self.fault = ""
        self.position = 0  # octets of earlier chunks
        self._names = names.encode()
        self._open = bytearray(DEPTH_MAX)
        self._state = bytearray(STATE)
        self._own_name = bytearray(NAME_MAX)

    def handle(self, event: int) -> None:
        """Handle the event OPEN, CLOSE or ATTRIBUTE."""

    def feed(self, chunk: "bytes | bytearray | memoryview | str", n: int = -1) -> None:
        """Take the first n octets of chunk, all with n < 0."""
        buf = chunk.encode() if isinstance(chunk, str) else chunk
        end = len(buf) if n < 0 else min(n, len(buf))
        state = self._state
        at = 0
        while not self.complete and not self.fault:
            found: int = scan(buf, at, end, state, self._own_name, self.text, _MARK)
            at = found >> 3
            event = found & 7
            if event == NEED_DATA:
                break
            self.length = state[2]
            self.name = 0
            if event != EMPTY and state[1] <= NAME_MAX:
                number: int = number_of(self._names, len(self._names), self._own_name, state[1])
                self.name = number
            if event == OPEN:
                if self.depth == DEPTH_MAX:
                    event = BAD
                else:
                    self._open[self.depth] = self.name
                    self.depth += 1
            elif event == CLOSE or event == EMPTY:
                opened = self._open[self.depth - 1] if self.depth else 0
                if not self.depth or (event == CLOSE and opened != self.name):
                    event = BAD
                else:
                    event = CLOSE
                    self.name = opened
            if event == BAD:
                self.fault = "no XML at octet %d: ask again" % (self.position + at)
                break
            around = self.depth - (1 if event == ATTRIBUTE else 2)
            self.parent = self._open[around] if around >= 0 else 0
            self.handle(event)
            if event == CLOSE:
                state[2] = 0
                self.depth -= 1
                self.complete = not self.depth
        self.position += end

    def value(self) -> str:
        """The text as printable ASCII, other octets as '?', at most 128 characters."""
        octets = bytearray(self.text[: min(self.length, TEXT_MAX)])
        for i in range(len(octets)):
            if octets[i] < 0x20:
                octets[i] = 0x20
            elif octets[i] > 0x7E:
                octets[i] = 0x3F
        text = octets.decode()
        for reference, character in _ENTITIES:
            text = text.replace(reference, character)
        return text


def decimal(buf: "bytes | bytearray", n: int, places: int, limit: int) -> "int | None":
    """The decimal number in buf[:n], times 10^places, rounded half away from zero.

    XML Schema's decimal: a sign or none, digits, a point or none, digits. None for anything
    else, also an exponent, more than 32 octets, more than +-limit.
    """
    at = 1 if n and (buf[0] == 0x2D or buf[0] == 0x2B) else 0
    if not at < n <= _NUMBER_MAX:
        return None
    value = digits = 0
    decimals = -1  # after the point, -1 before it
    up = False
    for i in range(at, n):
        x = buf[i]
        if x == 0x2E and decimals < 0:
            decimals = 0
            continue
        if not 0x30 <= x <= 0x39:
            return None
        digits += 1
        if decimals < places:
            value = value * 10 + x - 0x30
            if value > limit:
                return None
        elif decimals == places:
            up = x >= 0x35
        if decimals >= 0:
            decimals += 1
    if not digits:
        return None
    for _ in range(max(decimals, 0), places):
        value *= 10
        if value > limit:
            return None
    if up:
        value += 1
    if value > limit:
        return None
    return -value if buf[0] == 0x2D else value


def integer(buf: "bytes | bytearray", begin: int, end: int) -> int:
    """The number of one to nine digits in buf[begin:end]; -1 for other texts."""
    if not begin < end <= begin + 9:
        return -1
    value = 0
    for i in range(begin, end):
        x = buf[i]
        if not 0x30 <= x <= 0x39:
            return -1
        value = value * 10 + x - 0x30
    return value


@micropython.viper
def scan(buf: ptr8, at: int, end: int, state: ptr8, name: ptr8, text: ptr8, mark: ptr8) -> int:
    """Scan to the next event. Returns the offset after it << 3 | the event."""
    part: int = int(state[0])
    n: int = int(state[1])
    t: int = int(state[2])
    quote: int = int(state[3])
    run: int = int(state[4])
    event: int = 0
    while at < end and event == 0:
        x: int = int(buf[at])
        at += 1
        blank: bool = x == 0x20 or x == 0x0A or x == 0x0D or x == 0x09
        letter: bool = ((x | 0x20) >= 0x61 and (x | 0x20) <= 0x7A) or x == 0x5F or x >= 0x80
        named: bool = letter or (x >= 0x30 and x <= 0x39) or x == 0x2E or x == 0x2D
        keep: bool = False  # in the text
        if x < 0x20 and not blank:
            event = BAD
        elif part == _TEXT:
            if x == 0x3C:
                part = _LESS
            else:
                keep = True
        elif part == _NAME or part == _END_NAME or part == _KEY:
            if named:
                if n < NAME_MAX:
                    name[n] = x
                if n <= NAME_MAX:
                    n += 1
            elif x == 0x3A:  # the octets before the colon are the prefix
                n = 0
            elif n == 0:
                event = BAD
            elif part == _KEY:
                if x == 0x3D:
                    part = _QUOTE
                elif blank:
                    part = _EQUALS
                else:
                    event = BAD
            elif part == _NAME:
                t = 0
                event = OPEN
                if blank:
                    part = _TAG
                elif x == 0x2F:
                    part = _SLASH
                elif x == 0x3E:
                    part = _TEXT
                else:
                    event = BAD
            elif blank:
                part = _END
            elif x == 0x3E:
                event = CLOSE
                part = _TEXT
            else:
                event = BAD
        elif part == _LESS:
            n = 0
            if letter:
                part = _NAME
                name[0] = x
                n = 1
            elif x == 0x2F:
                part = _END_NAME
            elif x == 0x21:
                part = _BANG
            elif x == 0x3F:
                part = _INSTRUCTION
                run = 0
            else:
                event = BAD
        elif part == _VALUE:
            if x == quote:
                event = ATTRIBUTE
                part = _TAG
            elif x == 0x3C:
                event = BAD
            else:
                keep = True
        elif part == _TAG:
            if x == 0x3E:
                t = 0
                part = _TEXT
            elif x == 0x2F:
                part = _SLASH
            elif letter:
                part = _KEY
                name[0] = x
                n = 1
            elif not blank:
                event = BAD
        elif part == _QUOTE:
            if x == 0x22 or x == 0x27:
                quote = x
                t = 0
                part = _VALUE
            elif not blank:
                event = BAD
        elif part == _EQUALS:
            if x == 0x3D:
                part = _QUOTE
            elif not blank:
                event = BAD
        elif part == _SLASH:
            event = BAD
            if x == 0x3E:
                event = EMPTY
                t = 0
                part = _TEXT
        elif part == _END:
            if x == 0x3E:
                event = CLOSE
                part = _TEXT
            elif not blank:
                event = BAD
        elif part == _COMMENT:
            if x == 0x2D:
                if run < 2:
                    run += 1
            else:
                if x == 0x3E and run == 2:
                    part = _TEXT
                run = 0
        elif part == _CDATA:
            keep = True
            if x == 0x5D:
                if run < 2:
                    run += 1
            else:
                if x == 0x3E and run == 2:
                    keep = False
                    part = _TEXT
                    if t <= TEXT_MAX:
                        t -= 2  # the brackets
                run = 0
        elif part == _INSTRUCTION:
            if x == 0x3E and run == 1:
                part = _TEXT
            run = 0
            if x == 0x3F:
                run = 1
        elif part == _BANG:
            run = 0
            if x == 0x2D:
                part = _DASH
            elif x == 0x5B:
                part = _BRACKET
            elif x == 0x44:
                part = _DOCTYPE
            else:
                event = BAD
        elif part == _DASH:
            part = _COMMENT
            if x != 0x2D:
                event = BAD
        elif part == _BRACKET:
            if x != int(mark[run]):
                event = BAD
            run += 1
            if run == 6:
                part = _CDATA
                run = 0
        else:
            if x == 0x3E:
                part = _TEXT
            elif x == 0x5B:  # declarations
                event = BAD
        if keep and (t > 0 or not blank):
            if t < TEXT_MAX:
                text[t] = x
            if t <= TEXT_MAX:
                t += 1
    if event == CLOSE or event == ATTRIBUTE:
        if t <= TEXT_MAX:
            while t > 0 and int(text[t - 1]) <= 0x20:
                t -= 1
    state[0] = part
    state[1] = n
    state[2] = t
    state[3] = quote
    state[4] = run
    return at << 3 | event


@micropython.viper
def number_of(names: ptr8, size: int, name: ptr8, n: int) -> int:
    """The number, from 1, of name[:n] in a list of names separated by blanks; 0 if not found."""
    number: int = 1
    at: int = 0
    while at < size:
        i: int = 0
        while i < n and at + i < size and int(names[at + i]) == int(name[i]):
            i += 1
        if i == n and (at + i == size or int(names[at + i]) == 0x20):
            return number
        while at < size and int(names[at]) != 0x20:
            at += 1
        at += 1
        number += 1
    return 0
