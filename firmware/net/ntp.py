"""Time servers: one question (SNTP over UDP), and the plan of the next one.

MicroPython's ntptime checks nothing of an answer and blocks for a second or more: hence this.

In       the setting that names the servers, those that DHCP names, the router's address
Out      seconds since 1970 UTC at the moment of the return, rounded to the nearest second, for the
         judge of time; the servers to ask; lines of the log
Wire     48 octets: leap 2 bits, version 3 bits, mode 3 bits | stratum 1 | ... | 24 originate 8 |
         32 receive 8 | 40 transmit 8. Times: seconds since 1900 in 32 bits, a fraction in 32 bits.
         The question has version, mode and, as its transmit time, a random number. The answer has
         that number as its originate time: an answer that nobody asked for is refused
Rules    The usual servers are those of the setting. If it is not changed, those that DHCP names
         are asked in their place. One after the other is asked: 5 s after the first answer, every
         64 s or 11 min while the judge waits for more, else after 60 to 69 min: a clock that gains
         100 ppm is then off by 0.4 s more. After failures the pause is 10, 20, 40 s and so on, up
         to an hour.
         After the third failure, and then after each second one, a spare server is asked: one that
         DHCP names, or the setting's if DHCP's are the usual ones; at last the router, which may
         be the only server that a closed network can reach.
         DHCP is asked once in a connection, before its servers are first needed, and again before
         each 24th question, which is about once a day.
Limits   5 s for the look-up of the name, then 1.5 s for the answer, without blocking. Answers that
         are not valid do not end the wait: the valid one may still come
Blocks   in the port's own name look-up only, see lookup
Errors   OSError: no such host, no answer. ValueError: an answer was not valid; both in words
Source   RFC 4330, sections 4 and 5; era of the seconds: section 3
"""

import asyncio
import os
import socket
import time
from errno import EAGAIN

from judge import NTP
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App
    from contracts import Board

_PORT = const(123)
_WAIT_MS = const(1500)
_POLL_MS = const(10)
_OCTETS = const(48)
_QUESTION = b"\x23" + bytes(39)  # version 4, mode 3: a client's
_SERVER = const(4)
_LEAP_NOT_SET = const(3)
_MOST_STRATUM = const(15)
_TO_1970_S = 2208988800
_ERA_S = 4294967296
_POOL = "pool.ntp.org"

# Places in the plan.
_ASK_AT = const(0)  # run_s() of the next question
_FAILURES = const(1)  # in a row
_ASKED = const(2)  # twice the questions to usual servers, and 1 if there was an answer
_BY_DHCP = const(3)  # what net.dhcp returned, 0 if DHCP was not asked in this connection

_SECOND_S = const(5)
_PAUSE_S = const(3600)
_RETRY_S = const(10)
_SPARE = const(3)  # failures after which a spare server is asked
_DAILY = const(24)  # questions


async def sync(app: "App") -> None:
    """Ask a server, tell the judge what it says and plan the next question.

    app.network.ntp_plan  four numbers, zeros at the start; the first one is judge.run_s() of the
                          next question, the second one the number of failures in a row, the last
                          one 0 after a new connection
    """
    plan, judge = app.network.ntp_plan, app.system.judge
    jitter = os.urandom(1)[0]
    failures = plan[_FAILURES]
    spare = failures >= _SPARE and failures & 1
    await _ask_dhcp(app, plan, spare)
    usual, spares = choice(
        app.config.ntp_server, plan[_BY_DHCP] or b"", app.system.board.ip_config()[2]
    )
    number = len(usual) + (failures - _SPARE) // 2 % len(spares) if spare and spares else -1
    if number < 0:
        plan[_ASKED] += 2
        number = (plan[_ASKED] >> 1) % len(usual)
    name = (usual + spares)[number]
    try:
        port = getattr(app.config, "ntp_port", _PORT)
        judge.hear(NTP, await ask(name, port, app.system.board), number)
        app.network.heard = True
        # The next question is for a usual server, also after a spare one's answer.
        plan[_FAILURES] = 0 if number < len(usual) else _SPARE - 1
        pause_s = judge.waits()
        if not pause_s:
            pause_s = _PAUSE_S + 2 * jitter
        elif not plan[_ASKED] & 1:
            pause_s = _SECOND_S
        plan[_ASKED] |= 1
    except (OSError, ValueError, MemoryError) as e:
        plan[_FAILURES] = failures + 1
        pause_s = min(_PAUSE_S, _RETRY_S << min(failures, 9)) + jitter % 8
        if not failures & (failures + 1):  # the 1st, 2nd, 4th, 8th ...
            app.log.add("time: %s: %s" % (name, e))
    plan[_ASK_AT] = judge.run_s() + pause_s


async def _ask_dhcp(app: "App", plan: "list[Any]", spare: int) -> None:
    """Ask DHCP for time servers, if it is time to, and they are the usual or the spare ones."""
    known = plan[_BY_DHCP]
    daily = not spare and not (plan[_ASKED] >> 1) % _DAILY
    if (known != 0 and not daily) or not (spare or is_usual(app.config.ntp_server)):
        return
    with visit("net.dhcp") as dhcp:
        found = await dhcp.servers(app)
    plan[_BY_DHCP] = (known or b"") if found is None else found
    if found and found != known:
        app.log.add("time: DHCP names " + ", ".join(addresses(found)))


def is_usual(setting: str) -> bool:
    """Whether the owner has named no servers."""
    return servers(setting) == servers("")


def choice(setting: str, by_dhcp: bytes, router: str) -> "tuple[list[str], list[str]]":
    """The usual servers, and the spare ones in the order in which they are asked.

    by_dhcp  4 octets for each server
    """
    usual, spares = servers(setting), addresses(by_dhcp)
    if spares and is_usual(setting):
        usual, spares = spares, usual[:1]
    if router and router not in usual + spares:
        spares.append(router)
    return usual, spares


def addresses(octets: bytes) -> "list[str]":
    """Addresses, 4 octets each, as text."""
    return ["%d.%d.%d.%d" % tuple(octets[at : at + 4]) for at in range(0, len(octets), 4)]


def servers(setting: str) -> "list[str]":
    """The servers of the setting ntp_server, separated by spaces or commas.

    A zone of the pool alone, such as pool.ntp.org, is asked as 0., 1. and 2. of that zone: these
    are different servers, while one name may stay at one server in the resolver's memory.
    """
    names = setting.replace(",", " ").split() or [_POOL]
    if len(names) == 1 and names[0].endswith(_POOL) and not names[0][0].isdigit():
        return ["%d.%s" % (i, names[0]) for i in range(3)]
    return names


async def ask(server: str, usual_port: int = _PORT, board: "Board | None" = None) -> int:
    """UTC in seconds by one server, "host" or "host:port". OSError or ValueError without it.

    board  says which name server to ask; without one the port's own look-up
    """
    host, _, port = server.partition(":")
    with visit("lookup") as lookup:
        found = await lookup.find(board, host, int(port or usual_port))
    nonce = os.urandom(8)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.connect(found[-1])  # the network stack then drops octets of other senders
        sock.send(_QUESTION + nonce)
        asked = time.ticks_ms()
        fault: Exception = OSError("no answer")
        while True:
            await asyncio.sleep_ms(_POLL_MS)
            passed_ms = time.ticks_diff(time.ticks_ms(), asked)
            if passed_ms > _WAIT_MS:
                raise fault
            try:
                return utc(sock.recv(_OCTETS + 1), nonce, passed_ms)
            except ValueError as e:
                fault = e
            except OSError as e:
                if e.errno != EAGAIN:
                    raise OSError("not reachable, error %s" % e.errno)
    finally:
        sock.close()


def utc(answer: bytes, nonce: bytes, passed_ms: int) -> int:
    """UTC in seconds by an answer that came passed_ms after the question with that nonce.
    ValueError with the reason if it is not valid."""
    if len(answer) != _OCTETS:
        raise ValueError("an answer of a wrong length")
    if answer[24:32] != nonce:
        raise ValueError("an answer to another question")
    if answer[0] & 7 != _SERVER:
        raise ValueError("not the answer of a server")
    if not 1 <= answer[1] <= _MOST_STRATUM:  # 0 with a reason in place of the reference, as RATE
        raise ValueError("it refuses to answer")
    transmit = int.from_bytes(answer[40:44], "big")
    if answer[0] >> 6 == _LEAP_NOT_SET or not (transmit or any(answer[44:48])):
        raise ValueError("its clock is not set")
    if transmit < _ERA_S // 2:  # after 2036-02-07
        transmit += _ERA_S
    milliseconds = (answer[44] << 8 | answer[45]) * 1000 // 65536 + passed_ms // 2
    return transmit - _TO_1970_S + (milliseconds + 500) // 1000
