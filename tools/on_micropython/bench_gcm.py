"""Time and memory of deciphering under MicroPython. Started by tools/bench.py.

Prints lines NAME VALUE, the best of 40 rounds:
gcm_us_per_256       µs to check and decrypt 256 octets of ciphertext, key stream included
gcm_aes_us_per_256   µs of that in the block cipher
gcm_ghash_us_per_256 µs of that in the hash
gcm_setup_us         µs to set a key: its table and buffers
gcm_kept             live octets of a Cipher with both keys
cipher_us_496        µs for an APDU with 496 octets of text, header and checks included
cipher_us_496_no_tag the same without an authentication key
cipher_allocated     octets of heap used by one APDU
The plaintext is zeros: no figure depends on it.
"""

import gc
import time

import cryptolib
from han.cipher import Cipher
from han.gcm import Gcm

KEY = bytes(range(16))
AUTH_KEY = bytes(range(0xD0, 0xE0))
TEXT = 496
TIMES = 50


def aes(key):
    return cryptolib.aes(key, 1)


def best(call):
    least = 1 << 30
    for _ in range(40):
        gc.collect()
        begin = time.ticks_us()
        for _ in range(TIMES):
            call()
        least = min(least, time.ticks_diff(time.ticks_us(), begin))
    return "%.2f" % (least / TIMES)


def allocated(call):
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    kept = call()
    octets = gc.mem_alloc() - before
    gc.enable()
    return octets, kept


def sealed():
    """An authenticated APDU whose plaintext starts a DataNotification."""
    apdu = bytearray(b"\xdb\x08TITLE123\x82\x02\x01\x30\x00\x00\x00\x01") + bytes(TEXT + 12)
    apdu[18] = 0x0F
    gcm = Gcm(aes(KEY))
    gcm.nonce[:] = b"TITLE123\x00\x00\x00\x01"
    gcm.begin()
    gcm.crypt(apdu, 18, 18 + TEXT)
    aad = bytearray(b"\x30" + AUTH_KEY)
    gcm.hash(aad, 0, 17)
    gcm.hash(apdu, 18, 18 + TEXT)
    for at in range(18 + TEXT, 30 + TEXT):  # the tag, octet by octet
        i = at - 18 - TEXT
        for value in range(256):
            apdu[at] = value
            gcm.begin()
            gcm.hash(aad, 0, 17)
            gcm.hash(apdu, 18, 18 + TEXT)
            if gcm.tag_fits(17, TEXT, apdu, 18 + TEXT, i + 1):
                break
    return apdu


apdu = sealed()
work = bytearray(len(apdu))
text = bytearray(256)
stream = bytearray(256)
tag = bytearray(12)
gcm = Gcm(aes(KEY))
cipher = aes(KEY)


def message():
    gcm.begin()
    gcm.hash(text, 0, 256)
    gcm.tag_fits(17, 256, tag, 0, 12)
    gcm.crypt(text, 0, 256)


def decipher(by):
    work[:] = apdu
    return by.decipher(work, 0, len(work))


print("gcm_us_per_256", best(message))
print("gcm_aes_us_per_256", best(lambda: cipher.encrypt(stream, stream)))
print("gcm_ghash_us_per_256", best(lambda: gcm.hash(text, 0, 256)))
print("gcm_setup_us", best(lambda: Gcm(cipher)))
octets, both = allocated(lambda: Cipher(KEY, AUTH_KEY, aes))
print("gcm_kept", octets)
one = Cipher(KEY, None, aes)
print("cipher_us_496", best(lambda: decipher(both)))
print("cipher_us_496_no_tag", best(lambda: decipher(one)))
print("cipher_allocated", allocated(lambda: decipher(both))[0])
