"""What is in a list that nobody knows: for people who write a descriptor of it.

In       a body as it came
Out      one line of text an item: its number, type and value; or types and values
Limits   60 lines; of a string 32 octets are shown
"""

from micropython import const

from han.items import SIZES

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


def lines(octets: bytes, count: int = _LINES) -> "list[str]":
    """The items of a body; none of an empty one. Stops where it is no list."""
    rows, _ = items(octets, 0, count)
    return ["%d %s%s" % (i, rows[i][0], rows[i][1]) for i in range(len(rows))]


def items(octets: bytes, at: int, count: int) -> "tuple[list[tuple[str, str, int]], int]":
    """([(type, value with its leading space, where it begins)], where the next item begins): up to
    count items from `at` on, none of them at the end. Nothing follows where it is no list."""
    out: "list[tuple[str, str, int]]" = []
    names = _NAMES.split()
    while at < len(octets) and len(out) < count:
        tag, begin = octets[at], at
        size = SIZES[tag] if tag < len(SIZES) else _NONE
        at += 1
        if size == _NONE:
            out.append(("unknown type %02x" % tag, "", begin))
            return out, len(octets)
        name = names[tag]
        if size >= _COUNT:
            length, at = _length_at(octets, at)
            if length < 0:
                out.append((name, " cut off", begin))
                return out, len(octets)
            if size == _COUNT:
                out.append((name, " of %d" % length, begin))
                continue
            size = length
        if at + size > len(octets):
            out.append((name, " cut off", begin))
            return out, len(octets)
        out.append((name, _value(tag, octets[at : at + size]), begin))
        at += size
    return out, at


def _length_at(body: bytes, at: int) -> "tuple[int, int]":
    """The length at body[at], -1 if it is cut off, and what follows it."""
    octets = body[at] & 0x7F if at < len(body) and body[at] & 0x80 else 0
    if at + octets >= len(body) or octets > 2:
        return -1, at
    if not octets:
        return body[at], at + 1
    return int.from_bytes(body[at + 1 : at + 1 + octets], "big"), at + 1 + octets


def _value(tag: int, octets: bytes) -> str:
    size = len(octets)
    shown = octets[:_SHOWN]
    digits = "".join(["%02x" % octet for octet in shown])
    if SIZES[tag] == _STRING:
        leftover = ".." if size > _SHOWN else ""
        if size and all(0x20 <= octet <= 0x7E for octet in shown):
            return "[%d] %s%s '%s%s'" % (size, digits, leftover, shown.decode(), leftover)
        return "[%d] %s%s" % (size, digits, leftover)
    if not size:
        return ""
    if tag > 0x16:
        return " " + digits
    value = int.from_bytes(shown, "big")
    if tag in _SIGNED and shown[0] & 0x80:
        value -= 1 << 8 * size
    return " %d" % value
