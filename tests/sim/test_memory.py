"""Memory of the whole firmware: the free heap is independent of the number of telegrams."""

import time
from pathlib import Path

from tests.world import World


def test_memory_is_the_same_after_1000_telegrams(tmp_path: Path) -> None:
    """Free heap with one event client: after 20 to 60 telegrams against after 1,000."""
    left = -time.time() % 3600
    time.sleep(left + 1 if left < 90 else 0)  # an hour that ends changes the heap
    with World(tmp_path, "--meter", "kaifa", "--speed", "60") as world:
        samples: dict[bool, list[int]] = {True: [], False: []}  # by whether it is an early one
        for _, document in world.events():
            count = document["n"]  # on a busy machine telegrams share an event
            early_one = len(samples[True]) < 3
            if count > 990 or (early_one and count >= 20 * (len(samples[True]) + 1)):
                best = max(world.json("/data.json")["m"] for _ in range(25))
                samples[early_one].append(best)
            if count > 1000:
                break
        early, late = max(samples[True]), max(samples[False])
        print(f"free heap {early} then {late} of 262144 octets")
        assert late > early - 0.01 * 262144
