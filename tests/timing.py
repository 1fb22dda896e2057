"""Time in tests: waiting for an event, and the duration of a program under test."""

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 60  # for a busy machine; limits of the firmware are measured with a Stopwatch
_POLL_S = 0.02


def wait_until(
    condition: Callable[[], object], seconds: float = PATIENCE_S, about: object = ""
) -> None:
    """Wait for a condition. AssertionError with `about` after the time limit.

    about  a text, or a function that returns one
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("timed out: %s" % (about() if callable(about) else about))
        time.sleep(_POLL_S)


def waited_s(*pids: int) -> float:
    """Seconds for which this thread and those processes waited for a processor.

    Counted by Linux for each thread since its start.
    """
    places = [Path("/proc/thread-self")]
    for pid in pids:
        places += Path(f"/proc/{pid}/task").iterdir()
    return sum(int((place / "schedstat").read_text().split()[1]) for place in places) / 1e9


def family(pid: int) -> list[int]:
    """A process and all its child processes, as of a browser."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


class Stopwatch:
    """Time since its creation, without the wait for a processor.

    pids  measured processes, in addition to the test's thread
    """

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._waited = waited_s(*pids)
        self._begin = time.time()

    def seconds(self, since: float = 0) -> float:
        """Seconds since its creation, or since a later unix time."""
        return time.time() - (since or self._begin) - (waited_s(*self._pids) - self._waited)
