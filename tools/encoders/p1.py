"""P1 telegrams: data lines in, the telegram out.

Wire     / identification CR LF CR LF | lines | ! CRC CR LF
Source   Dutch P1 companion standard, IEC 62056-21; the ciphered form is known from captures of
         Elgama and Kaifa meters in Poland, where the four digits are CRC-16/X.25, low octet first
"""

from __future__ import annotations

from collections.abc import Sequence

from .hdlc import crc16_x25


def crc16_arc(octets: bytes) -> int:
    """CRC-16/ARC: reflected polynomial A001, start 0."""
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def telegram(
    identification: str,
    lines: Sequence[str],
    *,
    crc: bool = True,
    eol: str = "\r\n",
    lower_case: bool = False,
) -> bytes:
    """A telegram of text.

    identification  without the '/', as in "KAM5" or "ISK9\\2M551T-200"
    lines           "1-0:1.7.0(0001.234*kW)"
    crc             False: a line end follows the '!', as from some meters
    """
    text = eol.join([f"/{identification}", "", *lines, "!"]).encode("ascii")
    digits = f"{crc16_arc(text):04X}" if crc else ""
    return text + (digits.lower() if lower_case else digits).encode() + eol.encode()


def ciphered(identification: str, glo: bytes, title: bytes = b"") -> bytes:
    """A telegram with ciphered lines.

    glo    security control, invocation counter, ciphertext, tag
    title  the system title, empty in the captures
    """
    head = f"/{identification}\r\n\r\n".encode("ascii")
    octets = (
        head + bytes([len(title)]) + title + b"\x82" + len(glo).to_bytes(2, "big") + glo + b"!"
    )
    return octets + crc16_x25(octets).to_bytes(2, "little").hex().upper().encode() + b"\r\n"
