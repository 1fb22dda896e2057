"""The task of net.station with net.radio against a radio of access points and faults."""

import json

import ondemand
from air import World, point
from web.documents import network as document

HOME = {"wifi_ssid": "home", "wifi_psk": "password"}


def loaded():
    return [name for name in ondemand._visited if name.startswith("net.")]


def connected(*points, **settings):
    merged = dict(HOME)
    merged.update(settings)
    world = World(*(points or (point(),)), **merged)
    assert world.connect(20) < 15
    return world


def test_the_station_connects_to_the_strongest_access_point():
    world = World(
        point(number=1, rssi=-70), point(number=2, rssi=-50), point("x", number=3), **HOME
    )
    assert world.connect(30) <= 8
    host = "ams-4b1e"
    assert world.board.begun() == [("home", "password", b"\x02\0\0\0\0\x02", host, ())]
    assert world.board.calls[-1] == ("radio", None, None)
    assert world.network.ip == "192.168.1.57" and world.network.reason == 0
    assert world.log.lines == ["wifi: connected, 192.168.1.57, -50 dBm"]
    world.close()


def test_the_rooms_are_loaded_while_the_station_is_not_connected():
    world = World(point(), **HOME)
    world.run(1)
    assert loaded() == ["net.radio"]
    world.connect(20)
    world.run(2)
    assert not loaded()
    world.run(200)
    world.board.points = []
    world.run(5)
    assert loaded() == ["net.radio"] and not world.network.connected
    assert world.network.reason == 200 and world.log.lines[-1].startswith("wifi: lost: the acc")
    world.close()
    assert not loaded()


def test_short_connections_make_the_pauses_longer():
    world = connected()
    pauses = []
    for held_s in (90, 30, 30, 30, 90):
        world.run(held_s)
        starts = len(world.board.begun())
        world.board.cut()
        pauses.append(world.run(60, lambda starts=starts: len(world.board.begun()) > starts))
        world.connect(60)
    # Up to 2 s until the loss is seen, the pause, and a scan of 2 s.
    for pause_s, shortest in zip(pauses, (2, 4, 8, 16, 2)):
        assert shortest <= pause_s <= shortest + shortest // 4 + 5, pauses
    world.close()


def test_a_lost_network_is_found_again_and_the_log_is_short():
    world = connected()
    world.board.points = []
    world.run(3600)
    assert not world.network.connected and not world.network.setup
    assert 50 <= len(world.board.begun()) <= 75  # 5, 10, 20, 40, then 60 to 75 s
    told = [line for line in world.log.lines if line.startswith("wifi: not connected")]
    assert len(told) == 5  # the first failure in the row is the loss: 2nd, 4th, 8th, 16th, 32nd
    assert told[0].startswith("wifi: not connected: no such network")
    world.board.points = [point()]
    assert world.connect(200) <= 75 + 10
    world.close()


def test_after_a_failure_another_access_point_is_asked():
    world = World(point(number=1, rssi=-40, fault="assoc"), point(number=2, rssi=-80), **HOME)
    assert world.connect(60) < 30
    assert [start[2][5] for start in world.board.begun()] == [1, 2]
    world.close()


def test_each_access_point_has_its_turn():
    world = World(
        point(number=1, rssi=-40, fault="assoc"),
        point(number=2, rssi=-60, fault="assoc"),
        point(number=3, rssi=-80, fault="assoc"),
        **HOME,
    )
    world.run(300, lambda: len(world.board.begun()) == 7)
    assert [start[2][5] for start in world.board.begun()] == [1, 2, 3, 1, 2, 3, 1]
    world.close()


def test_an_access_point_that_is_back_after_a_loss_is_taken_again():
    world = connected(point(number=1, rssi=-70), point(number=2, rssi=-50))
    assert world.board.linked() == 2
    world.board.cut()
    world.run(5)
    assert not world.network.connected
    world.connect(30)
    assert world.board.linked() == 2
    world.close()


def test_a_hidden_network_is_asked_by_its_name():
    world = connected(point(hidden=True))
    assert world.board.begun()[0][2] == b""
    world.close()


def test_each_fault_ends_when_it_is_repaired():
    for fault, reason in (("auth", 15), ("assoc", 203), ("no_dhcp", 250), ("ip_conflict", 250)):
        world = World(point(fault=fault), **HOME)
        world.run(400)
        assert not world.network.connected and world.network.reason == reason
        assert not world.network.setup
        world.board.points = [point()]
        assert world.connect(200) <= 75 + 30 + 10
        world.close()


def test_a_static_address_is_used_with_its_gateway_for_names():
    world = connected(address="10.0.0.200/24 10.0.0.3")
    address = ("10.0.0.200", "255.255.255.0", "10.0.0.3", "10.0.0.3")
    assert world.board.begun()[0][4] == address and world.network.ip == "10.0.0.200"
    world.close()


def test_dhcp_is_asked_after_two_attempts_without_the_static_address():
    world = World(point(fault="ip_conflict"), address="10.0.0.200 10.0.0.3", **HOME)
    world.run(90, lambda: len(world.board.begun()) == 3)
    assert [len(start[4]) for start in world.board.begun()] == [4, 4, 0]
    assert "wifi: the static address does not work: DHCP is asked for one" in world.log.lines
    world.close()
    # A wrong password says nothing about the address.
    world = World(point(fault="auth"), address="10.0.0.200 10.0.0.3", **HOME)
    world.run(90)
    assert {len(start[4]) for start in world.board.begun()} == {4}
    world.close()


def test_dhcp_is_asked_if_the_driver_refuses_the_static_address():
    world = World(point(), address="10.0.0.200 10.0.0.3", **HOME)
    world.board.refuses = "no"
    assert world.connect(60) < 20
    assert world.network.ip == "192.168.1.57"
    assert "wifi: the driver does not connect: no" in world.log.lines
    world.close()


def test_dhcp_is_asked_if_nothing_comes_in_at_the_static_address():
    world = connected(address="10.0.0.200 10.0.0.3")
    world.run(599)
    assert world.network.connected and world.network.ip == "10.0.0.200"
    world.run(20)
    assert world.network.connected and world.network.ip == "192.168.1.57"
    world.run(100)
    assert not loaded()
    world.close()
    world = connected(address="10.0.0.200 10.0.0.3")
    world.network.heard = True  # a request came
    world.run(1000)
    assert world.network.ip == "10.0.0.200" and not loaded()
    world.close()


def test_without_a_network_the_setup_begins_and_lasts():
    world = World(point())
    world.run(3600)
    assert world.network.setup and not world.network.connected
    assert [c for c in world.board.calls if c[0] not in ("stop",)] == [("ap", "AMS2MQTT", "")]
    world.network.toggle()  # nothing to go back to
    world.run(5)
    assert world.network.setup and not world.network.wishes
    world.apply({"wifi_ssid": "home", "wifi_psk": "password"})
    assert world.storage.written["wifi_ssid"] == "home" and not world.network.trial
    world.run(1)
    assert world.network.setup  # the answer is sent first
    assert world.connect(20) < 12
    assert not world.network.setup and ("ap off",) in world.board.calls
    world.close()


def test_the_access_point_is_protected_if_the_settings_say_so():
    world = World(setup_psk="secret99")
    world.run(2)
    assert ("ap", "AMS2MQTT-4b1e", "secret99") in world.board.calls
    assert not [line for line in world.log.lines if "secret99" in line]
    world.close()


def test_the_button_begins_the_setup_and_ends_it():
    world = connected()
    world.run(70)
    world.network.toggle()
    world.run(5)
    assert world.network.setup and not world.network.connected
    world.network.toggle()
    assert world.connect(30) < 12 and not world.network.setup
    world.close()


def test_the_setup_ends_by_itself_if_a_network_is_set_up():
    world = connected()
    world.network.toggle()
    world.run(10)
    world.board.clients = 1
    world.run(1200)
    assert world.network.setup
    world.board.clients = 0
    world.run(590)
    assert world.network.setup
    assert world.connect(30) < 25
    world.close()


def test_a_network_is_tried_during_the_setup_and_not_stored():
    world = World(point(), point("dead", number=2, fault="no_dhcp"))
    world.run(3)
    for ssid, psk, result in (
        ("home", "wrong", 15),
        ("nobody", "password", 201),
        ("dead", "password", 250),
        ("home", "password", 1),
    ):
        world.network.try_wifi(ssid, psk)
        assert world.network.tried == 0
        world.run(40, lambda: world.network.tried)
        assert world.network.tried == result and world.network.setup
        assert not world.network.connected and world.board.station_status() == 0
    assert world.network.ip == "192.168.1.57" and world.storage.written is None
    world.close()
    world = connected()
    world.network.try_wifi("home", "password")
    world.run(3)
    assert world.network.tried == 253 and world.network.connected
    world.close()


def test_a_new_network_that_does_not_work_leads_back_to_the_setup():
    world = World(point())
    world.run(3)
    world.apply({"wifi_ssid": "home", "wifi_psk": "mistyped"})
    world.run(10)
    assert not world.network.setup and world.storage.written["wifi_first"] is True
    world.run(60)
    assert world.network.setup and world.network.reason == 15
    world.apply({"wifi_psk": "password"})
    assert world.connect(30) < 20 and not world.network.setup
    assert "wifi_first" not in world.storage.written
    world.board.points = []
    world.run(3600)
    assert not world.network.setup  # the network has worked before
    world.close()


def test_the_supply_switches_the_radio_off_and_on():
    for prepare in (lambda: connected(), lambda: World(point())):
        world = prepare()
        world.run(5)
        world.network.allowed = False
        world.run(3)
        assert not world.network.connected and not world.network.setup
        assert world.board.station_status() == 0 and world.network.scan() == []
        world.network.toggle()
        calls = len(world.board.calls)
        world.run(600)
        assert len(world.board.calls) == calls
        assert "wifi: the supply is too low for the setup" in world.log.lines
        world.network.allowed = True
        world.run(20)
        assert world.network.connected or world.network.setup
        world.close()


NEW = {"wifi_ssid": "new", "wifi_psk": "password2"}


def changed(*points):
    """A connected reader that gets the settings of the network NEW."""
    world = connected(point(), *points)
    world.run(100)
    world.apply(NEW)
    return world


def test_new_settings_are_on_trial_until_they_are_confirmed():
    world = changed(point("new", "password2", number=2))
    assert world.network.connected and world.storage.written is None
    try:
        world.network.confirm()  # the old page, at the old address
    except ValueError as e:
        assert "not connected with the new settings yet" in str(e)
    else:
        raise AssertionError
    world.run(3)
    assert not world.network.connected
    assert world.connect(20) < 10 and world.board.linked() == 2
    assert world.storage.written is None and world.config.wifi_ssid == "home"
    world.network.confirm()
    assert world.storage.written["wifi_ssid"] == "new" and world.config.wifi_psk == "password2"
    starts = len(world.board.begun())
    world.run(300)
    assert world.network.connected and len(world.board.begun()) == starts and not loaded()
    try:
        world.network.confirm()
    except ValueError as e:
        assert "wait for a confirmation" in str(e)
    else:
        raise AssertionError
    world.close()


def test_settings_that_cannot_be_stored_stay_on_trial():
    world = changed(point("new", "password2", number=2))
    world.run(20)

    def full(changes):
        raise ValueError("no room")

    world.apply = full
    try:
        world.network.confirm()
    except ValueError as e:
        assert str(e) == "no room"
    else:
        raise AssertionError
    assert world.network.trial == NEW
    world.run(60)
    assert world.network.connected and world.board.linked() == 1
    world.close()


def test_unconfirmed_settings_are_rolled_back_after_a_minute():
    for points in ((point("new", "password2", number=2),), (), (point("new", "x", number=2),)):
        world = changed(*points)
        world.run(57)
        assert world.network.trial and world.board.linked() != 1
        world.run(5)
        assert not world.network.trial
        assert world.connect(30) < 15 and world.board.linked() == 1
        assert world.storage.written is None and world.config.wifi_ssid == "home"
        assert [line for line in world.log.lines if "were not confirmed" in line]
        assert not [line for line in world.log.lines if "password2" in line]
        world.close()


def test_a_change_that_is_refused_changes_nothing():
    world = connected()
    for changes in ({"wifi_ssid": "new", "address": "10.0.0.1"}, {"hostname": "a", "lights": "x"}):
        try:
            world.apply(changes)
        except ValueError:
            pass
        else:
            raise AssertionError
        assert not world.network.trial and not world.network.wishes
        assert world.storage.written is None and world.config.hostname == ""
    world.apply({"wifi_ssid": "home", "hostname": ""})  # as before: nothing to do
    assert not world.network.trial and not world.network.wishes
    world.close()


def test_other_settings_are_stored_at_once_beside_a_trial():
    world = connected()
    world.apply({"hostname": "attic", "main_fuse_a": 63, "wifi_sleep": 1, "wifi_power_ddbm": 160})
    assert world.config.main_fuse_a == 63 and "hostname" not in world.storage.written
    assert world.board.calls[-1] == ("radio", 1, 150)
    world.run(20)
    assert world.board.begun()[-1][3] == "attic" and world.config.hostname == ""
    world.network.confirm()
    assert world.config.hostname == "attic"
    world.close()


def test_the_button_ends_no_trial_but_its_time_does():
    world = changed()
    world.run(10)
    world.network.toggle()
    world.run(5)
    assert world.network.setup and world.network.trial
    world.run(60)
    assert world.network.setup and not world.network.trial
    world.close()


def test_without_a_connection_settings_are_stored_at_once():
    world = World(point("new", "password2"), **HOME)
    world.run(20)
    world.apply(NEW)
    assert world.storage.written["wifi_ssid"] == "new" and not world.network.trial
    assert world.connect(30) < 12
    world.close()


def test_a_clearly_stronger_access_point_is_taken_when_the_signal_is_weak():
    world = connected(point(number=1, rssi=-76))
    world.run(100)
    world.board.points[0]["rssi"] = -80
    world.board.points.append(point(number=2, rssi=-72))
    world.run(300)
    assert world.board.linked() == 2 and world.network.connected
    assert "wifi: -80 dBm, another access point is stronger" in world.log.lines
    world.close()


def test_looks_for_a_stronger_access_point_are_rare():
    world = connected(point(number=1, rssi=-80), point(number=2, rssi=-81))
    world.run(24 * 3600)
    # 3 + 10, 3 + 20, 3 + 40, 3 + 80, then each 3 + 160 minutes: 4 looks in 162 minutes, then 8.
    looks = len([call for call in world.board.calls if call[0] == "scan"]) - 1
    assert 11 <= looks <= 13 and len(world.board.begun()) == 1
    world.board.points[0]["rssi"] = world.board.points[1]["rssi"] = -60
    calls = len(world.board.calls)
    world.run(24 * 3600)
    assert len(world.board.calls) == calls
    world.close()


def test_a_restart_after_four_failures_only_if_the_settings_say_so_and_once():
    for setting, cause, restarts in ((False, 0, []), (True, 0, [93]), (True, 93, [])):
        world = World(wifi_reboot=setting, **HOME)
        world.system.reset_cause = cause
        world.run(3600)
        assert world.restarts == restarts
        world.close()
    world = connected(wifi_reboot=True)
    world.system.reset_cause = 93
    world.run(100)
    world.board.points = []
    world.run(600)
    assert world.restarts == [93]  # it has been connected since that restart
    world.close()


def test_signal_and_free_heap_of_each_minute_are_kept_for_an_hour():
    world = connected(point(rssi=-61))
    world.run(90 * 60)
    assert list(world.network.minutes) == [61] * 60 + [88340 // 512] * 60
    world.board.heap_free = lambda: 400
    world.board.points = []
    world.run(10 * 60)
    kept = list(world.network.minutes[:60])
    assert 9 <= kept.count(0) <= 10 and kept.count(61) == 60 - kept.count(0)
    assert 9 <= list(world.network.minutes[60:]).count(1) <= 10
    world.close()


def test_words_of_a_reason():
    world = World()
    assert "DHCP" in world.network.words(250) and world.network.words(0) == ""
    assert not loaded()


def shown(world):
    return json.loads("".join(document.get(world, None)))


def test_network_json():
    world = connected(point(rssi=-61), hostname="attic")
    world.run(130)
    history = [None] * 58 + [-61, -61]
    assert shown(world) == {
        "connected": True,
        "setup": False,
        "allowed": True,
        "ssid": "home",
        "hostname": "attic",
        "bssid": "02:00:00:00:00:01",
        "address": "",
        "ip": "192.168.1.57",
        "mask": "255.255.255.0",
        "gw": "192.168.1.1",
        "dns": "192.168.1.1",
        "board": "Test",
        "bus": True,
        "reason": 0,
        "why": "",
        "trial": 0,
        "rssi": -61,
        "history": history,
    }
    world.run(3600)
    world.board.points[0]["rssi"] = -70
    world.run(60)
    assert shown(world)["history"] == [-61] * 59 + [-70]
    world.apply({"wifi_ssid": 'n"w', "address": "10.0.0.200 10.0.0.3"})
    world.run(20)
    kept = shown(world)
    assert kept["ssid"] == 'n"w' and kept["address"] == "10.0.0.200 10.0.0.3"
    assert 39 <= kept["trial"] <= 41 and not kept["connected"] and kept["reason"] == 201
    assert kept["why"].startswith("no such network") and "password" not in json.dumps(kept)
    assert kept["bssid"] is None and kept["rssi"] == 0
    world.storage.absent = "unknown content"
    assert shown(world)["nf"] == "unknown content"
    world.close()
