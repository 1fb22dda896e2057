"""Power received since the registers were last read: what is held, and for how long."""

from energy.power import EXPORT, IMPORT, RECEIVED_MS, Power

BEGIN = 1_790_000_100  # the begin of a quarter
FIRST = BEGIN // 900


def held(power):
    return [
        (power.first + i, power.columns[IMPORT][i], power.columns[RECEIVED_MS][i])
        for i in range(power.n)
    ]


def test_power_over_an_edge_goes_to_both_quarters():
    power = Power()
    power.add(IMPORT, BEGIN + 10, 30000, 1000)
    power.add(EXPORT, BEGIN + 10, 10000, 1000)
    assert held(power) == [(FIRST - 1, 20000, 20000), (FIRST, 10000, 10000)]
    assert power.value(EXPORT, FIRST - 1) == 0 and power.value(EXPORT, FIRST) == 10000


def test_parts_of_a_watt_second_are_kept():
    power = Power()
    for second in range(10):
        power.add(IMPORT, BEGIN + 1 + second, 250, 3)
    assert held(power) == [(FIRST, 7, 2500)]  # 7.5 watt-seconds


def test_the_newest_64_quarters_are_held():
    power = Power()
    for number in range(100):
        power.add(IMPORT, BEGIN + number * 900 + 60, 60000, number)
        first = max(0, number - 63)
        wanted = [(FIRST + n, n * 60, 60000) for n in range(first, number + 1)]
        assert held(power) == wanted
        assert len(power.columns[0]) <= -(-len(wanted) // 8) * 8
    power.drop(FIRST + 95)
    assert held(power) == [(FIRST + n, n * 60, 60000) for n in range(95, 100)]
    power.add(IMPORT, BEGIN + 200 * 900 + 1, 1000, 5)
    assert held(power) == [(FIRST + 200, 5, 1000)]
    power.add(IMPORT, BEGIN + 1, 1000, 5)  # too old
    assert held(power) == [(FIRST + 200, 5, 1000)]


def test_quarters_between_two_powers_are_empty():
    power = Power()
    power.add(IMPORT, BEGIN + 60, 60000, 100)
    power.add(IMPORT, BEGIN + 20 * 900 + 60, 60000, 100)
    assert power.n == 21 and power.total(IMPORT, 0) == 12000
    power.add(IMPORT, BEGIN + 70 * 900 + 60, 60000, 100)
    assert power.first == FIRST + 7 and power.n == 64 and power.total(IMPORT, 0) == 12000


def test_columns_are_short_again_when_the_registers_have_come():
    power = Power()
    for number in range(64):
        power.add(IMPORT, BEGIN + number * 900 + 60, 60000, 100)
    assert len(power.columns[0]) == 64
    power.drop(FIRST + 64)
    power.add(IMPORT, BEGIN + 64 * 900 + 60, 60000, 100)
    assert held(power) == [(FIRST + 64, 6000, 60000)] and len(power.columns[0]) == 8


def test_without_heap_for_more_quarters_the_oldest_are_dropped():
    from energy import power as module

    power = Power()
    for number in range(8):
        power.add(IMPORT, BEGIN + number * 900 + 60, 60000, number)
    columns = module._columns

    def refuse(room):
        raise MemoryError

    module._columns = refuse
    try:
        power.add(IMPORT, BEGIN + 9 * 900 + 60, 60000, 9)
    finally:
        module._columns = columns
    wanted = [(FIRST + n, n * 60, 60000) for n in (2, 3, 4, 5, 6, 7)]
    assert held(power) == wanted + [(FIRST + 8, 0, 0), (FIRST + 9, 540, 60000)]
