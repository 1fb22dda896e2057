"""The simulated radio of boards/sim: what a station sees of each fault, with a simulated clock.

Numbers of wifi_err_reason_t of Espressif's ESP-IDF: 15 4WAY_HANDSHAKE_TIMEOUT, 200 BEACON_TIMEOUT,
201 NO_AP_FOUND, 202 AUTH_FAIL, 203 ASSOC_FAIL, 210 NO_AP_FOUND_W_COMPATIBLE_SECURITY,
211 NO_AP_FOUND_IN_AUTHMODE_THRESHOLD.
"""

import importlib.util
import subprocess
import sys
import types

import pytest

from tests.world import Air, point
from tools import boards
from tools.runtime import MICROPYTHON, ROOT, environment
from tools.simulation import RESTART_EXIT_CODE

RADIO = ROOT / "boards/sim/radio.py"
HOME = point("home", "secret12", number=1, rssi=-70)
FIXED = ("127.0.0.9", "255.0.0.0", "127.0.0.1", "")
NOWHERE = ("0.0.0.0",) * 4


class Sim:
    """A Radio, its air and its clock."""

    def __init__(self, folder, monkeypatch):
        self.ms = 1000
        clock = types.SimpleNamespace(
            ticks_ms=lambda: self.ms,
            ticks_diff=lambda late, early: late - early,
            sleep_ms=self.run,
        )
        with monkeypatch.context() as m:
            m.setitem(sys.modules, "time", clock)
            spec = importlib.util.spec_from_file_location("sim_radio", RADIO)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        self.air = Air(folder)
        self.radio = module.Radio(str(folder))

    def run(self, ms):
        self.ms += ms

    def start(self, ssid="home", psk="secret12", bssid=b"", address=()):
        self.radio.station_start(ssid, psk, bssid, "ams-1e4b", address)

    def statuses(self, ms=3000):
        """(ms since now, status) of each change of the status, looking every 50 ms."""
        begin, found = self.ms, []
        while self.ms - begin <= ms:
            status = self.radio.station_status()
            if not found or found[-1][1] != status:
                found.append((self.ms - begin, status))
            self.ms += 50
        return found


@pytest.fixture
def sim(tmp_path, monkeypatch):
    return Sim(tmp_path / "radio", monkeypatch)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], [(0, 1), (200, 201)]),
        ([point("other", "secret12")], [(0, 1), (200, 201)]),
        ([HOME], [(0, 1), (600, 2)]),
        ([{**HOME, "hidden": True}], [(0, 1), (600, 2)]),
        ([{**HOME, "psk": "another1"}], [(0, 1), (1000, 15)]),
        ([{**HOME, "fault": "auth"}], [(0, 1), (1000, 202)]),
        ([{**HOME, "fault": "assoc"}], [(0, 1), (400, 203)]),
        ([{**HOME, "fault": "gone"}], [(0, 1), (200, 201)]),
        ([{**HOME, "fault": "no_dhcp"}], [(0, 1)]),
        ([{**HOME, "fault": "ip_conflict"}], [(0, 1)]),
        ([{**HOME, "psk": ""}], [(0, 1), (200, 211)]),
    ],
)
def test_how_an_attempt_ends(sim, points, expected):
    sim.air.set(*points)
    sim.start()
    assert sim.statuses() == expected
    assert sim.radio.ip_config()[0] == ("127.0.0.1" if expected[-1][1] == 2 else "0.0.0.0")


def test_an_open_network(sim):
    sim.air.set(point("home"))
    sim.start(psk="")
    assert sim.statuses() == [(0, 1), (600, 2)]
    sim.air.set(HOME)
    sim.start(psk="")
    assert sim.statuses() == [(0, 1), (200, 210)]


@pytest.mark.parametrize("fault", ["no_dhcp", "ip_conflict"])
def test_without_an_address_it_stays_linked_until_one_comes(sim, fault):
    sim.air.set({**HOME, "fault": fault})
    sim.start()
    assert sim.statuses(60_000) == [(0, 1)]
    assert sim.radio.rssi_dbm() == -70 and sim.radio.ip_config() == NOWHERE
    sim.air.set(HOME)
    assert sim.statuses() == [(0, 2)]
    sim.air.set({**HOME, "fault": fault})
    sim.start(address=FIXED)  # needs no server
    assert sim.statuses() == [(0, 1), (600, 2)]
    assert sim.radio.ip_config() == FIXED


def test_a_lost_access_point_ends_the_link_with_a_beacon_timeout(sim):
    sim.air.set(HOME)
    sim.start()
    sim.statuses()
    sim.air.set({**HOME, "fault": "gone"})
    assert sim.statuses() == [(0, 200)]
    assert (sim.radio.rssi_dbm(), sim.radio.ip_config()) == (0, NOWHERE)
    sim.air.set(HOME)
    assert sim.statuses(60_000) == [(0, 200)]  # it does not reconnect by itself
    sim.start()
    assert sim.statuses() == [(0, 1), (600, 2)]


def test_a_lost_access_point_ends_an_attempt_too(sim):
    sim.air.set({**HOME, "fault": "no_dhcp"})
    sim.start()
    sim.statuses()
    sim.air.set()
    assert sim.statuses() == [(0, 201)]


def test_roaming_by_bssid(sim):
    near = point("home", "secret12", number=2, rssi=-50)
    sim.air.set(HOME, near)
    sim.start()
    assert sim.statuses()[-1][1] == 2
    assert sim.radio.rssi_dbm() == -70  # the first that it finds
    sim.start(bssid=bytes((2, 0, 0, 0, 0, 2)))
    assert sim.statuses()[-1][1] == 2 and sim.radio.rssi_dbm() == -50
    sim.air.set(HOME)
    assert sim.statuses() == [(0, 200)]
    sim.start(bssid=bytes((2, 0, 0, 0, 0, 2)))
    assert sim.statuses() == [(0, 1), (200, 201)]  # the other one is not wanted


def test_a_scan_finds_what_is_there(sim):
    sim.air.set(
        {**HOME, "channel": 11},
        {**point("secret", "secret12", 2, -80), "hidden": True, "security": 4},
        {"ssid_hex": "ff41", "bssid": "02:00:00:00:00:03", "rssi": -90},
        {**point("lost", number=4), "fault": "gone"},
    )
    before = sim.ms
    assert sim.radio.scan() == [
        (b"home", bytes((2, 0, 0, 0, 0, 1)), 11, -70, 3),
        (b"", bytes((2, 0, 0, 0, 0, 2)), 1, -80, 4),
        (b"\xff\x41", bytes((2, 0, 0, 0, 0, 3)), 1, -90, 0),
    ]
    assert sim.ms > before
    sim.start()
    with pytest.raises(OSError):  # the driver is busy
        sim.radio.scan()
    sim.statuses()
    assert len(sim.radio.scan()) == 3 and sim.radio.station_status() == 2


def test_limits_of_names_and_keys(sim):
    for ssid, psk in (("", ""), ("ø" * 16 + "x", ""), ("home", "k" * 65)):
        with pytest.raises(OSError):
            sim.start(ssid, psk)
        assert sim.radio.station_status() == 0
    sim.air.set(point("ø" * 16, "k" * 64))
    sim.start("ø" * 16, "k" * 64)
    assert sim.statuses()[-1][1] == 2
    for ssid, psk in (("", ""), ("AMS2MQTT", "1234567"), ("AMS2MQTT", "k" * 64)):
        with pytest.raises(OSError):
            sim.radio.ap_start(ssid, psk)


def test_own_access_point(sim):
    sim.air.clients(2)
    assert sim.radio.ap_clients() == 0
    sim.radio.ap_start("AMS2MQTT", "")
    assert sim.radio.ap_clients() == 2
    assert sim.radio.ip_config()[0] == "127.0.0.1"
    sim.air.set(HOME)
    sim.start()  # beside it
    assert sim.radio.ip_config() == NOWHERE and sim.radio.ap_clients() == 2
    sim.radio.station_stop()
    sim.radio.ap_stop()
    assert sim.radio.ip_config() == NOWHERE and sim.radio.ap_clients() == 0


def test_supply_and_temperatures(sim):
    assert sim.radio.supply_mv() == 0 and sim.radio.temperatures() == []
    sim.air.supply(3120)
    sim.air.temperatures({"28FF641E93160342": 2144, "28FF0A4C9316031B": -550})
    assert sim.radio.supply_mv() == 3120
    assert sim.radio.temperatures() == []  # begins the first conversion
    sim.air.temperatures({})
    assert sim.radio.temperatures() == [
        (bytes.fromhex("28FF641E93160342"), 2144),
        (bytes.fromhex("28FF0A4C9316031B"), -550),
    ]
    assert sim.radio.temperatures() == []


def test_the_log_has_each_call_and_no_key(sim):
    sim.air.set(HOME)
    sim.start()
    sim.statuses()
    sim.start(bssid=bytes((2, 0, 0, 0, 0, 1)), address=FIXED)
    sim.radio.radio(2, None)
    sim.radio.ap_start("My AP", "secret99")
    sim.radio.ap_stop()
    sim.radio.station_stop()
    sim.radio.sleep(60_000)
    assert sim.air.log()[0] == (1000, "start any dhcp ams-1e4b home")
    assert sim.air.events() == [
        "start any dhcp ams-1e4b home",
        "status 2",
        "start 02:00:00:00:00:01 127.0.0.9 ams-1e4b home",
        "radio 2 None",
        "ap protected My AP",
        "ap off",
        "stop",
        "sleep 60000",
    ]


def test_on_micropython_and_deep_sleep(tmp_path):
    air = Air(tmp_path / "radio")
    air.set(HOME, {"ssid_hex": "ff", "bssid": "02:00:00:00:00:02", "rssi": -80})
    script = """
import sys, time
sys.argv[1:] = ["--data", %r, "--radio", %r, "--dns-port", "5353"]
from hardware import Board
board = Board()
print(board.reset_cause(), board.overrides["dns_port"], len(board.scan()))
board.rtc_write(b"kept")
board.station_start("home", "secret12", b"", "h", ())
while board.station_status() == 1:
    time.sleep_ms(10)
print(board.station_status(), board.rssi_dbm(), board.rtc_read())
board.deep_sleep(60000)
"""
    outputs = []
    for _ in range(2):
        done = subprocess.run(
            [MICROPYTHON, "-c", script % (str(tmp_path), str(air.folder))],
            env=environment(*boards.folders("sim"), "firmware"),
            text=True, capture_output=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == RESTART_EXIT_CODE, done.stderr
        outputs.append(done.stdout.splitlines())
    assert outputs == [
        ["(1, 0) 5353 2", "2 -70 b'kept'"],
        ["(5, 0) 5353 2", "2 -70 b'kept'"],
    ]
    assert air.events().count("sleep 60000") == 2
