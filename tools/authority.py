"""A certificate authority for tests and measurements, by the package cryptography."""

import datetime
import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(1)


def key_pem(key: Any) -> bytes:
    """A private key in PEM, without a password."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def key_der(key: Any) -> bytes:
    """A private key in DER."""
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test"),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


def _alternative(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


class Authority:
    """A CA with an elliptic key."""

    def __init__(self, name: str) -> None:
        self.key = new_key()
        self._subject = _name(name)
        self.certificate = self._make(self._subject, self.key, True, (), _days(-2, 365))

    def sign(
        self,
        name: str,
        key: Any,
        names: Iterable[str] = (),
        dates: "tuple[datetime.datetime, datetime.datetime] | None" = None,
    ) -> x509.Certificate:
        """A certificate for the key, with these alternative names; valid today by default."""
        return self._make(_name(name), key, False, names, dates or _days(-1, 30))

    def _make(
        self,
        subject: x509.Name,
        key: Any,
        is_ca: bool,
        names: Iterable[str],
        dates: "tuple[datetime.datetime, datetime.datetime]",
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(dates[0])
            .not_valid_after(dates[1])
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        )
        found = [_alternative(text) for text in names]
        if found:
            builder = builder.add_extension(x509.SubjectAlternativeName(found), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def write(self, folder: Path, name: str, **how: Any) -> tuple[Path, Path]:
        """A new certificate and its key as files in PEM."""
        key = new_key()
        certificate = self.sign(name, key, **how)
        paths = folder / f"{name}.pem", folder / f"{name}.key"
        paths[0].write_bytes(pem(certificate))
        paths[1].write_bytes(key_pem(key))
        return paths


def _days(begin: int, end: int) -> tuple[datetime.datetime, datetime.datetime]:
    now = datetime.datetime.now(datetime.UTC)
    return now + begin * DAY, now + end * DAY
