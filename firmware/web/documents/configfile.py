"""/configfile.cfg: settings and history as a file of the AMS reader 2.2.28.

In       parts, each as NAME=true: iw Wi-Fi and network, im MQTT, it meter, in time, is prices,
         ih thresholds; ic also the secrets of these parts
Out      lines KEY VALUE. An AMS reader takes them, and so does POST /configfile
Rules    History and money are always in it, once the meter's registers are known.
         A register is that of the full hour or of midnight, so that the reader that goes on from
         there counts the running hour and day as a whole.
         Not in it: the web login, of which only a hash of the password is stored (ie is not looked
         at); the pins (ig), which are those of the board; a value with control characters
         Beyond 2.2.28, which skips them: multipliers, if one is not 1, as 2.4.6 has them; more
         than three decimals of a fixed price; price rules, as 2.5 has them; those that no AMS
         reader has under a key of their own, priceRule. The order of the lines is theirs
Source   AMS reader 2.2.28, by its users' files
"""

from energy import views
from energy.tariff import ABOVE_ALL
from energy.totals import (
    COST,
    DAY,
    EXPORT,
    HOUR,
    IMPORT,
    INCOME,
    LAST_MONTH,
    MONTH,
    YESTERDAY,
)
from fmt import fixed
from ondemand import visit
from system import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from energy.blocks import Block

_PLACES = 5
_MOST_OF_16_BITS = 65535
_DOMOTICZ = 3  # payloads
_HOME_ASSISTANT = 4


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Its pieces."""
    asked = [part for part in request.args if request.args[part] == "true"]
    secret = "ic" in asked
    with visit("schema") as schema:
        stored = {name: schema.value(app.config, name) for name in (
            "domoticz_energy_idx", "domoticz_l1_idx", "domoticz_l2_idx", "domoticz_l3_idx",
            "domoticz_current_idx", "ha_prefix", "ha_host", "ha_tag", "price_token")}  # fmt: skip
        address = schema.parse_address(app.config.address)
        keys = app.config.keys()
    yield "amsconfig\n"
    yield _line("version", VERSION)
    yield _line("boardType", app.system.board.board_id)
    if "iw" in asked:
        yield _network(app, address, secret)
    if "im" in asked and app.config.mqtt_host:
        yield _mqtt(app, stored, secret)
    if "it" in asked:
        yield _meter(app, keys if secret else (None, None))
    if "in" in asked:
        yield "ntpEnable 1\nntpDhcp 0\n"
        yield _line("ntpTimezone", app.config.timezone)
        yield _line("ntpServer", app.config.ntp_server)
    if "is" in asked:
        yield _prices(app, stored["price_token"] if secret else "")
    if "ih" in asked:
        tariff = app.energy.peaks.tariff
        steps = list(tariff.steps[:9])
        steps += [ABOVE_ALL] * (10 - len(steps))
        yield _line("thresholds", " ".join([str(step) for step in steps + [tariff.count]]))
    yield from _history(app)


def _line(key: str, value: object) -> str:
    """A line; "" if the value would break it."""
    text = str(int(value)) if isinstance(value, bool) else str(value)
    if [c for c in text if c < " "]:
        return ""
    return "%s %s\n" % (key, text)


def _network(app: "App", address: "tuple[str, ...]", secret: bool) -> str:
    config = app.config
    out = ""
    if secret:
        out += _line("hostname", app.system.hostname(config.hostname))
        out += _line("ssid", config.wifi_ssid) + _line("psk", config.wifi_psk)
    if address:
        ip, mask, gateway, dns = address
        out += _line("ip", ip) + _line("gateway", gateway)
        out += _line("subnet", mask) + _line("dns1", dns)
    return out + "mdns 1\nuse11b 1\n"


def _mqtt(app: "App", stored: "dict[str, object]", secret: bool) -> str:
    config = app.config
    out = _line("mqttHost", config.mqtt_host) + _line("mqttPort", config.mqtt_port)
    out += _line("mqttClientId", config.mqtt_client_id)
    out += _line("mqttPublishTopic", config.mqtt_topic)
    if secret:
        out += _line("mqttUsername", config.mqtt_user)
        out += _line("mqttPassword", config.mqtt_password)
    out += _line("mqttPayloadFormat", config.mqtt_payload)
    out += _line("mqttSsl", int(config.mqtt_tls > 0))
    if config.mqtt_payload == _DOMOTICZ:
        out += _line("domoticzElidx", stored["domoticz_energy_idx"])
        out += _line("domoticzVl1idx", stored["domoticz_l1_idx"])
        out += _line("domoticzVl2idx", stored["domoticz_l2_idx"])
        out += _line("domoticzVl3idx", stored["domoticz_l3_idx"])
        out += _line("domoticzCl1idx", stored["domoticz_current_idx"])
    if config.mqtt_payload == _HOME_ASSISTANT:
        out += _line("homeAssistantDiscoveryPrefix", stored["ha_prefix"])
        out += _line("homeAssistantDiscoveryHostname", stored["ha_host"])
        out += _line("homeAssistantDiscoveryNameTag", stored["ha_tag"])
    return out


def _meter(app: "App", keys: "tuple[bytes | None, bytes | None]") -> str:
    config = app.config
    out = _line("meterBaud", config.meter_baud)
    if config.meter_format:
        out += _line("meterParity", config.meter_format)
    out += _line("meterInvert", config.meter_invert)
    out += _line("meterDistributionSystem", config.distribution_system)
    out += _line("meterMainFuse", config.main_fuse_a)
    out += _line("meterProductionCapacity", config.production_kwp)
    for name, key in (("Encryption", keys[0]), ("Authentication", keys[1])):
        if key:
            digits = "".join(["%02X" % octet for octet in key])
            out += _line("meter%sKey" % name, digits)
    factors = config.multiplier_w, config.multiplier_v, config.multiplier_a, config.multiplier_wh
    if [factor for factor in factors if factor != 1000]:
        for name, factor in zip(("Wattage", "Voltage", "Amperage", "Accumulated"), factors):
            out += _line("meter%sMultiplier" % name, fixed(factor, 3, 3))
    return out


def _prices(app: "App", token: object) -> str:
    config = app.config
    out = _line("entsoeToken", token) if token else ""
    out += _line("entsoeArea", config.price_area)
    out += _line("entsoeCurrency", config.price_currency)
    out += _line("entsoeMultiplier", fixed(config.price_multiplier, 3, 3))
    micro = config.price_fixed_micro
    out += _line("entsoeFixedPrice", fixed(micro, 6, 6 if micro % 1000 else 3))
    numbers = {"priceModifier": 0, "priceRule": 0}
    with visit("prices.ruletext") as rules:
        for rule in rules.parse(config.price_rules):
            key = "priceRule" if rule.is_foreign() else "priceModifier"
            out += _line(key, "%d %s" % (numbers[key], rule.text()))
            numbers[key] += 1
    return out


def _history(app: "App") -> "Iterator[str]":
    """The lines dayplot, monthplot and energyaccounting."""
    energy = app.energy
    registers, totals, zone = energy.registers, energy.totals, energy.settler.zone
    if registers.imported is None or not energy.settler.settled_until:
        return
    counted = registers.imported, registers.exported or 0
    hour = registers.read_at // 3600
    day = zone.day(registers.read_at)
    of_hour = totals.rows[HOUR] if totals.numbers[HOUR] == hour else (0, 0)
    of_day = totals.rows[DAY] if totals.numbers[DAY] == day else (0, 0)
    yield "dayplot 5 %d " % (hour * 3600)
    yield from _plot(views.day_hours(energy, registers.read_at), counted, of_hour)
    yield "monthplot 6 %d " % zone.day_start(day)
    yield from _plot(views.month_days(energy, registers.read_at), counted, of_day)
    now = max(app.system.unix_time(), registers.read_at)
    rows = energy.running(now)
    money = []
    for column in (COST, INCOME):
        for row in (YESTERDAY, MONTH, LAST_MONTH):
            money.append(fixed(rows[row][column], 9, 2))
    yield "energyaccounting 6 %d %s" % (zone.month(now) % 12 + 1, " ".join(money))
    peaks = [(zone.day(begin) - zone.day(zone.month_start(zone.month(now))) + 1, watts)
             for begin, watts in energy.peaks.chosen()]  # fmt: skip
    for date, watts in (peaks + [(0, 0)] * _PLACES)[:_PLACES]:
        yield " %d %s" % (date, fixed(watts, 3, 2))
    last = rows[LAST_MONTH]
    yield " %s %s\n" % (fixed(last[IMPORT], 3, 2), fixed(last[EXPORT], 3, 2))


def _plot(
    block: "Block", counted: "tuple[int, int]", since: "list[int] | tuple[int, int]"
) -> "Iterator[str]":
    """The rest of a plot's line: the registers less the energy since the plot's end, and the
    power of ten by which the AMS reader divides the slots to hold them in 16 bits."""
    most = max(max(block.imported), max(block.exported))
    exponent = 0
    while most // 10**exponent > _MOST_OF_16_BITS:
        exponent += 1
    yield "%d %d %s" % (
        max(0, counted[IMPORT] - since[IMPORT]),
        exponent,
        " ".join([str(wh) for wh in block.imported]),
    )
    exported = max(0, counted[EXPORT] - since[EXPORT])
    if exported:
        yield " %d %s" % (exported, " ".join([str(wh) for wh in block.exported]))
    yield "\n"
