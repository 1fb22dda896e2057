"""The firmware's sentences on the page: each has its words in each language, or a reason."""

import re
from pathlib import Path

import pytest

from tests.said import COMPOSED, FIRMWARE, HIDDEN, Speaker, constants, kept, sentences
from tests.settingtexts import LANGUAGES
from tools import page


def test_each_sentence_of_the_source_is_said_or_stays_english_on_purpose() -> None:
    speaker = Speaker("nb")
    pairs = {(module, text) for module, texts in sentences().items() for text in texts}
    new = {(module, text) for module, text in pairs if not speaker.knows(text)}
    assert sorted(new - kept()) == [], "add it to words/*/said.js, or to tests/said_english.txt"
    assert sorted(kept() - new) == [], "of tests/said_english.txt: said, or no source has it"


def test_each_sentence_of_the_words_is_one_of_the_source() -> None:
    speaker = Speaker("nb")
    found = constants()
    texts = {text for some in found.values() for text in some}
    for text in texts:
        if len(text) < 300:
            speaker.knows(text)
    for english, parts in COMPOSED.items():
        assert set(parts) <= texts, english
    assert sorted(set(speaker.table) - speaker.used - set(COMPOSED)) == []


def test_hidden_modules_are_there() -> None:
    for name, reason in HIDDEN.items():
        path = FIRMWARE / name
        assert reason and (path.is_dir() if name.endswith("/") else path.is_file()), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_each_sentence_with_its_values(language: str) -> None:
    words = page.Words(page.SOURCE)
    assert [entry for entry in words.missing if ": SAID." in entry] == []
    for english, own in Speaker(language).table.items():
        assert own.strip(" ,") and own[:1] not in ".;:" and "%d" not in own, english
        assert len(re.findall("%s", own)) == len(re.findall("%[sd]", english)), english


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("mqtt_port must be 1 to 65535", "mqtt_port muss 1 bis 65535 sein"),
        (
            "config: mqtt_port must be a whole number; its default is used",
            "config: mqtt_port muss eine ganze Zahl sein; der Vorgabewert gilt",
        ),
        (
            "price_rules: rule 3: the name must have at most 31 characters",
            "price_rules: Regel 3: der Name darf h\u00f6chstens 31 Zeichen haben",
        ),
        (
            "last crash: watchdog: a service did not go on for a minute, 90 s after the start",
            "letzter Absturz: Watchdog: ein Dienst stand eine Minute still, 90 s nach dem Start",
        ),
        (
            "HDLC, 228 octets: list 3 of Kamstrup with 12 values",
            "HDLC, 228 Oktette: Liste 3 von Kamstrup mit 12 Werten",
        ),
        ("wifi: connected, 10.0.0.6, -58 dBm", "wifi: verbunden, 10.0.0.6, -58 dBm"),
        ("2400 baud, 8 data bits, even parity, 1 stop bit",
         "2400 Baud, 8 Datenbits, Parit\u00e4t gerade, 1 Stoppbit"),
        ("web: ValueError: no sentence of the firmware",
         "web: ValueError: no sentence of the firmware"),
    ],
)  # fmt: skip
def test_sentences_are_found_whole_by_their_values_and_in_parts(english: str, told: str) -> None:
    assert Speaker("de").say(english) == told


ENGLISH = 'export const SAID = [\n  "it is %s",\n];\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('export const SAID = {\n  "it is %s": "det er",\n};\n', "has not the values of"),
        ('export const SAID = {\n  "it was %s": "det var %s",\n};\n', "en/said.js has no"),
        (
            'export const SAID = {\n  "it is %s": "det er %s",\n  "it is %s": "er %s",\n};\n',
            "a sentence is there twice",
        ),
    ],
)
def test_a_sentence_of_no_english_one_or_with_other_values_is_refused(
    text: str, reason: str
) -> None:
    order = list(page.sentences("en/said.js", ENGLISH))
    with pytest.raises(page.PageError, match=re.escape(reason)):
        page.pack_said("nb/said.js", text, order)


def test_a_sentence_that_a_language_lacks_is_empty_there_and_is_told() -> None:
    text = "export const SAID = {\n};\n"
    packed, missing = page.pack_said("nb/said.js", text, ["it is %s"])
    assert (packed, missing) == ('export const SAID = "";\n', ["it is %s"])


def test_a_new_sentence_of_the_source_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web/new.py").write_text(
        'def ask(app):\n    """No sentence of it."""\n    app.log.add("web: it is new: %d" % 1)\n'
        '    yield \'{"success":false,"message":"this is new too"}\'\n'
    )
    monkeypatch.setattr("tests.said.FIRMWARE", tmp_path)
    monkeypatch.setattr("tests.said.BOARDS", tmp_path / "none")
    assert sentences() == {"web/new.py": ["this is new too", "web: it is new: %d"]}
    assert not [text for text in sentences()["web/new.py"] if Speaker("nb").knows(text)]
