"""Feeding a stream as the reader does, and one framer alone within it."""

from han import stream as stream_module
from han.fields import UNKNOWN_DATA
from han.stream import TelegramStream
from han.window import PLAIN, Window


def feed(stream, octets):
    """Feed octets, all at once."""
    stream.take(octets, len(octets))


def wire_of(name):
    """The number that TelegramStream.locked has for a framer."""
    names = [framer for _, framer in stream_module.WIRES]
    return names.index(name) if name in names else len(names)


class Framing(TelegramStream):
    """A stream with one framer, which collects whole messages and decodes none.

    found     messages, with LLC header
    faults    statuses of frames, or codes of errors of messages in parts
    fault_at  stream position of the last one
    found_at  stream position of the last message
    """

    def __init__(self, framer, size=0):
        super().__init__(self)
        if size:
            self.window = Window(size)
        self._name = framer
        self.locked = wire_of(framer)
        self.found = []
        self.faults = []
        self.count = 0
        self.fault_at = self.found_at = 0
        self.keeping = True

    def _read(self):
        window = self.window
        if window.kind >= PLAIN and not self._join(window.kind):
            return None
        self.found_at = self.base + window.start
        self.count += 1
        if self.keeping:
            self.found.append(bytes(window.buf[window.start : window.end]))
        return None

    def _report(self, status, at):
        self.fault_at = at
        if self.keeping:
            self.faults.append(status)

    def on_error(self, code, reason, offset):
        if code != UNKNOWN_DATA:  # a burst without a frame
            self._report(code, offset)

    def silence(self):
        super().silence()
        self.alien_bursts = 0

    def reset(self):
        super().reset()
        self.locked = wire_of(self._name)

    def received(self):
        return self.window.position + self.window.fill

    def pending(self):
        """Whether the beginning of a frame or of a message waits for the rest."""
        window = self.window
        return window.fill - window.at > 1 or window.kept > 0 or self._has_segments()

    def _has_segments(self):
        return self._assembly is not None and self._assembly._segments > 0


def run(framing, chunks, silent=True, silences=False):
    """(messages, faults) of a stream given in chunks.

    silent    the line goes quiet after the last chunk
    silences  and after every other one
    """
    framing.found = []
    framing.faults = []
    for chunk in chunks:
        feed(framing, chunk)
        if silences:
            framing.silence()
    if silent:
        framing.silence()
    return framing.found, framing.faults


def octet_by_octet(octets):
    return [octets[i : i + 1] for i in range(len(octets))]


def fed_with_locked_heap(framer, octets):
    """How many messages come out when nothing can be allocated."""
    import micropython

    framing = Framing(framer)
    framing.keeping = False
    feed(framing, octets)  # so that all is loaded
    framing.silence()
    framing.count = 0
    one = bytearray(1)
    micropython.heap_lock()
    for octet in octets:
        one[0] = octet
        framing.take(one, 1)
    micropython.heap_unlock()
    return framing.count
