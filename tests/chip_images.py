"""Applications of a chip as its tool chain makes them: one segment, a checksum and a SHA-256.

Source   ESP-IDF Programming Guide, App Image Format
"""

import hashlib
import struct

CHIP_IDS = {"esp32": 0, "esp32s2": 2, "esp32c3": 5}
FLASH_ADDRESS = 0x3F400020  # of data in flash, on both chips


def application(chip: str, octets: int = 5000, fill: int = 0x5A) -> bytes:
    """An application with `octets` octets of data."""
    data = bytes([fill]) * (octets // 4 * 4)
    header = struct.pack("<4B I B3B HBHHBBBB B", 0xE9, 1, 2, 0x20, FLASH_ADDRESS, 0xEE, 0, 0, 0,
                         CHIP_IDS[chip], 0, 0, 0xFFFF, 0, 0, 0, 0, 1)  # fmt: skip
    body = header + struct.pack("<II", FLASH_ADDRESS, len(data)) + data
    check = 0xEF
    for octet in data:
        check ^= octet
    body += bytes(15 - len(body) % 16) + bytes([check])
    return body + hashlib.sha256(body).digest()
