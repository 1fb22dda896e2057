"""Installing the firmware on a board: a MicroPython on a pseudo-terminal in place of the chip."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import serial

from tests.timing import wait_until
from tools import boards, install
from tools.install import ASK, File, InstallError, Step, explain, files_for, plan, refuse, run

MICROPYTHON = os.path.join(os.path.dirname(sys.executable), "micropython")

# The board's start: the folder becomes its file system, /tiny has 32 KB of flash, and a reset
# ends the process.
BOOT = """
import sys, vfs
with open(sys.argv[2], "a") as f:
    f.write("boot\\n")
vfs.umount("/")
vfs.mount(vfs.VfsPosix(sys.argv[1]), "/")
class Flash:
    octets = bytearray(32768)
    def readblocks(self, n, buf, offset=0):
        at = n * 4096 + offset
        buf[:] = self.octets[at : at + len(buf)]
    def writeblocks(self, n, buf, offset=0):
        at = n * 4096 + offset
        self.octets[at : at + len(buf)] = buf
    def ioctl(self, op, arg):
        return {4: 8, 5: 4096, 6: 0}.get(op)
vfs.VfsLfs2.mkfs(Flash())
vfs.mount(vfs.VfsLfs2(Flash()), "/tiny")
class machine:
    @staticmethod
    def reset():
        raise SystemExit
sys.modules["machine"] = machine
"""


class StandIn:
    def __init__(self, folder):
        self.root = folder / "root"
        self.root.mkdir()
        self.boots = folder / "boots"
        (folder / "boot.py").write_text(BOOT)
        (folder / "board.sh").write_text(
            f"while :; do {MICROPYTHON} -i {folder}/boot.py {self.root} {self.boots}; done\n"
        )
        link = folder / "port"
        self.process = subprocess.Popen(
            [
                "socat",
                f"PTY,link={link},raw,echo=0",
                f"EXEC:sh {folder}/board.sh,pty,raw,echo=0,stderr",
            ]
        )
        wait_until(lambda: link.exists() and self.boots.exists())
        self.port = str(link.resolve())

    def close(self):
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture
def stand_in(tmp_path):
    board = StandIn(tmp_path)
    yield board
    board.close()


@pytest.fixture
def silent_port(tmp_path):
    """A serial port without an answer. mpremote has no time-out for a pseudo-terminal: the link
    hides its name."""
    master, slave = os.openpty()
    port = tmp_path / "silent"
    port.symlink_to(os.ttyname(slave))
    yield str(port)
    os.close(master)
    os.close(slave)


def make_files(folder, contents):
    files = []
    for remote, content in contents.items():
        local = folder / remote.replace("/", "_")
        local.write_bytes(content)
        files.append(File(local, remote, len(content)))
    return files


def without_questions(steps):
    """The steps for a stand-in: without ASK, as it is no ESP32."""
    wait = Step("wait", ("exec", "pass"), retry_s=60)
    return [wait if s.command == ("exec", ASK) else s for s in steps]


def test_transfer(stand_in, tmp_path):
    (stand_in.root / "main.py").write_text("old")
    (stand_in.root / "app.py").write_text("would be imported before app.mpy")
    (stand_in.root / "state.bin").write_text("the owner's")
    contents = {
        "/app.mpy": bytes(range(256)) * 5,
        "/han/meters/aidon.mpy": b"M\x06",
        "/www/app.js.gz": b"\x1f\x8b" + bytes(3000),
        "/main.py": b"import app\n",
    }
    said = []
    steps = without_questions(plan(make_files(tmp_path, contents)))
    run(stand_in.port, "esp32s2", steps, said.append)
    arrived = {
        "/" + p.relative_to(stand_in.root).as_posix(): p.read_bytes()
        for p in stand_in.root.rglob("*")
        if p.is_file()
    }
    assert arrived == {**contents, "/state.bin": b"the owner's"}
    assert said[0] == "  1 of 11  wait"
    assert said[5] == "  6 of 11  /app.mpy"
    assert len(said) == 11
    wait_until(lambda: stand_in.boots.read_text().count("boot") >= 3)  # its start and two resets


def test_a_short_file_on_the_board_is_an_error(stand_in, tmp_path):
    files = make_files(tmp_path, {"/a.mpy": b"12345", "/b.mpy": b"123"})
    compare = [s for s in plan(files) if s.text == "compare the sizes"]
    (stand_in.root / "a.mpy").write_bytes(b"12345")
    (stand_in.root / "b.mpy").write_bytes(b"12")
    with pytest.raises(InstallError, match=r"not whole: /b.mpy\n.*\n?.*shorter than its source"):
        run(stand_in.port, "esp32s2", compare, [].append)


def test_a_full_file_system_has_a_remedy(stand_in, tmp_path):
    files = make_files(tmp_path, {"/tiny/a.mpy": b"x" * 40_000})
    copy = [s for s in plan(files) if s.text == "/tiny/a.mpy"]
    with pytest.raises(InstallError, match=r"/tiny/a\.mpy: failed(?s:.*)file system is full"):
        run(stand_in.port, "esp32s2", copy, [].append)


def test_a_pc_is_refused_before_any_change(stand_in, tmp_path):
    (stand_in.root / "main.py").write_text("old")
    steps = plan(make_files(tmp_path, {"/main.py": b"new"}))
    with pytest.raises(InstallError, match="not an ESP32 or ESP32-S2"):
        run(stand_in.port, "esp32s2", steps, [].append)
    assert (stand_in.root / "main.py").read_text() == "old"


def test_a_missing_port_has_a_remedy():
    with pytest.raises(InstallError, match="There is no /dev/ttyUSB99: is the cable in"):
        run("/dev/ttyUSB99", "esp32s2", plan([]), [].append)


def test_a_busy_port_has_a_remedy(silent_port):
    with (
        serial.Serial(silent_port, exclusive=True),
        pytest.raises(InstallError, match="Close the program that has it open"),
    ):
        run(silent_port, "esp32s2", plan([]), [].append)


def test_a_silent_port_has_a_remedy(silent_port):
    with pytest.raises(InstallError, match=r"No MicroPython answers(?s:.*)esptool --chip"):
        run(silent_port, "esp32s2", plan([]), [].append)


def test_a_step_is_repeated_during_a_restart(monkeypatch):
    answers = [(False, "failed to access"), (True, "ok")]
    monkeypatch.setattr(install, "_call", lambda port, step: answers.pop(0))
    monkeypatch.setattr(install.time, "sleep", lambda seconds: None)
    run("p", "esp32", [Step("wait", ("exec", "pass"), retry_s=5)], [].append)
    assert answers == []
    answers[:] = [(False, "failed to access"), (True, "never asked")]
    with pytest.raises(InstallError):
        run("p", "esp32", [Step("copy", ("exec", "pass"))], [].append)
    assert len(answers) == 1


S2 = "(1, 28)|ESP32S2|11014|2000000"  # 11014: .mpy version 6.3 for xtensawin
SPIRAM = S2.replace("ESP32S2", "Generic ESP32 module with SPIRAM with ESP32")


@pytest.mark.parametrize(
    ("answer", "board", "octets", "reason"),
    [
        (S2, "esp32s2", 100_000, None),
        ("noise\r\n" + S2 + "\r\n", "esp32s2", 100_000, None),
        (S2.replace("28", "29"), "esp32s2", 2_000_000, None),
        (S2.replace("ESP32S2", "ESP32"), "esp32", 1, None),
        (S2, "esp32s2", 2_000_001, "2000001 octets do not fit in the 2000000"),
        (S2, "esp32", 1, "an esp32s2, --board names one with an esp32"),
        (S2.replace("ESP32S2", "ESP32"), "esp32s2", 1, "an esp32, --board names"),
        (S2.replace("ESP32S2", "ESP32S3"), "esp32", 1, "an esp32s3, --board names"),
        (SPIRAM, "esp32", 1, "has PSRAM, which takes GPIO 16 and 17: use --board esp32_psram"),
        (SPIRAM, "esp32_psram", 1, None),
        (SPIRAM, "devkitc", 1, "has PSRAM, which takes GPIO 16 and 17: use --board esp32_psram"),
        (SPIRAM, "t_eth_poe", 1, None),
        (S2.replace("28", "27"), "esp32s2", 1, "MicroPython 1.27 is too old"),
        (S2.replace("11014", "2822"), "esp32s2", 1, "not an ESP32"),
        ("", "esp32s2", 1, "unexpected answer"),
        ("Traceback", "esp32s2", 1, "unexpected answer"),
    ],
)
def test_refuse(answer, board, octets, reason):
    answered = refuse(answer, board, octets)
    assert answered is None if reason is None else reason in answered


def test_explain_refers_to_the_output_for_unknown_errors():
    assert "all that mpremote said" in explain("something new", "/dev/null")


def test_plan_keeps_a_broken_transfer_from_running(tmp_path):
    built = [("main.py", 11), ("app.mpy", 20), ("umqtt/simple.mpy", 99), ("zzz.mpy", 5)]
    www = tmp_path / "www"
    (www / "img").mkdir(parents=True)
    (www / "img/a.svg").write_text("<svg/>")
    config = tmp_path / "mine.json"
    config.write_text('{"mqtt_host": "broker"}')
    files = files_for(built, tmp_path / "out", www, config)
    assert [f.remote for f in files] == [
        "/app.mpy",
        "/config.json",
        "/www/img/a.svg",
        "/zzz.mpy",
        "/main.py",
    ]
    steps = plan(files)
    copies = [s for s in steps if s.command[:2] == ("fs", "cp")]
    assert [s.text for s in copies] == [f.remote for f in files]
    assert sum(s.octets for s in steps) == 20 + 23 + 6 + 5 + 11
    removal = next(i for i, s in enumerate(steps) if "os.remove('/main.py')" in s.command[-1])
    assert removal < steps.index(copies[0])
    assert [s.command for s in steps][removal + 1] == ("reset",)
    assert steps[removal + 2].retry_s >= 10  # a USB port takes seconds to come back
    assert steps[-1].command == ("reset",)
    assert steps.index(copies[-1]) == len(steps) - 3
    assert copies[1].command == ("fs", "cp", str(config), ":/config.json")


@pytest.mark.parametrize("text", ["[1]", "{", None])
def test_config_that_is_no_object_is_refused(tmp_path, text):
    config = tmp_path / "c.json"
    if text is not None:
        config.write_text(text)
    with pytest.raises(InstallError, match="not a JSON object"):
        files_for([], tmp_path, tmp_path / "www", config)


@pytest.mark.parametrize(
    ("board", "name"), [("pow_u", "Pow-U+"), ("esp32", "ESP32"), ("pow_k", "Pow-K+")]
)
def test_dry_run_shows_the_plan_and_opens_nothing(monkeypatch, tmp_path, capsys, board, name):
    def no_call(port, step):
        raise AssertionError("a dry run called mpremote")

    for folder in ("firmware", "boards"):
        shutil.copytree(install.ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr("tools.build.ROOT", tmp_path)
    monkeypatch.setattr(install, "_call", no_call)
    assert install.main(["--board", board, "--port", "/dev/ttyUSB99", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{name} at /dev/ttyUSB99\n")
    files = tmp_path / "build/device" / board
    sizes = {"/" + p.relative_to(files).as_posix(): p.stat().st_size for p in files.rglob("*.*py")}
    main = files / "main.py"
    if main.exists():
        sizes["/main.py"] = main.stat().st_size
    assert {"/board.mpy", "/hardware.mpy", "/sensors.mpy", "/han/hdlc.mpy"} <= sizes.keys()
    for remote, octets in sizes.items():
        assert f"{octets:8d}  {remote}\n" in out
        assert f" :{remote}\n" in out
    assert f"{sum(sizes.values()):8d}  in {len(sizes)} files\n" in out
    assert "mpremote connect /dev/ttyUSB99 resume reset\n" in out


def test_a_failure_exits_with_1(capsys, tmp_path, monkeypatch):
    def refuse_to_build(arch, out, extra):
        return [("app.mpy", 3)]

    monkeypatch.setattr(install, "build", refuse_to_build)
    assert install.main(["--board", "pow_k", "--port", "/dev/ttyUSB99"]) == 1
    assert "is the cable in" in capsys.readouterr().err


def test_help_has_the_first_steps(capsys):
    with pytest.raises(SystemExit):
        install.main(["--help"])
    output = capsys.readouterr().out
    assert "write-flash 0x1000" in output
    assert "1.28" in output


def test_the_pin_of_temperature_sensors(capsys):
    options = ["--board", "s2_mini", "--port", "/dev/ttyUSB99", "--dry-run"]
    assert install.main([*options, "--one-wire", "5"]) == 0
    own = (install.ROOT / "build/one_wire/s2_mini/board.py").read_text()
    given = (install.ROOT / "boards/s2_mini/board.py").read_text()
    names = {}
    exec(own, names)
    assert names["ONE_WIRE"] == 5
    assert own.replace("ONE_WIRE = 5", 'ONE_WIRE: "int | None" = None') == given
    assert b"ONE_WIRE" in (install.ROOT / "build/device/s2_mini/board.mpy").read_bytes()
    capsys.readouterr()
    assert install.main([*options, "--one-wire", "18"]) == 1  # the meter
    assert (
        "GPIO 18 is not free for --one-wire on S2 mini: use one of 1, 2," in capsys.readouterr()[1]
    )


@pytest.mark.parametrize("board", boards.BOARDS)
def test_free_pins_of_every_board(board):
    c = boards.board_constants(board)
    taken = [c["HAN_RX"], c["HAN_TX_PARKED"], c["BUTTON"], c["LED"], *c["RGB"], c["VCC_ADC"]]
    if c["CHIP"] == "esp32":  # flash, console, inputs only, the voltage of the flash, missing
        taken += [0, 1, 3, *range(6, 13), 20, 24, *range(28, 32), *range(34, 48)]
        taken += [16, 17] if c["PSRAM"] is not False else []
    else:  # flash and PSRAM, USB, console, missing, the voltage of the flash, input only
        taken += [0, 19, 20, *range(22, 33), 43, 44, 45, 46, 47]
    for pin in range(48):
        if pin in taken:
            with pytest.raises(InstallError, match=f"GPIO {pin} is not free"):
                install.with_sensors(board, pin)
        else:
            assert install.with_sensors(board, pin).name == "board.py"


def test_every_board_folder_is_a_choice():
    folders = {p.parent.name for p in Path(install.ROOT / "boards").glob("*/board.py")}
    assert folders - {"sim"} == set(boards.BOARDS)


def test_config_reaches_the_board_unchanged(tmp_path):
    config = tmp_path / "c.json"
    config.write_text(json.dumps({"wifi_ssid": "x"}))
    (only,) = files_for([], tmp_path, tmp_path / "www", config)
    assert (only.local, only.remote, only.octets) == (config, "/config.json", 18)
