"""A board without a line to a meter, such as an ESP32 with PSRAM on the line's pins."""

import subprocess
import time
from pathlib import Path

from tests.timing import PATIENCE_S
from tools import simulation


def test_a_board_without_a_line_logs_it_and_serves_the_page(tmp_path: Path) -> None:
    simulation.prepare()
    port = simulation.free_port()
    with (tmp_path / "log").open("w") as log:
        firmware = simulation.start_firmware(
            0, port, tmp_path / "data", stdout=log, stderr=subprocess.STDOUT
        )
    try:
        assert simulation.wait_for_http(port, PATIENCE_S, firmware)
        time.sleep(7)  # a service that fails three times, 2 s apart, restarts the firmware
        assert simulation.wait_for_http(port, PATIENCE_S, firmware)
    finally:
        simulation.stop(firmware)
    text = (tmp_path / "log").read_text()
    assert text.count("meter: no line: no wire") == 1, text
    assert "starting it again" not in text
