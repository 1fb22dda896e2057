"""/temperature.json: the temperature sensors.

"c" their number, "s" each one: "i" its place, "a" its address in 16 hexadecimal digits, "n" its
name, which is empty, "c" 1: it counts in the mean of /data.json, "v" degrees Celsius, -127.0 if it
was not read.
"""

from fmt import fixed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /temperature.json, one for each sensor."""
    sensors = app.system.temperatures
    yield '{"c":%d,"s":[' % len(sensors)
    for i in range(len(sensors)):
        address, cdeg = sensors[i]
        yield '%s{"i":%d,"a":"%s","n":"","c":1,"v":%s}' % (
            "," if i else "",
            i,
            "".join(["%02X" % octet for octet in address]),
            fixed(cdeg, 2, 1),
        )
    yield "]}"
