"""/wifiscan.json and /wifitest.json, as an AMS reader of 2.5 has them.

/wifiscan.json  {"c" number, "n": [{"b" BSSID, "s" name, "r" dBm, "c" channel, "e" security}]}, the
                strongest first; access points without a name, or with one that is not UTF-8, are
                left out
/wifitest.json  the newest test: {"ssid", "status" 0 none or running, 1 no such network, 3 it
                worked, 4 it failed, 99 no address came in time, "time" 0, "ip" that it had}
Limits          25 access points; a scan takes 2 s, in which the reader does nothing else, so the
                next one is at least 10 s later
Errors          ValueError for a scan too early
"""

from fmt import mac, quote
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_MOST = const(25)
_PAUSE_S = const(10)
# By the numbers of ESP-IDF's wifi_auth_mode_t.
_SECURITY = (
    "open", "WEP", "WPA", "WPA2", "WPA+WPA2", "WPA2-EAP", "WPA3", "WPA2+WPA3", "WAPI", "OWE",
)  # fmt: skip
# Reasons of net.reasons that have a status of their own.
_ABSENT = (201, 212)
_NO_ADDRESS = const(250)


def scan(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /wifiscan.json."""
    network, now_s = app.network, app.system.uptime_s()
    if now_s < network.scan_s:
        raise ValueError("a scan has just been made: try again in 10 seconds")
    network.scan_s = now_s + _PAUSE_S
    found = []
    for octets, bssid, channel, rssi, number in network.scan():
        try:
            name = octets.decode()
        except UnicodeError:
            continue
        if name:
            found.append((-rssi, name, bssid, channel, number))
    found.sort()
    del found[_MOST:]
    yield '{"c":%d,"n":[' % len(found)
    comma = ""
    for minus_rssi, name, bssid, channel, number in found:
        yield '%s{"b":"%s","s":%s,"r":%d,"c":%d,"e":"%s"}' % (
            comma,
            mac(bssid),
            quote(name),
            -minus_rssi,
            channel,
            _SECURITY[number] if number < len(_SECURITY) else "WPA2",
        )
        comma = ","
    yield "]}"


def test(app: "App", request: "Request") -> str:
    """/wifitest.json."""
    network = app.network
    tried = network.tried if network.wanted[0] else 0
    status = 4
    if tried < 2:
        status = 3 if tried else 0
    elif tried in _ABSENT:
        status = 1
    elif tried == _NO_ADDRESS:
        status = 99
    return '{"ssid":%s,"status":%d,"time":0,"ip":%s}' % (
        quote(network.wanted[0]),
        status,
        quote(network.ip if status == 3 else ""),
    )
