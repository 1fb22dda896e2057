"""Labels and explanations of the settings, and their usual values. Loaded for their document.

In       a setting's name
Out      texts in English; (value, label) of options
"""

from prices import areas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# Name, label, explanation.
_TEXTS = (
    ("hostname", "Host name", "The reader's page is http://NAME.local/. Empty: ams- and the last "
     "digits of its MAC address. The .local name follows after a restart."),
    ("timezone", "Time zone", "Hours, days and months begin by it. An unknown one is GMT."),
    ("web_security", "Security", "What needs user and password."),
    ("web_user", "User name", "For the page and for scripts."),
    ("web_password", "Password", "Of the page, of scripts and of telnet."),
    (
        "web_names",
        "More names of the reader",
        "By which a browser may ask for it too, as behind a proxy; separated by spaces.",
    ),
    ("http_port", "Port of the page", "Usually 80."),
    ("price_enabled", "Fetch prices", "Ask for the spot prices of the price area each day."),
    ("price_token", "ENTSO-E token", "36 characters, free at transparency.entsoe.eu. Not "
     "needed in Norway, Sweden and Denmark."),
    ("price_area", "Price area", "The area of the spot prices."),
    ("price_currency", "Currency", "Empty: that of the spot prices."),
    ("price_multiplier", "Multiplier of the price", "1.25 adds 25 % VAT."),
    ("price_fixed_micro", "Fixed price", "0: spot prices are used."),
    ("price_rules", "Price rules", "Applied in this order."),
    ("export_price", "Price of export", "What you get for a kWh."),
    ("export_multiplier", "Multiplier of export", "Of the spot price."),
    ("export_fixed_micro", "Fixed price of export", "For a kWh."),
    ("monthly_fee_micro", "Monthly fee", "It is shown beside the cost of energy."),
    ("meter_baud", "Baud rate", "0: it is detected."),
    ("meter_format", "Data bits, parity, stop bits", "Empty: they are detected."),
    ("meter_invert", "Inverted line", "The levels of the meter's line are inverted."),
    ("distribution_system", "Voltage system", "It decides how voltages are named and which "
     "currents a meter can tell."),
    ("main_fuse_a", "Main fuse", "Scales the gauges; values that it cannot carry are refused."),
    ("production_kwp", "Production", "Peak power of solar panels or a wind turbine."),
    ("encryption_key", "Encryption key", "32 digits 0-9 and A-F from the grid company; spaces, "
     "dashes and 0x do not matter. Or 16 characters. Empty: the meter does not encrypt."),
    ("authentication_key", "Authentication key", "In the same form. Empty: telegrams are "
     "decrypted without a check of their origin."),
    ("ct_ratio", "Ratio of current transformers", "For a meter behind transformers: powers, "
     "currents and energies are multiplied by it."),
    ("multiplier_w", "Multiplier of power", "1: as the meter says."),
    ("multiplier_v", "Multiplier of voltage", "1: as the meter says."),
    ("multiplier_a", "Multiplier of current", "1: as the meter says."),
    ("multiplier_wh", "Multiplier of energy", "1: as the meter says."),
    ("estimate_l2_current", "Estimate the current of L2", "For Norwegian IT meters, which do not "
     "measure it. It is marked as estimated."),
    ("wifi_ssid", "Name of the network (SSID)", "2.4 GHz."),
    ("wifi_psk", "Password of the network", "8 to 63 characters; empty for an open network."),
    ("wifi_sleep", "Power saving", "More saving, slower page. Maximum is needed on a reader that "
     "the meter's port feeds."),
    ("wifi_power_ddbm", "Transmit power", "19.5 dBm at most on most chips. 0: as the board "
     "needs it."),
    ("wifi_reboot", "Restart without network", "After four failed attempts to connect."),
    (
        "wifi_first",
        "Not connected yet",
        "Set by the setup, cleared by the first connection. Until then three failed attempts lead "
        "back to the setup.",
    ),
    ("setup_psk", "Password of the setup network", "8 to 63 characters. Empty: it is open."),
    ("address", "Static address", "Address/length, gateway and name server, as 192.168.1.50/24 "
     "192.168.1.1 1.1.1.1. Empty: the router gives an address (DHCP)."),
    ("ntp_server", "Time servers", "One or several, separated by spaces."),
    ("mqtt_host", "Broker", "Name or address. Empty: no MQTT."),
    ("mqtt_port", "Port of the broker", "Usually 1883; with TLS 8883."),
    ("mqtt_tls", "TLS to the broker", "It needs the CA certificate, and the clock."),
    ("mqtt_keepalive_s", "Keep-alive", "The broker gives up after 1.5 times this."),
    ("mqtt_user", "User name at the broker", "Empty: none is sent."),
    ("mqtt_password", "Password at the broker", "Sent only with a user name."),
    ("mqtt_client_id", "Client id", "Another one for each reader at a broker."),
    ("mqtt_topic", "Topic", "Empty: nothing is published."),
    ("mqtt_payload", "Payload", "The form of the messages."),
    ("mqtt_generation", "Payload generation", "Names, decimals and keys as of AMS readers 2.2 or "
     "2.5."),
    ("mqtt_interval_s", "Interval", "Between two publications of the meter's values. "
     "0: each telegram."),
    ("mqtt_silence_s", "Silence", "The time without a telegram after which the meter "
     "counts as silent."),
    ("mqtt_subscribe", "Topic of commands", "Empty: command under the topic. off: no commands."),
    ("domoticz_energy_idx", "Domoticz: energy", "Index of the device, 0 for none."),
    ("domoticz_current_idx", "Domoticz: currents", "Index of the device, 0 for none."),
    ("domoticz_l1_idx", "Domoticz: voltage L1", "Index of the device, 0 for none."),
    ("domoticz_l2_idx", "Domoticz: voltage L2", "Index of the device, 0 for none."),
    ("domoticz_l3_idx", "Domoticz: voltage L3", "Index of the device, 0 for none."),
    ("ha_prefix", "Home Assistant: prefix", "Of discovery. Empty: homeassistant."),
    ("ha_host", "Home Assistant: host", "In the link to this page. Empty: the .local name."),
    ("ha_tag", "Home Assistant: tag", "Added to the names of the sensors."),
    ("push_kind", "Push to", "A server that takes messages without a broker."),
    ("push_url", "Address", "As https://influx.example.com:8086, or that of a webhook."),
    ("push_token", "Token", "Sent over TLS only, or in the home network if that is allowed."),
    ("push_org", "InfluxDB: organisation", "Its name."),
    ("push_bucket", "InfluxDB: bucket", "Its name."),
    ("push_interval_s", "Interval", "With https:// 60 or more."),
    ("push_plain", "Token without TLS", "Anybody in the home network can read it then."),
    ("tariff_profile", "Tariff", "What the grid company counts, and when."),
    ("tariff", "Own steps", "In place of the tariff's: limits in kW, their prices, and others."),
    ("ui_import", "Import", "On the page Now."),
    ("ui_export", "Export", "On the page Now."),
    ("ui_voltage", "Voltage", "On the page Now."),
    ("ui_current", "Current", "On the page Now."),
    ("ui_reactive", "Reactive power", "On the page Now."),
    ("ui_running", "Running sums", "On the page Now."),
    ("ui_peaks", "Tariff peaks", "On the page Now."),
    ("ui_price", "Prices", "On the page Now."),
    ("ui_day", "Last day", "On the page Now."),
    ("ui_month", "Last month", "On the page Now."),
    ("ui_temperature", "Temperatures", "On the page Now."),
    ("upgrade_url", "Upgrade: address", "Of the list of versions, manifest.json."),
    ("upgrade_channel", "Upgrade: versions", "Riskier ones include the safer ones."),
    ("upgrade_auto", "Look for upgrades", "Once a day, at that address. You install them."),
    ("upgrade_unsigned", "Unsigned images", "Whoever has the password may install anything."),
    ("supply", "Supply voltage", "Offset in mV, multiplier, boot limit in mV; as 0 1000 0."),
    ("lights", "Lights", "all, errors or off; with hours, as all 7-22, dark at night."),
    ("sensor_names", "Temperature sensors", "As 28FF641E93160342 Attic, with commas between."),
    ("debug_serial", "Log on the serial console", "At 115200 baud."),
    ("telnet_port", "Port of telnet", "Usually 23; 0: no telnet. It needs the password."),
    ("debug_level", "Level", "Of the console and of telnet."),
    ("raw_port", "Port of the raw octets", "The meter's octets by TCP, usually 8082; 0: none."),
)  # fmt: skip
_SHOWN = ((0, "hide"), (1, "show"), (2, "dynamic: if there is something to show"))
_ZONES = (
    "Amsterdam Athens Belfast Berlin Bratislava Brussels Bucharest Budapest Copenhagen Dublin "
    "Helsinki Lisbon Ljubljana London Luxembourg Madrid Malta Nicosia Oslo Paris Prague Riga Rome "
    "Sofia Stockholm Tallinn Vienna Vilnius Warsaw Zagreb Zurich"
)
# Names of settings, and their options.
_OPTIONS = (
    ("web_security", ((0, "none"), (1, "only configuration"), (2, "everything"))),
    ("price_area", tuple(areas.every())),
    ("price_currency", (
        ("", "that of the prices"), ("NOK", "NOK"), ("SEK", "SEK"), ("DKK", "DKK"),
        ("EUR", "EUR"), ("CHF", "CHF"),
    )),
    ("export_price", (
        ("import", "as for import"), ("spot", "spot price"), ("fixed", "fixed price"),
    )),
    ("meter_baud", (
        (0, "detect"), (300, "300"), (1200, "1200"), (2400, "2400"), (4800, "4800"),
        (9600, "9600"), (19200, "19200"), (38400, "38400"), (57600, "57600"),
        (115200, "115200"),
    )),
    ("meter_format", (
        ("", "detect"), ("7N1", "7N1"), ("8N1", "8N1"), ("8N2", "8N2"), ("7E1", "7E1"),
        ("8E1", "8E1"),
    )),
    ("distribution_system", (
        (0, "not known"), (1, "230 V, IT or TT"), (2, "400 V, TN"),
    )),
    ("wifi_sleep", (
        (255, "as the board needs it"), (0, "none"), (1, "minimum"), (2, "maximum"),
    )),
    ("mqtt_tls", (
        (0, "none"), (1, "check who the broker is"), (2, "do not check who the broker is"),
    )),
    ("mqtt_payload", (
        (104, "Home Assistant"), (4, "Home Assistant, as the AMS reader"), (0, "JSON"),
        (5, "JSON, several topics"), (6, "JSON, flat"), (1, "Raw, minimal"), (2, "Raw, full"),
        (3, "Domoticz"), (255, "HEX dump"),
    )),
    ("mqtt_generation", (("2.2", "as AMS readers 2.2"), ("2.5", "as AMS readers 2.5"))),
    ("tariff_profile", (
        ("NO", "Norway: highest hours of 3 days, steps"),
        ("SE-day-3", "Sweden: highest hours of 3 days"),
        ("SE-night-half", "Sweden: the same, 22-06 counts half"),
        ("SE-weekday-winter", "Sweden: the same, working days 07-19, Nov-Mar"),
        ("SE-winter-6-20", "Sweden: the same, working days 06-20, Nov-Mar"),
        ("SE-weekday-3", "Sweden: 3 highest hours, working days 07-19"),
        ("SE-weekday-single", "Sweden: highest hour, working days 07-19"),
        ("BE", "Belgium: quarters, mean of 12 months"),
        ("DK", "Denmark: no peaks, 3 bands of the price"),
        ("AT", "Austria: without measured power"),
        ("AT-measured", "Austria: quarters, mean of 12 months"),
        ("NL", "Netherlands: no peaks"),
    )),
    ("push_kind", (("", "nowhere"), ("influx", "InfluxDB"), ("webhook", "a webhook"))),
    ("upgrade_channel", ((0, "stable"), (1, "early"), (2, "candidates"), (3, "snapshots"))),
    ("debug_level", (
        (1, "verbose"), (2, "debug"), (3, "information"), (4, "warning"), (5, "error"),
    )),
)  # fmt: skip


def _zones() -> "Iterable[tuple[str, str]]":
    yield "GMT", "GMT"
    for city in _ZONES.split():
        yield "Europe/" + city, city


def text(name: str) -> "tuple[str, str]":
    """Label and explanation; the name itself and "" if it has none."""
    for row in _TEXTS:
        if row[0] == name:
            return row[1], row[2]
    return name, ""


def options(name: str) -> "Iterable[tuple[Any, str]]":
    """(value, label) of each option; () if the setting has none here."""
    if name == "timezone":
        return _zones()
    if name[:3] == "ui_":
        return _SHOWN
    for row in _OPTIONS:
        if row[0] == name:
            return row[1]
    return ()
