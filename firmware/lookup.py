"""The address of a host by its name, without holding the loop. Loaded for one question.

In       a name; the addresses of name servers
Out      an IPv4 address as text; OSError with the reason if there is none
Limits   answers of 512 octets over UDP, the first address of one; 5 s, shared by the name servers,
         three questions in them
Blocks   find(), where the port's own look-up is asked: see server_of()
Rules    An answer counts if it comes from the server's port, has the question's number, which is
         drawn, and repeats the question. The router is asked if the name server gives no answer or
         an error; that there is no such host is an answer
Source   RFC 1035: 4.1 messages, 4.1.4 compression
"""

import asyncio
import os
import socket
from errno import EAGAIN

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Address, Board

_PORT = const(53)
_MOST = const(512)
_STEP_MS = const(10)
_ASK_AT_MS = (0, 1000, 2500)
_LIMIT_MS = const(5000)
_HEAD = const(12)
_LABEL_MOST = const(63)
_POINTER = const(0xC0)
_NO_SUCH_NAME = const(3)  # a code of an answer
_NO_ADDRESS = "0.0.0.0"
_ADDRESS = b"\x00\x01\x00\x01"  # type A, class IN


def is_address(host: str) -> bool:
    """Whether a host is an IPv4 address already."""
    parts = host.split(".")
    return len(parts) == 4 and not [part for part in parts if not part.isdigit()]


def server_of(board: "Board", host: str) -> str:
    """The name servers to ask for a host, "" for the port's own look-up. That one holds the loop,
    but also finds names with .local, by mDNS, and names without a dot."""
    _, _, router, server = board.ip_config()
    if server in ("", _NO_ADDRESS) or "." not in host or host.endswith(".local"):
        return ""
    return server if router in ("", _NO_ADDRESS, server) else server + " " + router


async def find(
    board: "Board | None", host: str, port: int, limit_ms: int = _LIMIT_MS
) -> "Address":
    """The first row of getaddrinfo() for a host. Without a board, the port's own look-up."""
    server = server_of(board, host) if board is not None else ""
    place = await address(host, server, limit_ms) if server else host
    try:
        return socket.getaddrinfo(place, port, 0, socket.SOCK_STREAM)[0]
    except OSError:
        raise OSError("no host has the name " + host)


async def address(host: str, servers: str, limit_ms: int = _LIMIT_MS) -> str:
    """The address of a host. servers: "192.168.1.1", or with ":port"; spaces are between two. The
    reason of an OSError is that of the first one."""
    if is_address(host):
        return host
    asked = question(host, os.urandom(2))
    places = servers.split()
    fault: "OSError | None" = None
    for place in places:
        try:
            found = await _ask(place, asked, limit_ms // len(places))
        except OSError as e:
            fault = fault or e
            continue
        if found:
            return found
        raise OSError("no such host: " + host)
    raise fault or OSError("no such host: " + host)


async def _ask(server: str, asked: bytes, limit_ms: int) -> str:
    """The address by one server, "" if it says that there is none; OSError if it says nothing."""
    place, _, port = server.partition(":")
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        found = socket.getaddrinfo(place, int(port or _PORT), socket.AF_INET, socket.SOCK_DGRAM)
        sock.connect(found[0][-1])  # the network stack then drops octets of other senders
        for passed_ms in range(0, limit_ms, _STEP_MS):
            try:
                if passed_ms in _ASK_AT_MS:
                    sock.send(asked)
                await asyncio.sleep_ms(_STEP_MS)
                octets = sock.recv(_MOST)
            except OSError as e:
                if e.errno != EAGAIN:
                    raise OSError("the name server %s is not reachable" % server)
                continue
            answer = read(octets, asked)
            if answer is not None:
                code = octets[3] & 0x0F
                if code and code != _NO_SUCH_NAME:
                    raise OSError("the name server %s answers with error %d" % (server, code))
                return answer
        raise OSError("the name server %s does not answer" % server)
    finally:
        sock.close()


def question(host: str, number: bytes) -> bytes:
    """The message that asks for the addresses of a host. ValueError for a name that is none."""
    out = number + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
    for label in host.split("."):
        octets = label.encode()
        if not 0 < len(octets) <= _LABEL_MOST:
            raise ValueError("no host name: " + host)
        out += bytes((len(octets),)) + octets
    return out + b"\x00" + _ADDRESS


def read(octets: bytes, asked: bytes) -> "str | None":
    """The first address of an answer; "" if there is none; None if it is no answer to it."""
    at = len(asked)
    if octets[:2] != asked[:2] or octets[_HEAD:at].lower() != asked[_HEAD:].lower():
        return None
    if len(octets) < at or not octets[2] & 0x80 or octets[4:6] != b"\x00\x01":
        return None
    if octets[3] & 0x0F:
        return ""
    for _ in range(octets[6] << 8 | octets[7]):
        at = _name_end(octets, at)
        size = int.from_bytes(octets[at + 8 : at + 10], "big")
        end = at + 10 + size
        if end > len(octets):
            break
        if octets[at : at + 4] == _ADDRESS and size == 4:
            return "%d.%d.%d.%d" % tuple(octets[end - 4 : end])
        at = end
    return ""


def _name_end(octets: bytes, at: int) -> int:
    """The end of a name: after a pointer or a label of no length."""
    while at < len(octets):
        size = octets[at]
        if size >= _POINTER:
            return at + 2
        at += 1 + size
        if not size:
            break
    return at
