"""Brokers for the MQTT client's tests: a real mosquitto, and peers that misbehave.

A Peer misbehaves towards its first client and relays the later ones to a real broker: one address
first fails and then works, like a restarted broker.
"""

import contextlib
import json
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.timing import PATIENCE_S, wait_until
from tools.simulation import free_port

CONNACK = b"\x20\x02\x00\x00"
Behaviour = Callable[[socket.socket], None]


def program(name: str) -> str:
    """Path of one of mosquitto's programs; AssertionError if it is not installed."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    assert path, f"{name} is not installed"
    return path


class Mosquitto:
    """A real broker on a free loopback port; `settings` are further lines of its file."""

    def __init__(
        self, folder: Path, settings: str = "allow_anonymous true\n", port: int = 0
    ) -> None:
        self.port = port or free_port()
        config = folder / "mosquitto.conf"
        config.write_text(
            f"listener {self.port} 127.0.0.1\npersistence false\nuser root\n{settings}"
        )
        self._log = (folder / "mosquitto.log").open("wb")
        self._process = subprocess.Popen(
            [program("mosquitto"), "-c", str(config)], stdout=self._log, stderr=self._log
        )
        wait_until(self._answers, about=(folder / "mosquitto.log").read_text)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        return False

    def close(self) -> None:
        """Stop the broker."""
        self._process.terminate()
        self._process.wait()
        self._log.close()

    def kill(self) -> None:
        """End the broker at once, as a power cut does."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    def freeze(self) -> None:
        """Stop the broker's process; its connections stay open."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def publish(self, topic: str, payload: bytes, *options: str) -> None:
        """Publish with mosquitto_pub."""
        command = [program("mosquitto_pub"), "-p", str(self.port), "-t", topic, *options]
        command.append("-s" if payload else "-n")
        subprocess.run(command, input=payload, check=True)

    def subscriber(self, topic: str, count: int, patience_s: float = PATIENCE_S) -> "Subscriber":
        """A mosquitto_sub that has subscribed and ends after `count` messages."""
        return Subscriber(self.port, topic, count, patience_s)

    def retained(self, topic: str) -> bytes:
        """The retained payload of a topic; AssertionError without one."""
        [(_, _, payload)] = self.subscriber(topic, 1).messages()
        return payload


class Subscriber:
    """mosquitto_sub; it prints when it has subscribed, so no message is missed."""

    def __init__(self, port: int, topic: str, count: int, patience_s: float = PATIENCE_S) -> None:
        command = [program("mosquitto_sub"), "-p", str(port), "-t", topic, "-C", str(count)]
        command += ["-d", "-W", str(int(patience_s)), "-F", "MESSAGE %r %t %x"]
        # Unbuffered: communicate() would miss octets in a buffer.
        self._process = subprocess.Popen(
            ["stdbuf", "-oL", *command],
            bufsize=0,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self._process.stdout
        self._early = []
        for line in self._process.stdout:
            self._early.append(line)
            if line.startswith(b"Subscribed"):
                break

    def messages(self) -> list[tuple[str, bool, bytes]]:
        """Wait for the end: (topic, retain flag, payload) of each message."""
        rest, _ = self._process.communicate()
        found = []
        for line in [*self._early, *rest.splitlines()]:
            if line.startswith(b"MESSAGE "):
                _, retain, topic, *payload = line.decode().rstrip("\n").split(" ")
                found.append((topic, retain == "1", bytes.fromhex("".join(payload))))
        return found


class Listener:
    """mosquitto_sub that has subscribed to every topic; messages gather in .messages as
    (topic, payload), an empty payload as (null). Those the broker had kept are in .retained as
    well."""

    def __init__(self, port: int) -> None:
        self.messages: list[tuple[str, str]] = []
        self.retained: dict[str, str] = {}
        self._subscribed = threading.Event()
        command = [program("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(port), "-t", "#"]
        self._process = subprocess.Popen(
            ["stdbuf", "-oL", *command, "-d", "-F", "MESSAGE %r %t %p"],
            text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._subscribed.wait(PATIENCE_S), "mosquitto_sub has not subscribed"

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("MESSAGE "):
                _, kept, topic, payload = line.rstrip("\n").split(" ", 3)
                if kept == "1":
                    self.retained[topic] = payload
                self.messages.append((topic, payload or "(null)"))
            elif line.startswith("Subscribed"):
                self._subscribed.set()

    def powers(self) -> list[int]:
        bodies = [json.loads(p) for topic, p in self.messages if topic == "amsreader"]
        return [body["data"]["P"] for body in bodies if "data" in body]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class Peer:
    """Serves the first client with `behave` and relays the later ones to the port `broker`.

    Without `behave` all are relayed. `listener` is a socket that listens; None for a new one.
    """

    def __init__(
        self, behave: Behaviour | None, broker: int, listener: socket.socket | None = None
    ) -> None:
        self._behave = behave
        self._broker = broker
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                behave, self._behave = self._behave, None
                threading.Thread(target=self._serve, args=(client, behave), daemon=True).start()

    def _serve(self, client: socket.socket, behave: Behaviour | None) -> None:
        if behave is None:
            return self._relay(client)
        with client, contextlib.suppress(OSError):
            client.settimeout(PATIENCE_S)
            behave(client)

    def _relay(self, client: socket.socket) -> None:
        upstream = socket.create_connection(("127.0.0.1", self._broker))
        for source, sink in ((client, upstream), (upstream, client)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(4096):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


def packets(stream: socket.socket) -> Iterator[tuple[int, bytes]]:
    """The packets a client sends, until it closes: (first octet, body)."""

    def read(n: int) -> bytes:
        data = b""
        while len(data) < n:
            more = stream.recv(n - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    with contextlib.suppress(EOFError):
        while True:
            kind, size, shift = read(1)[0], 0, 0
            while True:
                octet = read(1)[0]
                size |= (octet & 0x7F) << shift
                shift += 7
                if octet < 0x80:
                    break
            yield kind, read(size)


def until_closed(client: socket.socket) -> None:
    """Read and discard until the client disconnects."""
    while client.recv(4096):
        pass


def silent(client: socket.socket) -> None:
    """Accepts and never answers."""
    until_closed(client)


def closing(client: socket.socket) -> None:
    """Closes instead of a CONNACK."""
    client.recv(1)
    client.shutdown(socket.SHUT_WR)
    until_closed(client)


def resetting(client: socket.socket) -> None:
    """Resets the connection instead of a CONNACK."""
    client.recv(1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def sends(answer: bytes, then_close: bool = False) -> Behaviour:
    """Answers the CONNECT with these octets, then is silent or closes."""

    def behave(client: socket.socket) -> None:
        client.recv(1)
        client.sendall(answer)
        if then_close:
            client.shutdown(socket.SHUT_WR)
        until_closed(client)

    return behave


def not_reading(client: socket.socket) -> None:
    """Answers with CONNACK and never reads again, until the test ends."""
    client.recv(1)
    client.sendall(CONNACK)
    time.sleep(PATIENCE_S)


def answering(answers: dict[int, bytes], seen: list[tuple[int, bytes]]) -> Behaviour:
    """Answers CONNECT with CONNACK, others by their first octet; `seen` gets every packet."""

    def behave(client: socket.socket) -> None:
        for kind, body in packets(client):
            seen.append((kind, body))
            client.sendall(CONNACK if kind == 0x10 else answers.get(kind, b""))

    return behave


def slow(seen: list[tuple[int, bytes]], octets_per_s: int) -> Behaviour:
    """As answering(), with PINGRESP and SUBACK, and with a limited read speed."""

    class Trickle:
        def __init__(self, client: socket.socket) -> None:
            self.client = client

        def recv(self, n: int) -> bytes:
            data = self.client.recv(n)
            time.sleep(len(data) / octets_per_s)
            return data

    answers = {0x10: CONNACK, 0xC0: b"\xd0\x00", 0x82: b"\x90\x03\x00\x01\x00"}

    def behave(client: socket.socket) -> None:
        for kind, body in packets(Trickle(client)):  # type: ignore[arg-type]
            seen.append((kind, body))
            client.sendall(answers.get(kind, b""))

    return behave
