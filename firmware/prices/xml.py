"""XML as a stream: octets in, opened and closed elements, attributes and texts out.

In       any split of the octets of one document; UTF-8 or another code that holds ASCII
Out      events; the number of an element's or attribute's name among those the user knows, without
         its prefix; the text in a buffer, without outer blanks
Wire     elements, attributes in either quotes, comments, CDATA, processing instructions, DOCTYPE
         without declarations. References like &amp; stay as they are, but for value()
Limits   16 elements deep, names of 64 octets, texts of 128: a longer name is unknown, a longer
         text is cut and its length says 129; feeding allocates nothing
Errors   `fault` says what is wrong with the document; there are no events after it
Source   W3C, Extensible Markup Language 1.0. Not checked: what a name or an attribute may be, that
         a name nobody knows is closed by the same name, references
"""

from prices.lexer import (
    ATTRIBUTE,
    BAD,
    CLOSE,
    EMPTY,
    MARK,
    NAME_MAX,
    NEED_DATA,
    OPEN,
    STATE,
    TEXT_MAX,
    number_of,
    scan,
)

__all__ = ("ATTRIBUTE", "CLOSE", "NEED_DATA", "OPEN", "Scanner")

DEPTH_MAX = 16

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class Scanner:
    """feed(), then next() until NEED_DATA.

    name    after an event: the number of the name from 1 on, 0 for one that is not known
    parent  the number of the element around it, or that has the attribute; 0 also without one
    depth   elements that are open, the one that the event opens or closes included
    text    of an attribute, or since the last tag at CLOSE; length octets of it, 129 if it is cut
    whole   the root element has been closed: what follows is passed over
    """

    def __init__(self, names: str) -> None:
        """names: the local names to be known, a blank between them."""
        self.name = self.parent = self.depth = self.length = 0
        self.text = bytearray(TEXT_MAX)
        self.whole = False
        self.fault = ""
        self.position = 0  # octets of earlier chunks
        self._names = names.encode()
        self._open = bytearray(DEPTH_MAX)
        self._state = bytearray(STATE)
        self._own_name = bytearray(NAME_MAX)
        self._last = NEED_DATA
        self._buf: "bytes | bytearray | memoryview" = b""
        self._at = self._end = 0

    def feed(self, chunk: "bytes | bytearray | memoryview | str", n: int = -1) -> None:
        """Take the first n octets of chunk, all with n < 0. They must stay until NEED_DATA."""
        self._buf = chunk.encode() if isinstance(chunk, str) else chunk
        self._at = 0
        self._end = len(self._buf) if n < 0 else min(n, len(self._buf))

    def next(self) -> int:
        """The next event of what was fed; NEED_DATA also for ever after a fault or the end."""
        if self._last == CLOSE:
            self._state[2] = 0
            self.depth -= 1
        event = NEED_DATA
        if not self.whole and not self.fault:
            found: int = scan(self._buf, self._at, self._end, self._state, self._own_name,
                               self.text, MARK)  # fmt: skip
            self._at = found >> 3
            event = found & 7
        if event == NEED_DATA:
            self.position += self._end
            self._buf = b""
            self._at = self._end = 0
        elif event != BAD:
            event = self._tell(event)
        if event == BAD:
            self.fault = "no XML at octet %d: ask again" % (self.position + self._at)
            event = NEED_DATA
        self._last = event
        return event

    def _tell(self, event: int) -> int:
        """Set what the event says. Returns it, or BAD if it cannot be here."""
        n = self._state[1]
        self.length = self._state[2]
        self.name = 0
        if event != EMPTY and n <= NAME_MAX:
            number: int = number_of(self._names, len(self._names), self._own_name, n)
            self.name = number
        if event == OPEN:
            if self.depth == DEPTH_MAX:
                return BAD
            self._open[self.depth] = self.name
            self.depth += 1
        elif event != ATTRIBUTE:
            if not self.depth:
                return BAD
            opened = self._open[self.depth - 1]
            if event == CLOSE and opened != self.name:
                return BAD
            event = CLOSE
            self.name = opened
            self.whole = self.depth == 1
        around = self.depth - (1 if event == ATTRIBUTE else 2)
        self.parent = self._open[around] if around >= 0 else 0
        return event

    def value(self) -> str:
        """The text as printable ASCII, others as '?', at most 128 of them."""
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
