"""Lists without OBIS codes, described by data: a text a person can write, compiled to octets.

In       text of descriptors, an owner's or that in a vendor module's docstring
Out      the table of octets that han.positional compares lists with
Text     # comment
         list NAME [VENDOR] [sum]         VENDOR: aidon kaifa kamstrup iskra landisgyr sagemcom
         TYPE[=LITERAL] [FIELD[?] [UNIT]]     one for each item, in order; , or a line end between
         TYPE   null text octets time bool enum number u8 u16 u32 u64 i8 i16 i32 i64 container any
         LITERAL  of text: the text, or its beginning and *; of octets: hexadecimal digits
         FIELD  one of NAMES; * in it stands for 1, 2, 3 and makes three items. With ?
                its value does not make the list a higher list_type
         UNIT   what 1 means in the field's base unit (W, V, A, Wh, 1): 1, 0.1, 0.01, 10 ...
         sum    the total of a register sent by tariff alone is the sum
Limits   of an owner's text: 4096 octets, 16 lists, 64 items a list
Errors   DescriptorError with the line and what is allowed
Compiled a list: octets 2 | items | vendor | sum | name length | name | items
         an item: type, + 80 if a literal follows | field, + 80 if ?, FF none | exponent + 64
         a literal: length, + 80 if only the beginning | octets
"""

from micropython import const

from han.fields import QUANTITY, TEXT, TIME, UNIT_EXPONENTS

# The names of the fields by number, written by tools/tables.py from han.fields.
NAMES = (
    "list_id", "meter_id", "meter_model", "meter_time_local", "meter_time_deviation_min",
    "apdu_time_local", "apdu_time_deviation_min", "power_import_w", "power_export_w",
    "reactive_import_var", "reactive_export_var", "voltage_l1_mv", "voltage_l2_mv",
    "voltage_l3_mv", "current_l1_ma", "current_l2_ma", "current_l3_ma", "energy_import_wh",
    "energy_export_wh", "reactive_energy_import_varh", "reactive_energy_export_varh",
    "power_factor_permille", "power_factor_l1_permille", "power_factor_l2_permille",
    "power_factor_l3_permille", "power_import_l1_w", "power_import_l2_w",
    "power_import_l3_w", "power_export_l1_w", "power_export_l2_w", "power_export_l3_w",
    "reactive_import_l1_var", "reactive_import_l2_var", "reactive_import_l3_var",
    "reactive_export_l1_var", "reactive_export_l2_var", "reactive_export_l3_var",
    "energy_import_l1_wh", "energy_import_l2_wh", "energy_import_l3_wh",
    "energy_export_l1_wh", "energy_export_l2_wh", "energy_export_l3_wh",
    "energy_import_t1_wh", "energy_import_t2_wh", "energy_export_t1_wh",
    "energy_export_t2_wh", "reactive_energy_q1_varh", "reactive_energy_q2_varh",
    "reactive_energy_q3_varh", "reactive_energy_q4_varh", "energy_import_t3_wh",
    "energy_import_t4_wh", "energy_export_t3_wh", "energy_export_t4_wh",
    "reactive_energy_import_t1_varh", "reactive_energy_import_t2_varh",
    "reactive_energy_export_t1_varh", "reactive_energy_export_t2_varh", "frequency_mhz",
    "limiter_w", "tariff", "breaker_state", "gas_dm3", "gas_time_local", "water_l",
    "water_time_local", "heat_mj", "heat_wh", "heat_time_local", "demand_import_w",
    "peak_import_w", "peak_time_local",
)  # fmt: skip

MAX_OCTETS = const(4096)
MAX_LISTS = const(16)
MAX_ITEMS = const(64)
_MAX_NAME = const(24)
_MAX_LITERAL = const(32)
_NO_FIELD = const(0xFF)

# The types a text names: the tag they match, or a group that han.positional knows.
_ANY = const(0x40)
_TEXT = const(0x41)
_TIME = const(0x42)
_NUMBER = const(0x43)
_CONTAINER = const(0x44)
_TYPES = {
    "null": 0x00,
    "bool": 0x03,
    "i32": 0x05,
    "u32": 0x06,
    "octets": 0x09,
    "i8": 0x0F,
    "i16": 0x10,
    "u8": 0x11,
    "u16": 0x12,
    "i64": 0x14,
    "u64": 0x15,
    "enum": 0x16,
    "any": _ANY,
    "text": _TEXT,
    "time": _TIME,
    "number": _NUMBER,
    "container": _CONTAINER,
}
_VENDORS = {"aidon": 1, "kaifa": 2, "kamstrup": 3, "iskra": 8, "landisgyr": 9, "sagemcom": 10}
_UNITS = {"1000": 3, "100": 2, "10": 1, "1": 0, "0.1": -1, "0.01": -2, "0.001": -3}


class DescriptorError(ValueError):
    """A text that cannot be used. line counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__("line %d: %s" % (line, reason))
        self.line = line
        self.reason = reason


def table(text: str, owned: bool = False) -> bytes:
    """The octets for a text of descriptors. owned: an owner's, which may not be long."""
    if owned and len(text) > MAX_OCTETS:
        raise DescriptorError(0, "%d octets, %d are allowed" % (len(text), MAX_OCTETS))
    out = bytearray()
    lists = 0
    number = 0
    head = 0  # the line of the list that is being described
    begin = 0  # and its octets
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        if end < 0:
            end = len(text)
        line = text[at:end].split("#")[0]
        at = end + 1
        number += 1
        words = line.split()
        if not words:
            continue
        if words[0] == "list":
            _close(out, begin, head)
            head = number
            begin = len(out)
            lists += 1
            if owned and lists > MAX_LISTS:
                raise DescriptorError(number, "more than %d lists" % MAX_LISTS)
            _head(out, words, number)
            continue
        if not lists:
            raise DescriptorError(number, "an item before the first list NAME")
        for part in line.split(","):
            words = part.split()
            if words:
                out[begin + 2] += _items(out, words, number)
                if out[begin + 2] > MAX_ITEMS:
                    raise DescriptorError(number, "more than %d items" % MAX_ITEMS)
    _close(out, begin, head)
    return bytes(out)


def _close(out: bytearray, begin: int, head: int) -> None:
    """The list that begins there is complete: note how long it is."""
    if head:
        if not out[begin + 2]:
            raise DescriptorError(head, "a list without items")
        length = len(out) - begin
        out[begin] = length >> 8
        out[begin + 1] = length & 0xFF


def _head(out: bytearray, words: "list[str]", number: int) -> None:
    if len(words) < 2 or len(words[1]) > _MAX_NAME or not _is_plain(words[1]):
        raise DescriptorError(number, "list needs a name of 1 to %d letters" % _MAX_NAME)
    vendor = 0
    total = 0
    for word in words[2:]:
        if word == "sum":
            total = 1
        elif word in _VENDORS:
            vendor = _VENDORS[word]
        else:
            raise DescriptorError(number, "%s: %s" % (word[:20], _choice(_VENDORS) + ", sum"))
    out.extend(bytes((0, 0, 0, vendor, total, len(words[1]))))
    out.extend(words[1].encode())


def _items(out: bytearray, words: "list[str]", number: int) -> int:
    """Compile TYPE[=LITERAL] [FIELD[?] [UNIT]]. Returns how many items it stands for."""
    kind, _, literal = words[0].partition("=")
    if kind not in _TYPES:
        raise DescriptorError(number, "type %s: %s" % (kind[:20], _choice(_TYPES)))
    if len(words) > 3:
        raise DescriptorError(number, "%s: at most TYPE FIELD UNIT, then a comma" % words[3][:20])
    tag = _TYPES[kind]
    octets = _literal(tag, literal, number) if "=" in words[0] else b""
    name = words[1] if len(words) > 1 else ""
    mark = 0
    if name.endswith("?"):
        name = name[:-1]
        mark = 0x80
    names = [name.replace("*", p) for p in "123"] if "*" in name else [name]
    for name in names:
        field, exponent = _field(name, words[2] if len(words) > 2 else "1", tag, number)
        out.append(tag | 0x80 if octets else tag)
        out.append(field | mark if field != _NO_FIELD else field)
        out.append(exponent)
        out.extend(octets)
    return len(names)


def _literal(tag: int, literal: str, number: int) -> bytes:
    """Length and octets of a literal; the length + 80 if more may follow."""
    mark = 0
    if tag == _TEXT and literal.endswith("*"):
        literal = literal[:-1]
        mark = 0x80
    octets = literal.encode()
    if tag == 0x09:
        try:
            octets = bytes([int(literal[i : i + 2], 16) for i in range(0, len(literal), 2)])
        except ValueError:
            octets = b""
        if len(literal) % 2:
            octets = b""
    elif tag != _TEXT:
        raise DescriptorError(number, "only text and octets take a literal")
    if not 0 < len(octets) <= _MAX_LITERAL:
        raise DescriptorError(number, "a literal has 1 to %d octets" % _MAX_LITERAL)
    return bytes((len(octets) | mark,)) + octets


def _field(name: str, unit: str, tag: int, number: int) -> "tuple[int, int]":
    """Field number and exponent + 64. Raises DescriptorError."""
    if not name:
        return _NO_FIELD, 64
    if name not in NAMES or name.endswith("_deviation_min"):
        raise DescriptorError(number, "field %s: see the table of fields" % name[:40])
    if unit not in _UNITS:
        raise DescriptorError(number, "unit %s: %s" % (unit[:20], _choice(_UNITS)))
    field = NAMES.index(name)
    quantity = QUANTITY[field]
    if quantity == TEXT:
        fits = tag == _TEXT or tag == 0x09
    elif quantity == TIME:
        fits = tag == _TIME or tag == 0x09
    else:
        fits = tag == _NUMBER or (tag != 0x09 and 0x03 <= tag <= 0x16)
    if not fits:
        raise DescriptorError(number, "field %s does not go with this type" % name)
    return field, UNIT_EXPONENTS[quantity] + _UNITS[unit]


def _is_plain(name: str) -> bool:
    return all("a" <= c <= "z" or "A" <= c <= "Z" or "0" <= c <= "9" or c in "-_." for c in name)


def _choice(words: "dict[str, int]") -> str:
    return "allowed are " + ", ".join(sorted(words))
