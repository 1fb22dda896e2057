"""Numbers and text as JSON, from integers alone: no float is made, none is printed."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def fixed(value: "int | None", scale: int, decimals: int) -> str:
    """value / 10^scale with a fixed number of decimals, rounded half away from zero.

    fixed(231405, 3, 2) is "231.41", fixed(-5, 3, 3) is "-0.005", fixed(None, 3, 3) is "null".
    """
    if value is None:
        return "null"
    sign = ""
    if value < 0:
        sign = "-"
        value = -value
    if decimals < scale:
        power = 10 ** (scale - decimals)
        value = (value + power // 2) // power
    else:
        value *= 10 ** (decimals - scale)
    if not decimals:
        return sign + str(value) if value else "0"
    power = 10**decimals
    if not value:
        sign = ""
    return "%s%d.%0*d" % (sign, value // power, decimals, value % power)


def divide(value: int, by: int) -> int:
    """value / by, rounded half away from zero; by > 0."""
    quotient = (2 * abs(value) + by) // (2 * by)
    return -quotient if value < 0 else quotient


def quote(text: str) -> str:
    """text as a JSON string, quotes included."""
    out = ""
    for c in text:
        if c in _ESCAPES:
            out += _ESCAPES[c]
        elif ord(c) < 0x20:
            out += "\\u%04x" % ord(c)
        else:
            out += c
    return '"' + out + '"'


def boolean(value: object) -> str:
    """true or false."""
    return "true" if value else "false"


def mac(octets: bytes) -> str:
    """ "7C:DF:A1:00:1E:4B" of six octets."""
    return ":".join(["%02X" % octet for octet in octets])
