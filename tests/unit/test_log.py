from log import LINES, Log


def log_of(*texts):
    log = Log(lambda: 7, echo=False)
    for text in texts:
        log.add(text)
    return [text for _, text in log.lines()]


def test_the_newest_lines_are_kept_oldest_first():
    texts = ["line %d" % i for i in range(LINES + 5)]
    assert log_of(*texts) == texts[5:]
    assert log_of() == [] and Log(lambda: 7, echo=False).lines() == []
    assert log_of("x" * 500) == ["x" * 120]


def test_a_line_that_repeats_is_counted_in_its_place():
    assert log_of("a", "b", "b", "b", "a") == ["a", "b (3 times)", "a"]
    texts = ["line %d" % i for i in range(LINES)]
    assert log_of(*(texts + [texts[-1]])) == texts[:-1] + [texts[-1] + " (2 times)"]
    assert log_of("x" * 500, "x" * 500) == ["x" * 104 + " (2 times)"]
