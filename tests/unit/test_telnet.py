import passwords
from config import Config
from doubles import LIST_2, reading, world
from log import Log
from loglines import LogLines, redacted
from net import telnet
from net.console import Follower, HexLines


class SocketDouble:
    """A client: what it has typed, what it was sent, and how many octets it still takes."""

    def __init__(self, takes=100000):
        self.typed = b""
        self.sent = b""
        self.takes = takes

    def readinto(self, buf):
        if not self.typed:
            return None
        n = min(len(buf), len(self.typed))
        buf[:n] = self.typed[:n]
        self.typed = self.typed[n:]
        return n

    def write(self, octets):
        n = min(len(octets), self.takes)
        self.takes -= n
        self.sent += bytes(octets[:n])
        return n or None


class App:
    def __init__(self, **settings):
        self.state, self.config, self.system, _ = world(reading(2, **LIST_2), **settings)
        self.log = Log(lambda: 7, echo=False)


def typed(octets):
    """The lines of these octets."""
    source = telnet.Input()
    lines = [source.octet(x) for x in octets]
    return [line for line in lines if line is not None]


def session(app, guard=None, takes=100000):
    s = SocketDouble(takes)
    return telnet.Session(app, s, guard or telnet.Guard(), 0), s


def logged_in(app, takes=100000):
    client, s = session(app, None, takes)
    client.tick(0)
    s.typed = b"secret\r\n"
    assert client.tick(100)
    s.sent = b""
    return client, s


def test_lines_end_with_each_of_the_four_ends():
    assert typed(b"a\r\nb\nc\r\0d\r\re\r\n\r\n") == [b"a", b"b", b"c", b"d", b"", b"e", b""]


def test_commands_of_telnet_and_control_characters_are_not_in_a_line():
    assert typed(b"he\xff\xfd\x03l\xff\xf1p\x07\n") == [b"help"]
    assert typed(b"\xff\xfa\x18\x00xterm\xff\xff\n\xff\xf0quit\n") == [b"quit"]
    assert typed(b"\x08\x08hx\x7felp\n") == [b"help"]
    assert typed(b"x" * 500 + b"\nhelp\n") == [b"x" * 256, b"help"]
    assert typed(b"\xff" * 4 + b"\n") == [b""]


def test_control_c_ends_the_session():
    client, s = logged_in(App(web_password="secret"))
    s.typed = b"hel\x03"
    assert not client.tick(200)


def test_a_hashed_password_lets_in_after_some_ticks_that_do_not_block():
    app = App(web_password=passwords.stored("\u20ac" * 63))
    for password, right in (("\u20ac" * 63, True), ("\u20ac" * 62, False), ("", False)):
        client, s = session(app)
        client.tick(0)
        s.typed = password.encode() + b"\r\n"
        ticks = 0
        while not client.follower and b"wrong" not in s.sent:
            assert client.tick(100)
            ticks += 1
        assert bool(client.follower) == right
        assert 10 <= ticks <= 20  # 40 steps of 25 rounds, 3 in a tick


def test_each_wrong_password_doubles_the_wait_up_to_64_seconds():
    guard = telnet.Guard()
    waits = []
    for _ in range(9):
        guard.count(False, 5000)
        waits.append(guard.until_ms - 5000)
    assert waits == [1000, 2000, 4000, 8000, 16000, 32000, 64000, 64000, 64000]
    guard.count(True, 5000)
    guard.count(False, 5000)
    assert guard.until_ms == 6000


def test_nothing_is_read_before_the_wait_is_over_also_on_a_new_connection():
    app = App(web_password="secret")
    guard = telnet.Guard()
    first, s = session(app, guard)
    first.tick(0)
    s.typed = b"wrong\r\nsecret\r\n"
    first.tick(100)  # what was typed with the wrong one is dropped
    assert b"wrong" in s.sent and app.log.lines()[-1] == (7, "telnet: wrong password")
    second, s = session(app, guard)
    s.typed = b"secret\r\n"
    for now in (200, 1099):
        assert second.tick(now) and s.typed and not s.sent
    second.tick(1100)
    assert second.follower and b"help lists" in s.sent


def test_three_wrong_passwords_end_the_connection():
    client, s = session(App(web_password="secret"))
    goes_on = []
    for now in (0, 2000, 6000):
        s.typed = b"wrong\n"
        goes_on.append(client.tick(now))
    assert goes_on == [True, True, False]


def test_a_client_without_password_may_stay_for_30_s_and_one_with_it_for_ever():
    client, _ = session(App(web_password="secret"))
    assert client.tick(0) and client.tick(29999) and not client.tick(30000)
    client, s = logged_in(App(web_password="secret"))
    for hour in range(48):
        assert client.tick(hour * 3600000 + 1000)
    assert s.sent.count(b"\xff\xf1") >= 47  # notices a client that is gone


def test_a_client_that_takes_nothing_for_five_minutes_is_gone():
    app = App(web_password="secret")
    client, s = logged_in(app)
    s.takes = 0
    app.log.add("waits")
    assert client.tick(1000) and client.tick(300000) and not client.tick(301000)


def test_commands():
    app = App(web_password="secret")
    client, s = logged_in(app)
    for line, answer in (
        (b"hex on", b"hex is on"),
        (b"hex off", b"hex is off"),
        (b"level error", b"level is error"),
        (b" level  verbose ", b"level is verbose"),
        (b"level 3", b"no such command"),
        (b"level", b"no such command"),
        (b"hex", b"no such command"),
        (b"\xc3\x28%s", b"no such command"),
        (b"help", b"quit"),
    ):
        s.sent = b""
        s.typed = line + b"\r\n"
        assert client.tick(200) and answer in s.sent, line
    s.sent, s.typed = b"", b"\r\n"
    assert client.tick(300) and s.sent == b""
    s.typed = b"quit\r\nhex on\r\n"
    assert not client.tick(400)


def test_earlier_lines_come_first_and_slow_readers_are_told_what_they_lost():
    app = App(web_password="secret")
    app.log.add("first")
    app.log.warn("second")
    app.log.error("third")
    client, s = session(app)
    client.tick(0)
    s.typed = b"secret\n"
    client.tick(100)
    assert s.sent.endswith(
        b"7 info first\r\n7 warning second\r\n7 error third\r\n"
        b"7 info telnet: a client has logged in\r\n"
    )
    s.takes, s.sent = 0, b""
    for number in range(400):
        app.log.add("line %03d of many" % number)
        client.tick(200)
    s.takes = 100000
    for _ in range(10):
        client.tick(300)
    lines = s.sent.split(b"\r\n")
    shown = [line for line in lines if line.endswith(b" of many")]
    told = [line for line in lines if line.endswith(b" lines lost)")]
    assert len(told) == 1 and int(told[0].split()[0][1:]) + len(shown) == 400
    assert shown[0] == b"7 info line 000 of many" and shown[-1] == b"7 info line 399 of many"


def test_octets_that_find_no_room_are_counted_as_lines():
    client, s = logged_in(App(web_password="secret"))
    s.takes = 0
    client.follower.hex = True
    client.follower.octets(bytearray(16000), 16000)  # 1,000 lines of 37 octets, 1,024 octets wait
    s.takes = 100000
    client.tick(200)
    client.tick(300)
    assert s.sent.count(b"00000000 00000000 00000000 00000000\r\n") == 27
    assert b"(973 lines lost)\r\n" in s.sent


def test_octets_in_hex():
    lines = []
    text = HexLines(lines.append)
    text.add(bytes(range(10)), 10)
    assert lines == []
    text.add(bytes(range(10, 40)), 28)  # the last two are not of the burst
    assert lines == [
        "00010203 04050607 08090a0b 0c0d0e0f",
        "10111213 14151617 18191a1b 1c1d1e1f",
    ]
    text.end()
    text.end()
    assert lines[2:] == ["20212223 2425"]


def test_the_values_of_secret_settings_are_replaced():
    secrets = {
        "wifi_psk": "hush-hush",
        "setup_psk": "let me set it up",
        "mqtt_password": "broker pw",
        "web_password": "open sesame",
        "encryption_key": "000102030405060708090A0B0C0D0E0F",
        "authentication_key": "0123456789abcdef",
    }
    names = [name for name in dir(Config) if name.endswith(("_psk", "_password", "_key"))]
    assert sorted(names) == sorted(secrets)
    config = Config(secrets, {})
    text = "mqtt: broker pw refused, " + ", ".join(secrets.values())
    assert redacted(text, config) == "mqtt: *** refused" + 6 * ", ***"
    assert redacted("mqtt: a b c", Config({"mqtt_password": "b"}, {})) == "mqtt: a b c"


def all_of(lines):
    found = []
    line = lines.next()
    while line:
        found.append(line)
        line = lines.next()
    return found


def test_each_line_of_the_log_comes_once():
    log = Log(lambda: 7, echo=False)
    log.add("a")
    old, new = LogLines(log, True), LogLines(log, False)
    log.error("b")
    assert all_of(old) == [(7, 3, "a"), (7, 5, "b")] and all_of(new) == [(7, 5, "b")]
    assert all_of(old) == []
    for number in range(1000):
        log.add("line %d" % number)
        assert all_of(old) == [(7, 3, "line %d" % number)]
    assert old.lost == 0
    kept = all_of(new)
    assert new.lost + len(kept) == 1000 and new.lost > 0
    assert [text for _, _, text in kept] == [text for _, text in log.lines()]


def test_a_line_that_repeats_comes_when_its_number_has_doubled():
    log = Log(lambda: 7, echo=False)
    lines = LogLines(log, True)
    seen = []
    for number in range(1, 10):
        log.add("x" * 118)
        for _, _, text in all_of(lines):
            seen.append((number, text))
    assert seen == [
        (1, "x" * 118),
        (2, "x" * 104 + " (2 times)"),
        (4, "x" * 104 + " (4 times)"),
        (8, "x" * 104 + " (8 times)"),
    ]
    log.add("y")
    assert all_of(lines) == [(7, 3, "y")] and lines.lost == 0


def test_levels_choose_the_lines():
    app = App()
    app.log.add("i")
    app.log.warn("w")
    app.log.error("e")
    for level, expected in (
        (5, ["7 error e"]),
        (4, ["7 warning w", "7 error e"]),
        (3, ["7 info i", "7 warning w", "7 error e"]),
    ):
        follower = Follower(app, print, level, True)
        lines = [follower.next() for _ in range(5)]
        assert lines == expected + [""] * (5 - len(expected))
    follower = Follower(app, print, 2, False)
    assert follower.next() == ""
    app.state.update(reading(1, power_import_w=512), 90512000, 0)
    assert follower.next() == ("90512 debug telegram 2: list 1, 512 W, 88340 octets of heap free")
    assert follower.next() == ""


def test_levels_have_names():
    assert [telnet.level_of(name) for name in (b"verbose", b"error", b"", b"Info")] == [1, 5, 0, 0]
