"""The allowed values of each setting, and error messages. Loaded for a check only.

In       a setting's name, a value, the setting's default
Out      "" or the reason why the value is not allowed; keys as octets
"""

import clock
from energy import profiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from config import Config

# name: smallest and largest number, or most characters or rules; bool settings have no row.
_LIMITS: "dict[str, Any]" = {
    "wifi_ssid": 32,
    "wifi_psk": 63,
    "hostname": 32,
    "http_port": (1, 65535),
    "ntp_server": 63,
    "timezone": 31,
    "meter_baud": (0, 115200),
    "meter_format": 3,
    "main_fuse_a": (0, 65535),
    "distribution_system": (0, 2),
    "production_kwp": (0, 65535),
    "tariff_profile": 24,
    "tariff": 16,
    "price_area": 16,
    "price_currency": 3,
    "price_multiplier": (1, 1000000),
    "price_fixed_micro": (0, 65000000),
    "encryption_key": 64,
    "authentication_key": 64,
    "ct_ratio": (1, 10000),
    "multiplier_w": (1, 100000),
    "multiplier_v": (1, 100000),
    "multiplier_a": (1, 100000),
    "multiplier_wh": (1, 100000),
    "mqtt_host": 127,
    "mqtt_port": (1, 65535),
    "mqtt_user": 127,
    "mqtt_password": 255,
    "mqtt_client_id": 31,
    "mqtt_topic": 63,
    "mqtt_payload": (0, 255),
}
_KINDS = {bool: "true or false", int: "a whole number", str: "text", dict: "a set of rules"}
_FORMATS = ("", "7N1", "8N1", "8N2", "7E1", "8E1")
_KEY_OCTETS = 16


def fault(name: str, value: "Any", default: "Any") -> str:
    """The reason why a value is not allowed for the setting `name`; "" if it is allowed.

    default  the setting's; None for an unknown name, which may have any value
    """
    if default is None:
        return ""
    if type(value) is not type(default):
        return "%s must be %s" % (name, _KINDS[type(default)])
    if isinstance(value, bool):
        return ""
    limit = _LIMITS[name]
    if isinstance(value, int):
        low, high = limit
        return "" if low <= value <= high else "%s must be %d to %d" % (name, low, high)
    if len(value) > limit:
        unit = "rules" if isinstance(value, dict) else "characters"
        return "%s must have at most %d %s" % (name, limit, unit)
    if name in ("tariff", "tariff_profile"):
        own = value if isinstance(value, dict) else {}
        faults: "list[str]" = []
        profiles.tariff("NO" if isinstance(value, dict) else value, own, faults)
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


def doubts(config: "Config") -> "list[str]":
    """Messages on settings that are allowed but have no effect."""
    found = []
    zone = config.timezone
    if zone != "GMT" and clock.zone_offset_min(zone) is None:
        found.append("the time zone %s is not known; GMT is used" % zone)
    for rule in profiles.unknown(config.tariff):
        found.append("tariff: there is no rule %s" % rule)
    return found


def parse_key(text: str) -> "bytes | None":
    """The key of a text with 32 hex digits, also with 0x, spaces or dashes, or 16 characters.

    None for an empty text. Raises ValueError with a message for the owner.
    """
    text = text.strip()
    if not text:
        return None
    digits = "".join(text.replace("-", " ").split())
    if digits[:2] in ("0x", "0X"):
        digits = digits[2:]
    if len(digits) == 2 * _KEY_OCTETS:
        for digit in digits:
            if digit not in "0123456789abcdefABCDEF":
                raise ValueError("a key has digits 0-9 and letters A-F: not %s" % digit)
        return bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])
    if len(text) == _KEY_OCTETS:
        for letter in text:
            if not " " <= letter <= "~":
                raise ValueError("a key of 16 characters has no letters such as %s" % letter)
        return text.encode()
    raise ValueError("a key has 32 digits (0-9, A-F) or 16 characters: not %d" % len(digits))
