"""Runs Home Assistant itself, with MQTT alone, for tests of what the firmware announces.

    python -m tools.homeassistant     install both versions into build/homeassistant

OLD    2024.3.3, the newest for Python 3.11, in an environment of that Python
NEW    2026.2.3, for Python 3.13: in a Debian trixie of its own folder, by debootstrap and chroot.
       It takes root, the network, a few minutes and 1.5 GB
Errors InstallError, with the output of the command that failed
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from tools import debian
from tools.runtime import ROOT
from tools.simulation import free_port

OLD = "2024.3.3"
NEW = "2026.2.3"
_FOLDER = ROOT / "build" / "homeassistant"
_SUITE = "trixie"
_INCLUDED = "python3,python3-venv,python3-dev,ca-certificates,gcc,g++,libc6-dev,make"
# Of the integration MQTT and those that it needs: Home Assistant's own file has the versions.
_PACKAGES = ("paho-mqtt", "numpy")
_OLD_PACKAGES = ("janus", "josepy<2")  # of Home Assistant Cloud, which the API imports
_INSTALL_S = 1800
_START_S = 600
# In complaints of Home Assistant that its machine is slow.
_LATE = ("is taking over", "taking longer than", "took longer than", "Waiting on integrations",
         "Waiting for integrations", "blocking Home Assistant from wrapping up")  # fmt: skip

# Run by Home Assistant's Python: FOLDER HTTP_PORT BROKER_PORT. It prints a token for the API, then
# answers the lines "registry" and "tables" of its input with a line of JSON.
_START = """
import asyncio, json, sys
from pathlib import Path

from homeassistant import bootstrap, runner
from homeassistant.components.sensor import const as sensor
from homeassistant.helpers import entity_registry

folder, http, broker = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
storage = folder / ".storage"
if not storage.exists():
    storage.mkdir(parents=True)
    (folder / "configuration.yaml").write_text(
        "homeassistant:\\n  time_zone: Europe/Oslo\\n  currency: NOK\\n"
        "http:\\n  server_host: 127.0.0.1\\n  server_port: %d\\n"
        "api:\\nlogger:\\n  default: warning\\n" % http
    )
    entry = {
        "entry_id": "mqtt", "version": 1, "minor_version": 1, "domain": "mqtt", "title": "MQTT",
        "data": {"broker": "127.0.0.1", "port": broker, "discovery": True}, "options": {},
        "pref_disable_new_entities": False, "pref_disable_polling": False, "source": "user",
        "unique_id": None, "disabled_by": None,
    }
    (storage / "core.config_entries").write_text(json.dumps({
        "version": 1, "minor_version": 1, "key": "core.config_entries",
        "data": {"entries": [entry]},
    }))
# Without these, as they need packages that MQTT does not.
bootstrap.DEFAULT_INTEGRATIONS = set()
bootstrap.FRONTEND_INTEGRATIONS = set()
bootstrap.CRITICAL_INTEGRATIONS = set()


def registry(hass):
    found = entity_registry.async_get(hass).entities.values()
    return [{"id": e.id, "entity_id": e.entity_id, "unique_id": e.unique_id} for e in found]


def tables(hass):
    return {
        "units": {
            str(c.value): [None if u is None else str(getattr(u, "value", u)) for u in units]
            for c, units in sensor.DEVICE_CLASS_UNITS.items()
        },
        "states": {
            str(c.value): [str(s.value) for s in states]
            for c, states in sensor.DEVICE_CLASS_STATE_CLASSES.items()
        },
        "classes": [str(c.value) for c in sensor.SensorDeviceClass],
    }


async def main():
    config = runner.RuntimeConfig(config_dir=str(folder), skip_pip=True)
    hass = await bootstrap.async_setup_hass(config)
    user = await hass.auth.async_create_user("test", group_ids=["system-admin"])
    token = await hass.auth.async_create_refresh_token(user, client_id="https://test.example/")
    print("token " + hass.auth.async_create_access_token(token), flush=True)
    asyncio.get_running_loop().create_task(serve(hass))
    await hass.async_run()


async def serve(hass):
    while line := await asyncio.to_thread(sys.stdin.readline):
        answer = {"registry": registry, "tables": tables}[line.strip()](hass)
        print("answer " + json.dumps(answer), flush=True)
    await hass.async_stop()


asyncio.run(main())
"""


class InstallError(Exception):
    """A version of Home Assistant could not be installed."""


def install(version: str) -> list[str]:
    """Install a version, unless it is. Returns the command that runs its Python."""
    folder = _FOLDER / version
    done = folder / "done"
    if version == OLD:
        command = [str(folder / "bin" / "python")]
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(folder)])
            _pip(command, version, _OLD_PACKAGES + _PACKAGES)
    else:
        command = ["chroot", str(folder), "/homeassistant/bin/python"]
        if not done.exists():
            _debian(folder)
            _run(["chroot", str(folder), "python3", "-m", "venv", "/homeassistant"])
            _pip(command, version, _PACKAGES)
    done.touch()
    return command


def _debian(folder: Path) -> None:
    """A Debian with Python, a compiler and this machine's addresses and certificates."""
    if os.geteuid():
        raise InstallError("a chroot for Home Assistant needs root")
    if not shutil.which("debootstrap"):
        _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "debootstrap"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run([
        "debootstrap", "--variant=minbase", f"--include={_INCLUDED}", _SUITE, str(folder),
        debian.mirror(),
    ])  # fmt: skip
    for path in ("/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"):
        shutil.copyfile(path, str(folder) + path)


def _pip(command: list[str], version: str, packages: tuple[str, ...]) -> None:
    """Home Assistant and packages, in the versions of its own file, which is in its package."""
    pip = [*command, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = f"homeassistant=={version}"
    _run([*pip, "--no-deps", wanted])
    asked = "import homeassistant as h; print(h.__path__[0])"
    place = _run([*command, "-c", asked]).strip()
    _run([*pip, "-c", place + "/package_constraints.txt", wanted, *packages])


def _run(command: list[str]) -> str:
    """Run a command. Returns its output; InstallError with it if it fails."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    try:
        done = subprocess.run(
            command, text=True, capture_output=True, timeout=_INSTALL_S, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as e:
        raise InstallError(f"{' '.join(command)}: {e}") from None
    if done.returncode:
        raise InstallError(f"{' '.join(command)}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


class HomeAssistant:
    """A running Home Assistant that is connected to a broker.

    folder  of its configuration: an earlier one is used again. With NEW it is in the chroot
    """

    def __init__(self, version: str, folder: Path, broker: int) -> None:
        self._python = install(version)
        self._root = _FOLDER / version if version == NEW else None
        self._folder = folder
        self._broker = broker
        self._http = free_port()
        self.log: list[str] = []
        self._answers: list[str] = []
        self._start()

    def _start(self) -> None:
        folder = str(self._folder)
        if self._root:
            folder = "/tmp" + folder
        self._token = ""
        self._process = subprocess.Popen(
            [*self._python, "-c", _START, folder, str(self._http), str(self._broker)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        for take in (self._take_answers, self._take_log):
            threading.Thread(target=take, args=(self._process,), daemon=True).start()
        end = time.monotonic() + _START_S
        while not self._token:
            if time.monotonic() > end or self._process.poll() is not None:
                self._process.kill()
                raise InstallError("Home Assistant did not start:\n" + "\n".join(self.log))
            time.sleep(0.1)

    def _take_answers(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("answer "):
                self._answers.append(line[7:])
            elif line.startswith("token "):
                self._token = line[6:].strip()

    def _take_log(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr
        for line in process.stderr:
            self.log.append(line.rstrip("\n"))

    def restart(self) -> None:
        """Stop it and start it again with the same configuration."""
        self._stop()
        self._start()

    def _stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(_START_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Stop it, and remove its folder from the chroot."""
        self._stop()
        if self._root:
            shutil.rmtree(str(self._root) + "/tmp" + str(self._folder), ignore_errors=True)

    def ask(self, what: str) -> Any:
        """The answer to "registry" or "tables"."""
        assert self._process.stdin
        count = len(self._answers)
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        end = time.monotonic() + _START_S
        while len(self._answers) == count:
            assert time.monotonic() < end, "no answer from Home Assistant"
            time.sleep(0.05)
        return json.loads(self._answers[-1])

    def request(self, path: str, body: "dict | None" = None) -> Any:
        """GET or POST to the REST API, with the token."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._http}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": "Bearer " + self._token, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=_START_S) as answer:
            return json.load(answer)

    def states(self) -> dict[str, dict]:
        """The state of each entity by its id, from the REST API."""
        try:
            return {state["entity_id"]: state for state in self.request("/api/states")}
        except OSError:  # it starts
            return {}

    def complaints(self) -> list[str]:
        """Warnings and errors of its log that concern MQTT, entities or templates, but none that
        a busy machine makes."""
        words = ("mqtt", "sensor", "template", "entity", "ams")
        lines = [line for line in self.log if " WARNING " in line or " ERROR " in line]
        lines = [line for line in lines if not any(late in line for late in _LATE)]
        return [line for line in lines if [word for word in words if word in line.lower()]]


if __name__ == "__main__":
    for name in (OLD, NEW):
        print(name, "runs with", " ".join(install(name)))
