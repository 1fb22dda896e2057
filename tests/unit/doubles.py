"""Doubles of the board and the app, and a state with all kinds of values."""

from config import Config
from energy import profiles
from energy.ledger import Energy
from han.descriptors import NAMES
from han.fields import Reading
from judge import Judge
from state import State
from system import System


class NoFiles:
    """A file system without files."""

    def read_json(self, name):
        return {}


class NoFilesDouble(NoFiles):
    absent = held = ""


class AppDouble:
    """The members of App that documents and forms use."""

    storage = NoFilesDouble()
    safe_s = 0
    push_fault = ""
    push_failures = -1
    upgrade_at = 0

    def __init__(self, state=None, config=None, system=None, energy=None, prices=None):
        self.state = state
        self.config = config
        self.system = system
        self.energy = energy
        self.prices = prices

    def counts(self):
        return not self.safe_s


class RequestDouble:
    """A request with a query or a body."""

    def __init__(self, args=None, body=b""):
        self.args = args or {}
        self.stream = StreamDouble(body)


class StreamDouble:
    """A request's body."""

    def __init__(self, body):
        self._body = body.encode() if isinstance(body, str) else body
        self.left = len(self._body)

    async def part(self, mark, most):
        part, mark, self._body = self._body.partition(mark)
        if len(part) > most:
            raise ValueError("too long")
        return part if part or mark else None

    async def piece(self):
        piece, self._body = self._body[:100], self._body[100:]
        self.left = len(self._body)
        return piece


class SystemDouble:
    """A clock that stands still, and no temperature sensor."""

    memory_errors = 0
    mqtt_due = 0
    upgrade = None
    temperatures = ()

    tier = 0

    def __init__(self, now):
        self.supply = [0] * 16
        self.lows = bytearray(60)
        self.now = now
        self.board = BoardDouble()
        self.judge = Judge(self.board, 0)

    def supply_mv(self):
        return self.board.supply_mv()

    def unix_time(self):
        return self.now

    utc = unix_time


class BoardDouble:
    """The members of the board that documents and payloads use, with fixed values."""

    not_chosen = ""
    name = "Test"
    family = "pow"
    board_id = 7
    maker = "amsleser.no"
    bus_powered = True
    meter_powered = True
    chip = "esp32s2"
    cpu_mhz = 160
    www_dir = ""
    clock_right = True
    clock_sure = True

    def __init__(self):
        self.ticks = 0

    def ticks_ms(self):
        return self.ticks

    def reset_cause(self):
        return 12, 2

    def mac(self):
        return b"\x7c\xdf\xa1\x00\x1e\x4b"

    def rssi_dbm(self):
        return -61

    def supply_mv(self):
        return 3287

    def slots(self):
        return None

    def heap_free(self):
        return 88340

    def heap_largest(self):
        return 0

    def files(self, make):
        return ""

    def clock_is_set(self):
        return True

    def unix_time(self):
        return 1704447012

    def ip_config(self):
        return ("192.168.1.57", "255.255.255.0", "192.168.1.1", "192.168.1.1")


def reading(list_type, vendor=1, **values):
    r = Reading()
    r.list_type = list_type
    r.vendor = vendor
    for name in values:
        r.values[NAMES.index(name)] = values[name]
    return r


LIST_2 = {
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
    "current_l3_ma": 3900,
}
LIST_3 = {
    "meter_time_local": 1704448800,  # 2024-01-05 10:00:00
    "meter_time_deviation_min": 0,
    "energy_import_wh": 48211734,
    "energy_export_wh": 903120,
    "reactive_energy_import_varh": 212408,
    "reactive_energy_export_varh": 5120900,
}
LIST_4 = {
    "current_l2_ma": 400,
    "power_import_l1_w": 1430,
    "power_import_l2_w": 92,
    "power_import_l3_w": 621,
    "power_factor_permille": 970,
    "power_factor_l1_permille": 984,
    "energy_import_t1_wh": 31100120,
    "energy_import_l1_wh": 20111000,
}


def merged(*parts):
    values = {}
    for part in parts:
        values.update(part)
    return values


def world(*readings, **settings):
    """(state, config, system, energy) after these readings, 90,512 s up, 1.2 s after the last."""
    board = BoardDouble()
    system = System(board)
    system.judge.begin(0, print)
    board.ticks = 90510800
    state = State()
    for r in readings:
        state.update(r, system.uptime_ms(), 1704447010)
    board.ticks = 90512000
    stored = {"distribution_system": 1, "production_kwp": 8, "mqtt_topic": "ams"}
    stored.update(settings)
    energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
    return state, Config(stored, {}), system, energy


def app(*readings, **settings):
    """The same as one object."""
    return AppDouble(*world(*readings, **settings))
