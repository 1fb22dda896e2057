"""A telegram layer by layer, as pieces of JSON.

In       an entry of han.dissect
Out      {"at", "length", "words", "frame", "cipher", "apdu", "list", "text", "reading", "errors"}
         at, length  the frame's span in the capture
         words       the outcome in a sentence
         frame       {"wire", "kind", "check", "frames"}: what was checked, and of how many frames
                     the message was made, 0 if it is not whole
         cipher      {"system_title", "maker", "security_control", "words", "invocation_counter",
                     "length"}
         apdu        {"tag", "name", "invoke_id", "time", "octets"}, deciphered
         list        {"items": [{"type", "value", "at"}]}, in the order of the list: the members of
                     a structure follow it; at: its place in the octets of the apdu
         text        the lines of P1 text
         reading     {"list_type", "maker", "decoder", "descriptor", "clock", "ident", "fields":
                     [{"name", "value", "unit", "text"}]}, as sent, without the corrections of the
                     settings
         errors      [{"code", "kind", "reason", "at", "before", "octets", "help"}]; at is null if
                     the message came in several frames
         A layer that is not there, or not reached, is null
Limits   200 items, 120 lines; no string is longer than its octets in hexadecimal digits
Source   DLMS Green Book (tags, security control); IEC 62056-5-3
"""

import binascii

import clock
from fmt import fixed, quote
from micropython import const
from ondemand import visit

from han.dissect import is_p1, wire
from han.fields import APDU_TIME_LOCAL, maker
from han.window import P1_LINES, SEGMENT, UNCHECKED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from han.dissect import Entry
    from han.fields import Reading

_PIECE = const(64)  # octets of a piece of hexadecimal digits
_ITEMS = const(200)
_BATCH = const(16)
_LINES = const(120)
_WIDTH = const(160)
_COMPRESSED = const(0x80)
_BROADCAST = const(0x40)
_ENCRYPTED = const(0x20)
_AUTHENTICATED = const(0x10)
# Tables of pairs: a dict would take heap.
_CHECKS = (
    ("hdlc", "the checksums of header and frame are right"),
    ("mbus", "the checksum is right"),
    ("p1frame", "the checksum is right, or none was sent"),
    ("bare", "no checksum: the lengths inside are right"),
)
_WIRES = (
    ("hdlc", "HDLC"),
    ("mbus", "M-Bus"),
    ("p1frame", "P1"),
    ("bare", "no frame format"),
    ("", "?"),
)
_TAGS = (
    (0x0F, "data-notification"),
    (0x2F, "P1 text"),
    (0xC2, "event-notification"),
    (0xC4, "get-response"),
    (0xDB, "general-glo-ciphering"),
    (0xDC, "general-ded-ciphering"),
    (0xE0, "general-block-transfer"),
)
_MAKERS = (
    (1, "Aidon"),
    (2, "Kaifa"),
    (3, "Kamstrup"),
    (8, "Iskraemeco"),
    (9, "Landis+Gyr"),
    (10, "Sagemcom"),
)
# By the end of a field's name: its unit, and unit and decimals of the text.
_UNITS = (
    ("w", ("W", "W", 0)),
    ("var", ("var", "var", 0)),
    ("mv", ("mV", "V", 3)),
    ("ma", ("mA", "A", 3)),
    ("wh", ("Wh", "kWh", 3)),
    ("varh", ("varh", "kvarh", 3)),
    ("permille", ("1/1000", "", 3)),
    ("mhz", ("mHz", "Hz", 3)),
    ("dm3", ("dm3", "m3", 3)),
    ("l", ("l", "m3", 3)),
    ("mj", ("MJ", "MJ", 0)),
    ("min", ("min", "min", 0)),
)
# By code: kind, and what the owner can do.
_HELP = (
    (-1, ("parse", "the frame is good, but what is in it ends too early or is no list")),
    (-2, ("incomplete", "a part of the message did not come: octets are lost on the line")),
    (-3, ("boundary", "octets are lost on the line, or the baud rate or format is wrong")),
    (-4, ("header_checksum", "octets are changed on the line: see the cable and its length")),
    (-5, ("checksum", "octets are changed on the line: see the cable and its length")),
    (-9, ("unknown", "no decoder knows this: an owner can describe a list in /lists.txt")),
    (-51, ("authentication", "see the authentication key, or remove it")),
    (-52, ("decryption", "see the encryption key: is it this meter's?")),
    (-53, ("key", "the meter encrypts: ask the grid company for its key and set encryption_key")),
    (89, ("not_understood", "the list was guessed, and its values are not possible")),
    (90, ("silent", "no telegram comes: see the cable, and whether the port is switched on")),
    (92, ("overflow", "octets came faster than they were read")),
    (98, ("defect", "an error of the firmware: please report it with this capture")),
)
_NO_FRAME = (
    "no frame begins in these octets: the line's settings are others, or the capture is cut"
)


def pieces(entry: "Entry") -> "Iterator[str]":
    """The JSON of an entry."""
    name = wire(entry.wire)
    yield '{"at":%d,"length":%d,"words":%s,"frame":' % (
        entry.at,
        entry.end - entry.at,
        quote(_words(entry, name)),
    )
    yield _frame(entry, name) + ',"cipher":' + _cipher(entry)
    yield from _apdu(entry)
    yield from _list(entry)
    yield from _text(entry)
    yield ',"reading":'
    reading = entry.reading
    if reading is None or not reading.list_type:
        yield "null"
    else:
        yield from _reading(entry, reading)
    yield ',"errors":['
    comma = ""
    for error in entry.errors:
        yield comma + error_json(error, not name)
        comma = ","
    yield "]}"


def _of(table: "tuple[tuple[Any, Any], ...]", key: "Any", usual: "Any" = "") -> "Any":
    """The value of a key in a table of pairs."""
    for known, value in table:
        if known == key:
            return value
    return usual


def error_json(error: "tuple[int, str, int, bytes, bytes]", no_frame: bool = False) -> str:
    """The JSON of (code, reason, offset or -1, octets before, octets from there on); no_frame: the
    octets are of no frame."""
    code, reason, at, before, after = error
    kind, help_text = _of(_HELP, code, ("", ""))
    if no_frame:
        help_text = _NO_FRAME
    return (
        '{"code":%d,"kind":"%s","reason":%s,"at":%s,"before":"%s","octets":"%s","help":%s}'
    ) % (
        code,
        kind,
        quote(reason),
        at if at >= 0 else "null",
        digits(before),
        digits(after),
        quote(help_text),
    )


def advice(entry: "Entry") -> str:
    """The reason of an entry's first error, and what the owner can do."""
    code, reason, _, _, _ = entry.errors[0]
    help_text = _of(_HELP, code, ("", ""))[1]
    return "%s: %s" % (reason, help_text if wire(entry.wire) else _NO_FRAME)


def digits(octets: bytes) -> str:
    """Octets as hexadecimal digits."""
    return binascii.hexlify(octets).decode()


def long_digits(octets: "bytes | bytearray", at: int, end: int) -> "Iterator[str]":
    """octets[at:end] as hexadecimal digits in pieces."""
    while at < end:
        yield digits(bytes(octets[at : min(at + _PIECE, end)]))
        at += _PIECE


def _words(entry: "Entry", name: str) -> str:
    text = "%s, %d octets: " % (_of(_WIRES, name), entry.end - entry.at)
    if entry.errors:
        return text + "not decoded, " + entry.errors[0][1]
    reading = entry.reading
    if reading is None:
        return text + "a part of a message"
    count = len([value for value in reading.values if value is not None])
    return text + "list %d of %s with %d values" % (
        reading.list_type,
        _of(_MAKERS, reading.vendor, "an unknown maker"),
        count,
    )


def _frame(entry: "Entry", name: str) -> str:
    kind = entry.kind
    check = _of(_CHECKS, name)
    word = "whole"
    if not name:
        return "null"
    if kind < 0:
        word, check = "damaged", entry.errors[0][1]
    elif kind <= P1_LINES:
        word = "text, lines ciphered" if kind == P1_LINES else "text"
    elif kind == UNCHECKED:
        word = "apdu"
    elif kind == SEGMENT:
        word = "segment, others follow"
    elif kind > SEGMENT:
        word = "segment %d%s" % (kind & 0x0F, ", the last" if kind & 0x10 else "")
    return '{"wire":"%s","kind":"%s","check":"%s","frames":%d}' % (
        name,
        word,
        check,
        entry.joined,
    )


def _cipher(entry: "Entry") -> str:
    if entry.title is None:
        return "null"
    control = entry.control
    words = ["encrypted" if control & _ENCRYPTED else "not encrypted"]
    words.append("with a tag" if control & _AUTHENTICATED else "without a tag")
    words.append("suite %d" % (control & 0x0F))
    if control & _BROADCAST:
        words.append("the broadcast key")
    if control & _COMPRESSED:
        words.append("compressed")
    return (
        '{"system_title":"%s","maker":%s,"security_control":"%02x","words":"%s",'
        '"invocation_counter":%d,"length":%d}'
    ) % (
        digits(entry.title),
        quote(_of(_MAKERS, maker(entry.title))),
        control,
        ", ".join(words),
        entry.counter,
        entry.length,
    )


def _apdu(entry: "Entry") -> "Iterator[str]":
    clear = entry.clear
    if not clear:
        yield ',"apdu":null'
        return
    tag = clear[0]
    reading = entry.reading
    sent_at = reading.number(APDU_TIME_LOCAL) if reading is not None else None
    yield ',"apdu":{"tag":"%02x","name":"%s","invoke_id":"%s","time":%s,"octets":"' % (
        tag,
        _of(_TAGS, tag, "unknown"),
        digits(clear[1:5]) if tag == 0x0F else "",
        _time(sent_at),
    )
    yield from long_digits(clear, 0, len(clear))
    yield '"}'


def _list(entry: "Entry") -> "Iterator[str]":
    if entry.body < 0:
        yield ',"list":null'
        return
    yield ',"list":{"items":['
    yield from items(entry.clear, entry.body)
    yield "]}"


def items(octets: bytes, at: int) -> "Iterator[str]":
    """The items of the list at octets[at], as JSON objects with commas between them."""
    count, comma = 0, ""
    while at < len(octets) and count < _ITEMS:
        with visit("han.inspector") as inspector:  # ends before a yield: others load it too
            rows, at = inspector.items(octets, at, _BATCH)
        for kind, value, begin in rows:
            yield '%s{"type":"%s","value":%s,"at":%d}' % (
                comma,
                kind,
                quote(value.strip()),
                begin,
            )
            comma = ","
        count += len(rows)


def _text(entry: "Entry") -> "Iterator[str]":
    if not is_p1(entry) or not entry.clear:
        yield ',"text":null'
        return
    yield ',"text":['
    at, comma = 0, ""
    for _ in range(_LINES):
        if at >= len(entry.clear):
            break
        end = entry.clear.find(b"\n", at)
        end = len(entry.clear) if end < 0 else end
        line = entry.clear[at : min(end, at + _WIDTH)].rstrip(b"\r")
        yield comma + quote("".join([chr(c) if 0x20 <= c <= 0x7E else "?" for c in line]))
        comma = ","
        at = end + 1
    yield "]"


def _reading(entry: "Entry", reading: "Reading") -> "Iterator[str]":
    yield (
        '{"list_type":%d,"maker":%s,"decoder":"%s","descriptor":%s,"clock":%s,"ident":%s,'
        '"fields":['
    ) % (
        reading.list_type,
        quote(_of(_MAKERS, reading.vendor)),
        entry.maker,
        quote(entry.descriptor) if entry.descriptor else "null",
        _time(reading.clock_local),
        "null" if reading.ident is None else quote(reading.ident),
    )
    values = reading.values
    numbers = [i for i in range(len(values)) if values[i] is not None]
    with visit("han.descriptors") as descriptors:
        names = [descriptors.NAMES[i] for i in numbers]
    comma = ""
    for i in range(len(numbers)):
        yield comma + _field(names[i], values[numbers[i]])  # type: ignore[arg-type]
        comma = ","
    yield "]}"


def _field(name: str, value: "int | str") -> str:
    if isinstance(value, str):
        unit, text, shown = "", value, quote(value)
    elif name.endswith("_time_local"):
        unit, text, shown = "", clock.iso(value), _time(value)
    else:
        unit, larger, decimals = _of(_UNITS, name[name.rfind("_") + 1 :], ("", "", 0))
        text, shown = (fixed(value, decimals, decimals) + " " + larger).strip(), str(value)
    return '{"name":"%s","value":%s,"unit":"%s","text":%s}' % (name, shown, unit, quote(text))


def _time(seconds: "int | None") -> str:
    return "null" if seconds is None else '"%s"' % clock.iso(seconds)
