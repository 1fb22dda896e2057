from log import Log


def log_of(*texts):
    log = Log(lambda: 7, echo=False)
    for text in texts:
        log.add(text)
    return [text for _, text in log.lines()]


def test_the_newest_lines_are_kept_oldest_first():
    texts = ["line %04d" % i for i in range(500)]  # 12 octets each with "7 " and the line's end
    kept = log_of(*texts)
    assert 168 <= len(kept) <= 170 and kept == texts[-len(kept) :]
    assert log_of() == [] and log_of("x" * 500) == ["x" * 120]
    assert Log(lambda: 7, echo=False).lines() == []


def test_a_line_that_repeats_is_counted_in_its_place():
    assert log_of("a", "b", "b", "b", "a") == ["a", "b (3 times)", "a"]
    texts = ["line %04d" % i for i in range(500)]
    kept = log_of(*(texts + [texts[-1]]))
    assert kept[-2:] == [texts[-2], texts[-1] + " (2 times)"]
    assert log_of("x" * 500, "x" * 500) == ["x" * 104 + " (2 times)"]


def test_a_line_that_repeats_at_the_rings_end_harms_no_other():
    for spare in range(130):
        log = Log(lambda: 7, False)
        log.add("x" * (spare % 100 + 1))
        while log.end + 120 + spare < 2048:
            log.add("%d %s" % (log.count, "y" * 60))
        for _ in range(3):
            log.add("z" * 120)
            log.add("z" * 120)
            lines = log.lines()
            assert lines[-1][1].endswith(" times)") and {seconds for seconds, _ in lines} == {7}


def test_seconds_stand_before_the_text_and_foreign_characters_do_no_harm():
    log = Log(lambda: 86400, echo=False)
    log.add("two\nlines, \u00e6 and \u20ac")
    assert log.lines() == [(86400, "two lines, ? and ?")]


def test_the_ring_has_the_level_and_lines_do_not():
    log = Log(lambda: 7, echo=False)
    log.add("a")
    log.warn("b")
    log.error("c")
    assert log.ring[: log.end] == b"7 a\n7?b\n7!c\n" and (log.count, log.times) == (3, 1)
    assert log.lines() == [(7, "a"), (7, "b"), (7, "c")]


def test_a_line_without_heap_is_left_out():
    full = []

    def seconds():
        if full:
            raise MemoryError
        return 5

    log = Log(seconds, False)
    log.add("a")
    log.add("b")
    for text in ("b", "c"):
        full.append(1)
        log.error(text)
        full.clear()
    assert log.lines() == [(5, "a"), (5, "b")]
    log.add("b")
    log.add("c")
    assert log.lines() == [(5, "a"), (5, "b (2 times)"), (5, "c")]
