"""Framers and assemblers against the independent encoders, random octets and captures."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from han.fields import DecodeError
from han.window import BAD_FCS, P1_LINES, after_llc
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from streams import Framing, run
from test_assembly import Parts

from tools.encoders import gbt, hdlc, mbus, p1, segments
from tools.encoders.apdu import LLC, data_notification
from tools.encoders.axdr import octet_string, structure, u32

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
HDLC, MBUS, P1_FRAME, BARE = FRAMERS = ["han.hdlc", "han.mbus", "han.p1frame", "han.bare"]

apdus = st.binary(min_size=1, max_size=2000)
text_lines = st.lists(
    st.from_regex(r"[0-9]-[0-9]:[0-9]{1,2}\.[0-9]\.0\([0-9A-Za-z.*/!]{0,30}\)", fullmatch=True),
    max_size=60,
)
idents = st.from_regex(r"[A-Z]{3}[0-9][A-Za-z0-9 \\.-]{0,20}", fullmatch=True)


def glo(contents: bytes, title: bytes = b"ABC\x00\x00\x00\x00\x01") -> bytes:
    count = len(contents)
    return b"\xdb\x08" + title + b"\x82" + count.to_bytes(2, "big") + contents


def split(octets: bytes, cuts: list[int]) -> list[bytes]:
    at = sorted({cut % (len(octets) + 1) for cut in cuts} | {0, len(octets)})
    return [octets[a:b] for a, b in pairwise(at)] or [b""]


class Messages(Framing):
    """Keeps the reasons of errors in the place of their codes."""

    def on_error(self, code: int, reason: str, offset: int) -> None:
        self.faults.append(reason)


def messages(octets: bytes, chunk: int = 64) -> tuple[list[bytes], list[str]]:
    """HDLC frames and the assembly of parts: (whole messages, faults)."""
    chunks = [octets[at : at + chunk] for at in range(0, len(octets), chunk)]
    return run(Messages(HDLC), chunks, silent=False)


@given(st.lists(apdus, min_size=1, max_size=3), st.integers(60, 256), st.lists(st.integers(0)))
@settings(max_examples=80, deadline=None)
def test_mbus_gives_apdus_back(sent: list[bytes], data_octets: int, cuts: list[int]) -> None:
    sent = [apdu[: 16 * data_octets] for apdu in sent]
    assume(not any(apdu[after_llc(apdu, 0, len(apdu)) :][:1] == b"\xe0" for apdu in sent))
    octets = b"".join(b"".join(mbus.frames(apdu, data_octets)) for apdu in sent)
    assert run(Framing(MBUS), split(octets, cuts)) == (sent, [])


@given(
    idents, text_lines, st.lists(st.integers(0)), st.sampled_from(["\r\n", "\n"]), st.booleans()
)
@settings(max_examples=80, deadline=None)
def test_p1_gives_telegrams_back(
    ident: str, lines: list[str], cuts: list[int], eol: str, lower: bool
) -> None:
    octets = p1.telegram(ident, lines, eol=eol, lower_case=lower)
    bare = octets[: octets.rindex(b"!") + 1]
    assert run(Framing(P1_FRAME), split(octets * 2, cuts)) == ([bare, bare], [])
    plain = p1.telegram(ident, [line.replace("/", "") for line in lines], crc=False, eol=eol)
    assert run(Framing(P1_FRAME), split(plain, cuts)) == ([plain[: -len(eol)]], [])


@given(idents, st.binary(min_size=6, max_size=1500), st.sampled_from([b"", b"ABC\x00/!\r\n"]),
       st.lists(st.integers(0)))  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_ciphered_p1_comes_back(ident: str, body: bytes, title: bytes, cuts: list[int]) -> None:
    octets = p1.ciphered(ident, body, title)
    framer = Framing(P1_FRAME)
    assert run(framer, split(octets * 2, cuts)) == ([octets[:-6]] * 2, [])
    assert framer.window.kind == P1_LINES


@given(st.binary(min_size=6, max_size=1500), st.lists(st.integers(0)))
@settings(max_examples=80, deadline=None)
def test_raw_apdus_come_back(contents: bytes, cuts: list[int]) -> None:
    octets = glo(contents)
    assert run(Framing(BARE), split(octets * 2, cuts)) == ([octets, octets], [])
    push = data_notification(structure([u32(7), octet_string(contents)]))
    for burst in (push, push[3:]):
        assert run(Framing(BARE), split(burst, cuts)) == ([burst], [])


@given(apdus, st.integers(8, 150), st.integers(20, 200))
@settings(max_examples=80, deadline=None)
def test_segments_and_blocks_give_messages_back(apdu: bytes, block: int, info: int) -> None:
    message = LLC + b"\x0f" + apdu
    parts = [message[at : at + info] for at in range(info, len(message), info)]
    assume(not any(part[:2] == b"\xe6\xe7" or part[:2] == b"\xe6\xe6" for part in parts))
    found, errors = messages(b"".join(segments.frames(message, info)) * 2)
    assert (found, errors) == ([message] * 2, [])
    fields = gbt.blocks(b"\x0f" + apdu, block)
    octets = b"".join(hdlc.frame(field, b"\xce\xff", b"\x03", 0x13) for field in fields)
    assert messages(octets * 2) == ([b"\x0f" + apdu] * 2, [])


def test_a_lost_frame_costs_only_its_message() -> None:
    message = LLC + b"\x0f" + bytes(range(1, 255))
    frames = segments.frames(message, 60)
    whole = b"".join(frames)
    assert messages(whole + b"".join(frames[1:]) + whole)[0] == [
        message,
        frames[-1][9:-3],
        message,
    ]
    assert messages(b"".join(frames[:-1]) + whole) == ([message], [])
    fields = gbt.blocks(message, 60)
    frames = [hdlc.frame(field, b"\xce\xff", b"\x03", 0x13) for field in fields]
    for lost in range(len(frames)):
        damaged = b"".join(frames[:lost] + frames[lost + 1 :])
        found, errors = messages(damaged + b"".join(frames))
        assert found == [message]
        assert errors or lost == len(frames) - 1


P1 = p1.telegram("KAM5", ["0-0:1.0.0(240102030405W)", "1-0:1.7.0(0001.234*kW)"])
GOOD = {
    HDLC: hdlc.frame(LLC + b"\x0f" + bytes(40), b"\x41", b"\x08\x83", 0x13),
    MBUS: b"".join(mbus.frames(bytes(range(250)))),
    P1_FRAME: P1,
    BARE: glo(bytes(range(60))),
}
alphabets = st.one_of(
    st.binary(max_size=3000),
    st.lists(st.sampled_from(list(b"/!\r\nAB5\x00\x08\x82\x7e\xa0")), max_size=1500).map(bytes),
    st.lists(st.sampled_from(list(b"\x68\x05\x06\x00\x10\x16\x53\xff")), max_size=1500).map(bytes),
    st.lists(
        st.sampled_from(
            [*GOOD.values(), P1[:30], b"/ABC5\r\n\r\n\x00\x82\x01", b"\xdb\x08", b"\r\n"]
        ),
        max_size=12,
    ).map(b"".join),
)


@pytest.mark.parametrize("name", FRAMERS)
@given(noise=alphabets, cuts=st.lists(st.integers(0), max_size=9))
@settings(max_examples=120, deadline=None)
def test_any_octets_raise_nothing_and_end(name: str, noise: bytes, cuts: list[int]) -> None:
    framer = Framing(name)
    run(framer, split(noise, cuts))
    assert not framer.pending() or name == MBUS  # it waits for segments
    assert framer.received() == len(noise)
    assert run(framer, [GOOD[name]])[0]  # after silence


@pytest.mark.parametrize("name", FRAMERS)
@given(noise=alphabets, cuts=st.lists(st.integers(0), max_size=9))
@settings(max_examples=80, deadline=None)
def test_any_split_of_any_octets_gives_the_same(name: str, noise: bytes, cuts: list[int]) -> None:
    """But for where the window fills up, which chunks cannot change either."""
    assert run(Framing(name), split(noise, cuts)) == run(Framing(name), [noise])


@given(st.lists(st.tuples(st.binary(max_size=300), st.booleans()), max_size=20))
@settings(max_examples=200, deadline=None)
def test_the_assembly_raises_only_its_error(fields: list[tuple[bytes, bool]]) -> None:
    parts = Parts()
    for field, flag in fields:
        for head in (b"", LLC, b"\xe0\x40\x00\x01\x00\x00", b"\xe0\x40\x00\x02\x00\x00"):
            octets = head + field
            for add in (
                lambda: parts.segment(octets, flag),  # noqa: B023
                lambda: parts.block(octets),  # noqa: B023
            ):
                try:
                    add()
                except DecodeError as e:
                    assert 0 <= e.offset - parts.window.start <= len(octets)
            window = parts.window
            assert window.kept <= window.at == window.fill <= len(window.buf)
            assert 0 <= window.start <= window.end <= window.fill


def test_wires_side_by_side_do_not_take_each_others_octets() -> None:
    """A telegram of one wire is no frame for the other framers."""
    push = data_notification(structure([u32(7)]))
    ciphered = glo(bytes(range(60)))
    wires = {
        HDLC: hdlc.frame(push, b"\x41", b"\x08\x83", 0x13)
        + hdlc.frame(LLC + ciphered, b"\x41", b"\x03", 0x13),
        MBUS: b"".join(mbus.frames(ciphered) + mbus.frames(push[3:], 9)),
        P1_FRAME: P1 + p1.ciphered("EGM5G35", bytes(range(60))),
    }
    for own, octets in wires.items():
        for name in FRAMERS:
            found, _ = run(Framing(name), [octets])
            assert len(found) == (2 if name == own else 0), (own, name)


def capture(name: str) -> bytes:
    path = CORPUS / name
    return path.read_bytes() if path.suffix == ".txt" else bytes.fromhex(path.read_text())


def test_captures() -> None:
    if not CORPUS.is_dir():
        print("no corpus beside the project: the encoders above are the test")
        return
    vectors = {v["id"]: v for v in json.loads((CORPUS / "encrypted.json").read_text())}
    for v in vectors.values():
        if "wire" not in v:
            continue
        wire = bytes.fromhex(v["wire"])
        framing = v["framing"]
        if framing.startswith("mbus"):
            found, faults = run(Framing(MBUS), [wire])
            ((apdu,), plain) = (found, bytes.fromhex(v["plaintext"]))
            assert apdu[:10] == b"\xdb\x08" + bytes.fromhex(v["system_title"]) and not faults
            assert apdu[-len(plain) - 5 :][1:5] == bytes.fromhex(v["invocation_counter"])
        elif framing.startswith("p1"):
            framer = Framing(P1_FRAME)
            assert run(framer, [wire]) == ([wire[: wire.rindex(b"!") + 1]], [])
            assert framer.window.body == wire.index(b"\r\n\r\n") + 4
        elif framing.startswith("raw"):
            assert run(Framing(BARE), [wire]) == ([wire], [])
        else:
            assert framing == "hdlc" and run(Framing(HDLC), [wire])[0], v["id"]
            for name in (MBUS, P1_FRAME, BARE):
                assert run(Framing(name), [wire])[0] == [], v["id"]

    # One message of three blocks: push-object-list of 14, the last value u16 0034.
    (apdu,), errors = messages(capture("landis-gyr/gh740.hex"))
    assert not errors and len(apdu) == 0x70 + 0x6C + 0x79
    assert apdu[:5].hex() == "0f0021a433" and apdu[-6:].hex() == "120069120034"
    assert messages(capture("landis-gyr/gh740-1.hex")) == ([], [])
    # The first of two segments: the rest is not in the corpus, so one is made.
    first = capture("iskraemeco/gh1072-1.hex")
    assert messages(first) == ([], [])
    (message,), errors = messages(first + hdlc.frame(b"\x12\x00\x01", b"\xcf", b"\x02\x23", 0x13))
    assert not errors and len(message) == 0xA4 - 10 + 3 and message[-5:].hex() == "002e120001"

    ((apdu,), faults) = run(Framing(MBUS), [capture("kaifa/gh433-1.hex")])
    assert len(apdu) == 245 + 15 and apdu[2:10].hex() == "4b464d65509b6241" and not faults
    # A whole message, its first segment of 257 octets; after it a log's copy that is none.
    ((apdu,), faults) = run(Framing(MBUS), [capture("sagemcom/gh155-1.hex")])
    assert len(apdu) == 252 + 8 and apdu[2:10].hex() == "5341475905e6d9fd" and faults
    assert run(Framing(MBUS), [capture("sagemcom/gh301-1.hex")])[0] == []
    assert run(Framing(MBUS), [capture("kaifa/gh247-1.hex")])[0] == []
    for name in ("sagemcom/gh867-2", "iskraemeco/gh1072-3", "iskraemeco/gh869-8"):
        octets = capture(name + ".hex")
        assert run(Framing(BARE), [octets]) == ([octets], []), name
    assert run(Framing(BARE), [capture("iskraemeco/gh1072-2.hex")])[0] == []

    for name in ("iskraemeco/gh1037-1", "kamstrup/gh699-1", "landis-gyr/gh382-1"):
        octets = capture(name + ".txt")
        assert run(Framing(P1_FRAME), [octets]) == ([octets[: octets.rindex(b"!") + 1]], []), name
        assert run(Framing(HDLC), [octets])[0] == run(Framing(BARE), [octets])[0] == []
    assert run(Framing(P1_FRAME), [capture("kamstrup/gh712-2.hex")]) == ([], [BAD_FCS])


def test_captures_come_out_of_the_encoders_again() -> None:
    if not CORPUS.is_dir():
        print("no corpus beside the project: the encoders' layers are tested by hand-made vectors")
        return
    vectors = {v["id"]: v for v in json.loads((CORPUS / "encrypted.json").read_text())}
    for name in ("netz-noe-official", "syn-kaifa-tinetz", "syn-sagemcom-250"):
        wire = bytes.fromhex(vectors[name]["wire"])
        apdu = wire[9:254] + wire[265:-2]
        assert b"".join(mbus.frames(apdu)) == wire, name
    wire = capture("sagemcom/gh155-1.hex")[: 263 + 19]
    apdu = wire[9:261] + wire[272:-2]
    assert b"".join(mbus.frames(apdu, mbus.SAGEMCOM_DATA)) == wire

    for name in ("iskraemeco/gh1037-1", "kamstrup/gh699-1", "landis-gyr/gh382-1"):
        octets = capture(name + ".txt")
        first, _, *lines, end = octets.decode().removesuffix("\r\n").split("\r\n")
        assert p1.telegram(first[1:], lines, crc=end != "!") == octets, name
    wire = bytes.fromhex(vectors["syn-p1-stoen"]["wire"])
    assert p1.ciphered("EGM5G35", wire[16:-7]) == wire

    wire = capture("landis-gyr/gh740.hex")
    made = b""
    for number, begin, count in ((1, 12, 0x70), (2, 143, 0x6C), (3, 270, 0x79)):
        data = wire[begin + 7 : begin + 7 + count]
        field = (LLC if number == 1 else b"") + gbt.block(data, number, number == 3)
        made += hdlc.frame(field, b"\xce\xff", b"\x03", 0x13)
    assert made == wire
    octets = capture("iskraemeco/gh1072-1.hex")
    assert segments.frames(octets[9:-3] + b"more")[0] == octets
