"""The physical line between meter and reader, bit by bit.

A burst of octets becomes a waveform with the meter's settings; a UART with the reader's settings
samples that waveform. Wrong settings thus give the octets that a chip would store.

Receiver   start bit by falling edge, checked in its middle; every further bit sampled in its
           middle. An octet with wrong parity or stop bit is stored like any other, as on the
           ESP32. After a wrong stop bit it waits for the idle level, then for the next falling
           edge, so a line that stays active (a break) stores one 00
8N1 on 8E1  reads correctly: the parity bit counts as stop bit, and the real stop bit is the idle
           level after it. 8E1 on 8N1 does not
Limits     the clocks of both ends are exact; the octets of a burst have no gaps, and the line is
           idle before and after it
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class LineSettings:
    """Settings of a line. The parity bit (N, E or O) is in addition to `bits`."""

    baud: int = 2400
    bits: int = 8
    parity: str = "E"
    stop: int = 1
    invert: bool = False

    @classmethod
    def parse(cls, baud: str, frame: str, invert: bool | str = False) -> LineSettings:
        """Settings from text: "2400", "8E1", and a bool or "0" or "1". ValueError if wrong."""
        if not re.fullmatch(r"[0-9]{1,7}", baud) or not 50 <= int(baud) <= 4_000_000:
            raise ValueError(f"{baud!r} is not a baud rate")
        if not re.fullmatch(r"[78][NEO][12]", frame):
            raise ValueError(f"{frame!r} is not a character format such as 8E1")
        if invert not in (False, True, "0", "1"):
            raise ValueError(f"{invert!r} is not 0 or 1")
        return cls(int(baud), int(frame[0]), frame[1], int(frame[2]), invert in (True, "1"))

    @classmethod
    def parse_line(cls, line: bytes) -> LineSettings:
        """Settings from the firmware's settings line b"L 2400 8E1 0". ValueError if wrong."""
        words = line.decode("ascii", "replace").split()
        if len(words) != 4 or words[0] != "L":
            raise ValueError(f"{line!r} is not a settings line")
        return cls.parse(*words[1:])

    @property
    def character_bits(self) -> int:
        """Bits on the line for one octet, start and stop bits included."""
        return 1 + self.bits + (self.parity != "N") + self.stop

    def seconds(self, characters: int) -> float:
        """Duration of that many octets."""
        return characters * self.character_bits / self.baud

    def character(self, octet: int) -> int:
        """The bits of one octet on the line, the first one in bit 0; 1 is the idle level."""
        data = octet & (1 << self.bits) - 1
        word = data << 1
        used = 1 + self.bits
        if self.parity != "N":
            word |= (data.bit_count() + (self.parity == "O") & 1) << used
            used += 1
        return word | (1 << self.stop) - 1 << used


def carry(octets: bytes, sender: LineSettings, reader: LineSettings) -> bytes:
    """The octets of one burst as stored by a UART with the reader's settings."""
    characters = [sender.character(octet) for octet in octets]
    return bytes(octet for _, octet in sample(characters, sender, reader))


def sample(
    characters: Iterable[int],
    sender: LineSettings,
    reader: LineSettings,
    *,
    settled: bool = False,
    watch_from_s: float | None = None,
) -> list[tuple[float, int]]:
    """The octets that a UART stores of one burst: (seconds after the burst's first edge, octet).

    characters    from LineSettings.character(); noise may have flipped bits
    settled       the reader received the idle level before the burst: an earlier break is stored
    watch_from_s  the reader starts that long after the first edge
    """
    edges = _edges(characters, sender, 2 * reader.baud)
    per_second = 2 * sender.baud * reader.baud  # unit of all times below: 1 / per_second
    half, full = sender.baud, 2 * sender.baud
    start = -2 * reader.character_bits * full
    if watch_from_s is not None:
        start = round(watch_from_s * per_second)
    flip = sender.invert != reader.invert
    steps = reader.bits + (reader.parity != "N") + 1
    mask = (1 << reader.bits) - 1
    stored: list[tuple[float, int]] = []
    total = len(edges)
    passed = 0  # edges up to `now`; the line idles at 1, each edge inverts it
    now, wait_idle = start, settled
    while passed < total and edges[passed] <= now:
        passed += 1
    while True:
        if wait_idle and (passed & 1) != flip:
            if passed == total:
                return stored
            now = edges[passed]
            passed += 1
        if (passed & 1) == flip:
            if passed == total:
                return stored
            now = edges[passed]
            passed += 1
        now += half
        while passed < total and edges[passed] <= now:
            passed += 1
        wait_idle = False
        if (passed & 1) == flip:
            continue  # a spike, shorter than half a start bit
        word = 0
        for step in range(steps):
            now += full
            while passed < total and edges[passed] <= now:
                passed += 1
            word |= ((passed & 1) == flip) << step
        stored.append((now / per_second, word & mask))
        wait_idle = not word >> steps - 1


def _edges(characters: Iterable[int], sender: LineSettings, bit: int) -> list[int]:
    """Times of the line's edges; a sender's bit lasts `bit` units."""
    edges = []
    level, at = 1, 0
    for word in characters:
        for index in range(sender.character_bits):
            if word >> index & 1 != level:
                level ^= 1
                edges.append(at)
            at += bit
    return edges
