"""The object `co` of /now.json, and unknown money in `ea`, by hand."""

import json

import clock
from config import Config
from doubles import AppDouble, RequestDouble, SystemDouble, app
from energy import edits, profiles
from energy.stored import COSTS
from energy.totals import COST, INCOME
from test_energy_money import DAY, KWH, LAST_HOUR, Costs
from web.documents import costs, data, history, money, now, steps

DATE = "2026-03-03"  # of DAY


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


def money_of(c, **args):
    """The document /money.json of a household."""
    app = AppDouble(None, Config({}, {}), SystemDouble(c.now), c.energy, PricesDouble())
    return json.loads("".join([piece or "" for piece in money.get(app, RequestDouble(args))]))


def cents(hours, key):
    """Hundredths of the sum of hours, and how many have that money."""
    known = [round(hour[key] * 100000) for hour in hours if hour[key] is not None]
    return (sum(known) + 500) // 1000, len(known)


def test_the_money_of_each_day():
    c = month_end()
    assert money_of(c) == {
        "currency": "NOK",
        "days": [
            {"t": "2026-03-31", "c": 22.0, "g": 2.2, "ip": 22.0, "ep": 2.2},
            {"t": "2026-04-01", "c": None, "g": None, "ip": 0, "ep": 0},
        ],
    }
    c.use(LAST_HOUR, LAST_HOUR + 8 * 3600, -500000)
    days = money_of(c)["days"]
    assert [day["c"] for day in days] == [21.0, -3.0] and days[1]["ip"] == 6.0
    c.energy.currency = ""
    assert money_of(c) == {"currency": "", "days": []}
    assert money_of(c, day="2026-04-01") == {"currency": "", "days": [], "hours": []}


def test_the_money_of_the_hours_of_a_day():
    c = month_end()
    before = money_of(c, day="2026-03-31")
    assert before["days"] == [{"t": "2026-03-31", "c": 22.0, "g": 2.2, "ip": 22.0, "ep": 2.2}]
    assert len(before["hours"]) == 22  # the last two had no price
    assert before["hours"][21] == {
        "t": "2026-03-31T21:00+00:00",
        "c": 1.0,
        "g": 0.1,
        "part": False,
    }
    assert money_of(c, day="2026-04-01")["hours"] == []
    c.use(LAST_HOUR, LAST_HOUR + 1800, -500000)
    c.use(LAST_HOUR + 1800, LAST_HOUR + 7200, 1234567)
    after = money_of(c, day="2026-03-31")
    # 0.5 x -0.5 + 0.5 x 1.234567 = 0.3672835; export a tenth of it
    assert after["hours"][22] == {
        "t": "2026-03-31T22:00+00:00", "c": 0.36728, "g": 0.03673, "part": False,
    }  # fmt: skip
    assert after["days"][0]["c"] == 23.6 and cents(after["hours"], "c") == (2360, 24)
    assert cents(after["hours"], "g") == (236, 24)
    c.use(c.begin, c.begin + 900, None)
    assert money_of(c, day="2026-03-31") == after  # the prices in force know less of it


def test_the_hours_of_the_running_day_add_up_to_it_with_received_power():
    c = Costs()
    c.energy.currency = "NOK"
    c.use(c.begin, c.begin + 86400, 1111111)
    c.hours(5)
    c.m.power(c.now, c.now + 2700, 3600)
    c.now += 2700
    found = money_of(c, day=DATE)
    assert found["days"][0]["c"] == 8.56  # 5 kWh and 2.7 kWh at 1.111111
    assert cents(found["hours"], "c") == (856, 6)
    assert found["hours"][5]["c"] == 3.0


def test_hours_are_kept_after_their_prices_are_gone():
    c = Costs()
    c.energy.currency = "NOK"
    c.use(DAY, DAY + 86400, 2000000)
    c.hours(25)
    c.energy.reprice()  # as after each telegram once a day has ended
    kept = money_of(c, day=DATE)
    assert len(kept["hours"]) == 24 and cents(kept["hours"], "c") == (4800, 24)
    c.prices.clear()
    c.use(DAY + 86400, DAY + 2 * 86400, 1000000)
    c.restart()
    c.energy.currency = "NOK"
    assert money_of(c, day=DATE) == kept
    name = COSTS.name(DAY // 86400)
    data = c.m.files.data.pop(name)
    assert money_of(c, day=DATE)["days"] == kept["days"] and money_of(c, day=DATE)["hours"] == []
    c.m.files.data[name] = data[:-1] + b"x"  # damaged
    assert money_of(c, day=DATE)["hours"] == []


def csv_of(c, **args):
    """The lines of /history.csv of a household."""
    app = AppDouble(None, Config({}, {}), SystemDouble(c.now), c.energy, PricesDouble())
    return "".join([piece or "" for piece in history.csv(app, RequestDouble(args))]).split("\r\n")


def test_the_csv_has_columns_of_money():
    c = month_end()
    hours = csv_of(c, step="60", time="utc", money="1", **{"from": "2026-03-31"})
    assert hours[0] == "time_utc,import_kwh,export_kwh,quality,cost_NOK,income_NOK"
    assert hours[22] == "2026-03-31T21:00Z,1.000,0.100,measured,1.00000,0.10000"
    assert hours[23] == "2026-03-31T22:00Z,1.000,0.100,measured,,"  # the last two had no price
    days = csv_of(c, step="day", running="1", money="1", **{"from": "2026-03-31"})
    assert days[0] == "date,import_kwh,export_kwh,quality,cost_NOK,income_NOK"
    assert days[1].startswith("2026-03-31,24.000,2.400,") and days[1].endswith(",22.00,2.20")
    assert days[2].startswith("2026-04-01,") and days[2].endswith(",,")  # no price yet
    c.use(LAST_HOUR, LAST_HOUR + 8 * 3600, -500000)
    hours = csv_of(c, step="60", money="1", **{"from": "2026-03-31"})
    assert hours[23].endswith(",-0.50000,-0.05000")
    plain = "time_local,import_kwh,export_kwh,quality"
    assert csv_of(c, step="15", money="1", **{"from": "2026-03-31"})[0] == plain
    assert csv_of(c, step="60", **{"from": "2026-03-31"})[0] == plain
    c.energy.currency = ""
    assert csv_of(c, step="60", money="1", **{"from": "2026-03-31"})[0] == plain


def test_the_money_of_the_csv_is_that_of_the_document_on_each_day():
    begin = clock.seconds(2026, 10, 24, 22, 0, 0)
    c = Costs(begin, zone="Europe/Oslo")
    c.energy.currency = "NOK"
    c.use(begin, begin + 60 * 3600, 1234567)
    c.hours(40)  # a day of 25 hours, and 15 of the next
    lines = csv_of(c, step="60", money="1", **{"from": "2026-10-25"})[1:-1]
    of_csv = [line.split(",") for line in lines]
    found = money_of(c, day="2026-10-25")["hours"] + money_of(c, day="2026-10-26")["hours"]
    assert [row[0] for row in of_csv] == [hour["t"] for hour in found] and len(found) == 40
    assert [float(row[4]) for row in of_csv] == [hour["c"] for hour in found]
    assert [float(row[5]) for row in of_csv] == [hour["g"] for hour in found]


def test_a_corrected_hour_changes_the_kept_hours():
    c = Costs()
    c.energy.currency = "NOK"
    c.use(DAY, DAY + 2 * 86400, 2000000)
    c.hours(26)
    c.energy.reprice()
    assert edits.enter(c.energy, [(DAY // 3600 + 23, 5000, 300)], [], c.now) == 1
    found = money_of(c, day=DATE)
    assert found["hours"][23]["c"] == 10.0 and found["hours"][23]["g"] == 0.6
    assert found["days"][0]["c"] == 56.0 and cents(found["hours"], "c") == (5600, 24)


def test_a_day_of_25_hours_and_negative_prices():
    begin = clock.seconds(2026, 10, 24, 22, 0, 0)
    c = Costs(begin, zone="Europe/Oslo")
    c.energy.currency = "NOK"
    c.use(begin, begin + 20 * 3600, -5000000)
    c.use(begin + 20 * 3600, begin + 20 * 3600 + 900, 900000000)
    c.hours(25)
    assert c.row(3)[2:] == [-100 * KWH + 225 * KWH, 125 * KWH // 10, 20250, 2025]
    c.energy.reprice()
    c.prices.clear()  # the kept ones are read
    found = money_of(c, day="2026-10-25")
    assert found["days"][0]["c"] == 125.0 and cents(found["hours"], "c") == (12500, 21)
    assert [hour["t"][11:] for hour in found["hours"][1:5]] == [
        "01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00",
    ]  # fmt: skip
    assert found["hours"][0] == {"t": "2026-10-25T00:00+02:00", "c": -5, "g": -0.5, "part": False}
    assert found["hours"][20]["c"] == 225.0 and found["hours"][20]["part"] is True


def test_hours_that_flash_refuses_are_written_later():
    c = Costs()
    c.energy.currency = "NOK"
    c.use(DAY, DAY + 3 * 86400, 2000000)
    c.hours(24)
    c.m.files.full = True
    c.energy.reprice()
    assert COSTS.name(DAY // 86400) not in c.m.files.data
    assert len(money_of(c, day=DATE)["hours"]) == 24  # priced again
    c.m.files.full = False
    c.hours(24)
    c.energy.reprice()
    c.prices.clear()
    assert cents(money_of(c, day=DATE)["hours"], "c") == (4800, 24)


def test_kept_hours_fill_few_files():
    c = Costs()
    for day in range(120):
        c.use(DAY + day * 86400, DAY + day * 86400 + 86400, 1000000)
        c.hours(24)
        c.energy.reprice()
    names = COSTS.names(c.m.files, "")
    assert len(names) <= 5 and max([len(c.m.files.data[name]) for name in names]) <= 4096
    c.energy.currency = "NOK"
    c.prices.clear()
    for back, n in ((1, 24), (62, 24), (90, 0)):
        date = clock.iso(c.now - back * 86400)[:10]
        assert len(money_of(c, day=date)["hours"]) == n, date


def test_only_dates_are_days():
    c = Costs()
    for text in ("", "yesterday", "2026-02-30", "2026-03", "99999"):
        try:
            money_of(c, day=text)
        except ValueError as e:
            assert str(e) == "day must be like 2026-03-01"
        else:
            raise AssertionError(text)


def test_the_prices_of_the_steps():
    c = Costs()
    c.energy.currency = "NOK"

    def shown_steps(**rules):
        c.energy.set_rules("GMT", profiles.tariff("NO", rules))
        app = AppDouble(None, Config({}, {}), SystemDouble(c.now), c.energy, PricesDouble())
        document = json.loads("".join(steps.get(app, None)))
        assert document["currency"] == "NOK"
        return [(step["kw"], step["price"]) for step in document["steps"]]

    assert shown_steps() == []  # no prices
    prices = (125000000, 210500000, 0)
    assert shown_steps(steps=(2, 5), step_prices_micro=prices) == [(2, 125), (5, 210.5), (None, 0)]
    # Without a price of its own a step has that of the one below it, as in the cost of a month.
    assert shown_steps(steps=(2, 5), step_prices_micro=prices[:2])[2] == (None, 210.5)
    assert shown_steps(steps=(2, 5), price_micro_per_kw=1, step_prices_micro=prices) == []
    assert shown_steps(steps=(), step_prices_micro=prices) == []
