"""/temperature.json: the temperature sensors.

"c" their number, "s" each one: "i" its place, "a" its address in 16 hexadecimal digits, "n" its
name of the setting sensor_names, "c" 1: it counts in the mean of /data.json, "v" degrees Celsius,
-127.0 if it was not read.
"""

from fmt import fixed, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /temperature.json, one for each sensor."""
    sensors = app.system.temperatures
    stored = app.config.stored.get("sensor_names")
    names = [entry.strip() for entry in stored.split(",")] if isinstance(stored, str) else []
    yield '{"c":%d,"s":[' % len(sensors)
    for i in range(len(sensors)):
        octets, cdeg = sensors[i]
        address = "".join(["%02X" % octet for octet in octets])
        own = [name[16:].strip() for name in names if name[:16].upper() == address]
        yield '%s{"i":%d,"a":"%s","n":%s,"c":1,"v":%s}' % (
            "," if i else "",
            i,
            address,
            quote(own[0] if own else ""),
            fixed(cdeg, 2, 1),
        )
    yield "]}"
