"""The try of keys with the next telegram, in simulated time."""

import keytest
from ecb import aes
from frames import Sink, aidon_power, frame
from han.stream import TelegramStream
from streams import feed
from test_gcm import AUTH_KEY, KEY, SC_20, SC_30, wrap

OTHER_KEY = bytes(range(16, 32))
LLC = b"\xe6\xe7\x00"


class Telegrams:
    """asyncio for keytest: the meter sends a telegram in each pause until there are none left."""

    def __init__(self, stream, telegrams):
        self.slept_ms = 0
        self._stream = stream
        self._telegrams = list(telegrams)

    async def sleep_ms(self, ms):
        self.slept_ms += ms
        if self._telegrams:
            feed(self._stream, self._telegrams.pop(0))


class BoardDouble:
    aes = staticmethod(aes)


class ReaderDouble:
    pass


class AppDouble:
    def __init__(self, key=None, auth_key=None):
        self.board = BoardDouble()
        self.sink = Sink()
        self.reader = ReaderDouble()
        self.reader.stream = TelegramStream(self.sink, key, auth_key, aes)


def tried(app, key, auth_key, *telegrams):
    """(outcome, words, ms) of a try while these telegrams come."""
    kept = keytest.asyncio
    keytest.asyncio = loop = Telegrams(app.reader.stream, telegrams)
    try:
        keytest.run(app, [key, auth_key]).send(None)
    except StopIteration as e:
        return e.value + (loop.slept_ms,)
    finally:
        keytest.asyncio = kept
    raise AssertionError("it waits for something else")


def ciphered(content=SC_30):
    return frame(LLC + wrap(content))


def test_keys_that_fit():
    for auth_key in (AUTH_KEY, None, bytes(16)):
        outcome, words, ms = tried(AppDouble(), KEY, auth_key, ciphered())
        assert (outcome, words) == ("ok", "the keys fit") and ms <= 100


def test_keys_that_do_not_fit():
    outcome, words, _ = tried(AppDouble(), OTHER_KEY, AUTH_KEY, ciphered())
    assert outcome == "wrong key" and words.startswith("wrong encryption key")
    outcome, words, _ = tried(AppDouble(), OTHER_KEY, None, ciphered())
    assert outcome == "wrong key" and words.startswith("wrong encryption key")
    outcome, words, _ = tried(AppDouble(), KEY, OTHER_KEY, ciphered())
    assert outcome == "wrong authentication key" and "the encryption key fits" in words
    # A meter that sends no tag: an authentication key would refuse all of its telegrams.
    outcome, words, _ = tried(AppDouble(), KEY, AUTH_KEY, ciphered(SC_20))
    assert outcome == "wrong authentication key" and "remove it if the meter has none" in words
    assert tried(AppDouble(), KEY, None, ciphered(SC_20))[0] == "ok"


def test_what_comes_in_place_of_a_ciphered_telegram():
    outcome, words, ms = tried(AppDouble(), KEY, AUTH_KEY)
    assert outcome == "nothing received" and ms == 15000 and "15 seconds" in words
    outcome, _, ms = tried(AppDouble(), KEY, AUTH_KEY, aidon_power(1))
    assert outcome == "not encrypted" and ms == 15000
    assert tried(AppDouble(), KEY, AUTH_KEY, aidon_power(1), ciphered())[0] == "ok"
    cut = frame(LLC + wrap(SC_30)[:20])
    assert tried(AppDouble(), KEY, AUTH_KEY, cut)[0] == "damaged"
    assert tried(AppDouble(), KEY, AUTH_KEY, cut, ciphered())[0] == "ok"


def test_the_telegram_is_decoded_as_without_a_test():
    app = AppDouble(KEY, AUTH_KEY)
    plain = AppDouble(KEY, AUTH_KEY)
    feed(plain.reader.stream, ciphered())
    expected = plain.sink.errors, len(plain.sink.readings)
    assert not [code for code, _, _ in expected[0] if code in (-51, -52, -53)]  # it is deciphered
    for key in (KEY, OTHER_KEY):
        app = AppDouble(KEY, AUTH_KEY)
        tried(app, key, AUTH_KEY, ciphered())
        assert (app.sink.errors, len(app.sink.readings)) == expected
        assert app.reader.stream.probe is None


def test_a_test_needs_a_key_and_is_the_only_one():
    app = AppDouble()
    for expected in ("encryption_key: a key is needed", "another test"):
        try:
            tried(app, KEY if app.reader.stream.probe else None, None)
        except ValueError as e:
            assert str(e).startswith(expected)
        else:
            raise AssertionError(expected)
        app.reader.stream.probe = lambda *message: None


def test_other_keys_are_used_from_the_next_telegram_on():
    app = AppDouble()
    stream = app.reader.stream
    feed(stream, ciphered())
    assert app.sink.errors[-1][0] == -53  # no key is set
    stream.use_keys(OTHER_KEY, None)
    feed(stream, ciphered())
    assert app.sink.errors[-1][0] == -52
    stream.use_keys(KEY, AUTH_KEY)
    count = len(app.sink.errors)
    feed(stream, ciphered())
    late = [code for code, _, _ in app.sink.errors[count:]]
    assert not [code for code in late if code in (-51, -52, -53)]
    stream.use_keys(None, None)
    feed(stream, ciphered())
    assert app.sink.errors[-1][0] == -53
