"""Temperature sensors in the whole firmware."""

import pytest

from tests.timing import wait_until
from tests.world import Air, World, point


def test_sensors_are_read_every_15_s(tmp_path):
    Air(tmp_path / "radio").temperatures({"28FF641E93160342": 2144, "28FF0A4C9316031B": 481})
    with World(tmp_path, radio=[point("home")], config={"wifi_ssid": "home"}) as world:
        first = world.json("/temperature.json")
        assert first["c"] or first == {"c": 0, "s": []}  # before the first reading
        wait_until(lambda: world.json("/temperature.json")["c"], 60)
        sensors = world.json("/temperature.json")["s"]
        assert [(s["a"], s["v"]) for s in sensors] == [
            ("28FF641E93160342", 21.4),
            ("28FF0A4C9316031B", 4.8),
        ]
        assert world.json("/data.json")["t"] == pytest.approx(13.13)
