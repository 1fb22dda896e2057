"""The inspector: a capture layer by layer, and what is caught of the line, in simulated time."""

import json

import inspection
from doubles import StreamDouble
from doubles import app as device
from ecb import aes
from frames import NOTIFICATION, aidon_power, frame, kaifa_power
from golden import same_as_golden
from han.decode import Decoder
from han.reader import MeterReader
from ondemand import visit
from pipeline import Pipeline
from test_gcm import AUTH_KEY, KEY, SC_20, SC_30, wrap
from test_reader import Line

STEP = 20
LLC = b"\xe6\xe7\x00"
P1 = b"/ABC5TEST-1\r\n\r\n1-0:1.7.0(0001.234*kW)\r\n!\r\n"
UNKNOWN = frame(NOTIFICATION + b"\x02\x02\x0a\x03SN1\x12\x00\x07")
OTHER_KEY = "ff" * 16


class ServerDouble:
    def shed(self, streams=False):
        pass


class PulseDouble:
    def fire(self):
        pass


class LogDouble:
    def warn(self, text):
        pass


class LineOfApp(Line):
    """A line whose time is the app's."""

    def __init__(self, app):
        super().__init__()
        self._app = app

    def on_error(self, code, reason, offset):
        super().on_error(code, reason, offset)
        Pipeline(self._app).on_error(code, reason, offset)

    def on_unknown(self, reading):
        pass


def made(key="", auth_key="", stored=(2400, "8E1", False)):
    """An app whose reader has a line without octets."""
    app = device(encryption_key=key, authentication_key=auth_key)
    app.system.board.aes = aes
    app.decoder = Decoder()
    app.log, app.pulse, app.server = LogDouble(), PulseDouble(), ServerDouble()
    app.line = line = LineOfApp(app)
    line.aes = aes
    app.reader = MeterReader(line, line, app.system.uptime_ms, app.config.keys(), app.decoder)
    app.reader.begin(stored)
    step(app, 400)
    return app


def step(app, ms, octets=b""):
    app.line.waiting += octets
    for _ in range(ms // STEP):
        app.system.board.ticks += STEP
        app.reader.look()


def asked(app, body):
    """The answer to a capture that is pasted."""
    try:
        inspection.read(app, StreamDouble(body)).send(None)
    except StopIteration as e:
        found = e.value
    return "".join([piece for piece in inspection.pasted(app, found) if piece])


def telegrams(app, body):
    return json.loads(asked(app, body))["telegrams"]


def caught(document, app, telegrams, query=None):
    """(text, ms) of a document while the meter sends [(pause in ms, octets), ...]."""
    begin = app.system.uptime_ms()
    telegrams = list(telegrams)
    text, due = "", 0
    for piece in document(app, query or {}):
        if piece is not None:
            text += piece
            continue
        due += STEP
        octets = b""
        if telegrams and due >= telegrams[0][0]:
            octets = telegrams.pop(0)[1]
            due = 0
        step(app, STEP, octets)
    assert not app.reader.taps
    return text, app.system.uptime_ms() - begin


def live(app, telegrams, query=None):
    text, ms = caught(inspection.get, app, telegrams, query)
    return json.loads(text), ms


def test_each_layer_of_a_list_by_positions():
    (found,) = telegrams(made(), kaifa_power(4117))
    assert (found["at"], found["length"]) == (0, 41)
    assert found["words"] == "HDLC, 41 octets: list 1 of Kaifa with 2 values"
    assert found["frame"]["wire"] == "hdlc" and found["frame"]["frames"] == 1
    assert found["cipher"] is None and found["text"] is None and found["errors"] == []
    # From the notification's tag to the last item: the frame without 12 octets before and 3 after.
    octets = "".join(["%02x" % octet for octet in kaifa_power(4117)[12:-3]])
    assert found["apdu"] == {
        "tag": "0f", "name": "data-notification", "invoke_id": "40000000",
        "time": "2022-01-02T14:37:18", "octets": octets,
    }  # fmt: skip
    assert found["list"]["items"] == [
        {"type": "structure", "value": "of 1", "at": 19},
        {"type": "u32", "value": "4117", "at": 21},
    ]  # fmt: skip
    reading = found["reading"]
    assert reading["maker"] == "Kaifa" and reading["list_type"] == 1
    assert reading["decoder"] == "kaifa" and reading["descriptor"] == "kaifa-1"
    assert reading["fields"][1] == {
        "name": "power_import_w", "value": 4117, "unit": "W", "text": "4117 W",
    }  # fmt: skip


def test_units_of_fields():
    app = made()
    app.decoder.use(
        "list mine\ntext=SN1 meter_id, u16 voltage_l1_mv 0.1, u16 current_l1_ma 0.01\n"
        "u32 energy_import_wh, u16 frequency_mhz 0.01, i8 power_export_w, time meter_time_local\n"
    )
    body = b"\x02\x07\x0a\x03SN1\x12\x09\x04\x12\x02\x6c\x06\x00\x01\xe2\x40\x12\x13\x88\x0f\x07"
    body += b"\x09\x0c\x07\xe6\x01\x02\x07\x0e\x25\x12\xff\x80\x00\x00"
    (found,) = telegrams(app, frame(NOTIFICATION + body))
    reading = found["reading"]
    assert (reading["decoder"], reading["descriptor"]) == ("lists.txt", "mine")
    shown = {field["name"]: (field["value"], field["unit"], field["text"])
             for field in reading["fields"]}  # fmt: skip
    assert shown == {
        "meter_id": ("SN1", "", "SN1"),
        "voltage_l1_mv": (230800, "mV", "230.800 V"),  # 0904 is 2308
        "current_l1_ma": (6200, "mA", "6.200 A"),  # 026C is 620
        "energy_import_wh": (123456, "Wh", "123.456 kWh"),
        "frequency_mhz": (50000, "mHz", "50.000 Hz"),  # 1388 is 5000
        "power_export_w": (7, "W", "7 W"),
        "meter_time_local": ("2022-01-02T14:37:18", "", "2022-01-02T14:37:18"),
    }


def test_a_ciphered_list_with_the_keys_in_force():
    app = made("000102030405060708090a0b0c0d0e0f", "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf")
    text = asked(app, frame(LLC + wrap(SC_30)))
    answer = json.loads(text)
    assert answer["keys"] == "in force"
    (found,) = answer["telegrams"]
    assert found["cipher"] == {
        "system_title": "5453540102030405", "maker": "", "security_control": "30",
        "words": "encrypted, with a tag, suite 0", "invocation_counter": 263, "length": 37,
    }  # fmt: skip
    assert found["apdu"]["octets"].startswith("0f40000000") and found["list"]["items"]
    assert "0102030405060708090a0b" not in text.lower() and "d0d1d2" not in text.lower()


def test_keys_that_are_given_are_used_alone():
    body = wrap(SC_20)
    lines = "encryption_key=%s\n" % "".join(["%02X" % octet for octet in KEY])
    capture = lines + "".join(["%02x" % octet for octet in frame(LLC + body)])
    # The keys in force have another authentication key, with which a telegram without tag fails.
    app = made(OTHER_KEY, "ee" * 16)
    text = asked(app, capture)
    answer = json.loads(text)
    assert answer["keys"] == "given" and answer["telegrams"][0]["apdu"]
    assert "000102030405" not in text.replace("5453540102030405", "").lower()
    (found,) = json.loads(asked(app, frame(LLC + body)))["telegrams"]
    assert found["apdu"] is None and found["errors"][0]["kind"] == "authentication"
    for text in ("encryption_key=12\n7ea0", "encryption_key=" + "zz" * 16 + "\n7ea0"):
        try:
            asked(app, text)
        except ValueError as e:
            assert "key" in str(e) and "zz" not in str(e)[:-2]
        else:
            raise AssertionError(text)


def test_a_ciphered_list_without_its_key():
    for key, auth_key, kind in (
        ("", "", "key"), (OTHER_KEY, "", "decryption"), (OTHER_KEY, OTHER_KEY, "authentication"),
    ):  # fmt: skip
        (found,) = telegrams(made(key, auth_key), frame(LLC + wrap(SC_30)))
        (error,) = found["errors"]
        assert error["kind"] == kind and error["help"]
        assert found["cipher"]["invocation_counter"] == 263
        assert found["apdu"] is None and found["reading"] is None
        assert found["words"].startswith("HDLC, 80 octets: not decoded, ")


def test_a_message_in_segments():
    info = aidon_power(2143)[9:-3]
    whole = frame(info[:20], segment=True) + frame(info[20:])
    first, last = telegrams(made(), whole)
    assert first["frame"]["kind"] == "segment, others follow" and first["frame"]["frames"] == 0
    assert first["words"].endswith("a part of a message") and first["reading"] is None
    assert last["frame"]["frames"] == 2 and last["at"] == len(frame(info[:20], segment=True))
    assert last["reading"]["fields"][0]["value"] == 2143
    # What is wrong in a message of several frames has no place in the capture.
    bad = bytearray(info)
    bad[-4] = 0x1F
    _, last = telegrams(made(), frame(bytes(bad[:20]), segment=True) + frame(bytes(bad[20:])))
    (error,) = last["errors"]
    assert error["at"] is None and error["reason"] == "unknown data type"
    assert error["octets"][:2] == "1f"


def test_p1_text_has_its_lines():
    (found,) = telegrams(made(), P1)
    assert found["text"] == ["/ABC5TEST-1", "", "1-0:1.7.0(0001.234*kW)", "!"]
    assert found["frame"]["wire"] == "p1frame" and found["frame"]["kind"] == "text"
    assert found["reading"]["decoder"] == "p1" and found["reading"]["ident"] == "TEST-1"
    assert found["reading"]["fields"][0]["value"] == 1234


def test_faults_have_the_octets_around_them():
    good = aidon_power(5)
    bad = bytearray(good)
    bad[20] ^= 1
    first, second = telegrams(made(), good + bytes(bad))
    assert not first["errors"] and second["frame"]["kind"] == "damaged"
    (error,) = second["errors"]
    assert (error["code"], error["kind"], error["at"]) == (-5, "checksum", 44)
    assert error["before"] == "".join(["%02x" % octet for octet in good[-16:]])
    assert error["octets"] == "".join(["%02x" % octet for octet in bad[:16]])
    (found,) = telegrams(made(), b"no frame in here, but text " * 2)
    assert found["frame"] is None and found["errors"][0]["kind"] == "unknown"
    assert found["errors"][0]["help"].startswith("no frame begins")
    (found,) = telegrams(made(), UNKNOWN)
    assert found["errors"][0]["kind"] == "unknown" and "/lists.txt" in found["errors"][0]["help"]
    assert [item["value"] for item in found["list"]["items"]] == ["of 2", "[3] 534e31 'SN1'", "7"]


def test_a_guessed_list_that_is_not_plausible_is_refused():
    app = made()
    app.decoder.use("list mine\nu16 voltage_l1_mv")
    (found,) = telegrams(app, frame(NOTIFICATION + b"\x02\x01\x12\x00\x09"))
    assert found["errors"][0]["kind"] == "not_understood"
    assert "9 V on L1" in found["errors"][0]["reason"]


def test_more_frames_than_are_shown_are_counted():
    short = frame(NOTIFICATION + b"\x1f")
    answer = json.loads(asked(made(), short * 60))
    assert len(answer["telegrams"]) == 48 and answer["left_out"] == 12


def test_the_form_of_an_answer():
    app = made("000102030405060708090a0b0c0d0e0f", "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf")
    damaged = bytearray(aidon_power(5))
    damaged[20] ^= 1
    parts = (kaifa_power(4117), bytes(damaged), frame(LLC + wrap(SC_30)))
    text = "\n\n".join(["".join(["%02x" % octet for octet in part]) for part in parts])
    same_as_golden("inspect_pasted.json", asked(app, text))


def test_the_next_telegram_is_caught():
    app = made()
    step(app, 2000, aidon_power(3))
    answer, ms = live(app, [(600, aidon_power(5))])
    assert answer["words"] == "1 telegram is decoded" and 800 <= ms <= 1000
    assert answer["line"]["settings"] == "2400 8E1" and answer["line"]["proven"] is True
    assert answer["line"]["words"] == "2400 baud, 8 data bits, even parity, 1 stop bit"
    assert answer["line"]["wire"] == "hdlc" and answer["line"]["search"] is None
    (burst,) = answer["bursts"]
    assert burst["octets"] == "".join(["%02x" % octet for octet in aidon_power(5)])
    assert burst["settings"] == "2400 8E1" and 600 <= burst["ms"] <= 640
    assert answer["heard"]["octets"] == answer["heard"]["caught"] == 44
    assert answer["telegrams"][0]["reading"]["fields"][0]["value"] == 5
    assert answer["newest_error"] is None and answer["unknown"] is None


def test_the_form_of_the_document():
    app = made()
    step(app, 2000, aidon_power(3))
    step(app, 2000, UNKNOWN)
    same_as_golden("inspect.json", caught(inspection.get, app, [(600, kaifa_power(4117))])[0])
    app = made(stored=None)
    same_as_golden("inspect_search.json", caught(inspection.get, app, [], {"seconds": "2"})[0])


def test_a_telegram_that_has_begun_is_not_caught():
    app = made()
    step(app, 2000, aidon_power(3))
    rest = aidon_power(4)
    step(app, 40, rest[:20])
    answer, _ = live(app, [(20, rest[20:]), (1000, aidon_power(5))])
    assert answer["heard"]["octets"] == 24 + 44 and answer["heard"]["caught"] == 44
    assert [t["reading"]["fields"][0]["value"] for t in answer["telegrams"]] == [5]


def test_as_many_telegrams_as_asked_for():
    app = made()
    sent = [(2000, kaifa_power(watts)) for watts in (1, 2, 3, 4)]
    answer, _ = live(app, sent, {"telegrams": "3", "seconds": "60"})
    assert [t["reading"]["fields"][1]["value"] for t in answer["telegrams"]] == [1, 2, 3]
    assert len(answer["bursts"]) == 3 and answer["words"] == "3 telegrams are decoded"


def test_blocks_of_one_message_are_caught_together():
    apdu = aidon_power(2143)[12:-3]
    blocks = []
    for number, data, last in ((1, apdu[:20], False), (2, apdu[20:], True)):
        head = bytes((0xE0, 0xC0 if last else 0x40, 0, number, 0, 0, len(data)))
        blocks.append((400, frame(LLC + head + data)))
    answer, _ = live(made(), blocks)
    assert answer["telegrams"][-1]["reading"]["fields"][0]["value"] == 2143
    assert len(answer["bursts"]) == 2


def test_nothing_is_heard():
    answer, ms = live(made(), [], {"seconds": "5"})
    assert 5000 <= ms <= 5100 and answer["telegrams"] == [] and answer["bursts"] == []
    assert answer["words"].startswith("nothing was heard in 5 s: see that the cable")
    assert answer["heard"]["octets"] == 0


def test_what_is_tried_while_the_line_is_searched():
    app = made(stored=None)
    step(app, 13000)
    answer, _ = live(app, [(300, b"\x00\xff" * 20)])
    line = answer["line"]
    assert line["proven"] is False and line["search"]["round"] == 1
    rows = line["search"]["combinations"]
    assert [row["settings"] for row in rows[:4]] == [
        "2400 8E1", "2400 8N1", "115200 8N1", "115200 8N1 inverted",
    ]  # fmt: skip
    # 13 s gave the first 12 s of silence, the second 40 octets, whose burst ended its turn.
    assert [row["octets"] for row in rows[:3]] == [0, 40, 0]
    assert [row["now"] for row in rows[:4]] == [False, False, True, False]
    assert line["search"]["turn"] == 3 and line["settings"] == "115200 8N1"
    assert answer["bursts"][0]["settings"] == "2400 8N1"
    assert answer["heard"]["zeros"] == answer["heard"]["ones"] == 20
    assert answer["words"].startswith("octets come, but no telegram yet")


def test_a_capture_ends_where_there_is_no_room():
    app = made()
    step(app, 2000, aidon_power(3))
    sent = [(300, aidon_power(watts)) for watts in range(40)]
    answer, _ = live(app, sent, {"octets": "256", "seconds": "60", "telegrams": "32"})
    # 256 octets hold five frames of 44; the sixth is cut off and left out.
    assert answer["heard"]["cut"] is True and answer["heard"]["caught"] == 5 * 44
    assert [t["reading"]["fields"][0]["value"] for t in answer["telegrams"]] == [0, 1, 2, 3, 4]


def test_a_line_without_pauses_is_caught_at_last():
    app = made()
    step(app, 100, b"\x55" * 10)
    sent = [(100, b"\x55" * 10)] * 90
    answer, ms = live(app, sent, {"seconds": "7"})
    assert 7000 <= ms <= 7100 and len(answer["bursts"]) == 1
    assert 15 * 10 <= answer["heard"]["caught"] <= 25 * 10


def test_one_client_at_a_time_and_queries_that_are_wrong():
    app = made()
    first = inspection.get(app, {})
    next(first)
    assert app.reader.taps
    for query in ({}, {"seconds": "0"}, {"seconds": "121"}, {"octets": "255"}, {"telegrams": "x"}):
        try:
            next(inspection.get(app, query))
        except ValueError as e:
            assert "another client" in str(e) or " must be " in str(e)
        else:
            raise AssertionError(query)
    assert app.reader.taps
    first.close()
    assert not app.reader.taps
    # A client that is gone without a word stops it later, and leaves the line alone.
    second = inspection.get(app, {"seconds": "1"})
    next(second)
    step(app, 4000, aidon_power(3))
    step(app, 400, aidon_power(3))
    assert not app.reader.taps and len(app.line.readings) == 2
    second.close()


def test_the_newest_error_and_the_unknown_list():
    app = made()
    bad = bytearray(aidon_power(5))
    bad[20] ^= 1
    step(app, 2000, aidon_power(3))
    step(app, 30000, UNKNOWN)
    step(app, 10000, bytes(bad))
    answer, _ = live(app, [], {"seconds": "1"})
    newest = answer["newest_error"]
    assert 10 <= newest["age"] <= 12 and newest["error"]["kind"] == "checksum"
    assert newest["error"]["reason"] == "checksum is wrong"
    assert newest["error"]["octets"] == "".join(["%02x" % octet for octet in bad[:16]])
    assert newest["error"]["before"] == "".join(["%02x" % octet for octet in UNKNOWN[-16:]])
    assert answer["unknown"]["octets"] == "02020a03534e31120007"
    assert answer["unknown"]["items"][2] == {"type": "u16", "value": "7", "at": 7}


def test_the_text_of_a_capture():
    app = made()
    sent = [(2000, aidon_power(5)), (2000, b"\x7e" + bytes(range(69)))]
    text, _ = caught(inspection.capture, app, sent, {"telegrams": "2", "seconds": "30"})
    lines = text.split("\n")
    assert [line for line in lines if line[:1] == "#"][2].endswith(
        " s, 2400 baud, 8 data bits, even parity, 1 stop bit"
    )
    with visit("han.pasted") as pasted:
        found = pasted.Pasted(len(text))
        found.feed(text.encode())
        found.close()
        octets, ends = bytes(found.octets[: found.fill]), found.ends
    assert octets == sent[0][1] + sent[1][1] and ends == [44, 114]
    text, _ = caught(inspection.capture, app, [], {"seconds": "2"})
    assert text.split("\n")[-2] == "# nothing was heard in 2 s"


def test_inspections_leave_nothing_loaded():
    import sys

    app = made()
    before = set(sys.modules)
    asked(app, kaifa_power(7))
    live(app, [(600, aidon_power(5))])
    # What the line itself keeps loaded: its framer, the lists and their maker.
    new = [name for name in sys.modules if name not in before and name[:3] == "han"]
    app.reader.stream.reset()
    left = [name for name in new if name in sys.modules]
    assert not left, left
    assert not app.reader.taps and AUTH_KEY and KEY
