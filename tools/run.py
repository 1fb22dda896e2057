"""Run the firmware on this machine with a simulated meter or a serial adapter.

    python -m tools.run [--meter aidon|kaifa|kamstrup|FILE] [--baud 2400] [--parity 8E1] [--invert]
                        [--speed N] [--http-port 8080] [--mqtt 127.0.0.1:1883] [--data DIR]
                        [--past DAYS] [--prices] [--serial /dev/ttyUSB0] [--ntp HOST:PORT]
                        [--panel DIR] [--radio DIR] [--dns-port N]

Prints the address of the page. Ctrl-C stops both. State is kept in the data folder. --prices
sets the price area NO1 there, and the certificate of a market of made-up prices on this machine.
"""

import argparse
import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tools import simulation
from tools.build import BuildError
from tools.market import HOSTS, Household
from tools.page import PageError
from tools.price_server import Answer, Authority, Server
from tools.runtime import ROOT

PRICES = {"price_enabled": True, "price_area": "10YNO-1--------2", "price_currency": "NOK"}


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="python -m tools.run", description="Firmware and meter.")
    meter = p.add_argument_group("meter")
    meter.add_argument("--meter", default="aidon", help="aidon, kaifa, kamstrup or a capture file")
    meter.add_argument("--country", help="no, se or dk, as the vendor allows")
    meter.add_argument("--grid", help="tn, it or 1p")
    meter.add_argument("--baud", default="2400")
    meter.add_argument("--parity", default="8E1", help="8E1, 8N1, 7E1 or 7N1")
    meter.add_argument("--invert", action="store_true", help="the line is inverted")
    meter.add_argument(
        "--speed", type=float, default=1, help="times as fast as real, for meter and firmware"
    )
    meter.add_argument("--solar", action="store_true", help="the house has solar panels")
    meter.add_argument("--serial", metavar="DEVICE", help="a real adapter instead of a simulation")
    firmware = p.add_argument_group("firmware")
    firmware.add_argument("--http-port", type=int, default=8080)
    firmware.add_argument("--mqtt", default="", metavar="HOST:PORT", help="publish to this broker")
    firmware.add_argument(
        "--ntp", default="", metavar="HOST:PORT", help="start without a time and ask this server"
    )
    firmware.add_argument(
        "--panel",
        type=Path,
        metavar="DIR",
        help="a folder for lights and a button: docs/device.md",
    )
    firmware.add_argument(
        "--radio",
        type=Path,
        metavar="DIR",
        help="a folder for the air, supply and temperatures: boards/sim/radio.py",
    )
    firmware.add_argument(
        "--dns-port", type=int, default=0, metavar="N", help="UDP port of the setup mode's DNS"
    )
    firmware.add_argument(
        "--past",
        type=int,
        default=0,
        metavar="DAYS",
        help="make a history of DAYS days if there is none",
    )
    firmware.add_argument(
        "--prices", action="store_true", help="fetch made-up prices of NO1 from this machine"
    )
    firmware.add_argument(
        "--data", type=Path, default=ROOT / "data", help="folder of the firmware's state"
    )
    return p


def meter_options(args: argparse.Namespace, since: float) -> list[str]:
    """Options of tools.meter for these arguments; since: real unix time of the start."""
    if args.serial:
        return ["--serial", args.serial]
    options = ["--meter", args.meter, "--baud", args.baud, "--parity", args.parity]
    options += ["--speed", str(args.speed), "--since", str(since)]
    options += ["--start", datetime.fromtimestamp(since, UTC).isoformat()]
    for name in ("country", "grid"):
        if getattr(args, name):
            options += ["--" + name, getattr(args, name)]
    return options + ["--" + name for name in ("invert", "solar") if getattr(args, name)]


def in_use(port: int) -> bool:
    """Whether a server listens on the port already."""
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


def check(args: argparse.Namespace) -> str:
    """The error in the options, for the terminal; "" = none."""
    for name, port in (("mqtt", 1883), ("ntp", 123)):
        peer = getattr(args, name)
        if peer and not (":" in peer and peer.rsplit(":", 1)[1].isdigit()):
            return f"--{name} takes HOST:PORT, for example 127.0.0.1:{port}"
    if in_use(args.http_port):
        return f"port {args.http_port} is in use: choose another with --http-port"
    return ""


def main() -> int:
    args = parser().parse_args()
    trouble = check(args)
    if trouble:
        print("run: " + trouble, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if args.past and not (args.data / "journal").exists() and make_past(args):
        return 1
    since = time.time()
    with contextlib.ExitStack() as stack:
        try:
            simulation.prepare()
            meter, wire_port = simulation.start_meter(meter_options(args, since))
        except (BuildError, PageError, RuntimeError) as e:
            print(f"run: {e}", file=sys.stderr)
            return 1
        stack.callback(simulation.stop, meter)
        hosts = ""
        if args.prices:
            server = stack.enter_context(open_market(args, since))
            hosts = f"127.0.0.1:{server.port}"
        with contextlib.suppress(KeyboardInterrupt):
            return serve(args, meter, wire_port, since, hosts)
    return 0


def open_market(args: argparse.Namespace, since: float) -> Server:
    """A server of prices, which the settings in the data folder then name."""
    market, authority = Household(datetime.fromtimestamp(since, UTC).date()), Authority()

    def answer(host: str, path: str) -> Answer:
        market.know(since + (time.time() - since) * args.speed)
        return market(host, path)

    args.data.mkdir(parents=True, exist_ok=True)
    (args.data / "price-ca").write_bytes(authority.der)
    settings = args.data / "config.json"
    stored = json.loads(settings.read_text()) if settings.exists() else {}
    settings.write_text(json.dumps({**stored, **PRICES}))
    return Server(answer, authority.context(*HOSTS))


def make_past(args: argparse.Namespace) -> int:
    """Fill the data folder with a history of the same household. Returns the exit code."""
    options = ["--data", str(args.data.resolve()), "--days", str(args.past)]
    options += ["--grid", args.grid] if args.grid else []
    options += ["--solar"] if args.solar else []
    command = [sys.executable, "-m", "tools.past", *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def serve(
    args: argparse.Namespace,
    meter: "subprocess.Popen[str]",
    wire_port: int,
    since: float,
    hosts: str,
) -> int:
    """Run the firmware until Ctrl-C or an unexpected end; start it again after a reset."""
    clock = None if args.serial or args.speed == 1 else (since, since, args.speed)
    while True:
        firmware = simulation.start_firmware(
            wire_port, args.http_port, args.data, args.mqtt, clock=clock, ntp=args.ntp,
            panel=args.panel, radio=args.radio, dns_port=args.dns_port, hosts=hosts,
        )  # fmt: skip
        try:
            if simulation.wait_for_http(args.http_port, 60, firmware):
                url = f"http://127.0.0.1:{args.http_port}/"
                print(f"\n  open  {url}   (Ctrl-C stops)\n", flush=True)
            while firmware.poll() is None:
                if meter.poll() is not None:
                    words = meter.stderr.read() if meter.stderr else ""
                    print("run: the meter ended", words, file=sys.stderr)
                    return 1
                time.sleep(0.2)
        finally:
            simulation.stop(firmware)
        if firmware.returncode != simulation.RESTART_EXIT_CODE:
            print(f"run: the firmware ended with {firmware.returncode}", file=sys.stderr)
            return 1
        print("run: the firmware asked for a reset", flush=True)


if __name__ == "__main__":
    sys.exit(main())
