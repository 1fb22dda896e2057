"""Advice: runs, quarters and levels by hand. Prices are lists from a begin on."""

from ondemand import visit

BEGIN = 1_782_856_800  # 2026-06-30T22:00Z, the midnight of 2026-07-01 in CEST
Q = 900


def of(*values, begin=BEGIN):
    """A price function of values from `begin` on; None elsewhere."""

    def price(utc):
        i = (utc - begin) // Q
        return values[i] if 0 <= i < len(values) else None

    return price


def run(price, begin, end, quarters, dearest=False):
    with visit("prices.advice") as advice:
        return advice.run(price, begin, end, quarters, dearest)


def pick(*arguments):
    with visit("prices.advice") as advice:
        return advice.pick(*arguments)


def level(*arguments):
    with visit("prices.advice") as advice:
        return advice.level(*arguments)


def test_the_cheapest_and_dearest_runs():
    price = of(5, 3, 4, 9, 1, 8, 7, 2)
    end = BEGIN + 8 * Q
    assert run(price, BEGIN, end, 1) == BEGIN + 4 * Q
    assert run(price, BEGIN, end, 1, True) == BEGIN + 3 * Q
    # Pairs: 8 7 13 10 9 15 9; threes: 12 16 14 18 16 17
    assert run(price, BEGIN, end, 2) == BEGIN + Q
    assert run(price, BEGIN, end, 2, True) == BEGIN + 5 * Q
    assert run(price, BEGIN, end, 3) == BEGIN
    assert run(price, BEGIN, end, 3, True) == BEGIN + 3 * Q
    assert run(price, BEGIN, end, 8) == BEGIN and run(price, BEGIN, end, 9) is None
    assert run(price, BEGIN, end, 0) is None


def test_the_running_quarter_counts_and_a_begun_one_at_the_end_does_not():
    price = of(1, 5, 5, 0)
    assert run(price, BEGIN + 899, BEGIN + 3 * Q, 1) == BEGIN
    assert run(price, BEGIN + 900, BEGIN + 4 * Q - 1, 1) == BEGIN + Q
    assert run(price, BEGIN + 900, BEGIN + 4 * Q, 1) == BEGIN + 3 * Q


def test_the_first_of_equal_runs():
    price = of(2, 2, 2, 2)
    assert run(price, BEGIN, BEGIN + 4 * Q, 2) == BEGIN
    assert run(price, BEGIN, BEGIN + 4 * Q, 2, True) == BEGIN


def test_no_run_reaches_over_a_gap():
    price = of(1, None, 1, 7, 7, None, 3, 3)
    end = BEGIN + 8 * Q
    assert run(price, BEGIN, end, 2) == BEGIN + 6 * Q
    assert run(price, BEGIN, end, 3) == BEGIN + 2 * Q
    assert run(price, BEGIN, end, 4) is None
    assert run(of(), BEGIN, end, 1) is None


def test_negative_prices():
    price = of(-5, -9, 4, -9, -8, 0)
    end = BEGIN + 6 * Q
    assert run(price, BEGIN, end, 2) == BEGIN + 3 * Q  # -17
    assert run(price, BEGIN, end, 2, True) == BEGIN + Q  # -5, and so has the next pair
    assert run(price, BEGIN, end, 1) == BEGIN + Q
    assert pick(price, BEGIN, end, 3) == [BEGIN + Q, BEGIN + 3 * Q, BEGIN + 4 * Q]


def test_quarters_that_need_not_be_contiguous():
    price = of(5, 3, None, 9, 3, 8)
    end = BEGIN + 6 * Q
    assert pick(price, BEGIN, end, 1) == [BEGIN + Q]
    assert pick(price, BEGIN, end, 3) == [BEGIN, BEGIN + Q, BEGIN + 4 * Q]
    assert len(pick(price, BEGIN, end, 5)) == 5
    assert pick(price, BEGIN, end, 6) == [] and pick(price, BEGIN, end, 0) == []
    assert pick(price, BEGIN, BEGIN + 4 * Q, 2) == [BEGIN, BEGIN + Q]


def test_levels_are_fifths_of_the_spread():
    price = of(0, 100, 199, 200, 400, 600, 799, 800, 1000, None)
    end = BEGIN + 10 * Q
    found = [level(price, BEGIN, end, BEGIN + i * Q) for i in range(10)]
    assert found == [1, 1, 1, 2, 3, 4, 4, 5, 5, None]


def test_levels_of_negative_and_of_even_prices():
    price = of(-300, -100, 200)
    assert [level(price, BEGIN, BEGIN + 3 * Q, BEGIN + i * Q) for i in range(3)] == [1, 3, 5]
    even = of(1000, 1050, 1100)
    assert [level(even, BEGIN, BEGIN + 3 * Q, BEGIN + i * Q) for i in range(3)] == [3, 3, 3]
    assert level(of(7), BEGIN, BEGIN + Q, BEGIN) == 3
    assert level(of(0, 0), BEGIN, BEGIN + Q, BEGIN) == 3


def test_days_of_23_and_25_hours_are_spans_of_92_and_100_quarters():
    # Europe/Oslo: 2026-03-29 is [2026-03-28T23:00Z, 2026-03-29T22:00Z), 2026-10-25 is
    # [2026-10-24T22:00Z, 2026-10-25T23:00Z).
    for begin, quarters in ((1_774_738_800, 92), (1_792_879_200, 100)):
        price = of(*[1000 - i for i in range(quarters)], begin=begin)
        end = begin + quarters * Q
        assert run(price, begin, end, 4) == end - 4 * Q
        assert run(price, begin, end, quarters) == begin
        assert run(price, begin, end, quarters + 1) is None
        assert pick(price, begin, end, 2) == [end - 2 * Q, end - Q]


def test_a_span_is_at_most_400_quarters_long():
    price = of(*([5] * 400 + [1]))
    assert run(price, BEGIN, BEGIN + 500 * Q, 1) == BEGIN
