"""AES-128-GCM over a span of a buffer: first the tag, then decryption in place.

In       an AES object in ECB mode, a nonce of 12 octets, spans inside their buffers: viper checks
         no bounds
Out      whether a tag fits; the plaintext in the ciphertext's place
Limits   nothing is allocated after construction: 336 octets of tables and hash, 64 of key stream
         for a text of any length; only nonces of 12 octets
Source   NIST SP 800-38D; D. McGrew, J. Viega: The Galois/Counter Mode of Operation (4.1, tables)

GHASH multiplies numbers of 128 bits, each held in four words with the first octet highest, four
bits at a time. One table has the 16 multiples of H, the other what the four bits shifted out at
the low end add at the high end. Bits are masked before each shift to the left, so that a word
stays within 32 bits on a machine whose words have 64.
"""

import struct
from array import array

import micropython
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Aes

_BLOCK = const(16)
_CHUNK = const(64)  # key stream made by one call; octets
_WORDS = const(84)  # 0..63 multiples of H, 64..79 reduction, 80..83 the hash so far


@micropython.viper
def _build(words: ptr32, h: ptr8) -> int:
    """Fill the tables for H = h[0:16]. Entry n is the product of H and the bits of n.

    In GCM the lowest bit stands for the highest power: 8 is H itself, 4 is H times x.
    """
    i: int = 0
    while i < 4:
        words[i] = 0
        at: int = i << 2
        word: uint = (uint(h[at]) << 24) | (uint(h[at + 1]) << 16)
        words[32 + i] = word | (uint(h[at + 2]) << 8) | uint(h[at + 3])
        i += 1
    n: int = 32
    while n > 4:
        a: uint = uint(words[n])
        b: uint = uint(words[n + 1])
        c: uint = uint(words[n + 2])
        d: uint = uint(words[n + 3])
        n = n >> 1
        words[n] = a >> 1
        if int(d & 1) == 1:
            words[n] = (a >> 1) ^ (uint(0xE1) << 24)
        words[n + 1] = (b >> 1) | ((a & 1) << 31)
        words[n + 2] = (c >> 1) | ((b & 1) << 31)
        words[n + 3] = (d >> 1) | ((c & 1) << 31)
    n = 8
    while n < 64:  # 3 = 2 + 1, 5 = 4 + 1 .. 15 = 8 + 7
        i = 4
        while i < n:
            words[n + i] = uint(words[n + (i & 3)]) ^ uint(words[i])
            i += 1
        n = n << 1
    n = 0
    while n < 16:
        falling: uint = uint(0)
        i = 0
        while i < 4:
            if ((n >> i) & 1) == 1:
                falling = falling ^ (uint(0x1C2) << (20 + i))  # bit 3: E1 << 24
            i += 1
        words[64 + n] = falling
        n += 1
    return 0


@micropython.viper
def _hash(words: ptr32, data: ptr8, at: int, blocks: int) -> int:
    """Hash so many blocks of 16 octets from data[at] on."""
    a: uint = uint(words[80])
    b: uint = uint(words[81])
    c: uint = uint(words[82])
    d: uint = uint(words[83])
    w: uint = uint(0)
    fallen: uint = uint(0)
    while blocks > 0:
        words[80] = a
        words[81] = b
        words[82] = c
        words[83] = d
        a = uint(0)
        b = uint(0)
        c = uint(0)
        d = uint(0)
        k: int = 12
        while k >= 0:
            i: int = at + k
            w = (uint(data[i]) << 24) | (uint(data[i + 1]) << 16)
            w = w | (uint(data[i + 2]) << 8) | uint(data[i + 3])
            w = w ^ uint(words[80 + (k >> 2)])
            nibbles: int = 8
            while nibbles > 0:
                fallen = d & 15
                d = (d >> 4) | ((c & 15) << 28)
                c = (c >> 4) | ((b & 15) << 28)
                b = (b >> 4) | ((a & 15) << 28)
                a = (a >> 4) ^ uint(words[64 + int(fallen)])
                i = int(w & 15) << 2
                a = a ^ uint(words[i])
                b = b ^ uint(words[i + 1])
                c = c ^ uint(words[i + 2])
                d = d ^ uint(words[i + 3])
                w = w >> 4
                nibbles -= 1
            k -= 4
        at += 16
        blocks -= 1
    words[80] = a
    words[81] = b
    words[82] = c
    words[83] = d
    return 0


@micropython.viper
def _differs(words: ptr32, mask: ptr8, tag: ptr8, at: int, count: int) -> int:
    """0 if hash XOR mask is tag[at:at+count]. The time does not depend on where they differ."""
    difference: int = 0
    i: int = 0
    while i < count:
        octet: int = int(uint(words[80 + (i >> 2)]) >> (24 - ((i & 3) << 3))) & 0xFF
        difference |= octet ^ int(mask[i]) ^ int(tag[at + i])
        i += 1
    return difference


@micropython.viper
def _counters(stream: ptr8, nonce: ptr8, first: int, blocks: int) -> int:
    """Write counter blocks: the nonce and a number of four octets, which counts from first."""
    at: int = 0
    while blocks > 0:
        i: int = 0
        while i < 12:
            stream[at + i] = nonce[i]
            i += 1
        stream[at + 12] = 0
        stream[at + 13] = (first >> 16) & 0xFF
        stream[at + 14] = (first >> 8) & 0xFF
        stream[at + 15] = first & 0xFF
        first += 1
        at += 16
        blocks -= 1
    return 0


@micropython.viper
def _xor(buf: ptr8, at: int, stream: ptr8, start: int, count: int) -> int:
    """XOR buf[at:at+count] with the key stream from stream[start] on."""
    while count > 0:
        buf[at] = int(buf[at]) ^ int(stream[start])
        at += 1
        start += 1
        count -= 1
    return 0


class Gcm:
    """One key. For each message write nonce, then begin(), hash() the AAD, hash() the text,
    tag_fits(), crypt()."""

    def __init__(self, aes: "Aes") -> None:
        self.nonce = bytearray(12)
        self._aes = aes
        self._first = 0  # number of the key stream's first counter block, 0 = none
        self._stream = bytearray(_CHUNK)
        self._block = bytearray(_BLOCK)
        self._words = array("I", bytes(4 * _WORDS))
        aes.encrypt(self._block, self._block)
        _build(self._words, self._block)

    def begin(self) -> None:
        """Start a message with the nonce in self.nonce."""
        self._first = 0
        words = self._words
        words[80] = words[81] = words[82] = words[83] = 0

    def hash(self, buf: bytearray, start: int, end: int) -> None:
        """Hash buf[start:end], followed by zeros up to a whole block."""
        whole = (end - start) // _BLOCK
        if whole:
            _hash(self._words, buf, start, whole)
        start += whole * _BLOCK
        if start < end:
            block = self._block
            for i in range(_BLOCK):
                block[i] = buf[start + i] if start + i < end else 0
            _hash(self._words, block, 0, 1)

    def tag_fits(self, aad: int, text: int, tag: bytearray, at: int, count: int) -> bool:
        """Whether tag[at:at+count] is this message's tag. Ends the hash.

        aad, text   octets of each that were hashed, below 2^24
        count       octets of the tag, 12 to 16 by the standard
        """
        block = self._block
        struct.pack_into(">IIII", block, 0, 0, 8 * aad, 0, 8 * text)  # two 64-bit numbers of bits
        _hash(self._words, block, 0, 1)
        self._fill(1)
        return _differs(self._words, self._stream, tag, at, count) == 0

    def crypt(self, buf: bytearray, start: int, end: int) -> None:
        """Decrypt (or encrypt) buf[start:end], the beginning or all of the message's text."""
        number = 1
        skip = _BLOCK  # the first block of the key stream masks the tag
        while start < end:
            self._fill(number)
            count = min(_CHUNK - skip, end - start)
            _xor(buf, start, self._stream, skip, count)
            start += count
            number += _CHUNK // _BLOCK
            skip = 0

    def _fill(self, first: int) -> None:
        """Make the key stream from counter block `first` on, unless it is there."""
        if self._first != first:
            _counters(self._stream, self.nonce, first, _CHUNK // _BLOCK)
            self._aes.encrypt(self._stream, self._stream)
            self._first = first
