"""Sends a source's telegrams when they are due, at the line's speed.

Pace     each octet reaches the reader at the end of its stop bit, in steps of 10 ms; the last one
         at its exact time. Simulated time may be faster than real time
Choice   of several telegrams that became due while the line was busy, the newest with the highest
         list number is sent, the others are skipped
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Protocol

from tools.line import LineSettings, sample
from tools.models import Telegram
from tools.wire import Wire

_TICK_S = 0.010
_GAP_S = 0.030  # silence between two bursts on the line
_MOST_MISSED_MS = 3_600_000


class Clock:
    """Unix time from `start` on, `speed` times as fast as real.

    since  the real unix time of `start`, None = now
    """

    def __init__(self, start: float, speed: float = 1, since: float | None = None):
        self._start = start
        self._speed = speed
        self._zero = time.monotonic() - (0 if since is None else time.time() - since)

    def now(self) -> float:
        """Simulated unix time."""
        return self._start + (time.monotonic() - self._zero) * self._speed

    def real_s(self, until: float) -> float:
        """Real seconds from now to a simulated time, not below 0."""
        return max(0.0, (until - self.now()) / self._speed)

    def simulated_s(self, real_s: float) -> float:
        """Simulated seconds in that many real seconds."""
        return real_s * self._speed


class Source(Protocol):
    """A source of telegrams, see tools/models.py."""

    def next_after(self, ms: int) -> tuple[int, int]:
        """Time and list of the next telegram."""

    def telegram(self, kind: int, ms: int) -> Telegram:
        """The telegram of that list and time."""


class Transmitter:
    """The meter's UART.

    line    its settings; a change applies from the next telegram on
    paused  True: telegrams are skipped
    sent    called after the last octet of each telegram of the source, with the telegram, the real
            unix time and the simulated one
    """

    def __init__(
        self,
        source: Source,
        wire: Wire,
        clock: Clock,
        line: LineSettings,
        sent: Callable[[Telegram, float, float], None] = lambda *_: None,
    ):
        self.line = line
        self.paused = False
        self.noise = 0.0
        self.noise_source = Random(0)
        self._source = source
        self._wire = wire
        self._clock = clock
        self._sent = sent
        self._raw: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._free_at = 0.0
        self._watched = -1

    def send(self, octets: bytes) -> None:
        """Put octets on the line as soon as it is free."""
        self._raw.append(octets)
        self._wake.set()

    async def run(self) -> None:
        """Send telegrams and octets for ever."""
        done = int(self._clock.now() * 1000)
        while True:
            if self._raw:
                await self._transmit(self._raw.popleft(), self._clock.now())
                continue
            due, _ = self._source.next_after(done)
            if self._clock.now() * 1000 < due:
                await self._sleep(self._clock.real_s(due / 1000))
                continue
            done, best = self._pick(done)
            if self.paused:
                continue
            telegram = self._source.telegram(best[1], best[0])
            await self._transmit(telegram.octets, best[0] / 1000)
            self._sent(telegram, time.time(), self._free_at)

    def _pick(self, done: int) -> tuple[int, tuple[int, int]]:
        """Of all telegrams due by now: the latest time, and (time, list) of the one to send."""
        now = int(self._clock.now() * 1000)
        done = max(done, now - _MOST_MISSED_MS)
        best = self._source.next_after(done)
        due = best
        while due[0] <= now:
            done = due[0]
            best = due if due[1] >= best[1] else best
            due = self._source.next_after(done)
        return max(done, best[0]), best

    async def _sleep(self, real_s: float) -> None:
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), real_s)

    def _characters(self, octets: bytes, line: LineSettings) -> list[int]:
        """The burst's bits; noise inverts one data bit of an octet."""
        words = [line.character(octet) for octet in octets]
        if self.noise:
            for index in range(len(words)):
                if self.noise_source.random() < self.noise:
                    words[index] ^= 2 << self.noise_source.randrange(line.bits)
        return words

    async def _transmit(self, octets: bytes, at: float) -> None:
        line = self.line
        words = self._characters(octets, line)
        begin = max(at, self._free_at + _GAP_S)
        end = begin + line.seconds(len(words))
        arriving: deque[tuple[float, int]] = deque()
        generation = None
        while True:
            now = self._clock.now()
            if generation != self._wire.generation:
                since = None if now <= begin or generation is None else now - begin
                generation = self._wire.generation
                arriving = self._arriving(words, line, since)
            chunk = bytearray()
            while arriving and begin + arriving[0][0] <= now:
                chunk.append(arriving.popleft()[1])
            self._wire.send(bytes(chunk))
            last = begin + arriving[-1][0] if arriving else end
            if now >= end and not arriving:
                break
            tick = now + self._clock.simulated_s(_TICK_S)
            await asyncio.sleep(self._clock.real_s(min(tick, max(last, now))))
        self._free_at = end

    def _arriving(
        self, words: list[int], line: LineSettings, since: float | None
    ) -> deque[tuple[float, int]]:
        """The octets that the reader stores of the burst: (seconds after its begin, octet)."""
        reader = self._wire.settings
        if reader is None:
            return deque()
        settled = self._watched == self._wire.generation
        self._watched = self._wire.generation
        return deque(sample(words, line, reader, settled=settled, watch_from_s=since))
