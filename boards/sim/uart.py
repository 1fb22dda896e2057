"""The UART of a PC: a TCP connection to the meter, which is another process.

    reader -> meter   b"L 2400 8E1 0\\n"   the line settings, at each call of Board.uart()
    meter -> reader   the octets that a UART with those settings receives
The meter sends the garbage that a real UART receives with wrong settings.
"""

import socket
import time

try:
    # The buffer is outside the heap, like that of the chip's UART driver.
    from standin import buffer
except ImportError:
    buffer = bytearray

_RING = 4096


class Uart:
    """The reader's end of the connection; after a loss it reconnects by itself."""

    def __init__(self, host, port, faults):
        self._faults = faults
        self._address = socket.getaddrinfo(host, port)[0][-1]
        self._sock = None
        self._settings = b""
        self._retry_at = 0
        self._view = memoryview(buffer(_RING))
        self._begin = 0  # begin of the pending octets in _view
        self._fill = 0  # end of the pending octets

    def configure(self, settings):
        self._settings = settings
        self._begin = self._fill = 0
        if self._sock:
            try:
                while self._sock.readinto(self._view):  # drop octets of the old settings
                    pass
                self._sock.write(settings)
            except OSError:
                self._drop()

    def _drop(self):
        if self._sock:
            self._sock.close()
            self._sock = None
        self._retry_at = time.ticks_add(time.ticks_ms(), 500)

    def _connect(self):
        if time.ticks_diff(time.ticks_ms(), self._retry_at) < 0:
            return
        sock = socket.socket()
        try:
            sock.connect(self._address)
            sock.setblocking(False)
            sock.write(self._settings)
            self._sock = sock
        except OSError:
            sock.close()
            self._drop()

    def any(self):
        """Receive octets. Returns the number that readinto() can move now."""
        self._faults.touch_uart()
        if self._sock is None:
            self._connect()
        if self._fill == _RING and self._begin:
            count = self._fill - self._begin
            self._view[:count] = self._view[self._begin :]
            self._begin, self._fill = 0, count
        if self._sock and self._fill < _RING:
            try:
                got = self._sock.readinto(self._view[self._fill :])
            except OSError:
                got = 0
            if got == 0:
                self._drop()
            elif got:
                self._fill += got
        return self._fill - self._begin

    def readinto(self, buf, nbytes):
        """Move at most nbytes received octets to buf. Returns their number, None for 0."""
        count = min(nbytes, self._fill - self._begin, len(buf))
        if not count:
            return None
        buf[:count] = self._view[self._begin : self._begin + count]
        self._begin += count
        if self._begin == self._fill:
            self._begin = self._fill = 0
        return count
