"""Lists for unit tests, made item by item, and Readings as plain dicts."""

from han.descriptors import NAMES

WHEN = (
    b"\x07\xea\x01\x0f\x04\x11\x00\x0a\x00\xff\xc4\x00"  # 2026-01-15 17:00:10, UTC is 60 earlier
)
WHEN_S = 20468 * 86400 + 17 * 3600 + 10  # 20,468 days from 1970 to 2026-01-15
STAMP = {"apdu_time_local": WHEN_S, "apdu_time_deviation_min": -60}
CLOCK = {"meter_time_local": WHEN_S, "meter_time_deviation_min": -60}


def number(tag, value, size):
    octets = (value % (1 << 8 * size)).to_bytes(size, "big")
    return bytes((tag,)) + octets


def u8(value):
    return number(0x11, value, 1)


def u16(value):
    return number(0x12, value, 2)


def u32(value):
    return number(0x06, value, 4)


def u64(value):
    return number(0x15, value, 8)


def i16(value):
    return number(0x10, value, 2)


def i32(value):
    return number(0x05, value, 4)


def enum(value):
    return number(0x16, value, 1)


def octets(value):
    return bytes((0x09, len(value))) + value


def visible(value):
    return bytes((0x0A, len(value))) + value


def container(tag, items):
    count = bytes((len(items),)) if len(items) < 128 else bytes((0x81, len(items)))
    return bytes((tag,)) + count + b"".join(items)


def structure(*items):
    return container(0x02, items)


def array(*items):
    return container(0x01, items)


def code(c, d, e, a=1, b=0):
    """An OBIS code as the item that announces a value."""
    return octets(bytes((a, b, c, d, e, 255)))


def scaler(exponent, unit):
    return structure(number(0x0F, exponent, 1), enum(unit))


NULL = b"\x00"
TIME = octets(WHEN)


def apdu(body, when=WHEN):
    """A DataNotification after its LLC header; when is 12 octets or None."""
    head = b"\xe6\xe7\x00\x0f\x40\x00\x00\x00"
    return head + (b"\x00" if when is None else b"\x0c" + when) + body


def as_dict(reading):
    """The values that a reading has, by name."""
    values = {"list_type": reading.list_type}
    for name, value in zip(NAMES, reading.values):
        if value is not None:
            values[name] = value
    return values


def phases(pattern, values):
    """{"voltage_l1_mv": values[0], ...} for a pattern with a %d."""
    return {pattern % (i + 1): value for i, value in enumerate(values)}


def merged(*parts):
    all_of_them = {}
    for part in parts:
        all_of_them.update(part)
    return all_of_them
