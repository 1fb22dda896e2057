"""Modules that are let go of: the next import loads them anew."""

import sys

from modules import let_go


def test_a_module_in_a_package():
    import prices
    from prices import currency

    first = currency.RateParser
    let_go("prices.currency")
    assert "prices.currency" not in sys.modules and not hasattr(prices, "currency")
    from prices import currency

    assert currency.RateParser is not first and currency.RateParser({})


def test_a_module_of_its_own_and_one_that_is_not_loaded():
    import refine

    let_go("refine", "prices.nothing", "nothing")
    assert "refine" not in sys.modules
    import refine as again

    assert again is not refine
