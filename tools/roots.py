"""Writes firmware/prices/roots.py: certificates of widely used authorities, from certifi.

    python -m tools.roots

Run it after a new certifi; tests/tools/test_roots.py says when an authority has gone.
"""

import base64
import re
import textwrap
import warnings
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

OUT = Path(__file__).resolve().parent.parent / "firmware" / "prices" / "roots.py"
# Words of each name, the most used first.
WANTED = (
    "DigiCert Global Root G2", "GlobalSign Root CA - R3", "ISRG Root X1",
    "USERTrust RSA Certification Authority", "Sectigo Public Server Authentication Root R46",
    "GlobalSign Root R46", "GlobalSign Root CA - R6", "GTS Root R1", "GTS Root R4",
    "Amazon Root CA 1", "DigiCert Global Root G3", "DigiCert TLS RSA4096 Root G5",
    "USERTrust ECC Certification Authority", "Sectigo Public Server Authentication Root E46",
    "ISRG Root X2", "HARICA TLS RSA Root CA 2021",
)  # fmt: skip
_HEAD = '''"""Certificates of widely used authorities: one of them has signed ENTSO-E's.

Out      der(i) for i from 0 to COUNT - 1, as DER
Rules    The server may change its authority at any time, so each is tried. The owner's own
         certificate replaces all: prices.schedule
Source   certifi, Mozilla's list; written by tools/roots.py
"""

import binascii

COUNT = %d


def der(number: int) -> bytes:
    """A certificate."""
    return binascii.a2b_base64(_ROOTS[number])


_ROOTS = (
'''


def certificates() -> dict[str, bytes]:
    """DER of the wanted certificates, by name."""
    found = {}
    blocks = re.findall(
        r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----",
        Path(certifi.where()).read_text(),
        re.S,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # serial numbers of others
        for block in blocks:
            made = x509.load_pem_x509_certificate(block.encode())
            subject = made.subject.rfc4514_string()
            for name in WANTED:
                if f"={name}," in subject + ",":
                    found[name] = made.public_bytes(Encoding.DER)
    return {name: found[name] for name in WANTED}


def text() -> str:
    """The module."""
    wanted = certificates()
    lines = []
    for name, der in wanted.items():
        lines.append(f"    # {name}")
        rows = textwrap.wrap(base64.b64encode(der).decode(), 92)
        lines += [f'    "{row}"' for row in rows[:-1]] + [f'    "{rows[-1]}",']
    return _HEAD % len(wanted) + "\n".join(lines) + "\n)\n"


if __name__ == "__main__":
    OUT.write_text(text())
