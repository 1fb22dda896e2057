"""Memory of the whole firmware: the free heap is independent of the number of telegrams."""

from pathlib import Path

from tests.world import World


def test_memory_is_the_same_after_1000_telegrams(tmp_path: Path) -> None:
    """Free heap with one event client: after 20 to 60 telegrams against after 1,000."""
    with World(tmp_path, "--meter", "kaifa", "--speed", "60") as world:
        samples: dict[int, int] = {}
        for _, document in world.events():
            if document["n"] in (20, 40, 60) or document["n"] > 990:
                best = max(world.json("/data.json")["m"] for _ in range(25))
                samples[document["n"]] = best
            if document["n"] > 1000:
                break
        early = max(v for n, v in samples.items() if n < 100)
        late = max(v for n, v in samples.items() if n > 900)
        print(f"free heap {early} then {late} of 262144 octets")
        assert late > early - 0.01 * 262144
