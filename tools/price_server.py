"""Servers of prices and exchange rates for tests: HTTP over TLS, with certificates of our own.

Authority  a certificate authority, its certificate in DER, and server contexts for host names
Server     answers questions in threads on a port of 127.0.0.1, as `answer` says

Source   the public descriptions of the APIs: see tools/encoders/prices.py for the bodies
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import struct
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = datetime.timedelta(days=1)


class Authority:
    """A certificate authority; der: its certificate."""

    def __init__(self, name: str = "Test root") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._made(self._name, self._key, 3650, 0).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.der = made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _made(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, days: int, since: int
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - (1 + since) * _DAY)
            .not_valid_after(now + days * _DAY)
        )

    def context(self, *hosts: str, days: int = 30, since: int = 0) -> ssl.SSLContext:
        """A server's context for the names; days < 0: expired so many days ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        made = self._made(name, key, days, max(since, -days)).add_extension(
            x509.SubjectAlternativeName(names), critical=False
        )
        certificate = made.sign(self._key, hashes.SHA256())
        pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "server.pem"
            path.write_bytes(pem)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
        return context


@dataclass
class Answer:
    """What the server sends.

    headers  lines after the status line
    length   whether Content-Length is sent
    drip_s   a pause before each piece of `piece` octets
    wait_s   a pause before the status line
    reset    octets of the body after which the connection is reset, -1 never
    cut      octets of the body after which it is closed, -1 never
    raw      all octets, in place of status, headers and body
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[str, ...] = ()
    length: bool = True
    drip_s: float = 0
    piece: int = 16
    wait_s: float = 0
    reset: int = -1
    cut: int = -1
    raw: bytes | None = None


@dataclass
class Server:
    """Answers until close(); a context manager.

    answer   called with host and path of each question
    context  of TLS, None for HTTP in clear
    asked    (seconds, host, path) of each question so far
    """

    answer: Callable[[str, str], Answer]
    context: ssl.SSLContext | None = None
    asked: list[tuple[float, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving."""
        self._open = False
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while self._open:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_one, args=(client,), daemon=True).start()

    def _serve_one(self, client: socket.socket) -> None:
        client.settimeout(30)
        with contextlib.suppress(OSError), client:
            plain = client
            if self.context:
                client = self.context.wrap_socket(client, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                got = client.recv(4096)
                if not got:
                    return
                head += got
            lines = head.decode().split("\r\n")
            path = lines[0].split(" ")[1]
            host = next(line[6:] for line in lines if line.startswith("Host: "))
            self.asked.append((time.time(), host, path))
            self._send(client, plain, self.answer(host, path))

    def _send(self, client: socket.socket, plain: socket.socket, answer: Answer) -> None:
        time.sleep(answer.wait_s)
        if answer.raw is not None:
            client.sendall(answer.raw)
        else:
            lines = [f"HTTP/1.1 {answer.status} Status", *answer.headers, "Connection: close"]
            if answer.length:
                lines.append(f"Content-Length: {len(answer.body)}")
            client.sendall("\r\n".join([*lines, "", ""]).encode())
            end = max(answer.reset, answer.cut)
            body = answer.body if end < 0 else answer.body[:end]
            size = answer.piece if answer.drip_s else 1400
            for at in range(0, len(body), size):
                time.sleep(answer.drip_s)
                client.sendall(body[at : at + size])
        if answer.reset >= 0:
            linger = struct.pack("ii", 1, 0)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        elif isinstance(client, ssl.SSLSocket):
            client.settimeout(0.1)  # for the client's own end, which it need not send
            with contextlib.suppress(OSError, ValueError):
                client.unwrap()
        client.close()
        plain.close()
