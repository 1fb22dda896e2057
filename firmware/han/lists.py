"""Whose list is this: the Reading in an APDU that is not ciphered.

In       an APDU, perhaps with its LLC header, whose frame was checked; an owner's descriptors
Out      a Reading with the fields the telegram carried
Errors   DecodeError; reading and body say what was known by then
Source   the vendors' customer-port documents by way of decoder
         captures; item types decide, never the count alone
Order    an owner's descriptors, then the makers of MAKERS, the first that claims the list

A maker is a module with decode(items, reading) -> bool: False, and nothing done, if the list is
not its own. Whether it is may depend on the types and lengths of the items and on the strings of
the first two, ten octets of each. That of the meter at hand stays loaded, and so does what it has
claimed: a list of another shape goes to all makers in order, so that the result never depends on
earlier lists.
"""

from micropython import const
from ondemand import visit

from han import codes  # noqa: F401 - every maker needs it
from han.fields import UNKNOWN_DATA, DecodeError, Reading
from han.items import ARRAY, STRUCTURE, Items, strip_header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# The last takes any list in which OBIS codes announce values.
MAKERS = (
    "han.meters.aidon",
    "han.meters.kamstrup",
    "han.meters.iskra",
    "han.meters.kaifa",
    "han.meters.landisgyr",
    "han.codes",
)
_SHAPES = const(8)  # a meter has three or four, more if a phase fails


class Lists:
    """The decoder of lists. One maker is kept: name is its module.

    reading, body  of the telegram at hand; body is -1 before its header is known to be one
    """

    def __init__(self) -> None:
        self.items = Items()
        self.name = ""
        self.reading: "Reading | None" = None
        self.body = -1
        self._maker: "visit | None" = None
        self._decode: "Callable[[Items, Reading], bool] | None" = None  # the maker's
        self._shapes: "list[int]" = []  # of lists that this maker has claimed
        self._matcher: "visit | None" = None  # while an owner's descriptors are in force

    def close(self) -> None:
        """Unload all that is kept."""
        self._forget()
        if self._matcher:
            self._matcher.close()
        self._matcher = None

    def _forget(self) -> None:
        """Unload the maker."""
        if self._maker:
            self._maker.close()
        self._maker = self._decode = None
        self._shapes.clear()
        self.name = ""

    def decode(self, buf: bytearray, start: int, end: int, own: bytes) -> Reading:
        """The APDU buf[start:end] as a new Reading. own: compiled descriptors, b"" for none."""
        self.body = -1
        reading = self.reading = Reading()
        body = strip_header(buf, start, end, reading)
        self.body = body
        items = self.items
        items.load(buf, body, end)
        if not (own or self._matcher) or not self._is_own(own, reading):
            if items.index[0] != STRUCTURE and items.index[0] != ARRAY:
                raise DecodeError("not a list", items.offset(0), UNKNOWN_DATA)
            shape = items.shape()
            if shape not in self._shapes or not self._decode(items, reading):  # type: ignore[misc]
                self._recognise(shape, reading)
        if not reading.list_type:
            raise DecodeError("list without a known quantity", start, UNKNOWN_DATA)
        return reading

    def _is_own(self, own: bytes, reading: Reading) -> bool:
        """Whether an owner's descriptor fits the list; the reading is then filled."""
        if bool(own) != bool(self._matcher):
            self.close()  # the maker may share the matcher: neither outlives the other
            self._matcher = visit("han.positional") if own else None
        if not self._matcher or not self._matcher.open().decode(own, self.items, reading):
            return False
        reading.guessed = True
        return True

    def _recognise(self, shape: int, reading: Reading) -> None:
        """Fill the reading by the first maker that claims the list, and keep that maker."""
        shapes = self._shapes[1 - _SHAPES :]
        before = self.name
        self._forget()  # two makers at a time would share what one of them has loaded
        for name in MAKERS:
            with visit(name) as maker:
                if maker.decode(self.items, reading):
                    self._maker = visit(name)
                    self._decode = self._maker.open().decode
                    self._shapes = shapes + [shape] if name == before else [shape]
                    self.name = name
                    return
