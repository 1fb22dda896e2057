"""Ciphered APDUs: header read, tag checked, decrypted in place.

In       buffer and span of an APDU; the owner's keys
Out      (start, end) of the plaintext within the same buffer
Wire     DB or DC | n | system title n | length | SC | IC 4 | text | tag 12, if SC says so
         P1 of Elgama, and of Kaifa for Stoen: the same from n on, after the identification and an
         empty line
         length: of SC to tag; 00..7F, or 81..84 and 1..4 octets, not always the shortest form
Limits   system titles up to 8 octets, zeros follow shorter ones; suites 0 and 1 (AES-128); buf is
         changed only in the returned span, and not at all when DecodeError is raised
Errors   AUTHENTICATION: the tag is wrong, or missing although a key for it is set
         DECRYPTION: no tag was checked and the plaintext is no telegram; suite 2; compression
         KEY: no encryption key is set, or a key cannot be used
         PARSE: header or text cut off; UNKNOWN_DATA: not a ciphered APDU
Source   DLMS Green Book (general-glo-ciphering, security header); captures of both forms
Seen     SC 20: Sagemcom, Kaifa (Netz NÖ), Iskra (KELAG). 21: Kaifa (TINETZ, Salzburg).
         30: Kamstrup, Landis+Gyr, Iskra (SI), encrypted P1

An authentication key makes the tag compulsory: a telegram without one is refused, or else one
changed bit of SC would switch the check off.
"""

from micropython import const

from han.fields import AUTHENTICATION, DECRYPTION, KEY, UNKNOWN_DATA, DecodeError
from han.window import MORE, NO_LENGTH, axdr_length

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts import Aes

    from han.gcm import Gcm

_GENERAL_GLO_CIPHERING = const(0xDB)
_GENERAL_DED_CIPHERING = const(0xDC)

_COMPRESSED = const(0x80)  # bits of SC; 40, the broadcast key, changes nothing but the key
_ENCRYPTED = const(0x20)
_AUTHENTICATED = const(0x10)
_SUITE = const(0x0F)

_KEY_OCTETS = const(16)
_TITLE_OCTETS = const(8)
_TAG_OCTETS = const(12)
_AAD_OCTETS = const(17)  # SC and authentication key
_BEGINNING = const(16)  # octets of the plaintext that prove a key
_TITLES = const(4)  # meters whose last invocation counter is kept

_CUT_OFF = "encrypted, header cut off"


class Cipher:
    """The keys of one line, and the last telegram's header.

    system_title  of the last telegram
    counter_fell  telegrams whose invocation counter was below that meter's one before: the meter
                  was reset, or somebody replays old telegrams. Equal counters are not counted,
                  as some meters always send 0
    """

    def __init__(
        self,
        key: "bytes | None",
        auth_key: "bytes | None",
        aes: "Callable[[bytes], Aes] | None",
    ) -> None:
        """Keys of 16 octets; an authentication key of zeros counts as None.

        aes  gives an AES object in ECB mode for a key; None is enough without a key. A key that
             cannot be used raises nothing here: every telegram reports it. MemoryError
        """
        self.system_title = b""
        self.counter_fell = 0
        self._counters: "dict[bytes, int]" = {}
        self._gcm: "Gcm | None" = None
        self._fault = ""
        self._authenticates = auth_key is not None and any(auth_key)
        self._aad = bytearray(_AAD_OCTETS + _BEGINNING - 1)
        self._beginning = bytearray(_BEGINNING)
        if key is None or aes is None:
            return
        if len(key) != _KEY_OCTETS:
            self._fault = "the encryption key has %d octets, not 16" % len(key)
        elif auth_key and self._authenticates and len(auth_key) != _KEY_OCTETS:
            self._fault = "the authentication key has %d octets, not 16" % len(auth_key)
        else:
            from han.gcm import Gcm  # loaded only if there is a key

            if auth_key and self._authenticates:
                self._aad[1:_AAD_OCTETS] = auth_key
            try:
                self._gcm = Gcm(aes(key))
            except MemoryError:  # it says nothing about the key
                raise
            except Exception as e:  # AES drivers do not document which exceptions they raise
                self._fault = "the encryption key cannot be used: %r" % e

    def decipher(
        self, buf: bytearray, start: int, end: int, lines: bool = False
    ) -> "tuple[int, int]":
        """Decrypt what begins at start and ends at end or before. Raises DecodeError.

        lines  False: a general-glo- or general-ded-ciphering APDU
               True: the part of a P1 telegram from the system title's length on, after a clear
               identification; its plaintext is the data lines alone
        """
        sc_at, text_end = self.prove(buf, start, end, lines)
        text_at = sc_at + 5
        counter = int.from_bytes(buf[sc_at + 1 : text_at], "big")
        counters = self._counters
        if self.system_title not in counters and len(counters) >= _TITLES:
            counters.clear()
        if counter < counters.get(self.system_title, 0):
            self.counter_fell += 1
        counters[self.system_title] = counter
        if self._gcm is not None and buf[sc_at] & _ENCRYPTED:
            # Last: after a MemoryError it can be called again.
            self._gcm.crypt(buf, text_at, text_end)
        return text_at, text_end

    def prove(self, buf: bytearray, start: int, end: int, lines: bool) -> "tuple[int, int]":
        """Check the header and the keys of what decipher() takes; buf stays as it is.

        Returns the offset of SC and the end of the text. Raises DecodeError.
        """
        title_at = start
        if not lines:
            if start >= end:
                raise DecodeError(_CUT_OFF, start)
            if buf[start] != _GENERAL_GLO_CIPHERING and buf[start] != _GENERAL_DED_CIPHERING:
                raise DecodeError("not a ciphered APDU", start, UNKNOWN_DATA)
            title_at += 1
        length_at = self._read_title(buf, title_at, end)
        length = axdr_length(buf, length_at, end)
        if length == NO_LENGTH:
            raise DecodeError("encrypted, bad length %02X" % buf[length_at], length_at)
        sc_at = length_at + (length >> 16)
        if length == MORE or sc_at >= end:
            raise DecodeError(_CUT_OFF, end)
        self._check_control(buf[sc_at], sc_at)
        text_at = sc_at + 5
        text_end = sc_at + (length & 0xFFFF)
        if text_end > end:
            raise DecodeError("encrypted telegram cut off", end)
        if buf[sc_at] & _AUTHENTICATED:
            text_end -= _TAG_OCTETS
        if text_end < text_at:
            raise DecodeError("encrypted telegram too short for its header", sc_at)
        if self._gcm is not None:
            self._check_keys(self._gcm, buf, sc_at, text_end, lines)
        return sc_at, text_end

    def _read_title(self, buf: bytearray, at: int, end: int) -> int:
        """Keep the system title whose length is at `at`, also in the nonce. Returns its end."""
        octets = buf[at] if at < end else 0
        if octets > _TITLE_OCTETS:
            raise DecodeError("encrypted, system title of %d octets" % octets, at)
        title_end = at + 1 + octets
        if title_end >= end:
            raise DecodeError(_CUT_OFF, end)
        self.system_title = title = bytes(buf[at + 1 : title_end])
        if self._gcm is not None:
            nonce = self._gcm.nonce
            for i in range(_TITLE_OCTETS):
                nonce[i] = title[i] if i < octets else 0
        return title_end

    def _check_control(self, control: int, sc_at: int) -> None:
        """Raise DecodeError if a telegram with this security control cannot be opened."""
        if self._gcm is None and (control & _ENCRYPTED or self._authenticates):
            title = "".join(["%02x" % octet for octet in self.system_title])
            header = "encrypted: system title %s, security control %02x" % (title, control)
            raise DecodeError(self._fault or header, sc_at, KEY)
        if control & _COMPRESSED:
            raise DecodeError("compressed telegrams are not supported", sc_at, DECRYPTION)
        if control & _SUITE > 1:
            reason = "security suite %d is not supported, only 0 and 1" % (control & _SUITE)
            raise DecodeError(reason, sc_at, DECRYPTION)
        if self._authenticates and not control & _AUTHENTICATED:
            reason = "no tag, but an authentication key is set: remove it if the meter has none"
            raise DecodeError(reason, sc_at, AUTHENTICATION)

    def _check_keys(
        self, gcm: "Gcm", buf: bytearray, sc_at: int, text_end: int, lines: bool
    ) -> None:
        """Raise DecodeError unless tag or keys fit the text after the header at sc_at."""
        text_at = sc_at + 5
        encrypted = buf[sc_at] & _ENCRYPTED
        gcm.nonce[_TITLE_OCTETS:] = buf[sc_at + 1 : text_at]
        gcm.begin()
        if self._authenticates:
            if not self._tag_fits(gcm, buf, sc_at, text_end):
                reason = "wrong encryption key, or damaged: the tag does not fit"
                if encrypted and self._key_fits(gcm, buf, text_at, text_end, lines):
                    reason = "wrong authentication key, or damaged: the encryption key fits"
                raise DecodeError(reason, text_end, AUTHENTICATION)
        elif encrypted and not self._key_fits(gcm, buf, text_at, text_end, lines):
            raise DecodeError("wrong encryption key: no telegram came out", text_at, DECRYPTION)

    def _tag_fits(self, gcm: "Gcm", buf: bytearray, sc_at: int, text_end: int) -> bool:
        """Whether the tag at buf[text_end] is that of SC, authentication key and text."""
        aad = self._aad
        aad[0] = buf[sc_at]
        text_at = sc_at + 5
        aad_octets = _AAD_OCTETS
        if not buf[sc_at] & _ENCRYPTED:
            # Clear text is the end of the AAD: its first 15 octets fill the second block.
            count = min(text_end - text_at, _BEGINNING - 1)
            for i in range(count):
                aad[_AAD_OCTETS + i] = buf[text_at + i]
            aad_octets += count
            text_at += count
        gcm.hash(aad, 0, aad_octets)
        gcm.hash(buf, text_at, text_end)
        text_octets = text_end - text_at
        if not buf[sc_at] & _ENCRYPTED:
            aad_octets += text_octets
            text_octets = 0
        return gcm.tag_fits(aad_octets, text_octets, buf, text_end, _TAG_OCTETS)

    def _key_fits(self, gcm: "Gcm", buf: bytearray, start: int, end: int, lines: bool) -> bool:
        """Whether the plaintext of buf[start:end] begins a telegram.

        That is a DataNotification or P1 text, or, if lines, P1 lines. One wrong key in 16,000
        passes by chance for the first, far fewer for the others.
        """
        text = self._beginning
        count = min(_BEGINNING, end - start)
        for i in range(count):
            text[i] = buf[start + i]
        gcm.crypt(text, 0, count)
        if count < 6:
            return False
        if not lines and text[0] == 0x0F:
            return text[5] in (0x00, 0x09, 0x0C, 0x19)  # the date-time, as han.items takes it
        if not lines and text[0] != 0x2F:  # "/"
            return False
        for octet in text[:count]:
            if not 0x20 <= octet <= 0x7E and octet != 0x0D and octet != 0x0A:
                return False
        return True
