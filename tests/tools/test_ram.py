"""The table of rooms and the search for the smallest heap."""

from tools import ram


def test_rooms_are_grouped_by_top_folder() -> None:
    found = {"han.hdlc": 300, "han": 50, "app": 200, "State()": 40, "Log()": 60}
    rows = [line.split() for line in ram.table(found).splitlines()]
    assert rows == [
        ["350", "han"],
        ["300", "han.hdlc"],
        ["50", "han"],
        ["200", "app"],
        ["100", "objects"],
        ["60", "Log()"],
        ["40", "State()"],
        ["650", "in", "all"],
    ]


def test_objects_count_with_the_modules_of_their_classes() -> None:
    found = {"net": 90, "net.station": 500, "Network()": 300, "device.light": 200, "netter": 7,
             "State()": 40, "energy.power": 800, "web.server": 600, "Server()": 1500,
             "config": 700, "the settings": 250, "a request": 5000}  # fmt: skip
    assert ram.together(found, ("net", "device")) == 1090
    assert ram.limited(found) == (
        {"net_and_device": 1090, "web_with_microdot": 7100, "settings": 950}, False,
    )  # fmt: skip
    for name, octets in (("web.live", 2117), ("config", 1799), ("net.wifi", 4031)):
        assert ram.limited({**found, name: octets})[1], name
        assert not ram.limited({**found, name: octets - 1})[1], name


def test_the_smallest_sufficient_heap_is_found() -> None:
    for needed in (32, 84, 100, 256):
        asked: list[int] = []

        def runs(size: int, needed: int = needed, asked: list[int] = asked) -> bool:
            asked.append(size)
            return size >= needed

        assert ram.smallest(runs) == needed
        assert len(asked) <= 8 and all(size % ram.STEP == 0 for size in asked)
    assert ram.smallest(lambda size: False) is None
