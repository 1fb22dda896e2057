"""The forms of the setup page, in setup mode: POST /save, /setup, /wifi/test.

In       the AMS reader's parameters: s=true; ss SSID, sp password (*** keeps the one that is
         stored or was tested for this network), sh
         host name, sm=static with si address, su mask (255.255.255.0 or 24), sg gateway, sd name
         server. /wifi/test: ss and sp
Out      /save       {"success", "message", "reboot"}
         /setup      the page, for a browser without scripts
         /wifi/test  {"success", "message"}: it has begun, see /wifi/test.json
Rules    All are checked before one is stored; other settings keep their values. The reader then
         leaves its access point and joins the network; it restarts for that if a test has
         connected it under another host name. Other sections than s are refused
Errors   ValueError with the reason, then nothing is changed. One about a field begins with its
         name: "sp: ...". A reason has no password
Limits   only in setup mode: there is no way yet to tell the owner from others in his network
Source   the AMS reader's manual 4.1
"""

from micropython import const
from ondemand import visit

from web.forms.fields import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from composition import App, Request

_FIELD_OCTETS = const(300)  # 3 for each of 64 octets, and room
_FIELDS = ("s", "ss", "sp", "sh", "sm", "si", "su", "sg", "sd")
_SECTIONS = ("v", "g", "m", "w", "ntp", "q", "o", "h", "t", "p", "d", "u", "i", "iv", "c", "r")
# Setting, field, default.
_SETTINGS = (
    ("wifi_ssid", "ss"),
    ("wifi_psk", "sp"),
    ("hostname", "sh"),
    ("address", "si"),
)
_KEPT = "***"
_OK = const(1)  # of Network.tried
_CAUSE_SAVE = const(2)


async def submit(app: "App", request: "Request") -> "Iterator[str]":
    """POST /setup: the page that tells what happens next, or the form with what is wrong."""
    fields = await read(request, _FIELD_OCTETS, _FIELDS + _SECTIONS)
    try:
        message, _ = store(app, fields)
    except ValueError as e:
        return _again(app, fields, str(e))
    return _saved(app, message)


async def test(app: "App", request: "Request") -> str:
    """POST /wifi/test: begin to try a network beside the access point."""
    fields = await read(request, _FIELD_OCTETS, _FIELDS + _SECTIONS)
    _require_setup(app)
    name, psk = _network(app, fields)
    app.network.try_wifi(name, psk)
    return '{"success":true,"message":""}'


def store(app: "App", fields: "dict[str, str]") -> "tuple[str, bool]":
    """Check and store the fields. Returns a message for the owner, and whether the reader
    restarts."""
    _require_setup(app)
    for section in _SECTIONS:
        if fields.get(section) == "true":
            raise ValueError("only the section s can be saved here: not %s" % section)
    if fields.get("s") != "true":
        raise ValueError("s=true is missing: only the setup can be saved here")
    name, psk = _network(app, fields)
    host = fields.get("sh", "").strip()
    if host == app.system.hostname(""):
        host = ""  # the default of this reader, which another one does not have
    changes: "dict[str, Any]" = {
        "wifi_ssid": name,
        "wifi_psk": psk,
        "hostname": host,
        "address": address(fields),
    }
    _check(changes)
    # The chip announces the host name of its first connection until it restarts.
    reboot = app.network.tried == _OK and host != app.config.hostname
    app.apply(changes)
    if reboot:
        app.restart(_CAUSE_SAVE)
    message = (
        "The reader leaves its own network now and joins %s: half a minute, as a rule. Your phone"
        " goes back to its usual network by itself, or you choose it. Then open one of these:"
        % name
    )
    return message, reboot


def _network(app: "App", fields: "dict[str, str]") -> "tuple[str, str]":
    """SSID and password; ValueError if they are not possible."""
    name, psk = fields.get("ss", ""), fields.get("sp", "")
    if not name:
        raise ValueError("ss: choose a network or type its name")
    if psk == _KEPT:
        tested, psk = app.network.wanted
        if name != tested:
            if name != app.config.wifi_ssid:
                raise ValueError("sp: type the password of this network")
            psk = app.config.wifi_psk
    _check({"wifi_ssid": name, "wifi_psk": psk})
    return name, psk


def address(fields: "dict[str, str]") -> str:
    """The setting `address`: "" for DHCP."""
    if fields.get("sm") != "static":
        return ""
    for field, label in (("si", "an address"), ("sg", "the router's address")):
        if not fields.get(field, "").strip():
            raise ValueError("%s: a static address needs %s" % (field, label))
    own, gateway = fields["si"].strip(), fields["sg"].strip()
    if " " in own + gateway or "/" in own:
        raise ValueError("si: one address, as 192.168.1.50")
    return ("%s/%d %s %s" % (own, _bits(fields), gateway, fields.get("sd", "").strip())).strip()


def _bits(fields: "dict[str, str]") -> int:
    """The length of a subnet by its mask or its length."""
    text = fields.get("su", "").strip().lstrip("/") or "24"
    if text.isdigit() and len(text) <= 2:
        return int(text)
    bits = ""
    for part in text.split("."):
        number = int(part) if part.isdigit() and len(part) <= 3 else 256
        for shift in range(7, -1, -1):
            bits += "1" if number >> shift & 1 else "0"
        if number > 255:
            bits = ""
            break
    length = bits.rstrip("0")
    if len(bits) != 32 or "0" in length:
        raise ValueError("su: a subnet is 24 or 255.255.255.0, for example: not %s" % text[:20])
    return len(length)


def _check(changes: "dict[str, Any]") -> None:
    """ValueError if the rules of the settings refuse a value."""
    with visit("schema") as schema:
        for setting, field in _SETTINGS:
            reason = schema.fault(setting, changes.get(setting, ""))
            if reason:
                begin = reason[len(setting) :].lstrip(": ")
                raise ValueError("%s: %s%s" % (field, begin[:1].upper(), begin[1:]))


def _require_setup(app: "App") -> None:
    with visit("web.documents.wifi") as wifi:
        wifi.require_setup(app)


def _again(app: "App", fields: "dict[str, str]", fault: str) -> "Iterator[str]":
    """The form with everything that was typed but the password."""
    if fields.get("sp") != _KEPT:
        fields["sp"] = ""
        if fault[:3] != "sp:":
            fault += "; type the password again"
    with visit("web.documents.setup") as setup:
        yield from setup.form(app, fields, fault)


def _saved(app: "App", message: str) -> "Iterator[str]":
    with visit("web.documents.setup") as setup:
        yield from setup.saved(app, message)
