import crash
import schema
from config import Config
from files import FilesDouble

NOON = 1773748800  # 2026-03-17 12:00 UTC


def crashed(files, times, reason=12, cause=crash.CRASHES):
    return [crash.begin(files, reason, cause)[0] for _ in range(times)]


def test_safe_mode_begins_with_the_fifth_short_start_and_lasts_longer_each_time():
    files = FilesDouble()
    minutes = [seconds // 60 for seconds in crashed(files, 9)]
    assert minutes == [0, 0, 0, 0, 10, 20, 40, 60, 60]


def test_a_watchdog_reset_counts_and_says_so():
    files = FilesDouble()
    assert crash.begin(files, 4, 0) == (0, "watchdog: a service did not go on for a minute")
    assert crashed(files, 4, 4, 0) == [0, 0, 0, 600]
    assert crash.short_starts(files) == 5


def test_a_reset_of_the_chip_itself_counts_but_its_sleep_and_its_supply_do_not():
    files = FilesDouble()
    assert crash.begin(files, 12, 0)[1].startswith("reset by the chip")
    for reason in (0, 1, 3, 5, 15):
        crashed(files, 4)
        assert crash.short_starts(files) >= 4
        assert crash.begin(files, reason, 0) == (0, "")
        assert crash.short_starts(files) == 0, reason


def test_a_planned_restart_ends_safe_mode_and_the_count():
    for cause in (1, 2, 3, 5, 10):
        files = FilesDouble()
        crashed(files, 6)
        assert crash.begin(files, 12, cause) == (0, "")
        assert crashed(files, 1) == [0]


def test_safe_mode_that_ends_by_itself_tries_once():
    files = FilesDouble()
    crashed(files, 5)
    assert crash.begin(files, 12, crash.RETRY)[0] == 0
    assert crashed(files, 1) == [1200]
    assert crash.begin(files, 12, crash.RETRY)[0] == 0
    crash.lasted(files)
    assert crashed(files, 5) == [0, 0, 0, 0, 600]


def test_a_full_heap_counts():
    files = FilesDouble()
    assert crashed(files, 5, 12, crash.NO_MEMORY)[-1] == 600


def test_a_start_that_lasts_ends_the_row():
    files = FilesDouble()
    crashed(files, 4)
    crash.lasted(files)
    writes = files.writes
    crash.lasted(files)  # nothing to write
    assert files.writes == writes
    assert crashed(files, 4) == [0, 0, 0, 0]


def test_a_crash_is_kept_with_its_time():
    files = FilesDouble()
    assert crash.last(files) == ""
    crash.keep(files, "mqtt: OSError: 5 (mqtt/link.py:9)", NOON, 3600)
    wanted = "mqtt: OSError: 5 (mqtt/link.py:9), 3600 s after the start at 2026-03-17T12:00:00Z"
    assert crash.last(files) == wanted
    assert crash.begin(files, 12, crash.CRASHES) == (0, wanted)
    crash.keep(files, "web: no time\nyet", 0, 0)
    assert crash.last(files) == "web: no time yet" and crash.short_starts(files) == 1
    crash.keep(files, "x" * 1000, 0, 0)
    assert crash.last(files) == "x" * 160
    assert len(files.data["crash"]) < 512


def test_the_texts_survive_resets_and_power_on():
    files = FilesDouble()
    crash.keep(files, "meter: one", NOON, 7)
    crash.begin(files, 12, crash.CRASHES)
    crash.begin(files, 1, 0)
    assert crash.last(files).startswith("meter: one")


def test_damaged_files_count_as_none():
    for octets in (b"", b"\xff" * 40, b"x\n1 2", b"-3\n", b"99999\n", b"5" * 2000, b"\n\n\n"):
        files = FilesDouble()
        files.data["crash"] = octets
        assert crash.short_starts(files) == 0, octets
        assert len(crash.last(files)) < 80
        assert crashed(files, 5)[-1] == 600, octets


def test_a_file_system_that_refuses_does_not_stop_the_start():
    files = FilesDouble()
    files.full = True
    assert crashed(files, 9) == [0] * 9
    crash.keep(files, "text", 0, 0)
    assert crash.last(files) == ""


def raised(function):
    try:
        function()
    except Exception as e:
        return e
    raise AssertionError("it raised nothing")


def inner():
    raise ValueError("wrong")


def outer():
    inner()


def line_of(text):
    """The line of this file that has the text."""
    with open(__file__) as f:
        lines = f.read().split("\n")
    return lines.index(text) + 1


def test_an_exception_is_described_with_its_innermost_frame():
    text = crash.describe(raised(outer), Config({}, {}))
    begin, _, end = text.partition(" (")
    assert begin == "ValueError: wrong"
    wanted = "test_crash.py:%d)" % line_of('    raise ValueError("wrong")')
    assert end.endswith(wanted), text


def test_secrets_of_the_settings_are_masked():
    secrets = {
        "wifi_psk": "correct horse",
        "web_password": "open sesame",
        "mqtt_password": "s3cr\u00e9t",
        "encryption_key": "000102030405060708090A0B0C0D0E0F",
        "authentication_key": "0F0E0D0C0B0A09080706050403020100",
        "setup_psk": "battery staple",
        "price_token": "01234567-89ab-cdef-0123-456789abcdef",
        "push_token": "a token of InfluxDB",
    }
    assert set(secrets) == {row[schema.NAME] for row in schema.ROWS if row[schema.SECRET]}
    config = Config(secrets, {})
    for name in secrets:
        for shown in (secrets[name], repr(secrets[name])):
            e = raised(lambda: int("before %s after" % shown))  # noqa: B023
            described = crash.describe(ValueError("at %s end" % shown), config)
            assert secrets[name] not in described and "***" in described, described
            assert secrets[name] not in crash.describe(e, config)
    assert "correct" not in crash.describe(ValueError("correct horse"), None)
    assert crash.describe(ValueError("correct horse"), None).startswith("ValueError")


def test_a_long_text_is_cut():
    described = crash.describe(raised(lambda: int("9" * 500 + "x")), Config({}, {}))
    assert len(described) < 200
