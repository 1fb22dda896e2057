"""More clients than there is memory for: they wait for each other, and nothing falls over."""

import threading
from collections import Counter
from pathlib import Path

from test_costs import RATES, document
from test_energy import METER, post
from world import World, until

from tools.encoders import prices

PATHS = ("/data.json", "/history.json?step=15", "/", "/monthplot.json", "/importprice.json",
         "/tariff.json", "/sysinfo.json", "/lists.txt")  # fmt: skip


def test_streams_and_more_clients_than_are_served_at_once(tmp_path: Path) -> None:
    with World(tmp_path, *METER) as world:
        until(lambda: world.json("/now.json")["i"] is not None, 20)
        assert post(world, "/prices", document())[0] == 200
        assert post(world, "/prices", prices.rates(RATES))[0] == 200
        streams = [world.events() for _ in range(3)]
        before = [next(stream)[1]["n"] for stream in streams]
        answers: list[int | str] = []

        def ask(path: str) -> None:
            for _ in range(12):
                try:
                    answers.append(world.get(path, timeout=20)[0])
                except OSError as e:
                    answers.append(repr(e))

        clients = [threading.Thread(target=ask, args=(path,)) for path in PATHS]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        assert Counter(answers) == {200: 12 * len(PATHS)}, world.log()
        assert all(next(s)[1]["n"] > n for s, n in zip(streams, before, strict=True))
        assert "MemoryError" not in world.log() and "Traceback" not in world.log()
