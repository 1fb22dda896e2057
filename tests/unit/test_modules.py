"""Modules that are let go of: the next import loads them anew."""

import sys

from modules import let_go


def test_a_module_in_a_package():
    from prices import sources
    from prices.sources import norgesbank

    first = norgesbank.Parser
    let_go("prices.sources.norgesbank")
    assert "prices.sources.norgesbank" not in sys.modules and not hasattr(sources, "norgesbank")
    from prices.sources import norgesbank

    assert norgesbank.Parser is not first


def test_a_module_of_its_own_and_one_that_is_not_loaded():
    import refine

    let_go("refine", "prices.nothing", "nothing")
    assert "refine" not in sys.modules
    import refine as again

    assert again is not refine
