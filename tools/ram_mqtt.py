"""Heap that MQTT takes on the stand-in: resident, with TLS, and while it announces itself.

    python -m tools.ram_mqtt        prints the figures; exit code 1 above a limit

resident    live octets with a broker after minus without one: publisher, client, payload 0,
            buffers, tasks; at most LIMIT. With TLS and a client certificate: MicroPython's
            context and socket take 2 KB more, at most LIMIT_TLS; mbedTLS's own memory is outside
            of the heap, on the stand-in as on a chip
high water  the greatest live octets at the end of any collection in the first seconds with a
            broker, of a payload: what it needs to announce the reader comes on top of the resident
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from tools import rig, simulation
from tools.authority import Authority, der, key_der, new_key, pem

LIMIT = 6144
LIMIT_TLS = 8192
_HEAP = "112k"
_SETTLE_S = 12  # telegrams come, and all kinds of messages are published
_JSON, _HOME_ASSISTANT = 0, 4


def _broker(folder: Path, authority: "Authority | None") -> "tuple[subprocess.Popen[bytes], int]":
    port = simulation.free_port()
    settings = f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n"
    if authority:
        certificate, key = authority.write(folder, "localhost", names=["localhost"])
        (folder / "ca.pem").write_bytes(pem(authority.certificate))
        settings += f"cafile {folder}/ca.pem\ncertfile {certificate}\nkeyfile {key}\n"
        settings += "require_certificate true\n"
    (folder / "mosquitto.conf").write_text(settings)
    path = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    command = [path, "-c", str(folder / "mosquitto.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rig.until(lambda: rig.listens(port), 10)
    return process, port


def measure(broker: bool, tls: bool = False, payload: int = _JSON) -> dict[str, int]:
    """Heap statistics of a firmware with a Kaifa line, at rest. RuntimeError if the broker was not
    connected."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        data = folder / "data"
        data.mkdir()
        authority = Authority("Home CA") if tls else None
        process, port = _broker(folder, authority)
        line = rig.kaifa()
        settings: dict[str, Any] = {**line.settings, "mqtt_payload": payload}
        if broker:
            settings |= {"mqtt_host": "localhost", "mqtt_port": port, "mqtt_tls": int(tls)}
        if authority:
            key = new_key()
            (data / "mqtt-ca").write_bytes(der(authority.certificate))
            (data / "mqtt-cert").write_bytes(der(authority.sign("reader", key)))
            (data / "mqtt-key").write_bytes(key_der(key))
        (data / "config.json").write_text(json.dumps(settings))
        meter, wire = simulation.start_meter(line.options)
        http = simulation.free_port()
        firmware = simulation.start_firmware(
            wire, http, data, heap=_HEAP, standin=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            if not simulation.wait_for_http(http, 30, firmware):
                raise RuntimeError("the firmware did not start")
            time.sleep(_SETTLE_S)
            found = simulation.heap_of(firmware, data, collect=True)
            with urllib.request.urlopen(f"http://127.0.0.1:{http}/data.json") as answer:
                light = json.load(answer)["mm"]
            if light != int(broker):
                raise RuntimeError(f"the light of MQTT is {light}")
            return found
        finally:
            for one in (firmware, meter, process):
                simulation.stop(one)


def figures() -> dict[str, int]:
    """All figures. The stand-in must be prepared."""
    without = measure(False)
    plain = measure(True)
    secure = measure(True, tls=True)
    home = measure(True, payload=_HOME_ASSISTANT)
    return {
        "mqtt_resident": plain["live"] - without["live"],
        "mqtt_resident_tls": secure["live"] - without["live"],
        "mqtt_high_water": plain["high_water"],
        "mqtt_high_water_home_assistant": home["high_water"],
        "mqtt_resident_home_assistant": home["live"] - without["live"],
    }


def show(found: dict[str, int]) -> bool:
    """Print the figures. Whether one is above its limit."""
    above = False
    for name, octets in found.items():
        limit = 0
        if name.startswith("mqtt_resident"):
            limit = LIMIT_TLS if name.endswith("tls") else LIMIT
        print(f"{octets:9}  {name}" + (f", at most {limit}" if limit else ""), flush=True)
        above |= bool(limit) and octets > limit
    return above


def main() -> int:
    simulation.prepare_standin()
    return int(show(figures()))


if __name__ == "__main__":
    sys.exit(main())
