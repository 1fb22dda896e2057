"""Answers of time servers, built by hand from RFC 4330; the plan of questions."""

from judge import NTP
from net import ntp

NONCE = b"\x01\x02\x03\x04\x05\x06\x07\x08"
# 2026-03-17T10:20:00Z: 1,773,742,800 s after 1970, 3,982,731,600 s after 1900, ED 63 A9 50.
TRANSMIT = b"\xed\x63\xa9\x50\x00\x00\x00\x00"


def answer(first=0x24, stratum=2, nonce=NONCE, transmit=TRANSMIT):
    """Leap 0, version 4, mode 4 in the first octet."""
    head = bytes((first, stratum, 6, 0xEC)) + bytes(8) + b"GPS\x00" + bytes(8)
    return head + nonce + bytes(8) + transmit


def fault(octets):
    try:
        ntp.utc(octets, NONCE, 0)
    except ValueError as e:
        return str(e)
    raise AssertionError("it was taken")


def test_a_valid_answer():
    assert len(answer()) == 48
    assert ntp.utc(answer(), NONCE, 0) == 1773742800
    assert ntp.utc(answer(first=0x1C, stratum=15), NONCE, 0) == 1773742800  # version 3
    assert ntp.utc(answer(first=0x64, stratum=1), NONCE, 0) == 1773742800  # 61 s in this minute


def test_half_of_the_way_is_added_and_the_sum_rounded():
    quarter = TRANSMIT[:4] + b"\x40\x00\x00\x00"
    assert ntp.utc(answer(transmit=quarter), NONCE, 498) == 1773742800  # 0.25 s + 0.249 s
    assert ntp.utc(answer(transmit=quarter), NONCE, 500) == 1773742801  # 0.25 s + 0.25 s
    assert ntp.utc(answer(transmit=TRANSMIT[:4] + b"\xff\xff\xff\xff"), NONCE, 0) == 1773742801


def test_hostile_answers_are_refused_with_the_reason():
    assert fault(b"") == fault(answer()[:47]) == fault(answer() + b"\x00")
    assert "length" in fault(answer()[:47])
    assert "another question" in fault(answer(nonce=bytes(8)))
    assert "another question" in fault(answer(nonce=NONCE[:7] + b"\x09"))
    for mode in (0, 1, 2, 3, 5, 6, 7):
        assert "server" in fault(answer(first=0x20 | mode))
    assert "not set" in fault(answer(first=0xE4))  # leap 3
    for stratum in (0, 16, 255):
        assert "refuses" in fault(answer(stratum=stratum))
    assert "not set" in fault(answer(transmit=bytes(8)))


def test_the_seconds_begin_again_in_2036():
    # 2^32 s after 1900 are 2036-02-07T06:28:16Z, 2,085,978,496 s after 1970.
    assert ntp.utc(answer(transmit=b"\xff\xff\xff\xff" + bytes(4)), NONCE, 0) == 2085978495
    assert ntp.utc(answer(transmit=bytes(4) + b"\x00\x00\x00\x01"), NONCE, 0) == 2085978496
    assert ntp.utc(answer(transmit=b"\x00\x00\x00\x0a" + bytes(4)), NONCE, 0) == 2085978506


def test_servers_of_the_setting():
    assert ntp.servers("time.example") == ["time.example"]
    assert ntp.servers("a.example, b.example:124  c") == ["a.example", "b.example:124", "c"]
    pool = ["0.pool.ntp.org", "1.pool.ntp.org", "2.pool.ntp.org"]
    assert ntp.servers("pool.ntp.org") == ntp.servers("") == ntp.servers(" , ") == pool
    assert ntp.servers("no.pool.ntp.org")[2] == "2.no.pool.ntp.org"
    assert ntp.servers("2.no.pool.ntp.org") == ["2.no.pool.ntp.org"]
    assert ntp.servers("pool.ntp.org,time.example") == ["pool.ntp.org", "time.example"]


class Servers:
    """Time servers in place of the network's: `dead` ones do not answer, others tell TIME.

    by_dhcp  what net.dhcp returns; dhcp_asked counts how often it is asked
    """

    def __init__(self, dead=(), jitter=0, by_dhcp=None):
        self.dead = dead
        self.jitter = jitter
        self.by_dhcp = by_dhcp
        self.asked = []
        self.dhcp_asked = 0

    async def servers(self, app):
        self.dhcp_asked += 1
        return self.by_dhcp

    async def ask(self, server, usual_port, board):
        assert usual_port == 123 and board.ip_config()[0]
        self.asked.append(server)
        if server in self.dead:
            raise OSError("no answer")
        return TIME

    def urandom(self, n):
        return bytes([self.jitter] * n)


TIME = 1773742800


class Judge:
    """Run second `run`; wants the next answer after `wants` seconds."""

    def __init__(self, wants=0):
        self.run = 1000
        self.wants = wants
        self.heard = []

    def run_s(self):
        return self.run

    def waits(self):
        return self.wants

    def hear(self, kind, utc, server):
        assert (kind, utc) == (NTP, TIME)
        self.heard.append(server)


class App:
    """What net.ntp uses of the app: it is its own network, log, config, system and board."""

    def __init__(self, judge, setting, router, plan):
        self.network = self.log = self.config = self.system = self.board = self
        self.judge = judge
        self.ntp_server = setting
        self.ntp_plan = plan
        self.heard = False
        self.lines = []
        self._router = router

    def ip_config(self):
        return "192.168.1.5", "255.255.255.0", self._router, self._router

    def add(self, line):
        self.lines.append(line)


def plan_of(servers, judge, times, setting="a b", router="192.168.1.1", plan=None):
    """Ask so many times, each as soon as it is planned. Returns the pauses and the log."""
    app = App(judge, setting, router, plan or [0] * 4)
    kept = ntp.ask, ntp.os, ntp.visit
    ntp.ask, ntp.os, ntp.visit = servers.ask, servers, lambda name: Visit(name, servers)
    pauses = []
    try:
        for _ in range(times):
            asking = ntp.sync(app)
            heard = len(judge.heard)
            try:
                asking.send(None)
                raise AssertionError("it waits for something")
            except StopIteration:
                pass
            assert app.heard or len(judge.heard) == heard
            pauses.append(app.ntp_plan[0] - judge.run)
            judge.run = app.ntp_plan[0]
    finally:
        ntp.ask, ntp.os, ntp.visit = kept
    return pauses, app.lines


class Visit:
    """In place of a visit of net.dhcp."""

    def __init__(self, name, servers):
        assert name == "net.dhcp"
        self._servers = servers

    def __enter__(self):
        return self._servers

    def __exit__(self, *_):
        pass


def test_the_servers_of_the_setting_are_asked_in_turn_every_hour():
    servers, judge = Servers(), Judge()
    assert plan_of(servers, judge, 4) == ([3600] * 4, [])
    assert servers.asked == ["b", "a", "b", "a"] and judge.heard == [1, 0, 1, 0]
    assert plan_of(Servers(jitter=255), Judge(), 2) == ([4110] * 2, [])  # 68.5 min


def test_the_second_question_comes_after_5_s_the_others_as_the_judge_wants():
    for wants in (64, 640):
        assert plan_of(Servers(), Judge(wants), 4)[0] == [5, wants, wants, wants]
    assert plan_of(Servers(jitter=255), Judge(64), 2)[0] == [5, 64]


def test_failures_double_the_pause_up_to_an_hour():
    servers, judge = Servers(dead=("a", "b", "192.168.1.1")), Judge(64)
    pauses, log = plan_of(servers, judge, 12)
    assert pauses == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
    # The router after the third failure, and then each second time.
    router = "192.168.1.1"
    assert servers.asked == ["b", "a", "b"] + [router, "a", router, "b"] * 2 + [router]
    faults = ["time: %s: no answer" % name for name in ("b", "a", router, router)]
    assert log == faults  # the 1st, 2nd, 4th and 8th
    assert judge.heard == []
    assert plan_of(Servers(dead="ab", jitter=255), Judge(), 2)[0] == [17, 27]


def test_without_a_router_the_servers_are_asked_on():
    servers = Servers(dead="ab")
    plan_of(servers, Judge(), 6, router="")
    assert servers.asked == ["b", "a"] * 3


def test_a_router_that_tells_the_time_is_asked_after_one_failure_of_a_server():
    servers, judge = Servers(dead="ab"), Judge()
    pauses, log = plan_of(servers, judge, 9)
    assert servers.asked[3::2] == ["192.168.1.1"] * 3
    assert servers.asked[4::2] == ["a", "b", "a"]
    assert pauses == [10, 20, 40, 3600, 40, 3600, 40, 3600, 40]
    assert len(judge.heard) == 3 and len(log) == 2


def test_a_server_that_is_back_is_asked_alone():
    servers, judge = Servers(dead="ab"), Judge()
    plan = [0] * 4
    plan_of(servers, judge, 4, plan=plan)
    servers.dead = ()
    assert plan_of(servers, judge, 3, plan=plan)[0] == [3600] * 3
    assert servers.asked[4:] == ["a", "b", "a"]
    assert plan[1] == 0


def test_a_setting_with_a_wrong_port_is_a_failure_with_words():
    servers = Servers()

    async def ask(server, usual_port, board):
        raise ValueError("invalid syntax for integer with base 10")

    servers.ask = ask
    pauses, log = plan_of(servers, Judge(), 1, setting="a:b")
    assert pauses == [10] and log == ["time: a:b: invalid syntax for integer with base 10"]


TWO = b"\xc0\xa8\x01\x02\xc0\xa8\x01\x03"
NAMES = ["192.168.1.2", "192.168.1.3"]
NAMED = "time: DHCP names 192.168.1.2, 192.168.1.3"
POOL = "0.pool.ntp.org"


def test_usual_and_spare_servers():
    router = "192.168.1.1"
    pool = ["0.pool.ntp.org", "1.pool.ntp.org", "2.pool.ntp.org"]
    for usual in ("pool.ntp.org", ""):
        assert ntp.choice(usual, b"", router) == (pool, [router])
        assert ntp.choice(usual, TWO, router) == (NAMES, [POOL, router])
    assert ntp.choice("a b", b"", router) == (["a", "b"], [router])
    assert ntp.choice("a b", TWO, router) == (["a", "b"], NAMES + [router])
    assert ntp.choice("a b", TWO, "") == (["a", "b"], NAMES)
    assert ntp.choice("no.pool.ntp.org", TWO, "")[1] == NAMES  # the owner has named it
    # The router that DHCP or the owner names is asked as such only.
    assert ntp.choice("a", TWO, NAMES[1]) == (["a"], NAMES)
    assert ntp.choice("", TWO, NAMES[0]) == (NAMES, [POOL])
    assert ntp.choice("a 192.168.1.1", b"", router) == (["a", router], [])


def test_servers_of_dhcp_are_asked_in_place_of_the_pool():
    servers, judge = Servers(by_dhcp=TWO), Judge(64)
    pauses, log = plan_of(servers, judge, 4, setting="pool.ntp.org")
    assert servers.asked == NAMES[::-1] * 2 and judge.heard == [1, 0, 1, 0]
    assert pauses == [5, 64, 64, 64]
    assert log == [NAMED] and servers.dhcp_asked == 1


def test_without_servers_of_dhcp_the_pool_is_asked():
    for silent in (None, b""):
        servers = Servers(by_dhcp=silent)
        assert plan_of(servers, Judge(), 3, setting="")[1] == []
        assert servers.asked == ["1.pool.ntp.org", "2.pool.ntp.org", POOL]
        assert servers.dhcp_asked == 1


def test_dead_servers_of_dhcp_are_followed_by_the_pool_and_the_router():
    router = "192.168.1.1"
    servers = Servers(dead=NAMES + [POOL], by_dhcp=TWO)
    pauses, _ = plan_of(servers, Judge(), 8, setting="pool.ntp.org")
    first, second = NAMES
    assert servers.asked == [second, first, second, POOL, first, router, second, POOL]
    assert pauses == [10, 20, 40, 80, 160, 3600, 40, 80]
    assert servers.dhcp_asked == 1


def test_owners_servers_come_first_and_dhcp_is_asked_when_they_fail():
    servers, judge = Servers(by_dhcp=TWO), Judge()
    plan_of(servers, judge, 3)
    assert servers.dhcp_asked == 0
    servers.dead = ("a", "b")
    log = plan_of(servers, judge, 6, plan=[0, 0, 0, 0])[1]
    assert servers.asked[3:] == ["b", "a", "b", NAMES[0], "a", NAMES[0]]
    assert judge.heard[3:] == [2, 2]  # other numbers than the owner's servers have
    assert servers.dhcp_asked == 1 and NAMED in log
    servers.dead = ("a", "b", "192.168.1.2", "192.168.1.3")
    plan_of(servers, judge, 10, plan=[0, 0, 0, 0])
    assert servers.asked[-7:] == [NAMES[0], "a", NAMES[1], "b", "192.168.1.1", "a", NAMES[0]]


def test_dhcp_is_asked_in_each_connection_and_about_once_a_day():
    servers, judge = Servers(by_dhcp=TWO), Judge()
    plan = [0] * 4
    plan_of(servers, judge, 24, setting="", plan=plan)
    assert servers.dhcp_asked == 1
    servers.by_dhcp = None  # without an answer the known ones are kept
    log = plan_of(servers, judge, 24, setting="", plan=plan)[1]
    assert servers.dhcp_asked == 2 and servers.asked == NAMES[::-1] * 24 and log == []
    servers.by_dhcp = b""  # it names none any more
    plan_of(servers, judge, 1, setting="", plan=plan)
    assert servers.dhcp_asked == 3 and servers.asked[-1] == "1.pool.ntp.org"
    plan[3] = 0  # a new connection
    servers.by_dhcp = TWO
    assert plan_of(servers, judge, 2, setting="", plan=plan)[1] == [NAMED]
    assert servers.dhcp_asked == 4 and servers.asked[-2:] == NAMES
