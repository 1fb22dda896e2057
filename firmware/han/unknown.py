"""The last list that no decoder knew, for people: what to write a descriptor from.

In       a body as it came
Out      one line of text an item: its number, type and value
Limits   1024 octets are kept, allocated when the first unknown list comes; 60 lines are told
"""

from micropython import const

from han.axdr import SIZES

_KEPT = const(1024)
_LINES = const(60)
_SHOWN = const(32)  # octets of a string
_COUNT = const(0xFD)
_STRING = const(0xFE)
_NONE = const(0xFF)
# By tag, "-" where there is no such type.
_NAMES = (
    "null array structure bool - i32 u32 - - octets text - text bcd - i8 i16 u8 u16 - i64 u64 "
    "enum f32 f64 date-time date time"
)
_SIGNED = (0x05, 0x0F, 0x10, 0x14)

_octets = bytearray(0)
_length = 0


def keep(buf: bytearray, start: int, end: int) -> None:
    """Copy the body buf[start:end]; it replaces the one before."""
    global _octets, _length
    if not _octets:
        _octets = bytearray(_KEPT)
    _length = min(end - start, _KEPT)
    _octets[:_length] = memoryview(buf)[start : start + _length]


def lines(count: int = _LINES) -> "list[str]":
    """The items of the last unknown list; none if there was none. Stops where it is no list."""
    out: "list[str]" = []
    names = _NAMES.split()
    at = 0
    while at < _length and len(out) < count:
        tag = _octets[at]
        size = SIZES[tag] if tag < len(SIZES) else _NONE
        at += 1
        text = "%d " % len(out)
        if size == _NONE:
            out.append(text + "unknown type %02x" % tag)
            break
        text += names[tag]
        if size >= _COUNT:
            length, at = _length_at(at)
            if length < 0:
                out.append(text + " cut off")
                break
            if size == _COUNT:
                out.append(text + " of %d" % length)
                continue
            size = length
        if at + size > _length:
            out.append(text + " cut off")
            break
        out.append(text + _value(tag, at, size))
        at += size
    return out


def _length_at(at: int) -> "tuple[int, int]":
    """The length at _octets[at], -1 if it is cut off, and what follows it."""
    octets = _octets[at] & 0x7F if at < _length and _octets[at] & 0x80 else 0
    if at + octets >= _length or octets > 2:
        return -1, at
    if not octets:
        return _octets[at], at + 1
    return int.from_bytes(_octets[at + 1 : at + 1 + octets], "big"), at + 1 + octets


def _value(tag: int, at: int, size: int) -> str:
    shown = _octets[at : at + min(size, _SHOWN)]
    digits = "".join(["%02x" % octet for octet in shown])
    if SIZES[tag] == _STRING:
        more = ".." if size > _SHOWN else ""
        if size and all(0x20 <= octet <= 0x7E for octet in shown):
            return "[%d] %s%s '%s%s'" % (size, digits, more, shown.decode(), more)
        return "[%d] %s%s" % (size, digits, more)
    if not size:
        return ""
    if tag > 0x16:
        return " " + digits
    value = int.from_bytes(shown, "big")
    if tag in _SIGNED and shown[0] & 0x80:
        value -= 1 << 8 * size
    return " %d" % value
