"""POST /save: the form of the AMS reader 2.2, in sections.

In       a section's marker as true, and its fields:
         g    gt zone, gh host name, gs security, gu user, gp password
         m    mb baud, mp parity, mi inverted, md system, mf fuse, mr production, me encrypted,
              mek and mea keys, mmw mmv mma mmc multipliers
         w    ws SSID, wp password, wz sleep, ww power, wa restart; nm dhcp or static, ni address,
              ns mask, ng gateway, nd1 name server          ntp  ntph time server
         q    qh host, qp port, qs TLS, qu user, qa password, qc client id, qm payload, qb topic
         o    oe oc ou1 ou2 ou3 Domoticz    h    ht prefix, hh host, hn tag of Home Assistant
         t    t0 to t8 limits, th peaks     u    ui ue uv ua ur uc ut up ud um us: 0, 1, 2
         p    pe enabled, pt token, pr area, pc currency, pm multiplier, pf fixed price
         r    price rules, see web.forms.modifiers
         d    ds serial, dt telnet, dl level                 s    see web.forms.setup
         v    see web.forms.board
         iv   ivo offset and ivb boot limit of the supply voltage in V, ivm its multiplier
Out      {"success", "message", "reboot"}; reboot is true after a setup and a new board only
Rules    A section is taken as a whole: an absent number is 0, an absent check is false, an absent
         text empty. "***" leaves a secret as it is. Without me both keys of the meter go; gs=0
         empties user and password; an empty qh resets MQTT; an empty qp or 0 is 1883, with qs
         8883; 0 is 1.000 for a multiplier; an empty gh leaves the host name
         All are checked before one is changed.
         Not possible here, and refused: i, since the pins are those of the board; ces=true.
         Without effect, and said in the message: a second name server, switching mDNS or 802.11b
         off, time servers by DHCP. An empty SSID or zone is refused, which the AMS reader takes.
         ms, mm and sf are not looked at
Errors   ValueError with the reason, which begins with the field's name
Source   AMS reader 2.2.28, by its users' forms
"""

from fmt import boolean, quote
from micropython import const
from ondemand import visit

from web.forms.fields import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App, Request

_FIELD_OCTETS = const(800)  # 3 for each of 255 octets, and room
_KEPT = "***"
_THRESHOLDS = const(9)
_ABOVE_ALL = const(65535)
_MOST_PEAKS = const(5)
_TELNET = const(23)
_FORMATS = {0: "", 2: "7N1", 3: "8N1", 7: "8N2", 10: "7E1", 11: "8E1"}
_REFUSED = (("i", "the pins are those of the board, and v chooses the meter's GPIO"),)

_OF_SETUP = {"si:": "ni:", "su:": "ns:", "sg:": "ng:"}

# These count as chosen once they are stored, even if they equal the default.
_CHOSEN = ("main_fuse_a", "web_security")

# Kinds of fields.
_TEXT = const(0)
_NUMBER = const(1)
_CHECK = const(2)
_FACTOR = const(3)  # thousandths; 0 is 1.000
_SECRET = const(4)
# Section, field, setting, kind. The others are in the functions below.
_FIELDS = (
    ("g", "gt", "timezone", _TEXT),
    ("m", "mb", "meter_baud", _NUMBER),
    ("m", "mi", "meter_invert", _CHECK),
    ("m", "md", "distribution_system", _NUMBER),
    ("m", "mf", "main_fuse_a", _NUMBER),
    ("m", "mr", "production_kwp", _NUMBER),
    ("m", "mmw", "multiplier_w", _FACTOR),
    ("m", "mmv", "multiplier_v", _FACTOR),
    ("m", "mma", "multiplier_a", _FACTOR),
    ("m", "mmc", "multiplier_wh", _FACTOR),
    ("w", "ws", "wifi_ssid", _TEXT),
    ("w", "wp", "wifi_psk", _SECRET),
    ("w", "wz", "wifi_sleep", _NUMBER),
    ("w", "wa", "wifi_reboot", _CHECK),
    ("ntp", "ntph", "ntp_server", _TEXT),
    ("q", "qh", "mqtt_host", _TEXT),
    ("q", "qu", "mqtt_user", _TEXT),
    ("q", "qa", "mqtt_password", _SECRET),
    ("q", "qc", "mqtt_client_id", _TEXT),
    ("q", "qb", "mqtt_topic", _TEXT),
    ("q", "qm", "mqtt_payload", _NUMBER),
    ("o", "oe", "domoticz_energy_idx", _NUMBER),
    ("o", "oc", "domoticz_current_idx", _NUMBER),
    ("o", "ou1", "domoticz_l1_idx", _NUMBER),
    ("o", "ou2", "domoticz_l2_idx", _NUMBER),
    ("o", "ou3", "domoticz_l3_idx", _NUMBER),
    ("h", "ht", "ha_prefix", _TEXT),
    ("h", "hh", "ha_host", _TEXT),
    ("h", "hn", "ha_tag", _TEXT),
    ("u", "ui", "ui_import", _NUMBER),
    ("u", "ue", "ui_export", _NUMBER),
    ("u", "uv", "ui_voltage", _NUMBER),
    ("u", "ua", "ui_current", _NUMBER),
    ("u", "ur", "ui_reactive", _NUMBER),
    ("u", "uc", "ui_running", _NUMBER),
    ("u", "ut", "ui_peaks", _NUMBER),
    ("u", "up", "ui_price", _NUMBER),
    ("u", "ud", "ui_day", _NUMBER),
    ("u", "um", "ui_month", _NUMBER),
    ("u", "us", "ui_temperature", _NUMBER),
    ("p", "pe", "price_enabled", _CHECK),
    ("p", "pt", "price_token", _SECRET),
    ("p", "pr", "price_area", _TEXT),
    ("p", "pc", "price_currency", _TEXT),
    ("p", "pm", "price_multiplier", _FACTOR),
    ("d", "ds", "debug_serial", _CHECK),
)


async def post(app: "App", request: "Request") -> str:
    """POST /save."""
    fields = await read(request, _FIELD_OCTETS)
    if fields.get("s") == "true":
        with visit("web.forms.setup") as setup:
            message, reboot = setup.store(app, fields)
    elif fields.get("v") == "true":
        with visit("web.forms.board") as board:
            message, reboot = board.store(app, fields)
    else:
        message, reboot = store(app, fields), False
    return '{"success":true,"message":%s,"reboot":%s}' % (quote(message), boolean(reboot))


def store(app: "App", fields: "dict[str, str]") -> str:
    """Check and store the sections. Returns a message for the owner."""
    form = Form(app, fields)
    for section, reason in _REFUSED:
        if fields.get(section) == "true":
            raise ValueError("%s: %s" % (section, reason))
    sections = 0
    for section, more in _SECTIONS:
        if fields.get(section) == "true":
            sections += 1
            for row in _FIELDS:
                if row[0] == section:
                    form.take(row[2], row[1], row[3])
            if more:
                more(form)
    if not sections and not fields.get("sf"):
        raise ValueError("no section was sent, such as m=true: nothing is changed")
    return form.apply()


class Form:
    """The fields and the changes that they ask for.

    changes  {setting: value, None for the default}
    notes    on fields without an effect
    """

    def __init__(self, app: "App", fields: "dict[str, str]") -> None:
        self.app = app
        self.fields = fields
        self.changes: "dict[str, Any]" = {}
        self.notes: "list[str]" = []
        self._names: "dict[str, str]" = {}  # setting: field

    def text(self, field: str) -> str:
        """A field; "" if it is absent."""
        return self.fields.get(field, "").strip()

    def checked(self, field: str) -> bool:
        """Whether a field is true."""
        return self.fields.get(field) == "true"

    def number(self, field: str, places: int = 0) -> int:
        """A field as a decimal number times 10^places, further decimals cut; 0 if it is absent."""
        text = self.text(field).replace(",", ".")
        sign = -1 if text[:1] == "-" else 1
        whole, _, part = text.lstrip("-").partition(".")
        digits = whole + part
        if not digits and sign > 0:
            return 0
        if not digits.isdigit() or len(digits) > 15 or (part.strip("0") and not places):
            kind = "a number" if places else "a whole number"
            raise ValueError("%s: %s was expected, not %s" % (field, kind, text[:20]))
        return sign * int((whole or "0") + (part + "0" * places)[:places])

    def put(self, setting: str, field: str, value: "Any") -> None:
        """Ask for a change."""
        self.changes[setting] = value
        self._names[setting] = field

    def take(self, setting: str, field: str, kind: int) -> None:
        """Ask for the change of a field of that kind."""
        if kind == _TEXT or kind == _SECRET:
            text = self.fields.get(field, "")
            if kind == _TEXT or text != _KEPT:
                self.put(setting, field, text)
        elif kind == _NUMBER:
            self.put(setting, field, self.number(field))
        elif kind == _CHECK:
            self.put(setting, field, self.checked(field))
        else:
            self.put(setting, field, self.number(field, 3) or 1000)

    def apply(self) -> str:
        """Make the changes. Returns the message."""
        app = self.app
        with visit("schema") as schema:
            faults = schema.faults(self.changes)
            for setting in faults:
                reason = faults[setting]
                if reason.startswith(setting):
                    reason = reason[len(setting) :].lstrip(": ")
                raise ValueError("%s: %s" % (self._names[setting], reason))
            for setting in list(self.changes):
                present = schema.value(app.config, setting)
                if setting not in _CHOSEN and self.changes[setting] == present:
                    self.changes.pop(setting)
        app.apply(self.changes)
        if app.network.trial:
            self.notes.append(
                "the new network is on trial for 60 seconds: open the reader at its new address"
            )
        return "; ".join(self.notes)


def _general(form: Form) -> None:
    if not form.text("gt"):
        raise ValueError("gt: the time zone is missing")
    host = form.text("gh").lower()
    if host:
        own = form.app.system.hostname("")  # of this reader, which another one does not have
        form.put("hostname", "gh", "" if host == own else host)
    security = form.number("gs")
    form.put("web_security", "gs", security)
    form.put("web_user", "gu", form.text("gu") if security else "")
    if not security:
        form.put("web_password", "gp", "")
    else:
        form.take("web_password", "gp", _SECRET)


def _meter(form: Form) -> None:
    parity = form.number("mp")
    if parity not in _FORMATS:
        raise ValueError("mp: one of 0, 2, 3, 7, 10, 11 was expected, not %d" % parity)
    form.put("meter_format", "mp", _FORMATS[parity])
    for field, setting in (("mek", "encryption_key"), ("mea", "authentication_key")):
        if not form.checked("me"):
            form.put(setting, field, "")
            continue
        form.take(setting, field, _SECRET)
        digits = form.changes.get(setting, "").strip().replace("0x", "")
        if not digits.strip("0 -"):  # no key, or one of zeros, which is none
            if setting in form.changes:
                form.put(setting, field, "")


def _wifi(form: Form) -> None:
    if not form.fields.get("ws"):
        raise ValueError("ws: the name of the network is missing")
    form.put("wifi_power_ddbm", "ww", form.number("ww", 1))
    mode = form.text("nm")
    if mode not in ("", "dhcp", "static"):
        raise ValueError("nm: dhcp or static was expected")
    address = ""
    if mode == "static":
        fields = {"sm": "static", "si": form.text("ni"), "su": form.text("ns")}
        fields["sg"], fields["sd"] = form.text("ng"), form.text("nd1")
        with visit("web.forms.setup") as setup:
            try:
                address = setup.address(fields)
            except ValueError as e:  # its fields are si, su, sg
                reason = str(e)
                raise ValueError(_OF_SETUP.get(reason[:3], "ni:") + reason[3:])
    form.put("address", "ni", address)
    if form.text("nd2"):
        form.notes.append("a second name server is not asked")
    if not form.checked("nd"):
        form.notes.append("mDNS stays on")
    if "wb" in form.fields and not form.checked("wb"):
        form.notes.append("802.11b stays allowed")


def _time(form: Form) -> None:
    if not form.text("ntph"):
        form.put("ntp_server", "ntph", None)
    if form.checked("ntpd"):
        form.notes.append("what DHCP names is asked if ntp_server names none")


def _mqtt(form: Form) -> None:
    if not form.text("qh"):
        for section, field, setting, _ in _FIELDS:
            if section == "q":
                form.put(setting, field, None)
        form.put("mqtt_port", "qp", None)
        form.put("mqtt_tls", "qs", None)
        return
    secure = form.checked("qs")
    form.put("mqtt_port", "qp", form.number("qp") or (8883 if secure else 1883))
    put_tls(form, "qs", secure)


def put_tls(form: Form, field: str, secure: bool) -> None:
    """Ask for TLS that checks the broker, or for none. An owner who has chosen TLS without a check
    keeps it; what a form of an AMS reader can say never leads to that."""
    chosen = form.app.config.mqtt_tls
    form.put("mqtt_tls", field, (chosen or 1) if secure else 0)
    if secure and not chosen and "mqtt-ca" not in form.app.storage.names():
        form.notes.append("TLS needs the CA certificate of the broker: upload it at /mqtt-ca")


def _thresholds(form: Form) -> None:
    steps = []
    for i in range(_THRESHOLDS):
        step = form.number("t%d" % i)
        if not 0 <= step <= _ABOVE_ALL:
            raise ValueError("t%d: 0 to %d was expected" % (i, _ABOVE_ALL))
        if 0 < step < _ABOVE_ALL:
            steps.append(step)
    count = form.number("th")
    if not 0 <= count <= 255:
        raise ValueError("th: 0 to 255 was expected")
    in_force = form.app.energy.peaks.tariff
    if tuple(sorted(steps)) == in_force.steps and count == in_force.count:
        return  # of the profile, which stays as it is
    rules = dict(form.app.config.tariff)
    rules["steps"] = sorted(steps)
    rules["count"] = min(count, _MOST_PEAKS)
    form.put("tariff", "t0", rules)


def _prices(form: Form) -> None:
    form.put("price_fixed_micro", "pf", form.number("pf", 6))


def _modifiers(form: Form) -> None:
    with visit("web.forms.modifiers") as modifiers:
        form.put("price_rules", "rc", modifiers.of_form(form))


def _debug(form: Form) -> None:
    port = form.app.config.telnet_port or _TELNET
    form.put("telnet_port", "dt", port if form.checked("dt") else 0)
    form.put("debug_level", "dl", form.number("dl") or None)


def _supply(form: Form) -> None:
    volts = form.number("ivo", 3), form.number("ivm", 3) or 1000, form.number("ivb", 3)
    form.put("supply", "ivo", "" if volts == (0, 1000, 0) else "%d %d %d" % volts)


def _cloud(form: Form) -> None:
    if form.checked("ces"):
        raise ValueError("ces: there is no cloud service")


_SECTIONS = (
    ("g", _general),
    ("m", _meter),
    ("w", _wifi),
    ("ntp", _time),
    ("q", _mqtt),
    ("o", None),
    ("h", None),
    ("t", _thresholds),
    ("u", None),
    ("p", _prices),
    ("r", _modifiers),
    ("d", _debug),
    ("iv", _supply),
    ("c", _cloud),
)
