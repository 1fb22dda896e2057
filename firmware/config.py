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
    http_port = 80
    ntp_server = "pool.ntp.org"
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
    mqtt_client_id = "amsreader"
    mqtt_topic = "amsreader"
    mqtt_payload = 0  # the number of the format: mqtt/payloads

    def __init__(self, stored: "dict[str, Any]", overrides: "dict[str, Any]") -> None:
        self.faults: "list[str]" = []
        self._overrides = overrides
        self._stored: "dict[str, Any]" = {}
        with visit("schema") as schema:
            for name, value in stored.items():
                reason = schema.fault(name, value, getattr(Config, name, None))
                if reason:
                    self.faults.append(reason)
                else:
                    self._store(name, value)
            for name, value in overrides.items():
                setattr(self, name, value)
            self.doubts: "list[str]" = schema.doubts(self)

    def _store(self, name: str, value: "Any") -> None:
        self._stored[name] = value
        if name not in self._overrides and hasattr(Config, name):
            setattr(self, name, value)

    def is_set(self, name: str) -> bool:
        """Whether the value is stored or overridden, even if it equals the default."""
        return name in self._overrides or name in self._stored

    def set(self, name: str, value: "Any") -> bool:
        """Store a setting's value. True if it has changed. ValueError if it is not allowed."""
        with visit("schema") as schema:
            reason = schema.fault(name, value, getattr(Config, name))
        if reason:
            raise ValueError(reason)
        if name in self._stored and self._stored[name] == value:
            return False
        self._store(name, value)
        return True

    def to_store(self) -> "dict[str, Any]":
        """The dict to store: every value that was set, also of unknown names, and the version."""
        stored = dict(self._stored)
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
