from han.detect import COMBINATIONS, DWELL_MS, Detector
from han.window import SILENCE_MS

STEP = 20


def burst(detector, now, octets=40):
    """A telegram of a fifth of a second, then silence for two seconds. Returns the time after."""
    for _ in range(10):
        detector.octets(octets // 10, now)
        detector.poll(now)
        now += STEP
    return quiet(detector, now, 2000)


def quiet(detector, now, ms):
    for _ in range(ms // STEP):
        detector.poll(now)
        now += STEP
    return now


def test_the_combinations_are_all_there_once():
    assert len(set(COMBINATIONS)) == 12
    assert {c[0] for c in COMBINATIONS} == {2400, 9600, 115200}


def test_each_truth_is_found_with_one_burst_a_guess():
    for truth in COMBINATIONS:
        detector = Detector(None, 0)
        now = quiet(detector, 0, 400)
        for _ in range(len(COMBINATIONS)):
            if detector.settings == truth:
                break
            now = burst(detector, now)
        assert detector.settings == truth


def test_a_guess_gets_a_whole_burst():
    # A burst that began before the combination was in force does not count against it.
    detector = Detector(None, 0)
    now = burst(detector, 0)
    assert detector.settings == COMBINATIONS[0]
    burst(detector, now)
    assert detector.settings == COMBINATIONS[1]


def test_without_octets_each_guess_has_its_dwell():
    detector = Detector(None, 0)
    now = quiet(detector, 0, DWELL_MS)
    assert detector.settings == COMBINATIONS[0]
    now = quiet(detector, now, STEP)
    assert detector.settings == COMBINATIONS[1]
    for _ in range(11):
        now = quiet(detector, now, DWELL_MS + STEP)
    assert detector.settings == COMBINATIONS[0]


def test_stored_settings_come_first_then_the_other_parity():
    stored = (9600, "8N1", True)
    detector = Detector(stored, 0)
    assert detector.settings == stored
    now = quiet(detector, 0, 400)
    seen = [stored]
    for _ in range(11):
        now = burst(detector, now)
        seen.append(detector.settings)
    assert seen[1] == (9600, "8E1", True)
    assert len(set(seen)) == 12


def test_glitches_do_not_use_up_a_guess():
    detector = Detector(None, 0)
    now = quiet(detector, 0, 400)
    for _ in range(5):
        detector.octets(1, now)
        now = quiet(detector, now, SILENCE_MS + STEP)
    assert detector.settings == COMBINATIONS[0]
