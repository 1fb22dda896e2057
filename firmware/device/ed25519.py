"""Ed25519: whether a signature over a message was made with the private half of a key.

In       a key of 32 octets, a message, a signature of 64 octets
Out      True or False; no input raises
Rules    RFC 8032, 5.1.7. The group equation is [S]B = R + [k]A, which the clause allows in place
         of the one times eight. It accepts the least, and OpenSSL decides by it too, so each
         answer can be compared. R is not decoded: the octets of [S]B - [k]A must be those of R,
         so no other encoding of R is accepted.
         S must be below L. A key must be the one encoding of a point on the curve (5.1.3). A key
         of small order is not refused, as there; tools/sign.py refuses to use one
Limits   1.3 KB of heap, and as much garbage. 3,900 products of the field; the loop has its turn
         after at most 68. Time depends on the input: nothing here is secret
Source   RFC 8032; H. Hisil et al.: Twisted Edwards Curves Revisited (3.1, 3.3)

A number of the field has 20 limbs of 13 bits, the lowest first: 20 products and a carry make less
than 2^31, which each machine can add. It is below 2^260, and may be above p; 2^260 is 608 in the
field, so what leaves the last limb is multiplied by 608 and added to the first. All numbers are
in one array. A point is X, Y, Z, T in extended coordinates; one to be added is Y - X, Y + X, 2 Z,
2 d T.
"""

import asyncio
from array import array

import micropython
from micropython import const

from device.sha512 import sha512

_P = (1 << 255) - 19
_ORDER = (1 << 252) + 27742317777372353535851937790883648493  # L, that of the base point
_D = (
    b"\xa3\x78\x59\x13\xca\x4d\xeb\x75\xab\xd8\x41\x41\x4d\x0a\x70\x00"
    b"\x98\xe8\x79\x77\x79\x40\xc7\x8c\x73\xfe\x6f\x2b\xee\x6c\x03\x52"
)
_ROOT = (  # of -1
    b"\xb0\xa0\x0e\x4a\x27\x1b\xee\xc4\x78\xe4\x2f\xad\x06\x18\x43\x2f"
    b"\xa7\xd7\xfb\x3d\x99\x00\x4d\x2b\x0b\xdf\xc1\x4f\x80\x24\x83\x2b"
)
_BASE_X = (
    b"\x1a\xd5\x25\x8f\x60\x2d\x56\xc9\xb2\xa7\x25\x95\x60\xc7\x2c\x69"
    b"\x5c\xdc\xd6\xfd\x31\xe2\xa4\xc0\xfe\x53\x6e\xcd\xd3\x36\x69\x21"
)
_BASE_Y = b"\x58" + b"\x66" * 31

# Places in the array, each of 20 limbs. The first two are the product before it is reduced.
_X = const(40)  # the point: X, Y, Z, T
_Y = const(60)
_Z = const(80)
_T = const(100)
_A = const(120)  # what a formula needs on its way
_B = const(140)
_C = const(160)
_E = const(180)
_F = const(200)
_G = const(220)
_H = const(240)
_ONE = const(260)
_TWICE_D = const(280)
_KEY = const(300)  # points to be added, four numbers each: the negative of the key,
_BASE = const(380)  # the base point,
_BOTH = const(460)  # their sum
_LIMBS = const(540)


@micropython.viper
def _mul(m: ptr16, i: int, j: int, to: int) -> int:
    """m[to] = m[i] * m[j]; the places may be the same. The three that the inner loop uses most
    are arguments: viper keeps the first three in registers."""
    carry: int = 0
    k: int = 0
    while k < 39:  # each limb of the product
        last: int = i + k if k < 20 else i + 38 - k
        while i <= last:
            carry += int(m[i]) * int(m[j])
            i += 1
            j -= 1
        i -= k + 1 if k < 19 else 38 - k
        j += k + 2 if k < 19 else 39 - k
        m[k] = carry & 0x1FFF
        carry = carry >> 13
        k += 1
    m[39] = carry
    carry = 0
    k = 0
    while k < 20:
        carry += int(m[k]) + 608 * int(m[k + 20])
        m[to + k] = carry & 0x1FFF
        carry = carry >> 13
        k += 1
    while carry != 0:
        carry = carry * 608
        k = 0
        while k < 20:
            carry += int(m[to + k])
            m[to + k] = carry & 0x1FFF
            carry = carry >> 13
            k += 1
    return 0


@micropython.viper
def _sum(m: ptr16, a: int, b: int, factor: int, to: int) -> int:
    """m[to] = m[a] + factor * m[b], the factor being 1 or -1."""
    carry: int = 0
    k: int = 0
    while k < 20:
        carry += int(m[a + k]) + factor * int(m[b + k])
        m[to + k] = carry & 0x1FFF
        carry = carry >> 13
        k += 1
    while carry != 0:
        carry = carry * 608
        k = 0
        while k < 20:
            carry += int(m[to + k])
            m[to + k] = carry & 0x1FFF
            carry = carry >> 13
            k += 1
    return 0


def _load(m: "array[int]", to: int, octets: bytes) -> None:
    """m[to] = 32 octets, the lowest first."""
    bits = held = 0
    for octet in octets:
        held |= octet << bits
        bits += 8
        if bits >= 13:
            m[to] = held & 0x1FFF
            to += 1
            held >>= 13
            bits -= 13
    m[to] = held


def _octets(m: "array[int]", at: int) -> bytes:
    """m[at] below p, as 32 octets."""
    whole = bytearray(33)
    bits = held = place = 0
    for i in range(at, at + 20):
        held |= m[i] << bits
        bits += 13
        while bits >= 8:
            whole[place] = held & 0xFF
            place += 1
            held >>= 8
            bits -= 8
    whole[place] = held
    return (int.from_bytes(whole, "little") % _P).to_bytes(32, "little")


def _move(m: "array[int]", to: int, at: int) -> None:
    for i in range(20):
        m[to + i] = m[at + i]


async def _power(m: "array[int]", to: int, a: int) -> None:
    """m[to] = m[a] to the power of 2^252 - 3. Needs _H.

    With n ones in a row as the exponent: twice n, or one more, from n = 1 up to 250.
    """
    _move(m, to, a)
    ones = 1
    for more in (1, 1, 1, 1, 0, 1, 0):
        _move(m, _H, to)
        for i in range(ones):
            _mul(m, to, to, to)
            if i & 63 == 63:
                await asyncio.sleep(0)
        _mul(m, to, _H, to)
        ones *= 2
        if more:
            _mul(m, to, to, to)
            _mul(m, to, a, to)
            ones += 1
        await asyncio.sleep(0)
    _mul(m, to, to, to)
    _mul(m, to, to, to)
    _mul(m, to, a, to)


def _double(m: "array[int]") -> None:
    """The point = twice the point."""
    _mul(m, _X, _X, _A)
    _mul(m, _Y, _Y, _B)
    _mul(m, _Z, _Z, _C)
    _sum(m, _C, _C, 1, _C)
    _sum(m, _A, _B, 1, _H)
    _sum(m, _X, _Y, 1, _E)
    _mul(m, _E, _E, _E)
    _sum(m, _H, _E, -1, _E)
    _sum(m, _A, _B, -1, _G)
    _sum(m, _C, _G, 1, _F)
    _finish(m)


def _add(m: "array[int]", other: int) -> None:
    """The point = the point + the one at `other`, which may be the same or the neutral one."""
    _sum(m, _Y, _X, -1, _A)
    _mul(m, _A, other, _A)
    _sum(m, _Y, _X, 1, _B)
    _mul(m, _B, other + 20, _B)
    _mul(m, _Z, other + 40, _F)
    _mul(m, _T, other + 60, _C)
    _sum(m, _B, _A, -1, _E)
    _sum(m, _F, _C, 1, _G)
    _sum(m, _F, _C, -1, _F)
    _sum(m, _B, _A, 1, _H)
    _finish(m)


def _finish(m: "array[int]") -> None:
    _mul(m, _E, _F, _X)
    _mul(m, _G, _H, _Y)
    _mul(m, _E, _H, _T)
    _mul(m, _F, _G, _Z)


def _keep(m: "array[int]", to: int) -> None:
    """Put the point at `to`, ready to be added."""
    _sum(m, _Y, _X, -1, to)
    _sum(m, _Y, _X, 1, to + 20)
    _sum(m, _Z, _Z, 1, to + 40)
    _mul(m, _T, _TWICE_D, to + 60)


async def _decode(m: "array[int]", key: bytes) -> bool:
    """The point = the negative of the one that the key encodes. False if it encodes none."""
    sign = key[31] >> 7
    y = key[:31] + bytes((key[31] & 0x7F,))
    if int.from_bytes(y, "little") >= _P:
        return False
    _load(m, _Y, y)
    _load(m, _T, _D)
    # x^2 = u / v, u = y^2 - 1, v = d y^2 + 1; x = u v^3 (u v^7)^((p - 5) / 8), or that times _ROOT
    _mul(m, _Y, _Y, _A)
    _mul(m, _A, _T, _B)
    _sum(m, _A, _ONE, -1, _A)
    _sum(m, _B, _ONE, 1, _B)
    _mul(m, _B, _B, _C)
    _mul(m, _C, _B, _C)
    _mul(m, _C, _C, _E)
    _mul(m, _E, _B, _E)
    _mul(m, _E, _A, _E)
    await _power(m, _X, _E)
    _mul(m, _X, _C, _X)
    _mul(m, _X, _A, _X)
    _mul(m, _X, _X, _C)
    _mul(m, _C, _B, _C)
    _sum(m, _C, _A, -1, _E)
    if any(_octets(m, _E)):
        _sum(m, _C, _A, 1, _E)
        if any(_octets(m, _E)):
            return False
        _load(m, _T, _ROOT)
        _mul(m, _X, _T, _X)
    x = _octets(m, _X)
    if sign and not any(x):
        return False
    if x[0] & 1 == sign:
        _load(m, _T, bytes(32))
        _sum(m, _T, _X, -1, _X)
    _load(m, _Z, b"\x01" + bytes(31))
    _mul(m, _X, _Y, _T)
    return True


async def _encode(m: "array[int]") -> bytes:
    """The point's 32 octets. 1 / Z is Z^3 (Z^(2^252 - 3))^8."""
    await _power(m, _A, _Z)
    for _ in range(3):
        _mul(m, _A, _A, _A)
    for _ in range(3):
        _mul(m, _A, _Z, _A)
    _mul(m, _X, _A, _X)
    _mul(m, _Y, _A, _Y)
    y = bytearray(_octets(m, _Y))
    y[31] |= (_octets(m, _X)[0] & 1) << 7
    return bytes(y)


async def valid(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is the key's over the message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    s = signature[32:]
    if int.from_bytes(s, "little") >= _ORDER:
        return False
    m = array("H", bytes(2 * _LIMBS))
    _load(m, _ONE, b"\x01" + bytes(31))
    _load(m, _TWICE_D, _D)
    _sum(m, _TWICE_D, _TWICE_D, 1, _TWICE_D)
    if not await _decode(m, key):
        return False
    _keep(m, _KEY)
    _load(m, _X, _BASE_X)
    _load(m, _Y, _BASE_Y)
    _mul(m, _X, _Y, _T)
    _keep(m, _BASE)
    _add(m, _KEY)
    _keep(m, _BOTH)
    digest = sha512((signature[:32], key, message))
    await asyncio.sleep(0)
    k = (int.from_bytes(digest, "little") % _ORDER).to_bytes(32, "little")
    _load(m, _X, bytes(32))  # the neutral point
    _load(m, _Y, b"\x01" + bytes(31))
    _load(m, _Z, b"\x01" + bytes(31))
    _load(m, _T, bytes(32))
    for i in range(252, -1, -1):
        _double(m)
        bits = (s[i >> 3] >> (i & 7) & 1) * 2 | k[i >> 3] >> (i & 7) & 1
        if bits:
            _add(m, _KEY if bits == 1 else _BASE if bits == 2 else _BOTH)
        if not i & 3:
            await asyncio.sleep(0)
    return await _encode(m) == signature[:32]
