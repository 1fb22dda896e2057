"""Visits: modules loaded for one piece of work, and what becomes of them."""

import gc
import sys

from ondemand import visit

_SHARED = "prices.lexer"


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
    forget("prices.currency", "prices.xml", _SHARED)
    with visit("prices.currency") as currency:
        assert currency.RateParser({}) is not None
        assert loaded("prices.currency", "prices.xml", _SHARED)
    assert not loaded("prices.currency", "prices.xml", _SHARED)
    with visit("prices.currency") as again:
        assert again is not currency


def test_two_visits_at_once_share_the_module_and_the_last_one_unloads_it():
    forget("prices.currency", "prices.xml")
    first, second = visit("prices.currency"), visit("prices.currency")
    assert first.open() is second.open()
    first.close()
    first.close()  # twice does no harm
    assert loaded("prices.currency")
    second.close()
    assert not loaded("prices.currency", "prices.xml")


def test_what_another_visit_loaded_stays_usable():
    forget("prices.entsoe", "prices.currency", "prices.xml")
    one, other = visit("prices.entsoe"), visit("prices.currency")
    one.open()
    parser = other.open().RateParser({})
    one.close()
    parser.feed(b"<Series/>")
    assert not parser.fault
    other.close()
    assert not loaded("prices.entsoe", "prices.currency", "prices.xml")


def test_what_was_loaded_before_stays():
    import prices.numbers

    with visit("prices.numbers") as numbers:
        assert numbers is sys.modules["prices.numbers"]
    assert sys.modules["prices.numbers"] is prices.numbers


def test_an_exception_ends_the_visit():
    forget("prices.currency")
    try:
        with visit("prices.currency"):
            raise KeyError("of the one who visits")
    except KeyError:
        pass
    assert not loaded("prices.currency")


def test_a_module_that_does_not_load_leaves_nothing():
    try:
        with visit("prices.there_is_no_such_module"):
            raise AssertionError("loaded")
    except ImportError:
        pass
    with visit("prices.numbers"):
        pass
    assert not loaded("prices.there_is_no_such_module")


def test_a_cancelled_task_ends_its_visit():
    import asyncio

    forget("prices.currency")

    async def work():
        with visit("prices.currency"):
            await asyncio.sleep(10)

    async def main():
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        assert loaded("prices.currency")
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        assert not loaded("prices.currency")

    asyncio.run(main())


def test_two_hundred_visits_hold_what_one_does():
    def live():
        gc.collect()
        return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0

    def go():
        with visit("energy.rules") as rules:
            return len(rules.PROFILES)

    assert go() == go()
    before = live()
    for _ in range(200):
        go()
    assert live() - before < 200
