"""When the publisher publishes what, in simulated time: see mqtt_schedule.py."""

import itertools
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("mqtt_schedule.py")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    path = f"{ROOT}/firmware:{ROOT}/build/lib:{ROOT}/tests/unit:.frozen"
    done = subprocess.run(
        [ROOT / ".venv/bin/micropython", "-X", "heapsize=256m", PROBE],
        env={**os.environ, "MICROPYPATH": path},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def times(case: list[Any], part: str) -> list[int]:
    """The seconds at which bodies with this text came."""
    return [round(at) for at, _, body in case if part in body]


def powers(case: list[Any]) -> list[tuple[float, int]]:
    """(seconds, W) of each telegram."""
    bodies = [(at, json.loads(body)) for at, topic, body in case if body.startswith("{")]
    return [(at, body["data"]["P"]) for at, body in bodies if "data" in body]


def test_about_the_device_each_minute(report: dict[str, Any]) -> None:
    found = times(report["quiet"], '"version"')
    assert found[0] == 0 and len(found) in (61, 62)
    for before, at in itertools.pairwise(found):
        assert at - before in (60, 61, 62)


def test_prices_when_the_price_changes(report: dict[str, Any]) -> None:
    """2.2: each hour, 2.5: each quarter; from 09:00:00 UTC on."""
    assert times(report["quiet"], '"prices"') in ([0, 3600], [0, 3601])
    found = times(report["newer"], '"prices"')
    assert len(found) == 5
    for at, due in zip(found, (0, 900, 1800, 2700, 3600), strict=True):
        assert at - due in (0, 1, 2)
    assert times(report["newer"], '"installed_version"') == [0]


def test_prices_when_others_are_in_force(report: dict[str, Any]) -> None:
    assert times(report["prices"], '"prices"') in ([0, 5], [0, 6])


def test_temperatures_each_15_s(report: dict[str, Any]) -> None:
    found = times(report["sensors"], '"temperatures"')
    assert found[0] == 0 and len(found) == 5
    assert not times(report["quiet"], '"temperatures"')
    for before, at in itertools.pairwise(found):
        assert at - before in (15, 16)


def test_each_telegram_at_once(report: dict[str, Any]) -> None:
    found = powers(report["quiet"])
    assert [watts for _, watts in found] == list(range(5, 3700, 10))
    assert max(at - watts for at, watts in found) < 0.5


def test_an_interval(report: dict[str, Any]) -> None:
    """A telegram each second: the newest is published every 10 s."""
    found = [at for at, _ in powers(report["interval"])]
    assert len(found) in (3, 4)
    assert all(10 <= after - before < 11 for before, after in itertools.pairwise(found))


def test_a_slow_broker_gets_the_newest(report: dict[str, Any]) -> None:
    found = powers(report["slow"])
    assert len(found) > 2
    watts = [w for _, w in found]
    assert watts == sorted(set(watts))  # in order, none twice
    assert all(at - w < 1.5 for at, w in found)  # the newest as the publication began


def test_telegrams_go_between_other_messages(report: dict[str, Any]) -> None:
    topics = [topic for _, topic, _ in report["busy"]]
    others = [i for i, topic in enumerate(topics) if topic.startswith("ams/price/")]
    telegrams = [i for i, topic in enumerate(topics) if topic == "ams/meter/import/active"]
    assert len(others) > 190
    assert len([i for i in telegrams if others[0] < i < others[-1]]) >= 5


def test_no_old_telegram_after_a_connection(report: dict[str, Any]) -> None:
    assert powers(report["old"]) == []
    assert times(report["old"], '"version"')


def test_a_silent_meter_is_an_event_and_publishes_nothing(report: dict[str, Any]) -> None:
    found = powers(report["silence"])
    assert [watts for _, watts in found] in ([*range(20), 200], [*range(1, 20), 200])
    assert not [at for at, _ in found if 21 < at < 200]
    events = [
        (at, json.loads(body)) for at, topic, body in report["silence"] if topic == "ams/event"
    ]
    assert [(e["event"], e["active"]) for _, e in events] == [
        ("meter_silent", True), ("meter_silent", False),
    ]  # fmt: skip
    assert 79 <= events[0][0] <= 91  # 60 s after the telegram of the second 19
    assert 200 <= events[1][0] <= 212


def test_a_change_of_settings_takes_effect_at_once(report: dict[str, Any]) -> None:
    case = report["settings"]
    connected = [at for at, topic, _ in case if topic == "connected"]
    assert len(connected) == 5 == len([1 for _, topic, _ in case if topic == "left"]) + 1
    for at, due in zip(connected, (0, 5, 10, 15, 20), strict=True):
        assert due <= at < due + 2
    topics = [topic for at, topic, body in case if '"P"' in body and at > connected[1]]
    assert set(topics) == {"home", "home/list1"}
    newer = [at for at, _, body in case if '"peaks"' in body]
    assert newer and min(newer) >= 15
    assert report["subscribed"] == ["ams/command"] + ["home/command"] * 3


def test_a_full_heap_costs_a_kind_not_the_connection(report: dict[str, Any]) -> None:
    case = report["heap"]
    assert report["memory_errors"] >= 2  # prices on connect, conditions
    assert len([1 for _, topic, _ in case if topic == "connected"]) == 1
    assert [watts for _, watts in powers(case)] == list(range(5, 70, 10))
    assert len(times(case, '"version"')) == 2


def test_commands_without_a_pause_stop_no_telegram(report: dict[str, Any]) -> None:
    case = report["flood"]
    results = [1 for _, topic, _ in case if topic == "ams/command/result"]
    assert len(results) > 100
    assert len(powers(case)) >= 9


def test_nothing_stays_loaded(report: dict[str, Any]) -> None:
    assert report["left"] == []
