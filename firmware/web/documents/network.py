"""/network.json: the network of the reader.

connected setup allowed  of the network: see net.station; allowed false: the supply is too low
ssid hostname bssid      in use; bssid null if it is not known
address                  the setting: a static address with gateway and name server, "" DHCP
ip mask gw dns           what the reader has
rssi history             dBm of now, 0 without; of the last 60 minutes, oldest first, null without
reason why               of the last failure: its number, 0 without, and words for the owner
board bus                the board's name; whether the meter's bus feeds it, which cannot carry an
                         access point
nf                       only while nothing can be stored: see /now.json
trial                    seconds until the settings on trial are rolled back, 0 without
"""

from fmt import boolean, mac, quote
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_MINUTES = const(60)


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /network.json."""
    network, system = app.network, app.system
    yield '{"connected":%s,"setup":%s,"allowed":%s,"ssid":%s,"hostname":%s,"bssid":%s' % (
        boolean(network.connected),
        boolean(network.setup),
        boolean(network.allowed),
        quote(network.setting("wifi_ssid")),
        quote(system.hostname(network.setting("hostname"))),
        quote(mac(network.bssid)) if network.bssid else "null",
    )
    ip, mask, gateway, dns = system.board.ip_config()
    yield ',"address":%s,"ip":%s,"mask":%s,"gw":%s,"dns":%s' % (
        quote(network.setting("address")),
        quote(ip),
        quote(mask),
        quote(gateway),
        quote(dns),
    )
    if app.storage.absent:
        yield ',"nf":' + quote(app.storage.absent)
    now_s = system.uptime_s()
    yield ',"board":%s,"bus":%s' % (quote(system.board.name), boolean(system.board.bus_powered))
    yield ',"reason":%d,"why":%s,"trial":%d,"rssi":%d,"history":[' % (
        network.reason,
        quote(network.words(network.reason)),
        max(1, network.trial_until_s - now_s) if network.trial else 0,
        system.board.rssi_dbm(),
    )
    minute = now_s // 60
    for ago in range(_MINUTES - 1, -1, -1):
        octet = network.minutes[(minute - ago) % _MINUTES]
        yield ("-%d" % octet if octet else "null") + ("," if ago else "]}")
