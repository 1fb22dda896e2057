"""The smallest reader of JSON that price documents need: octets in, single values out.

In       the octets of one document in any chunks
Out      handle(key, value, quoted) of a subclass for each text, number, true, false or null;
         ended() for each end of an object. `depth` is the number of open objects and lists
Limits   8 deep; a value of 64 octets, a key too; escapes other than \\" \\\\ \\/ are refused
Errors   `fault` says why the document is refused; no call follows it
Source   RFC 8259. Not checked: the form of a number, which its reader checks
"""

from micropython import const

_DEPTH_MAX = const(8)
_TOKEN_MAX = const(64)

# What may come next.
_VALUE = const(0)
_FIRST = const(1)  # a value or ] after [
_TEXT = const(2)
_ESCAPE = const(3)
_BARE = const(4)  # a number or a word
_AFTER = const(5)  # , or the end of object or list
_KEY = const(6)  # or } after {
_NEXT_KEY = const(7)
_COLON = const(8)

_OBJECT = const(0x7B)
_LIST = const(0x5B)
_WORDS = (b"true", b"false", b"null")


class Scanner:
    """The state of one document. A subclass overrides handle() and ended().

    complete  the outermost value is whole: only blanks may follow
    fault     "" or why the document is refused; a subclass may set it too
    """

    def __init__(self) -> None:
        self.depth = 0
        self.complete = False
        self.fault = ""
        self.position = 0  # octets of earlier chunks
        self._open = bytearray(_DEPTH_MAX)
        self._next = _VALUE
        self._is_key = False
        self._token = bytearray(_TOKEN_MAX)
        self._n = 0
        self._key = b""

    def handle(self, key: bytes, value: bytes, quoted: bool) -> None:
        """Handle a value; key: of the object around it, or of the list around it."""

    def ended(self) -> None:
        """Handle the end of an object; `depth` still counts it."""

    def feed(self, chunk: "bytes | bytearray | memoryview", n: int = -1) -> None:
        """Take the first n octets of chunk, all with n < 0."""
        end = len(chunk) if n < 0 else min(n, len(chunk))
        token = self._token
        for at in range(end):
            if self.fault:
                break
            x = chunk[at]
            if self._next == _TEXT and x != 0x22 and x != 0x5C and x >= 0x20:
                if self._n < _TOKEN_MAX:
                    token[self._n] = x
                self._n += 1
            elif not self._accept(x):
                self.fault = "no JSON at octet %d: ask again" % (self.position + at + 1)
        self.position += end

    def _accept(self, x: int) -> bool:
        """Take one octet. False if it may not come here."""
        state = self._next
        if state == _TEXT:
            self._next = _ESCAPE if x == 0x5C else state
            return x == 0x5C or (x == 0x22 and self._text_ends())
        if state == _ESCAPE:
            self._next = _TEXT
            return x in b'"\\/' and self._add(x)
        if state == _BARE:
            if x not in b" \t\r\n,]}":
                return self._add(x)
            if not self._bare_ends():
                return False
            if self.fault:
                return True
            state = self._next
        if x in b" \t\r\n":
            return True
        if self.complete:
            return False
        if state == _COLON:
            self._next = _VALUE
            return x == 0x3A
        if state == _KEY or state == _NEXT_KEY:
            if x == 0x7D:
                return state == _KEY and self._close(_OBJECT)
            self._start_token(_TEXT, True)
            return x == 0x22
        if state == _AFTER:
            if x == 0x2C:
                self._next = _NEXT_KEY if self._open[self.depth - 1] == _OBJECT else _VALUE
                return True
            return (x == 0x7D and self._close(_OBJECT)) or (x == 0x5D and self._close(_LIST))
        return self._value(x, state)

    def _value(self, x: int, state: int) -> bool:
        """Begin a value by its first octet."""
        if x == _OBJECT or x == _LIST:
            if self.depth == _DEPTH_MAX:
                return False
            self._open[self.depth] = x
            self.depth += 1
            self._next = _KEY if x == _OBJECT else _FIRST
            return True
        if x == 0x5D:
            return state == _FIRST and self._close(_LIST)
        if not self.depth:
            return False
        self._start_token(_TEXT if x == 0x22 else _BARE, False)
        return x == 0x22 or self._add(x)

    def _start_token(self, state: int, is_key: bool) -> None:
        self._next = state
        self._is_key = is_key
        self._n = 0

    def _add(self, x: int) -> bool:
        if self._n < _TOKEN_MAX:
            self._token[self._n] = x
        self._n += 1
        return x > 0x20

    def _text_ends(self) -> bool:
        text = bytes(self._token[: min(self._n, _TOKEN_MAX)])
        if self._is_key:
            self._key = text
            self._next = _COLON
            return True
        self._next = _AFTER
        self.handle(self._key, text, True)
        return True

    def _bare_ends(self) -> bool:
        """Handle a number or a word. False if it is neither."""
        if self._n > _TOKEN_MAX:
            return False
        bare = bytes(self._token[: self._n])
        self._next = _AFTER
        if bare not in _WORDS and (bare[:1] not in b"-0123456789"):
            return False
        self.handle(self._key, bare, False)
        return True

    def _close(self, kind: int) -> bool:
        """End an object or list. False if another kind is open."""
        if not self.depth or self._open[self.depth - 1] != kind:
            return False
        if kind == _OBJECT:
            self.ended()
        self.depth -= 1
        self._next = _AFTER
        self.complete = not self.depth
        return True
