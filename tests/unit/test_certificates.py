"""A certificate and its key, made by OpenSSL's library; damaged ones are refused with words."""

import binascii

import certificates
from web.forms import certificates as form

# O=Test, CN=Home CA, signed by itself; from 2026-01-01 to 2050-01-01; a CA; names broker.home and
# 10.0.0.2; a key on P-256, in the form of RFC 5958.
CERTIFICATE = bytes.fromhex(
    "308201653082010aa003020102020107300a06082a8648ce3d0403023021310d300b060355040a0c04546573"
    "743110300e06035504030c07486f6d652043413020170d3236303130313030303030305a180f323035303031"
    "30313030303030305a3021310d300b060355040a0c04546573743110300e06035504030c07486f6d65204341"
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004dc6c7f022b4f2796e8bc9ea532b773bab5"
    "14352829efa845dff39524876162364f8665de55fa99e32afa1add56f97c6d52f7660d55ec7d7f15b14537cc"
    "c8a8b1a331302f300f0603551d130101ff040530030101ff301c0603551d1104153013820b62726f6b65722e"
    "686f6d6587040a000002300a06082a8648ce3d0403020349003046022100a23a7e20790dbd6e425aa5696444"
    "b6f6b7ac48c065c783c011064ac2255c8ace022100fae3709a3ebcca54a7ce8b35b2b7a997306b5b2c3f8443"
    "25d903a0183184ab16"
)
KEY = bytes.fromhex(
    "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02010104205b2145b2143f796d"
    "1895a363c5542a6edfb226e477aa3734bb0cbcbc9416b1f9a14403420004dc6c7f022b4f2796e8bc9ea532b7"
    "73bab514352829efa845dff39524876162364f8665de55fa99e32afa1add56f97c6d52f7660d55ec7d7f15b1"
    "4537ccc8a8b1"
)
SHA256 = "d2a49197ce7d7be81b5e4c5bf9ead08227e2d7c77c410c6eb8d2637447ef33db"


def pem(der, label):
    lines = ["-----BEGIN %s-----" % label]
    for at in range(0, len(der), 48):
        lines.append(binascii.b2a_base64(der[at : at + 48]).decode().strip())
    lines.append("-----END %s-----" % label)
    return "\r\n".join(lines).encode()


def refused(octets, kind=certificates.CERTIFICATE):
    """The words with which a file is refused."""
    try:
        for der in certificates.ders(octets, kind):
            if kind == certificates.KEY:
                certificates.private_key(der)
            else:
                certificates.Certificate(der)
    except ValueError as e:
        return str(e)
    return ""


def test_what_is_no_form_is_not_taken_for_one_without_a_file():
    part = b'Content-Disposition: form-data; name="%s"; filename="ca.pem"\r\n\r\n%s\r\n--x'
    for name, content, expected in (
        (b"file", b"octets", b"octets"),
        (b"file", b"", b""),
        (b"other", b"octets", b""),
    ):
        body = b"--x\r\n" + part % (name, content) + b"--\r\n"
        assert form._field(bytearray(body)) == expected, name
    for body in (b"--x--", b"--x--\r\n"):  # a form without a part
        assert form._field(bytearray(body)) == b""
    for body in (b"--", b"-- a note\n" + pem(CERTIFICATE, "CERTIFICATE"), b"--x\r\n"):
        try:
            form._field(bytearray(body))
            raise AssertionError(body)
        except ValueError as e:
            assert "form" in str(e)


def test_a_certificate_is_read_from_der_and_from_pem():
    text = b"text\n" + pem(CERTIFICATE, "X509 CERTIFICATE")
    for octets in (CERTIFICATE, pem(CERTIFICATE, "CERTIFICATE"), text):
        assert certificates.ders(octets, certificates.CERTIFICATE) == [CERTIFICATE]
    found = certificates.Certificate(CERTIFICATE)
    assert found.subject == found.issuer == "O=Test, CN=Home CA"
    assert (found.begin, found.end) == (1767225600, 2524608000)
    assert found.is_ca and found.names == ["broker.home", "10.0.0.2"]
    assert found.sha256 == SHA256
    assert found.key[:2] == ("EC", "P-256") and found.key[2][:5] == b"\x04\xdc\x6c\x7f\x02"


def test_a_key_is_that_of_its_certificate():
    for octets in (KEY, pem(KEY, "PRIVATE KEY")):
        assert certificates.ders(octets, certificates.KEY) == [KEY]
    assert certificates.private_key(KEY) == certificates.Certificate(CERTIFICATE).key


def test_other_files_are_refused_with_words():
    assert "neither DER nor PEM" in refused(b"")
    assert "no line says BEGIN CERTIFICATE" in refused(pem(KEY, "PRIVATE KEY"))
    assert "has a password" in refused(pem(KEY, "ENCRYPTED PRIVATE KEY"), certificates.KEY)
    assert "does not end" in refused(pem(CERTIFICATE, "CERTIFICATE")[:200])
    assert "not base64" in refused(pem(CERTIFICATE, "CERTIFICATE").replace(b"MII", b"M!I"))
    assert "damaged" in refused(b"\x30\x80" + CERTIFICATE[2:])  # a length that is not definite
    assert "damaged" in refused(b"\x30\x84\x00\x00" + CERTIFICATE[2:])  # one in too many octets
    assert "damaged" in refused(KEY) and "damaged" in refused(CERTIFICATE, certificates.KEY)


def test_a_file_that_is_cut_off_is_refused_wherever_it_ends():
    for end in range(1, len(CERTIFICATE)):
        assert refused(CERTIFICATE[:end]), end
    for end in range(1, len(KEY)):
        assert refused(KEY[:end], certificates.KEY), end


def test_a_changed_file_raises_nothing_but_words():
    for octets, kind in ((CERTIFICATE, certificates.CERTIFICATE), (KEY, certificates.KEY)):
        for at in range(len(octets)):
            changed = bytearray(octets)
            for value in (0x00, 0x7F, 0xFF, octets[at] ^ 1):
                changed[at] = value
                refused(bytes(changed), kind)
