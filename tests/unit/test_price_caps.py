"""Rules that end with the import of a month, and prices that find no memory.

The meter counts 1 kWh an hour from DAY on, in GMT.
"""

import clock
import records
from config import Config
from files import FilesDouble
from log import Log
from ondemand import visit
from prices.store import Prices
from test_energy_ledger import DAY
from test_energy_money import KWH, Costs
from test_prices import table_of

RULE = '"within" import norgespris 0.1 all all 00-00 00-00 30'


def crossing(energy, month, kwh):
    with visit("energy.caps") as caps:
        return caps.crossing(energy, month, kwh)


def priced(c, text, days=4):
    """Prices of 1 EUR with a rule, in force for the energy."""
    files = FilesDouble()
    table = table_of([1000000] * 96 * days, c.begin // 900)
    files.data["prices.bin"] = records.pack(0x50, 1, table.pack())
    prices = Prices(files, Config({"price_rules": text, "timezone": "GMT"}, {}), Log(lambda: 0))
    prices.energy = c.energy
    prices.load()
    again(c, prices)
    return prices


def again(c, prices):
    c.energy.set_prices(prices.price, None, (prices.begin * 900, -1))
    while c.energy.totals.reprice >= 0:
        c.energy.reprice()


def turned(c, prices):
    with visit("prices.rules") as rules:
        found = rules.turned(prices, prices._config, c.now)
    if found:
        prices.update_rate()
        again(c, prices)
    return found


def test_the_hour_in_which_the_import_becomes_more():
    month = clock.month_of(DAY // 86400)
    c = Costs()
    assert crossing(c.energy, month, 1) == 0
    c.hours(10)  # of the running day
    assert crossing(c.energy, month, 10) == 0  # not more than that
    assert crossing(c.energy, month, 9) == DAY + 10 * 3600
    c.hours(40)  # of a day that is over, and of the running one
    for kwh in (0, 9, 23, 24, 30, 48, 49):
        assert crossing(c.energy, month, kwh) == DAY + (kwh + 1) * 3600, kwh
    assert crossing(c.energy, month, 50) == crossing(c.energy, month + 1, 0) == 0
    assert crossing(c.energy, month - 1, 0) == 0


def test_a_month_begins_anew():
    last = clock.seconds(2026, 3, 31, 0, 0, 0)
    c = Costs(last)
    c.hours(40)  # 24 in March, 16 in April
    march, april = 2026 * 12 + 2, 2026 * 12 + 3
    assert crossing(c.energy, march, 20) == last + 21 * 3600
    assert crossing(c.energy, march, 24) == 0
    assert crossing(c.energy, april, 10) == last + 35 * 3600
    assert crossing(c.energy, april, 16) == 0


def test_a_rule_ends_with_the_import_of_the_month_and_costs_follow():
    c = Costs()
    prices = priced(c, RULE)
    c.hours(29)
    assert not turned(c, prices) and c.row(2)[2] == 29 * KWH // 10
    before = prices.revision
    c.hours(3)  # 30 kWh are passed in the 31st hour
    assert c.row(2)[2] == 32 * KWH // 10  # until the hour's end is looked at
    assert turned(c, prices) and prices.revision > before
    end = DAY + 31 * 3600
    assert prices.price(end - 1) == 100000 and prices.price(end) == 1000000
    assert c.row(2)[2] == 31 * KWH // 10 + KWH
    assert not turned(c, prices)
    # The next month begins with the rule.
    later = clock.seconds(2026, clock.civil(DAY)[1] % 12 + 1, 1, 0, 0, 0)
    c.now = later
    with visit("prices.rules") as rules:
        assert rules.turned(prices, prices._config, later)
    assert prices.over == 0


def test_a_price_that_finds_no_memory_is_made_later():
    prices = priced(Costs(), RULE)
    fill = prices.fill

    def full(*_):
        raise MemoryError

    prices.fill = full
    prices._first = 0  # quarter of the window: forget what was read
    assert prices.price(DAY) is None and prices.unpriced
    prices.fill = fill
    assert prices.price(DAY) == 100000
