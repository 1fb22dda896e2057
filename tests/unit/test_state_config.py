from config import Config
from doubles import reading
from han import fields
from han.fields import POWER_IMPORT_W, VOLTAGE_L1_MV
from schema import fault
from state import GREEN, GREY, RED, YELLOW, State
from system import System


def test_the_last_known_value_of_each_field_stays():
    state = State()
    state.update(reading(2, power_import_w=100, voltage_l1_mv=230000), 0, 1)
    state.update(reading(1, vendor=0, power_import_w=0), 2500, 3)
    assert state.number(POWER_IMPORT_W) == 0 and state.number(VOLTAGE_L1_MV) == 230000
    assert (
        state.list_type == 2 and state.vendor == 1 and state.reading.number(VOLTAGE_L1_MV) is None
    )
    assert state.revision == 2 and state.telegrams == 2 and state.reading_unix == 3


def test_the_net_power_of_telegrams_with_import_only():
    state = State()
    assert state.net_power_w() is None
    for seconds, values, net in (
        (0, {"power_import_w": 0, "power_export_w": 700}, -700),
        (2, {"power_import_w": 0}, -700),  # the export of the longer list still counts
        (4, {"power_import_w": 300}, 300),  # import ends the export
        (6, {"voltage_l1_mv": 230000}, None),
        (8, {"power_export_w": 50}, 250),
    ):
        state.update(reading(2, **values), seconds * 1000, 0)
        assert state.net_power_w() == net, seconds


def test_lights_by_age():
    state = State()
    assert state.light(0) == GREY and state.light(29999) == GREY and state.light(30000) == RED
    state.update(reading(1, power_import_w=1), 100000, 0)
    assert state.age_ms(101000) == 1000
    for age, light in ((0, GREEN), (14999, GREEN), (15000, YELLOW), (29999, YELLOW), (30000, RED)):
        assert state.light(100000 + age) == light


def test_two_errors_in_a_row_are_not_published():
    state = State()
    for _ in range(2):
        assert not state.note_error(fields.CHECKSUM)
    assert state.error() == 0 and state.revision == 0
    assert state.note_error(fields.CHECKSUM)
    assert state.error() == fields.CHECKSUM and state.revision == 1 and state.light(0) == RED
    assert not state.note_error(fields.CHECKSUM) and state.revision == 1
    state.update(reading(1, power_import_w=1), 0, 0)
    assert state.error() == 0
    state.note_error(fields.CHECKSUM)
    assert state.error() == 0


def test_nothing_for_30_seconds_is_error_90_once():
    state = State()
    assert not state.tick(29000) and state.tick(30000) and not state.tick(31000)
    assert state.error() == fields.NO_DATA
    state.update(reading(1, power_import_w=1), 40000, 0)
    assert state.error() == 0 and not state.tick(69999) and state.tick(70000)


def test_stored_values_are_checked_and_unknown_names_kept():
    stored = {"mqtt_port": "1883", "main_fuse_a": 25, "from_the_future": [1], "version": 99}
    config = Config(stored, {"http_port": 8080})
    assert config.mqtt_port == 1883 and config.main_fuse_a == 25
    assert config.http_port == 8080
    assert config.faults == ["mqtt_port must be a whole number"]
    assert config.to_store() == {"main_fuse_a": 25, "from_the_future": [1], "version": 1}


def test_each_default_is_allowed():
    names = [name for name in vars_of(Config) if not callable(getattr(Config, name))]
    assert len(names) > 50
    for name in names:
        default = getattr(Config, name)
        assert fault(name, default) == "", name
        assert getattr(Config({name: default}, {}), name) == default


def vars_of(owner):
    return [name for name in owner.__dict__ if not name.startswith("_")]


def test_overrides_win_and_are_not_stored():
    config = Config({"mqtt_port": 1}, {"mqtt_port": 2})
    assert config.mqtt_port == 2 and config.is_set("mqtt_port")
    assert config.set("mqtt_port", 3) and config.mqtt_port == 2
    assert config.to_store() == {"mqtt_port": 3, "version": 1}
    assert Config({}, {}).mqtt_port == 1883 and not Config({}, {}).is_set("mqtt_port")


def test_an_unknown_zone_is_reported():
    assert Config({"timezone": "Europe/Atlantis"}, {}).doubts == [
        "the time zone Europe/Atlantis is not known; GMT is used"
    ]
    assert not Config({"timezone": "GMT"}, {}).doubts


def test_a_message_goes_when_its_setting_is_set():
    stored = {"tariff_profile": "Mars", "tariff": {"step": [5]}, "http_port": 0}
    config = Config(stored, {})
    assert sorted(config.faults)[1].startswith("tariff_profile: there is no profile Mars")
    assert len(config.faults) == 2 and config.doubts == ["tariff: there is no rule step"]
    config.set("tariff", {"steps": [5]})
    config.doubt()
    assert len(config.faults) == 2 and config.doubts == []
    config.set("tariff_profile", "NO")  # the default: nothing changes but the message
    assert config.faults == ["http_port must be 1 to 65535"]


def test_set_returns_whether_the_value_changed_and_refuses_with_a_reason():
    config = Config({}, {})
    assert config.set("meter_invert", False) and not config.set("meter_invert", False)
    for name, value in (
        ("meter_baud", -1),
        ("meter_baud", 2**40),
        ("meter_baud", True),
        ("meter_format", "9Q9"),
        ("hostname", "x" * 33),
        ("meter_invert", 1),
        ("mqtt_host", 1),
    ):
        try:
            config.set(name, value)
        except ValueError as e:
            assert str(e).startswith(name)
        else:
            raise AssertionError(name)


def test_line_settings_are_none_until_all_are_known():
    assert Config({}, {}).line() is None
    assert Config({"meter_baud": 2400}, {}).line() is None
    stored = {"meter_baud": 2400, "meter_format": "8N1", "meter_invert": True}
    assert Config(stored, {}).line() == (2400, "8N1", True)


class Ticks:
    def __init__(self, ms):
        self.ms = ms

    def ticks_ms(self):
        return self.ms & 0x3FFFFFFF

    def unix_time(self):
        return 0

    def reset_cause(self):
        return 1, 0


def test_the_rules_of_a_tariff_are_checked():
    config = Config({"tariff": {"count": 5, "steps": [2, 4]}}, {})
    assert config.tariff == {"count": 5, "steps": [2, 4]} and not config.faults
    config.set("tariff", {"count": 1, "of_a_newer_version": True})
    assert config.to_store()["tariff"]["of_a_newer_version"] is True
    for rules, reason in (
        ({"count": 11}, "tariff: count must be 0 to 10"),
        ({"steps": 5}, "tariff: steps must be a list"),
        ("NO", "tariff must be a set of rules"),
        ({str(i): i for i in range(17)}, "tariff must have at most 16 rules"),
    ):
        assert fault("tariff", rules) == reason
    assert Config({"tariff": {"count": -1}}, {}).tariff == {}


def test_uptime_goes_on_when_the_counter_wraps():
    board = Ticks(0x3FFFFF00)
    system = System(board)
    for _ in range(1000):
        board.ms += 86400 * 1000
        system.uptime_ms()
    assert system.uptime_s() == 86400 * 1000


def test_only_a_reader_fed_by_the_port_asks_for_pauses():
    board = Ticks(0)
    for mv, bus_powered, seconds in (
        (2900, True, 20),
        (2900, False, 5),
        (3100, True, 10),
        (3280, True, 5),
        (3300, True, 5),
        (2500, True, 5),  # not measured
        (0, True, 5),
    ):
        board.supply_mv = lambda mv=mv: mv
        board.bus_powered = bus_powered
        assert System(board).poll_s() == seconds


def test_topics_and_indexes_that_publish_nothing_are_said():
    for name in ("mqtt_topic", "mqtt_subscribe", "ha_prefix"):
        assert fault(name, "home/meter") == ""
        for topic in ("home/+", "home/#", "#"):
            assert fault(name, topic) == name + (
                " must not have + or #: the broker refuses them in a topic"
            )
    empty = ["mqtt_topic is empty, so nothing is published"]
    silent = ["mqtt_payload is Domoticz, and no index of a device is set"]
    for stored, expected in (
        ({"mqtt_topic": ""}, []),
        ({"mqtt_topic": "", "mqtt_host": "broker"}, empty),
        ({"mqtt_topic": "", "mqtt_host": "broker", "mqtt_payload": 3}, silent),
        ({"mqtt_host": "broker", "mqtt_payload": 3, "domoticz_l1_idx": 0}, silent),
        ({"mqtt_host": "broker", "mqtt_payload": 3, "domoticz_l1_idx": 7}, []),
    ):
        assert Config(stored, {}).doubts == expected, stored
