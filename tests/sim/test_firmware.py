"""The whole firmware from outside: meter process, MicroPython process, clients."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.timing import wait_until
from tests.world import World

METER = ("--meter", "kaifa", "--speed", "3")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("firmware"), *METER) as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        yield world


def test_the_documents_have_the_meters_values(world: World) -> None:
    world.tell("power 4321")
    wait_until(lambda: world.json("/now.json")["i"] == 4321)
    wait_until(lambda: world.json("/now.json")["lt"] >= 2)
    now, data, info = (world.json(p) for p in ("/now.json", "/data.json", "/sysinfo.json"))
    assert data["i"] == 4321 and data["mt"] == 2 and data["hm"] == 1
    assert data["u1"] == data["l1"]["u"] and 200 < data["u1"] < 260
    assert now["s"] < 5 and now["model"] == info["meter"]["model"] != ""
    assert info["line"] == "2400 8E1"


def test_an_event_arrives_within_half_a_second_of_the_last_octet(world: World) -> None:
    delays = []
    events = world.events()
    for watts in (1111, 2222, 3333):
        watch = world.stopwatch()
        world.tell(f"power {watts}")
        assert any(document["i"] == watts for _, document in events)
        delays.append(watch.seconds(since=world.sent_with(watts)["t"]))
    print("event after the last octet:", [f"{d * 1000:.0f} ms" for d in delays])
    assert max(delays) < 0.5


def test_a_silent_meter_is_reported_and_read_again_afterwards(world: World) -> None:
    wait_until(lambda: world.json("/now.json")["hm"] == 1)
    world.tell("pause")
    wait_until(lambda: world.json("/now.json")["hm"] == 2)
    wait_until(lambda: world.json("/now.json")["he"] == 90)
    assert world.json("/now.json")["hm"] == 3
    world.tell("resume")
    wait_until(lambda: world.json("/now.json")["he"] == 0)


def test_the_telegram_after_hostile_octets_is_decoded(world: World) -> None:
    junk = bytes(range(256)).hex() + "7ea7ff" + "7ea0" * 40 + "7ea027010201105a87" + "ff" * 9
    for _ in range(4):
        world.tell("send " + junk)
    world.tell("power 1234")
    wait_until(lambda: world.json("/now.json")["i"] == 1234)
    assert world.firmware.poll() is None and "defect" not in world.log()


def test_a_damaged_configuration_is_set_aside(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "config.json").write_text('{"meter_baud": 24')
    with World(tmp_path, "--meter", "kaifa", "--speed", "3") as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        assert "config.json is damaged" in world.log()
        assert (data / "config.json.bad").read_text() == '{"meter_baud": 24'
