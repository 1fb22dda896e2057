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
    import supply

    let_go("supply", "prices.nothing", "nothing")
    assert "supply" not in sys.modules
    import supply as again

    assert again is not supply
