"""Ciphered APDUs: header read, tag checked, decrypted in place.

In       buffer and span of an APDU; the owner's keys
Out      (start, end) of the plaintext within the same buffer
Wire     DB or DC | n | system title n | length | SC | IC 4 | text | tag 12, if SC says so
         P1 of Elgama and Kaifa for Stoen: the same from n on, after the ident and an empty line
         length counts SC to the end; 00..7F or 81..84 and so many octets, not always the fewest
Limits   system titles to 8 octets, zeros after shorter ones; suites 0 and 1 (AES-128); buf is
         changed only in the span handed out, and not at all when DecodeError is raised
Errors   AUTHENTICATION: the tag does not fit or is missing although a key for it is set
         DECRYPTION: without a check of the tag, what came out is no telegram; suite 2, compression
         KEY: no encryption key is set, or the set ones cannot be used
         PARSE: header or text cut off; UNKNOWN_DATA: not a ciphered APDU
Source   DLMS Green Book (general-glo-ciphering, security header); captures of both forms
Seen     SC 20: Sagemcom, Kaifa (Netz NÖ), Iskra (KELAG). 21: Kaifa (TINETZ, Salzburg).
         30: Kamstrup, Landis+Gyr, Iskra (SI), encrypted P1

An authentication key makes the tag compulsory: a telegram that says it has none is refused, else
one changed bit of SC would switch the check off.
"""

from micropython import const

from han.fields import AUTHENTICATION, DECRYPTION, KEY, UNKNOWN_DATA, DecodeError
from han.native import MORE, NO_LENGTH, axdr_length

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
_HEAD = const(16)  # octets that are looked at to tell a right key from a wrong one
_TITLES = const(4)  # meters whose last invocation counter is kept

_CUT_OFF = "encrypted, header cut off"


class Cipher:
    """The keys of one line, and what its telegrams say about themselves.

    system_title        of the last telegram, None before one
    security_control    of the last telegram
    invocation_counter  of the last telegram that was decrypted, None before one
    counter_fell        how often it was below that meter's one before: a meter was reset, or
                        somebody plays old telegrams back. Equal ones do not count, as meters
                        exist that always send 0
    """

    def __init__(
        self,
        key: "bytes | None",
        auth_key: "bytes | None",
        aes: "Callable[[bytes], Aes] | None",
    ) -> None:
        """Keys of 16 octets; an authentication key of zeros counts as None.

        aes  gives an AES object in ECB mode for a key; None is enough without a key. If it fails,
             or a key has another length, every telegram says so: nothing is raised here.
        """
        self.system_title: "bytes | None" = None
        self.security_control = 0
        self.invocation_counter: "int | None" = None
        self.counter_fell = 0
        self._counters: "dict[bytes, int]" = {}
        self._gcm: "Gcm | None" = None
        self._fault = ""
        self._authenticates = auth_key is not None and any(auth_key)
        self._aad = bytearray(_AAD_OCTETS + _HEAD - 1)
        self._head = bytearray(_HEAD)
        if key is None or aes is None:
            return
        if len(key) != _KEY_OCTETS:
            self._fault = "the encryption key has %d octets, not 16" % len(key)
        elif auth_key and self._authenticates and len(auth_key) != _KEY_OCTETS:
            self._fault = "the authentication key has %d octets, not 16" % len(auth_key)
        else:
            from han.gcm import Gcm  # not needed without a key

            if auth_key and self._authenticates:
                self._aad[1:_AAD_OCTETS] = auth_key
            try:
                self._gcm = Gcm(aes(key))
            except Exception as e:  # which ones an AES driver raises is not written anywhere
                self._fault = "the encryption key cannot be used: %r" % e

    def decipher(self, buf: bytearray, start: int, end: int) -> "tuple[int, int]":
        """Decrypt the general-glo- or general-ded-ciphering APDU in buf[start:end].

        Octets after the APDU are left alone. Raises DecodeError.
        """
        if start >= end:
            raise DecodeError(_CUT_OFF, start)
        if buf[start] != _GENERAL_GLO_CIPHERING and buf[start] != _GENERAL_DED_CIPHERING:
            raise DecodeError("not a ciphered APDU", start, UNKNOWN_DATA)
        return self._open(buf, start + 1, end, False)

    def decipher_p1(self, buf: bytearray, start: int, end: int) -> "tuple[int, int]":
        """Decrypt a P1 telegram whose ident is clear. The plaintext is its data lines alone.

        start  the octet after the empty line: the length of the system title, mostly 0
        end    the octet after the telegram or any later one. Raises DecodeError.
        """
        return self._open(buf, start, end, True)

    def _open(self, buf: bytearray, at: int, end: int, lines: bool) -> "tuple[int, int]":
        """at: the length of the system title. lines: a telegram's lines are expected."""
        length_at = self._read_title(buf, at, end)
        length = axdr_length(buf, length_at, end)
        if length == NO_LENGTH:
            raise DecodeError("encrypted, bad length %02X" % buf[length_at], length_at)
        sc_at = length_at + (length >> 16)
        if length == MORE or sc_at >= end:
            raise DecodeError(_CUT_OFF, end)
        self.security_control = buf[sc_at]
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
            self._unlock(self._gcm, buf, sc_at, text_end, lines)
        self._count(int.from_bytes(buf[sc_at + 1 : text_at], "big"))
        return text_at, text_end

    def _read_title(self, buf: bytearray, at: int, end: int) -> int:
        """Keep the system title whose length is at `at`, also in the nonce. Returns its end."""
        octets = buf[at] if at < end else 0
        if octets > _TITLE_OCTETS:
            raise DecodeError("encrypted, system title of %d octets" % octets, at)
        title_end = at + 1 + octets
        if title_end >= end:
            raise DecodeError(_CUT_OFF, end)
        title = bytes(buf[at + 1 : title_end])
        self.system_title = title
        if self._gcm is not None:
            nonce = self._gcm.nonce
            for i in range(_TITLE_OCTETS):
                nonce[i] = title[i] if i < octets else 0
        return title_end

    def _check_control(self, control: int, sc_at: int) -> None:
        """Raise DecodeError if a telegram with this security control cannot be opened."""
        if self._gcm is None and (control & _ENCRYPTED or self._authenticates):
            title = "".join(["%02x" % octet for octet in self.system_title or b""])
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

    def _unlock(self, gcm: "Gcm", buf: bytearray, sc_at: int, text_end: int, lines: bool) -> None:
        """Check the text after the header at sc_at and decrypt it, or raise DecodeError."""
        text_at = sc_at + 5
        encrypted = buf[sc_at] & _ENCRYPTED
        gcm.nonce[_TITLE_OCTETS:] = buf[sc_at + 1 : text_at]
        gcm.begin()
        if self._authenticates:
            if not self._tag_fits(gcm, buf, sc_at, text_end):
                reason = "wrong encryption key, or damaged: the tag does not fit"
                if encrypted and self._fits(gcm, buf, text_at, text_end, lines):
                    reason = "wrong authentication key, or damaged: the encryption key fits"
                raise DecodeError(reason, text_end, AUTHENTICATION)
        elif encrypted and not self._fits(gcm, buf, text_at, text_end, lines):
            raise DecodeError("wrong encryption key: no telegram came out", text_at, DECRYPTION)
        if encrypted:
            gcm.crypt(buf, text_at, text_end)

    def _tag_fits(self, gcm: "Gcm", buf: bytearray, sc_at: int, text_end: int) -> bool:
        """Whether the tag at buf[text_end] is that of SC, authentication key and text."""
        aad = self._aad
        aad[0] = buf[sc_at]
        text_at = sc_at + 5
        aad_octets = _AAD_OCTETS
        if not buf[sc_at] & _ENCRYPTED:
            # Clear text is the end of the AAD: its first 15 octets fill the second block.
            head = min(text_end - text_at, _HEAD - 1)
            for i in range(head):
                aad[_AAD_OCTETS + i] = buf[text_at + i]
            aad_octets += head
            text_at += head
        gcm.hash(aad, 0, aad_octets)
        gcm.hash(buf, text_at, text_end)
        text_octets = text_end - text_at
        if not buf[sc_at] & _ENCRYPTED:
            aad_octets += text_octets
            text_octets = 0
        return gcm.tag_fits(aad_octets, text_octets, buf, text_end, _TAG_OCTETS)

    def _fits(self, gcm: "Gcm", buf: bytearray, start: int, end: int, lines: bool) -> bool:
        """Whether the encryption key makes the beginning of a telegram of buf[start:end]."""
        head = self._head
        count = min(_HEAD, end - start)
        for i in range(count):
            head[i] = buf[start + i]
        gcm.crypt(head, 0, count)
        return _begins_telegram(head, count, lines)

    def _count(self, counter: int) -> None:
        """Compare with the meter's counter before, and keep this one."""
        counters = self._counters
        title = self.system_title or b""
        before = counters.get(title)
        if before is None and len(counters) >= _TITLES:
            counters.clear()
        if before is not None and counter < before:
            self.counter_fell += 1
        counters[title] = counter
        self.invocation_counter = counter


def _begins_telegram(head: bytearray, count: int, lines: bool) -> bool:
    """Whether head[:count] begins a DataNotification, a P1 telegram or, if lines, its lines.

    Chance passes one wrong key in 16,000 for the first, far fewer for the others.
    """
    if count < 6:
        return False
    if not lines and head[0] == 0x0F:
        return head[5] in (0x00, 0x09, 0x0C, 0x19)  # as han.lists takes the date-time
    if not lines and head[0] != 0x2F:  # "/"
        return False
    for octet in head[:count]:
        if not 0x20 <= octet <= 0x7E and octet != 0x0D and octet != 0x0A:
            return False
    return True
