"""The certificates in prices.roots, and the areas, against the lists of others."""

import importlib.util
from pathlib import Path

from cryptography import x509
from entsoe.mappings import Area
from prices import areas

from tools import roots

ALIASES = {
    "Germany": "DE",
    "Luxembourg": "LU",
    "Great": "GB",
    "Britain": "GB",
    "Italy": "IT-",
    "North": "",
}


def test_the_certificates_are_those_of_certifi() -> None:
    spec = importlib.util.spec_from_file_location("roots_module", roots.OUT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    wanted = roots.certificates()
    assert [module.der(i) for i in range(module.COUNT)] == list(wanted.values())
    assert module.COUNT == len(roots.WANTED) == 16
    for i in range(module.COUNT):
        made = x509.load_der_x509_certificate(module.der(i))
        assert made.issuer == made.subject
    assert Path(roots.OUT).read_text() == roots.text()


def test_the_codes_of_the_areas_are_entsoes() -> None:
    known = {area.value: area for area in Area}
    for code, name in areas.every():
        assert code in known, name
        meaning = known[code].meaning + known[code].name
        for word in name.replace("-", " ").replace(",", "").split():
            part = ALIASES.get(word, word)
            assert part.lower() in meaning.lower(), (name, meaning)
        assert "BZ" in known[code].meaning, name
