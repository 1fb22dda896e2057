"""The emergency factory reset, by the table of the manual's chapter 8. Colours: 2 green, 3 yellow,
1 red, 8 the single LED, 0 dark."""

from device.button import EmergencyReset

TICKS = (10, 20, 50)
BEGIN = 123450


def run(pressed, step_ms, coloured=True):
    """Feed ticks until the end. pressed(ms) is the button's level.

    Returns the changes of colour as (ms, colour), the last at the end, and reset.clear.
    """
    reset = EmergencyReset(BEGIN, coloured)
    ms = 0
    changes = []
    while not reset.over:
        assert ms <= 20000 and not reset.clear
        colour = reset.tick(BEGIN + ms, pressed(ms))
        if not changes or changes[-1][1] != colour:
            changes.append((ms, colour))
        ms += step_ms(ms) if callable(step_ms) else step_ms
    return changes, reset.clear


def during(begin, end):
    return lambda ms: begin <= ms < end


def test_released_while_red_clears():
    for step in TICKS:
        assert run(during(300, 4000), step) == ([(0, 2), (1000, 3), (3000, 1), (5000, 0)], True)


def test_each_sample_decides_to_the_tick():
    first = [(0, 2), (1000, 0)]
    second = [(0, 2), (1000, 3), (3000, 0)]
    third = [(0, 2), (1000, 3), (3000, 1), (5000, 0)]
    for step in TICKS:
        for begin, end, expected, clear in (
            (0, 0, first, False),  # never pressed
            (0, 1000, first, False),  # released at 1 s
            (1000 + step, 9000, first, False),  # pressed one tick too late
            (1000, 1000 + step, second, False),  # pressed for the first sample only
            (0, 3000, second, False),
            (0, 3000 + step, third, True),  # the first release that clears
            (1000, 5000, third, True),  # and the last one
            (0, 5000 + step, third, False),  # still held at 5 s
            (0, 99999, third, False),
        ):
            assert run(during(begin, end), step) == (expected, clear), (step, begin, end)


def test_only_the_level_at_the_samples_counts():
    for step in TICKS:
        at = (1000, 3000)
        changes, clear = run(lambda ms, at=at: ms in at, step)
        assert clear and [colour for _, colour in changes] == [2, 3, 1, 0]


def test_uneven_ticks_give_the_same_colours():
    steps = (7, 61, 3, 190, 33)
    place = [0]

    def step(ms):
        place[0] += 1
        return steps[place[0] % 5]

    changes, clear = run(during(300, 4000), step)
    assert clear and [colour for _, colour in changes] == [2, 3, 1, 0]
    for (ms, _), due in zip(changes, (0, 1000, 3000, 5000)):
        assert due <= ms < due + 190


def test_a_long_pause_takes_one_sample_and_shows_each_colour():
    # The ticks stop from 900 ms to 6000 ms: the owner still sees yellow and red before they count.
    def step(ms):
        return 5100 if ms == 900 else 20

    changes, clear = run(during(300, 8000), step)
    assert changes == [(0, 2), (6000, 3), (7500, 1), (9500, 0)] and clear
    changes, clear = run(during(300, 7000), step)
    assert changes == [(0, 2), (6000, 3), (7500, 0)] and not clear


def test_a_single_led_flashes_four_times_for_yellow():
    changes, clear = run(during(300, 4000), 10, coloured=False)
    flashes = [(1250 + 500 * i, 0) for i in range(4)] + [(1500 + 500 * i, 8) for i in range(3)]
    assert changes == [(0, 8)] + sorted(flashes)  # 2750 ms: dark until the end
    assert clear
