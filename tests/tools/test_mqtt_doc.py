"""docs/mqtt.md is that of the golden files, and says all of them."""

from mqtt_examples import PAYLOADS

from tools import mqtt_doc


def test_the_file_is_current() -> None:
    assert mqtt_doc.OUT.read_text(encoding="utf-8") == mqtt_doc.text()


def test_each_payload_is_in_the_table() -> None:
    rows = {(int(number), name) for name, number, _, _ in mqtt_doc.TABLE}
    assert set(PAYLOADS) <= rows


def test_each_json_body_and_each_payload_is_in_the_text() -> None:
    text = mqtt_doc.text()
    for name, number, title, _ in mqtt_doc.TABLE:
        assert f"\n## {number}: {title}\n" in text
        for generation in mqtt_doc.GENERATIONS:
            for part, messages in mqtt_doc.read(name, generation):
                assert f"\n### {part}" in text
                for topic, _, body in messages:
                    assert not body.startswith("{") or body in text, (name, part, topic)


def test_long_rows_are_shortened() -> None:
    messages = [("a/b", "-", "")] + [(f"a/{i}", "-", str(i)) for i in range(40)] + [("c", "-", "")]
    topics = [topic for topic, _, _ in mqtt_doc.shortened(messages)]
    assert topics == ["a/b", "a/0", "a/1", "a/2", "a/3", "...", "a/39", "c"]


def test_each_body_for_home_assistant_is_in_the_text() -> None:
    text = mqtt_doc.text()
    bodies = [path.read_text().rstrip("\n") for path in mqtt_doc.GOLDEN.glob("ha_*.json")]
    assert len(bodies) > 10
    assert all(body in text for body in bodies)
