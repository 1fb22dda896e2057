"""Meter, broker and all requests at once on the stand-in, with a heap as small as a chip's.

Three meters, each with firmware, broker, history and clients of its own; all at the same time.
RAM is deterministic: a failure here is a failure on the chip. For a firmware that does not fit
yet: IMAGE_HEAP=128k IMAGE_TIGHT_HEAP=112k.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tools import rig

HEAP = os.environ.get("IMAGE_HEAP", "88k")
TIGHT_HEAP = os.environ.get("IMAGE_TIGHT_HEAP", "78k")
TELEGRAMS = 1000
TIGHT_TELEGRAMS = 300
CORRECTIONS = 50
PRICE_DOCUMENTS = 4
PRICE_OCTETS = 60_000
AT_ONCE = 12
OUTAGES = 5
LARGEST_FREE = 4096  # octets: a file of the history, the largest piece asked for at once
SERVED_WITHIN_S = 600  # six readers share the machine: no limit of the firmware
SETTLED_S = 20
LEFT_LOADED = 2048  # octets: less than a form with what it needs
PUBLISHED_WITHIN_S = 1.0  # the shortest interval of a real meter: a later telegram replaces it
METERS: dict[str, Callable[[], rig.Line]] = {
    "kaifa": rig.kaifa,
    "p1": rig.p1_text,
    "mbus": rig.ciphered_mbus,
}


@dataclass
class Result:
    """The result of one meter's run."""

    log: str = ""
    restarts: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    missed: int = 0  # telegrams that were sent and not decoded
    telegrams: int = 0
    slowest_s: float = 0.0  # from a telegram to its publication, while a broker ran
    events: int = 0
    heap: dict[str, int] = field(default_factory=dict)
    error: str = ""


def request_all(world: rig.Rig) -> None:
    """Request every document, some forms and every file of the reader."""
    for path in rig.DOCUMENTS:
        world.ask(path)
    world.load_page()
    world.ask("/history.csv?step=60&time=utc&from=2025-01-15&to=2026-01-15")
    world.post("/configfile", rig.configfile())
    document = rig.price_document(2, PRICE_OCTETS)
    for number, body in enumerate(rig.corrections(CORRECTIONS)):
        world.post("/dayplot", body)
        if number % (CORRECTIONS // PRICE_DOCUMENTS) == 0 and number < CORRECTIONS - 2:
            world.post("/prices", document)
    paths = [path for path in rig.DOCUMENTS if path != "/is-alive"][:AT_ONCE]
    clients = [threading.Thread(target=world.ask, args=(path,)) for path in paths]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    world.load_page()


def stretch(world: rig.Rig, seconds: float, until: int) -> float:
    """Run with a broker for that time and number of telegrams. Returns the slowest publication."""
    assert world.broker.online.wait(120), "not connected to the broker again"
    begin = time.time() + 0.2
    time.sleep(seconds)
    rig.until(lambda: len(world.telegrams) >= until, SERVED_WITHIN_S)
    end = time.time()
    time.sleep(PUBLISHED_WITHIN_S)
    return world.slowest_publication(begin, end)


def live(world: rig.Rig, telegrams: int, result: Result) -> None:
    """The load from the first telegram to the last; the broker restarts in between."""
    world.post("/prices", rig.price_document())
    world.post("/prices", rig.RATES)
    world.pages()
    base = world.pause()
    sent = len(world.telegrams)
    world.tell("resume")
    clients_thread = threading.Thread(target=request_all, args=(world,))
    clients_thread.start()
    for _ in range(OUTAGES):
        result.slowest_s = max(result.slowest_s, stretch(world, 1, 0))
        world.broker.stop()
        time.sleep(0.5)
        world.broker.start()
    result.slowest_s = max(result.slowest_s, stretch(world, 1, sent + telegrams))
    clients_thread.join(SERVED_WITHIN_S)
    assert not clients_thread.is_alive(), "the clients were not served in time"
    world.leave()
    result.missed = base - world.pause() + len(world.telegrams) - sent
    result.telegrams = len(world.telegrams) - sent


def settled(world: rig.Rig) -> dict[str, int]:
    """The heap with the least that is live: cut requests end, and the broker is joined again."""
    found = []
    for _ in range(SETTLED_S):
        found.append(world.heap(collect=True))
        time.sleep(1)
    return min(found, key=lambda heap: heap["live"])


def run(name: str, heap: str, telegrams: int, folder: Path) -> Result:
    """Run one load. An exception is in the result's `error`."""
    result = Result()
    try:
        with rig.Rig(METERS[name](), heap, folder) as world:
            try:
                live(world, telegrams, result)
                result.heap = settled(world)
            finally:
                result.log = world.log()
                result.restarts = world.restarts
                result.answers = dict(world.answers.counts)
                result.events = world.events
    except (AssertionError, RuntimeError) as e:
        result.error = f"{type(e).__name__}: {e}"
    return result


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Result]]:
    """Results by meter and heap; all run at the same time."""
    rig.prepare()
    found: dict[tuple[str, str], Result] = {}

    def one(name: str, heap: str, telegrams: int, folder: Path) -> None:
        found[name, heap] = run(name, heap, telegrams, folder)

    threads = [
        threading.Thread(
            target=one, args=(name, heap, telegrams, tmp_path_factory.mktemp(f"{name}-{heap}"))
        )
        for name in METERS
        for heap, telegrams in ((HEAP, TELEGRAMS), (TIGHT_HEAP, TIGHT_TELEGRAMS))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield found


@pytest.mark.parametrize("name", METERS)
def test_the_load_is_served(results: dict[tuple[str, str], Result], name: str) -> None:
    result = results[name, HEAP]
    assert not result.error, (result.error, result.log[-3000:])
    assert result.restarts == 0 and "MemoryError" not in result.log, result.log[-3000:]
    assert set(result.answers) == {"200"}, (result.answers, result.log[-3000:])
    assert result.telegrams >= TELEGRAMS and result.missed == 0
    assert result.slowest_s < PUBLISHED_WITHIN_S
    assert result.events > result.telegrams // 4  # on a busy machine telegrams share an event
    assert "starting it again" not in result.log
    assert result.heap["largest_free"] >= LARGEST_FREE, result.heap


@pytest.mark.parametrize("name", METERS)
def test_a_heap_that_is_too_small_loses_no_telegram(
    results: dict[tuple[str, str], Result], name: str
) -> None:
    result = results[name, TIGHT_HEAP]
    assert not result.error, (result.error, result.log[-3000:])
    assert result.restarts == 0, result.log[-3000:]
    assert result.telegrams >= TIGHT_TELEGRAMS
    assert result.missed == 0, (result.missed, result.log[-6000:])


@pytest.mark.parametrize("name", METERS)
def test_a_request_without_enough_memory_leaves_nothing_loaded(
    results: dict[tuple[str, str], Result], name: str
) -> None:
    served, refused = results[name, HEAP], results[name, TIGHT_HEAP]
    assert not served.error and not refused.error
    assert sum(n for answer, n in refused.answers.items() if answer.startswith("503")) > 0
    assert refused.heap["live"] < served.heap["live"] + LEFT_LOADED, (refused.heap, served.heap)
