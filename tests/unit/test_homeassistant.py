"""The payloads of Home Assistant. Bodies and examples are those of the interface description."""

import json

import ondemand
from files import FilesDouble
from golden import same_as_golden
from ha_entities import NEWER, PRICES_2_2, TABLE, WITHOUT_STATE_CLASS, entities
from han import fields
from han.fields import Reading
from mqtt_examples import SENSORS, TELEGRAMS, household

CLASSIC, DEVICE = 4, 104
TELEGRAM, SYSTEM, PRICES, TEMPERATURES, FIRMWARE, EVENTS, ANNOUNCE = range(7)


def copied(reading):
    """A telegram that a test may change."""
    copy = Reading()
    copy.values = list(reading.values)
    copy.list_type, copy.vendor = reading.list_type, reading.vendor
    return copy


class Reader:
    """A household whose payload stays loaded, as while a connection lasts."""

    def __init__(self, number=CLASSIC, generation="2.2", list_type=2, **settings):
        self.app = household(number, generation, list_type, **settings)
        self.app.storage = FilesDouble()
        self.app.state.reading = copied(self.app.state.reading)
        self.app.energy.currency = "NOK"
        self.app.system.temperatures = list(SENSORS)
        self.visit = ondemand.visit("mqtt.payloads.homeassistant")

    def __enter__(self):
        self.payload = self.visit.open()
        return self

    def __exit__(self, *_):
        self.visit.close()

    def again(self):
        """A new connection."""
        self.visit.close()
        self.payload = self.visit.open()

    def telegram(self, reading):
        app = self.app
        app.state.update(reading, app.system.uptime_ms(), app.state.reading_unix)
        return self.messages(TELEGRAM)

    def messages(self, *kinds):
        """[(topic, flags, body)] of these kinds."""
        found = []
        for kind in kinds:
            for topic, parts, flags in self.payload.messages(self.app, kind):
                body = "".join(parts)
                assert len(body.encode()) == getattr(parts, "size", len(body.encode()))
                found.append((topic, flags, body))
        return found

    def data(self, *kinds):
        """{topic: body} of these kinds, without announcements."""
        return {t: body for t, _, body in self.messages(*kinds) if t[-7:] != "/config"}

    def announced(self, *kinds):
        """{topic: body} of the announcements of these kinds."""
        return {t: body for t, _, body in self.messages(*kinds) if t[-7:] == "/config"}

    def device(self):
        """The components of the device's newest announcement."""
        return json.loads(self.messages(ANNOUNCE)[-1][2])["cmps"]


def test_bodies_of_2_2_and_2_5():
    for generation in ("2.2", "2.5"):
        name = generation.replace(".", "_")
        for list_type in (1, 2, 3, 4):
            with Reader(CLASSIC, generation, list_type) as reader:
                data = reader.data(TELEGRAM, SYSTEM, PRICES, TEMPERATURES)
                if (list_type, generation) not in ((2, "2.5"), (3, "2.2"), (3, "2.5")):
                    same_as_golden(
                        "ha_power_list%d_%s.json" % (list_type, name), data["ams/power"]
                    )
                assert ("ams/energy" in data) == (list_type > 2)
                if list_type > 2:
                    same_as_golden("ha_energy_%s.json" % name, data["ams/energy"])
                if list_type < 3:
                    same_as_golden("ha_realtime_%s.json" % name, data["ams/realtime"])
                    same_as_golden("ha_state_%s.json" % name, data["ams/state"])
                    same_as_golden("ha_prices_%s.json" % name, data["ams/prices"])
                    same_as_golden("ha_temperatures_%s.json" % name, data["ams/temperatures"])
        # List 3 has the members of list 2.
        with Reader(CLASSIC, "2.2", 3) as reader:
            same_as_golden("ha_power_list2_2_2.json", reader.data(TELEGRAM)["ams/power"])


def test_only_prices_are_retained_with_payload_4():
    with Reader(CLASSIC, "2.5", 4) as reader:
        for topic, flags, _ in reader.messages(0, 1, 2, 3, 4):
            assert flags == int(topic[-7:] in ("/config", "/prices")), topic


def test_the_steps_of_2_5_come_once_an_hour():
    with Reader(CLASSIC, "2.5") as reader:
        assert "thresholds" in reader.data(TELEGRAM)["ams/realtime"]
        assert "thresholds" not in reader.data(TELEGRAM)["ams/realtime"]


def test_the_examples_of_discovery():
    for generation, host in (("2.2", "ams-1e4b"), ("2.5", "ams-001e4b")):
        with Reader(CLASSIC, generation, 1, hostname=host, ha_tag="garage") as reader:
            reader.app.system.board.name = "Pow-U+"
            found = reader.announced(TELEGRAM)
            body = found["homeassistant/sensor/%s_P/config" % host]
            same_as_golden("ha_discovery_%s.json" % generation.replace(".", "_"), body)


def uid(path):
    """The part of the id: the path without . [ ] '; 2.5 keeps prices<n> of 2.2."""
    path = path.replace("prices.import", "prices").replace("prices.export", "exportprices")
    return "".join([c for c in path if c not in ".[]'"])


def check_entity(found, row, newer):
    _, name, topic, path, unit, device_class, state_class, seconds = row
    unique = "ams-4b1e_" + uid(path)
    body = json.loads(found["homeassistant/sensor/%s/config" % unique])
    if newer and name in WITHOUT_STATE_CLASS:
        state_class = ""
    assert body["name"] == name and body["stat_t"] == "ams" + topic
    assert body["uniq_id"] == unique
    assert body["val_tpl"] == "{{ value_json.%s | is_defined }}" % path
    assert body["expire_after"] == seconds, name
    assert body.get("dev_cla", "") == device_class and body.get("stat_cla", "") == state_class
    assert body["dev"]["ids"] == ["ams-4b1e"] and body["dev"]["name"] == "AMS reader"
    if newer:
        assert body["default_entity_id"] == "sensor." + unique and "obj_id" not in body
        assert body.get("unit_of_meas", "") == unit and body.get("unit_of_meas") != ""
    else:
        assert body["obj_id"] == unique and body["unit_of_meas"] == unit


def exporting(app):
    """A telegram of list 4 with export on every phase."""
    values = app.state.reading.values
    for field in (fields.POWER_EXPORT_W, 28, 29, 30):
        values[field] = 100
    return app.state.reading


def test_every_entity_of_the_description():
    for generation, more in (("2.2", PRICES_2_2), ("2.5", NEWER)):
        with Reader(CLASSIC, generation, 4) as reader:
            reader.app.system.temperature_cdeg = 2144
            exporting(reader.app)
            found = reader.announced(TELEGRAM, SYSTEM, PRICES, TEMPERATURES)
            rows = entities(TABLE) + entities(more)
            for row in rows:
                check_entity(found, row, generation == "2.5")
            firmware = "homeassistant/update/ams-4b1e/config"
            assert (firmware in found) == (generation == "2.5")
            # Not in the table: 8 or 9 of the 12 prices; by 2.5 also 7 of 9 steps, the firmware.
            left_out = 8 if generation == "2.2" else 9 + 7 + 1
            assert len(found) == len(rows) + left_out, sorted(found)
            assert reader.announced(TELEGRAM, SYSTEM, PRICES, TEMPERATURES) == {}


def test_groups_are_announced_with_their_first_values():
    with Reader(CLASSIC, "2.2", 1) as reader:
        reader.app.energy.ready = False

        def ids(messages):
            prefix = "homeassistant/sensor/ams-4b1e_"
            return {t[len(prefix) : -7] for t, _, _ in messages if t[-7:] == "/config"}

        assert ids(reader.messages(TELEGRAM)) == {"P"}
        assert ids(reader.messages(TELEGRAM)) == set()
        assert ids(reader.telegram(TELEGRAMS[1])) == {
            "Q",
            "QO",
            "I1",
            "I2",
            "I3",
            "U1",
            "U2",
            "U3",
        }
        messages = reader.telegram(TELEGRAMS[2])
        assert ids(messages) == {"tPI", "tQI", "tQO", "tPO"}
        topics = [t for t, _, _ in messages]
        assert topics.index("ams/energy") > topics.index(
            "homeassistant/sensor/ams-4b1e_tPI/config"
        )
        assert topics.index("ams/power") > topics.index("ams/energy")
        assert ids(reader.messages(SYSTEM)) == {"rssi", "vcc"}
        # Home Assistant has started again: everything that was announced is.
        again = ids(reader.messages(ANNOUNCE))
        assert {"P", "U1", "tPI", "tPO", "rssi"} <= again and "PO" not in again
        reader.again()
        assert ids(reader.messages(ANNOUNCE)) == set() and "P" in ids(reader.messages(TELEGRAM))


def test_money_needs_a_currency():
    with Reader(CLASSIC, "2.2", 2) as reader:
        reader.app.energy.currency = ""
        found = reader.announced(TELEGRAM, PRICES)
        assert not [topic for topic in found if "cost" in topic or "price" in topic]
        assert "homeassistant/sensor/ams-4b1e_houruse/config" in found


def test_payload_4_waits_for_the_clock():
    with Reader(CLASSIC) as reader:
        reader.app.system.utc = lambda: 0
        assert reader.messages(0, 1, 2, 3, 4, 5, 6) == []
    with Reader(DEVICE) as reader:
        reader.app.system.utc = lambda: 0
        topics = [topic for topic, _, _ in reader.messages(0, 1, 2)]
        assert "ams/power" in topics and "ams/realtime" not in topics
        assert "ams/prices" not in topics


def test_nothing_without_a_topic():
    for number in (CLASSIC, DEVICE):
        with Reader(number, mqtt_topic="") as reader:
            assert reader.messages(0, 1, 2, 3, 4, 5, 6) == []


def test_missing_values_are_left_out():
    with Reader(CLASSIC, "2.5", 4) as reader:
        values = reader.app.state.reading.values
        values[15] = values[21] = values[18] = None  # current of L2, power factor, export register
        power, energy = [
            json.loads(reader.data(TELEGRAM)["ams/" + t]) for t in ("power", "energy")
        ]
        assert "I2" not in power and "PF" not in power and power["PF1"] == 98
        assert "tPO" not in energy and energy["tPI"] == 48211.734
    with Reader(CLASSIC, "2.2", 4) as reader:
        reader.app.state.reading.values[21] = 0
        power = json.loads(reader.data(TELEGRAM)["ams/power"])
        assert [power[key] for key in ("PF", "PF1", "PF2", "PF3")] == [1, 1, 1, 1]
    with Reader(CLASSIC, "2.2", 1) as reader:
        reader.app.state.reading.values[7] = None
        assert reader.data(TELEGRAM)["ams/power"] == "{}"


def test_totals_do_not_step_back():
    with Reader(CLASSIC, "2.2", 3) as reader:
        values = reader.app.state.reading.values
        assert "ams/energy" in reader.data(TELEGRAM)
        values[17] = 48211000
        assert "ams/energy" not in reader.data(TELEGRAM)
        values[17] = 48211900
        assert '"tPI":48211.900' in reader.data(TELEGRAM)["ams/energy"]
        values[18] = 5
        assert "ams/energy" not in reader.data(TELEGRAM)
        # The next list has it too: the register is lower, as of another meter.
        assert '"tPO":0.005' in reader.data(TELEGRAM)["ams/energy"]
        reader.app.state.repeated = True
        assert "ams/energy" not in reader.data(TELEGRAM)


def test_a_cost_without_a_price_is_null():
    with Reader(CLASSIC) as reader:
        energy = reader.app.energy
        energy.running = lambda now: [[621, 0, 0, 0, 0, 0] for _ in range(5)]
        hour = json.loads(reader.data(TELEGRAM)["ams/realtime"])["hour"]
        assert hour == {"use": 0.62, "cost": None, "produced": 0, "income": 0}


def test_prefix_page_and_names_are_quoted():
    quoted = {"ha_prefix": "ha/", "ha_host": 'http://a"b/', "ha_tag": 'a"b', "mqtt_topic": 't"'}
    for number in (CLASSIC, DEVICE):
        with Reader(number, "2.2", 1, **quoted) as reader:
            reader.app.energy.currency = 'K"'
            found = reader.announced(TELEGRAM, SYSTEM, PRICES, ANNOUNCE)
            bodies = [json.loads(body) for body in found.values()]
            assert bodies and bodies[0]["dev"]["cu"] == 'http://a"b/'
            assert [topic for topic in found if not topic.startswith("ha/")] == []


def test_more_prices_are_announced_when_they_are_known():
    with Reader(CLASSIC, "2.2") as reader:
        prices = reader.app.prices
        whole, prices._prices = prices._prices, prices._prices[:3]
        first = reader.announced(PRICES)
        assert "homeassistant/sensor/ams-4b1e_prices2/config" in first
        assert "homeassistant/sensor/ams-4b1e_prices3/config" not in first
        assert reader.announced(PRICES) == {}
        prices._prices = whole
        assert "homeassistant/sensor/ams-4b1e_prices11/config" in reader.announced(PRICES)


def test_quarters_have_prices_of_minutes():
    with Reader(CLASSIC, "2.5") as reader:
        prices = reader.app.prices
        prices._begin, prices._step_s = 1704447000, 900  # 09:30 UTC
        found = reader.announced(PRICES)
        body = json.loads(found["homeassistant/sensor/ams-4b1e_prices1/config"])
        assert body["name"] == "Import price in 015 minutes" and body["expire_after"] == 1200
        assert "value_json.prices.import[1]" in body["val_tpl"]


# Payload 104.


def test_the_device_is_one_message():
    with Reader(DEVICE, "2.2", 4, production_kwp=5) as reader:
        (message,) = reader.messages(ANNOUNCE)
        topic, flags, body = message
        assert topic == "homeassistant/device/ams-7cdfa1001e4b/config" and flags == 1
        document = json.loads(body)
        assert document["dev"]["ids"] == ["ams-7cdfa1001e4b"]
        assert document["dev"]["cns"] == [["mac", "7c:df:a1:00:1e:4b"]]
        assert document["o"]["name"] == "HAN reader" and document["o"]["sw"] == "v0.1.0"
        assert document["avty"] == [{"t": "ams/status"}, {"t": "ams/meter"}]
        assert document["avty_mode"] == "all"
        cmps = document["cmps"]
        for of in cmps:
            entity = cmps[of]
            assert entity["uniq_id"] == "ams-7cdfa1001e4b_" + of and entity["name"]
            assert entity.get("stat_t", "ams/").startswith("ams/")
            # The meter's silence concerns values of the meter alone.
            of_meter = entity.get("stat_t") in ("ams/power", "ams/energy", "ams/realtime")
            assert entity.get("avty") == (None if of_meter else [{"t": "ams/status"}])
        platforms = {of: cmps[of]["p"] for of in cmps if cmps[of]["p"] != "sensor"}
        assert platforms == {
            "problem": "binary_sensor", "cheap": "binary_sensor", "event": "event",
            "fwupgrade": "update", "restart": "button", "announce": "button",
        }  # fmt: skip
        assert cmps["restart"]["cmd_t"] == "ams/command" and cmps["restart"]["pl_prs"] == "restart"
        assert cmps["prices0"]["json_attr_t"] == "ams/prices"
        assert cmps["daycost"]["lrst_val_tpl"] == "{{ value_json.reset.day }}"
        assert "meter_silent" in cmps["event"]["evt_typ"]


def test_the_entities_of_payload_4_keep_their_ids():
    with Reader(CLASSIC, "2.5", 4, production_kwp=5) as reader:
        reader.messages(TELEGRAM, SYSTEM)
        reader.app.config.mqtt_payload = DEVICE
        stale(reader)
        reader.again()
        reader.app.system.temperature_cdeg = 2144
        cmps = reader.device()
        for _, _, topic, path, unit, _, _, _ in entities(TABLE):
            if "prices." not in path:
                entity = cmps[uid(path)]
                assert entity["uniq_id"] == "ams-4b1e_" + uid(path)
                assert entity["stat_t"] == "ams" + topic and entity.get("unit_of_meas", "") == unit
                assert "value_json." + path in entity["val_tpl"]


def test_paths_lead_to_values():
    """Every template's path is in the body of its topic."""
    with Reader(DEVICE, "2.2", 4, production_kwp=5) as reader:
        bodies = reader.data(TELEGRAM, SYSTEM, PRICES, TEMPERATURES, FIRMWARE)
        cmps = reader.device()
        for of in cmps:
            template = cmps[of].get("val_tpl", "")
            if template:
                value = json.loads(bodies[cmps[of]["stat_t"]])
                path = template.split("value_json.")[1].split(" ")[0].split(",")[0]
                for part in path.replace("['", ".").replace("']", "").replace("[", ".").split("."):
                    part = part.rstrip("]")
                    value = value[int(part)] if isinstance(value, list) else value[part]
                assert value is not None, of
        assert json.loads(bodies["ams/realtime"])["reset"] == {
            "hour": "2024-01-05T09:00:00Z", "day": "2024-01-04T23:00:00Z",
            "month": "2023-12-31T23:00:00Z",
        }  # fmt: skip


def test_entities_are_those_of_the_meter():
    with Reader(DEVICE, "2.2", 1) as reader:
        reader.app.system.supply_mv = lambda: 0
        reader.app.energy.currency = ""
        reader.app.system.temperatures = ()
        cmps = reader.device()
        assert "P" in cmps and not {"U1", "tPI", "PO", "vcc", "daycost", "cheap"} & set(cmps)
        reader.messages(TELEGRAM)
        reader.app.system.mqtt_due = 0
        reader.telegram(TELEGRAMS[2])
        assert reader.app.system.mqtt_due == 1 << ANNOUNCE
        cmps = reader.device()
        assert {"U1", "tPI", "PO"} <= set(cmps) and "P1" not in cmps
    # It knows them after a restart, before the meter has sent them.
    with Reader(DEVICE, "2.2", 1) as later:
        later.app.storage = reader.app.storage
        assert {"U1", "tPI", "PO"} <= set(later.device())


def test_entities_go_with_their_setting():
    with Reader(DEVICE, "2.2", 2) as reader:
        assert {"daycost", "restart"} <= set(reader.device())
        reader.app.config.mqtt_subscribe = "off"
        reader.app.energy.currency = ""
        first, second = reader.messages(ANNOUNCE)
        cmps = json.loads(first[2])["cmps"]
        assert cmps["daycost"] == {"p": "sensor"} and cmps["restart"] == {"p": "button"}
        assert cmps["cheap"] == {"p": "binary_sensor"} and "name" in cmps["P"]
        cmps = json.loads(second[2])["cmps"]
        assert "daycost" not in cmps and "P" in cmps
        assert len(reader.messages(ANNOUNCE)) == 1


def test_another_meter_has_time_to_send_its_values():
    with Reader(DEVICE, "2.2", 3) as reader:
        assert "tPI" in reader.device()
        storage = reader.app.storage
    with Reader(DEVICE, "2.2", 2) as reader:
        reader.app.storage = storage
        reader.app.state.values[1] = "another"
        reader.app.system.uptime_s = lambda: 100
        assert "tPI" in reader.device()
        reader.app.system.uptime_s = lambda: 4001
        reader.app.system.mqtt_due = 0
        storage.write_json("ha.json", dict(storage.read_json("ha.json"), meter="first"))
        reader.messages(SYSTEM)
        assert reader.app.system.mqtt_due >> ANNOUNCE & 1
        first, second = reader.messages(ANNOUNCE)
        assert json.loads(first[2])["cmps"]["tPI"] == {"p": "sensor"}
        assert "tPI" not in json.loads(second[2])["cmps"]
        reader.app.system.mqtt_due = 0
        reader.messages(SYSTEM)
        assert not reader.app.system.mqtt_due


def test_events_and_the_meters_silence():
    with Reader(DEVICE) as reader:
        system = reader.app.system
        assert reader.data(SYSTEM)["ams/meter"] == "online"
        system.alarms = system.alarms_changed = 1
        messages = reader.messages(EVENTS)
        assert messages == [
            ("ams/meter", 1, "offline"), ("ams/event", 0, '{"event_type":"meter_silent"}'),
        ]  # fmt: skip
        assert system.mqtt_due >> SYSTEM & 1
        assert json.loads(reader.data(SYSTEM)["ams/state"])["problem"] is True
        system.mqtt_due = 0
        assert reader.data(TELEGRAM)["ams/meter"] == "online"  # the telegram that ends it
        assert system.mqtt_due >> SYSTEM & 1
        assert "ams/meter" not in reader.data(TELEGRAM)
        system.alarms, system.alarms_changed = 0, 1
        assert reader.messages(EVENTS)[-1][2] == '{"event_type":"meter_silent_end"}'
        assert reader.messages(EVENTS) == []


def test_prices_of_the_device():
    with Reader(DEVICE) as reader:
        body = json.loads(reader.data(PRICES)["ams/prices"])
        assert body["price"] == 0.7421 and body["currency"] == "NOK" and body["export"] is None
        # 09:30: the six cheapest hours from now on begin at 09:30, the three at 18:00.
        assert body["cheapest1hr"] == "2024-01-05T20:00:00Z"
        assert body["cheapest3hr"] == "2024-01-05T18:00:00Z"
        assert body["min"] == 0.5511 and body["max"] == 1.2051
        assert body["start"] == "2024-01-05T09:00:00Z" and body["resolution"] == 60
        assert body["import"][:3] == [0.7421, 0.7102, 0.6988] and len(body["import"]) == 12
        prices = reader.app.prices
        prices._step_s, prices._begin = 900, 1704447000
        body = json.loads(reader.data(PRICES)["ams/prices"])
        assert body["start"] == "2024-01-05T09:30:00Z" and body["resolution"] == 15
        assert len(body["import"]) == 12


def test_an_unknown_price_takes_the_place_of_the_retained_one():
    with Reader(DEVICE) as reader:
        reader.app.prices._prices = ()
        (topic, flags, text), = reader.messages(PRICES)  # fmt: skip
        body = json.loads(text)
        assert (topic, flags) == ("ams/prices", 1)
        assert body["price"] is body["cheap"] is body["level"] is body["min"] is None
        assert body["import"] == [] and body["cheapest1hr"] is None
        reader.app.energy.currency = ""  # there is no entity of prices
        assert reader.messages(PRICES) == []
    with Reader(CLASSIC) as reader:  # its entities expire
        reader.app.prices._prices = ()
        assert reader.messages(PRICES) == []


def test_nothing_between_a_change_of_the_payload_and_the_next_connection():
    for number, other in ((CLASSIC, DEVICE), (DEVICE, 0)):
        with Reader(number) as reader:
            assert reader.messages(TELEGRAM, SYSTEM, PRICES)
            reader.app.config.mqtt_payload = other
            assert reader.messages(0, 1, 2, 3, 4, 5, 6) == []
    with Reader(DEVICE) as reader:
        reader.device()
        reader.app.energy.currency = ""
        messages = reader.payload.messages(reader.app, ANNOUNCE)
        next(messages)  # the one that removes entities
        reader.app.config.mqtt_payload = 0
        assert list(messages) == []
        assert "daycost" in reader.app.storage.read_json("ha.json")["ids"]


# What is stale.


def stale(reader):
    with ondemand.visit("mqtt.payloads.ha_stale") as module:
        return [(t, "".join(parts), flags) for t, parts, flags in module.messages(reader.app)]


def test_from_payload_4_to_104_and_back():
    with Reader(CLASSIC, "2.2", 1) as reader:
        assert stale(reader) == []
        reader.messages(TELEGRAM, SYSTEM)
        assert stale(reader) == []
        ids = reader.app.storage.read_json("ha.json")["ids"].split()
        topics = ["homeassistant/sensor/ams-4b1e_%s/config" % of for of in ids]
        reader.app.config.mqtt_payload = DEVICE
        gone = stale(reader)
        migrate = '{"migrate_discovery":true}'
        assert gone == [(t, migrate, 0) for t in topics] + [(t, "", 1) for t in topics]
        assert stale(reader) == []
        reader.again()
        reader.device()
        reader.app.config.mqtt_payload = CLASSIC
        topic = "homeassistant/device/ams-4b1e/config"
        assert stale(reader) == [(topic, migrate, 0), (topic, "", 1)]


def test_another_place_or_payload_takes_all_back():
    for change, value in (("ha_prefix", "other"), ("hostname", "new"), ("mqtt_payload", 0)):
        with Reader(CLASSIC, "2.5", 1) as reader:
            reader.messages(TELEGRAM, SYSTEM)
            reader.app.config.put(change, value)
            gone = stale(reader)
            assert gone and [m for m in gone if m[1:] != ("", 1)] == []
            assert ("homeassistant/sensor/ams-4b1e_P/config", "", 1) in gone
            assert ("homeassistant/update/ams-4b1e/config", "", 1) in gone
            assert stale(reader) == []


def test_money_goes_with_the_currency():
    with Reader(CLASSIC, "2.2", 2) as reader:
        reader.messages(TELEGRAM, PRICES)
        reader.app.energy.currency = ""
        gone = [topic for topic, _, _ in stale(reader)]
        assert "homeassistant/sensor/ams-4b1e_daycost/config" in gone
        assert "homeassistant/sensor/ams-4b1e_prices3/config" in gone
        assert "homeassistant/sensor/ams-4b1e_dayuse/config" not in gone
        assert stale(reader) == []


def test_a_damaged_record_is_none():
    with Reader(CLASSIC, "2.2", 1) as reader:
        for record in (
            {},
            {"form": 4},
            {"form": 4, "prefix": 1, "host": "", "ids": [], "meter": 0},
        ):
            reader.app.storage.write_json("ha.json", record)
            assert stale(reader) == []


def told(reader, topic, payload, retained=0):
    """What a command answers; the reader's log is in reader.app.log.lines."""
    with ondemand.visit("mqtt.commands") as commands:
        return list(commands.take(reader.app, topic, payload, retained))


class LogDouble:
    def __init__(self):
        self.lines = []

    def add(self, text):
        self.lines.append(text)

    warn = add


def test_the_birth_message_and_the_buttons():
    for number in (CLASSIC, DEVICE, 0):
        with Reader(number, ha_prefix="ha") as reader:
            app = reader.app
            app.log, restarts = LogDouble(), []
            app.restart = restarts.append
            app.system.mqtt_due = 0
            with ondemand.visit("mqtt.commands") as commands:
                filters = commands.filters(app)
            assert filters == ["ams/command"] + (["ha/status"] if number else [])
            told(reader, b"ha/status", b"offline")
            assert app.system.mqtt_due == 0
            told(reader, b"ha/status", b"online")
            assert app.system.mqtt_due == (1 << ANNOUNCE if number else 0)
            app.system.mqtt_due = 0
            told(reader, b"ams/command", b"announce")
            assert app.system.mqtt_due == (1 << ANNOUNCE if number == DEVICE else 0)
            app.system.uptime_s = lambda: 59
            told(reader, b"ams/command", b"restart")
            assert restarts == []
            app.system.uptime_s = lambda: 60
            told(reader, b"ams/command", b"restart", 1)
            assert restarts == []
            told(reader, b"ams/command", b"restart")
            assert restarts == ([3] if number == DEVICE else [])
