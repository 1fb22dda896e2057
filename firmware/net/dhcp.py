"""The time servers that DHCP names (option 42), asked by one DHCPINFORM. Loaded for that.

The network stack's own DHCP client has port 68, does not ask for time servers, and MicroPython has
no call that reads one. So the reader asks as its own relay agent: a server answers a message with
a relay agent's address at that address on the port of *servers*, which is free while the reader's
access point is off.

In       the station's address, subnet mask and router; the MAC address
Out      up to three addresses of time servers, 4 octets each
Wire     op 1, htype 1, hlen 1, hops 1 | xid 4 | secs 2, flags 2 | ciaddr 4 | yiaddr 4 | siaddr 4 |
         giaddr 4 | chaddr 16 | sname 64 | file 128 | magic cookie 4 | options: code 1, length n 1,
         n octets; codes 0 (pad) and 255 (end) alone
Rules    The question goes to the router and to the subnet's broadcast address, twice; 2 s each for
         the answer. An answer that is not valid does not end the wait
Limits   an answer of at most 576 octets, as the question allows no longer one; options in the
         fields sname and file (overload) are not read. An option in parts is put together
Source   RFC 2131, sections 2, 3.4, 4.1, 4.3.5; RFC 2132, 2, 8.3, 9.6, 9.8; RFC 951, 3 (at least
         300 octets); RFC 3396, 5 (parts)
"""

import asyncio
import os
import socket

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App

_PORT = const(67)
_TRIES = const(2)
_WAIT_MS = const(2000)
_POLL_MS = const(50)
_QUESTION_OCTETS = const(300)
_ANSWER_OCTETS = const(576)
_REPLY = const(2)  # op
_ETHERNET = b"\x01\x06"  # htype, and hlen: 6 octets of chaddr
_CIADDR = const(12)
_GIADDR = const(24)
_CHADDR = const(28)
_COOKIE_AT = const(236)
_COOKIE = b"\x63\x82\x53\x63"
_OPTIONS = const(240)
_PAD = const(0)
_NTP = const(42)
_KIND = const(53)
_ACK = const(5)
_END = const(255)
_ASKED = b"\x35\x01\x08\x37\x01\x2a\xff"  # 53: DHCPINFORM; 55: option 42 is wanted; the end
_MOST = const(3)


async def servers(app: "App") -> "bytes | None":
    """The addresses of the time servers that DHCP names, b"" if it names none; None without a
    valid answer, or with a static address, which nobody has asked DHCP about."""
    board = app.system.board
    port = getattr(app.config, "dhcp_port", _PORT)  # a simulation has its own; 0: none is asked
    ip, mask, router, _ = board.ip_config()
    static = app.network.setting("address").replace("/", " ").replace(",", " ").split()
    if not port or ip in static[:1]:
        return None
    xid = os.urandom(4)
    mac = board.mac()
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.bind(_place(ip, port))
        for _ in range(_TRIES):
            for to in (router, broadcast(ip, mask)):
                _send(sock, question(octets(ip), mac, xid), to, port)
            for _ in range(_WAIT_MS // _POLL_MS):
                await asyncio.sleep_ms(_POLL_MS)
                found = _receive(sock, port, mac, xid)
                if found is not None:
                    return found
    except OSError:  # the port is taken, or the station has lost its address
        pass
    finally:
        sock.close()
    return None


def _place(address: str, port: int) -> "Any":
    return socket.getaddrinfo(address, port)[0][-1]


def _send(sock: "socket.socket", message: bytes, address: str, port: int) -> None:
    """Send to an address, if there is one and a way to it."""
    try:
        if address:
            sock.sendto(message, _place(address, port))
    except OSError:
        pass


def _receive(sock: "socket.socket", port: int, mac: bytes, xid: bytes) -> "bytes | None":
    """The addresses of a valid answer; None if none has come."""
    while True:
        try:
            message, sender = sock.recvfrom(_ANSWER_OCTETS)
        except OSError:
            return None
        try:
            if port_of(sender) == port:
                return answer(message, mac, xid)
        except ValueError:
            pass


def port_of(sender: "Any") -> int:
    """The port of an address: a tuple on a chip, a packed structure on a PC."""
    port: int = sender[1] if isinstance(sender, tuple) else sender[2] << 8 | sender[3]
    return port


def octets(address: str) -> bytes:
    """The 4 octets of an address such as "192.168.1.5"."""
    return bytes([int(part) for part in address.split(".")])


def broadcast(ip: str, mask: str) -> str:
    """The address of all stations of a subnet; "" without a mask."""
    if not mask:
        return ""
    pairs = zip(octets(ip), octets(mask))
    return ".".join([str(own | 255 - part) for own, part in pairs])


def question(ip: bytes, mac: bytes, xid: bytes) -> bytes:
    """A DHCPINFORM for the time servers, of a station that is its own relay agent."""
    head = b"\x01" + _ETHERNET + b"\x00" + xid + bytes(4) + ip + bytes(8) + ip + mac
    message = head + bytes(_COOKIE_AT - len(head)) + _COOKIE + _ASKED
    return message + bytes(_QUESTION_OCTETS - len(message))


def answer(message: bytes, mac: bytes, xid: bytes) -> bytes:
    """The addresses of time servers in a DHCPACK, the first three, 4 octets each; b"" if there is
    none. ValueError with the reason if it is not a valid answer to the question of that xid."""
    if len(message) <= _OPTIONS or message[0] != _REPLY or message[1:3] != _ETHERNET:
        raise ValueError("no answer of DHCP")
    if message[4:8] != xid or message[_CHADDR : _CHADDR + 6] != mac:
        raise ValueError("an answer to another question")
    if message[_COOKIE_AT:_OPTIONS] != _COOKIE:
        raise ValueError("no options of DHCP")
    kind = _option(message, _KIND)
    if len(kind) != 1 or kind[0] != _ACK:
        raise ValueError("not an acknowledgement")
    named = _option(message, _NTP)
    if len(named) % 4:
        raise ValueError("addresses of a wrong length")
    # Neither "this host" nor a group of hosts.
    places = [at for at in range(0, len(named), 4) if 0 < named[at] < 224]
    return b"".join([named[at : at + 4] for at in places[:_MOST]])


def _option(message: bytes, wanted: int) -> bytes:
    """An option's value, its parts put together; b"" without it. ValueError if the options are cut
    off."""
    value = b""
    at = _OPTIONS
    while True:
        if at >= len(message):
            raise ValueError("it is cut off")
        code = message[at]
        at += 1
        if code == _END:
            return value
        if code == _PAD:
            continue
        end = at + 1 + (message[at] if at < len(message) else len(message))
        if end > len(message):
            raise ValueError("it is cut off")
        if code == wanted:
            value += message[at + 1 : end]
        at = end
