"""Random and bent answers of DHCP: refused with ValueError, or addresses of hosts."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from net import dhcp

MAC = b"\x02\x00\x00\x00\x1e\x4b"
XID = b"\x39\x03\xf3\x26"
HEAD = b"\x02\x01\x06\x00" + XID + bytes(20) + MAC + bytes(10) + bytes(192) + b"\x63\x82\x53\x63"
OPTION = st.tuples(st.integers(1, 254), st.binary(max_size=60))
HOST = st.tuples(st.integers(1, 223), *[st.integers(0, 255)] * 3).map(bytes)


def encode(options: list[tuple[int, bytes]]) -> bytes:
    return b"".join(bytes((code, len(value))) + value for code, value in options) + b"\xff"


def check(message: bytes) -> None:
    """ValueError, or at most three addresses of hosts."""
    try:
        found = dhcp.answer(message, MAC, XID)
    except ValueError:
        return
    assert len(found) in (0, 4, 8, 12)
    assert all(0 < first < 224 for first in found[::4])


@given(st.binary(max_size=700))
@settings(max_examples=500)
def test_random_octets(tail: bytes) -> None:
    check(tail)
    check(HEAD + tail)
    check(HEAD + b"\x35\x01\x05" + tail)


@given(st.lists(OPTION, max_size=8), st.integers(0, 600), st.integers(0, 255), st.integers(0, 600))
@settings(max_examples=500)
def test_bent_and_cut_answers(
    options: list[tuple[int, bytes]], place: int, octet: int, end: int
) -> None:
    message = bytearray(HEAD + encode([(53, b"\x05"), (42, bytes(range(8))), *options]))
    message[place % len(message)] = octet
    check(bytes(message))
    check(bytes(message[:end]))


@given(st.lists(OPTION, max_size=6), st.lists(HOST, max_size=6), st.integers(0, 6))
@settings(max_examples=300)
@example([], [], 0)
def test_addresses_among_other_options(
    options: list[tuple[int, bytes]], hosts: list[bytes], place: int
) -> None:
    others = [option for option in options if option[0] not in (42, 53)]
    others.insert(0, (53, b"\x05"))
    others.insert(place, (42, b"".join(hosts)))
    assert dhcp.answer(HEAD + encode(others), MAC, XID) == b"".join(hosts[:3])
