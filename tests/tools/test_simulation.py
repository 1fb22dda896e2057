"""Starting the firmware: several at once; restarting it with a full disk."""

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.timing import PATIENCE_S
from tools import simulation
from tools.boards import modules
from tools.runtime import MICROPYTHON, environment


def test_images_can_be_made_at_the_same_time(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "main.mpy").write_bytes(bytes(1000))
    image = tmp_path / "sim.romfs"
    errors: list[BaseException] = []

    def make() -> None:
        try:
            simulation.make_image(tree, image)
        except BaseException as e:
            errors.append(e)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and image.exists()
    assert list(tmp_path.glob("*.new")) == []


def test_a_copy_has_no_passing_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """mpremote makes main.mpy beside main.py and removes it: the copies wait for it."""

    def make_image(tree: Path, _: Path) -> None:
        (tree / "main.mpy").touch()
        time.sleep(0.02)
        (tree / "main.mpy").unlink()

    monkeypatch.setattr(simulation, "make_image", make_image)
    with ThreadPoolExecutor() as pool:
        list(pool.map(simulation.copy_built, [tmp_path / str(i) for i in range(2)]))
    kept = [sorted(path.name for path in (tmp_path / str(i)).iterdir()) for i in range(2)]
    assert kept == kept[:1] * 2
    assert "main.py" in kept[0] and "main.mpy" not in kept[0]


def test_a_reset_restarts_with_a_full_disk(tmp_path: Path) -> None:
    for name in ("rtc", "reset"):
        script = (
            "import os, sys\n"
            f"sys.argv[1:] = ['--data', {str(tmp_path)!r}]\n"
            "from hardware import Board\n"
            "board = Board()\n"
            f"os.system('ln -sf /dev/full {tmp_path}/{name}')\n"
            "board.rtc_write(bytes(5000)[:2000])\n"
            "board.reset(3)\n"
        )
        done = subprocess.run(
            [MICROPYTHON, "-c", script],
            env=environment("boards/sim", modules("sim")[-1].parent, "firmware"),
            text=True, capture_output=True, timeout=PATIENCE_S,
        )  # fmt: skip
        assert done.returncode == simulation.RESTART_EXIT_CODE, done.stderr
        (tmp_path / name).unlink()
