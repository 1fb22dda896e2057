"""/steps.json: the prices of the steps of the capacity tariff.

currency  of the prices
steps     the lowest first: kw its upper limit, null above the last one; price of a month. None
          without steps, without prices of them, and while a kW has a price
"""

from fmt import fixed, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /steps.json: one a step."""
    tariff = app.energy.peaks.tariff
    prices = () if tariff.price_micro_per_kw else tariff.step_prices_micro
    yield '{"currency":%s,"steps":[' % quote(app.energy.currency)
    if prices and tariff.steps:
        for i in range(len(tariff.steps) + 1):
            yield '%s{"kw":%s,"price":%s}' % (
                "," if i else "",
                tariff.steps[i] if i < len(tariff.steps) else "null",
                fixed(prices[min(i, len(prices) - 1)], 6, 2),
            )
    yield "]}"
