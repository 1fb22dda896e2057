import ondemand
from air import LoopDouble
from ecb import aes
from frames import Sink, aidon_power
from han import reader as reader_module
from han.detect import COMBINATIONS
from han.fields import AUTHENTICATION, DECRYPTION, POWER_IMPORT_W
from han.reader import MeterReader

STEP = 20
GOOD = aidon_power(5)
BAD = b"\x55" * 40


class Line(Sink):
    """A board with one UART, the sink, and the time."""

    aes = None

    def __init__(self):
        super().__init__()
        self.now = 0
        self.set_up = []
        self.lines = []
        self.waiting = b""

    def uart(self, baud, bits, parity, stop, invert):
        self.set_up.append((baud, bits, parity, stop, invert))
        return self

    def any(self):
        return len(self.waiting)

    def readinto(self, buf, nbytes):
        count = min(nbytes, len(buf), len(self.waiting))
        buf[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count

    def on_line(self, settings, proven):
        self.lines.append((settings, proven))


def reader_of(line, stored=None):
    reader = MeterReader(line, line, lambda: line.now, (None, None))
    reader.begin(stored)
    quiet(line, reader, 400)
    return reader


def quiet(line, reader, ms):
    for _ in range(ms // STEP):
        line.now += STEP
        reader.look()


def burst(line, reader, octets):
    """Octets, then silence for two seconds."""
    line.waiting += octets
    quiet(line, reader, 2000)


def visits():
    return ondemand._visited.get("han.detect", (0,))[0]


def test_settings_of_the_uart():
    for line_format, expected in (("8E1", (8, 0, 1)), ("7N1", (7, None, 1)), ("8O2", (8, 1, 2))):
        line = Line()
        reader_of(line, (9600, line_format, True))
        assert line.set_up == [(9600,) + expected + (True,)]
        assert line.lines == [((9600, line_format, True), False)]


def test_a_frame_proves_the_settings():
    line = Line()
    reader = reader_of(line)
    burst(line, reader, BAD)
    assert line.lines[-1] == (COMBINATIONS[1], False)
    burst(line, reader, GOOD)
    assert line.lines[-1] == (COMBINATIONS[1], True)
    burst(line, reader, GOOD)
    assert len(line.readings) == 2 and len(line.lines) == 3


def test_the_first_guess_proven_is_reported_too():
    line = Line()
    burst(line, reader_of(line), GOOD)
    assert line.lines == [(COMBINATIONS[0], False), (COMBINATIONS[0], True)]


def test_detection_is_visited_while_the_settings_are_a_guess():
    line = Line()
    reader = reader_of(line)
    before = visits()
    burst(line, reader, GOOD)
    assert visits() == before - 1
    for _ in range(6):
        burst(line, reader, BAD)
    assert visits() == before
    burst(line, reader, GOOD)
    assert visits() == before - 1 and reader.detector is None


def test_silence_and_a_few_bad_telegrams_keep_the_settings():
    line = Line()
    reader = reader_of(line)
    burst(line, reader, GOOD)
    quiet(line, reader, 60 * 1000)
    for octets in (BAD, BAD, GOOD, BAD, BAD):
        burst(line, reader, octets)
        assert len(line.set_up) == 1


def test_a_changed_parity_is_healed_and_proven_again():
    line = Line()
    reader = reader_of(line)
    burst(line, reader, GOOD)
    bursts = 0
    while len(line.set_up) == 1:
        burst(line, reader, BAD)
        bursts += 1
        assert bursts < 10
    assert line.lines[-1] == ((2400, "8N1", False), False)
    burst(line, reader, GOOD)
    assert line.lines[-1] == ((2400, "8N1", False), True)


def test_a_meter_that_is_never_understood_keeps_its_settings():
    line = Line()
    reader = reader_of(line)
    from test_stream import CIPHERED

    for _ in range(20):
        burst(line, reader, CIPHERED)
    assert len(line.set_up) == 1 and line.lines[-1][1] and len(line.errors) == 20


def test_a_wrong_key_keeps_the_settings_of_an_apdu_without_a_frame():
    from test_stream import CIPHERED

    line = Line()
    line.aes = aes
    for keys, code in (((bytes(16), None), DECRYPTION), ((bytes(16), b"k" * 16), AUTHENTICATION)):
        line.errors.clear()
        line.set_up.clear()
        reader = MeterReader(line, line, lambda: line.now, keys)
        reader.begin(None)
        quiet(line, reader, 400)
        for _ in range(20):
            burst(line, reader, CIPHERED)
        assert len(line.set_up) == 1 and line.lines[-1] == (COMBINATIONS[0], True)
        assert [found for found, _, _ in line.errors] == [code] * 20


def test_more_octets_than_the_window_has_room_for():
    line = Line()
    reader = reader_of(line)
    line.waiting = bytes(3000) + GOOD + BAD * 50 + GOOD
    quiet(line, reader, 2000)
    assert [r.number(POWER_IMPORT_W) for r in line.readings] == [5, 5]
    assert not line.errors  # the ring had room for all


def test_a_full_ring_is_an_overflow():
    for octets, errors in ((12167, []), (12168, [92]), (12288, [92])):
        line = Line()
        reader = reader_of(line)
        line.waiting = bytes(octets - len(GOOD)) + GOOD
        quiet(line, reader, 2000)
        assert [r.number(POWER_IMPORT_W) for r in line.readings] == [5], octets
        assert [code for code, _, _ in line.errors] == errors, octets


def test_the_tap_gets_each_octet_once_and_whether_the_settings_are_proven():
    line = Line()
    reader = reader_of(line)
    taken = []
    reader.taps = (lambda buf, count, proven: taken.append((bytes(buf[:count]), proven)),)
    burst(line, reader, BAD * 10)
    assert b"".join([octets for octets, _ in taken]) == BAD * 10 and len(taken) == 2
    burst(line, reader, GOOD)
    burst(line, reader, GOOD)
    assert taken[2:] == [(GOOD, False), (GOOD, True)]
    reader.taps = ()
    burst(line, reader, GOOD)
    assert len(taken) == 4 and len(line.readings) == 3


def test_a_look_without_heap_does_not_set_up_the_line_again():
    line = Line()
    reader = MeterReader(line, line, lambda: line.now, (None, None))
    looks = []

    def any_of():
        looks.append(1)
        if len(looks) == 1:
            raise MemoryError
        if len(looks) == 3:
            reader.renew = True
        line.now += STEP
        return len(line.waiting)

    line.any = any_of
    line.waiting = GOOD
    loop = reader_module.asyncio
    reader_module.asyncio = LoopDouble
    try:
        steps = reader.run((2400, "8E1", False))
        while not reader.renew:
            steps.send(None)
    finally:
        reader_module.asyncio = loop
    assert len(looks) == 3 and len(line.set_up) == 1 and len(line.readings) == 1
