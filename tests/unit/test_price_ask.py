"""A question to a price source, without a network."""

import ondemand
from files import FilesDouble
from prices import ask


class App:
    storage = FilesDouble()


def test_the_certificates_are_not_loaded_any_more_after_an_answer():
    asked = []

    async def one(app, state, question, certificates):
        asked.append(len(certificates))
        return (-1, "no proof", "") if len(asked) < 2 else (200, "", "")

    question = ask.Question("entsoe", "https://example.com/", "NOK", 0, 0)
    question.token = "token"
    state = {}
    kept, ask._one = ask._one, one
    try:
        ask.ask(App, state, question).send(None)
    except StopIteration:
        pass
    finally:
        ask._one = kept
    assert asked == [2, 2] and "root" in state
    assert [name for name in ondemand._visited if name.startswith("prices")] == []


def test_a_damaged_certificate_is_told_in_words():
    class Damaged:
        storage = FilesDouble()

    Damaged.storage.write("price-ca", (b"x",))
    question = ask.Question("entsoe", "https://example.com/", "NOK", 0, 0)
    question.token = "token"
    ended = None
    try:
        ask.ask(Damaged, {}, question).send(None)
    except StopIteration as e:
        ended = e.value
    assert ended and ended[0] == "proof" and ended[1].startswith("price-ca: it is neither")
