"""PATCH /api/config, POST /api/key-test and /api/mqtt-test, each with a JSON object.

PATCH /api/config
In       {setting: value, ...}, names and values as in /api/settings.json; null is the default
Out      {"success": true, "message", "reboot": false, "changed": [names], "needs": {name: what}}
         changed  settings that have another value now, or will have after their trial
         needs    of these, what the change needs: see /api/settings.json
Errors   400 with "errors": {setting: reason}, one for each setting that is refused

POST /api/key-test
In       {"encryption_key", "authentication_key"}; "***" or no such member: the stored one
Out      {"success": whether they fit, "message", "result"}; results: see keytest. It waits for the
         next telegram, up to 15 s, and stores nothing

POST /api/mqtt-test
In       settings of MQTT; those left out are the stored ones, as is a password "***"
         Only the stored broker gets the stored password
Out      {"success", "message", "stage"}: "done", or the stage that failed, see mqtttest. It takes
         up to 25 s, and stores nothing

Errors   ValueError, then nothing is changed. No reason has a value of a secret
"""

from fmt import boolean, quote
from micropython import const
from ondemand import visit

from web.forms.fields import parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App, Request

_KEPT = "***"
_KEYS = ("encryption_key", "authentication_key")
_PATIENCE_MS = const(20000)  # for the telegram of a test
_BROKER_MS = const(30000)


async def patch(app: "App", request: "Request") -> str:
    """Change some settings."""
    changes = await read_object(request)
    with visit("schema") as schema:
        for name in list(changes):
            row = schema.row(name)
            if row is not None and row[schema.SECRET] and changes[name] == _KEPT:
                changes.pop(name)
        faults = schema.faults(changes)
        if faults:
            members = ",".join(["%s:%s" % (quote(n), quote(faults[n])) for n in faults])
            message = "%d settings are refused, nothing is changed" % len(faults)
            if len(faults) == 1:
                message = "".join(faults.values()) + ": nothing is changed"
            raise ValueError(message, ',"errors":{%s}' % members)
        before = {name: _value(schema, app, name) for name in changes}
        app.apply(changes)
        changed = [name for name in changes if _value(schema, app, name) != before[name]]
        needs = [(name, schema.row(name)[schema.NEEDS]) for name in changed]
    message = ""
    if [1 for _, what in needs if what == "restart"]:
        message = "some changes are used after a restart"
    if app.network.trial:
        message = "the new network is on trial for 60 seconds: open the reader at its new address"
    return '{"success":true,"message":%s,"reboot":false,"changed":[%s],"needs":{%s}}' % (
        quote(message),
        ",".join([quote(name) for name in changed]),
        ",".join(["%s:%s" % (quote(name), quote(what)) for name, what in needs if what]),
    )


async def try_keys(app: "App", request: "Request") -> str:
    """Try keys with the meter's next telegram."""
    sent = await read_object(request)
    keys = []
    with visit("schema") as schema:
        for name in _KEYS:
            text = sent.get(name, _KEPT)
            if text == _KEPT:
                text = getattr(app.config, name)
            reason = schema.fault(name, text)
            if reason:
                raise ValueError(reason)
            keys.append(schema.parse_key(text))
    request.stream.within(_PATIENCE_MS)
    result, words = await app.test("keytest", keys)
    return '{"success":%s,"message":%s,"result":%s}' % (
        boolean(result == "ok"),
        quote(words),
        quote(result),
    )


async def try_mqtt(app: "App", request: "Request") -> str:
    """Try a broker."""
    sent = await read_object(request)
    settings: "dict[str, Any]" = {}
    with visit("schema") as schema:
        for name in sent:
            row = schema.row(name)
            if row is None or name[:5] != "mqtt_":
                raise ValueError("%s is no setting of MQTT" % name)
            if sent[name] is None:
                sent[name] = schema.default(name)
            reason = schema.fault(name, sent[name])
            if reason:
                raise ValueError(reason)
            if not row[schema.SECRET] or sent[name] != _KEPT:
                settings[name] = sent[name]
    for name in ("mqtt_host", "mqtt_port"):
        if settings.get(name, getattr(app.config, name)) != getattr(app.config, name):
            settings.setdefault("mqtt_password", "")
    request.stream.within(_BROKER_MS)
    stage, words = await app.test("mqtttest", settings)
    return '{"success":%s,"message":%s,"stage":%s}' % (
        boolean(stage == "done"),
        quote(words),
        quote(stage),
    )


def _value(schema: "Any", app: "App", name: str) -> "Any":
    """A setting's value, also one on trial."""
    return app.network.trial.get(name, schema.value(app.config, name))


async def read_object(request: "Request") -> "dict[str, Any]":
    """The object of the body. ValueError if it is none."""
    stream = request.stream
    octets = bytearray(stream.left)
    at = 0
    while stream.left:
        piece = await stream.piece()
        octets[at : at + len(piece)] = piece
        at += len(piece)
    try:
        text = octets.decode().strip()
        if text[-1:] not in ("}", "]"):  # json of MicroPython 1.25 takes what is cut off
            raise ValueError
        found = parsed(text)
    except ValueError:  # also of octets that are not UTF-8
        raise ValueError("the body is not valid JSON")
    if not isinstance(found, dict):
        raise ValueError("the body must be an object: {setting: value}")
    return found
