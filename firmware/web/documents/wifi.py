"""GET /wifi.json and /wifi/test.json, in setup mode.

/wifi.json       {"n": [{"s" name, "r" dBm, "w" strong, good, fair or weak, "c" channel, "e" open,
                 WEP, WPA, WPA2 or WPA3}]}: the strongest access point of each name, the strongest
                 first, at most 20; hidden networks have no name and are left out, also names that
                 are not UTF-8, which no form can send
/wifi/test.json  {"state": "none", "running", "ok" or "failed", "ssid", "reason" number, "message",
                 "ip" address that it had}
Limits           a scan takes 2 s, in which the reader does nothing else; its result is kept for
                 10 s
Errors           ValueError outside setup mode
"""

from fmt import quote
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_OK = const(1)
# Numbers of MicroPython's scan; a mixed network is named by the older one that it takes.
_SECURITY = ("open", "WEP", "WPA", "WPA2", "WPA", "WPA2", "WPA3", "WPA2")
_SIGNALS = ((-60, "strong"), (-70, "good"), (-80, "fair"))


def rows(app: "App") -> "Iterator[tuple[str, str, str, int, int]]":
    """(name, word of the signal, security, dBm, channel) of the networks in reach."""
    for octets, rssi, channel, number in networks_of(app):
        try:
            name = octets.decode()
        except UnicodeError:
            continue
        security = _SECURITY[number] if number < len(_SECURITY) else "WPA2"
        yield name, signal(rssi), security, rssi, channel


def networks_of(app: "App") -> "list[tuple[bytes, int, int, int]]":
    """See net.captive. ValueError with a message for the owner while there are none."""
    require_setup(app)
    if app.network.captive is None:
        raise ValueError("the access point is starting: try again")
    found: "list[tuple[bytes, int, int, int]]" = app.network.captive.networks()
    return found


def networks(app: "App", request: "Request") -> "Iterator[str]":
    """/wifi.json in pieces."""
    comma = '{"n":['
    for name, word, security, rssi, channel in rows(app):
        yield '%s{"s":%s,"r":%d,"w":"%s","c":%d,"e":"%s"}' % (
            comma, quote(name), rssi, word, channel, security,
        )  # fmt: skip
        comma = ","
    yield "]}" if comma == "," else comma + "]}"


def tested(app: "App", request: "Request") -> "Iterator[str]":
    """/wifi/test.json: the newest test."""
    require_setup(app)
    state, message, ip = result(app)
    yield '{"state":"%s","ssid":%s,"reason":%d,"message":%s,"ip":%s}' % (
        state, quote(app.network.wanted[0]), app.network.tried, quote(message), quote(ip),
    )  # fmt: skip


def result(app: "App") -> "tuple[str, str, str]":
    """State, message and address of the newest test."""
    network = app.network
    if not network.wanted[0]:
        return "none", "", ""
    if not network.tried:
        return "running", "", ""
    if network.tried == _OK:
        return "ok", "The reader came into this network. Save to stay in it.", network.ip
    return "failed", "It did not work: %s." % network.words(network.tried).rstrip("."), ""


def signal(rssi: int) -> str:
    """A word for a signal in dBm."""
    for least, word in _SIGNALS:
        if rssi >= least:
            return word
    return "weak"


def require_setup(app: "App") -> None:
    """ValueError with a message for the owner outside setup mode."""
    if not app.network.setup:
        raise ValueError("only in setup mode: hold the reader's button for 5 seconds")
