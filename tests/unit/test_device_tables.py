"""Lights and button, row by row of the tables of spec/behaviour.md 3.1, 3.2, 4.1, 4.2 and 4.3.

Time is simulated in ticks of 10 ms. R, G, B and L are the red, green, blue and the single light,
RG is yellow, - is dark. Each row names what the AMS reader does; where this firmware differs on
purpose, the row says so.
"""

from config import Config
from device import boot, tiers
from device.light import held, show, signs, tick
from doubles import AppDouble, BoardDouble, reading
from net import captive, wifi
from net.radio import Radio
from net.station import Network as RadiosNetwork
from state import State
from system import System
from web import portal

TICK_MS = 10
LOOK_MS = 1000  # App looks at the state so often
POW = 19  # red, green, button
D32 = 24  # single LED, button
FULL = 31  # red, green, blue, single LED, button
NOTHING = 0


class Board(BoardDouble):
    """Lights and button, and each change of the lights as (ms, lit ones)."""

    def __init__(self, fitted):
        super().__init__()
        self.fitted = fitted
        self.changes = []
        self._colours = ""

    def rgb(self, red, green, blue):
        fitted = [name for i, name in enumerate("RGB") if self.fitted >> i & 1]
        lit = [name for name, on in zip("RGB", (red, green, blue)) if on and name in fitted]
        self._colours = "".join(lit)

    def led(self, on):
        lit = (self._colours + ("L" if on and self.fitted & 8 else "")) or "-"
        if lit != (self.changes[-1][1] if self.changes else "-"):
            self.changes.append((self.ticks, lit))


class Network:
    """The radio's state by the table of net.wifi; nothing takes time but what the table says."""

    def __init__(self, config, system):
        self._config = config
        self._system = system
        named = config.wifi_ssid != ""
        self.machine = wifi.Wifi(wifi.CONNECTED if named else wifi.SETUP, 0)
        self.status = wifi.IS_CONNECTED if named else 0
        self.clients = 0

    @property
    def setup(self):
        return self.machine.state in (wifi.SETUP, wifi.TESTING)

    @property
    def connected(self):
        return self.machine.state == wifi.CONNECTED

    def toggle(self):
        self.step(1 << wifi.PRESSED)

    def step(self, wishes=0):
        """Carry out what is due. Returns the action, -1 for nothing."""
        if not self._config.wifi_ssid:
            wishes |= 1 << wifi.BLANK
        if self.clients:
            wishes |= 1 << wifi.IDLE
        now_s = self._system.uptime_s()
        event = self.machine.event(now_s, self.status, wishes)
        return -1 if event < 0 else self.machine.step(event, now_s, 0)


class Device:
    """A reader at the end of its start, at uptime 0: the ticks of App.run()."""

    def __init__(self, fitted=POW, **settings):
        self.board = Board(fitted)
        config = Config(settings, {})
        self.app = AppDouble(State(), config, System(self.board))
        self.app.network = Network(config, self.app.system)
        self.network = self.app.network
        self._light = [0] * 10
        self._look_ms = self._shown = 0
        self.toggled = []
        self.pressed = False

    def telegram(self):
        self.app.state.update(reading(1, power_import_w=1), self.board.ticks, 0)

    def run(self, ms, telegram_ms=0):
        """So many ms, with a telegram each telegram_ms. Returns the new changes of the lights."""
        begin = len(self.board.changes)
        for _ in range(ms // TICK_MS):
            now = self.board.ticks
            if telegram_ms and now % telegram_ms == 0:
                self.telegram()
            if now % LOOK_MS == 0:
                self.network.step()
                self._shown = signs(self.app, now)
            if held(self._light, TICK_MS, self.pressed):
                self.network.toggle()
                self.toggled.append(now)
            tick(self._light, TICK_MS, self.app.state.telegrams, self._shown)
            show(self.board, self._light[0])
            self.board.ticks += TICK_MS
        return self.board.changes[begin:]


def home(fitted=POW, **settings):
    return Device(fitted, wifi_ssid="home", **settings)


def pulses(begin, colour, count, on_ms, off_ms):
    """The changes of so many flashes."""
    found = []
    for i in range(count):
        at = begin + i * (on_ms + off_ms)
        found += [(at, colour), (at + on_ms, "-")]
    return found


class Sleeper:
    """asyncio for device.boot: sleeping moves the board's time."""

    def __init__(self, board):
        self._board = board

    async def sleep_ms(self, ms):
        self._board.ticks += ms


def awaited(board, coroutine):
    """The result of a coroutine of device.boot in simulated time."""
    kept = boot.asyncio
    boot.asyncio = Sleeper(board)
    try:
        coroutine.send(None)
    except StopIteration as e:
        return e.value
    finally:
        boot.asyncio = kept
    raise AssertionError("it waits for something else")


def window(fitted, pressed):
    """device.boot's first seconds: changes of the lights, whether to clear, ms at the end."""
    board = Board(fitted)
    board.button = lambda: pressed(board.ticks)
    clear = awaited(board, boot.reset_wanted(board, lambda: board.ticks))
    return board.changes, clear, board.ticks


def during(begin, end):
    return lambda ms: begin <= ms < end


# 3.1 Primitives


def test_31_blink():
    # 2.2: blocking, 75 ms on and 75 ms off. Here as HEAD: without blocking, 80 and 160 ms.
    device = home()
    device.run(1000)
    device.telegram()
    assert device.run(TICK_MS) == [(1000, "G")]
    device.telegram()
    assert device.run(500) == [(1080, "-"), (1240, "G"), (1320, "-")]


def test_31_blink_slow():
    # HEAD: 250 ms on and 400 ms off for error codes.
    device = home(mqtt_host="broker")
    device.app.system.mqtt_error = -2
    assert device.run(12000, 20000) == [(0, "G"), (80, "-")] + pulses(10000, "R", 2, 250, 400)


def test_31_blink_is_not_restarted():
    # HEAD: a running burst is not restarted. A telegram's flash waits for its end.
    device = home(mqtt_host="broker")
    device.app.system.mqtt_error = -2
    device.run(10100, 20000)
    device.telegram()
    after = device.run(2000)
    assert after == pulses(10000, "R", 2, 250, 400)[1:] + pulses(11300, "G", 1, 80, 160)


def test_31_fallback():
    for fitted, lit in ((POW, "G"), (D32, "L"), (FULL, "G"), (8, "L"), (11, "G")):
        device = home(fitted)
        assert device.run(500, 5000) == pulses(0, lit, 1, 80, 160), fitted


# 3.2 Events


def test_32_power_up():
    # "green steady 1 s (fallback internal)"
    assert window(POW, during(0, 0)) == ([(0, "G"), (1000, "-")], False, 1010)
    assert window(D32, during(0, 0)) == ([(0, "L"), (1000, "-")], False, 1010)


def test_32_button_held_at_the_end_of_that_second():
    # "+ red (looks yellow) for 2 s; without RGB: 4 internal blinks", here of 250 and 250 ms
    changes, _, _ = window(POW, during(300, 2000))
    assert changes == [(0, "G"), (1000, "RG"), (3000, "-")]
    changes, _, _ = window(D32, during(300, 2000))
    begins = [at for at, lit in changes if lit == "L"]
    assert begins == [0, 1500, 2000, 2500] and changes[-1] == (2750, "-")


def test_32_still_held():
    # "green off: red only for 2 s"
    changes, _, _ = window(POW, during(300, 4000))
    assert changes == [(0, "G"), (1000, "RG"), (3000, "R"), (5000, "-")]


def test_32_factory_reset_performed():
    # "6 rapid red blinks"
    for fitted, lit in ((POW, "R"), (D32, "L")):
        board = Board(fitted)
        awaited(board, boot.confirm(board))
        assert board.changes == pulses(0, lit, 6, 80, 160)


def test_32_boot_self_test():
    # "one blink each: internal, red, yellow, green, blue (missing ones skipped)"
    for fitted, expected in (
        (FULL, ("L", "R", "RG", "G", "B")),
        (POW, ("R", "RG", "G")),
        (D32, ("L",)),
        (NOTHING, ()),
    ):
        board = Board(fitted)
        awaited(board, boot.try_lights(board))
        found = []
        for i, lit in enumerate(expected):
            found += pulses(240 * i, lit, 1, 80, 160)
        assert board.changes == found, fitted


def test_32_entering_and_leaving_ap_mode():
    # "yellow steady ~0.5 s": 500 ms, at the next look at the state
    device = home()
    for pressed, ms in ((False, 10000), (True, 7000), (False, 1000), (True, 7000)):
        device.pressed = pressed
        device.run(ms, 20000)
    assert device.toggled == [15010, 23010]
    assert device.board.changes == (
        pulses(0, "G", 1, 80, 160)
        + [(16000, "RG"), (16500, "-")]
        + pulses(19200, "RG", 1, 80, 160)
        + pulses(20000, "G", 1, 80, 160)
        + pulses(22400, "RG", 1, 80, 160)
        + [(24000, "RG"), (24500, "-")]
    )


def test_32_ap_mode():
    # 2.2: "one yellow blink each 3.2 s". HEAD is yellow all the time; here as 2.2, which takes a
    # fortieth of the current.
    device = Device()
    expected = [(0, "RG"), (500, "-")] + [
        change for i in range(1, 9) for change in pulses(3200 * i, "RG", 1, 80, 160)
    ]
    assert device.run(28800) == expected


def test_32_valid_frame_decoded():
    # "one green blink"; in 2.2 also in AP mode
    for device, first in ((home(), 0), (Device(), 660)):
        green = [(at, lit) for at, lit in device.run(2000, 3000) if lit == "G"]
        assert green == [(first, "G")]


def test_32_no_board_chosen():
    # "no LED pins: dark". No image is without a board; one may have no lights.
    for device in (home(NOTHING), Device(NOTHING)):
        assert device.run(60000, 7000) == []


def test_32_waiting_for_voltage():
    # HEAD: yellow steady while the radio waits for the supply. Here all is dark: a light takes
    # what the supply lacks.
    device = home(mqtt_host="broker")
    device.app.system.mqtt_error = -2
    device.app.system.tier = tiers.RADIO_OFF
    assert device.run(15000, 5000) == []
    device.app.system.tier = tiers.RADIO_OFF - 1
    assert {lit for _, lit in device.run(20000, 5000)} == {"R", "G", "-"}


def test_32_partition_check():
    # HEAD: green steady while it moves partitions. This firmware never does: the image has them.
    # Nothing but the button's window lights green for longer than a flash.
    device = home()
    begun = lit_since = 0
    for at, lit in device.run(10000, 2000):
        if lit == "G":
            begun += 1
            lit_since = at
        else:
            assert (lit, at - lit_since) == ("-", 80)
    assert begun == 5


# 3.2 Error scheduler


def codes(changes):
    """(ms, flashes) of each code: red flashes not over 400 ms apart."""
    found = []
    end = -1000
    before = "-"
    for at, lit in changes:
        if lit == "R":
            if at - end > 400:
                found.append([at, 0])
            found[-1][1] += 1
        elif before == "R":
            end = at
        before = lit
    return [tuple(code) for code in found]


def test_32_codes_from_uptime_10_s():
    device = home(mqtt_host="broker")
    device.app.system.mqtt_error = 4
    assert device.run(9990, 5000) == pulses(0, "G", 1, 80, 160) + pulses(5000, "G", 1, 80, 160)
    assert codes(device.run(4000)) == [(10000, 2), (13000, 2)]


def test_32_codes_1_2_3_in_turn_without_the_inactive_ones():
    # "at most one code per > 3 s": each 3,000 ms, as the manual's chapter 10 has it.
    for silent, broker, lost, expected in (
        (1, 0, 0, (1, 1, 1, 1)),
        (0, 1, 0, (2, 2, 2, 2)),
        (0, 0, 1, (3, 3, 3, 3)),
        (1, 1, 0, (1, 2, 1, 2)),
        (1, 0, 1, (1, 3, 1, 3)),
        (0, 1, 1, (2, 3, 2, 3)),
        (1, 1, 1, (1, 2, 3, 1)),
        (0, 0, 0, ()),
    ):
        device = home(mqtt_host="broker")
        device.board.ticks = 40000
        if not silent:
            device.telegram()
        device.app.system.mqtt_error = -2 if broker else 0
        if lost:
            device.network.machine.state = wifi.WAITING
            device.network.step = lambda: -1  # no attempt succeeds
        found = codes(device.run(12000))
        assert found == [(40000 + 3000 * i, n) for i, n in enumerate(expected)], expected


def test_32_code_1():
    # "no valid frame for > 30 s"; also in AP mode
    for device in (home(), Device()):
        device.telegram()
        assert codes(device.run(30990)) == []
        assert codes(device.run(9000)) == [(31000, 1), (34000, 1), (37000, 1)]


def test_32_code_2():
    # "MQTT handler exists and its last error is not 0"
    for host, error, expected in (
        ("broker", -2, 2),
        ("broker", 5, 2),
        ("broker", 0, 0),
        ("", -2, 0),  # the broker was removed from the settings
    ):
        device = home(mqtt_host=host)
        device.app.system.mqtt_error = error
        device.run(10000, 5000)
        assert [n for _, n in codes(device.run(4000, 5000))] == [expected] * (2 if expected else 0)


def test_32_code_3():
    # "not in AP mode and Wi-Fi not connected"
    device = home()
    device.network.status = 201  # the access point is gone
    found = codes(device.run(21500, 5000))
    assert found == [(10000, 3), (13000, 3), (16000, 3), (19000, 3)]
    device.network.status = wifi.IS_CONNECTED
    device.run(60000, 5000)
    assert device.network.connected and codes(device.run(10000, 5000)) == []
    device.network.status = 201
    device.network.toggle()
    assert device.network.setup
    device.run(3000, 5000)
    assert codes(device.run(30000, 5000)) == []


def test_32_led_behaviour():
    # HEAD's numbers 0, 1, 3 and 9. 1 differs from 3 only for a light that these boards lack: an
    # output that switches the meter's own light.
    for lights, seen in (("all", {"R", "G"}), ("errors", {"R"}), ("off", set())):
        device = home(lights=lights, mqtt_host="broker")
        device.app.system.mqtt_error = -2
        assert {lit for _, lit in device.run(20000, 5000) if lit != "-"} == seen
    for lights in ("errors", "off"):
        assert Device(lights=lights).run(20000, 5000) == []


# 4.1 Emergency factory reset


def test_41_the_first_second():
    # "0-1 s: green on. User presses AP now"
    for begin in (0, 10, 500, 990, 1000):
        _, clear, _ = window(POW, during(begin, 4000))
        assert clear, begin
    _, clear, end = window(POW, during(1010, 4000))
    assert not clear and end == 1010


def test_41_sample_1():
    # "1 s: released: continue boot. Pressed: red on (with green)"
    assert window(POW, during(0, 1000)) == ([(0, "G"), (1000, "-")], False, 1010)
    assert window(POW, during(0, 1010))[0][:2] == [(0, "G"), (1000, "RG")]


def test_41_sample_2():
    # "3 s: released: continue, no reset. Pressed: green off (red only)"
    assert window(POW, during(0, 3000)) == ([(0, "G"), (1000, "RG"), (3000, "-")], False, 3010)
    assert window(POW, during(0, 3010))[0][2] == (3000, "R")


def test_41_sample_3():
    # "5 s: released: clear configuration. Still pressed: no reset, normal boot"
    assert window(POW, during(0, 5000))[1:] == (True, 5010)
    assert window(POW, during(0, 5010))[1:] == (False, 5010)
    assert window(POW, during(0, 99999))[1:] == (False, 5010)


class Files:
    """Files of a reader in place of its storage."""

    def __init__(self, *names):
        self._names = list(names)

    def names(self):
        return list(self._names)

    def write(self, name, chunks):
        self._names.append(name)
        return True

    def remove(self, name):
        self._names.remove(name)


def test_41_configuration_only():
    # "Clears configuration only; history files and certificates stay"
    files = Files("config.json", "config.json.bad", "lists.txt", "months", "prices.bin", "ca.pem")
    assert boot.clear(files) and files.names() == ["months", "prices.bin", "ca.pem"]


def test_41_no_button():
    # "Run this window only when an AP pin is configured": 2.2 takes 5 s of any board.
    for fitted in (3, 8, 15, NOTHING):
        assert window(fitted, during(0, 4000)) == ([], False, 0)


# 4.2 Runtime button


def test_42_held_over_5_s():
    # "Hold > 5 s (fires while still held, once per press): toggle STA <-> AP"
    device = home()
    device.run(20000, 5000)
    device.pressed = True
    device.run(5000, 5000)
    assert device.toggled == [] and device.network.connected
    device.run(20, 5000)
    assert device.toggled == [25010] and device.network.setup
    device.run(60000, 5000)
    assert device.toggled == [25010] and device.network.setup
    device.pressed = False
    device.run(1000, 5000)
    device.pressed = True
    device.run(5020, 5000)
    assert len(device.toggled) == 2 and not device.network.setup
    device.run(2000, 5000)
    assert device.network.connected


def test_42_short_press():
    # "Short press: no action"
    device = home()
    for _ in range(3):
        for length in (10, 100, 1000, 3000, 5000):
            device.pressed = True
            device.run(length, 5000)
            device.pressed = False
            device.run(500, 5000)
    assert device.toggled == [] and device.network.connected


def test_42_from_ap_only_with_a_configuration():
    # "From AP it returns to STA only if a configuration exists"
    device = Device()
    device.pressed = True
    device.run(6000)
    assert len(device.toggled) == 1 and device.network.setup


def test_42_time_out_of_ap_mode():
    # 2.2: "No automatic timeout of AP mode". Here ten minutes without a client end it, if a
    # network is set up: a press by mistake must not take the reader from its network for good.
    device = home()
    device.network.toggle()
    device.run(599000, 5000)
    assert device.network.setup
    device.run(3000, 5000)
    assert device.network.connected
    for setting, clients in (("home", 1), ("", 0)):
        device = Device(wifi_ssid=setting)
        if setting:
            device.network.toggle()
        device.network.clients = clients
        device.run(1200000, 5000)
        assert device.network.setup


# 4.3 AP mode


class AccessPoint(Board):
    """Keeps the name and the password of the access point."""

    def station_status(self):
        return 0

    def ap_start(self, ssid, psk):
        self.point = ssid, psk


class NoNameServer:
    """net.captive without a socket."""

    def open(self):
        return self

    def Captive(self, app):
        return self


def test_43_access_point():
    # "SSID AMS2MQTT, open, IP 192.168.4.1/24". HEAD: unique if no board is chosen; here if the
    # owner gives it a password. The address is that of the board: boards/README.md.
    for psk, name in (("", "AMS2MQTT"), ("a long secret", "AMS2MQTT-4b1e")):
        board = AccessPoint(POW)
        app = AppDouble(None, Config({"setup_psk": psk}, {}), System(board))
        app.lines = []
        app.log = app
        app.add = app.lines.append
        radio = Radio(app, RadiosNetwork(app))
        radio._captive = NoNameServer()
        radio._open()
        assert board.point == (name, psk)
        assert app.lines == ["setup: join the network %s, then open http://192.168.4.1/" % name]


def test_43_name_server():
    # "answers every name with 192.168.4.1 (error reply code forced to NoError)"
    out = bytearray(captive.ANSWER)
    for name in (b"\x01a\x00", b"\x03www\x06vendor\x02no\x00", b"\x00"):
        query = b"\x00\x01\x01\x00\x00\x01" + bytes(6) + name + b"\x00\x01\x00\x01"
        size = captive.answer(query, out)
        assert out[3] & 15 == 0 and bytes(out[size - 4 : size]) == bytes((192, 168, 4, 1))


def test_43_probes():
    # "OS probe URLs intentionally return 404, because a signed-in portal window closes". Here they
    # are redirected to the page, and none is told that it has the internet: the window stays.
    for host, path in (
        ("connectivitycheck.gstatic.com", "/generate_204"),
        ("captive.apple.com", "/hotspot-detect.html"),
        ("www.msftconnecttest.com", "/connecttest.txt"),
    ):
        _, status, headers = portal.redirect(None, host, path, False)
        assert (status, headers["Location"]) == (302, "http://192.168.4.1/setup")


def test_43_services():
    # "HAN reading keeps running; MQTT, prices, NTP do not": App and net.station serve the last
    # ones while the station is connected, which it never is in the setup.
    for event in range(wifi.EVENTS):
        for state in range(wifi.STATES):
            device = home()
            device.network.machine.state = state
            device.network.machine.step(event, 0, 0)
            assert not (device.network.setup and device.network.connected)
    device = home()
    device.run(10000, 5000)
    device.network.toggle()
    greens = [lit for _, lit in device.run(30000, 5000)].count("G")
    assert device.network.setup and greens == 6


def test_43_entered_without_a_network_name():
    # "no valid config; SSID empty"
    network = Device().network
    network.machine = wifi.Wifi(wifi.WAITING, 0)
    assert network.step() == wifi.OPEN and network.setup


def test_43_entered_after_a_failure():
    # 2.2.20: after "auth failed" or "AP not found" until the consent page was answered. HEAD: not.
    # Here after three failures until a network of the setup page has worked, never after that: a
    # router that restarts must not end in an open access point.
    for status in (15, 201, 202, 204, 205, 210):
        for new in (True, False):
            device = home()
            device.network.machine = wifi.Wifi(wifi.WAITING, 0)
            device.network.status = status
            failures = 0
            for _ in range(600):
                action = device.network.step(1 << wifi.FAILED if new else 0)
                failures += action == wifi.STOP
                device.board.ticks += 1000
            assert device.network.setup == new, status
            assert failures == 3 if new else failures > 8
