"""Parts of an upgrade: list of versions, boot loader's notes, what may begin, forms."""

import asyncio
import binascii
import struct

from device import otadata
from doubles import BoardDouble, StreamDouble, app, reading
from log import Log
from upgrade import notes, preflight, pull, trial, versions, writer
from web.forms import firmware


def manifest(**channels):
    return {"channels": channels}


def release(version, built, *images, **more):
    made = {"version": version, "built": built, "notes": "n", "images": list(images)}
    made.update(more)
    return made


def image(family="pow", chip="esp32s2", url="a.bin"):
    return {"family": family, "chip": chip, "url": url, "size": 5, "sha256": ""}


def test_the_newest_version_of_a_channel_and_of_safer_ones():
    document = manifest(
        release=release("v2", 20, image(url="two.bin")),
        candidate=release("v3", 30, image(url="three.bin")),
        snapshot=release("v1", 10, image()),
    )
    found = [versions.newest(document, channel, "pow", "esp32s2", False) for channel in range(4)]
    assert [row[0] for row in found] == ["v2", "v2", "v3", "v3"]
    assert found[2] == ("v3", 30, "n", "three.bin", 5)
    assert versions.newest(document, 3, "pow", "esp32", True) is None
    assert versions.newest(document, 3, "other", "esp32s2", True) is None
    both = manifest(release=release("v2", 20, image("generic", url="g"), image(url="p")))
    assert versions.newest(both, 0, "pow", "esp32s2", True)[3] == "p"
    assert versions.newest(both, 0, "else", "esp32s2", True)[3] == "g"
    assert versions.newest(both, 0, "else", "esp32s2", False) is None
    twice = manifest(
        release=release("v2", 20, image(url="p")), early=release("v3", 30, image("generic"))
    )
    assert versions.newest(twice, 1, "pow", "esp32s2", False)[3] == "p"


def test_a_manifest_of_another_form_is_refused():
    wrong = (
        [], {}, {"channels": 5}, manifest(release=[1]), manifest(release={"images": [3]}),
        manifest(release=release(5, 20, image())), manifest(release=release("v", "x", image())),
        manifest(release=release("v", 20, {"family": "pow"})),
        manifest(release=release("v", float("inf"), image())),
        manifest(release=release("v 2", 20, image())),
        manifest(release=release("v\u00e5", 20, image())),
        manifest(release=release("v", 20, image(url="a.bin\r\nX: y"))),
    )  # fmt: skip
    for document in wrong:
        try:
            versions.newest(document, 0, "pow", "esp32s2", True)
        except ValueError as e:
            assert "another form" in str(e)
        else:
            raise AssertionError(document)


def test_notes_are_text_of_utf8():
    document = manifest(release=release("v2", 20, image(), notes='a\ud83d"\n\u00e5' + "x" * 500))
    notes_of = versions.newest(document, 0, "pow", "esp32s2", False)[2]
    assert notes_of == 'a"\n\u00e5' + "x" * 495
    assert notes_of.encode().decode() == notes_of


def test_addresses_relative_to_the_manifest():
    base = "https://example.com/han/manifest.json?x=/1"
    for url, expected in (
        ("a.bin", "https://example.com/han/a.bin"),
        ("/a.bin", "https://example.com/a.bin"),
        ("http://b/c", "http://b/c"),
    ):
        assert versions.address(base, url) == expected
    assert versions.address("http://h", "a") == "http://h/a"
    for url in ("", "ftp://x/a", "file:a"):
        try:
            versions.address(base, url)
        except ValueError:
            continue
        raise AssertionError(url)


def entry(number, state, crc=None):
    head = struct.pack("<I", number)
    if crc is None:
        crc = binascii.crc32(head, 0xFFFFFFFF) & 0xFFFFFFFF
    return head + b"\xff" * 20 + struct.pack("<II", state, crc)


def test_the_boot_loaders_notes():
    # The CRC of number 1 as esptool's boards show it: 9A 98 43 47.
    assert entry(1, 0)[28:] == b"\x9a\x98\x43\x47"
    blank = b"\xff" * 32
    assert otadata.number(blank) == 0 and otadata.number(entry(7, 2)) == 7
    assert otadata.number(entry(7, 2, 1)) == 0
    assert otadata.state(blank, blank, 0) == otadata.UNKNOWN
    assert otadata.state(entry(1, 2), entry(2, 1), 0) == otadata.VALID
    assert otadata.state(entry(1, 2), entry(2, 1), 1) == otadata.PENDING
    assert otadata.state(entry(4, 4), entry(2, 1), 1) == otadata.ABORTED
    assert otadata.state(entry(2, 0xFFFFFFFF), blank, 1) == otadata.UNKNOWN


class SlotsDouble:
    label, other, size = "app0", "app1", 40960
    trial = False

    def __init__(self):
        self.octets = bytearray(self.size)
        self.erased = []

    def read(self, at, into):
        into[:] = self.octets[at : at + len(into)]

    def on_trial(self):
        return self.trial

    def erase(self, block):
        self.erased.append(block)

    def write(self, at, octets):
        self.octets[at : at + len(octets)] = octets


class Quiet:
    connected = True
    setup = False

    def fire(self):
        pass


class Store:
    held = ""
    spared = ()

    def __init__(self):
        self.value = {}

    def read_json(self, name):
        return self.value

    def write_json(self, name, value):
        self.value = value
        return True


def made():
    one = app(reading(2))
    one.network = one.pulse = Quiet()
    one.storage = Store()
    one.system.upgrade = None
    return one


def test_what_may_begin():
    one, slots = made(), SlotsDouble()
    assert preflight.reasons(one, slots) == []
    assert "one place" in preflight.reasons(one, None)[0]
    one.system.tier = 2
    assert preflight.reasons(one, slots) == ["the supply voltage is low: 3.29 V"]
    one.system.tier = 1
    one.storage.held = "supply voltage too low"
    assert preflight.reasons(one, slots) == ["supply voltage too low"]
    one.storage.held = ""
    one.system.board.rssi_dbm = lambda: -86
    assert "-86 dBm" in preflight.reasons(one, slots)[0]
    one.network.setup = True  # the station's signal does not matter there
    assert preflight.reasons(one, slots) == []
    notes.say(one, notes.LOADING)
    assert "on its way" in preflight.reasons(one, slots)[0]
    notes.say(one, "")
    slots.trial = True
    assert "on trial" in preflight.reasons(one, slots)[0]


def head(chip=2, magic=0xE9):
    octets = bytearray(24)
    octets[0], octets[12] = magic, chip
    return bytes(octets)


def fault(call, *args):
    try:
        call(*args)
    except ValueError as e:
        return str(e)
    return ""


def test_nothing_is_erased_before_the_header_is_right():
    for octets, reason in ((head(0), "another chip"), (head(2, 0), "no firmware image")):
        slots = SlotsDouble()
        one = writer.Writer(made(), slots, 20000)
        one.take(octets[:5])
        assert reason in fault(one.take, octets[5:] + bytes(300))
        assert slots.erased == []
    assert "the place 40960" in fault(writer.Writer, made(), SlotsDouble(), 40961)


def test_octets_of_any_pieces_go_to_their_places():
    content = head() + bytes([i * 7 & 255 for i in range(9976)])
    for size in (1, 11, 256, 4096, 5000, 10000):
        slots, one = SlotsDouble(), made()
        found = writer.Writer(one, slots, len(content))
        for at in range(0, len(content), size):
            found.take(memoryview(content)[at : at + size])
        assert bytes(slots.octets[:10000]) == content and slots.erased == [0, 1, 2], size
        assert "longer than 10000" in fault(found.take, b"x")
        found.keep()
        assert notes.read(one, "load") == {"size": 10000, "done": 8192, "url": ""}


def test_a_form_in_pieces_of_any_length():
    file = bytes(range(256)) * 9 + b"\r\n--x not the mark\r\n"
    body = (
        b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--xyz\r\n'
        b'Content-Disposition: form-data; name="file"; filename="f.bin"\r\n\r\n'
        + file + b'\r\n--xyz\r\nContent-Disposition: form-data; name="z"\r\n\r\n1\r\n--xyz--\r\n'
    )  # fmt: skip

    class Stream(StreamDouble):
        def __init__(self, octets, size):
            super().__init__(octets)
            self.size = size

        async def piece(self):
            piece, self._body = self._body[: self.size], self._body[self.size :]
            self.left = len(self._body)
            return piece

        def expect(self, left):
            pass

    def taken(octets, size):
        got = bytearray()
        asyncio.run(firmware._form(Stream(octets, size), b"xyz", got.extend))
        return bytes(got)

    for size in (1, 7, 100, 256, 10000):
        assert taken(body, size) == file, size
        assert taken(body + b"\r\nan epilogue\r\n\r\n", size) == file, size
    for wrong in (body[:400], body[:-6], body.replace(b'"file"', b'"other"'), b"", b"--xyz--"):
        assert "form" in fault(taken, wrong, 256), wrong[:40]


def test_an_upload_without_octets_leaves_one_that_was_broken_off():
    one = made()
    slots = SlotsDouble()
    one.system.board.slots = lambda: slots
    one.log = Log(lambda: 0)
    one.storage.value = {"load": {"size": 20000, "done": 8192, "url": ""}}
    for octets, reason in ((b"", "too short: 0 octets"), (head(2, 0), "no firmware image")):
        words = fault(asyncio.run, firmware._receive(one, StreamDouble(octets), b"", 0, False))
        assert reason in words
        assert one.storage.value["load"]["done"] == 8192 and not slots.erased
    body = head() + bytes(5000)
    assert fault(asyncio.run, firmware._receive(one, StreamDouble(body), b"", 0, False))
    assert one.storage.value.get("load") is None and slots.erased


class AnswerDouble:
    def __init__(self, status, octets):
        self.status, self.length, self.expected = status, len(octets), len(octets)

    def extend(self, limit_ms):
        pass


def test_the_body_of_a_status_400_is_not_written():
    one, slots = made(), SlotsDouble()
    words = b"<html>a bad request, and why" * 40
    for at in (0, 8192):
        pulled = pull.Pull(one, slots, "http://192.0.2.1/new.bin")
        pulled._writer = writer.Writer(one, slots, 0)
        pulled._writer.size = 20000
        pulled._writer.resume(at)
        pulled._question.fetch = AnswerDouble(400, words)
        assert pulled._feed(memoryview(words), len(words)) == ""
        assert (pulled._writer.at, pulled._writer.size) == (at, 20000)
        assert not slots.erased and not pulled._fault


def test_the_reason_why_a_version_was_left():
    one = made()
    for reason, cause, words in (
        (1, 0, "power failed during"),
        (4, 0, "hung"),
        (5, 0, "supply voltage"),
        (12, 4, "restarted before"),
        (12, 0, "crashed at its start"),
    ):
        one.system.boot_reason, one.system.reset_cause = reason, cause
        assert words in trial._reason(one, True)
        assert "before its first start" in trial._reason(one, False)


def test_a_trial_that_fails_itself_gives_up():
    """Nothing is written in a trial: it must not stay without an end."""

    class Broken(SlotsDouble):
        def confirm(self):
            raise OSError("not taken")

    class Server:
        alive = True

    class Clock:
        async def sleep_ms(self, ms):
            now[0] += 4000

    class Lines:
        def error(self, text):
            lines.append(text)

    one, causes, lines = made(), [], []
    one.server, one.log, one.kept, one.unstored = Server(), Lines(), 0, False
    one.restart = causes.append
    one.system.board.slots = Broken
    now = [0]
    one.system.uptime_ms = lambda: now[0]
    real, trial.asyncio = trial.asyncio, Clock()
    try:
        asyncio.run(trial.run(one))
    finally:
        trial.asyncio = real
    assert causes == [4] and "not taken" in notes.read(one, "why") and now == [60000]
    assert "not taken" in lines[0]


def test_a_meter_that_sends_once_a_minute_is_heard_before_and_after():
    class State:
        def age_ms(self, now):
            return age

    one = made()
    one.state = State()
    for age, heard in ((None, False), (0, True), (61000, True), (120000, False)):
        assert trial._hears(one, 0) == heard, age


def test_the_boards_double_has_no_slots():
    assert BoardDouble().slots() is None
