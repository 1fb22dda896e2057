"""The radio sleeps between two passes of the loop: at rest they are at least 10 ms apart."""

import json
import os
import subprocess
from pathlib import Path

from tools import boards, simulation

ROOT = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("idle_probe.py")
SECONDS = 10


def test_the_loop_rests_ten_milliseconds(tmp_path: Path) -> None:
    simulation.prepare()
    path = [ROOT / "firmware", *boards.folders("sim"), ROOT / "build/lib"]
    meter, wire = simulation.start_meter(["--meter", "kaifa"])
    try:
        done = subprocess.run(
            [ROOT / ".venv/bin/micropython", "-X", "heapsize=2m", PROBE,
             "--wire", f"127.0.0.1:{wire}", "--http-port", str(simulation.free_port()),
             "--data", tmp_path],
            env={**os.environ, "MICROPYPATH": ":".join([*map(str, path), ".frozen"])},
            input=json.dumps({"begin": 8, "seconds": SECONDS}) + "\n",
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    finally:
        simulation.stop(meter)
    assert done.returncode == 0, done.stdout + done.stderr
    *log, report = done.stdout.splitlines()
    assert any("meter: found" in line for line in log), log
    passes = json.loads(report)["passes"] / SECONDS
    print(f"{passes:.0f} passes a second")
    # Some 64: 50 looks at the line, 10 of the lights, 4 of the web server; less on a busy PC.
    assert 5 < passes <= 100
