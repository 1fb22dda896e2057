"""The history that an AMS reader has left in the data partition."""

import struct

import factory
from energy import importing, plotfiles
from files import FilesDouble
from test_energy_documents import CFG, HOURS, words
from test_energy_ledger import Meter, at
from test_homeassistant import LogDouble

DAYS = [30000 + 10 * d for d in range(31)]
EXPORT_H = [10 * h for h in range(24)]
EXPORT_D = [10 * d for d in range(31)]
MONEY = "6 3 32.10 223.29 612.40 0.50 7.95 0.00 1 5.87 2 5.11 0 0 0 0 0 0 841.20 1.50"


def dayplot(t, imported, exported, version=5, exponent=0):
    made = bytearray(116 if version == 5 else 128)
    made[0] = version
    struct.pack_into("<24H", made, 2, *[v // 10**exponent for v in imported])
    struct.pack_into("<I", made, 52, t)
    at = 64 if version == 5 else 72
    struct.pack_into("<II" if version == 5 else "<QQ", made, 56, 48211734, 903120)
    struct.pack_into("<24H", made, at, *[v // 10**exponent for v in exported])
    made[at + 48] = exponent
    return bytes(made)


def monthplot(t, imported, exported, version=6, exponent=1):
    made = bytearray(140 if version == 6 else 152)
    made[0] = version
    struct.pack_into("<31H", made, 2, *[v // 10**exponent for v in imported])
    struct.pack_into("<I", made, 64, t)
    at = 76 if version == 6 else 88
    struct.pack_into("<II" if version == 6 else "<QQ", made, at - (8, 16)[version - 6], 1, 2)
    struct.pack_into("<31H", made, at, *[v // 10**exponent for v in exported])
    made[at + 62] = exponent
    return bytes(made)


def accounting(version=6):
    """MONEY as a file."""
    made = bytearray(60 if version == 6 else 72)
    made[:2] = bytes((version, 3))
    sums = (3210, 22329, 61240, 50, 795, 0)
    if version == 7:  # of this month's 223.29 are 100 of today
        sums = (10000, 3210, 12329, 61240, 95, 50, 700, 0)
    struct.pack_into("<%di" % len(sums), made, 4, *sums)
    end = 4 + 4 * len(sums)
    struct.pack_into("<IIB", made, end, 84120, 150, 1)
    for i, (day, hour, tens) in enumerate(((1, 17, 587), (2, 8, 511))):
        struct.pack_into("<BBH", made, end + 10 + 4 * i, day, hour if version == 7 else 0, tens)
    return bytes(made)


def meter(**files):
    m = Meter("GMT", files=FilesDouble())
    for name, octets in files.items():
        m.energy.history.files.data[name + ".bin"] = octets
    return m, LogDouble()


def taken(m, log, now):
    log.error = log.add
    plotfiles.take(m.energy, now, log)
    return log.lines


def by_text(t, now):
    """A reader that took the same values from a configfile.cfg."""
    m = Meter("GMT", files=FilesDouble())
    text = CFG % (
        "5 %d 48211734 0 %s 903120 %s" % (t, words(HOURS), words(EXPORT_H)),
        "6 %d 48190120 0 %s 903120 %s" % (t, words(DAYS), words(EXPORT_D)),
        MONEY,
    )
    importing.apply(importing.parse(text.split("\n")), m.energy, now)
    return m


def slots(m):
    files = m.energy.history.files.data
    return {name: files[name] for name in files if ".bin" not in name and name != "plots.taken"}


def test_files_of_each_version_are_what_configfile_says():
    t = at(10, 0, 5)
    expected = by_text(t, t + 600)
    assert len(slots(expected)) > 2
    for day, month, money in ((5, 6, 6), (6, 7, 7), (5, 7, 6)):
        m, log = meter(
            dayplot=dayplot(t, HOURS, EXPORT_H, day),
            monthplot=monthplot(t, DAYS, EXPORT_D, month),
            energyaccounting=accounting(money),
        )
        lines = taken(m, log, t + 600)
        assert lines[0].startswith("history of the AMS reader: 5") and len(lines) == 2, lines
        assert m.energy.running(t + 600) == expected.energy.running(t + 600)
        assert [w for _, w in m.energy.peaks.places] == [5870, 5110]
        if money == 6:
            assert slots(m) == slots(expected)


def test_files_are_taken_once_and_again_when_they_have_changed():
    t = at(10, 0, 5)
    m, log = meter(dayplot=dayplot(t, HOURS, EXPORT_H))
    octets = dict(m.energy.history.files.data)
    assert len(taken(m, log, t + 600)) == 2
    files = m.energy.history.files.data
    assert {name: files[name] for name in octets} == octets
    before = dict(files)
    assert len(taken(m, log, t + 900)) == 2 and files == before
    # The owner went back for an hour: its hour 10 is new, what is known here stays.
    newer = [v + 1 for v in HOURS]
    files["dayplot.bin"] = dayplot(t + 3600, newer, EXPORT_H)
    assert len(taken(m, log, t + 4200)) == 4


def test_flash_that_is_full_is_tried_again():
    t = at(10, 0, 5)
    m, log = meter(dayplot=dayplot(t, HOURS, EXPORT_H))
    files = m.energy.history.files
    files.full = True
    assert taken(m, log, t + 600) == []
    files.full = False
    assert len(taken(m, log, t + 700)) == 2


def test_what_is_not_taken():
    t = at(10, 0, 5)
    good = dayplot(t, HOURS, EXPORT_H)
    for name, octets, reason in (
        ("dayplot", b"", "has an unknown version"),
        ("dayplot", b"\x04" + good[1:], "has an unknown version"),
        ("dayplot", b"\x07" + good[1:], "has an unknown version"),
        ("dayplot", good[:-1], "is damaged"),
        ("dayplot", good + b"\0", "is damaged"),
        ("dayplot", good[:112] + b"\x04" + good[113:], "is damaged"),
        ("dayplot", good[:52] + bytes(4) + good[56:], "has no time of a reading"),
        ("monthplot", good, "has an unknown version"),
        ("monthplot", b"\x06" + good[1:], "is damaged"),
    ):
        m, log = meter(**{name: octets})
        assert taken(m, log, t + 600) == ["history of the AMS reader: %s.bin %s" % (name, reason)]
        assert "plots.taken" not in m.energy.history.files.data
    m, log = meter(energyaccounting=accounting())
    assert taken(m, log, t + 600) == []  # without a plot its month has no year


def test_one_damaged_file_does_not_hide_the_others():
    t = at(10, 0, 5)
    money = accounting()
    for bad, reason in (
        (money[:-1], "is damaged"),
        (b"\x05" + money[1:], "has an unknown version"),
        (money[:1] + b"\x0d" + money[2:], "is of no month"),
        (money[:38] + b"\x20" + money[39:], "has a peak of no day"),
    ):
        m, log = meter(dayplot=dayplot(t, HOURS, EXPORT_H), energyaccounting=bad)
        lines = taken(m, log, t + 600)
        assert lines[0] == "history of the AMS reader: energyaccounting.bin " + reason
        assert len(lines) == 3
        hour = m.energy.running(t + 600)[1][0]
        assert hour == sum(HOURS[:10])


def test_nothing_of_our_own_is_taken_for_it():
    m, log = meter()
    m.energy.history.files.data["config.json"] = b"{}"
    assert taken(m, log, at(10, 0, 5)) == []
    assert m.energy.history.files.data == {"config.json": b"{}"}


def test_a_factory_reset_leaves_the_files_of_an_ams_reader():
    theirs = ("dayplot.bin", "monthplot.bin", "energyaccounting.bin", "mqtt-ca.pem",
              "mqtt-cert.pem", "mqtt-key.pem", "firmware.bin")  # fmt: skip
    assert [name for name in theirs if factory.is_cleared(name, factory.ALL)] == []
    assert factory.is_cleared("mqtt-ca", factory.SETTINGS)
