"""A try of keys with the meter's next telegram. Loaded for that.

In       an encryption key and an authentication key of 16 octets, None for none
Out      (outcome, words for the owner). Outcomes: "ok", "wrong key", "wrong authentication key",
         "not encrypted", "damaged", "nothing received"
Rules    The telegram is decoded with the keys in force all the same: the try changes no octet of
         it and copies none. Clear telegrams beside a ciphered one do not end the wait.
Limits   15 s. Without an authentication key one wrong key in 16,000 is taken for the right one:
         see han.cipher
"""

import asyncio
import gc

from han.cipher import Cipher
from han.fields import AUTHENTICATION, DECRYPTION, DecodeError
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from app import App

_WAIT_MS = const(15000)
_LOOK_MS = const(50)
_WORDS = {
    "ok": "the keys fit",
    "not encrypted": "the meter's telegrams are not encrypted: it needs no key",
    "nothing received": "no telegram came within 15 seconds: is the meter connected?",
}


class Try:
    """What the messages since its start say about the keys.

    outcome  "" until one says it
    clear    a message came that was not ciphered
    """

    def __init__(self, cipher: "Cipher", without: "Cipher | None") -> None:
        """without: the same without the authentication key, None if there is none anyway."""
        self.outcome = self.words = ""
        self.clear = False
        self._cipher = cipher
        self._without = without

    def probe(self, buf: bytearray, start: int, end: int, lines: bool, ciphered: bool) -> None:
        """Look at a message of buf[start:end]; lines: of a P1 telegram, as in han.cipher."""
        if self.outcome:
            return
        if not ciphered:
            self.clear = True
            return
        try:
            self._look(buf, start, end, lines)
        except MemoryError:  # the next telegram will do
            gc.collect()

    def _look(self, buf: bytearray, start: int, end: int, lines: bool) -> None:
        try:
            self._cipher.prove(buf, start, end, lines)
            self.outcome = "ok"
            return
        except DecodeError as e:
            code, self.words = e.code, e.reason
        if code == AUTHENTICATION and self._without is not None:
            try:
                self._without.prove(buf, start, end, lines)
                self.outcome = "wrong authentication key"
            except DecodeError:
                self.outcome = "wrong key"
        elif code == DECRYPTION:
            self.outcome = "wrong key"
        # else it is damaged or cut off: the next one will tell


async def run(app: "App", keys: "list[bytes | None]") -> "tuple[str, str]":
    """Wait for a telegram and try the keys with it. ValueError without an encryption key."""
    key, auth_key = keys
    if key is None:
        raise ValueError("encryption_key: a key is needed for the test")
    stream = app.reader.stream
    if stream.probe is not None:
        raise ValueError("another test of keys is running: try again in 15 seconds")
    aes = app.board.aes
    without = Cipher(key, None, aes) if auth_key and any(auth_key) else None
    trial = Try(Cipher(key, auth_key, aes), without)
    stream.probe = trial.probe
    waited_ms = 0
    try:
        while not trial.outcome and waited_ms < _WAIT_MS:
            await asyncio.sleep_ms(_LOOK_MS)
            waited_ms += _LOOK_MS
    finally:
        stream.probe = None
    outcome = trial.outcome
    if not outcome:
        outcome = "damaged" if trial.words else "nothing received"
        outcome = "not encrypted" if trial.clear else outcome
    return outcome, _WORDS.get(outcome) or trial.words
