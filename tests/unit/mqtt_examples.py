"""The household of the interface description's examples, and what it publishes by MQTT.

Two moments: 2024-01-05 09:30:12 UTC, 2 s after a telegram of list 1 or 2, 90,512 s after the
start; and half an hour before, after one of list 3 or 4.
"""

import ondemand
from config import Config
from doubles import AppDouble, BoardDouble, merged, reading
from energy import profiles
from energy.ledger import Energy
from files import FilesDouble
from frames import Sink, aidon_power
from han.stream import TelegramStream
from state import State
from streams import feed
from system import System

LISTS_AT = 1704447012, 1704445212  # of lists 1 and 2, of lists 3 and 4
SECOND = {
    "list_id": "AIDON_V0001",
    "meter_id": "7359992890000001",
    "meter_model": "6525",
    "power_import_w": 2143,
    "power_export_w": 0,
    "reactive_import_var": 0,
    "reactive_export_var": 187,
    "voltage_l1_mv": 231400,
    "voltage_l2_mv": 229800,
    "voltage_l3_mv": 230100,
    "current_l1_ma": 6200,
    "current_l2_ma": 400,
    "current_l3_ma": 2800,
}
THIRD = {
    "meter_time_local": 1704448805,  # 10:00:05; this meter's clock shows winter time
    "energy_import_wh": 48211734,
    "energy_export_wh": 903120,
    "reactive_energy_import_varh": 212408,
    "reactive_energy_export_varh": 5120900,
    "energy_import_t1_wh": 31100120,
    "energy_import_t2_wh": 17111614,
    "energy_export_t1_wh": 0,
    "energy_export_t2_wh": 0,
}
FOURTH = {
    "power_import_l1_w": 1430,
    "power_import_l2_w": 92,
    "power_import_l3_w": 621,
    "power_export_l1_w": 0,
    "power_export_l2_w": 0,
    "power_export_l3_w": 0,
    "power_factor_permille": 970,
    "power_factor_l1_permille": 980,
    "power_factor_l2_permille": 910,
    "power_factor_l3_permille": 960,
    "energy_import_l1_wh": 20111000,
    "energy_import_l2_wh": 9000500,
    "energy_import_l3_wh": 19100234,
    "energy_export_l1_wh": 300000,
    "energy_export_l2_wh": 301000,
    "energy_export_l3_wh": 302120,
}
TELEGRAMS = (
    reading(1, power_import_w=2143),
    reading(2, **SECOND),
    reading(3, **merged(SECOND, THIRD)),
    reading(4, **merged(SECOND, THIRD, FOURTH)),
)
# Of an hour, from 09:00 UTC on, in 1e-6 of NOK.
PRICES = (
    742100, 710200, 698800, 734400, 912000, 1103300, 1205100, 1092000, 881400, 701100, 592000,
    551100,
)  # fmt: skip
SENSORS = (
    (b"\x28\xff\x64\x1e\x93\x16\x03\x42", 2144),
    (b"\x28\xff\x0a\x4c\x93\x16\x03\x1b", 481),
)
# Numbers in mqtt_payload, and names of golden files.
PAYLOADS = (
    (0, "json"), (1, "raw_minimal"), (2, "raw_full"), (3, "domoticz"), (5, "json_topics"),
    (6, "json_flat"), (255, "hexdump"),
)  # fmt: skip
MODULES = {
    0: "json", 1: "raw", 2: "raw", 3: "domoticz", 5: "json_topics", 6: "json_flat", 255: "hexdump",
}  # fmt: skip
GENERATIONS = "2.2", "2.5"
SETTINGS = {
    "domoticz_energy_idx": 41, "domoticz_l1_idx": 42, "domoticz_l2_idx": 43,
    "domoticz_l3_idx": 44, "domoticz_current_idx": 45, "export_price": "spot",
}  # fmt: skip
KINDS = (
    (1, "About the device"), (2, "Prices"), (3, "Temperatures"), (4, "Firmware"), (5, "Events"),
)  # fmt: skip


class ExampleEnergy(Energy):
    """With the sums and the peaks of the examples."""

    sums = ((621, 0), (14080, 0), (312550, 11400), (0, 0), (0, 0))
    costs = ((460000000, 0), (9910000000, 0), (233200000000, 7950000000), (0, 0), (0, 0))

    def __init__(self):
        super().__init__("Europe/Oslo", profiles.tariff("NO", {}))
        self.ready = True
        zone, peaks = self.settler.zone, self.peaks
        for day, watts in ((4, 5870), (9, 5110), (12, 4620)):
            peaks.insert(zone, 1704067200 + 86400 * (day - 1) + 57600, watts)

    def running(self, now):
        return [
            list(wh) + list(money) + list(wh) for wh, money in zip(self.sums, self.costs)
        ]  # fmt: skip


class ExamplePrices:
    """Twelve hours are known."""

    revision = 1

    def __init__(self, begin=1704445200, step_s=3600, prices=PRICES, export=-1):
        self._begin = begin
        self._step_s = step_s
        self._prices = prices
        self._export = export

    def price(self, utc):
        at = (utc - self._begin) // self._step_s
        return self._prices[at] if 0 <= at < len(self._prices) else None

    def export_price(self, utc):
        micro = self.price(utc)
        return None if micro is None else micro + self._export

    def currency(self):
        return "NOK"


def household(number=0, generation="2.2", list_type=2, **settings):
    """An app with the telegram of a list."""
    board = BoardDouble()
    system = System(board)
    system.judge.begin(0, print)
    now = LISTS_AT[list_type > 2]
    board.unix_time = lambda: now
    uptime_s = 90512 if list_type < 3 else 88712
    board.ticks = (uptime_s - 2) * 1000
    state = State()
    state.update(TELEGRAMS[list_type - 1], system.uptime_ms(), now - 2)
    board.ticks = uptime_s * 1000
    system.uptime_ms()
    stored = {"mqtt_topic": "ams", "mqtt_payload": number, "mqtt_generation": generation}
    stored.update(settings)
    found = AppDouble(state, Config(stored, {}), system, ExampleEnergy(), ExamplePrices())
    found.storage = FilesDouble()
    return found


class Line:
    """A reader with a decoder on its line, for payload 255."""

    def __init__(self):
        self.stream = TelegramStream(Sink())
        self.taps = ()

    def hear(self, octets):
        for tap in self.taps:
            tap(bytearray(octets), len(octets), True)
        feed(self.stream, octets)
        self.stream.silence()


def published(app, kind, hear=b""):
    """[(topic, flags, body)] of a kind, in a connection of its own.

    hear  octets that come from the meter after its beginning, to app.reader
    """
    module = ondemand.visit("mqtt.payloads." + MODULES[app.config.mqtt_payload])
    with module as payload:
        if hasattr(payload, "begin"):
            payload.begin(app)
            app.reader.hear(hear)
        found = [
            (topic, flags, "".join(parts)) for topic, parts, flags in payload.messages(app, kind)
        ]
        if hasattr(payload, "end"):
            payload.end(app)
    return found


def all_messages(number, generation):
    """[(title, messages)] of a payload: each list, then the other kinds that it has."""
    found = []
    for list_type in (1, 2, 3, 4):
        app = household(number, generation, list_type, **SETTINGS)
        if number == 255:
            if list_type > 1:
                break
            app.reader = Line()
        title = "A telegram" if number == 255 else "A telegram of list %d" % list_type
        messages = published(app, 0, aidon_power(2143))
        if messages:
            found.append((title, messages))
    for kind, title in KINDS:
        app = household(number, generation, **SETTINGS)
        app.reader = Line()
        app.system.temperatures = SENSORS
        app.system.alarms, app.system.alarms_changed = 1, 3  # one begins, one ends
        messages = published(app, kind)
        if messages:
            found.append((title, messages))
    return found


def as_text(number, generation):
    """The text of a golden file: a line "# title", then topic, flags and body of each message."""
    lines = []
    for title, messages in all_messages(number, generation):
        lines.append("# " + title)
        for topic, flags, body in messages:
            lines.append(topic + "\t" + ("retained" if flags & 1 else "-") + "\t" + body)
    return "\n".join(lines)
