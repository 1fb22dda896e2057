"""The settings: a row for each, the allowed values, error messages. Loaded for a check only.

In       a setting's name and a value; changes as {name: value}, None for the default
Out      "" or the reason why the value is not allowed; keys and addresses in parts
Rules    A setting that something reads while the reader runs is an attribute of Config, which has
         its default; the others are stored only, and their default is in their row.
         schema_texts.py has labels, explanations and the labels of options, web.documents.settings
         the document of all
"""

from config import Config
from energy import profiles
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Places in a row:
# the section, as the AMS reader's manual, 5, has them, and some of ours
# the default, None if it is the attribute of Config
# the limits: smallest and largest number; most characters, or octets of the network's texts; rules
# all allowed values, () if the limits say which are
# what a change needs, see below
# whether the value is never shown
NAME, SECTION, DEFAULT, LIMITS, OPTIONS, NEEDS, SECRET = range(7)

# What a change needs: nothing "", a service that begins again by itself, or
# "network"  a trial of 60 s: net.station
# "restart"  a restart by the owner
# Only constants: then it takes no heap.
ROWS: "tuple[tuple[Any, ...], ...]" = (
    ("hostname", "general", None, 32, (), "network", False),
    ("timezone", "general", None, 31, (), "", False),
    ("web_security", "general", None, (0, 2), (0, 1, 2), "", False),
    ("web_user", "general", None, 63, (), "", False),
    ("web_password", "general", None, 63, (), "", True),
    ("web_names", "general", None, 127, (), "", False),
    ("http_port", "general", None, (1, 65535), (), "restart", False),
    ("price_enabled", "prices", False, 0, (), "", False),
    ("price_token", "prices", "", 36, (), "", True),
    ("price_area", "prices", None, 16, (), "", False),
    ("price_currency", "prices", None, 3, (), "", False),
    ("price_multiplier", "prices", None, (1, 1000000), (), "", False),
    ("price_fixed_micro", "prices", None, (0, 65000000), (), "", False),
    ("price_rules", "prices", None, 1200, (), "", False),
    ("export_price", "prices", None, 6, ("import", "spot", "fixed"), "", False),
    ("export_multiplier", "prices", None, (0, 1000000), (), "", False),
    ("export_fixed_micro", "prices", None, (-65000000, 65000000), (), "", False),
    ("monthly_fee_micro", "prices", None, (0, 1000000000), (), "", False),
    ("meter_baud", "meter", None, (0, 115200), (), "meter", False),
    ("meter_format", "meter", None, 3, ("", "7N1", "8N1", "8N2", "7E1", "8E1"), "meter", False),
    ("meter_invert", "meter", None, 0, (), "meter", False),
    ("distribution_system", "meter", None, (0, 2), (0, 1, 2), "", False),
    ("main_fuse_a", "meter", None, (0, 65535), (), "", False),
    ("production_kwp", "meter", None, (0, 65535), (), "", False),
    ("encryption_key", "meter", None, 64, (), "meter", True),
    ("authentication_key", "meter", None, 64, (), "meter", True),
    ("ct_ratio", "meter", None, (1, 10000), (), "", False),
    ("multiplier_w", "meter", None, (1, 1000000), (), "", False),
    ("multiplier_v", "meter", None, (1, 1000000), (), "", False),
    ("multiplier_a", "meter", None, (1, 1000000), (), "", False),
    ("multiplier_wh", "meter", None, (1, 1000000), (), "", False),
    ("estimate_l2_current", "meter", None, 0, (), "", False),
    ("wifi_ssid", "wifi", None, 32, (), "network", False),
    ("wifi_psk", "wifi", None, 63, (), "network", True),
    ("wifi_sleep", "wifi", None, (0, 255), (0, 1, 2, 255), "", False),
    ("wifi_power_ddbm", "wifi", None, (-10, 205), (), "", False),
    ("wifi_reboot", "wifi", None, 0, (), "", False),
    ("wifi_first", "wifi", False, 0, (), "", False),
    ("setup_psk", "wifi", None, 63, (), "", True),
    ("address", "network", None, 50, (), "network", False),
    ("ntp_server", "network", None, 63, (), "time", False),
    ("mqtt_host", "mqtt", None, 127, (), "mqtt", False),
    ("mqtt_port", "mqtt", None, (1, 65535), (), "mqtt", False),
    ("mqtt_tls", "mqtt", None, (0, 2), (0, 1, 2), "mqtt", False),
    ("mqtt_keepalive_s", "mqtt", 60, (5, 3600), (), "mqtt", False),
    ("mqtt_user", "mqtt", None, 127, (), "mqtt", False),
    ("mqtt_password", "mqtt", None, 255, (), "mqtt", True),
    ("mqtt_client_id", "mqtt", None, 31, (), "mqtt", False),
    ("mqtt_topic", "mqtt", None, 63, (), "mqtt", False),
    ("mqtt_payload", "mqtt", None, (0, 255), (0, 1, 2, 3, 4, 5, 6, 104, 255), "mqtt", False),
    ("mqtt_generation", "mqtt", None, 3, ("2.2", "2.5"), "mqtt", False),
    ("mqtt_interval_s", "mqtt", None, (0, 3600), (), "", False),
    ("mqtt_silence_s", "mqtt", None, (10, 86400), (), "", False),
    ("mqtt_subscribe", "mqtt", None, 63, (), "mqtt", False),
    ("domoticz_energy_idx", "mqtt", 0, (0, 65535), (), "", False),
    ("domoticz_current_idx", "mqtt", 0, (0, 65535), (), "", False),
    ("domoticz_l1_idx", "mqtt", 0, (0, 65535), (), "", False),
    ("domoticz_l2_idx", "mqtt", 0, (0, 65535), (), "", False),
    ("domoticz_l3_idx", "mqtt", 0, (0, 65535), (), "", False),
    ("ha_prefix", "mqtt", "", 63, (), "", False),
    ("ha_host", "mqtt", "", 63, (), "", False),
    ("ha_tag", "mqtt", "", 15, (), "", False),
    ("push_kind", "push", "", 7, ("", "influx", "webhook"), "", False),
    ("push_url", "push", "", 200, (), "", False),
    ("push_token", "push", "", 255, (), "", True),
    ("push_org", "push", "", 63, (), "", False),
    ("push_bucket", "push", "", 63, (), "", False),
    ("push_interval_s", "push", 60, (5, 86400), (), "", False),
    ("push_plain", "push", False, 0, (), "", False),
    ("tariff_profile", "thresholds", None, 24, (), "", False),
    ("tariff", "thresholds", None, 16, (), "", False),
    ("ui_import", "ui", 1, (0, 2), (0, 1, 2), "", False),
    ("ui_export", "ui", 2, (0, 2), (0, 1, 2), "", False),
    ("ui_voltage", "ui", 2, (0, 2), (0, 1, 2), "", False),
    ("ui_current", "ui", 2, (0, 2), (0, 1, 2), "", False),
    ("ui_reactive", "ui", 0, (0, 2), (0, 1, 2), "", False),
    ("ui_running", "ui", 1, (0, 2), (0, 1, 2), "", False),
    ("ui_peaks", "ui", 2, (0, 2), (0, 1, 2), "", False),
    ("ui_price", "ui", 2, (0, 2), (0, 1, 2), "", False),
    ("ui_day", "ui", 1, (0, 2), (0, 1, 2), "", False),
    ("ui_month", "ui", 1, (0, 2), (0, 1, 2), "", False),
    ("ui_temperature", "ui", 2, (0, 2), (0, 1, 2), "", False),
    ("upgrade_url", "device", "", 200, (), "", False),
    ("upgrade_channel", "device", 0, (0, 3), (0, 1, 2, 3), "", False),
    ("upgrade_auto", "device", False, 0, (), "", False),
    ("upgrade_unsigned", "device", False, 0, (), "", False),
    ("supply", "device", None, 20, (), "", False),
    ("lights", "device", None, 12, (), "", False),
    ("sensor_names", "device", "", 600, (), "", False),
    ("debug_serial", "debug", None, 0, (), "", False),
    ("telnet_port", "debug", None, (0, 65535), (), "telnet", False),
    ("debug_level", "debug", None, (1, 5), (1, 2, 3, 4, 5), "", False),
    ("raw_port", "debug", None, (0, 65535), (), "telnet", False),
)
_KINDS = {bool: "true or false", int: "a whole number", str: "text", dict: "a set of rules"}
_LIGHTS = ("all", "errors", "off")
_KEY_OCTETS = 16
_TOKEN_CHARACTERS = 36
_NETWORK = ("wifi_ssid", "wifi_psk", "hostname", "address", "setup_psk")
_SHORTEST_PSK = 8
_HEX = "0123456789abcdef"
_ADDRESS_DIGITS = 16  # of a temperature sensor
_NAME_MOST = 16  # characters of its name
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_ADDRESS = "an address, its gateway and a name server, as 192.168.1.50/24 192.168.1.1 1.1.1.1"
_HOSTS = (1, 126), (128, 223)  # first octets of hosts' addresses


def row(name: str) -> "tuple[Any, ...] | None":
    """The row of a setting; None for an unknown name."""
    for found in ROWS:
        if found[NAME] == name:
            return found
    return None


def default(name: str) -> "Any":
    """A setting's default. KeyError for an unknown name."""
    found = row(name)
    if found is None:
        raise KeyError(name)
    return getattr(Config, name) if found[DEFAULT] is None else found[DEFAULT]


def value(config: "Config", name: str) -> "Any":
    """A setting's value: in force, or stored, or the default. KeyError for an unknown name."""
    if hasattr(config, name):
        return getattr(config, name)
    return config.stored[name] if name in config.stored else default(name)


def faults(changes: "dict[str, Any]") -> "dict[str, str]":
    """{name: reason} of the changes that are not allowed, {} if all are. None is the default."""
    found = {}
    for name in changes:
        if row(name) is None:
            found[name] = "there is no setting " + name
        elif changes[name] is not None:
            reason = fault(name, changes[name])
            if reason:
                found[name] = reason
    return found


def fault(name: str, value: "Any") -> str:
    """The reason why a value is not allowed for the setting `name`; "" if it is allowed. An
    unknown name may have any value."""
    found = row(name)
    if found is None:
        return ""
    usual = default(name)
    if type(value) is not type(usual):
        return "%s must be %s" % (name, _KINDS[type(usual)])
    if isinstance(value, bool):
        return ""
    limit, options = found[LIMITS], found[OPTIONS]
    if name == "wifi_sleep" and value not in options:
        return "wifi_sleep must be 0 none, 1 minimum, 2 maximum or 255 as the board needs it"
    if isinstance(value, int):
        low, high = limit
        if not low <= value <= high:
            return "%s must be %d to %d" % (name, low, high)
    elif name in _NETWORK:
        return _network_fault(name, value, limit)
    elif len(value) > limit:
        unit = "rules" if isinstance(value, dict) else "characters"
        return "%s must have at most %d %s" % (name, limit, unit)
    if options and value not in options:
        return "%s must be one of %s" % (name, ", ".join([str(o) for o in options if o != ""]))
    return _text_fault(name, value)


def _is_plain(value: "Any") -> bool:
    """Whether the value of a rule is a whole number, a text or a list of whole numbers."""
    if isinstance(value, (list, tuple)):
        return not [1 for number in value if not isinstance(number, int)]
    return isinstance(value, (int, bool, str))  # a bool is no int in MicroPython


def _text_fault(name: str, value: "Any") -> str:
    """The reason why a value of the right length is not allowed for a setting with rules."""
    if name in ("tariff", "tariff_profile"):
        own = value if isinstance(value, dict) else {}
        for rule in own:  # what else JSON has might not come back from the file as it was
            if not _is_plain(own[rule]):
                return "tariff: %s must be a whole number, a text or a list of numbers" % rule
        found: "list[str]" = []
        profiles.tariff("NO" if isinstance(value, dict) else value, own, found)
        return "%s: %s" % (name, found[0]) if found else ""
    if name in ("encryption_key", "authentication_key"):
        try:
            parse_key(value)
        except ValueError as e:
            return "%s: %s" % (name, e)
    if name == "price_currency" and value and (len(value) < 3 or value.upper() != value):
        return "price_currency must be three capitals, as NOK"
    if name == "price_token" and len(value) not in (0, _TOKEN_CHARACTERS):
        return "price_token must have %d characters, or none" % _TOKEN_CHARACTERS
    if name == "price_rules":
        with visit("prices.ruletext") as rules:
            try:
                rules.parse(value)
            except ValueError as e:
                return "price_rules: %s" % e
    if name == "supply":
        try:
            supply(value)
        except ValueError as e:
            return "supply %s" % e
    if name == "sensor_names":
        for entry in value.split(",") if value else ():
            address, _, own = entry.strip().partition(" ")
            digits = len(address) == _ADDRESS_DIGITS and not address.lower().strip(_HEX)
            if not (digits and 0 < len(own.strip()) <= _NAME_MOST):
                return "sensor_names: an address of 16 digits and a name of up to 16 letters each"
    if name == "lights" and not _is_lights(value):
        return "lights must be one of %s, also with hours, as all 7-22" % ", ".join(_LIGHTS)
    if name in ("mqtt_topic", "mqtt_subscribe", "ha_prefix") and ("+" in value or "#" in value):
        return "%s must not have + or #: the broker refuses them in a topic" % name
    if name == "push_url" and value:
        with visit("push.address") as address:
            reason: str = address.fault(value)
        return reason
    if name == "upgrade_url" and value and value[:7] != "http://" and value[:8] != "https://":
        return "upgrade_url begins with https:// or http://"
    if isinstance(value, str) and [c for c in value if c < " "]:
        return "%s must not have control characters" % name
    return ""


def _network_fault(name: str, text: str, most: int) -> str:
    """The reason why a text is not allowed for a setting of the network. Lengths are in octets."""
    octets = len(text.encode())
    if octets > most:
        return "%s must have at most %d octets in UTF-8: it has %d" % (name, most, octets)
    if "\0" in text:
        return "%s must not have a character of the number 0" % name
    if name[-3:] == "psk" and text and octets < _SHORTEST_PSK:
        return "%s must have %d to %d characters, or none" % (name, _SHORTEST_PSK, most)
    if name == "hostname":
        if [c for c in text if c not in _LETTERS] or text[:1] == "-" or text[-1:] == "-":
            return "hostname must have letters a-z, digits and - between them only"
    if name == "address":
        try:
            parse_address(text)
        except ValueError as e:
            return "address: %s" % e
    return ""


def parse_address(text: str) -> "tuple[str, ...]":
    """(address, mask, gateway, name server) of the setting `address`; () if it is empty: DHCP.

    "192.168.1.50/24 192.168.1.1 1.1.1.1". Without a length of the subnet it is 24, without a name
    server the gateway is asked. ValueError with a message for the owner.
    """
    words = text.replace(",", " ").split()
    if not words:
        return ()
    if len(words) not in (2, 3):
        raise ValueError("it must be " + _ADDRESS)
    own, slash, length = words[0].partition("/")
    bits = _number(length) if slash else 24
    if not 8 <= bits <= 30:
        raise ValueError("the subnet must be /8 to /30: not /%s" % length)
    hosts = (1 << 32 - bits) - 1
    ip, gateway = _host(own), _host(words[1])
    for address, word in ((ip, own), (gateway, words[1])):
        if address & hosts in (0, hosts):
            raise ValueError("%s is no host of its subnet /%d" % (word, bits))
    if ip | hosts != gateway | hosts:
        raise ValueError("the gateway %s must be in the subnet of %s" % (words[1], words[0]))
    if ip == gateway:
        raise ValueError("%s is the address of the gateway" % own)
    mask = (1 << 32) - 1 - hosts
    dns = _host(words[2]) if len(words) == 3 else gateway
    return _dotted(ip), _dotted(mask), _dotted(gateway), _dotted(dns)


def _number(digits: str) -> int:
    """The number of one to three digits; -1 of another text."""
    if not 1 <= len(digits) <= 3 or [c for c in digits if c not in "0123456789"]:
        return -1
    return int(digits)


def _host(text: str) -> int:
    """A host's address as a number of 32 bits. ValueError with a message for the owner."""
    numbers = [_number(part) for part in text.split(".")]
    if len(numbers) != 4 or min(numbers) < 0 or max(numbers) > 255:
        raise ValueError("%s is no address such as 192.168.1.50" % text)
    if not [low for low, high in _HOSTS if low <= numbers[0] <= high]:
        raise ValueError("%s is no address of a host" % text)
    return numbers[0] << 24 | numbers[1] << 16 | numbers[2] << 8 | numbers[3]


def _dotted(address: int) -> str:
    return ".".join([str(address >> shift & 255) for shift in (24, 16, 8, 0)])


def supply(text: str) -> "tuple[int, int, int]":
    """Offset in mV, multiplier in thousandths and boot limit in mV of the setting `supply`; the
    voltage is (measured + offset) x multiplier. ValueError with the reason if it is not allowed.
    """
    numbers = text.split() or ["0", "1000", "0"]
    if len(numbers) != 3 or [n for n in numbers if not n[n[0] == "-" :].isdigit()]:
        raise ValueError("must be offset in mV, multiplier in thousandths, limit in mV: 0 1000 0")
    offset_mv, multiplier, limit_mv = [int(n) for n in numbers]
    if not -1000 <= offset_mv <= 1000:
        raise ValueError("must begin with an offset of -1000 to 1000 mV")
    if not 500 <= multiplier <= 2000:
        raise ValueError("must have a multiplier of 500 to 2000 thousandths")
    if not 0 <= limit_mv <= 3300:
        raise ValueError("must end with a boot limit of 0 to 3300 mV")
    return offset_mv, multiplier, limit_mv


def _is_lights(text: str) -> bool:
    kind, space, hours = text.partition(" ")
    begin, _, end = hours.partition("-")
    if not space:
        return kind in _LIGHTS
    if not begin.isdigit() or not end.isdigit() or int(begin) == int(end):
        return False
    return kind in _LIGHTS and int(begin) < 24 and int(end) < 24


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
