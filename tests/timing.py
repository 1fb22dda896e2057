"""Time in tests: waiting for an event, and the duration of a program under test."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")
PATIENCE_S = 60  # for a busy machine; limits of the firmware are measured with a Stopwatch
LOST_S = 10
_POLL_S = 0.02


def wait_until(
    condition: Callable[[], object], seconds: float = PATIENCE_S, about: object = ""
) -> None:
    """Wait for a condition. AssertionError with `about` if it is false after the time limit.

    about  a text, or a function that returns one
    """
    end = time.monotonic() + seconds
    late = False
    while not condition():
        if late:
            raise AssertionError("timed out: %s" % (about() if callable(about) else about))
        time.sleep(_POLL_S)
        late = (
            time.monotonic() > end
        )  # it is looked at once more: this thread may have stood still


def asked_again(ask: Callable[[], Answer]) -> Answer:
    """What ask() returns. It is called again after a TimeoutError, for two minutes.

    For one client among more than the reader's listen queue takes. Linux drops the end of a
    handshake when the queue is full, and this end sends again after twice the time each. So ask()
    opens a connection of its own and waits for LOST_S.
    """
    end = time.monotonic() + 2 * PATIENCE_S
    while True:
        try:
            return ask()
        except TimeoutError:
            assert time.monotonic() < end


def waited_ns(*pids: int) -> dict[Path, int]:
    """Nanoseconds for which this thread and those processes waited for a processor, by thread.

    Counted by Linux since each thread's start. Threads and processes that have ended are left out.
    """
    places = [Path("/proc/thread-self").resolve()]
    for pid in pids:
        with contextlib.suppress(OSError):
            places += Path(f"/proc/{pid}/task").iterdir()
    waited = {}
    for place in places:
        with contextlib.suppress(OSError):
            waited[place] = int((place / "schedstat").read_text().split()[1])
    return waited


def family(pid: int) -> list[int]:
    """A process and all its descendants, such as a browser's; some may end at any time."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in children.read_text().split()]
    return found


class Stopwatch:
    """Time since its creation, without the wait for a processor.

    pids  measured processes, in addition to the test's thread
    """

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._waited = waited_ns(*pids)
        self._begin = time.time()

    def seconds(self, since: float = 0) -> float:
        """Seconds since its creation, or since a later unix time."""
        took = time.time() - (since or self._begin)
        waited = waited_ns(*self._pids).items()
        return took - sum(ns - self._waited.get(place, 0) for place, ns in waited) / 1e9
