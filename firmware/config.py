"""The settings in force, as attributes: config.main_fuse_a.

In       a stored dict, of any version; overrides from the command line
Out      checked values; a dict to store
Rules    A stored value that is not allowed is reported and its default used. Unknown names are
         kept, so that a newer version finds them again.
         schema.py, loaded for a check, has the allowed values and the error messages.
"""

from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 1


class Config:
    """Class attributes are the defaults; a set value is an attribute of the object.

    Command-line overrides have priority over stored values and are not stored.
    """

    wifi_ssid = ""
    wifi_psk = ""
    hostname = ""
    address = ""  # by DHCP; or static, as "192.168.1.50/24 192.168.1.1": its gateway, name server
    wifi_sleep = 255  # of the modem: 0 none, 1 minimum, 2 maximum; 255 as the board needs it
    wifi_power_ddbm = 0  # tenths of dBm; 0 as the board needs it
    wifi_reboot = False  # restart after four failed attempts to connect
    setup_psk = ""  # of the access point for the setup, which is open without
    http_port = 80
    ntp_server = "pool.ntp.org"  # or several, separated by spaces or commas
    timezone = "Europe/Oslo"
    meter_baud = 0  # 0 and "": to be detected
    meter_format = ""
    meter_invert = False
    main_fuse_a = 40
    distribution_system = 2  # 0 unknown, 1 IT or TT, 2 TN
    production_kwp = 0
    estimate_l2_current = False
    tariff_profile = "NO"
    tariff: "dict[str, Any]" = {}  # rules in place of the profile's
    price_area = ""
    price_currency = ""
    price_multiplier = 1000  # thousandths: 1250 adds 25 %
    price_fixed_micro = 0  # above 0: used instead of spot prices, in 1e-6 per kWh
    price_rules = ""  # as prices.rules has them
    export_price = "import"  # as for import; "spot": spot x export_multiplier; "fixed"
    export_multiplier = 1000  # thousandths
    export_fixed_micro = 0  # in 1e-6 per kWh; may be negative
    monthly_fee_micro = 0  # in 1e-6 of the currency
    encryption_key = ""
    authentication_key = ""
    ct_ratio = 1
    multiplier_w = 1000
    multiplier_v = 1000
    multiplier_a = 1000
    multiplier_wh = 1000
    mqtt_host = ""
    mqtt_port = 1883
    mqtt_user = ""
    mqtt_password = ""
    mqtt_client_id = "amsreader"  # start.py puts ams-<MAC> in place of these two
    mqtt_topic = "amsreader"
    mqtt_tls = 0  # 1 with TLS, 2 with TLS that does not check who the broker is
    mqtt_payload = 0  # the number of the format: mqtt/payloads
    mqtt_generation = "2.2"  # of the AMS reader, whose names and decimals the payload has; or 2.5
    mqtt_interval_s = 0  # above 0: telegrams are merged, and published at most so often
    mqtt_silence_s = 60  # after so long without a telegram the meter counts as silent
    mqtt_subscribe = ""  # the topic of commands; empty: command under mqtt_topic; "off": none
    supply = ""  # or offset in mV, multiplier in thousandths, boot limit in mV: "-20 1010 0"
    lights = "all"  # "errors", "off"; with local hours: "all 7-22", dark before 7 and from 22 on
    web_security = 0  # a password for: 0 nothing, 1 settings and changes, 2 everything
    web_user = ""
    web_password = ""  # as passwords.py stores it; also of telnet, which does not begin without
    web_names = ""  # by which the reader may be called too, as a proxy's
    telnet_port = 0  # 0: no telnet; usually 23
    raw_port = 0  # 0: the meter's octets are not served; usually 8082
    debug_serial = False  # print the log on the serial console
    debug_level = 3  # of console and telnet: 1 verbose, 2 debug, 3 info, 4 warning, 5 error

    def __init__(self, stored: "dict[str, Any]", overrides: "dict[str, Any]") -> None:
        self.faults: "list[str]" = []  # why stored values are not used
        self.stored: "dict[str, Any]" = {}  # also of settings without an attribute
        self._overrides = overrides
        with visit("schema") as schema:
            for name, value in stored.items():
                reason = schema.fault(name, value)
                if reason:
                    self.faults.append(reason)
                else:
                    self.put(name, value)
            for name, value in overrides.items():
                setattr(self, name, value)
        self.doubts: "list[str]" = []
        self.doubt()

    def put(self, name: str, value: "Any") -> None:
        """Put a checked value in force; None: the default."""
        if value is None:
            self.stored.pop(name, None)
            value = getattr(Config, name, None)
        else:
            self.stored[name] = value
        if name not in self._overrides and hasattr(Config, name):
            setattr(self, name, value)

    def is_set(self, name: str) -> bool:
        """Whether the value is stored or overridden, even if it equals the default."""
        return name in self._overrides or name in self.stored

    def set(self, name: str, value: "Any") -> bool:
        """Put a value in force; None: the default. True if it has changed. ValueError if it is not
        allowed."""
        with visit("schema") as schema:
            reason = "" if value is None else schema.fault(name, value)
            if reason:
                raise ValueError(reason)
            # Each message begins with the name of its setting.
            self.faults = [old for old in self.faults if old.split(" ")[0].rstrip(":") != name]
            changed: bool = self.stored.get(name) != value
            if changed:
                self.put(name, value)
        return changed

    def doubt(self) -> None:
        """Look again for settings that are allowed but have no effect."""
        with visit("doubts") as room:
            self.doubts = room.doubts(self)

    def to_store(self) -> "dict[str, Any]":
        """The dict to store: every value that was set, also of unknown names, and the version."""
        stored = dict(self.stored)
        stored["version"] = VERSION
        return stored

    def keys(self) -> "tuple[bytes | None, bytes | None]":
        """Encryption key and authentication key; None if not set."""
        with visit("schema") as schema:
            return schema.parse_key(self.encryption_key), schema.parse_key(self.authentication_key)

    def line(self) -> "tuple[int, str, bool] | None":
        """The stored line settings, None if they are to be detected."""
        if self.meter_baud and self.meter_format:
            return self.meter_baud, self.meter_format, self.meter_invert
        return None
