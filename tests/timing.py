"""Time in tests: waiting for an event, and how long a program under test took."""

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 60  # the machine may be busy: a limit of the firmware is measured with a Stopwatch
_POLL_S = 0.02


def wait_until(
    condition: Callable[[], object], seconds: float = PATIENCE_S, about: object = ""
) -> None:
    """Wait for a condition; AssertionError with `about` if it does not come true in time.

    about  what to show then: a text, or a function that makes one
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("timed out: %s" % (about() if callable(about) else about))
        time.sleep(_POLL_S)


def waited_s(*pids: int) -> float:
    """How long this thread and those processes were ready to run while others had the processors.

    Seconds since each began, as Linux counts them for every thread.
    """
    places = [Path("/proc/thread-self")]
    for pid in pids:
        places += Path(f"/proc/{pid}/task").iterdir()
    return sum(int((place / "schedstat").read_text().split()[1]) for place in places) / 1e9


def family(pid: int) -> list[int]:
    """A process and all that it has started, as a browser does."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


class Stopwatch:
    """The time since it was made, without the time for which the machine was busy with others.

    pids  the processes that take part in what is measured; the test's own thread always does
    """

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._waited = waited_s(*pids)
        self._begin = time.time()

    def seconds(self, since: float = 0) -> float:
        """Seconds since it was made, or since a unix time after that."""
        return time.time() - (since or self._begin) - (waited_s(*self._pids) - self._waited)
