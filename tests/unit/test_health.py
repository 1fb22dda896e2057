"""/health.json and /metrics."""

import json

from doubles import LIST_2, LIST_3, app, merged, reading
from files import FilesDouble
from han import fields
from log import Log
from state import ERRORS
from web.documents import diagnostics, health, metrics


class ServerDouble:
    listeners = 2
    streams = 1


class NetworkDouble:
    def __init__(self):
        self.minutes = bytearray(120)


class StreamDouble:
    frames = 12
    counter_fell = 1


class ReaderDouble:
    stream = StreamDouble()


SECRETS = {
    "wifi_psk": "home network",
    "setup_psk": "setup network",
    "mqtt_password": "broker secret",
    "web_password": "page secret",
    "push_token": "server secret",
    "price_token": "12345678-1234-1234-1234-123456789abc",
    "encryption_key": "000102030405060708090A0B0C0D0E0F",
    "authentication_key": "0F0E0D0C0B0A09080706050403020100",
}


def device(*readings, **settings):
    made = app(*readings, **settings)
    made.server = ServerDouble()
    made.network = NetworkDouble()
    made.reader = ReaderDouble()
    made.storage = FilesDouble()
    made.log = Log(made.system.uptime_s, echo=False)
    made.safe_s = 0
    return made


def test_every_secret_of_the_settings_is_known():
    import schema

    names = [row[schema.NAME] for row in schema.ROWS if row[schema.SECRET]]
    assert sorted(names) == sorted(SECRETS)


def shown(made):
    return json.loads("".join(health.get(made, None)))


def test_health_of_a_reader_without_a_meter():
    made = device()
    made.log.add("begun")
    body = shown(made)
    assert body["uptime"] == 90512 and body["board"] == "Test" and body["chip"] == "esp32s2"
    assert body["reset"] == {
        "reason": 12, "words": "software, one core",
        "cause": 2, "cause_words": "settings were saved",
    }  # fmt: skip
    assert body["heap"].pop("history") == [None] * 60
    assert body["heap"] == {"free": 88340, "largest": None, "refused": 0, "sheds": 0}
    assert body["supply"] == {"v": 3.287, "tier": 0, "low": []} and body["wifi"]["rssi"] == -61
    assert body["wifi"]["history"] == [None] * 60
    meter = body["meter"]
    assert meter["age"] is None and meter["telegrams"] == 0 and meter["frames"] == 12
    assert set(meter["errors"].values()) == {0} and len(meter["errors"]) == len(ERRORS)
    assert body["crash"] == "" and body["short"] == body["safe"] == 0
    assert body["web"] == {"listeners": 2, "streams": 1}
    assert body["push"] == {"fault": "", "failures": 0}
    assert body["events"] == [{"s": 90512, "level": "info", "text": "begun"}]


def test_health_of_a_reader_with_faults():
    made = device(reading(3, **merged(LIST_2, LIST_3)))
    for code, times in ((fields.CHECKSUM, 3), (fields.KEY, 1), (fields.EXCEPTION, 2)):
        for _ in range(times):
            made.state.note_error(code)
    made.state.tick(90512000 + 40000)
    made.storage.data["crash"] = b"3\n1704447000 70 web: ValueError: bad (x.py:3)\n"
    made.system.boot_reason, made.system.reset_cause = 15, 77
    made.system.memory_errors, made.system.sheds = 4, 2
    made.system.board.heap_largest = lambda: 2048
    made.network.minutes[90512 // 60 % 60] = 58
    made.network.minutes[60 + 90512 // 60 % 60] = 172
    made.safe_s = 600
    made.system.tier, made.system.lows = 2, bytes(58) + b"\xa4\xa5"
    made.storage.held = "the supply is too low"
    made.push_fault, made.push_failures = "nas.local: status 500", 3
    body = shown(made)
    errors = body["meter"]["errors"]
    assert {kind: n for kind, n in errors.items() if n} == {
        "checksum": 3, "key": 1, "defect": 2, "silent": 1,
    }  # fmt: skip
    assert body["meter"]["age"] == 1.2 and body["meter"]["telegrams"] == 1
    assert body["crash"].startswith("web: ValueError: bad (x.py:3), 70 s after the start at 2024-")
    assert body["short"] == 3 and body["safe"] == 600
    assert body["reset"]["words"].startswith("brown-out")
    assert body["reset"]["cause_words"] == "unknown"
    assert body["heap"].pop("history")[-2:] == [None, 172 * 512]
    assert body["heap"] == {"free": 88340, "largest": 2048, "refused": 4, "sheds": 2}
    assert body["wifi"]["history"][-2:] == [None, -58]
    low = body["supply"]["low"]
    assert len(low) == 60 and low[57:] == [None, 3.28, 3.3] and body["supply"]["tier"] == 2
    assert body["held"] == "the supply is too low"


def test_every_kind_of_error_has_its_name():
    """The names by the numbers of /data.json."""
    names = {
        -1: "parse", -2: "incomplete", -3: "boundary", -4: "header_checksum", -5: "checksum",
        -9: "unknown", -51: "authentication", -52: "decryption", -53: "key",
        89: "not_understood", 90: "silent", 92: "overflow", 98: "defect",
    }  # fmt: skip
    assert {ERRORS[i]: kind for i, kind in health.kinds()} == names


def test_the_newest_fifty_events_have_levels_and_no_secrets():
    made = device(**SECRETS)
    for number in range(80):
        made.log.add("line %d" % number)
    for name, secret in SECRETS.items():
        made.log.warn("%s is %s" % (name[:6], secret))
    made.log.error('quoted " and \\')
    made.storage.data["crash"] = b"1\n0 7 mqtt: OSError: broker secret\n"
    text = "".join(health.get(made, None))
    for secret in SECRETS.values():
        assert secret not in text
    events = json.loads(text)["events"]
    assert len(events) == 50
    assert [event["text"] for event in events[:2]] == ["line 39", "line 40"]
    assert events[-1] == {"s": 90512, "level": "error", "text": 'quoted " and \\'}
    assert events[-2]["level"] == "warning" and events[-2]["text"].endswith(" is ***")


def samples(text):
    """{name with labels: value} of a text in Prometheus' format 0.0.4."""
    found = {}
    types = {}
    assert text.endswith("\n")
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            assert len(line.split(" ", 3)) == 4
        elif line.startswith("# TYPE "):
            name, kind = line.split(" ")[2:]
            assert name not in types and kind == ("counter" if name[-6:] == "_total" else "gauge")
            types[name] = kind
        else:
            key, value = line.rsplit(" ", 1)
            name = key.split("{")[0]
            assert name in types, line  # its TYPE comes first
            assert key not in found
            for letter in name:
                assert letter == "_" or "a" <= letter <= "z", name
            found[key] = float(value)
    return found


def test_metrics():
    made = device(reading(3, **merged(LIST_2, LIST_3)))
    made.system.judge.utc = lambda: 1704447012
    made.energy.currency = "NOK"
    made.energy.set_prices(lambda utc: 741234)
    made.state.note_error(fields.CHECKSUM)
    found = samples("".join(metrics.get(made, None)))
    expected = {
        'han_info{version="v0.1.0",board="Test",meter="6525"}': 1,
        "han_power_import_watts": 2143,
        "han_power_export_watts": 0,
        "han_reactive_export_vars": 187,
        'han_voltage_volts{phase="L1"}': 231.4,
        'han_current_amperes{phase="L3"}': 3.9,
        "han_energy_import_watthours_total": 48211734,
        "han_energy_export_watthours_total": 903120,
        "han_reactive_energy_import_varhours_total": 212408,
        'han_price_import_per_kilowatthour{currency="NOK"}': 0.741234,
        'han_price_export_per_kilowatthour{currency="NOK"}': 0.741234,
        "han_telegram_age_seconds": 1.2,
        "han_telegrams_total": 1,
        "han_frames_total": 12,
        'han_errors_total{kind="checksum"}': 1,
        'han_errors_total{kind="silent"}': 0,
        "han_uptime_seconds": 90512,
        "han_heap_free_bytes": 88340,
        "han_wifi_rssi_dbm": -61,
        "han_supply_volts": 3.287,
        "han_mqtt_connected": 0,
    }
    for key, value in expected.items():
        assert found[key] == value, key
    assert 'han_current_amperes{phase="L2"}' not in found  # the meter does not send it
    assert "han_temperature_celsius" not in found and "han_frequency_hertz" not in found


def test_metrics_leave_out_what_is_not_known():
    made = device()
    made.system.judge.utc = lambda: 0
    made.system.board.rssi_dbm = made.system.board.supply_mv = lambda: 0
    text = "".join(metrics.get(made, None))
    found = samples(text)
    known = {key.split("{")[0] for key in found}
    assert known == {
        "han_info", "han_telegrams_total", "han_frames_total", "han_unknown_lists_total",
        "han_errors_total", "han_uptime_seconds", "han_heap_free_bytes", "han_mqtt_connected",
    }  # fmt: skip
    assert "null" not in text


def test_labels_are_escaped():
    assert metrics.escaped('a"b\\c\nd') == 'a\\"b\\\\c\\nd'
    made = device(reading(1, meter_model='x"y\\'))
    assert 'meter="x\\"y\\\\"} 1\n' in "".join(metrics.get(made, None))


PRIVATE = {
    "wifi_ssid": "Number 7 Oak Street",
    "hostname": "oak-street-7",
    "web_user": "jane.doe",
    "mqtt_user": "jane at broker",
    "mqtt_host": "broker.oak.example",
    "mqtt_client_id": "jane-meter",
}
METER = "7359992890000001"


def test_diagnostics_have_no_secret_and_no_meters_number():
    secrets = merged(SECRETS, {"mqtt_password": 'pass "word" \\', "wifi_psk": "with space"})
    made = device(reading(3, **merged(LIST_2, LIST_3)), **merged(secrets, PRIVATE))
    made.network.wanted = ("Other Network", "other secret")
    made.network.trial = {}
    hidden = list(secrets.values()) + list(PRIVATE.values())
    hidden += [METER, "Other Network", "other secret"]
    for value in hidden:
        made.log.warn("it is %s!" % value)
    made.storage.data["crash"] = b"1\n0 7 mqtt: OSError: jane at broker with space\n"
    made.state.line = "at " + METER
    made.config.faults.append("hostname: oak-street-7 is long")
    text = "".join(diagnostics.get(made, None))
    for value in hidden:
        assert value not in text, value
        assert json.dumps(value)[1:-1] not in text, value
    lines = text.split("\n")
    for name in list(secrets) + list(PRIVATE):
        assert "%s: set" % name in lines, name
    assert text.count("it is ***!") == len(hidden)
    assert lines[0] == "HAN reader v0.1.0 on Test (esp32s2)"
    for line in ("distribution_system: 1", 'mqtt_topic: "ams"', "list: AIDON_V0001",
                 "1.2 s ago, list type 3, maker 1", "model: 6525",
                 "fault: hostname: *** is long"):  # fmt: skip
        assert line in lines, line


def test_diagnostics_of_an_unused_reader():
    made = device()
    made.network.wanted = ("", "")
    made.log.add("begun")
    lines = "".join(diagnostics.get(made, None)).split("\n")
    assert "encryption_key: not set" in lines and "none since start" in lines
    assert lines[-2:] == ["90512 info begun", ""]
    health_line = json.loads(lines[lines.index("Health") + 1])
    assert health_line["uptime"] == 90512 and health_line["events"] == []
