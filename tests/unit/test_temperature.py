"""Temperature sensors: which readings are believed, their mean, the documents."""

import json

from device.temperature import read
from doubles import BoardDouble, app
from golden import same_as_golden
from mqtt.payloads import json as payload
from system import NOT_READ, System
from web.documents import data, temperature

FIRST, SECOND = b"\x28\xff\x64\x1e\x93\x16\x03\x42", b"\x28\xff\x0a\x4c\x93\x16\x03\x1b"


class Board(BoardDouble):
    def __init__(self, *sensors):
        super().__init__()
        self.sensors = list(sensors)

    def temperatures(self):
        return self.sensors


def after(*sensors):
    """The system after a conversion with these results."""
    system = System(Board(*sensors))
    read(system)
    return system


def test_the_mean_of_the_readings():
    for cdegs, mean in (
        ((2144,), 2144),
        ((2144, 481), 1313),  # 13.125
        ((-100, -101), -101),  # -1.005, half away from zero
        ((2000, NOT_READ), 2000),
        ((2000, 8500), 2000),  # what a sensor shows after power-on
        ((2000, -8500), 2000),
        ((2000, -8499), -3250),  # -32.495
        ((8501, 8499), 8500),
        ((8500,), NOT_READ),
        ((-8500, -8501, NOT_READ), NOT_READ),
        ((), NOT_READ),
    ):
        assert after(*[(FIRST, cdeg) for cdeg in cdegs]).temperature_cdeg == mean, cdegs


def test_a_reading_that_is_not_believed_is_none():
    system = after((FIRST, 8500), (SECOND, 481))
    assert system.temperatures == [(FIRST, NOT_READ), (SECOND, 481)]
    system.board.sensors = []  # unplugged
    read(system)
    assert system.temperatures == [] and system.temperature_cdeg == NOT_READ


def test_at_most_32_sensors():
    system = after(*[(bytes((40, i, 0, 0, 0, 0, 0, 0)), i) for i in range(40)])
    assert len(system.temperatures) == 32 and system.temperature_cdeg == 16  # 496 / 32 = 15.5


def document(*sensors):
    device = app()
    device.system.board = Board(*sensors)
    read(device.system)
    return "".join(temperature.get(device, None)), device


def test_temperature_json():
    body, device = document((FIRST, 2144), (SECOND, 481))
    same_as_golden("temperature.json", body)
    assert '"t":13.13,' in "".join(data.get(device, None))
    (message,) = payload.messages(device, 1)
    assert '"temp":13.13,' in "".join(message[1])


def test_sensors_have_the_names_of_the_owner():
    device = app(sensor_names="28ff0a4c9316031b Attic,28FF641E93160342 Hall")
    device.system.board = Board((FIRST, 2144), (SECOND, 481))
    read(device.system)
    found = json.loads("".join(temperature.get(device, None)))["s"]
    assert [(sensor["a"], sensor["n"]) for sensor in found] == [
        ("28FF641E93160342", "Hall"), ("28FF0A4C9316031B", "Attic"),
    ]  # fmt: skip


def test_temperature_json_without_a_sensor_or_a_reading():
    device = app()
    assert "".join(temperature.get(device, None)) == '{"c":0,"s":[]}'
    assert document()[0] == '{"c":0,"s":[]}'
    body, device = document((FIRST, 8500))
    assert json.loads(body)["s"][0]["v"] == -127
    assert '"v":-127.0}' in body
    assert '"t":-127.00,' in "".join(data.get(device, None))


def test_names_of_sensors_that_are_not_allowed():
    import schema

    def fault(value):
        return schema.fault("sensor_names", value)

    assert fault("") == fault("28FF641E93160342 Attic") == ""
    for wrong in ("28FF641E9316034 Attic", "28FF641E93160342", "28FF641E9316034X Attic",
                  "28FF641E93160342 a name of 17 signs", "28FF641E93160342 Attic,"):  # fmt: skip
        assert fault(wrong).startswith("sensor_names: an address of 16 digits"), wrong
