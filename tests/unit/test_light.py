"""The lights of the running reader. Colours: 1 red, 2 green, 3 yellow, 8 the single LED, 0 dark.
Signs: 1, 2, 4 the error codes, 8 setup mode, 16 telegrams."""

import clock
from config import Config
from device.light import held, show, signs, tick
from doubles import AppDouble, BoardDouble, reading
from state import State
from system import System

TICKS = (10, 20, 50)
UNEVEN = (7, 130, 900, 11, 45, 2500)


def run(until_ms, step, signs_at, telegrams_at=None):
    """Feed ticks from 0 to until_ms. step is the ms between two ticks, None: as tick() asks for, a
    tuple: in turn. Returns the changes of colour as (ms, colour)."""
    light = [0] * 10
    ms = last = turn = 0
    changes = [(0, 0)]
    while ms <= until_ms:
        wait_ms = tick(light, ms - last, telegrams_at(ms) if telegrams_at else 0, signs_at(ms))
        assert wait_ms > 0
        if changes[-1][1] != light[0]:
            changes.append((ms, light[0]))
        last = ms
        if isinstance(step, tuple):
            ms += step[turn % len(step)]
            turn += 1
        else:
            ms += step or wait_ms
    return changes[1:]


def bursts(changes, gap_ms=700):
    """(ms, colour, flashes) of each burst: flashes of one colour not further apart than gap_ms."""
    found = []
    end = -gap_ms
    for ms, colour in changes:
        if not colour:
            end = ms
        elif found and found[-1][1] == colour and ms - end < gap_ms:
            found[-1][2] += 1
        else:
            found.append([ms, colour, 1])
    return [tuple(burst) for burst in found]


def always(value):
    return lambda ms: value


def test_codes_come_in_turn_every_3_s():
    for active, expected in (
        (1, (1, 1, 1, 1)),
        (2, (2, 2, 2, 2)),
        (4, (3, 3, 3, 3)),
        (3, (1, 2, 1, 2)),
        (5, (1, 3, 1, 3)),
        (6, (2, 3, 2, 3)),
        (7, (1, 2, 3, 1)),
    ):
        for step in (None, 10, 20, 50):
            found = bursts(run(11900, step, always(active)))
            assert [(colour, count) for _, colour, count in found] == [(1, n) for n in expected]
            for (ms, _, _), due in zip(found, (0, 3000, 6000, 9000)):
                assert due <= ms <= due + 3 * (step or 100), (step, active)


def test_a_code_of_three_to_the_tick():
    expected = [(0, 1), (250, 0), (650, 1), (900, 0), (1300, 1), (1550, 0), (3000, 1)]
    assert run(3000, 10, always(4)) == expected
    assert run(3000, 50, always(4)) == expected
    late = [(0, 1), (260, 0), (660, 1), (920, 0), (1320, 1), (1580, 0), (3000, 1)]
    assert run(3000, 20, always(4)) == late


def test_late_ticks_lose_no_flash_and_bring_no_code_early():
    for steps in (UNEVEN, (300,), (1000,), (10, 10, 10, 4000)):
        changes = run(120000, steps, always(7))
        ons = [ms for ms, colour in changes if colour]
        # Codes 1, 2, 3 in turn: the flashes 1, 2, 4, 7, 8, 10 ... begin a code.
        begins = [ons[i] for i in range(len(ons)) if i % 6 in (0, 1, 3)]
        assert len(begins) > 6
        for i in range(1, len(begins)):
            assert begins[i] - begins[i - 1] >= 3000, steps
        for (on, _), (off, _) in zip(changes[::2], changes[1::2]):
            assert off - on >= 250


def test_a_new_error_begins_with_the_lowest_code():
    def active(ms):
        return 7 if ms < 4000 or ms > 20000 else 0

    found = bursts(run(28900, 20, active))
    assert [count for _, _, count in found] == [1, 2, 1, 2, 3]
    assert found[2][0] == 20020


def test_one_green_flash_for_a_telegram():
    for step in TICKS:
        changes = run(9000, step, always(16), lambda ms: ms // 2500)
        assert [ms for ms, colour in changes if colour == 2] == [2500, 5000, 7500]
        assert len(changes) == 6
        for (on, _), (off, _) in zip(changes[::2], changes[1::2]):
            assert 80 <= off - on < 80 + step


def test_a_telegram_is_noticed_within_100_ms():
    for ms in (2501, 2577, 2599):
        (on, colour), (off, _) = run(4000, None, always(16), lambda now, ms=ms: int(now >= ms))
        assert ms <= on < ms + 100 and colour == 2 and off == on + 80


def test_telegrams_during_a_code_have_one_flash_after_it():
    def telegrams(ms):
        return (ms >= 100) + (ms >= 500) + (ms >= 1000)

    changes = run(2900, 10, always(2 | 16), telegrams)
    assert bursts(changes) == [(0, 1, 2), (1300, 2, 1)]  # 250 + 400 + 250 + 400 ms


def test_telegrams_that_may_not_be_shown_are_not_shown_later():
    def allowed(ms):
        return 16 if ms >= 5000 else 0

    assert run(9000, 10, allowed, lambda ms: 1 if ms >= 2000 else 0) == []


def test_yellow_every_3200_ms_in_setup_mode():
    for step in TICKS:
        found = bursts(run(6900, step, always(8)))
        assert found == [(0, 3, 1), (3200, 3, 1), (6400, 3, 1)]
    # With code 1, whose flash takes 650 ms and yellow's 240: each waits for the other's end.
    assert bursts(run(9900, 10, always(9))) == [
        (0, 1, 1),
        (650, 3, 1),
        (3000, 1, 1),
        (3850, 3, 1),
        (6000, 1, 1),
        (7050, 3, 1),
        (9000, 1, 1),
    ]


def test_yellow_for_half_a_second_when_setup_mode_begins_and_ends():
    def mode(ms):
        return 16 | 8 if 1000 <= ms < 8000 else 16

    changes = run(12000, 10, mode)
    begin, flash, other, end = zip(changes[::2], changes[1::2])
    assert begin == ((1000, 3), (1500, 0))
    assert flash == ((4200, 3), (4280, 0)) and other == ((7400, 3), (7480, 0))
    assert end == ((8000, 3), (8500, 0))
    for step in UNEVEN:
        changes = run(12000, step, mode)
        assert changes[0][1] == 3 and changes[1][0] - changes[0][0] >= 500


def test_a_code_ends_before_the_change_of_mode_is_shown():
    changes = run(2900, 10, lambda ms: 16 | (4 if ms < 100 else 8))
    assert bursts(changes) == [(0, 1, 3), (1950, 3, 1)]  # three times 250 + 400 ms


def test_hours_without_light_are_no_change_of_mode():
    def night(ms):
        return 0 if 5000 <= ms < 9000 else 16 | 8

    assert bursts(run(9900, 10, night)) == [(0, 3, 1), (3200, 3, 1), (9000, 3, 1)]


def presses(pressed, until_ms, step):
    """The ms of each sample at which held() is true; light is that of tick()."""
    light = [0] * 10
    ms = last = turn = 0
    found = []
    while ms <= until_ms:
        if held(light, ms - last, pressed(ms)):
            found.append(ms)
        last = ms
        ms += step[turn % len(step)]
        turn += 1
    return found


def test_a_press_of_over_5_s_counts_once_while_it_lasts():
    for begin in (0, 10, 730):
        for step in TICKS:
            begin -= begin % step
            first = presses(lambda ms, at=begin: ms >= at, 60000, (step,))
            assert first == [begin + 5000 + step]  # the first sample later than 5 s
        assert presses(lambda ms, at=begin: at <= ms <= at + 5000, 20000, (10,)) == []
        assert presses(lambda ms, at=begin: at <= ms <= at + 5010, 20000, (10,)) != []


def test_two_long_presses_count_twice():
    twice = presses(lambda ms: not 8000 <= ms < 8020, 20000, (10,))
    assert twice == [5010, 8020 + 5010]


def test_a_bouncing_contact_neither_ends_a_press_nor_begins_another():
    # Single samples that say released: the 10 ms before each do not count.
    bounces = (10, 30, 2000, 4990, 6000, 12000)
    assert presses(lambda ms: ms not in bounces, 20000, (10,)) == [5010 + 40]
    # Single samples that say pressed, and short presses for a minute.
    assert presses(lambda ms: ms % 1000 == 0, 60000, (10,)) == []
    assert presses(lambda ms: ms % 5000 < 4900, 60000, (10,)) == []


def test_late_samples_do_not_make_a_press_long():
    # Two short presses, one at each end of a pause of 20 s.
    assert presses(lambda ms: ms in (100, 20100), 30000, (100, 20000, 100, 9000)) == []
    (at,) = presses(always(True), 30000, (10, 2000, 100))
    assert at >= 5000
    (at,) = presses(always(True), 30000, (400, 250))  # the pace of a code
    assert 5000 < at < 5700


class Board(BoardDouble):
    """A Pow, or a board with a single LED only (8)."""

    def __init__(self, fitted=19):
        super().__init__()
        self.fitted = fitted
        self.now = 0
        self.lit = []

    def unix_time(self):
        return self.now

    def clock_is_set(self):
        return self.now > 0

    def rgb(self, red, green, blue):
        self.lit = [red, green, blue]

    def led(self, on):
        self.lit.append(on)


def test_a_colour_without_its_light_is_shown_on_the_single_led():
    for fitted, colour, expected in (
        (19, 3, [True, True, False, False]),
        (19, 0, [False, False, False, False]),
        (19, 1, [True, False, False, False]),
        (8, 2, [False, True, False, True]),
        (8, 8, [False, False, False, True]),
        (8, 0, [False, False, False, False]),
        (11, 4, [False, False, True, True]),
        (11, 2, [False, True, False, False]),
        (11, 8, [False, False, False, True]),
    ):
        board = Board(fitted)
        show(board, colour)
        assert board.lit == expected, (fitted, colour)


class NetworkDouble:
    setup = False
    connected = True


class Zoned:
    """An energy domain that has a time zone only."""

    def __init__(self, name):
        self.settler = self
        self.zone = clock.Zone(name)


def app_of(**settings):
    board = Board()
    app = AppDouble(State(), Config(settings, {}), System(board), Zoned("Europe/Oslo"))
    app.network = NetworkDouble()
    return app


def test_signs_by_the_state_of_the_services():
    app = app_of(wifi_ssid="home", mqtt_host="broker")
    assert signs(app, 30000) == 16
    assert signs(app, 30001) == 16 | 1  # no telegram for over 30 s since the start
    app.state.update(reading(1, power_import_w=1), 40000, 0)
    assert signs(app, 70000) == 16 and signs(app, 70001) == 16 | 1
    app.system.mqtt_error = -2
    assert signs(app, 9999) == 16 and signs(app, 10000) == 16 | 2  # no code in the first 10 s
    assert signs(app, 70001) == 16 | 3
    app.network.connected = False
    assert signs(app, 70001) == 16 | 7
    app.config.set("mqtt_host", "")
    assert signs(app, 70001) == 16 | 5
    app.config.set("mqtt_host", "broker")
    app.config.set("lights", "errors")
    assert signs(app, 70001) == 7
    app.config.set("lights", "off")
    assert signs(app, 70001) == 0


def test_the_setup_is_not_an_error():
    app = app_of(wifi_ssid="home")
    app.network.connected = False
    app.network.setup = True
    assert signs(app, 1000) == 16 | 8
    app.config.set("mqtt_host", "broker")
    app.system.mqtt_error = -2  # of before: MQTT does not run
    assert signs(app, 30001) == 16 | 8 | 1
    app.config.set("lights", "errors")
    assert signs(app, 1000) == 0


def test_the_lights_are_off_outside_their_hours():
    # Oslo is one hour ahead of UTC in January and two in July.
    for hours, when, dark in (
        ("6-22", (2026, 1, 15, 20, 59, 59), False),
        ("6-22", (2026, 1, 15, 21, 0, 0), True),
        ("6-22", (2026, 1, 16, 4, 59, 59), True),
        ("6-22", (2026, 1, 16, 5, 0, 0), False),
        ("6-22", (2026, 7, 15, 19, 59, 59), False),
        ("6-22", (2026, 7, 15, 20, 0, 0), True),
        ("5-1", (2026, 1, 15, 23, 59, 59), False),
        ("5-1", (2026, 1, 16, 0, 0, 0), True),
        ("5-1", (2026, 1, 16, 3, 59, 59), True),
        ("5-1", (2026, 1, 16, 4, 0, 0), False),
        ("0-23", (2026, 1, 15, 22, 0, 0), True),
        ("0-23", (2026, 1, 15, 23, 0, 0), False),
    ):
        for kind, lit in (("all", 17), ("errors", 1), ("off", 0)):
            app = app_of(wifi_ssid="home", lights=kind + " " + hours)
            assert not app.config.faults
            app.system.utc = lambda when=when: clock.seconds(*when)
            assert signs(app, 31000) == (0 if dark else lit), (hours, when)
            app.system.utc = lambda: 0
            assert signs(app, 31000) == lit  # without a time there is no night


def test_the_setting_is_checked():
    reason = "lights must be one of all, errors, off, also with hours, as all 7-22"
    wrong = "|blue|all |all 7|all 7-|all -7|all 7-24|all 24-7|all 7-7|all 7-07|all 7-8-9|all a-b"
    for text in (wrong + "|7-22|all  7-8|all 7-22 ").split("|"):
        config = Config({"lights": text}, {})
        assert config.faults == [reason] and config.lights == "all", text
    for text in ("all", "errors", "off", "all 7-22", "errors 22-6", "all 0-23"):
        config = Config({"lights": text}, {})
        assert not config.faults and config.lights == text
    assert Config({"lights": "all 7-22222222"}, {}).faults == [
        "lights must have at most 12 characters"
    ]
