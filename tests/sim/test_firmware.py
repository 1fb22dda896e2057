"""The whole firmware, as its owner meets it: meter process, MicroPython process, clients."""

import json
import socket
import time
from pathlib import Path

import pytest
from han.detect import COMBINATIONS
from world import World, until

SLACK_S = 0.25  # what may pass between a request and its answer, whatever a broker does


def line(settings: tuple[int, str, bool]) -> list[str]:
    baud, line_format, invert = settings
    return ["--baud", str(baud), "--parity", line_format] + ["--invert"] * invert


def test_values_on_the_page_documents(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", "--speed", "5") as world:
        world.tell("power 4321")
        until(lambda: world.json("/now.json")["i"] == 4321)
        until(lambda: world.json("/now.json")["lt"] >= 2)
        now, data, info = (world.json(p) for p in ("/now.json", "/data.json", "/sysinfo.json"))
        assert data["i"] == 4321 and data["mt"] == 2 and data["hm"] == 1
        assert data["u1"] == data["l1"]["u"] and 200 < data["u1"] < 260
        assert now["s"] < 5 and now["model"] == info["meter"]["model"] != ""
        assert info["line"] == "2400 8E1"


def test_an_event_comes_within_half_a_second_of_the_last_octet(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "aidon") as world:
        delays = []
        for arrived, document in world.events():
            if document["s"] is None or document["s"] > 0.4:
                continue  # the first event repeats what is known
            time.sleep(0.2)  # the meter's own note of this telegram may come after the event
            last = max(t["t"] for t in world.sent if t["t"] <= arrived + 0.05)
            delays.append(arrived - last)
            if len(delays) == 3:
                break
        print("event behind the last octet:", [f"{d * 1000:.0f} ms" for d in delays])
        assert max(delays) < 0.5


def test_the_line_is_found_from_every_combination(tmp_path: Path) -> None:
    worlds = []
    try:
        for settings in COMBINATIONS:
            folder = tmp_path / "-".join(map(str, settings))
            folder.mkdir()
            options = ["--meter", "kaifa", "--speed", "3", *line(settings)]
            worlds.append((settings, World(folder, *options, wait=False)))
        for settings, world in worlds:
            until(lambda w=world: "found at" in w.log(), 90)
            stored = json.loads((world.folder / "data" / "config.json").read_text())
            found = (stored["meter_baud"], stored["meter_format"], stored["meter_invert"])
            print(settings, "found as", found, world.log().split("meter: found")[0][-60:])
            # 8N1 reads an 8E1 line correctly on a UART that keeps octets with a framing error.
            assert found == settings or found == (settings[0], "8N1", settings[2])
            until(lambda w=world: w.json("/now.json")["i"], 10)
    finally:
        for _, world in worlds:
            world.__exit__()


def test_settings_found_are_used_at_the_next_start(tmp_path: Path) -> None:
    options = line((115200, "8N1", True))
    with World(tmp_path, "--meter", "kaifa", "--speed", "3", *options) as world:
        until(lambda: "found at 115200 8N1 inverted" in world.log(), 60)
        until(lambda: (tmp_path / "data" / "config.json").exists())
        world.pull_the_plug()
        assert world.json("/sysinfo.json")["line"].endswith("115200 8N1 inverted")
        until(lambda: world.json("/now.json")["i"] is not None, 5)
        assert world.log().count("found at") == 1


def test_a_changed_parity_heals_by_itself(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", "--speed", "3") as world:
        until(lambda: world.json("/now.json")["i"] is not None)
        world.tell("parity 8N1")
        time.sleep(2)
        until(lambda: "found at 2400 8N1" in world.log(), 60)
        until(lambda: world.json("/now.json")["s"] < 3)
        stored = json.loads((tmp_path / "data" / "config.json").read_text())
        assert stored["meter_format"] == "8N1"


def test_an_unplugged_meter_is_noticed_and_welcomed_back(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", "--speed", "3") as world:
        until(lambda: world.json("/now.json")["hm"] == 1)
        world.tell("pause")
        until(lambda: world.json("/now.json")["hm"] == 2, 20)
        until(lambda: world.json("/now.json")["he"] == 90, 20)
        assert world.json("/now.json")["hm"] == 3
        world.tell("resume")
        until(lambda: world.json("/now.json")["he"] == 0, 10)


def test_hostile_octets_are_counted_and_the_next_telegram_decodes(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", "--speed", "3") as world:
        until(lambda: world.json("/now.json")["i"] is not None)
        junk = bytes(range(256)).hex() + "7ea7ff" + "7ea0" * 40 + "7ea027010201105a87" + "ff" * 9
        for _ in range(4):
            world.tell("send " + junk)
        world.tell("power 1234")
        until(lambda: world.json("/now.json")["i"] == 1234)
        assert world.firmware.poll() is None and "defect" not in world.log()


def test_a_noisy_line_still_gives_readings(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", "--speed", "10", "--noise", "0.005") as world:
        until(lambda: world.json("/now.json")["n"] > 20, 40)
        assert "defect" not in world.log() and "Traceback" not in world.log()


def test_a_damaged_configuration_is_put_aside(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "config.json").write_text('{"meter_baud": 24')
    with World(tmp_path, "--meter", "kaifa", "--speed", "3") as world:
        until(lambda: world.json("/now.json")["i"] is not None)
        assert "config.json is damaged" in world.log()
        assert (data / "config.json.bad").read_text() == '{"meter_baud": 24'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory):
    with World(tmp_path_factory.mktemp("served"), "--meter", "kaifa", "--speed", "3") as world:
        yield world


def raw(world: World, octets: bytes, timeout: float = 8) -> bytes:
    with socket.create_connection(("127.0.0.1", world.http), timeout) as s:
        s.sendall(octets)
        answer = b""
        while part := s.recv(4096):
            answer += part
        return answer


@pytest.mark.parametrize(
    ("request_octets", "status"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", b"200"),
        (b"HEAD /data.json HTTP/1.0\r\n\r\n", b"200"),
        (b"GET /sysinfo.json?t=1704447012 HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
        (b"GET /nope HTTP/1.0\r\n\r\n", b"404"),
        (b"GET /../config.json HTTP/1.0\r\n\r\n", b"404"),
        (b"GET /%2e%2e/data/config.json HTTP/1.0\r\n\r\n", b"404"),
        (b"POST /data.json HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", b"405"),
        (b"POST / HTTP/1.0\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.0\r\nContent-Length: -5\r\n\r\n", b"4"),
        (b"POST / HTTP/1.0\r\nContent-Length: five\r\n\r\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\nno colon\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\n" + b"X: y\r\n" * 400 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.0\r\n\r\n", b"431"),
        (b"GET /" + b"a" * 1800 + b" HTTP/1.0\r\n\r\n", b"400"),
        (b"\xff\xfe\x00" * 20 + b"\r\n\r\n", b"400"),
    ],
)
def test_requests_good_and_bad(served: World, request_octets: bytes, status: bytes) -> None:
    head = raw(served, request_octets).split(b"\r\n", 1)[0]
    assert head.split(b" ")[1].startswith(status), head
    assert served.get("/is-alive")[0] == 200


def test_headers_of_documents_and_files(served: World) -> None:
    head = raw(served, b"GET /data.json HTTP/1.0\r\n\r\n").split(b"\r\n\r\n")[0].decode()
    assert "Cache-Control: no-cache, no-store, must-revalidate" in head
    assert "Content-Type: application/json" in head
    page = raw(served, b"GET / HTTP/1.0\r\n\r\n").split(b"\r\n\r\n")[0].decode()
    assert "Content-Encoding: gzip" in page and "no-cache" in page
    alive = raw(served, b"GET /is-alive HTTP/1.0\r\n\r\n").decode()
    assert "Access-Control-Allow-Origin: *" in alive


def test_idle_half_and_stuck_clients_do_not_shut_others_out(served: World) -> None:
    idle = [socket.create_connection(("127.0.0.1", served.http)) for _ in range(30)]
    try:
        for s in idle:
            s.sendall(b"GET /data.js")
        time.sleep(6.5)  # the head's deadline is 5 s
        assert served.get("/is-alive")[0] == 200
        for s in idle:
            s.close()
        stuck = []
        for _ in range(3):  # event streams whose clients never read
            s = socket.create_connection(("127.0.0.1", served.http))
            s.sendall(b"GET /events HTTP/1.0\r\n\r\n")
            stuck.append(s)
        time.sleep(0.5)
        assert served.get("/events")[0] == 503
        assert served.slowest_answer(1) < SLACK_S
        for s in stuck:
            s.close()
        until(lambda: raw_status(served, "/events") == b"200", 20)
    finally:
        for s in idle:
            s.close()
    assert "Traceback" not in served.log()


def raw_status(world: World, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", world.http), 5) as s:
        s.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        return s.recv(100).split(b" ")[1]


def test_memory_is_the_same_after_1000_telegrams(tmp_path: Path) -> None:
    """Free heap of the whole firmware, one event client attached: 10 telegrams against 1,000."""
    with World(tmp_path, "--meter", "kaifa", "--speed", "60") as world:
        samples: dict[int, int] = {}
        for _, document in world.events():
            if document["n"] in (20, 40, 60) or document["n"] > 990:
                best = max(world.json("/data.json")["m"] for _ in range(25))
                samples[document["n"]] = best
            if document["n"] > 1000:
                break
        early = max(v for n, v in samples.items() if n < 100)
        late = max(v for n, v in samples.items() if n > 900)
        print(f"free heap {early} then {late} of 262144 octets")
        assert late > early - 0.01 * 262144
