"""Upgrades of the whole firmware: from upload or server to the new version, and back."""

import http.client
import http.server
import json
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests import slots
from tests.slots import BUILT, SHORT, Slots, image
from tests.timing import wait_until
from tests.world import SLACK_S, World

NEW = ("system.py", '"v0.1.0"', '"v0.2.0"')
RAW = {"Content-Type": "application/octet-stream"}
JSON = {"Content-Type": "application/json"}
LINE = 'self.log.add("%s %s on %s'
FAST = ("--baud", "115200")
CONTENT = bytes(range(251)) * 300  # 75 KB


@pytest.fixture(scope="module")
def roms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("roms")
    return {"app0": slots.firmware(folder, *SHORT), "app1": slots.firmware(folder, *SHORT, NEW)}


@pytest.fixture
def world(tmp_path: Path, roms: dict[str, Path]):
    with World(tmp_path, *FAST, slots=Slots(tmp_path / "slots", roms)) as made:
        yield made


def upgrade(world: World) -> dict:
    return world.json("/upgrade.json")


def confirmed(world: World) -> bool:
    return upgrade(world)["phase"] == ""


def test_an_upload_is_started_confirmed_and_left_again(world: World) -> None:
    assert upgrade(world)["slot"] == "app0" and upgrade(world)["may"] is True
    wait_until(lambda: world.json("/now.json")["n"])
    world.tell("pause")  # so the trial waits for a telegram
    assert world.post("/firmware", image(CONTENT), RAW)[1] == {
        "success": True, "reboot": True,
        "message": "v0.2.0 is in place: the reader restarts into it",
    }  # fmt: skip
    world.restart_after_exit()
    state = upgrade(world)
    assert (state["running"], state["slot"], state["phase"]) == ("v0.2.0", "app1", "trial")
    assert not state["may"]
    status, answer = world.post("/save", "d=true&ds=false")
    assert status == 503 and "on trial" in answer["message"]  # nothing is written meanwhile
    world.tell("resume")
    wait_until(lambda: confirmed(world))
    assert upgrade(world)["last"] is None
    world.cut_power()
    assert upgrade(world)["slot"] == "app1"  # it stays
    assert world.post("/upgrade/back", "")[1]["reboot"]
    world.restart_after_exit()
    wait_until(lambda: confirmed(world))
    assert upgrade(world)["slot"] == "app0" and world.slots.started == [
        "app0",
        "app1",
        "app1",
        "app0",
    ]


def test_a_chosen_board_takes_its_own_images_and_stays(world: World) -> None:
    assert world.post("/save", "v=true&vb=7")[1]["reboot"]
    world.restart_after_exit()
    status, answer = world.post("/firmware", image(CONTENT), RAW)
    assert status == 400 and "for boards pow," in answer["message"], answer
    assert world.post("/firmware", image(CONTENT, family="pow_u"), RAW)[1]["reboot"]
    world.restart_after_exit()
    wait_until(lambda: confirmed(world))
    assert (upgrade(world)["running"], world.json("/sysinfo.json")["board"]) == ("v0.2.0", 7)
    assert world.post("/upgrade/back", "")[1]["reboot"]
    world.restart_after_exit()
    wait_until(lambda: confirmed(world))
    doc = world.json("/board.json")
    assert upgrade(world)["slot"] == "app0" and (doc["board"], doc["why"]) == (7, "")


def test_the_form_of_an_ams_reader(world: World) -> None:
    body = (
        b'--x7\r\nContent-Disposition: form-data; name="more"\r\n\r\nno file\r\n'
        b'--x7\r\nContent-Disposition: form-data; name="file"; filename="firmware.bin"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + image(CONTENT) + b"\r\n--x7--\r\n"
    )
    with closing(http.client.HTTPConnection("127.0.0.1", world.http, timeout=60)) as connection:
        connection.request(
            "POST", "/firmware", body, {"Content-Type": "multipart/form-data; boundary=x7"}
        )
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Location")) == (302, "/")
    world.restart_after_exit()
    assert upgrade(world)["slot"] == "app1"


def flipped(octets: bytes, at: int) -> bytes:
    return octets[:at] + bytes((octets[at] ^ 1,)) + octets[at + 1 :]


GOOD = image(CONTENT)
REFUSED = {
    "no image": (b"<html>" * 2000, "this is no firmware image"),
    "another chip": (image(CONTENT, header="esp32"), "another chip: number 0"),
    "another chip in the trailer": (image(CONTENT, chip="esp32"), "for the chip esp32"),
    "another board": (image(CONTENT, family="other"), "for boards other"),
    "any board": (image(CONTENT, family="generic"), "its pins may be wrong here"),
    "another key": (
        image(CONTENT, key=Ed25519PrivateKey.generate()),
        "a key that is not known here",
    ),
    "flipped": (flipped(GOOD, 40000), "it is damaged"),
    "flipped in the trailer": (flipped(GOOD, len(GOOD) - 147), "a key that is not known here"),
    "flipped in the signature": (flipped(GOOD, len(GOOD) - 3), "a key that is not known here"),
    "truncated": (GOOD[:-1000], "no signature at the end"),
    "older": (image(CONTENT, "v0.0.9", BUILT - 1), "v0.0.9 is not newer than v0.1.0"),
    "the running one": (image(CONTENT, "v0.1.0", BUILT), "v0.1.0 runs already"),
    "too long": (image(bytes(0x40000)), "octets, and the place 262144"),
    "unsigned": (GOOD[:-160], "no signature at the end"),
}


def test_refused_images_leave_everything_as_it_was(world: World) -> None:
    before = (world.slots.folder / "otadata").read_bytes()
    for name, (octets, reason) in REFUSED.items():
        try:
            status, answer = world.post("/firmware", octets, RAW)
        except OSError:  # the answer came while octets were still sent
            status, answer = 400, {"message": upgrade(world)["error"]}
        assert status == 400 and reason in answer["message"], (name, answer)
        state = upgrade(world)
        assert reason in state["error"] and state["phase"] == "" and state["may"], name
        assert state["resume"] is None and state["slot"] == "app0"
    assert (world.slots.folder / "otadata").read_bytes() == before
    world.cut_power()
    assert upgrade(world)["slot"] == "app0"
    status, answer = world.post(
        "/firmware", image(CONTENT), {**RAW, "Origin": "http://evil.example"}
    )
    assert status == 403


def test_an_older_unsigned_or_generic_one_by_the_owners_word(world: World) -> None:
    assert world.post("/api/config", '{"upgrade_unsigned":true}', JSON, "PATCH")[0] == 200
    assert world.post("/firmware?force=true", image(CONTENT, "v0.0.9", BUILT - 1), RAW)[0] == 200
    world.restart_after_exit()
    wait_until(lambda: confirmed(world))
    assert world.post("/firmware", GOOD[:-160], RAW)[0] == 200
    world.restart_after_exit()
    assert upgrade(world)["slot"] == "app0"
    wait_until(lambda: confirmed(world))
    assert world.post("/firmware", image(CONTENT, family="generic"), RAW)[0] == 200
    world.restart_after_exit()
    assert upgrade(world)["slot"] == "app1"
    wait_until(lambda: confirmed(world))


def test_an_upload_goes_on_where_it_was_broken_off(world: World) -> None:
    head = (
        f"POST /firmware HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(GOOD)}\r\n"
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    with closing(http.client.HTTPConnection("127.0.0.1", world.http)) as connection:
        connection.connect()
        connection.sock.sendall(head.encode() + GOOD[:60_000])
        wait_until(lambda: upgrade(world)["done"] > 50_000)
        assert not upgrade(world)["may"]
    wait_until(lambda: upgrade(world)["resume"] is not None)
    state = upgrade(world)
    assert state["resume"] == {"size": len(GOOD), "done": 57_344} and "go on" in state["error"]
    assert world.post("/firmware?offset=4096", GOOD[4096:], RAW)[0] == 400
    world.cut_power()
    done = upgrade(world)["resume"]["done"]
    assert world.post(f"/firmware?offset={done}", GOOD[done:], RAW)[0] == 200
    world.restart_after_exit()
    assert upgrade(world)["slot"] == "app1"


@pytest.mark.long
@pytest.mark.parametrize("fault", ["crash", "hang", "network"])
def test_a_version_that_fails_is_left(
    fault: str, tmp_path: Path, roms: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    edits, reason = {
        "crash": (
            (("app.py", LINE, "raise ValueError(7)\n        " + LINE),),
            "it crashed: firmware: ValueError",
        ),
        "hang": (
            (("upgrade/trial.py", "    system = app.system\n    trial =",
              "    system = app.system\n    while system:\n        pass\n    trial ="),),
            "it hung, and the watchdog restarted the reader",
        ),
        "network": (
            (("net/radio.py", "network.connected = True", "network.connected = False"),
             ("upgrade/trial.py", "_LONGEST_S = const(60)", "_LONGEST_S = const(6)")),
            "it does not come into the network",
        ),
    }[fault]  # fmt: skip
    rom = slots.firmware(tmp_path_factory.mktemp("rom"), *SHORT, NEW, *edits)
    made = Slots(tmp_path / "slots", {"app0": roms["app0"], "app1": rom})
    with World(tmp_path, *FAST, slots=made, watchdog=10 if fault == "hang" else 0) as world:
        world.post("/firmware", GOOD, RAW)
        world.firmware.wait(60)
        world.start_again(wait=False)
        world.firmware.wait(60)  # it ends by itself, or by the watchdog
        world.start_again()
        state = upgrade(world)
        assert made.started == ["app0", "app1", "app0"]
        assert state["last"]["version"] == "v0.2.0" and reason in state["last"]["why"], state
        assert state["may"] and state["slot"] == "app0"
        assert b"v0.2.0 was left" in world.get("/recovery")[1]


def test_a_version_that_cannot_read_the_settings_leaves_them_to_the_old_one(
    tmp_path: Path, roms: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    blind = ("start.py", "Config(stored, app.board.overrides)", "Config(None, {})")
    rom = slots.firmware(tmp_path_factory.mktemp("rom"), NEW, blind)  # with a trial of a minute
    made = Slots(tmp_path / "slots", {"app0": roms["app0"], "app1": rom})
    with World(tmp_path, *FAST, slots=made, config={"hostname": "cellar"}) as world:
        before = (world.data / "config.json").read_text()
        world.post("/firmware", image(CONTENT), RAW)
        world.firmware.wait(60)
        world.start_again(wait=False)
        wait_until(lambda: "v0.2.0 is on trial" in world.log(), about=world.log)
        wait_until(lambda: "cannot rename config.json now" in world.log(), about=world.log)
        world.cut_power()
        assert upgrade(world)["slot"] == "app0"
        assert (world.data / "config.json").read_text() == before


class Server(http.server.BaseHTTPRequestHandler):
    """A manifest and an image; the connection breaks after `most` octets of a body."""

    most = 30_000
    ranges: "list[str]" = []

    def do_GET(self) -> None:
        if self.path == "/manifest.json":
            body = json.dumps({"channels": {"release": {
                "version": "v0.2.0", "built": BUILT + 86400, "notes": "Less heap.",
                "images": [{"family": "pow", "chip": "esp32s2", "url": "new.bin",
                            "size": len(GOOD), "sha256": ""}],
            }}}).encode()  # fmt: skip
            self.send_response(200)
        else:
            found = self.headers.get("Range", "bytes=0-")
            self.ranges.append(found)
            begin = int(found[6:-1])
            body = GOOD[begin:]
            self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.most])

    def log_message(self, *_: object) -> None:
        pass


def test_a_pull_goes_on_after_each_break_and_telegrams_too(world: World) -> None:
    Server.ranges.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"http://127.0.0.1:{server.server_port}"
    assert world.post("/upgrade", "")[0] == 400  # there is no address
    address = json.dumps({"upgrade_url": place + "/manifest.json"})
    assert world.post("/api/config", address, JSON, "PATCH")[0] == 200
    assert world.post("/upgrade/check", "")[0] == 200
    wait_until(lambda: upgrade(world)["latest"] == "v0.2.0")
    assert upgrade(world)["notes"] == "Less heap."
    count = len(world.sent)
    assert world.post("/upgrade", "expected_version=v0.2.0")[1]["reboot"]
    world.firmware.wait(60)
    assert Server.ranges == ["bytes=0-", "bytes=28672-", "bytes=57344-"]
    assert len(world.sent) > count
    world.start_again()
    assert upgrade(world)["slot"] == "app1"
    wait_until(lambda: confirmed(world))
    server.shutdown()


def test_nothing_stalls_during_an_upload(world: World) -> None:
    worst = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            watch = world.stopwatch()
            try:
                world.get("/is-alive")
            except OSError:
                return
            worst.append(watch.seconds())
            time.sleep(0.05)

    thread = threading.Thread(target=ask)
    thread.start()
    assert world.post("/firmware", GOOD, RAW)[0] == 200
    ended.set()
    thread.join()
    print(f"slowest of {len(worst)} answers during an upload: {max(worst):.3f} s")
    assert max(worst) < SLACK_S
    world.restart_after_exit()
