"""Settings that are allowed but have no effect. Loaded with a check of the settings."""

import clock
from energy import profiles
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from config import Config

_DOMOTICZ = 3  # of mqtt_payload


def doubts(config: "Config") -> "list[str]":
    """Messages on settings that are allowed but have no effect."""
    found = []
    zone = config.timezone
    if zone != "GMT" and clock.zone_offset_min(zone) is None:
        found.append("the time zone %s is not known; GMT is used" % zone)
    if config.wifi_ssid != config.wifi_ssid.strip():
        found.append("wifi_ssid begins or ends with a space: is that the network's name?")
    for rule in profiles.unknown(config.tariff):
        found.append("tariff: there is no rule %s" % rule)
    if config.price_rules and config.price_currency not in ("", "NOK"):
        with visit("prices.ruletext") as rules:
            if [1 for r in rules.parse(config.price_rules) if r.is_by_law()]:
                found.append("price_rules: a value 0 by Norwegian law needs price_currency NOK")
    payload = config.mqtt_payload
    if config.mqtt_host and not config.mqtt_topic and payload != _DOMOTICZ:
        found.append("mqtt_topic is empty, so nothing is published")
    indexes = [name for name in config.stored if name[:9] == "domoticz_" and config.stored[name]]
    if config.mqtt_host and payload == _DOMOTICZ and not indexes:
        found.append("mqtt_payload is Domoticz, and no index of a device is set")
    if config.telnet_port and not config.web_password:
        found.append("telnet does not begin before web_password is set")
    if config.web_security and not config.web_password:
        found.append("web_security has no effect before web_password is set")
    return found
