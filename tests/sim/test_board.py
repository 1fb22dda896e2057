"""The owner chooses the board of the whole firmware: restart, factory reset, the way back."""

from pathlib import Path

import pytest

from tests.world import World


@pytest.fixture
def world(tmp_path: Path):
    with World(tmp_path, "--baud", "115200") as made:
        yield made


def board(world: World) -> tuple[int, str]:
    """Number and family of the board that runs."""
    sysinfo = world.json("/sysinfo.json")
    assert sysinfo["vndcfg"] is True and sysinfo["chip"] == "esp32s2"
    return sysinfo["board"], world.json("/upgrade.json")["family"]


def choose(world: World, form: str) -> None:
    answer = {"success": True, "message": "", "reboot": True}
    assert world.post("/save", "v=true&" + form) == (200, answer)
    world.restart_after_exit()


def test_a_choice_is_kept_over_the_factory_reset(world: World) -> None:
    assert board(world) == (50, "pow")
    doc = world.json("/board.json")
    assert (doc["board"], doc["gpio"], doc["why"]) == (50, None, "")
    assert [row["id"] for row in doc["boards"]] == [50, 5, 7, 6]
    assert 16 in doc["boards"][0]["pins"] and 26 not in doc["boards"][0]["pins"]

    choose(world, "vb=7")
    assert board(world) == (7, "pow_u") and world.json("/network.json")["board"] == "Pow-U+"
    assert world.json("/network.json")["bus"] is True
    same = {"success": True, "message": "", "reboot": False}
    assert world.post("/save", "v=true&vb=7&vh=") == (200, same)

    assert world.post("/reset", "perform=true")[1]["reboot"]
    world.restart_after_exit()
    assert board(world) == (7, "pow_u")

    choose(world, "vb=50&vh=16&vr=true")
    assert world.json("/board.json")["gpio"] == 16
    assert world.post("/save", "v=true&vb=50&vh=26")[0] == 400
    assert world.post("/save", "v=true&vb=200")[0] == 400
    assert world.json("/board.json")["gpio"] == 16


def test_a_choice_that_does_not_stay_up_or_is_damaged_is_left(world: World) -> None:
    choose(world, "vb=5")
    for _ in range(2):
        assert board(world)[0] == 5
        world.cut_power()
    assert board(world)[0] == 5
    world.cut_power()
    assert board(world) == (50, "pow")
    assert "none of its first 3 starts lasted" in world.json("/board.json")["why"]
    assert "the chosen board is not used" in world.log()

    choose(world, "vb=6")  # the owner's next choice
    assert board(world) == (6, "pow_p1") and world.json("/board.json")["why"] == ""
    path = world.data / "board.txt"
    path.write_bytes(path.read_bytes().replace(b"6 ", b"5 ", 1))
    world.cut_power()
    assert board(world) == (50, "pow") and "is damaged" in world.json("/board.json")["why"]
