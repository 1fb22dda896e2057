import micropython
from ecb import aes
from han import fields
from han.cipher import Cipher
from han.fields import DecodeError
from han.gcm import Gcm
from schema import parse_key

# The cases that D. McGrew and J. Viega print with GCM: key, IV, AAD, plaintext, ciphertext, tag.
PLAIN_60 = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
TEXT_60 = (
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
    "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
)
KEY_3, IV_3 = "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888"
AAD_4 = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
TEXT_2, TAG_2 = "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf"
TAG_3, TAG_4 = "4d5c2af327cd64a62cf35abd2ba6fab4", "5bc94fbc3221a5db94fae95ae7121a47"
MCGREW = (
    ("00" * 16, "00" * 12, "", "", "", "58e2fccefa7e3061367f1d57a4e7455a"),
    ("00" * 16, "00" * 12, "", "00" * 16, TEXT_2, TAG_2),
    (KEY_3, IV_3, "", PLAIN_60 + "1aafd255", TEXT_60 + "473f5985", TAG_3),
    (KEY_3, IV_3, AAD_4, PLAIN_60, TEXT_60, TAG_4),
)

# Keys and example of the DLMS Green Book; the others were made by tools/encoders/gcm.py.
KEY = bytes(range(16))
AUTH_KEY = bytes(range(0xD0, 0xE0))
TITLE = b"TST\x01\x02\x03\x04\x05"
PLAIN = "0f400000000c07ea0b17010c1e00ff80008002020a0a48414e5f746573742d310600001015"
CIPHERED = "e25855fcdb124587607c08b30b8921178a4b4d74ff534d16a642ab7fdc56f1500901db2fbc"
SC_30 = "3000000107" + CIPHERED + "fe1b5b4118a3dc8f314a861e"
SC_31 = "3100000107" + CIPHERED + "266503ba8c01a4a5c26506ef"
SC_70 = "7000000107" + CIPHERED + "b18d65a4303dd633faaaba64"
SC_20 = "2000000107" + CIPHERED
SC_21 = "2100000107" + CIPHERED
SC_10 = "1000000107" + PLAIN + "f70652322002243d6961fe37"
COUNTER_4 = (
    "300000000447aabf40dad9b81b3fde6e6cac5657acb87026d3ee2d3d60c7ed07d631df05c8034b"
    "0784b128e8591f396313214cf7d9c8"
)
COUNTER_5 = (
    "3000000005c9a78870488d03dda1fda10714f949ff3a34f23745d1eeee1b83070627b277e05cfe"
    "480df975cdaa55b7db4da97c0e7bbc"
)
NO_TITLE = (  # invocation counter 0
    "db00363000000000469687539997a166e89e7b647e814f1db92d292c3e608a791e02423befc3d1"
    "673663b6cf1fc5e31893e07ec5527d3fe227"
)
TITLE_KAM = (  # invocation counter 5
    "db034b414d3630000000050a6daabcfc3a7a3f9dfcf61f2733265e01ea082cecdcac8cd2a7ad2a"
    "792de1c4a453f7eadde88dedd773ca90193ccc0cd4"
)
P1_WHOLE = (
    "db085453540102030405353000000009fa2f602398a9b6ca2210491a4843b7810049c5d26fb2d9"
    "70d5ad69b64709bc782f43645e7c7d1f7e9565cb92524155f6"
)
P1_CLEAR_IDENT = (
    "2f54535435544553540d0a0d0a00820041300000000079fbb769a8b596a2d3a1485e51b082ae88"
    "9f1b1e045a95115d570773ac8dcd78074d86f73a1cf584b4257bb99140dcb53cb5e49392dcab8a"
    "21e7861e21414341320d0a"
)
P1_AT = 13  # after "/TST5TEST", CR LF, CR LF


def octets(text):
    return bytearray([int(text[i : i + 2], 16) for i in range(0, len(text), 2)])


def wrap(content, length=None, tag=0xDB):
    """An APDU with the title above and the content, in hex from SC on; length: its octets."""
    content = octets(content)
    return bytearray([tag, 8]) + TITLE + (length or bytes([len(content)])) + content


def opened(apdu, auth_key=AUTH_KEY, key=KEY):
    """The plaintext in hex. Other octets stand before and after the APDU."""
    return taken(Cipher(key, auth_key, aes), apdu)


def taken(cipher, apdu):
    buf = bytearray(b"\x5a\xa5\x5a") + apdu + b"\xc3\x3c"
    start, end = cipher.decipher(buf, 3, 3 + len(apdu))
    assert buf[:start] == (b"\x5a\xa5\x5a" + apdu)[:start]
    assert buf[end:] == (b"\x5a\xa5\x5a" + apdu + b"\xc3\x3c")[end:]
    return "".join(["%02x" % octet for octet in buf[start:end]])


def last_counter(cipher):
    """The invocation counter kept of the last telegram's meter."""
    return cipher._counters.get(cipher.system_title)


def refused(apdu, auth_key=AUTH_KEY, key=KEY):
    """(code, reason, offset) of the error that must be raised. The buffer must not change."""
    buf = bytearray(apdu)
    try:
        Cipher(key, auth_key, aes).decipher(buf, 0, len(buf))
    except DecodeError as e:
        assert buf == apdu
        assert 0 <= e.offset <= len(apdu)
        return e.code, e.reason, e.offset
    raise AssertionError("decrypted")


def gcm_of(case):
    """A Gcm that has hashed the case's AAD and ciphertext, and the case's buffers."""
    key, iv, aad, _, text, tag = [octets(part) for part in case]
    gcm = Gcm(aes(bytes(key)))
    gcm.nonce[:] = iv
    gcm.begin()
    gcm.hash(aad, 0, len(aad))
    gcm.hash(text, 0, len(text))
    return gcm, aad, text, tag


def test_printed_cases():
    for case in MCGREW:
        gcm, aad, text, tag = gcm_of(case)
        assert gcm.tag_fits(len(aad), len(text), tag, 0, 16)
        gcm.crypt(text, 0, len(text))
        assert text == octets(case[3])


def test_printed_cases_with_each_bit_of_the_tag_changed():
    for case in MCGREW:
        for bit in range(128):
            gcm, aad, text, tag = gcm_of(case)
            tag[bit >> 3] ^= 1 << (bit & 7)
            fits = gcm.tag_fits(len(aad), len(text), tag, 0, 12)
            assert fits == (bit >= 96)  # only the first 12 octets were asked about


def test_one_gcm_serves_one_message_after_another():
    gcm, aad, text, tag = gcm_of(MCGREW[3])
    for _ in range(3):
        gcm.begin()
        gcm.hash(aad, 0, len(aad))
        gcm.hash(text, 0, len(text))
        assert gcm.tag_fits(len(aad), len(text), tag, 0, 16)
        head = text[:16]
        gcm.crypt(head, 0, 16)
        assert head == octets(PLAIN_60)[:16]
        whole = text[:]
        gcm.crypt(whole, 0, 60)
        assert whole == octets(PLAIN_60)


def test_key_stream_of_a_long_text():
    # 281 blocks: the text's first is number 2, and the number outgrows one octet.
    gcm = Gcm(aes(KEY))
    gcm.nonce[:] = nonce = b"nonce of 12."
    gcm.begin()
    text = bytearray(4500)
    gcm.crypt(text, 3, 4497)
    expected = bytearray(16)
    at = 3
    for number in range(2, 2 + 281):
        expected[:] = nonce + bytes((0, 0, number >> 8, number & 0xFF))
        aes(KEY).encrypt(expected, expected)
        count = min(16, 4497 - at)
        assert text[at : at + count] == expected[:count]
        at += count
    assert at == 4497 and text[:3] == text[4497:] == bytes(3)


def test_messages_allocate_nothing():
    gcm, aad, text, tag = gcm_of(MCGREW[3])
    long = bytearray(700)
    micropython.heap_lock()
    try:
        gcm.begin()
        gcm.hash(aad, 0, 20)
        gcm.hash(text, 0, 60)
        fits = gcm.tag_fits(20, 60, tag, 0, 16)
        gcm.crypt(long, 0, 700)
    finally:
        micropython.heap_unlock()
    assert fits


def test_example_of_the_green_book():
    text = "3001234567" + "411312ff935a47566827c467bc" + "7d825c3be4a77c3fcc056b6b"
    head = b"\xdb\x08\x4d\x4d\x4d\x00\x00\xbc\x61\x4e\x1e"
    cipher = Cipher(KEY, AUTH_KEY, aes)
    assert taken(cipher, head + octets(text)) == "c0010000080000010000ff0200"
    assert cipher.system_title == head[2:10]
    assert last_counter(cipher) == 0x01234567
    # It is no telegram of a push, so without a check of the tag it could as well be noise.
    assert refused(head + octets(text), None)[0] == fields.DECRYPTION


def test_each_security_control():
    for content in (SC_30, SC_31, SC_70, SC_10):
        assert opened(wrap(content)) == PLAIN
        assert opened(wrap(content), None) == PLAIN
        assert opened(wrap(content), bytes(16)) == PLAIN
    for content in (SC_20, SC_21):
        assert opened(wrap(content), None) == PLAIN
        assert opened(wrap(content), bytes(16)) == PLAIN
    assert opened(wrap(SC_30, tag=0xDC)) == PLAIN
    assert opened(wrap("0000000107" + PLAIN), None) == PLAIN


def test_each_form_of_the_length():
    n = len(SC_30) // 2
    for length in ((n,), (0x81, n), (0x82, 0, n), (0x83, 0, 0, n), (0x84, 0, 0, 0, n)):
        assert opened(wrap(SC_30, bytes(length))) == PLAIN
    assert opened(wrap(SC_30) + b"more") == PLAIN
    for length in ((0x80,), (0x85, 0, 0, 0, 0, n), (0xFF, n)):
        code, reason, offset = refused(wrap(SC_30, bytes(length)))
        assert (code, reason[:21], offset) == (fields.PARSE, "encrypted, bad length", 10)
    for length in ((n + 1,), (0x82, 1, 0), (0x84, 0xFF, 0xFF, 0xFF, 0xFF)):
        assert refused(wrap(SC_30, bytes(length)))[1] == "encrypted telegram cut off"
    for n in range(17):
        code, reason, _ = refused(wrap(SC_30, bytes((n,))))
        assert (code, reason) == (fields.PARSE, "encrypted telegram too short for its header")


def test_system_titles_below_eight_octets():
    assert opened(octets(NO_TITLE)) == PLAIN
    assert opened(octets(TITLE_KAM)) == PLAIN
    code, reason, offset = refused(b"\xdb\x09" + octets(NO_TITLE)[2:])
    assert (code, reason, offset) == (fields.PARSE, "encrypted, system title of 9 octets", 1)


def test_p1_telegrams():
    whole = "/TST5TEST\r\n\r\n1-0:1.7.0(00.417*kW)\r\n!"
    lines = "0-0:1.0.0(261123120000W)\r\n1-0:1.7.0(00.417*kW)\r\n"
    for auth_key in (AUTH_KEY, None):
        assert octets(opened(octets(P1_WHOLE), auth_key)) == whole.encode()
        buf = octets(P1_CLEAR_IDENT)
        start, end = Cipher(KEY, auth_key, aes).decipher(buf, P1_AT, len(buf), True)
        assert buf[start:end] == lines.encode()
        assert buf[end + 12 :] == b"!ACA2\r\n"


def test_p1_lines_with_other_keys():
    def code_of(key, auth_key):
        buf = octets(P1_CLEAR_IDENT)
        try:
            Cipher(key, auth_key, aes).decipher(buf, P1_AT, len(buf), True)
        except DecodeError as e:
            assert buf == octets(P1_CLEAR_IDENT)
            return e.code, e.reason
        raise AssertionError("decrypted")

    assert code_of(AUTH_KEY, None) == (
        fields.DECRYPTION,
        "wrong encryption key: no telegram came out",
    )
    assert code_of(KEY, KEY) == (
        fields.AUTHENTICATION,
        "wrong authentication key, or damaged: the encryption key fits",
    )
    header = "encrypted: system title , security control 30"
    assert code_of(None, None) == (fields.KEY, header)


def test_without_a_key_the_header_is_reported():
    expected = "encrypted: system title 5453540102030405, security control "
    for content in (SC_30, SC_31, SC_20):
        cipher = Cipher(None, None, aes)
        try:
            cipher.decipher(wrap(content), 0, len(wrap(content)))
            raise AssertionError("decrypted")
        except DecodeError as e:
            assert (e.code, e.reason) == (fields.KEY, expected + content[:2])
        assert cipher.system_title == TITLE
        assert last_counter(cipher) is None
    # An authentication key alone opens nothing, not even clear text: the tag needs both keys.
    assert refused(wrap(SC_10), AUTH_KEY, None)[0] == fields.KEY
    assert opened(wrap(SC_10), None, None) == PLAIN
    # The header alone decides; the text may be missing.
    assert refused(wrap(SC_30)[:12], None, None)[1] == expected + "30"
    for n in range(11):
        assert refused(wrap(SC_30)[: n + 1], None, None)[1] == "encrypted, header cut off"


def test_keys_that_cannot_be_used():
    def failing(key):
        raise ValueError("no such cipher")

    def reason_of(cipher):
        try:
            cipher.decipher(wrap(SC_30), 0, len(wrap(SC_30)))
        except DecodeError as e:
            assert e.code == fields.KEY
            return e.reason
        raise AssertionError("decrypted")

    assert reason_of(Cipher(KEY[:15], None, aes)) == "the encryption key has 15 octets, not 16"
    assert reason_of(Cipher(KEY, KEY + KEY, aes)) == "the authentication key has 32 octets, not 16"
    reason = reason_of(Cipher(KEY, AUTH_KEY, failing))
    assert reason.startswith("the encryption key cannot be used: ValueError('no such cipher'")


def test_unsupported_forms_are_errors_with_a_reason():
    for control in (0xB0, 0xA0, 0x90, 0x80):
        code, reason, offset = refused(wrap("%02x" % control + SC_30[2:]))
        assert code == fields.DECRYPTION and offset == 11
        assert reason == "compressed telegrams are not supported"
    for suite in (2, 3, 15):
        for auth_key in (AUTH_KEY, None):
            code, reason, _ = refused(wrap("%02x" % (0x30 | suite) + SC_30[2:]), auth_key)
            assert code == fields.DECRYPTION
            assert reason == "security suite %d is not supported, only 0 and 1" % suite
    assert refused(octets("0f" + SC_30))[0] == fields.UNKNOWN_DATA
    assert refused(b"")[0] == fields.PARSE


def test_a_wrong_key_is_named_in_the_error():
    other = bytes(16 * [7])
    right = "wrong authentication key, or damaged: the encryption key fits"
    wrong = "wrong encryption key, or damaged: the tag does not fit"
    assert refused(wrap(SC_30), other)[:2] == (fields.AUTHENTICATION, right)
    assert refused(wrap(SC_30), AUTH_KEY, other)[:2] == (fields.AUTHENTICATION, wrong)
    assert refused(wrap(SC_30), other, other)[:2] == (fields.AUTHENTICATION, wrong)
    assert refused(wrap(SC_10), other)[:2] == (fields.AUTHENTICATION, wrong)
    for content in (SC_20, SC_30):
        code, reason, _ = refused(wrap(content), None, other)
        assert code == fields.DECRYPTION
        assert reason == "wrong encryption key: no telegram came out"


def test_without_a_tag_the_beginning_must_be_a_telegram():
    # In counter mode a bit changed in the text is changed in the plaintext: octet 0 is 0F, the
    # length of the date-time is octet 5, 0C.
    def code_with(at, value):
        text = wrap(SC_20)
        text[16 + at] ^= value
        buf = text[:]
        try:
            Cipher(KEY, None, aes).decipher(buf, 0, len(buf))
        except DecodeError as e:
            assert buf == text
            return e.code
        return fields.OK

    for value in range(256):
        known = value ^ 0x0C in (0x00, 0x09, 0x0C, 0x19)
        assert code_with(5, value) == (fields.OK if known else fields.DECRYPTION)
        assert code_with(0, value) == (fields.DECRYPTION if value else fields.OK)
    short = wrap("2000000107" + CIPHERED[:10])
    assert refused(short, None)[0] == fields.DECRYPTION


def test_an_authentication_key_demands_a_tag():
    for content in (SC_20, SC_21, "0000000107" + PLAIN):
        code, reason, _ = refused(wrap(content))
        assert code == fields.AUTHENTICATION
        assert reason.startswith("no tag, but an authentication key is set")


def test_no_changed_bit_gets_through():
    for content in (SC_30, SC_31, SC_70, SC_10):
        good = wrap(content)
        assert opened(good) == PLAIN
        for at in range(len(good)):
            for bit in range(8):
                bad = good[:]
                bad[at] ^= 1 << bit
                code = refused(bad)[0]
                # Title, SC, counter, text and tag; a damaged length may find the end too early.
                if 2 <= at < 10 or at > 10:
                    assert code in (fields.AUTHENTICATION, fields.DECRYPTION)
        for bit in range(128):
            flip = bytes([1 << (bit & 7) if i == bit >> 3 else 0 for i in range(16)])
            key = bytes([KEY[i] ^ flip[i] for i in range(16)])
            assert refused(good, AUTH_KEY, key)[0] == fields.AUTHENTICATION
            if content != SC_10:
                assert refused(good, None, key)[0] == fields.DECRYPTION
            auth_key = bytes([AUTH_KEY[i] ^ flip[i] for i in range(16)])
            assert refused(good, auth_key)[0] == fields.AUTHENTICATION


def test_every_truncation_is_an_error():
    for apdu in (wrap(SC_30), wrap(SC_20), wrap(SC_10), octets(NO_TITLE)):
        for n in range(len(apdu)):
            assert refused(apdu[:n], None)[0] == fields.PARSE
            assert refused(apdu[:n])[0] in (fields.PARSE, fields.AUTHENTICATION)


def test_falling_counters_are_counted_not_refused():
    cipher = Cipher(KEY, AUTH_KEY, aes)
    assert taken(cipher, wrap(COUNTER_5)) == PLAIN
    assert taken(cipher, wrap(COUNTER_5)) == PLAIN
    assert (cipher.counter_fell, last_counter(cipher)) == (0, 5)
    assert taken(cipher, wrap(COUNTER_4)) == PLAIN
    assert (cipher.counter_fell, last_counter(cipher)) == (1, 4)
    assert taken(cipher, wrap(SC_30)) == PLAIN
    assert (cipher.counter_fell, last_counter(cipher)) == (1, 0x107)
    # Another meter has its own count; one that always sends 0 does not fall.
    for _ in range(3):
        assert taken(cipher, octets(NO_TITLE)) == PLAIN
        assert (cipher.counter_fell, last_counter(cipher)) == (1, 0)
        assert cipher.system_title == b""
    assert taken(cipher, wrap(COUNTER_4)) == PLAIN
    assert cipher.counter_fell == 2


def test_a_refused_telegram_does_not_change_the_counter():
    cipher = Cipher(KEY, AUTH_KEY, aes)
    taken(cipher, wrap(SC_30))
    bad = wrap(COUNTER_4)
    bad[-1] ^= 1
    try:
        cipher.decipher(bad, 0, len(bad))
        raise AssertionError("decrypted")
    except DecodeError:
        pass
    assert (cipher.counter_fell, last_counter(cipher)) == (0, 0x107)


def test_keys_as_owners_type_them():
    assert parse_key("") is None
    assert parse_key("  ") is None
    for text in (
        "000102030405060708090a0b0c0d0e0f",
        " 000102030405060708090A0B0C0D0E0F\n",
        "0x000102030405060708090a0b0c0d0e0f",
        "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f",
        "00010203-04050607-08090a0b-0c0d0e0f",
    ):
        assert parse_key(text) == KEY
    assert parse_key("sixteen letters!") == b"sixteen letters!"
    assert parse_key("0123456789abcdef") == b"0123456789abcdef"
    assert parse_key("00" * 16) == bytes(16)


def test_keys_that_are_none():
    def complaint(text):
        try:
            parse_key(text)
        except ValueError as e:
            return str(e)
        raise AssertionError("accepted")

    assert complaint("00" * 15) == "a key has 32 digits (0-9, A-F) or 16 characters: not 30"
    assert complaint("0" * 33) == "a key has 32 digits (0-9, A-F) or 16 characters: not 33"
    assert complaint("0" * 31 + "O") == "a key has digits 0-9 and letters A-F: not O"
    assert complaint("sixteen letters\u00e9") == (
        "a key of 16 characters has no letters such as \u00e9"
    )
