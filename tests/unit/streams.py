"""Feeding a framer as the reader does, for the tests of every framer."""

from han.framing import FRAME, NEED_DATA


def drain(framer, found, faults, silent=False):
    """next_frame() until NEED_DATA: frames go to found, other statuses to faults."""
    while True:
        status = framer.next_frame(silent)
        if status == NEED_DATA:
            return
        if status == FRAME:
            found.append(bytes(framer.buf[framer.start : framer.end]))
        else:
            faults.append(status)


def run(framer, chunks, silent=True, silences=False):
    """(frames, other statuses) of a stream given in chunks.

    silent    the line goes quiet behind the last chunk
    silences  and behind every other one
    """
    found = []
    faults = []
    for chunk in chunks:
        at = 0
        while at < len(chunk):
            taken = framer.feed(chunk, len(chunk), at)
            assert taken > 0, "no room after NEED_DATA"
            at += taken
            drain(framer, found, faults)
        if silences:
            drain(framer, found, faults, True)
    if silent:
        drain(framer, found, faults, True)
    return found, faults


def octet_by_octet(octets):
    return [octets[i : i + 1] for i in range(len(octets))]


def fed_with_locked_heap(framer, octets):
    """How many frames come out when nothing can be allocated."""
    import micropython

    found = 0
    for _ in range(2):  # the second round with everything already compiled and warm
        found = 0
        micropython.heap_lock()
        for at in range(len(octets)):
            framer.feed(octets, at + 1, at)
            while True:
                status = framer.next_frame()
                if status == NEED_DATA:
                    break
                if status == FRAME:
                    found += 1
        micropython.heap_unlock()
    return found
