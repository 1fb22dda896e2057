"""The object `co` of /now.json, and unknown money in `ea`, by hand."""

import json

from config import Config
from doubles import AppDouble, SystemDouble, app
from energy import profiles
from energy.totals import COST, INCOME
from test_energy_money import LAST_HOUR, Costs
from web.documents import costs, data, money, now


class PricesDouble:
    def __init__(self, missing=""):
        self.missing = missing
        self.spot_currency = "EUR"


def shown(c, missing="", **settings):
    """(ea, co) of a household's money, now."""
    system = SystemDouble(c.now)
    app = AppDouble(None, Config(settings, {}), system, c.energy, PricesDouble(missing))
    ea = json.loads("".join(now.summary(c.energy, c.now)))
    text = "".join(costs.pieces(app, c.now))
    return ea, json.loads("{" + text[1:] + "}")["co"] if text else None


def month_end():
    """March ends with two hours without a price; April has six hours."""
    c = Costs(LAST_HOUR - 22 * 3600)
    c.energy.set_rules("GMT", profiles.tariff("", {"price_micro_per_kw": 50000000}))
    c.energy.currency = "NOK"
    c.use(c.begin, LAST_HOUR, 1000000)
    c.hours(30)
    return c


def test_a_partly_priced_month_says_how_much():
    c = month_end()
    ea, co = shown(c, monthly_fee_micro=49500000)
    assert ea["u"] == [0, 6.0, 6.0, 24.0, 24.0]
    assert ea["c"] == [0, None, None, 22.0, 22.0] and ea["g"] == [0, None, None, 2.2, 2.2]
    assert co["up"] == [0, 0, 0, 22.0, 22.0] and co["pp"] == [0, 0, 0, 2.2, 2.2]
    assert co["cf"] == [None, 71.5] and co["nr"] is None and co["sc"] == "EUR"
    # 1 kW at 50 a kW; 22 + 50 + 49.50 - 2.20
    assert co["lm"] == {
        "m": "2026-03", "u": 24.0, "p": 2.4, "c": 22.0, "g": 2.2, "x": 1.0, "cc": 50.0,
        "fee": 49.5, "sum": 119.3,
    }  # fmt: skip
    c.use(LAST_HOUR, LAST_HOUR + 8 * 3600, -500000)
    ea, co = shown(c)
    assert ea["c"] == [0, -3.0, -3.0, 21.0, 21.0] and co["up"] == ea["u"] and co["pp"] == ea["p"]
    assert co["cf"] == [-3.0, 21.0] and co["lm"]["sum"] == 21.0 + 50.0 - 2.1


def test_a_price_of_zero_is_known():
    c = Costs()
    c.energy.currency = "NOK"
    c.use(c.begin, c.begin + 86400, 0)
    c.hours(2)
    ea, co = shown(c)
    assert ea["c"][1] == 0 and ea["g"][1] == 0 and co["up"][1] == 2.0
    assert costs.known([5, 0, 0, 0, 0, 0], COST) is None
    assert costs.known([5, 0, 0, 0, 0, 0], INCOME) == 0  # no export earns nothing


def test_the_sum_is_of_the_rounded_amounts():
    c = month_end()
    c.use(c.begin, LAST_HOUR + 7200, 1000208)  # 24.004992 and 2.4004992
    assert shown(c)[1]["lm"]["c"] == 24.0 and shown(c)[1]["lm"]["g"] == 2.4
    assert shown(c, monthly_fee_micro=4000)[1]["lm"]["sum"] == 24.0 - 2.4 + 50.0
    assert shown(c, monthly_fee_micro=5000)[1]["lm"]["sum"] == 71.61


def test_a_missing_rate_is_said():
    c = month_end()
    assert shown(c, "no EUR to NOK rate")[1]["nr"] == "no EUR to NOK rate"


def test_without_prices_there_is_no_such_object():
    c = Costs()
    c.hours(2)
    ea, co = shown(c)
    assert co is None and ea["c"][1] is None and ea["cur"] == ""


def test_without_a_last_month_the_invoice_has_no_capacity():
    c = Costs()
    c.energy.currency = "NOK"
    c.use(c.begin, c.begin + 86400, 1000000)
    c.hours(2)
    lm = shown(c)[1]["lm"]
    assert lm["m"] == "2026-02" and lm["u"] == 0 and lm["x"] is None and lm["cc"] is None


def test_data_json_has_the_export_price_if_it_is_another():
    of_test = app(monthly_fee_micro=1)
    of_test.energy.set_prices(lambda utc: 1234567)
    body = json.loads("".join(data.get(of_test, None)))
    assert body["p"] == body["px"] == 1.23
    of_test.energy.set_prices(lambda utc: 1234567, lambda utc: -456789)
    body = json.loads("".join(data.get(of_test, None)))
    assert body["p"] == 1.23 and body["px"] == -0.4568
    of_test.energy.set_prices(lambda utc: 1234567, lambda utc: None)
    assert json.loads("".join(data.get(of_test, None)))["px"] is None


def test_the_money_of_each_day():
    c = month_end()
    app = AppDouble(None, Config({}, {}), SystemDouble(c.now), c.energy, PricesDouble())
    document = json.loads("".join(money.get(app, None)))
    assert document == {
        "currency": "NOK",
        "days": [
            {"t": "2026-03-31", "c": 22.0, "g": 2.2, "ip": 22.0, "ep": 2.2},
            {"t": "2026-04-01", "c": None, "g": None, "ip": 0, "ep": 0},
        ],
    }
    c.use(LAST_HOUR, LAST_HOUR + 8 * 3600, -500000)
    days = json.loads("".join(money.get(app, None)))["days"]
    assert [day["c"] for day in days] == [21.0, -3.0] and days[1]["ip"] == 6.0
    c.energy.currency = ""
    assert "".join(money.get(app, None)) == '{"currency":"","days":[]}'
