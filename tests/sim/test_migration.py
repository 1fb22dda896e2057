"""An owner of an AMS reader comes over: what is in the data partition, and what is not ours."""

import json
from pathlib import Path

import test_plotfiles as plotfiles

from tests.timing import wait_until
from tests.world import MORNING, World

HOURS = [1000 + i for i in range(24)]
DAYS = [30000 + 10 * i for i in range(31)]
REASON = "the data partition has no file system of ours"
REGISTERS = ("--meter", "kamstrup", "--country", "dk", "--interval", "1")
METER = ("--meter", "kaifa", "--speed", "3")


def test_the_history_that_is_in_the_partition(tmp_path: Path) -> None:
    t = MORNING - MORNING % 3600 + 5
    theirs = {
        "dayplot.bin": plotfiles.dayplot(t, HOURS, [0] * 24),
        "monthplot.bin": plotfiles.monthplot(t, DAYS, [0] * 31),
        "energyaccounting.bin": plotfiles.accounting(),
        "mqtt-ca.pem": b"theirs",
    }
    data = tmp_path / "data"
    data.mkdir()
    for name, octets in theirs.items():
        (data / name).write_bytes(octets)
    with World(tmp_path, *METER, clock=(MORNING, 1)) as world:
        wait_until(lambda: "slots taken over" in world.log())
        plot = world.json("/dayplot.json")
        now = MORNING // 3600 % 24
        assert [plot[f"i{h:02d}"] for h in range(24) if h != now] == [
            HOURS[h] / 1000 for h in range(24) if h != now
        ]
        assert world.json("/monthplot.json")["i16"] == 30.15
        world.cut_power()
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        assert world.json("/dayplot.json")["i05"] == 1.005
        assert world.log().count("slots taken over") == 1
        assert {name: (data / name).read_bytes() for name in theirs} == theirs


def test_another_file_system_is_formatted_after_a_question_only(tmp_path: Path) -> None:
    faults = tmp_path / "faults"
    faults.mkdir()
    (faults / "files").write_text(REASON)
    with World(tmp_path, *METER) as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)  # the meter is read
        assert f"nothing can be stored: {REASON}" in world.log()
        assert world.json("/health.json")["held"] == REASON
        status, answer = world.post(
            "/api/config", '{"main_fuse_a": 32}', {"Content-Type": "application/json"}, "PATCH"
        )
        assert status == 400 or answer["success"] is False, answer
        for form, words in (
            ("perform=true", f"format=true is missing: {REASON}"),
            ("format=true", "perform=true is missing"),
            ("perform=true&format=yes", "format=true is missing"),
        ):
            status, answer = world.post("/reset", form)
            assert not answer["success"] and words in answer["message"]
        world.cut_power()
        assert (faults / "files").read_text() == REASON
        status, answer = world.post("/reset", "perform=true&format=true")
        assert answer["success"] and answer["reboot"], answer
        assert world.restart_after_exit() == 75
        assert world.json("/health.json")["held"] == ""
        status, answer = world.post(
            "/api/config", '{"main_fuse_a": 32}', {"Content-Type": "application/json"}, "PATCH"
        )
        assert answer["success"], answer
        assert json.loads((world.data / "config.json").read_text())["main_fuse_a"] == 32
        status, answer = world.post("/reset", "perform=true&format=true")
        assert "are the reader's own" in answer["message"]


def test_a_configfile_makes_the_way_there_and_back(tmp_path: Path) -> None:
    """What the reader exports for the AMS reader, another one of ours takes back."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    theirs = (
        "amsconfig\nversion v2.2.28\nboardType 7\n"
        "mqttHost 192.168.1.10\nmqttPort 1884\nmqttClientId mine\nmqttPublishTopic ams\n"
        "mqttPayloadFormat 4\nmqttSsl 0\nmeterInvert 0\n"
        "meterDistributionSystem 1\nmeterMainFuse 40\nmeterProductionCapacity 8\n"
        "ntpEnable 1\nntpDhcp 1\nntpTimezone Europe/Oslo\nntpServer pool.ntp.org\n"
        "entsoeArea 10YNO-3--------J\nentsoeCurrency NOK\nentsoeMultiplier 1.250\n"
        "thresholds 5 10 15 20 25 50 75 100 150 65535 3\n"
        f"dayplot 5 {MORNING - 300} 48211734 0 {' '.join(map(str, HOURS))}\n"
        f"monthplot 6 {MORNING - 300} 48190120 0 {' '.join(map(str, DAYS))}\n"
    )
    text = {"Content-Type": "text/plain"}
    query = "/configfile.cfg?im=true&it=true&in=true&is=true&ih=true&ic=true"
    exports = []
    for folder in (here, there):
        with World(folder, *REGISTERS, clock=(MORNING, 1)) as world:
            status, answer = world.post("/configfile", theirs, text)
            assert status == 200 and answer["success"], answer
            wait_until(lambda world=world: world.json("/now.json")["lt"] >= 3)
            status, body = world.get(query)
            assert status == 200
            theirs = body.decode()
            exports.append(theirs)
    lines = [set(export.splitlines()) for export in exports]
    kept = {
        "mqttHost 192.168.1.10", "mqttClientId mine", "meterMainFuse 40",
        "entsoeMultiplier 1.250", "entsoeArea 10YNO-3--------J", "ntpTimezone Europe/Oslo",
    }  # fmt: skip
    assert kept <= lines[0] and kept <= lines[1]
    plots = [
        {line.split()[0]: line.split()[5:28] for line in export.splitlines() if "plot" in line}
        for export in exports
    ]
    now = MORNING // 3600 % 24
    for plot in plots:
        hours = [int(word) for word in plot["dayplot"]]
        assert [h for i, h in enumerate(hours) if i != now] == [
            HOURS[i] for i in range(len(hours)) if i != now
        ]
    assert plots[0]["monthplot"] == plots[1]["monthplot"]
