"""Changes of settings: checked, stored, put in force. Loaded for that.

In       {name: value}, None for the default
Out      the settings in force and on flash; what needs them begins again
Rules    All changes are checked before one is made, and stored before one is used. While the
         supply voltage is too low for that, they are used, and stored later. Changes of the
         network of a connected reader are on trial first: net.station.
         What is not in the table reads its settings whenever it needs them: MQTT, telnet and the
         lights notice a change within two seconds. Only http_port waits for a restart.
Errors   ValueError: a value is not allowed, or flash takes nothing; then nothing is changed
"""

import gc
import json

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from app import App
    from config import Config
    from energy.tariff import Tariff
    from log import Log

_FILE = "config.json"
_MOST_OCTETS = const(8000)  # a longer file would not be read
_NETWORK = ("wifi_ssid", "wifi_psk", "hostname", "address")
_CHANGED = const(-1)  # of prices.schedule
_ASK_AT = const(0)  # of net.ntp's plan
_ANNOUNCEMENT = const(6)  # a kind of MQTT's messages: mqtt.payloads


def apply(app: "App", changes: "dict[str, Any]") -> None:
    """Make the changes."""
    if "web_password" in changes:
        with visit("passwords") as passwords:
            changes = passwords.hidden(changes)
    config, network = app.config, app.network
    with visit("schema") as schema:
        faults = schema.faults(changes)
        if faults:
            raise ValueError("; ".join([faults[name] for name in changes if name in faults]))
        for name in changes:
            if changes[name] is None and name in _NETWORK:  # a trial needs the value itself
                changes = dict(changes)
                changes[name] = schema.default(name)
        before = dict(network.trial), network.trial_until_s, network.change_s, network.wishes
        now = network.hold(changes)
        stored = config.to_store()
        for name in now:
            usual = schema.default(name) if name in _NETWORK else schema.row(name)[schema.DEFAULT]
            if now[name] is None or now[name] == usual:
                stored.pop(name, None)  # nothing asks is_set() of these
            else:
                stored[name] = now[name]
    if stored == config.to_store():
        return
    octets = json.dumps(stored).encode()
    held = bool(app.storage.held)
    if len(octets) > _MOST_OCTETS or not (held or app.storage.write(_FILE, (octets,))):
        network.trial, network.trial_until_s, network.change_s, network.wishes = before
        if len(octets) > _MOST_OCTETS:
            raise ValueError("too much for %s, so nothing is changed" % _FILE)
        raise ValueError("flash takes no settings, so nothing is changed: see the log")
    app.unstored = held
    gc.collect()  # what is kept then lies in the first gaps, not behind what is loaded for this
    changed = [name for name in now if config.set(name, stored.get(name))]
    config.doubt()
    gc.collect()
    for names, effect in _EFFECTS:
        if [name for name in changed if name.startswith(names)]:
            effect(app)


def tariff(config: "Config", log: "Log") -> "Tariff":
    """The chosen profile; the owner's rules replace those of the profile."""
    faults: "list[str]" = []  # of settings from the command line, which are not checked
    with visit("energy.profiles") as profiles:
        made: "Tariff" = profiles.tariff(config.tariff_profile, config.tariff, faults)
    for fault in faults:
        log.warn("tariff: " + fault)
    return made


def _log(app: "App") -> None:
    app.log.echo = app.config.debug_serial * app.config.debug_level


def _rules(app: "App") -> None:
    app.energy.set_rules(app.config.timezone, tariff(app.config, app.log))


def _prices(app: "App") -> None:
    app.prices.update_rate()
    app.use_prices()
    app.prices.due_s = _CHANGED


def _radio(app: "App") -> None:
    app.network.tune()


def _keys(app: "App") -> None:
    key, auth_key = app.config.keys()
    app.reader.stream.use_keys(key, auth_key)


def _line(app: "App") -> None:
    """The reader stores the settings that it has found: these are in use already."""
    if app.config.line() != app.reader.settings:
        app.reader.renew = True


def _supply(app: "App") -> None:
    with visit("device.power") as power:
        power.calibrate(app)


def _time(app: "App") -> None:
    app.network.ntp_plan[_ASK_AT] = 0


def _announce(app: "App") -> None:
    """Entities of Home Assistant come and go with settings."""
    app.system.mqtt_due |= 1 << _ANNOUNCEMENT


def _push(app: "App") -> None:
    app.push_at = 0
    app.push_failures = -1


def _upgrade(app: "App") -> None:
    app.upgrade_at = 0
    _announce(app)


# Beginnings of settings' names, and what a change of one does.
_EFFECTS = (
    (("debug_",), _log),
    (("timezone", "tariff"), _rules),
    (("price_", "export_", "timezone"), _prices),
    (("wifi_sleep", "wifi_power_ddbm"), _radio),
    (("encryption_key", "authentication_key"), _keys),
    (("meter_",), _line),
    (("supply",), _supply),
    (("ntp_server",), _time),
    (("ha_", "price_", "export_", "tariff", "production_", "mqtt_subscribe"), _announce),
    (("push_",), _push),
    (("upgrade_",), _upgrade),
)
