"""The table of net.wifi, and the times of the AMS reader's table "Connect / reconnect timing"."""

from net import reasons, wifi

FAILED = (wifi.REFUSED, wifi.DROPPED, wifi.EXPIRED)
CONNECTING = 1
NO_AP = 201
WRONG_KEY = 202
HANDSHAKE = 15
BEACON_LOST = 200
ASSOC_FAILED = 203
LEFT = 8


def test_each_event_of_each_state_has_one_row():
    assert len(wifi.TABLE) == wifi.STATES * wifi.EVENTS == 96
    for state in range(wifi.STATES):
        for event in range(wifi.EVENTS):
            row = wifi.TABLE[state * wifi.EVENTS + event]
            assert row[:2] == (state, event)
            assert 0 <= row[2] < wifi.STATES and wifi.NONE <= row[3] <= wifi.FORGET
            assert wifi.transition(state, event) == row[2:]


def test_only_the_button_and_a_network_that_never_worked_begin_the_setup():
    for state, event, after, action in wifi.TABLE:
        if after in (wifi.SETUP, wifi.TESTING) and state not in (wifi.SETUP, wifi.TESTING):
            assert event in (wifi.PRESSED, wifi.BLANK, wifi.FAILED) and action == wifi.OPEN


def test_three_failures_of_a_new_network_lead_back_to_the_setup():
    for wishes, after in ((1 << wifi.FAILED, wifi.SETUP), (0, wifi.CONNECTING)):
        machine, now_s = wifi.Wifi(wifi.WAITING, 0), 0
        for failure in range(3):
            assert attempt(machine, now_s, wishes=wishes) == wifi.START
            assert attempt(machine, now_s + 1, NO_AP, wishes) == wifi.STOP
            assert machine.failures == failure + 1
            now_s += 30
        assert attempt(machine, now_s, wishes=wishes) in (wifi.OPEN, wifi.START)
        assert machine.state == after


def test_a_low_supply_switches_the_radio_off_in_each_state():
    for state in range(wifi.STATES):
        after, action = wifi.transition(state, wifi.LOW)
        assert after == wifi.HELD and (action == wifi.OFF or state == wifi.HELD)
    for event in range(wifi.EVENTS):
        after, action = wifi.transition(wifi.HELD, event)
        assert after == wifi.HELD or event == wifi.ENOUGH
        assert action not in (wifi.START, wifi.OPEN, wifi.TEST, wifi.BACK, wifi.LOOK)


def test_each_way_out_of_a_state_changes_the_radio():
    """No state is left with a radio that does what the old state wanted."""
    for state, _, after, action in wifi.TABLE:
        if after != state:
            expected = {
                wifi.HELD: (wifi.OFF,),
                wifi.WAITING: (wifi.STOP, wifi.READY),
                wifi.CONNECTING: (wifi.START, wifi.BACK),
                wifi.CONNECTED: (wifi.KEEP,),
                wifi.SETUP: (wifi.OPEN, wifi.RESULT),
                wifi.TESTING: (wifi.TEST,),
            }
            assert action in expected[after], (state, after, action)


def attempt(machine, now_s, status=CONNECTING, wishes=0, chance=0):
    """The action at that second, None without an event."""
    event = machine.event(now_s, status, wishes)
    return None if event < 0 else machine.step(event, now_s, chance)


def test_the_window_of_an_attempt():
    """30 s; then the radio is off for 5 s and the next attempt begins."""
    machine = wifi.Wifi(wifi.WAITING, 100)
    assert attempt(machine, 100, 0) == wifi.START
    assert attempt(machine, 129) is None
    assert attempt(machine, 130) == wifi.STOP and machine.state == wifi.WAITING
    assert attempt(machine, 134, 0) is None
    assert attempt(machine, 135, 0) == wifi.START and machine.state == wifi.CONNECTING


def test_no_such_network_and_a_refused_password():
    """5 s; the AMS reader of a new owner goes on to its access point, this one never does."""
    for reason in (NO_AP, WRONG_KEY, HANDSHAKE, 204, 210, 211, 212):
        machine = wifi.Wifi(wifi.WAITING, 0)
        attempt(machine, 0, 0)
        assert attempt(machine, 3, reason) == wifi.STOP and machine.state == wifi.WAITING
        assert attempt(machine, 7, 0) is None
        assert attempt(machine, 8, 0) == wifi.START


def test_any_other_reason():
    """2 s, of an attempt and of a connection."""
    for reason in (3, 5, LEFT, BEACON_LOST, ASSOC_FAILED, 205, 251):
        machine = wifi.Wifi(wifi.WAITING, 0)
        attempt(machine, 0, 0)
        assert attempt(machine, 3, reason) == wifi.STOP
        assert attempt(machine, 4, 0) is None
        assert attempt(machine, 5, 0) == wifi.START
        machine = wifi.Wifi(wifi.WAITING, 0)
        attempt(machine, 0, 0)
        assert attempt(machine, 3, 2) == wifi.KEEP and machine.state == wifi.CONNECTED
        assert attempt(machine, 100, 2) is None
        assert attempt(machine, 200, reason) == wifi.STOP
        assert attempt(machine, 201, 0) is None
        assert attempt(machine, 202, 0) == wifi.START


def test_attempts_are_endless_and_pauses_grow():
    """5 s each in the AMS reader. Here 5, 10, 20, 40, 60, 60 s: the radio of a reader on a bus
    takes more than its supply gives."""
    machine = wifi.Wifi(wifi.WAITING, 0)
    now_s = 0
    pauses = []
    for _ in range(500):
        while attempt(machine, now_s, 0) != wifi.START:
            now_s += 1
        now_s += 30
        assert attempt(machine, now_s) == wifi.STOP
        ended_s = now_s
        while machine.event(now_s, 0, 0) < 0:
            now_s += 1
        pauses.append(now_s - ended_s)
    assert pauses[:7] == [5, 10, 20, 40, 60, 60, 60] and max(pauses) == 60
    assert machine.state == wifi.WAITING


def test_pauses():
    for event, pauses in (
        (wifi.EXPIRED, (5, 10, 20, 40, 60, 60)),
        (wifi.REFUSED, (5, 10, 20, 40, 60, 60)),
        (wifi.DROPPED, (2, 4, 8, 16, 32, 60)),
    ):
        for i in range(len(pauses)):
            assert wifi.pause_s(event, i + 1, 0) == pauses[i]
    assert wifi.pause_s(wifi.EXPIRED, 1, 255) == 5  # the first one is exact
    assert wifi.pause_s(wifi.EXPIRED, 2, 255) == 12  # 10 + 10 x 255 / 1024
    assert wifi.pause_s(wifi.EXPIRED, 1000, 255) == 74  # 60 + 14.9
    assert wifi.pause_s(wifi.EXPIRED, 1000, 128) == 67  # 60 + 7.5


def test_a_restart_is_due_after_the_fourth_failed_attempt():
    """After some 135 s in the AMS reader; here 30 + 5 + 30 + 10 + 30 + 20 + 30 s."""
    machine = wifi.Wifi(wifi.WAITING, 0)
    due = []
    for now_s in range(300):
        event = machine.event(now_s, CONNECTING, 0)
        if event >= 0:
            machine.step(event, now_s, 0)
            if event in FAILED and machine.restart_due(event):
                due.append(now_s)
    assert due == [155]


def test_a_connection_of_a_minute_ends_the_row_of_failures():
    for held_s, pause in ((59, 8), (60, 2)):
        machine = wifi.Wifi(wifi.WAITING, 0)
        now_s = 0
        for _ in range(2):
            assert attempt(machine, now_s, 0) == wifi.START
            assert attempt(machine, now_s, ASSOC_FAILED) == wifi.STOP
            now_s += 10
        attempt(machine, now_s, 0)
        assert attempt(machine, now_s, 2) == wifi.KEEP
        now_s += held_s
        assert attempt(machine, now_s, BEACON_LOST) == wifi.STOP
        assert attempt(machine, now_s + pause - 1, 0) is None
        assert attempt(machine, now_s + pause, 0) == wifi.START


def test_without_a_network_the_setup_begins_and_does_not_end_by_itself():
    blank = 1 << wifi.BLANK
    machine = wifi.Wifi(wifi.WAITING, 0)
    assert attempt(machine, 0, 0, blank) == wifi.OPEN and machine.state == wifi.SETUP
    for now_s in (1, 600, 100000):
        assert attempt(machine, now_s, 0, blank) is None
    assert attempt(machine, 100001, 0, blank | 1 << wifi.PRESSED) == wifi.NONE
    assert machine.state == wifi.SETUP


def test_the_button_toggles():
    pressed = 1 << wifi.PRESSED
    for state in (wifi.WAITING, wifi.CONNECTING, wifi.CONNECTED):
        machine = wifi.Wifi(state, 0)
        assert attempt(machine, 1, 2, pressed) == wifi.OPEN and machine.state == wifi.SETUP
        assert attempt(machine, 2, 0, pressed) == wifi.START and machine.state == wifi.CONNECTING
    machine = wifi.Wifi(wifi.HELD, 0)
    assert attempt(machine, 1, 0, pressed | 1 << wifi.LOW) == wifi.TELL
    assert machine.state == wifi.HELD


def test_the_setup_ends_after_ten_minutes_without_a_client():
    client = 1 << wifi.IDLE
    machine = wifi.Wifi(wifi.SETUP, 0)
    assert attempt(machine, 599, 0, client) is None
    assert attempt(machine, 1198, 0) is None
    assert attempt(machine, 1199, 0) == wifi.START and machine.state == wifi.CONNECTING


def test_a_test_of_a_network_during_the_setup():
    wish = 1 << wifi.TRY
    for status, age_s in ((2, 5), (NO_AP, 3), (WRONG_KEY, 4), (ASSOC_FAILED, 1), (CONNECTING, 30)):
        machine = wifi.Wifi(wifi.SETUP, 0)
        assert attempt(machine, 10, 0, wish) == wifi.TEST and machine.state == wifi.TESTING
        assert attempt(machine, 10 + age_s, status) == wifi.RESULT
        assert machine.state == wifi.SETUP
    for state in (wifi.HELD, wifi.WAITING, wifi.CONNECTING, wifi.CONNECTED):
        assert wifi.transition(state, wifi.TRY) == (state, wifi.DENY)


def test_a_low_supply_holds_the_radio_until_it_has_recovered():
    low = 1 << wifi.LOW
    machine = wifi.Wifi(wifi.CONNECTED, 0)
    assert attempt(machine, 5, 2, low) == wifi.OFF and machine.state == wifi.HELD
    assert attempt(machine, 6, 0, low) is None
    assert attempt(machine, 500, 0, low) is None
    assert attempt(machine, 501, 0) == wifi.READY and machine.state == wifi.WAITING
    assert attempt(machine, 501, 0) == wifi.START


def test_the_trial_of_new_settings_ends_with_the_old_ones():
    over = 1 << wifi.UNCONFIRMED
    for state in (wifi.WAITING, wifi.CONNECTING, wifi.CONNECTED):
        machine = wifi.Wifi(state, 0)
        assert attempt(machine, 1, 2, over) == wifi.BACK and machine.state == wifi.CONNECTING
    for state in (wifi.SETUP, wifi.TESTING):
        machine = wifi.Wifi(state, 0)
        assert attempt(machine, 1, 0, over) == wifi.FORGET and machine.state == state


AIR = [
    (b"home", b"\x01" * 6, 1, -70, 3),
    (b"other", b"\x02" * 6, 6, -30, 3),
    (b"home", b"\x03" * 6, 6, -55, 3),
    (b"", b"\x04" * 6, 11, -20, 3),
    (b"\xc3\x98", b"\x05" * 6, 11, -80, 3),
]


def test_the_strongest_access_point_is_chosen():
    assert wifi.choose(AIR, "home", []) == AIR[2]
    assert wifi.choose(AIR, "home", [b"\x03" * 6]) == AIR[0]  # the last attempt failed there
    assert wifi.choose(AIR, "home", [b"\x03" * 6, b"\x01" * 6]) == AIR[2]  # all have failed
    assert wifi.choose(AIR, "\u00d8", [b"\x05" * 6]) == AIR[4]  # there is no other one
    assert wifi.choose(AIR, "Home", []) is None
    assert wifi.choose([], "home", []) is None


def test_a_stronger_access_point_must_be_clearly_stronger():
    assert wifi.stronger(AIR, "home", b"\x01" * 6, -63) == b"\x03" * 6
    assert wifi.stronger(AIR, "home", b"\x01" * 6, -62) == b""
    assert wifi.stronger(AIR, "home", b"\x03" * 6, -90) == b"\x01" * 6
    assert wifi.stronger(AIR, "other", b"\x02" * 6, -90) == b""
    assert wifi.stronger([], "home", b"\x01" * 6, -90) == b""


def test_the_power_is_rounded_down_to_a_step():
    steps = (195, 190, 185, 170, 150, 130, 110, 85, 70, 50, 20, -10)
    for i in range(len(steps)):
        assert wifi.tx_ddbm(steps[i]) == steps[i]
        if i:
            assert wifi.tx_ddbm(steps[i - 1] - 1) == steps[i]
    assert wifi.tx_ddbm(205) == 195 and wifi.tx_ddbm(1) == -10 and wifi.tx_ddbm(0) is None


def test_reasons_are_told_with_what_to_do():
    assert reasons.text(0) == ""
    for number in (15, 202, 204):
        assert "password" in reasons.text(number)
    assert reasons.text(201).startswith("no such network") and "(201)" in reasons.text(201)
    assert "2.4 GHz" in reasons.text(201) and "DHCP" in reasons.text(250)
    # Espressif's numbers, and those of net.radio.
    for first, last in ((1, 39), (46, 51), (67, 68), (200, 212), (250, 254)):
        for number in range(first, last + 1):
            assert not reasons.text(number).startswith("not connected"), number
    assert reasons.text(199) == "not connected (199)"
