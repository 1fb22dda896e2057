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
