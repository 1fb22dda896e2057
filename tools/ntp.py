"""A time server that can lie.

    python -m tools.ntp [--port 0] [--clock START,SINCE,SPEED]

Out      "listening 127.0.0.1:PORT", then a line for each question
In       commands on stdin, one per line:
         offset SECONDS   serve a clock that is wrong by so much; 0 serves the right one
         mute | speak     leave questions without an answer | answer them again
         quit             end; so does the end of stdin
Wire     SNTP over UDP, RFC 4330: 48 octets, seconds since 1900 in 32 bits and a fraction in 32
"""

from __future__ import annotations

import argparse
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable

TO_1970_S = 2_208_988_800
_STRATUM = 2


class Server:
    """Answers questions in a thread, on a port of 127.0.0.1, until close().

    now       the clock that it serves: unix time
    offset_s  what is added to it
    muted     True: no answers
    bend      called with each answer, returns the datagrams to send in its place
    asked     number of questions so far
    sender    the address of the newest one
    """

    def __init__(self, now: Callable[[], float] = time.time, port: int = 0) -> None:
        self.now = now
        self.offset_s = 0.0
        self.muted = False
        self.bend: Callable[[bytes], Iterable[bytes]] | None = None
        self.asked = 0
        self.sender = ("", 0)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread
        except OSError:
            pass  # a datagram socket has no peer; Linux wakes the thread nevertheless
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            question, self.sender = self._socket.recvfrom(1024)
            if not question:
                return
            self.asked += 1
            if self.muted:
                continue
            answer = reply(question, self.now() + self.offset_s)
            for datagram in self.bend(answer) if self.bend else (answer,):
                self._socket.sendto(datagram, self.sender)


def timestamp(unix: float) -> bytes:
    """An NTP time of 8 octets; after 2036-02-07 that of the next era."""
    whole = int(unix // 1)
    return struct.pack(">II", (whole + TO_1970_S) % 2**32, int((unix - whole) * 2**32))


def reply(question: bytes, unix: float) -> bytes:
    """The answer to a question, by a clock that shows `unix`."""
    version = question[0] >> 3 & 7
    at = timestamp(unix)
    head = bytes((version << 3 | 4, _STRATUM, 0, 0xEC)) + bytes(8) + b"\x7f\x00\x00\x01"
    return head + at + question[40:48] + at + at


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.ntp", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--clock", default="", metavar="START,SINCE,SPEED")
    args = parser.parse_args()
    now: Callable[[], float] = time.time
    if args.clock:
        start, since, speed = (float(part) for part in args.clock.split(","))
        now = lambda: start + (time.time() - since) * speed  # noqa: E731
    with Server(now, args.port) as server:
        server.bend = lambda answer: print("asked", server.asked, flush=True) or (answer,)
        print(f"listening 127.0.0.1:{server.port}", flush=True)
        for line in sys.stdin:
            match line.split():
                case ["offset", seconds]:
                    server.offset_s = float(seconds)
                case ["mute" | "speak" as word]:
                    server.muted = word == "mute"
                case ["quit"]:
                    break
                case _:
                    print("error: not a command", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
