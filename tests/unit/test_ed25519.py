"""Ed25519, SHA-512 and the trailer of an image. More vectors: tests/props/test_ed25519.py."""

import asyncio
from binascii import hexlify, unhexlify

from device import ed25519, signature
from device.sha512 import sha512

# RFC 8032, 7.1, tests 1 to 3: key, message, signature.
RFC = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
        "701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
        "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7"
        "60984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)
# The same key as in test 1 of the RFC, over the 96 octets of `signed()`, by OpenSSL.
KEY = unhexlify(RFC[0][0])
TRAILER_SIGNATURE = (
    "4173f8453cbd2011f73255cdf802e001fc795d3e31e1f587b18c8a412a60fb4a1ef4fddaa8d14115c365c2"
    "c7f9891173267bf5498ff2460f5073ccc4288a4007"
)

ORDER = (1 << 252) + 27742317777372353535851937790883648493


def verify(key, message, made):
    return asyncio.run(ed25519.valid(key, message, made))


def vector(n):
    key, message, made = RFC[n]
    return unhexlify(key), unhexlify(message), unhexlify(made)


def signed():
    """A trailer without its signature."""
    return (
        b"HANREAD1" + (1234567).to_bytes(4, "little") + (1796000000).to_bytes(4, "little")
        + text("1.2.3") + text("esp32s2") + text("pow") + bytes(range(32))
    )  # fmt: skip


def text(value):
    return value.encode() + bytes(16 - len(value))


def complaint(trailer):
    try:
        signature.parse(trailer)
    except ValueError as e:
        return str(e)
    raise AssertionError("accepted")


def test_the_examples_of_fips_180():
    for message, digest in (
        (b"", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
              "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"),
        (b"abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
    ):  # fmt: skip
        assert hexlify(sha512((message,))).decode() == digest


def test_a_digest_does_not_depend_on_the_parts():
    message = bytes(i * 7 & 255 for i in range(300))
    for length in (111, 112, 127, 128, 129, 239, 240, 300):
        whole = sha512((message[:length],))
        assert sha512((message[:40], message[40:100], message[100:length])) == whole
        assert sha512((message[: length - 1],)) != whole


def test_the_examples_of_the_rfc():
    for n in (1, 2):  # and 0 below
        assert verify(*vector(n))


def test_another_signature_is_refused():
    key, message, made = vector(2)
    assert not verify(key, message, bytes((made[0] ^ 1,)) + made[1:])
    assert not verify(key, message, made[:32] + bytes((made[32] ^ 1,)) + made[33:])


def test_lengths():
    key, message, made = vector(1)
    for bad in (b"", made[:63], made + b"\0"):
        assert not verify(key, message, bad)
    for bad in (b"", key[:31], key + b"\0"):
        assert not verify(bad, message, made)


def test_s_must_be_below_the_order():
    key, message, made = vector(1)
    s = int.from_bytes(made[32:], "little") + ORDER
    assert s < 1 << 256
    assert not verify(key, message, made[:32] + s.to_bytes(32, "little"))


def test_keys_that_encode_no_point():
    _, message, made = vector(1)
    p = (1 << 255) - 19
    high = 1 << 255
    # No point has y = 2; p + 1 is a second encoding of y = 1; at y = 1 x is 0 and has no sign.
    for y in (2, 2 + high, p, p + 1, p + 18, 1 + high, p - 1 + high):
        assert not verify(y.to_bytes(32, "little"), message, made)


def test_a_trailer_says_what_the_image_is():
    trailer = signed() + unhexlify(TRAILER_SIGNATURE)
    assert len(trailer) == 160
    said = (1234567, 1796000000, "1.2.3", "esp32s2", "pow", bytes(range(32)))
    assert signature.parse(trailer) == said
    assert signature.parse(bytearray(trailer)) == said


def test_a_file_without_a_trailer():
    trailer = signed() + bytes(64)
    for bad in (b"", trailer[:159], trailer + b"\0", b"\xe9" * 160, b"HANREAD2" + trailer[8:]):
        assert complaint(bad) == "no signature at the end of the file"


def test_a_trailer_with_damaged_texts():
    for at, name in ((16, "version"), (32, "chip"), (48, "board")):
        for wrong in (b"\0", b"\n", b" ", b"\x80", b"\xff"):
            trailer = signed() + bytes(64)
            trailer = trailer[:at] + wrong + trailer[at + 1 :]
            assert complaint(trailer) == "the file's trailer is damaged: its %s is no text" % name


def test_a_trailer_is_valid_by_one_of_the_keys():
    trailer = bytearray(signed() + unhexlify(TRAILER_SIGNATURE))
    other = vector(1)[0]
    assert asyncio.run(signature.valid(trailer, (other, KEY)))
    assert not asyncio.run(signature.valid(trailer, ()))
    trailer[20] ^= 1
    assert not asyncio.run(signature.valid(trailer, (KEY,)))


def test_the_loop_has_its_turn():
    steps = [0]

    async def other():
        while True:
            steps.append(0)
            await asyncio.sleep(0)

    async def both():
        task = asyncio.create_task(other())
        assert await ed25519.valid(*vector(0))
        task.cancel()

    def counting(*places):
        steps[-1] += 1
        return product(*places)

    product, ed25519._mul = ed25519._mul, counting
    try:
        asyncio.run(both())
    finally:
        ed25519._mul = product
    assert max(steps) <= 76
