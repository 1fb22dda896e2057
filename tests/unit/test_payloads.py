"""What is published by MQTT, in each payload and generation.

The golden files mqtt_*.txt have all messages of the household of mqtt_examples. EXAMPLES are the
interface description's own, which those files must have too.
"""

import json

import ondemand
from doubles import merged, reading
from frames import NOTIFICATION, aidon_power, frame
from golden import same_as_golden
from han import fields
from mqtt_examples import (
    FOURTH,
    GENERATIONS,
    PAYLOADS,
    SECOND,
    SENSORS,
    THIRD,
    ExamplePrices,
    Line,
    all_messages,
    as_text,
    household,
    published,
)

HEAD = '{"id":"7C:DF:A1:00:1E:4B","name":"amsreader","up":90512,"t":1704447010,"vcc":3.287,"rssi":'
HEAD += '-61,"temp":-127.00,'
EARLIER = HEAD.replace("90512", "88712").replace("1704447010", "1704445210")
PHASES = '"I1":6.20,"I2":0.40,"I3":2.80,"U1":231.40,"U2":229.80,"U3":230.10'
OLD_RUNNING = '"realtime":{"h":0.62,"d":14.1,"t":10,"x":5.20,"he":0.00,"de":0.0}}'
NEW_RUNNING = '"realtime":{"h":0.621,"d":14.08,"m":312.6,"t":10,"x":5.20,"he":0.000,"de":0.00,'
NEW_RUNNING += '"me":11.4,"peaks":[5.87,5.11,4.62]}}'
OLD_METER = '"data":{"lv":"AIDON_V0001","id":"7359992890000001","type":"6525","P":2143,'
NEW_METER = OLD_METER.replace('"id"', '"meterId"')
REACTIVE = '"tQI":212.408,"tQO":5120.900,'
AHEAD = '"min":0.5511,"max":1.2051,"cheapest1hr":"2024-01-05T20:00:00Z","cheapest3hr":"2024-01-05'
AHEAD += 'T18:00:00Z","cheapest6hr":"2024-01-05T09:00:00Z"}}'
HOURS = (
    '"0":0.7421,"1":0.7102,"2":0.6988,"3":0.7344,"4":0.9120,"5":1.1033,"6":1.2051,"7":1.0920,'
    '"8":0.8814,"9":0.7011,"10":0.5920,"11":0.5511,'
) + "".join(['"%d":null,' % hour for hour in range(12, 38)])
# Bodies printed in the interface description, 2.5 to 2.7, by payload and generation.
EXAMPLES = {
    (0, "2.2"): (
        HEAD + '"data":{"P":2143},' + OLD_RUNNING,
        HEAD + OLD_METER + '"Q":0,"PO":0,"QO":187,' + PHASES + "}," + OLD_RUNNING,
        EARLIER + OLD_METER + '"Q":0,"PO":0,"QO":187,' + PHASES
        + ',"tPI":48211.734,"tPO":903.120,' + REACTIVE + '"rtc":1704445205},' + OLD_RUNNING,
        EARLIER + OLD_METER + '"P1":1430.00,"P2":92.00,"P3":621.00,"Q":0,"PO":0,"PO1":0.00,'
        '"PO2":0.00,"PO3":0.00,"QO":187,' + PHASES
        + ',"PF":0.97,"PF1":0.98,"PF2":0.91,"PF3":0.96,"tPI":48211.734,"tPO":903.120,'
        + REACTIVE + '"rtc":1704445205},' + OLD_RUNNING,
        '{"id":"7C:DF:A1:00:1E:4B","prices":{' + HOURS + AHEAD,
        '{"temperatures":{"28FF641E93160342":21.44,"28FF0A4C9316031B":4.81}}',
    ),
    (0, "2.5"): (
        EARLIER + NEW_METER + '"Q":0,"PO":0,"QO":187,' + PHASES
        + ',"tPI":48211.734,"tPIT1":31100.120,"tPIT2":17111.614,"tPO":903.120,"tPOT1":0.000,'
        '"tPOT2":0.000,' + REACTIVE + '"rtc":1704445205},' + NEW_RUNNING,
        EARLIER + NEW_METER + '"P1":1430,"P2":92,"P3":621,"Q":0,"PO":0,"PO1":0,"PO2":0,"PO3":0,'
        '"QO":187,' + PHASES + ',"PF":0.97,"PF1":0.98,"PF2":0.91,"PF3":0.96,"tPI":48211.734,'
        '"tPIT1":31100.120,"tPIT2":17111.614,"tPO":903.120,"tPOT1":0.000,"tPOT2":0.000,'
        + REACTIVE + '"tPI1":20111.000,"tPI2":9000.500,"tPI3":19100.234,"tPO1":300.000,'
        '"tPO2":301.000,"tPO3":302.120,"rtc":1704445205},' + NEW_RUNNING,
    ),
    (6, "2.5"): (
        HEAD + '"P":2143,"rt_h":0.621,"rt_d":14.08,"rt_m":312.6,"rt_t":10,"rt_x":5.20,'
        '"rt_he":0.000,"rt_de":0.00,"rt_me":11.4,"peaks":[5.87,5.11,4.62]}',
    ),
    (3, "2.2"): (
        '{"command":"udevice","idx":41,"nvalue":0,"svalue":"2143.0;48211734.0"}',  # not cut off
        '{"command":"udevice","idx":42,"nvalue":0,"svalue":"231.40"}',
        '{"command":"udevice","idx":45,"nvalue":0,"svalue":"6.2;0.4;2.8"}',
    ),
}  # fmt: skip


def bodies(number, generation):
    found = []
    for _, messages in all_messages(number, generation):
        found += [body for _, _, body in messages]
    return found


def test_each_payload_is_its_golden_file():
    for number, name in PAYLOADS:
        for generation in GENERATIONS:
            same_as_golden("mqtt_%s_%s.txt" % (name, generation), as_text(number, generation))


def test_the_examples_of_the_interface_description():
    for number, generation in EXAMPLES:
        found = bodies(number, generation)
        for example in EXAMPLES[number, generation]:
            assert example in found, (number, generation, example)


def test_each_body_of_json_is_valid():
    count = 0
    for number in (0, 3, 5, 6):
        for generation in GENERATIONS:
            for body in bodies(number, generation):
                assert isinstance(json.loads(body), dict)
                count += 1
    assert count > 60


def test_topics_of_several_topics():
    for generation, firmware in (("2.2", []), ("2.5", ["ams/firmware"])):
        topics = [
            messages[0][0] for _, messages in all_messages(5, generation)
        ]  # fmt: skip
        assert topics == ["ams/list1", "ams/list2", "ams/list3", "ams/list4", "ams/system",
                          "ams/prices", "ams/temperatures"] + firmware + ["ams/event"]  # fmt: skip


def test_only_text_of_their_own_is_retained():
    for number, _ in PAYLOADS:
        for generation in GENERATIONS:
            for _, messages in all_messages(number, generation):
                for topic, flags, _ in messages:
                    assert flags == 0 or (number in (1, 2) and flags == 1), topic


def test_no_topic_no_message():
    for number, name in PAYLOADS:
        app = household(number, mqtt_topic="", domoticz_energy_idx=1)
        app.reader = Line()
        found = [published(app, kind) for kind in range(7)]
        assert found == [[]] * 7 or number == 3, name


def test_no_telegram_no_values():
    for number, name in PAYLOADS:
        app = household(number, domoticz_energy_idx=1)
        app.reader = Line()
        app.state.reading = None
        assert published(app, 0) == [], name


def test_a_list_4_without_counters_leaves_them_out():
    for number in (0, 5, 6):
        app = household(number)
        app.state.reading = reading(4, **merged(SECOND, {"power_import_l1_w": 5}))
        ((_, _, body),) = published(app, 0)
        assert "tPI" not in body and "rtc" not in body and '"P1":5' in body


def test_ids_come_from_an_earlier_telegram():
    app = household(0, "2.5")
    app.state.update(reading(2, power_import_w=1, voltage_l1_mv=230000), 90512000, 1704447012)
    assert '"meterId":"7359992890000001"' in published(app, 0)[0][2]


def test_missing_values_are_zero_in_json_and_left_out_in_raw():
    values = {"power_import_w": 1, "voltage_l1_mv": 230000}
    for number in (0, 2):
        app = household(number)
        app.state.reading = reading(2, **values)
        found = published(app, 0)
        if number:
            topics = [topic for topic, _, _ in found]
            assert "ams/meter/l1/voltage" in topics and "ams/meter/l2/voltage" not in topics
        else:
            assert '"U1":230.00,"U2":0.00,"U3":0.00' in found[0][2]


def test_an_interval_publishes_what_is_known():
    for number in (0, 2, 3):
        app = household(number, list_type=4, mqtt_interval_s=10, domoticz_current_idx=45)
        app.state.update(reading(1, power_import_w=7), app.system.uptime_ms(), 1704445212)
        found = " ".join([body for _, _, body in published(app, 0)])
        if number == 0:
            assert '"P":7,' in found and '"U1":231.40' in found and '"tPI":48211.734' in found
        if number == 2:
            assert "231.40" in found and "48211.734" in found and "1704445205" not in found
        if number == 3:
            assert "6.2;0.4;2.8" in found


def test_sums_that_are_not_certain_are_not_published():
    for number in (0, 1, 2, 5, 6):
        app = household(number)
        app.energy.ready = False
        found = published(app, 0)
        assert found, number
        for topic, _, body in found:
            assert "realtime" not in topic + body and "rt_" not in body


def minimal(app, payload, r, uptime_ms):
    app.state.update(r, uptime_ms, 1704447012)
    return [
        topic[4:]
        for topic, _, _ in payload.messages(app, 0)
        if "realtime" not in topic and "timestamp" not in topic
    ]


def test_raw_minimal_publishes_no_value_twice_in_a_row():

    app = household(1)
    with ondemand.visit("mqtt.payloads.raw") as payload:
        first = minimal(app, payload, reading(2, **SECOND), 90512000)
        assert len(first) == 12 and "meter/id" in first and "meter/import/active" in first
        assert minimal(app, payload, reading(2, **SECOND), 90512100) == []
        changed = merged(SECOND, {"power_import_w": 5, "voltage_l2_mv": 1})
        assert minimal(app, payload, reading(2, **changed), 90512200) == [
            "meter/import/active", "meter/l2/voltage",
        ]  # fmt: skip
        third = minimal(app, payload, reading(3, **merged(changed, THIRD)), 90512300)
        registers = "import/active export/active import/reactive export/reactive".split()
        expected = ["meter/id", "meter/type"]
        expected += ["meter/%s/accumulated" % name for name in registers]
        assert sorted(third) == sorted(expected + ["meter/clock"])
        assert minimal(app, payload, reading(1, power_import_w=5), 90512400) == []
        fourth = reading(4, **merged(changed, FOURTH))
        assert len(minimal(app, payload, fourth, 90512500)) == 10 + 2  # id and type


def test_raw_full_publishes_each_value_each_time():
    app = household(2, list_type=4)
    assert published(app, 0) == published(app, 0)
    assert len(published(app, 0)) > 30


def test_what_raw_leaves_out():
    app = household(2)
    app.system.board.supply_mv = lambda: 0
    topics = [topic for topic, _, _ in published(app, 1)]
    assert topics == ["ams/id", "ams/uptime", "ams/mem", "ams/rssi"]
    app.system.temperature_cdeg = -450
    assert published(app, 1)[-1] == ("ams/temperature", 0, "-4.50")
    app.system.temperatures = ((SENSORS[0][0], -12700), SENSORS[1])
    assert published(app, 3) == [("ams/temperature/28FF0A4C9316031B", 0, "4.81")]


def test_json_publishes_temperatures_of_two_sensors_or_more():
    for sensors, count in (((), 0), (SENSORS[:1], 0), (SENSORS, 1)):
        app = household(0)
        app.system.temperatures = sensors
        assert len(published(app, 3)) == count
    app.system.temperatures = ((SENSORS[0][0], -12700), SENSORS[1])
    assert published(app, 3)[0][2] == '{"temperatures":{"28FF0A4C9316031B":4.81}}'


def test_no_prices_no_message():
    for number in (0, 1, 2, 5, 6):
        app = household(number)
        app.prices = ExamplePrices(0)  # of another year
        assert published(app, 2) == []


def test_prices_of_quarter_hours():
    # From 09:00 UTC; the running one is the third: 0.20 0.30 | 0.40 0.50 0.60 0.70 | 0.80
    prices = [micro * 10000 for micro in (10, 10, 20, 30, 40, 50, 60, 70, 80)]
    found = {}
    for number, generation in ((0, "2.2"), (0, "2.5"), (2, "2.5")):
        app = household(number, generation)
        app.prices = ExamplePrices(1704445200, 900, prices)
        found[number, generation] = published(app, 2)
    old = json.loads(found[0, "2.2"][0][2])["prices"]
    # Means: (10 + 10 + 20 + 30) / 4, (40 + 50 + 60 + 70) / 4, and of one known quarter.
    assert old["0"] == 0.175 and old["1"] == 0.55 and old["2"] == 0.8 and old["3"] is None
    assert (old["min"], old["max"]) == (0.175, 0.8)
    assert old["cheapest1hr"] == "2024-01-05T09:00:00Z" and old["cheapest6hr"] == ""
    new = json.loads(found[0, "2.5"][0][2])["prices"]
    assert new["import"] == [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] and "export" not in new
    assert new["cheapest1hr"] == "2024-01-05T09:30:00Z" and new["cheapest3hr"] is None
    raw = {topic: body for topic, _, body in found[2, "2.5"]}
    assert raw["ams/price/resolution"] == "15" and raw["ams/price/import/0"] == "0.2000"
    assert raw["ams/price/import/6"] == "0.8000" and raw["ams/price/import/7"] == ""
    assert raw["ams/price/cheapest/1hr"] == "2024-01-05T09:30:00Z"
    assert raw["ams/price/cheapest/3hr"] == "" and raw["ams/price/max"] == "0.8000"


def test_negative_prices_and_prices_of_export():
    app = household(0, "2.5", export_price="spot")
    app.prices = ExamplePrices(1704445200, 3600, (-50, 0, 1250000), 50000)
    assert '"export"' not in published(app, 2)[0][2]  # nothing was ever exported
    app.state.update(reading(3, energy_export_wh=1), app.system.uptime_ms(), 1704447012)
    found = json.loads(published(app, 2)[0][2])["prices"]
    # -0.00005 is half of the last decimal, and rounded away from zero
    assert found["import"] == [-0.0001, 0, 1.25] and found["export"] == [0.05, 0.05, 1.3]


def test_price_rules_may_make_another_price_of_export():
    app = household(0, "2.5", price_rules='"grid" import add 0.4')
    app.prices = ExamplePrices(1704445200, 3600, (500000, 600000), -400000)
    app.state.update(reading(3, energy_export_wh=1), app.system.uptime_ms(), 1704447012)
    found = json.loads(published(app, 2)[0][2])["prices"]
    assert found["import"] == [0.5, 0.6] and found["export"] == [0.1, 0.2]


def test_the_last_raw_price_of_two_days_is_empty():
    app = household(2, "2.5")
    topics = [topic for topic, _, body in published(app, 2) if "import/" in topic and not body]
    assert topics[0] == "ams/price/import/12" and topics[-1] == "ams/price/import/47"


def test_hexadecimal_digits_of_a_telegram_and_of_a_damaged_frame():

    app = household(255)
    app.reader = Line()
    sink = app.reader.stream.sink
    good = aidon_power(2143)
    # Without its frame and LLC header: the list of one register, in Aidon's A-XDR
    text = "0F4000000000" + "01010203090601000107" + "00FF060000085F02020F00161B"
    assert published(app, 0, good) == [("ams", 0, text)]
    assert published(app, 0) == [] and app.reader.stream.sink is sink
    assert len(sink.readings) == 1 and not app.system.mqtt_due & 1
    damaged = bytearray(good)
    damaged[20] ^= 0x10
    shown = "".join(["%02X" % octet for octet in damaged])
    assert published(app, 0, damaged) == [("ams", 0, shown)]
    assert app.system.mqtt_due & 1 and len(sink.errors) == 1
    unknown = frame(NOTIFICATION + b"\x02\x01\x0a\x01\x41")
    assert published(app, 0, unknown) == []


def test_frames_as_they_came_are_published_by_the_verbose_level():
    app = household(255, debug_level=1)
    app.reader = Line()
    good = aidon_power(2143)
    raw = "".join(["%02X" % octet for octet in good])
    text = "0F400000000001010203090601000107" + "00FF060000085F02020F00161B"
    assert published(app, 0, good) == [("ams", 0, raw), ("ams", 0, text)]
    assert app.reader.taps == () and published(app, 0) == []
    damaged = bytearray(good)
    damaged[20] ^= 0x10
    shown = "".join(["%02X" % octet for octet in damaged])
    assert published(app, 0, damaged) == [("ams", 0, shown)]


def test_each_row_has_its_field():
    app = household(2, "2.5")
    numbered = reading(4)
    for field in range(fields.POWER_IMPORT_W, fields.FREQUENCY_MHZ):
        numbered.values[field] = 1000 * field
    app.state.reading = numbered
    raw = {topic[10:]: int(body.split(".")[0]) for topic, _, body in published(app, 0)[1:37]}
    for phase in range(3):
        name = "l%d" % (phase + 1)
        for way, power, energy in (
            ("import/", fields.POWER_IMPORT_L1_W, fields.ENERGY_IMPORT_L1_WH),
            ("export/", fields.POWER_EXPORT_L1_W, fields.ENERGY_EXPORT_L1_WH),
        ):
            assert raw[way + name] == 1000 * (power + phase)
            assert raw[way + name + "/accumulated"] == energy + phase
        assert raw[name + "/current"] == fields.CURRENT_L1_MA + phase
        assert raw[name + "/voltage"] == fields.VOLTAGE_L1_MV + phase
        assert raw[name + "/powerfactor"] == fields.POWER_FACTOR_L1_PERMILLE + phase
    for tariff in range(2):
        name = "/active/accumulated/tariff%d" % (tariff + 1)
        assert raw["import" + name] == fields.ENERGY_IMPORT_T1_WH + tariff
        assert raw["export" + name] == fields.ENERGY_EXPORT_T1_WH + tariff
    app = household(0, "2.5")
    app.state.reading = numbered
    found = json.loads(published(app, 0)[0][2])["data"]
    assert [found["tPOT1"], found["tPOT2"], found["tPIT1"]] == [
        fields.ENERGY_EXPORT_T1_WH, fields.ENERGY_EXPORT_T2_WH, fields.ENERGY_IMPORT_T1_WH,
    ]  # fmt: skip


def test_p1_text_is_published_only_by_the_verbose_level():
    for line in (b"", b"0-0:96.13.0(\xc9)\r\n"):  # an octet that is no ASCII is Latin-1
        text = b"/ABC5TEST-1\r\n\r\n" + line + b"1-0:1.7.0(0001.234*kW)\r\n!"
        shown = text.replace(b"\xc9", b"\xc3\x89").decode()
        crc = 0  # CRC-16/ARC over the text
        for octet in text:
            crc ^= octet
            for _ in range(8):
                crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
        telegram = text + b"%04X\r\n" % crc
        for level, expected in ((3, []), (1, [("ams", 0, shown)])):
            app = household(255, debug_level=level)
            app.reader = Line()
            assert published(app, 0, telegram) == expected
            assert len(app.reader.stream.sink.readings) == 1
