"""Encryption keys as grid companies write them in their letters."""

_KEY_OCTETS = 16


def parse_key(text: str) -> "bytes | None":
    """A key as owners get it: 32 hex digits, also with 0x, spaces or dashes, or 16 characters.

    None for an empty text. Raises ValueError with a sentence for the owner.
    """
    text = text.strip()
    if not text:
        return None
    digits = "".join(text.replace("-", " ").split())
    if digits[:2] in ("0x", "0X"):
        digits = digits[2:]
    if len(digits) == 2 * _KEY_OCTETS:
        for digit in digits:
            if digit not in "0123456789abcdefABCDEF":
                raise ValueError("a key has digits 0-9 and letters A-F: not %s" % digit)
        return bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])
    if len(text) == _KEY_OCTETS:
        for letter in text:
            if not " " <= letter <= "~":
                raise ValueError("a key of 16 characters has no letters such as %s" % letter)
        return text.encode()
    raise ValueError("a key has 32 digits (0-9, A-F) or 16 characters: not %d" % len(digits))
