"""What is pushed to InfluxDB: line protocol for /api/v2/write.

In       the newest telegram; slots of the history: (UTC, import Wh, export Wh, quality)
Out      address, headers and body of a POST
Wire     measurement,tag=value field=value,field=value seconds
         numbers end with i; a text is in ", with \\ before " and \\; in a tag's value \\ stands
         before comma, = and space
         reading,device=ams-4b1e power_import_w=2143i,voltage_l1_mv=231400i 1773742800
         energy,device=ams-4b1e import_wh=250i,export_wh=0i,quality="measured" 1773741600
Rules    The same measurement, tag and time is the same point: one that comes again replaces itself
Source   "Line protocol" and "/api/v2/write" in the documentation of InfluxDB v2
"""

from energy.blocks import NAMES

from push import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from composition import App

    Row = tuple[int, int, int, int]

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"


def request(
    app: "App", setting: "Callable[[str], Any]", live: bool, rows: "list[Row]"
) -> "tuple[str, dict[str, str], bytes]":
    """Address, headers and body. live: with the newest telegram."""
    url = "%s/api/v2/write?org=%s&bucket=%s&precision=s" % (
        setting("push_url").rstrip("/"),
        encoded(setting("push_org")),
        encoded(setting("push_bucket")),
    )
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    if setting("push_token"):
        headers["Authorization"] = "Token " + setting("push_token")
    device = tag(app.system.hostname(app.config.hostname))
    lines = []
    if live:
        values = ["%s=%di" % pair for pair in reading.numbers(app.state)]
        meter = reading.meter_id(app.state)
        if meter:
            values.append("meter_id=" + text(meter))
        lines.append(
            "reading,device=%s %s %d" % (device, ",".join(values), app.state.reading_unix)
        )
    for utc, imported, exported, quality in rows:
        lines.append(
            "energy,device=%s import_wh=%di,export_wh=%di,quality=%s %d"
            % (device, imported, exported, text(NAMES[quality]), utc)
        )
    return url, headers, "\n".join(lines).encode()


def tag(value: str) -> str:
    """A tag's value."""
    return value.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")


def text(value: str) -> str:
    """A field's text."""
    return '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')


def encoded(value: str) -> str:
    """A value of a query, percent-encoded (RFC 3986, 2.1)."""
    return "".join([chr(o) if chr(o) in _PLAIN else "%%%02X" % o for o in value.encode()])
