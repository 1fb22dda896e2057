"""Settings: what they are called, what they may be, what they are when nobody set them.

In       a dict as it was stored, of any version; or (name, value) pairs from a form
Out      checked values as attributes-by-name, and a dict to store
Rules    A stored value that is not allowed is replaced by its default and reported. Keys this
         version does not know are kept, so that going back to a newer one loses nothing.
"""

from energy.tariff import Tariff
from keys import parse_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 1

# name: (default, smallest or None, largest number or longest text)
SETTINGS: "dict[str, tuple[Any, Any, Any]]" = {
    "wifi_ssid": ("", None, 32),
    "wifi_psk": ("", None, 63),
    "hostname": ("", None, 32),
    "http_port": (80, 1, 65535),
    "ntp_server": ("pool.ntp.org", None, 63),
    "timezone": ("Europe/Oslo", None, 31),
    "meter_baud": (0, 0, 115200),
    "meter_format": ("", None, 3),
    "meter_invert": (False, None, None),
    "main_fuse_a": (40, 0, 65535),
    "distribution_system": (2, 0, 2),
    "production_kwp": (0, 0, 65535),
    "estimate_l2_current": (False, None, None),
    "tariff_profile": ("NO", None, 24),
    "tariff": ({}, None, 16),  # rules in place of the profile's: energy.rules.FIELDS
    "price_area": ("", None, 16),
    "price_currency": ("", None, 3),
    "price_multiplier": (1000, 1, 1000000),  # thousandths: 1250 adds a quarter
    "price_fixed_micro": (0, 0, 65000000),  # above 0: instead of spot, in 1e-6 a kWh
    "encryption_key": ("", None, 64),
    "authentication_key": ("", None, 64),
    "ct_ratio": (1, 1, 10000),
    "multiplier_w": (1000, 1, 100000),
    "multiplier_v": (1000, 1, 100000),
    "multiplier_a": (1000, 1, 100000),
    "multiplier_wh": (1000, 1, 100000),
    "mqtt_host": ("", None, 127),
    "mqtt_port": (1883, 1, 65535),
    "mqtt_user": ("", None, 127),
    "mqtt_password": ("", None, 255),
    "mqtt_client_id": ("amsreader", None, 31),
    "mqtt_topic": ("amsreader", None, 63),
}

_FORMATS = ("", "7N1", "8N1", "8N2", "7E1", "8E1")


def fault(name: str, value: "Any") -> str:
    """Why value is not allowed for the setting name; "" if it is."""
    default, low, high = SETTINGS[name]
    if type(value) is not type(default):
        return "%s must be %s" % (name, _KINDS[type(default)])
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "" if low <= value <= high else "%s must be %d to %d" % (name, low, high)
    if len(value) > high:
        return "%s must have at most %d %s" % (
            name,
            high,
            "rules" if isinstance(value, dict) else "characters",
        )
    if isinstance(value, dict):
        faults = Tariff(value).faults
        return "%s: %s" % (name, faults[0]) if faults else ""
    if name in ("encryption_key", "authentication_key"):
        try:
            parse_key(value)
        except ValueError as e:
            return "%s: %s" % (name, e)
    if name == "price_currency" and value and (len(value) < 3 or value.upper() != value):
        return "price_currency must be three capitals, as NOK"
    if name == "meter_format" and value not in _FORMATS:
        return "meter_format must be one of " + ", ".join(_FORMATS[1:])
    return ""


_KINDS = {bool: "true or false", int: "a whole number", str: "text", dict: "a set of rules"}


class Config:
    """The settings in force. get() sees what this start was given first, then what is stored."""

    def __init__(self, stored: "dict[str, object]", overrides: "dict[str, object]") -> None:
        self.faults: "list[str]" = []
        self.revision = 0
        self._overrides = overrides
        self._stored: "dict[str, Any]" = {}
        for name, value in stored.items():
            reason = fault(name, value) if name in SETTINGS else ""
            if reason:
                self.faults.append(reason)
            else:
                self._stored[name] = value

    def get(self, name: str) -> "Any":
        """The value of a setting. KeyError for a name that no setting has."""
        if name in self._overrides:
            return self._overrides[name]
        return self._stored.get(name, SETTINGS[name][0])

    def is_set(self, name: str) -> bool:
        """Whether somebody chose the value, be it the default's."""
        return name in self._overrides or name in self._stored

    def set(self, name: str, value: "Any") -> bool:
        """Change a setting. True if it was another before. ValueError says what is allowed."""
        reason = fault(name, value)
        if reason:
            raise ValueError(reason)
        if self._stored.get(name, SETTINGS[name][0]) == value and name in self._stored:
            return False
        self._stored[name] = value
        self.revision += 1
        return True

    def to_store(self) -> "dict[str, object]":
        """What to write: every value ever set, unknown ones included, and the version."""
        stored = dict(self._stored)
        stored["version"] = VERSION
        return stored

    def keys(self) -> "tuple[bytes | None, bytes | None]":
        """Encryption and authentication key, None where none is set."""
        return parse_key(self.get("encryption_key")), parse_key(self.get("authentication_key"))

    def line(self) -> "tuple[int, str, bool] | None":
        """The stored line settings, None while they are to be found."""
        baud = self.get("meter_baud")
        line_format = self.get("meter_format")
        return (baud, line_format, self.get("meter_invert")) if baud and line_format else None
