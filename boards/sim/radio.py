"""The simulated radio of boards/sim: a folder is the air, and a test changes it.

Files    air.json      a list of access points {"ssid", "psk", "bssid", "rssi", "security",
                       "channel", "hidden", "fault"}; "ssid_hex" for a name that is not UTF-8. It
                       is read again at each call: replace the file to change the air
         clients       number of stations at the board's own access point
         supply        supply voltage in millivolts
         temperatures  lines "address centidegrees", the address in 16 hexadecimal digits; if it is
                       there at the start, the board has sensors
         radio.log     written here: a line "ms event" for each call and each change of the status
Faults   "auth" the access point refuses the key, "assoc" it refuses the station, "no_dhcp" it
         gives no address, "ip_conflict" the address that it gives is in use, and is declined each
         time; a fixed address works with both. "gone" it is not there
Source   wifi_err_reason_t of Espressif's ESP-IDF for the numbers
"""

import json
import time

from micropython import const

_OFF, _CONNECTING, _CONNECTED = const(0), const(1), const(2)
_WRONG_KEY = const(15)  # time-out of the four-way handshake
_BEACON_TIMEOUT = const(200)
_NO_AP = const(201)
_REFUSED_KEY = const(202)
_REFUSED_STATION = const(203)
_NO_COMPATIBLE_AP = const(210)  # it wants a key, and none is given
_BELOW_THRESHOLD = const(211)  # it wants no key, and one is given

_SCAN_MS = const(200)  # milliseconds from the begin of an attempt
_ASSOC_MS = const(400)
_ADDRESS_MS = const(600)
_KEY_MS = const(1000)

_LOOPBACK = ("127.0.0.1", "255.0.0.0", "", "")


def _bssid(text):
    return bytes([int(octet, 16) for octet in text.split(":")])


def _name(ap):
    if "ssid_hex" in ap:
        text = ap["ssid_hex"]
        return bytes([int(text[i : i + 2], 16) for i in range(0, len(text), 2)])
    return ap["ssid"].encode()


class Radio:
    """The methods of Board that need the air; boards/README.md has their contract."""

    def __init__(self, folder):
        self._folder = folder
        self._wanted = None  # (ssid, psk, bssid, address) of the present attempt or link
        self._begun_ms = 0
        self._linked = None  # BSSID of the link
        self._status = _OFF
        self._own = ""  # SSID of the own access point
        self._converted = []  # the result of the last conversion

    def _read(self, name):
        try:
            with open(self._folder + "/" + name) as f:
                return f.read()
        except OSError:
            return ""

    def _log(self, text, *values):
        with open(self._folder + "/radio.log", "a") as f:
            f.write("%d %s\n" % (time.ticks_ms(), text % values))

    def _air(self):
        """The access points that are there."""
        found = json.loads(self._read("air.json") or "[]")
        return [ap for ap in found if ap.get("fault") != "gone"]

    def station_start(self, ssid, psk, bssid, hostname, address):
        shown = ":".join(["%02x" % octet for octet in bssid])
        where = address[0] if address else "dhcp"
        self._log("start %s %s %s %s", shown or "any", where, hostname, ssid)
        if not 0 < len(ssid.encode()) <= 32 or len(psk) > 64:
            self._wanted = None
            raise OSError("an SSID has 1 to 32 octets, a key at most 64")
        self._wanted = ssid.encode(), psk, bytes(bssid), address
        self._begun_ms = time.ticks_ms()
        self._linked = None
        self._status = _CONNECTING

    def station_stop(self):
        self._log("stop")
        self._wanted = self._linked = None
        self._status = _OFF

    def station_status(self):
        if self._status == _CONNECTING or self._status == _CONNECTED:
            before = self._status
            elapsed_ms = time.ticks_diff(time.ticks_ms(), self._begun_ms)
            self._status = self._look(elapsed_ms)
            if self._status != before:
                self._log("status %d", self._status)
        return self._status

    def _look(self, elapsed_ms):
        """The status of the attempt or link at this moment."""
        if self._status == _CONNECTED:
            return _CONNECTED if self._partner() else _BEACON_TIMEOUT
        if elapsed_ms < _SCAN_MS:
            return _CONNECTING
        ap = self._partner()
        if ap is None:
            return _NO_AP
        psk, fault = ap.get("psk", ""), ap.get("fault", "")
        if bool(psk) != bool(self._wanted[1]):
            return _NO_COMPATIBLE_AP if psk else _BELOW_THRESHOLD
        if elapsed_ms < _ASSOC_MS:
            return _CONNECTING
        if fault == "assoc":
            return _REFUSED_STATION
        if fault == "auth" or psk != self._wanted[1]:
            if elapsed_ms < _KEY_MS:
                return _CONNECTING
            return _REFUSED_KEY if fault == "auth" else _WRONG_KEY
        self._linked = _bssid(ap["bssid"])
        if elapsed_ms < _ADDRESS_MS:
            return _CONNECTING
        if not self._wanted[3] and (fault == "no_dhcp" or fault == "ip_conflict"):
            return _CONNECTING
        return _CONNECTED

    def _partner(self):
        """The access point of the link; without a link the first one that is wanted, as the driver
        takes it; None if it is not there."""
        ssid, _, bssid, _ = self._wanted
        bssid = self._linked or bssid
        for ap in self._air():
            if _name(ap) == ssid and (not bssid or _bssid(ap["bssid"]) == bssid):
                return ap
        return None

    def radio(self, sleep, tx_ddbm):
        self._log("radio %s %s", sleep, tx_ddbm)

    def scan(self):
        self._log("scan")
        if self.station_status() == _CONNECTING and self._linked is None:
            raise OSError("Wifi Internal State Error")
        time.sleep_ms(_SCAN_MS)
        return [
            (
                b"" if ap.get("hidden") else _name(ap),
                _bssid(ap["bssid"]),
                ap.get("channel", 1),
                ap["rssi"],
                ap.get("security", 3 if ap.get("psk") else 0),
            )
            for ap in self._air()
        ]

    def ap_start(self, ssid, psk):
        self._log("ap %s %s", "protected" if psk else "open", ssid)
        if not 0 < len(ssid.encode()) <= 32 or (psk and not 8 <= len(psk) <= 63):
            self._own = ""
            raise OSError("an SSID has 1 to 32 octets, a key 8 to 63")
        self._own = ssid

    def ap_stop(self):
        self._log("ap off")
        self._own = ""

    def ap_clients(self):
        return int(self._read("clients") or 0) if self._own else 0

    def rssi_dbm(self):
        ap = self._partner() if self._linked else None
        return ap["rssi"] if ap else 0

    def ip_config(self):
        if self._status == _CONNECTED:
            return tuple(self._wanted[3]) or _LOOPBACK
        if self._own and self._wanted is None:
            return ("127.0.0.1", "255.255.255.0", "127.0.0.1", "127.0.0.1")
        return ("0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0")

    def supply_mv(self):
        return int(self._read("supply") or 0)

    def has_sensors(self):
        """Whether there is a file of temperatures: the board then has the pin for them."""
        return bool(self._read("temperatures"))

    def temperatures(self):
        result = self._converted
        lines = [line.split() for line in self._read("temperatures").split("\n") if line]
        self._converted = [
            (bytes([int(text[i : i + 2], 16) for i in range(0, 16, 2)]), int(centidegrees))
            for text, centidegrees in lines
        ]
        return result

    def sleep(self, ms):
        self._log("sleep %d", ms)
