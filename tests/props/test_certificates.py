"""certificates.py against `cryptography`, which makes and reads the same files."""

import datetime
import ipaddress
import random

import certificates
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from tools.authority import Authority, key_der, key_pem

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM
CA = Authority("Home: Æ, Ø & Å")
RSA = rsa.generate_private_key(65537, 2048)
KEYS = {
    "P-256": ec.generate_private_key(ec.SECP256R1()),
    "P-384": ec.generate_private_key(ec.SECP384R1()),
    "P-521": ec.generate_private_key(ec.SECP521R1()),
    "2048 bits": RSA,
    "3072 bits": rsa.generate_private_key(65537, 3072),
}


def public(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        modulus = key.public_key().public_numbers().n
        return modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_key().public_bytes(serialization.Encoding.X962, form)


@pytest.mark.parametrize("what", KEYS)
def test_a_certificate_says_what_cryptography_says(what: str) -> None:
    key = KEYS[what]
    made = CA.sign("broker.home", key, names=["broker.home", "10.0.0.2"])
    [der] = certificates.ders(made.public_bytes(PEM), certificates.CERTIFICATE)
    assert der == made.public_bytes(DER)
    assert certificates.ders(der, certificates.CERTIFICATE) == [der]
    found = certificates.Certificate(der)
    assert found.subject == "O=Test, CN=broker.home"
    assert found.issuer == "O=Test, CN=Home: Æ, Ø & Å"
    assert EPOCH + datetime.timedelta(seconds=found.begin) == made.not_valid_before_utc
    assert EPOCH + datetime.timedelta(seconds=found.end) == made.not_valid_after_utc
    assert found.sha256 == made.fingerprint(hashes.SHA256()).hex()
    assert found.names == ["broker.home", "10.0.0.2"]
    assert not found.is_ca
    assert found.key == ("EC" if what.startswith("P-") else "RSA", what, public(key))
    assert certificates.Certificate(CA.certificate.public_bytes(DER)).is_ca


@pytest.mark.parametrize("what", KEYS)
@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
def test_a_key_in_each_form_is_known(what: str, form: str) -> None:
    key = KEYS[what]
    shape = getattr(serialization.PrivateFormat, form)
    nothing = serialization.NoEncryption()
    expected = ("EC" if what.startswith("P-") else "RSA", what, public(key))
    for encoding in (PEM, DER):
        [der] = certificates.ders(key.private_bytes(encoding, shape, nothing), certificates.KEY)
        assert certificates.private_key(der) == expected
        assert der == key.private_bytes(DER, shape, nothing)


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
def test_a_key_with_a_password_or_of_another_kind_is_refused_with_words(form: str) -> None:
    shape = getattr(serialization.PrivateFormat, form)
    locked = serialization.BestAvailableEncryption(b"secret")
    text = RSA.private_bytes(PEM, shape, locked)
    with pytest.raises(ValueError, match="has a password"):
        certificates.ders(text, certificates.KEY)
    other = key_der(ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(ValueError, match="another kind"):
        certificates.private_key(other)


def test_several_certificates_in_one_file_and_other_blocks_between() -> None:
    server = CA.sign("broker", RSA)
    text = b"# text\n" + server.public_bytes(PEM) + key_pem(RSA) + CA.certificate.public_bytes(PEM)
    expected = [server.public_bytes(DER), CA.certificate.public_bytes(DER)]
    assert certificates.ders(text.replace(b"\n", b"\r\n"), certificates.CERTIFICATE) == expected
    assert certificates.ders(b"".join(expected), certificates.CERTIFICATE) == expected
    [key] = certificates.ders(text, certificates.KEY)
    assert certificates.private_key(key)[2] == public(RSA)


def test_dates_far_away() -> None:
    utc = datetime.UTC
    for end, seconds in (
        (datetime.datetime(2049, 12, 31, 23, 59, 59, tzinfo=utc), 2_524_607_999),
        (datetime.datetime(2050, 1, 1, tzinfo=utc), 2_524_608_000),
        (datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=utc), 7_258_118_399),  # 2199
    ):
        begin = datetime.datetime(1999, 12, 31, tzinfo=utc)
        made = CA.sign("broker", KEYS["P-256"], dates=(begin, end))
        found = certificates.Certificate(made.public_bytes(DER))
        assert (found.begin, found.end) == (946_598_400, seconds)


def outcome(octets: bytes, kind: str) -> object:
    """What is found; None if it is refused, which must be with words."""
    try:
        found = []
        for der in certificates.ders(octets, kind):
            if kind == certificates.KEY:
                found.append(certificates.private_key(der))
            else:
                found.append(vars(certificates.Certificate(der)))
        return found
    except ValueError as e:
        assert str(e) and len(str(e)) < 100
        return None


CERTIFICATE = CA.sign("broker", KEYS["P-256"], names=["broker"]).public_bytes(DER)
GOOD = {
    certificates.CERTIFICATE: [CERTIFICATE, CA.certificate.public_bytes(PEM)],
    certificates.KEY: [key_der(KEYS["P-256"]), key_der(RSA), key_pem(KEYS["P-384"])],
}


@given(st.binary(max_size=200))
def test_any_octets_are_refused_with_words(octets: bytes) -> None:
    for kind in GOOD:
        assert outcome(octets, kind) is None or outcome(octets, kind) == []


@pytest.mark.parametrize("kind", GOOD)
def test_a_file_that_is_cut_off_or_changed_ends_in_words(kind: str) -> None:
    """A changed one may still be a certificate; a shorter or a longer one is none."""
    chance = random.Random(4)
    for good in GOOD[kind]:
        assert outcome(good, kind)
        for end in range(0, len(good), 1 if good[0] == 0x30 else 7):
            if good[:end].strip() != good.strip():
                assert not outcome(good[:end], kind), end
        assert not outcome(good + b"\x30", kind) or good[0] != 0x30
        for _ in range(1500):
            changed = bytearray(good)
            for _ in range(chance.choice((1, 1, 2, 8))):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            outcome(bytes(changed), kind)


def test_a_changed_frame_is_refused_if_cryptography_refuses_it() -> None:
    """Tags and lengths of a certificate and its first part."""
    for at in range(10):
        for bit in range(8):
            changed = bytearray(CERTIFICATE)
            changed[at] ^= 1 << bit
            if outcome(bytes(changed), certificates.CERTIFICATE):
                x509.load_der_x509_certificate(bytes(changed))


def test_addresses_are_those_of_the_certificate() -> None:
    made = CA.sign("broker", KEYS["P-256"], names=["fd00::1"])
    found = certificates.Certificate(made.public_bytes(DER))
    assert found.names == [ipaddress.ip_address("fd00::1").packed.hex()]
