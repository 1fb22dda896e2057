"""From an APDU or a P1 text to a Reading: keeps the one decoder in use, and what outlives it.

In       octets whose checks were good and that are not ciphered
Out      a new Reading
Errors   DecodeError
Limits   1024 octets are kept of the last list that nobody knew

Lists and P1 text are decoded by modules of which one is loaded: that of the line at hand.
"""

from micropython import const
from ondemand import visit

from han.fields import UNKNOWN, UNKNOWN_DATA, DecodeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from han.fields import Reading

_KEPT = const(1024)
_SLASH = const(0x2F)


class Decoder:
    """One line's decoder.

    unknown  the body of the last list that nobody knew, for han.inspector
    own      an owner's descriptors, compiled
    lists    the han.lists.Lists in use, None while the module is not loaded
    """

    def __init__(self) -> None:
        self.unknown = b""
        self.own = b""
        self._visit = visit("han.lists")
        self.lists: "Any" = None
        self._p1 = visit("han.p1")

    def use(self, text: str) -> None:
        """Take an owner's descriptors before the built-in decoders; "" drops them.

        Raises han.descriptors.DescriptorError, a ValueError, and then nothing changes.
        """
        with visit("han.descriptors") as descriptors:
            self.own = descriptors.table(text, True) if text else b""

    def decode(self, buf: bytearray, start: int, end: int, vendor: int = UNKNOWN) -> "Reading":
        """Decode the APDU, or the P1 text from its '/' on, in buf[start:end].

        vendor  whose meter it is if the list does not tell, as from the system title: maker(title)
        """
        if start < end and buf[start] == _SLASH:
            return self.text().decode(buf, start, end)  # type: ignore[no-any-return]
        self._p1.close()
        if self.lists is None:
            self.lists = self._visit.open().Lists()
        try:
            reading: "Reading" = self.lists.decode(buf, start, end, self.own)
        except DecodeError as e:
            body: int = self.lists.body
            if e.code == UNKNOWN_DATA and body >= 0:
                e.reading = self.lists.reading  # what its header said is true
                self.unknown = bytes(buf[body : min(end, body + _KEPT)])
            raise
        if not reading.vendor:
            reading.vendor = vendor
        return reading

    def unknown_items(self) -> "list[str]":
        """The items of the last list that nobody knew, a line each; none if there was none."""
        with visit("han.inspector") as inspector:
            return inspector.lines(self.unknown)  # type: ignore[no-any-return]

    def text(self) -> "Any":
        """The module han.p1, kept until the next list."""
        self._close_lists()
        return self._p1.open()

    def close(self) -> None:
        """Unload what is kept; the next telegram loads its own."""
        self._close_lists()
        self._p1.close()

    def _close_lists(self) -> None:
        if self.lists is not None:
            self.lists.close()
            self.lists = None
            self._visit.close()
