"""The smallest reader of XML that price documents need: octets in, opened and closed elements out.

In       the octets of one document in any chunks; UTF-8 or another code that contains ASCII
Out      handle(OPEN) and handle(CLOSE) of a subclass: the number of the element's name among the
         known names, without its prefix; attribute() at OPEN; the text at CLOSE, without blanks
Wire     elements, attributes in either quotes, a declaration <?xml ...?> at the begin
Limits   16 elements deep; of a text the first 128 octets, of a tag the first 256: attributes after
         these are not found. References as &amp; stay as they are, except in value()
Errors   `fault` says why the document is refused: also for DOCTYPE, CDATA, comments and other
         instructions, which no price document has. No event follows it
Source   W3C, Extensible Markup Language 1.0. Not checked: which characters a name or an attribute
         may have, that an unknown name is closed by the same name, references
"""

from array import array

import micropython
from micropython import const

TEXT_MAX = const(128)
TAG_MAX = const(256)
_DEPTH_MAX = const(16)

# Events
OPEN = const(1)
CLOSE = const(2)

# Places in the state
_INSIDE = const(0)  # a tag
_TAG = const(1)  # octets of the tag, also those that were cut
_TEXT = const(2)  # octets of the text before it
_QUOTE = const(3)  # the open quote, 0 without
_LAST = const(4)  # octet of the tag
_PLACES = const(5)
# What scan() has found.
_MORE = const(0)
_WHOLE = const(1)
_BAD = const(2)

_BLANKS = b" \t\r\n"
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class Scanner:
    """The state of one document. A subclass overrides handle().

    name    of an event: the number of the name from 1 on, 0 for an unknown one
    parent  the number of the parent element; 0 also without one
    depth   open elements, including the one that the event opens or closes
    text    at CLOSE of a known name: the octets since the last tag, at most TEXT_MAX, without
            outer blanks
    complete  the root element is closed: octets after it are ignored
    fault   "" or why the document is refused; handle() may set it too
    """

    def __init__(self, names: str) -> None:
        """names: the known local names, separated by blanks."""
        self.name = self.parent = self.depth = 0
        self.text = b""
        self.complete = False
        self.fault = ""
        self.position = 0  # octets of earlier chunks
        self._names = names.encode()
        self._open = bytearray(_DEPTH_MAX)
        self._state = array("i", bytes(4 * _PLACES))
        self._tag_octets = bytearray(TAG_MAX)
        self._text_octets = bytearray(TEXT_MAX)
        self._text_view = memoryview(self._text_octets)
        self._attributes = b""

    def handle(self, event: int) -> None:
        """Handle the event OPEN or CLOSE."""

    def feed(self, chunk: "bytes | bytearray | memoryview | str", n: int = -1) -> None:
        """Take the first n octets of chunk, all with n < 0."""
        buf = chunk.encode() if isinstance(chunk, str) else chunk
        end = len(buf) if n < 0 else min(n, len(buf))
        state = self._state
        at = 0
        while not self.complete and not self.fault:
            found: int = scan(buf, at, end, state, self._tag_octets, self._text_octets)
            at = found >> 2
            found &= 3
            if found == _MORE:
                break
            if found == _BAD or not self._accept():
                self.fault = "no XML at octet %d: ask again" % (self.position + at)
        self.position += end

    def _accept(self) -> bool:
        """Handle the octets between < and >. False if they are no tag that may come here."""
        tag = self._tag_octets
        n = self._state[_TAG]
        cut = n > TAG_MAX
        n = min(n, TAG_MAX)
        if not self.depth and n > 5 and tag[0] == 0x3F:
            self._state[_TEXT] = 0
            return bytes(tag[:5]) == b"?xml " and (cut or tag[n - 1] == 0x3F)
        closes = n > 0 and tag[0] == 0x2F
        empty = self._state[_LAST] == 0x2F
        if empty and not cut:
            n -= 1
        found: int = number_of(self._names, len(self._names), tag, int(closes), n)
        if found < 0:
            return False
        self.name = found >> 10
        end = found & 0x3FF
        self._attributes = bytes(tag[end:n]) if end < n else b""
        if not closes:
            if self.depth == _DEPTH_MAX or not self._walk(b"")[0]:
                return False
            self._open[self.depth] = self.name
            self.depth += 1
            self._state[_TEXT] = 0
            self._tell(OPEN)
        elif not self.depth or self._open[self.depth - 1] != self.name or self._attributes.strip():
            return False
        if (closes or empty) and not self.fault:
            self.text = b""
            if self.name:
                length = min(self._state[_TEXT], TEXT_MAX)
                self.text = bytes(self._text_view[:length]).strip()
            self._tell(CLOSE)
            self._state[_TEXT] = 0
            self.depth -= 1
            self.complete = not self.depth
        return True

    def _tell(self, event: int) -> None:
        self.parent = self._open[self.depth - 2] if self.depth > 1 else 0
        self.handle(event)

    def attribute(self, name: bytes) -> bytes:
        """At OPEN: the attribute's value; b"" if the tag has none of that name."""
        return self._walk(name)[1]

    def _walk(self, wanted: bytes) -> "tuple[bool, bytes]":
        """Whether the attributes are well formed, and the value of one."""
        rest = self._attributes
        value = b""
        if not self._attributes:
            return True, value
        cut = self._state[_TAG] > TAG_MAX
        while rest.strip():
            key, equals, rest = rest.partition(b"=")
            key, rest = key.strip(), rest.lstrip()
            text, end, after = rest[1:].partition(rest[:1] or b"=")
            if not end:
                return cut, value
            if not equals or not _starts_a_name(key) or rest[:1] not in (b'"', b"'"):
                return False, b""
            if after and after[:1] not in (b" ", b"\t", b"\r", b"\n"):
                return False, b""
            if key[key.find(b":") + 1 :] == wanted:
                value = text
            rest = after
        return True, value

    def value(self) -> str:
        """The text as printable ASCII, other octets as '?'."""
        return plain(self.text)


def plain(octets: bytes) -> str:
    """Octets as printable ASCII with references resolved; blanks for control characters, others
    as '?'."""
    out = bytearray(octets)
    for i in range(len(out)):
        if out[i] < 0x20:
            out[i] = 0x20
        elif out[i] > 0x7E:
            out[i] = 0x3F
    text = out.decode()
    for reference, character in _ENTITIES:
        text = text.replace(reference, character)
    return text


def _starts_a_name(octets: bytes) -> bool:
    """Whether a name may begin with the first octet."""
    x = octets[0] if octets else 0
    return 0x61 <= x | 0x20 <= 0x7A or x == 0x5F or x >= 0x80


@micropython.viper
def scan(buf: ptr8, at: int, end: int, state: ptr32, tag: ptr8, text: ptr8) -> int:
    """Scan to the end of the next tag. Returns the offset after it << 2 | what was found."""
    inside: int = int(state[_INSIDE])
    n: int = int(state[_TAG])
    t: int = int(state[_TEXT])
    quote: int = int(state[_QUOTE])
    last: int = int(state[_LAST])
    found: int = _MORE
    while at < end and found == _MORE:
        x: int = int(buf[at])
        at += 1
        blank: bool = x == 0x20 or x == 0x0A or x == 0x0D or x == 0x09
        if x < 0x20 and not blank:
            found = _BAD
        elif inside == 0:
            if x == 0x3C:
                inside = 1
                n = last = quote = 0
            elif t > 0 or not blank:
                if t < TEXT_MAX:
                    text[t] = x
                t += 1
        elif x == 0x3C:
            found = _BAD
        elif x == 0x3E and quote == 0:
            inside = 0
            found = _WHOLE
        else:
            if quote == x:
                quote = 0
            elif quote == 0 and (x == 0x22 or x == 0x27):
                quote = x
            if n < TAG_MAX:
                tag[n] = x
            n += 1
            last = x
    state[_INSIDE] = inside
    state[_TAG] = n
    state[_TEXT] = t
    state[_QUOTE] = quote
    state[_LAST] = last
    return at << 2 | found


@micropython.viper
def number_of(names: ptr8, size: int, tag: ptr8, begin: int, n: int) -> int:
    """The number, from 1, of the name at tag[begin:n] in a list of names separated by blanks, 0 if
    not found, << 10 | its end; -1 if no name begins there. A prefix does not count."""
    end: int = begin
    starts: bool = True
    while end < n and int(tag[end]) > 0x20:
        x: int = int(tag[end])
        letter: bool = ((x | 0x20) >= 0x61 and (x | 0x20) <= 0x7A) or x == 0x5F or x >= 0x80
        if x == 0x2F or (starts and not letter):
            return -1
        end += 1
        starts = x == 0x3A
        if starts:
            begin = end
    if starts:
        return -1
    number: int = 1
    at: int = 0
    while at < size:
        i: int = 0
        while begin + i < end and at + i < size and int(names[at + i]) == int(tag[begin + i]):
            i += 1
        if begin + i == end and (at + i == size or int(names[at + i]) == 0x20):
            return number << 10 | end
        while at < size and int(names[at]) != 0x20:
            at += 1
        at += 1
        number += 1
    return end
