"""Visits: modules are loaded for one piece of work and unloaded after it."""

import gc
import sys

import ondemand
from ondemand import visit


class Filled:
    """Stands for Prices, which a parser fills."""

    rates = {}


def loaded(*names):
    return [name for name in names if name in sys.modules]


def forget(*names):
    """Make sure that a test begins without these modules."""
    for name in names:
        sys.modules.pop(name, None)
        package, _, own = name.rpartition(".")
        if package in sys.modules and hasattr(sys.modules[package], own):
            delattr(sys.modules[package], own)


def test_a_visit_unloads_what_was_imported_for_it():
    forget("prices.sources.norgesbank", "prices.xml")
    with visit("prices.sources.norgesbank") as norgesbank:
        assert norgesbank.Parser(Filled) is not None
        assert loaded("prices.sources.norgesbank", "prices.xml")
    assert not loaded("prices.sources.norgesbank", "prices.xml")
    with visit("prices.sources.norgesbank") as again:
        assert again is not norgesbank


def test_two_visits_at_once_share_the_module_and_the_last_one_unloads_it():
    forget("prices.sources.norgesbank", "prices.xml")
    first, second = visit("prices.sources.norgesbank"), visit("prices.sources.norgesbank")
    assert first.open() is second.open()
    first.close()
    first.close()  # twice does no harm
    assert loaded("prices.sources.norgesbank")
    second.close()
    assert not loaded("prices.sources.norgesbank", "prices.xml")


def test_modules_of_another_visit_stay_usable():
    forget("prices.sources.entsoe", "prices.sources.norgesbank", "prices.xml")
    one, other = visit("prices.sources.entsoe"), visit("prices.sources.norgesbank")
    one.open()
    parser = other.open().Parser(Filled)
    one.close()
    parser.feed(b"<Series/>")
    assert not parser.fault
    other.close()
    assert not loaded("prices.sources.entsoe", "prices.sources.norgesbank", "prices.xml")


def test_a_module_with_a_visit_of_its_own_stays_after_the_visit_that_loaded_it():
    names = [name for name in sys.modules if name.startswith("prices.")]
    forget(*names)
    outer, inner = visit("prices.sources.norgesbank"), visit("prices.xml")
    outer.open()
    module = inner.open()
    outer.close()
    assert inner.open() is module and sys.modules["prices.xml"] is module
    inner.close()
    assert not loaded("prices.xml", "prices.sources.norgesbank")


def test_modules_loaded_before_the_visit_stay():
    import clock

    with visit("clock") as visited:
        assert visited is clock
    assert sys.modules["clock"] is clock


def test_an_exception_ends_the_visit():
    forget("prices.sources.norgesbank")
    try:
        with visit("prices.sources.norgesbank"):
            raise KeyError("of the one who visits")
    except KeyError:
        pass
    assert not loaded("prices.sources.norgesbank")


def test_a_module_that_does_not_load_leaves_nothing():
    try:
        with visit("prices.there_is_no_such_module"):
            raise AssertionError("loaded")
    except ImportError:
        pass
    with visit("clock"):
        pass
    assert not loaded("prices.there_is_no_such_module")


def test_a_cancelled_task_ends_its_visit():
    import asyncio

    forget("prices.sources.norgesbank")

    async def work():
        with visit("prices.sources.norgesbank"):
            await asyncio.sleep(10)

    async def main():
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        assert loaded("prices.sources.norgesbank")
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        assert not loaded("prices.sources.norgesbank")

    asyncio.run(main())


def test_two_hundred_visits_hold_what_one_does():
    def live():
        gc.collect()
        return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0

    def go():
        with visit("energy.profiles") as rules:
            return len(rules.PROFILES)

    assert go() == go()
    before = live()
    for _ in range(200):
        go()
    assert live() - before < 200


def test_room_in_a_table_leaves_it_as_it_was():
    for table in ({}, {"a": 1, "b": 2}):
        before = dict(table)
        ondemand._make_room(table, 20)
        assert table == before
