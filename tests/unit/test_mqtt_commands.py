"""What comes on the topic of commands, and what is answered."""

import json

from doubles import BoardDouble
from energy.blocks import Block
from files import FilesDouble
from log import Log
from mqtt_examples import household
from ondemand import visit
from prices.store import Prices
from system import System

PUSHED = (
    b'{"start":"2024-01-05T10:00:00+01:00","resolution":60,"currency":"NOK","prices":[0.5,1.25]}'
)


def reader(**settings):
    app = household(**settings)
    app.log = Log(lambda: 0)
    app.prices = Prices(FilesDouble(), app.config, app.log)
    app.used = 0

    def use_prices():
        app.used += 1

    app.use_prices = use_prices
    return app


def answers(app, payload):
    """[(topic, body)]; a result is parsed."""
    found = []
    with visit("mqtt.commands") as commands:
        for topic, parts, flags in commands.take(app, b"ams/command", payload):
            assert flags == 0
            body = "".join(parts)
            found.append((topic, json.loads(body) if topic.endswith("/result") else body))
    return found


def filters(app):
    with visit("mqtt.commands") as commands:
        return commands.filters(app)


def logged(app):
    return "\n".join([text for _, text in app.log.lines()])


def result(app, payload):
    ((topic, body),) = answers(app, payload)
    assert topic == "ams/command/result" and sorted(body) == ["command", "message", "success"]
    return body


def test_topics_to_subscribe_to():
    for settings, expected in (
        ({}, ["ams/command"]),
        ({"mqtt_subscribe": "home/meter"}, ["home/meter"]),
        ({"mqtt_subscribe": "off"}, []),
        ({"mqtt_topic": ""}, []),
        ({"mqtt_topic": "", "mqtt_subscribe": "home/meter"}, ["home/meter"]),
    ):
        assert filters(reader(**settings)) == expected


def test_own_messages_are_no_commands():
    for topic in ("ams", "ams/command/result"):
        app = reader(mqtt_subscribe=topic)
        assert filters(app) == []
        assert "mqtt_subscribe" in logged(app)


def test_prices_are_put_into_force():
    app = reader(generation="2.5")
    body = result(app, PUSHED)
    assert body["success"] is True and body["command"] == "prices", body
    assert app.used == 1 and app.prices.revision > 0
    # 2024-01-05 09:00 UTC
    assert app.prices.price(1704445200) == 500000 and app.prices.price(1704448800) == 1250000


def test_prices_with_a_fault_change_nothing():
    app = reader(generation="2.5")
    result(app, PUSHED)
    revision = app.prices.revision
    for payload in (
        PUSHED[:-1], PUSHED[:40], b"{}", b"[", b"<", b"{" * 4000, b'{"start":' + b"9" * 4000,
        PUSHED.replace(b"1.25", b"nan"), PUSHED.replace(b"2024-01-05", b"2023-01-05"),
        b"\xff\xfe{", b"<xml>" + b"\0" * 100,
    ):  # fmt: skip
        found = result(app, payload)
        assert found["success"] is False and found["message"], payload[:40]
    assert app.prices.revision == revision and app.used == 1
    assert app.prices.price(1704445200) == 500000


def test_price_documents_do_not_wear_out_the_flash():
    app = reader(generation="2.5")
    hours = [25]
    app.system.uptime_s = lambda: 3600 * hours[0]
    for _ in range(20):
        assert result(app, PUSHED)["success"] is True
        assert result(app, PUSHED[:-1])["success"] is False  # counts nothing
    writes = app.prices.revision
    assert "in an hour" in result(app, PUSHED)["message"] and app.prices.revision == writes
    hours[0] += 1
    assert result(app, PUSHED)["success"] is True


def test_prices_need_the_clock():
    app = reader(generation="2.5")
    app.system.utc = lambda: 0
    assert "clock" in result(app, PUSHED)["message"] and not app.prices.end


def test_the_heap_is_full():
    app = reader(generation="2.5")

    def receive():
        raise MemoryError

    app.prices.receive = receive
    found = result(app, PUSHED)
    assert found["success"] is False and "memory" in found["message"]
    assert app.system.memory_errors == 1


def test_an_upgrade_is_refused_and_logged():
    app = reader(generation="2.5")
    found = result(app, b"fwupgrade")
    assert not found["success"] and "one place for the firmware" in found["message"]
    assert "fwupgrade: this installation" in logged(app)
    app.system = System(BoardDouble())  # it may be a retained message
    assert result(app, b"fwupgrade")["message"] == "the reader has just started"


def test_other_text_is_shown_shortened_and_without_control_characters():
    app = reader(generation="2.5")
    for payload, shown in (
        (b"reboot", "reboot"),
        (b'\x1b[2J"\\\n', '?[2J"\\'),
        (b"x" * 4000, "x" * 32),
        (b"\xc3\xa5\xff", "???"),
    ):
        found = result(app, payload)
        assert (found["command"], found["success"]) == (shown, False)
    assert "\x1b" not in logged(app)
    assert answers(app, b"") == [] and answers(app, b" \n") == []


def test_payloads_of_2_2_publish_no_result():
    for number, count in ((0, 0), (1, 0), (2, 0), (3, 0), (255, 0), (5, 1), (6, 1)):
        app = reader(number=number)
        assert len(answers(app, b"fwupgrade")) == count
        assert "fwupgrade" in logged(app)
    assert answers(reader(generation="2.5", mqtt_topic="", mqtt_subscribe="x"), b"reboot") == []


class Views:
    """energy.views with known values: import 1.001, 1.002 .. kWh, export 0.25 kWh each."""

    def __init__(self, module):
        self.names = module, module.day_hours, module.month_days
        module.day_hours = lambda energy, now: self.block(24)
        module.month_days = lambda energy, now: self.block(31)

    def block(self, n):
        block = Block(n)
        for i in range(n):
            block.imported[i] = 1001 + i
            block.exported[i] = 250
        return block

    def close(self):
        module, module.day_hours, module.month_days = self.names


def test_the_last_day_and_the_last_month():
    with visit("energy.views") as module:
        views = Views(module)
        try:
            for word, first, n in (("dayplot", 0, 24), ("monthplot", 1, 31)):
                ((topic, body),) = answers(reader(), word.encode())
                found = json.loads(body)
                assert topic == "ams/" + word and len(found) == 1 + 2 * n
                assert body.startswith(
                    '{"unit":"kwh","i%02d":1.001,"e%02d":0.250,' % (first, first)
                )
                assert body.endswith('"i%02d":%.3f,"e%02d":0.250}' % (
                    first + n - 1, 1 + n / 1000, first + n - 1
                ))  # fmt: skip
        finally:
            views.close()


def test_without_energy_there_are_zeros():
    ((_, body),) = answers(reader(), b" dayplot\n")
    found = json.loads(body)
    assert found.pop("unit") == "kwh" and set(found.values()) == {0}
