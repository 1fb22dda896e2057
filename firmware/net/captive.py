"""The name server of the access point: every name is this reader. Loaded in setup mode only.

A phone that joins the access point asks for the address of its maker's test page. It gets the
reader's, and the web server redirects the test page to the setup page, which the phone then opens.

In       UDP datagrams on the port of the name server
Wire     12 octets of head: id 2 | QR 1 bit, opcode 4, AA 1, TC 1, RD 1 | RA 1, Z 3, RCODE 4 |
         counts of questions, answers, authorities, additionals, 2 each; then a question: labels of
         1 + n octets, the last of length 0 | type 2 | class 2
Out      for type A or ANY one record with ADDRESS, for other types, such as AAAA and HTTPS, no
         record and no error, so that a client goes on with A at once. TTL 0: a phone forgets the
         answer when it leaves. More than one question: the error FORMERR
Limits   at most QUERY octets are read of a datagram: the head and the longest question; an answer
         has at most ANSWER octets, in one buffer for all
         a tick answers at most eight datagrams; the networks in reach are kept for 10 s
Errors   a datagram that is no question is dropped: too short, an answer, another opcode, no
         question, a name with a pointer, an unknown label, or over 255 octets
Source   RFC 1035, sections 3.1, 3.2, 4.1, 4.2.1; RFC 9619 (number of questions)
"""

import gc
import socket

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App

    Found = tuple[bytes, bytes, int, int, int]  # a row of Board.scan()
    Network = tuple[bytes, int, int, int]  # name, dBm, channel, number of the security

ADDRESS = "192.168.4.1"
QUERY = const(271)  # 12 + 255 + 4
ANSWER = const(287)  # QUERY + 16

_HEAD = const(12)
_LABEL_MOST = const(63)
_NAME_MOST = const(255)
_FORMERR = const(1)
_A = const(1)
_INTERNET = const(1)
_ANY = const(255)  # type and class
# Pointer to the name at 12, type A, class IN, TTL 0, 4 octets: the address.
_RECORD = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\xc0\xa8\x04\x01"
_AT_ONCE = const(8)  # datagrams of one tick
_PORT = const(53)
_KEPT_MS = const(10000)
_NETWORKS = const(20)
_TICKS_MASK = const(0x3FFFFFFF)  # ticks_ms() wraps


class Captive:
    """The name server, and the networks in reach. Lives as long as the access point is on."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._out = bytearray(ANSWER)
        self._found: "list[Network] | None" = None
        self._found_at = 0  # ticks
        self._socket: "socket.socket | None" = None
        port = getattr(app.config, "dns_port", _PORT)  # a simulation has its own
        try:
            self._socket = s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(socket.getaddrinfo("0.0.0.0", port)[0][-1])
            s.setblocking(False)
        except OSError as e:
            app.log.add(
                "setup: no name server on port %d: %s; phones do not open the page" % (port, e)
            )
            self.close()

    def tick(self) -> None:
        """Answer the pending datagrams, at most _AT_ONCE. Does not wait, raises nothing."""
        s = self._socket
        if s is None:
            return
        try:
            for _ in range(_AT_ONCE):
                query, sender = s.recvfrom(QUERY)
                size = answer(query, self._out)
                if size:
                    s.sendto(memoryview(self._out)[:size], sender)
        except OSError:  # none is pending, the client is gone, or the driver's buffers are full
            pass
        except MemoryError:
            gc.collect()

    def networks(self) -> "list[Network]":
        """The strongest access point of each name, the strongest first, at most _NETWORKS. A scan
        stops the reader and its access point for 2 s, so the list is kept for 10 s."""
        board = self._app.system.board
        if self._found is None or (board.ticks_ms() - self._found_at) & _TICKS_MASK >= _KEPT_MS:
            self._found = None  # room for the new one
            found = strongest(self._app.network.scan())
            self._found_at = board.ticks_ms()
            if not found:  # the driver does not scan during a test
                return found
            self._found = found
        return self._found

    def close(self) -> None:
        """Give back the port."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def strongest(found: "list[Found]") -> "list[Network]":
    """The networks of a scan, as Captive.networks() has them; hidden ones have no name and are
    left out."""
    best: "list[Network]" = []
    for name, _, channel, rssi, security in found:
        place = 0
        while place < len(best) and best[place][0] != name and best[place][1] >= rssi:
            place += 1
        if not name or place == _NETWORKS:
            continue
        if place < len(best) and best[place][1] >= rssi:
            continue  # this name's place is before
        for weaker in range(place, len(best)):
            if best[weaker][0] == name:
                del best[weaker]
                break
        best.insert(place, (name, rssi, channel, security))
        del best[_NETWORKS:]
    return best


def answer(query: bytes, out: bytearray) -> int:
    """Write the answer to a query to `out`, which has ANSWER octets. Returns its length, 0 if the
    query is dropped."""
    if len(query) < _HEAD or query[2] & 0xF8:  # an answer, or not a standard query
        return 0
    questions = query[4] << 8 | query[5]
    if not questions:
        return 0
    out[:2] = query[:2]
    out[2] = 0x84 | query[2] & 1  # an answer with authority; RD is copied
    out[3] = 0x80  # RA
    out[4:_HEAD] = bytes(8)
    if questions > 1:
        out[3] |= _FORMERR
        return _HEAD
    end = _question_end(query)
    if not end:
        return 0
    out[5] = 1
    out[_HEAD:end] = query[_HEAD:end]
    if query[end - 4] or query[end - 3] not in (_A, _ANY):
        return end
    if query[end - 2] or query[end - 1] not in (_INTERNET, _ANY):
        return end
    out[7] = 1
    out[end : end + len(_RECORD)] = _RECORD
    return end + len(_RECORD)


def _question_end(query: bytes) -> int:
    """The end of the question after the head; 0 if it is not complete or not valid."""
    at = _HEAD
    while at < len(query):
        size = query[at]
        at += 1
        if not size:
            end = at + 4
            return end if at - _HEAD <= _NAME_MOST and end <= len(query) else 0
        if size > _LABEL_MOST:  # a pointer, which has nothing to point to, or an unknown label
            return 0
        at += size
    return 0
