"""Coverage-guided fuzzing of all parsers of octets from the wire, a client or a file.

    python -m tools.fuzz [--seconds 600]

In       the encoders' telegrams and documents as the first corpus, in build/fuzz
Out      an input with a defect in build/fuzz/crash-*, exit code not 0. Defects: an exception other
         than DecodeError from a decoder; any exception or error 98 from the stream
Limits   needs atheris (requirements-fuzz.txt); modules run on CPython with tests/cpython
Kept     inputs that failed before are in tests/golden/fuzz; a test runs them
"""

import argparse
import sys
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "build" / "fuzz"
KEPT = ROOT / "tests" / "golden" / "fuzz"

sys.path[:0] = [str(ROOT / "tests" / "cpython"), str(ROOT / "firmware"), str(ROOT)]


CONFIGFILE = b"amsconfig\nversion v2.2.28\nthresholds 5 10 15 20 25 50 75 100 150 65535 3\n"
OTHERS = 0xFD  # a first octet from here on chooses a target other than telegrams


class Sink:
    """A sink that raises on error 98, a defect of the firmware."""

    def on_reading(self, reading: object) -> None:
        pass

    on_unknown = on_reading

    def on_error(self, code: int, reason: str, offset: int) -> None:
        assert code != 98, reason


def aes(key: bytes) -> object:
    """An AES-ECB object with cryptolib's methods."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    class Ecb:
        def __init__(self) -> None:
            self._ecb = Cipher(algorithms.AES(key), modes.ECB()).encryptor()

        def encrypt(self, octets: bytearray, out: bytearray) -> None:
            out[:] = self._ecb.update(bytes(octets))

    return Ecb()


def one(octets: bytes) -> None:
    """Run one input: its first octet chooses the target, the others are the target's input."""
    from han import p1
    from han.cipher import Cipher
    from han.decode import Decoder
    from han.fields import DecodeError
    from han.stream import TelegramStream

    from tools.on_micropython.feeding import feed

    if not octets:
        return
    if octets[0] >= OTHERS:
        (price_document, stored_files, config_file)[octets[0] - OTHERS](octets[1:])
        return
    target, rest = octets[0] % 5, bytearray(octets[1:])
    auth = bytes(range(1, 17)) if octets[0] & 8 else None
    key = bytes(range(16))
    cipher = Cipher(key, auth, aes)
    if target == 0:
        stream = TelegramStream(Sink(), key, auth, aes)
        step = 1 + (octets[0] >> 4)
        for at in range(0, len(rest), step * 8):
            feed(stream, rest[at : at + step * 8])
            if step == 3:
                stream.silence()
        stream.silence()
        stream.overdue()
        return
    try:
        if target == 1:
            cipher.decipher(rest, 0, len(rest))
        elif target == 2:
            cipher.decipher(rest, 0, len(rest), True)
        elif target == 3:
            Decoder().decode(rest, 0, len(rest))
        else:
            p1.decode(rest, 0, len(rest))
    except DecodeError:
        pass


def price_document(octets: bytes) -> None:
    """A document of prices or rates, in pieces of a few octets."""
    from prices.table import Document

    document = Document()
    for at in range(0, len(octets), 7):
        document.feed(octets[at : at + 7])
    parser = document._own
    assert parser is None or parser.close() or parser.fault
    document.unload()


def stored_files(octets: bytes) -> None:
    """A record with a valid checksum as journal, months and history."""
    import records
    from energy import profiles
    from energy.ledger import Energy
    from nofiles import NoFiles

    if len(octets) < 2:
        return
    data = records.pack(octets[0], octets[1], octets[2:])

    class Files(NoFiles):
        def names(self) -> list[str]:
            return ["journal", "months", "q0", "h0", "d0"]

        def read(self, name: str) -> bytes:
            return data

    energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
    energy.load(Files(), data)
    energy.running(1_790_000_000)


def config_file(octets: bytes) -> None:
    """A configfile.cfg."""
    from energy import importing

    importing.parse(octets.decode("latin-1").split("\n"))


def seeds() -> None:
    """Write the encoders' telegrams, framed for the stream and as APDUs for the decoders."""
    from energy import breaks, profiles
    from energy.ledger import Energy

    from tools.encoders import prices
    from tools.fixtures import vectors

    CORPUS.mkdir(parents=True, exist_ok=True)
    for vector in vectors():
        (CORPUS / f"stream-{vector.name}").write_bytes(b"\x00" + vector.octets)
        at = vector.octets.find(b"\xe6\xe7\x00")
        if at > 0:
            (CORPUS / f"list-{vector.name}").write_bytes(b"\x03" + vector.octets[at:-3])
        else:
            (CORPUS / f"p1-{vector.name}").write_bytes(b"\x04" + vector.octets)
    start = datetime(2026, 6, 30, 22)
    for curve in ("A01", "A03"):
        series = prices.Series([prices.Stretch(start, ["50", "60.5", "60.5", "-1"])], curve)
        (CORPUS / f"a44-{curve}").write_bytes(b"\xfd" + prices.a44([series]))
    rates = prices.rates([("EUR", 0, [("2026-06-30", "11.50")])])
    (CORPUS / "rates").write_bytes(b"\xfd" + rates)
    (CORPUS / "ecb").write_bytes(b"\xfd" + prices.ecb([("NOK", "11.5"), ("SEK", "10")]))
    (CORPUS / "per-kwh").write_bytes(b"\xfd" + prices.per_kwh(start, [0.5, -1e-5], "SEK"))
    (CORPUS / "dk").write_bytes(b"\xfd" + prices.day_ahead_prices(start, [50.5, -1]))
    pushed = b'{"start":"2026-07-01T00:00Z","resolution":60,"currency":"SEK","prices":[1,null]}'
    (CORPUS / "pushed").write_bytes(b"\xfd" + pushed)
    energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
    breaks.start(energy.settler, 1_790_000_000)
    record = energy.snapshot()  # below without its header and its checksum
    (CORPUS / "journal").write_bytes(b"\xfe" + record[1:3] + record[5:-4])
    (CORPUS / "configfile").write_bytes(b"\xff" + CONFIGFILE)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600)
    seconds = parser.parse_args().seconds
    try:
        import atheris
    except ImportError:
        print("fuzz: pip install -r requirements-fuzz.txt first", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["han", "prices", "energy", "records"]):
        from energy import importing, ledger  # noqa: F401
        from han import lists, p1, stream  # noqa: F401
        from han.meters import aidon, iskra, kaifa, kamstrup, landisgyr  # noqa: F401
        from prices import store, table  # noqa: F401
        from prices.sources import entsoe, norgesbank  # noqa: F401
    seeds()
    options = [sys.argv[0], str(CORPUS), f"-max_total_time={seconds}", "-max_len=2048",
               f"-artifact_prefix={CORPUS}/", "-print_final_stats=1", "-verbosity=0"]  # fmt: skip
    atheris.Setup(options, one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
