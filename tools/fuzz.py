"""Coverage-guided fuzzing of everything that reads octets from the wire.

    python -m tools.fuzz [--seconds 600]

Needs atheris (requirements-fuzz.txt). The modules run on CPython with the shim of tests/cpython.
Anything but DecodeError from a decoder, or any exception or error 98 from the stream, is a
finding: it is written to build/fuzz/crash-* and the exit status is not 0. Inputs that once failed
are kept in tests/golden/fuzz, which a test replays.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "build" / "fuzz"
KEPT = ROOT / "tests" / "golden" / "fuzz"

sys.path[:0] = [str(ROOT / "tests" / "cpython"), str(ROOT / "firmware"), str(ROOT)]


class Sink:
    """Fails on the one error that means a defect of ours."""

    def on_reading(self, reading: object) -> None:
        pass

    on_unknown = on_reading

    def on_error(self, code: int, reason: str, offset: int) -> None:
        assert code != 98, reason


def aes(key: bytes) -> object:
    """An AES-ECB object with cryptolib's surface."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    class Ecb:
        def __init__(self) -> None:
            self._ecb = Cipher(algorithms.AES(key), modes.ECB()).encryptor()

        def encrypt(self, octets: bytearray, out: bytearray) -> None:
            out[:] = self._ecb.update(bytes(octets))

    return Ecb()


def one(octets: bytes) -> None:
    """The first octet chooses the target, the rest is what it gets."""
    from han import lists, p1
    from han.cipher import Cipher
    from han.errors import DecodeError
    from han.stream import TelegramStream

    if not octets:
        return
    target, rest = octets[0] % 5, bytearray(octets[1:])
    auth = bytes(range(1, 17)) if octets[0] & 8 else None
    cipher = Cipher(bytes(range(16)), auth, aes)
    if target == 0:
        stream = TelegramStream(Sink(), cipher)
        step = 1 + (octets[0] >> 4)
        for at in range(0, len(rest), step * 8):
            part = rest[at : at + step * 8]
            stream.feed(part, len(part))
            if step == 3:
                stream.silence()
        stream.silence()
        stream.overdue()
        return
    try:
        if target == 1:
            cipher.decipher(rest, 0, len(rest))
        elif target == 2:
            cipher.decipher_p1(rest, 0, len(rest))
        elif target == 3:
            lists.decode(rest, 0, len(rest))
        else:
            p1.decode(rest, 0, len(rest))
    except DecodeError:
        pass


def seeds() -> None:
    """The telegrams of the encoders, whole for the stream and without frame for the decoders."""
    from tools.fixtures import vectors

    CORPUS.mkdir(parents=True, exist_ok=True)
    for vector in vectors():
        (CORPUS / f"stream-{vector.name}").write_bytes(b"\x00" + vector.octets)
        at = vector.octets.find(b"\xe6\xe7\x00")
        if at > 0:
            (CORPUS / f"list-{vector.name}").write_bytes(b"\x03" + vector.octets[at:-3])
        else:
            (CORPUS / f"p1-{vector.name}").write_bytes(b"\x04" + vector.octets)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600)
    seconds = parser.parse_args().seconds
    try:
        import atheris
    except ImportError:
        print("fuzz: pip install -r requirements-fuzz.txt first", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["han"]):
        from han import lists, p1, stream  # noqa: F401
    seeds()
    options = [sys.argv[0], str(CORPUS), f"-max_total_time={seconds}", "-max_len=2048",
               f"-artifact_prefix={CORPUS}/", "-print_final_stats=1", "-verbosity=0"]  # fmt: skip
    atheris.Setup(options, one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
