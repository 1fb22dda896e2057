from han.detect import COMBINATIONS, DWELL_MS, SILENCE_MS, Detector, bits_parity_stop

STEP = 20


def burst(detector, now, octets=40, framed=False):
    """A telegram of a fifth of a second, then silence for two seconds. Returns the time after."""
    for _ in range(10):
        detector.octets(octets // 10, now)
        detector.poll(now)
        now += STEP
    if framed:
        detector.frame(now)
    for _ in range(100):
        detector.poll(now)
        now += STEP
    return now


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
            now = burst(detector, now, framed=detector.settings == truth)
            if detector.locked:
                break
        assert detector.locked and detector.settings == truth


def test_a_guess_gets_a_whole_burst():
    # Octets already under way when the guess began are not held against it.
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


def test_the_first_guess_proven_is_reported_too():
    detector = Detector(None, 0)
    assert detector.frame(100)
    assert not detector.frame(200)


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


def test_silence_and_a_few_bad_telegrams_keep_the_lock():
    detector = Detector(None, 0)
    detector.frame(0)
    now = quiet(detector, 0, 3600 * 1000)
    assert detector.locked
    now = burst(detector, now)
    now = burst(detector, now)
    assert detector.locked and detector.settings == COMBINATIONS[0]
    now = burst(detector, now, framed=True)
    now = burst(detector, burst(detector, now))
    assert detector.locked


def test_a_changed_parity_is_healed_and_proven_again():
    detector = Detector(None, 0)
    now = quiet(detector, 0, 400)
    now = burst(detector, now, framed=True)
    tries = 0
    while detector.settings[1] != "8N1":
        now = burst(detector, now)
        tries += 1
        assert tries < 10
    assert detector.settings == (2400, "8N1", False)
    assert detector.frame(now)


def test_glitches_do_not_use_up_a_guess():
    detector = Detector(None, 0)
    now = quiet(detector, 0, 400)
    for _ in range(5):
        detector.octets(1, now)
        now = quiet(detector, now, SILENCE_MS + STEP)
    assert detector.settings == COMBINATIONS[0]


def test_formats():
    assert bits_parity_stop("8E1") == (8, 0, 1)
    assert bits_parity_stop("7N1") == (7, None, 1)
    assert bits_parity_stop("8O2") == (8, 1, 2)
