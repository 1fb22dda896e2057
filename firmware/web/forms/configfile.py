"""POST /configfile: an AMS reader's configfile.cfg, as the body or as the field `file` of a form.

In       lines KEY VALUE of versions 2.2 to 2.5, each at most 1024 octets: settings, thresholds,
         history and money. Each line may be missing; of two with one key the later one counts
Out      {"success", "message", "reboot": false, "taken": [keys], "left_out": {key: reason}}
Rules    Settings and thresholds are checked as a whole and stored in one write, before the history
         is entered: its local days need the file's zone. A key that does not occur leaves its
         setting as it is. A connected reader tries new settings of the network for 60 s.
         Not taken over: the pins, which are those of the board; the board, which is chosen in the
         setup; all of MQTT if it used TLS, as its password would be sent in clear; unknown keys;
         lines that are not UTF-8; history while the clock is not set
Limits   4 KB of settings in all
Errors   ValueError with the reason, which begins with the key; then nothing is changed. If flash
         takes the settings but not the history, the reason says so
Source   AMS reader 2.2 to 2.5, by its users' files
"""

from fmt import quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App, Request

_LINE_OCTETS = const(1024)
_MOST_OCTETS = const(4096)
_HISTORY = ("dayplot", "monthplot", "energyaccounting")
_SILENT = ("amsconfig", "version")
_RULES = ("priceModifier", "priceRule")  # of the AMS reader, and of this one alone

# Kinds of values.
_TEXT = const(0)
_FILLED = const(1)  # a text; an empty one is not taken over
_NUMBER = const(2)
_CHECK = const(3)  # 0 or 1
_FACTOR = const(4)  # with three decimals; 0 is 1.000
_KEY = const(5)  # of the meter; zeros are none
_OTHER = const(6)  # see _others()
# Key, setting, kind.
_KEYS = (
    ("hostname", "", _OTHER),
    ("ssid", "wifi_ssid", _FILLED),
    ("psk", "wifi_psk", _TEXT),
    ("ip", "", _OTHER),
    ("subnet", "", _OTHER),
    ("gateway", "", _OTHER),
    ("dns1", "", _OTHER),
    ("mqttHost", "mqtt_host", _TEXT),
    ("mqttPort", "mqtt_port", _NUMBER),
    ("mqttClientId", "mqtt_client_id", _TEXT),
    ("mqttPublishTopic", "mqtt_topic", _TEXT),
    ("mqttSubscribeTopic", "mqtt_subscribe", _TEXT),
    ("mqttUsername", "mqtt_user", _TEXT),
    ("mqttPassword", "mqtt_password", _TEXT),
    ("mqttPayloadFormat", "mqtt_payload", _NUMBER),
    ("mqttSsl", "", _OTHER),
    ("mqttKeepalive", "mqtt_keepalive_s", _NUMBER),
    ("domoticzElidx", "domoticz_energy_idx", _NUMBER),
    ("domoticzCl1idx", "domoticz_current_idx", _NUMBER),
    ("domoticzVl1idx", "domoticz_l1_idx", _NUMBER),
    ("domoticzVl2idx", "domoticz_l2_idx", _NUMBER),
    ("domoticzVl3idx", "domoticz_l3_idx", _NUMBER),
    ("homeAssistantDiscoveryPrefix", "ha_prefix", _TEXT),
    ("homeAssistantDiscoveryHostname", "ha_host", _TEXT),
    ("homeAssistantDiscoveryNameTag", "ha_tag", _TEXT),
    ("webSecurity", "web_security", _NUMBER),
    ("webUsername", "web_user", _TEXT),
    ("webPassword", "web_password", _TEXT),
    ("meterBaud", "meter_baud", _NUMBER),
    ("meterParity", "meter_format", _FILLED),
    ("meterInvert", "meter_invert", _CHECK),
    ("meterDistributionSystem", "distribution_system", _NUMBER),
    ("meterMainFuse", "main_fuse_a", _NUMBER),
    ("meterProductionCapacity", "production_kwp", _NUMBER),
    ("meterEncryptionKey", "encryption_key", _KEY),
    ("meterAuthenticationKey", "authentication_key", _KEY),
    ("meterWattageMultiplier", "multiplier_w", _FACTOR),
    ("meterVoltageMultiplier", "multiplier_v", _FACTOR),
    ("meterAmperageMultiplier", "multiplier_a", _FACTOR),
    ("meterAccumulatedMultiplier", "multiplier_wh", _FACTOR),
    ("ntpTimezone", "timezone", _FILLED),
    ("ntpServer", "ntp_server", _FILLED),
    ("entsoeToken", "price_token", _TEXT),
    ("entsoeArea", "price_area", _TEXT),
    ("entsoeCurrency", "price_currency", _TEXT),
    ("entsoeMultiplier", "price_multiplier", _FACTOR),
    ("entsoeFixedPrice", "", _OTHER),
    ("priceEnabled", "price_enabled", _CHECK),
    ("priceEntsoeToken", "price_token", _TEXT),
    ("priceArea", "price_area", _TEXT),
    ("priceCurrency", "price_currency", _TEXT),
    ("thresholds", "", _OTHER),
)
# Beginning of keys, the value by which nothing is lost, why another one is not taken over.
_NOT_HERE = (
    ("gpio", "", "the pins are those of the board"),
    ("boardType", "", "the board is chosen in the setup"),
    ("netmode", "1", "only Wi-Fi is possible"),
    ("mdns", "1", "mDNS stays on"),
    ("use11b", "1", "802.11b stays allowed"),
    ("dns2", "", "a second name server is not asked"),
    ("ntpEnable", "1", "time servers are always asked"),
    ("ntpDhcp", "0", "what DHCP names is asked if ntp_server names none"),
    ("mqttTimeout", "", "there is no such setting"),
    ("mqttRebootMinutes", "0", "there is no such setting"),
)
_OF_SETUP = {"si": "ip", "su": "subnet", "sg": "gateway"}
_NO_CLOCK = "the clock is not set yet: send the file again in a minute for its history"
_NOT_COUNTED = "energy cannot be changed now: the reader's log says why"


class Lines:
    """The lines of a file that are of use.

    settings  {key: value}          history   {key: line}
    reasons   {key: why it is left out}       left_out  number of lines without an effect
    rules     values of price rules, in their order
    """

    def __init__(self) -> None:
        self.settings: "dict[str, str]" = {}
        self.history: "dict[str, str]" = {}
        self.reasons: "dict[str, str]" = {}
        self.rules: "list[str]" = []
        self.left_out = 0
        self._boundary = b""  # in a form: what comes before each of its fields
        self._inside = True  # the lines are of the file
        self._in_head = False

    def add(self, line: bytes) -> None:
        """Take a line with or without CR. ValueError if the settings are too long."""
        line = line.rstrip(b"\r")
        if self._is_frame(line) or not self._inside or not line:
            return
        try:
            text = line.decode()
        except UnicodeError:
            self.left_out += 1
            return
        key, space, value = text.partition(" ")
        if key in _SILENT:
            return
        if key in _HISTORY:
            self.history[key] = text
        elif space and ([1 for row in _KEYS if row[0] == key] or key in _RULES):
            if key in _RULES:
                self.rules.append(value)
                value = ""
            self.settings[_RULES[0] if key in _RULES else key] = value
            if (
                sum([len(kept) for kept in list(self.settings.values()) + self.rules])
                > _MOST_OCTETS
            ):
                raise ValueError("its settings have more than %d characters" % _MOST_OCTETS)
        else:
            self._leave_out(key, value)

    def _is_frame(self, line: bytes) -> bool:
        """Whether a line is of the form around the file."""
        if line[:2] == b"--" and not self._boundary and not self.settings and not self.history:
            self._boundary = line
        if self._boundary and line.startswith(self._boundary):
            self._in_head = True
            self._inside = False
            return True
        if not self._in_head:
            return False
        if not line:
            self._in_head = False
        elif b'name="file"' in line:
            self._inside = True
        return True

    def _leave_out(self, key: str, value: str) -> None:
        for begin, harmless, reason in _NOT_HERE:
            if key.startswith(begin):
                if not harmless or value != harmless:
                    self.left_out += 1
                    self.reasons[begin] = reason
                return
        self.left_out += 1


async def post(app: "App", request: "Request") -> str:
    """POST /configfile."""
    lines = Lines()
    try:
        while True:
            line = await request.stream.part(b"\n", _LINE_OCTETS)
            if line is None:
                break
            lines.add(line)
        if not lines.settings and not lines.history:
            raise ValueError("it has no line with a setting or with history")
    except ValueError as e:
        raise ValueError("not a configfile.cfg: %s" % e)
    notes = ""
    if lines.history and not (app.counts() and app.system.utc()):
        reason = _NO_CLOCK if app.counts() else _NOT_COUNTED
        if not lines.settings:
            raise ValueError(reason)
        for key in lines.history:
            lines.reasons[key] = reason
        lines.left_out += len(lines.history)
        lines.history.clear()
    if lines.settings:
        notes = _use(app, lines)
    slots = _enter(app, lines) if lines.history else 0
    message = "%d settings and %d slots taken over, %d lines left out" % (
        len(lines.settings),
        slots,
        lines.left_out,
    )
    app.log.add("import: " + message)
    for key in lines.reasons:
        app.log.add("import: %s: %s" % (key, lines.reasons[key]))
    taken = sorted(lines.settings) + sorted([k for k in lines.history if k not in lines.reasons])
    return '{"success":true,"message":%s,"reboot":false,"taken":[%s],"left_out":{%s}}' % (
        quote(message + ("; " + notes if notes else "")),
        ",".join([quote(key) for key in taken]),
        ",".join(["%s:%s" % (quote(key), quote(lines.reasons[key])) for key in lines.reasons]),
    )


def _use(app: "App", lines: Lines) -> str:
    """Check and store the settings. Returns a note for the owner."""
    limits = _limits(lines)  # before the next module is loaded: both take much heap
    with visit("web.forms.save") as save:
        form = save.Form(app, lines.settings)
        for key, setting, kind in _KEYS:
            if key in lines.settings and kind != _OTHER:
                _take(form, key, setting, kind)
        _others(form, limits)
        if lines.rules:
            _rules(form, lines.rules)
        if "mqttSsl" in lines.settings:
            save.put_tls(form, "mqttSsl", lines.settings["mqttSsl"] != "0")
        note: str = form.apply()
    return note


def _take(form: "Any", key: str, setting: str, kind: int) -> None:
    """Ask for the change of one setting."""
    text = form.fields[key]
    if kind == _NUMBER:
        form.put(setting, key, form.number(key))
    elif kind == _FACTOR:
        form.put(setting, key, form.number(key, 3) or 1000)
    elif kind == _CHECK:
        if text not in ("0", "1"):
            raise ValueError("%s: 0 or 1 was expected" % key)
        form.put(setting, key, text == "1")
    elif kind == _KEY:
        form.put(setting, key, text if text.strip("0 ") else "")
    elif text or kind == _TEXT:
        form.put(setting, key, text)


def _others(form: "Any", limits: "dict[str, Any]") -> None:
    """Ask for the changes that need more than one key, or another value than the file's."""
    host = form.text("hostname").lower()
    if host:
        own = form.app.system.hostname("")  # of this reader, which another one does not have
        form.put("hostname", "hostname", "" if host == own else host)
    if "entsoeFixedPrice" in form.fields:
        form.put("price_fixed_micro", "entsoeFixedPrice", form.number("entsoeFixedPrice", 6))
    if form.text("ip"):
        form.put("address", "ip", _address(form))
    if limits:
        rules = dict(form.app.config.tariff)
        rules.update(limits)
        in_force = form.app.energy.peaks.tariff
        if (tuple(sorted(rules["steps"])), rules["count"]) != (in_force.steps, in_force.count):
            form.put("tariff", "thresholds", rules)  # else the profile stays as it is


def _rules(form: "Any", lines: "list[str]") -> None:
    """Ask for the price rules. Readers that have them have no multiplier and no fixed price."""
    with visit("web.forms.modifiers") as modifiers:
        form.put("price_rules", "priceModifier", modifiers.of_lines(lines))
    if "entsoeMultiplier" not in form.fields:
        form.put("price_multiplier", "priceModifier", None)
        form.put("price_fixed_micro", "priceModifier", None)
        form.put("export_price", "priceModifier", None)


def _limits(lines: Lines) -> "dict[str, object]":
    """The thresholds as rules of a tariff; {} without such a line."""
    if "thresholds" not in lines.settings:
        return {}
    with visit("energy.importing") as importing:
        found = importing.parse(("thresholds " + lines.settings["thresholds"],))
        if found.faults:
            raise ValueError(found.faults[0])
        limits: "dict[str, object]" = found.rules
    return limits


def _address(form: "Any") -> str:
    """The setting `address` of the four keys."""
    fields = {"sm": "static", "si": form.text("ip"), "su": form.text("subnet")}
    fields["sg"], fields["sd"] = form.text("gateway"), form.text("dns1")
    with visit("web.forms.setup") as setup:
        try:
            address: str = setup.address(fields)
        except ValueError as e:  # its fields are si, su, sg
            reason = str(e)
            raise ValueError(_OF_SETUP.get(reason[:2], "ip") + reason[2:])
    return address


def _enter(app: "App", lines: Lines) -> int:
    """Enter history and money. Returns the number of filled slots."""
    with visit("energy.importing") as importing:
        found = importing.parse(lines.history.values())
        for fault in found.faults:
            key, _, reason = fault.partition(": ")
            lines.reasons[key] = reason
            lines.left_out += 1
        count: int = importing.apply(found, app.energy, app.system.unix_time())
    if count < 0:
        if lines.settings:
            raise ValueError("The settings are taken over, but the storage took no history")
        raise ValueError("The storage took nothing")
    return count
