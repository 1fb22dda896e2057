"""Messages that are published in pieces, against a link that records them."""

import asyncio

import ondemand


class LinkDouble:
    """Records the octets, and the length of each piece."""

    def __init__(self, fails_at=99):
        self.sent = b""
        self.pieces = []
        self.closed = False
        self._held = b""
        self._fails_at = fails_at

    def start(self):
        pass

    def write(self, octets):
        self._held += octets

    async def send(self):
        if len(self.pieces) == self._fails_at:
            raise OSError("gone")
        self.pieces.append(len(self._held))
        self.sent += self._held
        self._held = b""

    async def pause(self, pause_ms):
        assert pause_ms == 50

    def fail(self, code, text):
        self.close()
        return OSError(code, text)

    def close(self):
        self.closed = True


class Body:
    def __init__(self, parts, more=0):
        self._parts = parts
        self.size = sum([len(part.encode()) for part in parts]) + more

    def __iter__(self):
        return iter(self._parts)


def published(link, body, retained=1):
    """The error of publishing, None without one."""
    with ondemand.visit("mqtt.long") as long:
        try:
            asyncio.run(long.publish(link, b"a/b", body, retained))
        except OSError as e:
            return e


def test_octets_of_a_message():
    for size, head in (
        (10, b"\x31\x0f"), (122, b"\x31\x7f"), (123, b"\x31\x80\x01"),
        (16378, b"\x31\xff\x7f"), (16379, b"\x31\x80\x80\x01"),
    ):  # fmt: skip
        # The remaining length counts the topic and the two octets of its length.
        link = LinkDouble()
        parts = ["x" * 100] * (size // 100) + ["y" * (size % 100)]
        assert published(link, Body(parts)) is None
        assert link.sent == head + b"\x00\x03a/b" + "".join(parts).encode(), size
        assert max(link.pieces) <= 1024 + 8 and not link.closed
    link = LinkDouble()
    assert published(link, Body(["°", "C"]), 0) is None
    assert link.sent == b"\x30\x08\x00\x03a/b\xc2\xb0C"


def test_a_body_of_another_length_ends_the_connection():
    for more in (-1, 1):
        link = LinkDouble()
        error = published(link, Body(["x" * 600] * 3, more))
        assert error.args[0] == -6 and link.closed, more


def test_a_connection_that_breaks_is_closed():
    link = LinkDouble(fails_at=2)
    assert published(link, Body(["x" * 1000] * 5)) is not None
    assert link.closed and len(link.pieces) == 2
