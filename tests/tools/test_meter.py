"""The meter as a process: a reader on TCP, commands on stdin, telegrams in the log."""

import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from itertools import islice, pairwise
from pathlib import Path

import pytest

from tests.timing import PATIENCE_S, wait_until
from tools.encoders.hdlc import crc16_x25

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A running meter. Lines of stdout are sorted: log lines are JSON, answers are not."""

    def __init__(self, *options):
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "tools.meter", *options],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        first = self.popen.stdout.readline()
        assert first.startswith("listening 127.0.0.1:"), self.popen.stderr.read()
        self.port = int(first.rsplit(":", 1)[1])
        self.logged, self.answers = queue.Queue(), queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.popen.stdout:
            (self.logged if line.startswith("{") else self.answers).put(line)

    def log(self):
        return json.loads(self.logged.get(timeout=PATIENCE_S))

    def log_of_list(self, number):
        while (entry := self.log())["list"] != number:
            pass
        return entry

    def command(self, text):
        self.popen.stdin.write(text + "\n")
        self.popen.stdin.flush()
        return self.answers.get(timeout=PATIENCE_S).strip()

    def reader(self, settings="2400 8E1 0"):
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        sock.sendall(f"L {settings}\n".encode())
        return sock

    def end(self):
        self.popen.kill()
        self.popen.wait(PATIENCE_S)


@pytest.fixture
def start():
    running = []

    def start(*options):
        running.append(Process(*options))
        return running[-1]

    yield start
    for process in running:
        process.end()


def frames(sock, count):
    """The next complete frames with a good FCS, from any point of the stream."""
    return list(islice(all_frames(sock), count))


def all_frames(sock):
    """Generates the complete frames with a good FCS, from any point of the stream."""
    stream = b""
    while True:
        chunk = sock.recv(4096)
        assert chunk, "the meter closed the line"
        stream += chunk
        while found := re.search(b"\x7e[\xa0\xa1]", stream):  # the first one of either length
            at = found.start()
            end = at + (int.from_bytes(stream[at + 1 : at + 3], "big") & 0x7FF) + 2
            if len(stream) < at + 3 or len(stream) < end:
                break
            frame = stream[at:end]
            good = frame[-1] == 0x7E and crc16_x25(frame[1:-1]) ^ 0xFFFF == 0xF0B8
            stream = stream[end if good else at + 1 :]
            if good:
                yield frame


def receive(sock, seconds):
    """All octets that arrive within that time; to see that none do, or that some do."""
    sock.settimeout(0.05)
    got, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            got += sock.recv(4096)
        except TimeoutError:
            pass
    return got


def received(sock, octets):
    """Wait until these octets have arrived. All that have."""
    sock.settimeout(PATIENCE_S)
    got = b""
    while octets not in got and (chunk := sock.recv(4096)):
        got += chunk
    return got


def silent(sock):
    """Wait until no octet has arrived for a while: the current telegram has ended."""
    wait_until(lambda: receive(sock, 0.3) == b"")


@pytest.mark.parametrize(
    ("options", "lengths"),
    [
        (("--meter", "aidon"), {44, 288, 396}),
        (("--meter", "kaifa", "--grid", "1p"), {41, 103, 137}),
        (("--meter", "kamstrup", "--parity", "8N1"), {228, 302}),
        (("--meter", "kamstrup", "--country", "dk"), {461}),
    ],
)
def test_every_list_arrives_complete_over_a_full_hour(start, options, lengths):
    # The clock starts before the reader is connected: a minute of it is 0.6 s, an hour 36 s.
    process = start(*options, "--speed", "100", "--start", "2026-01-31T17:55:00")
    reader = process.reader("2400 8N1 0" if "8N1" in options else "2400 8E1 0")
    coming, got = all_frames(reader), set()

    def all_came():
        got.update(len(frame) for frame in islice(coming, 5))
        return got >= lengths

    wait_until(all_came, about=lambda: got)
    assert got == lengths


def timed_bursts(sock, seconds):
    """Bursts that arrive within that time, split at silence: [(time, octets), ...] each."""
    bursts, until = [], time.monotonic() + seconds
    sock.settimeout(0.05)
    while time.monotonic() < until:
        try:
            chunk = sock.recv(4096)
        except TimeoutError:
            continue
        now = time.time()
        if not bursts or now - bursts[-1][-1][0] > 0.3:
            bursts.append([])
        bursts[-1].append((now, chunk))
    return bursts


def test_octets_arrive_at_the_speed_of_the_line(start):
    # list 1 every second: 41 octets of 11 bits at 2400 baud take 188 ms
    process = start("--meter", "kaifa", "--log", "--interval", "5")
    reader = process.reader()
    bursts, logged = [], []

    def one_in_time():
        # a busy machine delays some of them: one must have the right speed
        bursts.extend(b for b in timed_bursts(reader, 5) if sum(len(c) for _, c in b) == 41)
        while not process.logged.empty():
            logged.append(process.log())
        return any(0.150 < b[-1][0] - b[0][0] < 0.220 and len(b) > 5 for b in bursts) and any(
            abs(b[-1][0] - entry["t"]) < 0.02 for b in bursts for entry in logged
        )

    wait_until(one_in_time, about=lambda: (bursts, logged))
    times = [entry["meter_time"] % 1 for entry in logged if entry["octets"] == 41]
    assert times and all(0.187 < t < 0.189 for t in times)


def test_the_default_start_is_now(start):
    entry = start("--meter", "kaifa", "--log").log()
    # It is logged at the end of the telegram, later on a busy machine.
    assert -1 < entry["t"] - entry["meter_time"] < 30
    assert -1 < time.time() - entry["t"] < 30


def test_log_has_the_power_of_the_frame(start):
    process = start("--meter", "kaifa", "--log", "--speed", "20")
    assert process.command("power 4321") == "ok"
    reader = process.reader()
    frames(reader, 3)  # the fixed power applies from the next step of 2 s
    (frame,) = [f for f in frames(reader, 5) if len(f) == 41][:1]
    assert frame[-7:-3] == (4321).to_bytes(4, "big")
    while process.log()["power_import_w"] != 4321:
        pass
    assert process.log()["power_import_w"] == 4321


def test_wrong_settings_read_garbage_until_corrected(start):
    process = start("--meter", "kaifa", "--speed", "20", "--invert", "--parity", "8N1")
    reader = process.reader("2400 8N1 0")
    garbage = reader.recv(4096) + receive(reader, 1)
    assert garbage and b"\x7e\xa0\x27\x01\x02\x01\x10" not in garbage
    reader.settimeout(PATIENCE_S)
    reader.sendall(b"L 2400 8N1 1\n")
    assert frames(reader, 2)


def test_an_8n1_reader_reads_an_8e1_meter(start):
    process = start("--meter", "kaifa", "--speed", "20")
    assert frames(process.reader("2400 8N1 0"), 2)


def test_a_reader_without_settings_gets_no_octets(start):
    process = start("--meter", "kaifa", "--speed", "20")
    sock = socket.create_connection(("127.0.0.1", process.port))
    assert receive(sock, 0.5) == b""
    sock.sendall(b"what?\n")
    assert receive(sock, 0.3) == b""


def test_the_newest_reader_wins_and_a_lost_one_is_no_error(start):
    process = start("--meter", "kaifa", "--speed", "20")
    first = process.reader()
    frames(first, 1)
    second = process.reader()
    frames(second, 1)
    first.settimeout(PATIENCE_S)
    while first.recv(4096):
        pass  # the meter has closed it
    second.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    second.close()  # with a reset
    assert frames(process.reader(), 2)


def test_time_goes_on_without_a_reader(start):
    process = start("--meter", "kaifa", "--speed", "20", "--log")
    times = [process.log()["meter_time"] for _ in range(20)]
    steps = [round(b - a) for a, b in pairwise(times)]
    # A delayed meter skips telegrams; it does not shift them.
    assert min(steps) == 2 and all(step % 2 == 0 for step in steps)


def test_line_commands_change_the_line(start):
    process = start("--meter", "kaifa", "--speed", "20")
    for command in ("baud 9600", "parity 8N1", "invert 1"):
        assert process.command(command) == "ok"
    assert frames(process.reader("9600 8N1 1"), 2)
    assert process.command("invert 0") == "ok"
    assert frames(process.reader("9600 8N1 0"), 2)


def test_pause_and_resume(start):
    process = start("--meter", "kaifa", "--speed", "50", "--log")
    last = [process.log()["meter_time"]]
    assert process.command("pause") == "ok"

    def none_in_a_while():
        time.sleep(0.5)
        count = len(last)
        while not process.logged.empty():
            last.append(process.log()["meter_time"])
        return len(last) == count

    wait_until(none_in_a_while)  # the current telegram has ended
    assert process.command("resume") == "ok"
    assert process.log()["meter_time"] - last[-1] > 20  # skipped telegrams are lost


def test_send_puts_octets_on_the_line(start):
    process = start("--meter", "kaifa", "--speed", "50")
    process.command("pause")
    reader = process.reader()
    silent(reader)
    assert process.command("send " + "5A" * 8) == "ok"  # behind a telegram that has stood still
    received(reader, b"\x5a" * 8)
    assert process.command("send 7E 01 02 03") == "ok"
    assert process.command("send ff00") == "ok"
    octets = b"\x7e\x01\x02\x03\xff\x00"
    assert received(reader, octets) + receive(reader, 0.3) == octets


def test_wrong_commands_get_an_error(start):
    process = start("--meter", "kaifa")
    for command in (
        "baud", "baud x", "baud 0", "parity 9N1", "invert 2", "send", "send 7", "send zz",
        "power", "power lots", "power 500001", "hello", "pause 3",
    ):  # fmt: skip
        assert process.command(command).startswith("error "), command
    assert process.command("pause") == "ok"


def test_noise_breaks_frames(start):
    process = start("--meter", "kaifa", "--speed", "50", "--noise", "1")
    process.command("pause")
    reader = process.reader()
    silent(reader)
    process.command("send " + "55" * 20)
    reader.settimeout(PATIENCE_S)
    got = b""
    while len(got) < 20 and (chunk := reader.recv(4096)):
        got += chunk
    # one data bit of every octet is inverted
    assert [(octet ^ 0x55).bit_count() for octet in got] == [1] * 20


def test_captures_are_sent_in_a_loop(start, tmp_path):
    file = tmp_path / "two.hex"
    file.write_text("# made up\n7E 01 7E\n\nAA BB\n")
    process = start("--meter", str(file), "--interval", "2", "--speed", "20", "--log")
    entry = process.log()
    assert entry["list"] is None and entry["power_import_w"] is None
    octets = b"\x7e\x01\x7e\xaa\xbb\x7e\x01\x7e"
    assert octets in received(process.reader(), octets)
    assert process.command("power 5").startswith("error ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_the_meter_with_exit_code_0(start, number):
    process = start("--meter", "aidon")
    reader = process.reader()
    process.popen.send_signal(number)
    assert process.popen.wait(PATIENCE_S) == 0
    assert process.popen.stderr.read() == ""
    reader.close()


def test_quit_and_the_end_of_stdin(start):
    process = start("--meter", "aidon")
    assert process.command("quit") == "ok"
    assert process.popen.wait(PATIENCE_S) == 0
    process = start("--meter", "kaifa", "--log", "--speed", "50")
    process.popen.stdin.close()
    process.log()
    process.log_of_list(2)
    assert process.popen.poll() is None


def ended(*options):
    """A meter that ends by itself, without stdin."""
    return subprocess.run(
        [sys.executable, "-m", "tools.meter", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_S,
    )


@pytest.mark.parametrize(
    "options",
    [
        ("--meter", "nobody"),
        ("--meter", "kaifa", "--country", "dk"),
        ("--country", "xx"),
        ("--country", "se", "--grid", "it"),
        ("--baud", "fast"),
        ("--parity", "9E1"),
        ("--speed", "0"),
        ("--noise", "2"),
        ("--port", "65536"),
        ("--start", "yesterday"),
        ("--interval", "0"),
        ("--serial", "/dev/there-is-none"),
        ("--unknown",),
    ],
)
def test_wrong_arguments_give_one_line_and_exit_code_2(options):
    done = ended(*options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("meter: ") and done.stderr.count("\n") == 1
    assert len(done.stderr) < 200


def test_a_port_in_use_is_an_error(start):
    process = start("--meter", "aidon")
    done = ended("--port", str(process.port))
    assert done.returncode == 2 and "address" in done.stderr.lower()


def test_serial_adapter_is_passed_on(start):
    adapter, terminal = os.openpty()
    try:
        process = start("--serial", os.ttyname(terminal))
        reader = process.reader("9600 8E1 1")
        assert "invert" in process.popen.stderr.readline()
        assert "refuses parity E, it stays N" in process.popen.stderr.readline()  # no pty has it
        got = []

        def passed_on():  # the adapter's input is dropped when it is set
            os.write(adapter, b"\x7e\x00\xff\x0d\x0a")
            got.append(receive(reader, 0.5))
            return got[-1]

        wait_until(passed_on)
        octets = b"".join(got) + receive(reader, 0.5)
        assert octets == b"\x7e\x00\xff\x0d\x0a" * (len(octets) // 5)
        assert process.command("pause").startswith("error ")
        assert process.command("quit") == "ok"
        assert process.popen.wait(PATIENCE_S) == 0
    finally:
        os.close(adapter)
        os.close(terminal)
