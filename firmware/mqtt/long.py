"""Publishes a message that is longer than the packet's buffer, piece by piece. Loaded for one.

In       a topic in octets; a body: parts as str, the same each time it is iterated, and its size
         in octets
Out      a PUBLISH of QoS 0
Errors   MqttError; the link is closed, also if the sending is cancelled: the broker cannot parse
         packets after a part of one. So is it if the parts are not as long as the size says
Source   MQTT 3.1.1 (OASIS) 2.2, 3.3
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Body

    from mqtt.link import Link


_PUBLISH = const(0x30)  # as in mqtt.link
_WRITE_FAILED = const(-6)
_PIECE = const(1024)
_PAUSE_MS = const(50)  # between pieces: a reader that its meter powers recovers from the last one


async def publish(link: "Link", topic: bytes, body: "Body", retained: int) -> None:
    """Send the message. Each piece has the link's time limit."""
    try:
        await _publish(link, topic, body, retained)
    except BaseException:
        link.close()
        raise


async def _publish(link: "Link", topic: bytes, body: "Body", retained: int) -> None:
    link.start()
    link.write(_head(_PUBLISH | retained, topic, body.size))
    link.write(topic)
    waiting = len(topic)
    left = body.size
    for part in body:
        octets = part.encode()
        left -= len(octets)
        if left < 0:
            break
        if waiting + len(octets) > _PIECE:
            await link.send()
            await link.pause(_PAUSE_MS)
            link.start()
            waiting = 0
        link.write(octets)
        waiting += len(octets)
    if left:
        raise link.fail(_WRITE_FAILED, "a message was not as long as expected")
    await link.send()


def _head(kind: int, topic: bytes, size: int) -> bytes:
    """The octets before the topic."""
    rest = 2 + len(topic) + size
    out = [kind]
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes(out + [rest, len(topic) >> 8, len(topic) & 0xFF])
