"""The name server of the access point; datagrams made by hand from RFC 1035."""

from net import captive
from net.captive import ANSWER, QUERY, answer, strongest

# Id 0x1234, RD, one question.
HEAD = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
APPLE = b"\x07captive\x05apple\x03com\x00"
A = b"\x00\x01\x00\x01"
# Pointer to octet 12, type A, class IN, TTL 0, length 4, 192.168.4.1.
RECORD = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\xc0\xa8\x04\x01"


def told(query):
    out = bytearray(b"\xee" * ANSWER)
    size = answer(query, out)
    assert 0 <= size <= ANSWER < 512 and len(out) == ANSWER
    return bytes(out[:size])


def test_every_name_is_the_reader():
    # QR, AA, RD copied; RA, no error; one question, one answer.
    head = b"\x12\x34\x85\x80\x00\x01\x00\x01\x00\x00\x00\x00"
    for name in (APPLE, b"\x00", b"\x01a\x00", b"\x05ams\xff\x00\x05local\x00"):
        assert told(HEAD + name + A) == head + name + A + RECORD
    assert told(b"\x12\x34\x00" + HEAD[3:] + APPLE + A)[2] == 0x84  # no recursion wanted
    for kind in (b"\x00\xff\x00\x01", b"\x00\x01\x00\xff"):  # type ANY, class ANY
        assert told(HEAD + APPLE + kind) == head + APPLE + kind + RECORD


def test_other_types_have_no_record_and_no_error():
    head = b"\x12\x34\x85\x80\x00\x01\x00\x00\x00\x00\x00\x00"
    # AAAA 28, HTTPS 65, SVCB 64, PTR 12, MX 15, TXT 16, 257: its low octet is that of A; class CH.
    for kind in (b"\x00\x1c\x00\x01", b"\x00\x41\x00\x01", b"\x00\x40\x00\x01",
                 b"\x00\x0c\x00\x01", b"\x00\x0f\x00\x01", b"\x00\x10\x00\x01",
                 b"\x01\x01\x00\x01", b"\x00\x01\x00\x03", b"\x00\x01\x01\x01"):  # fmt: skip
        assert told(HEAD + APPLE + kind) == head + APPLE + kind


def test_the_rest_of_a_query_is_not_answered():
    """An OPT record of EDNS, and the bit AD, which newer resolvers send."""
    opt = b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00"
    query = b"\x12\x34\x01\x20\x00\x01\x00\x00\x00\x00\x00\x01" + APPLE + A + opt
    assert told(query) == b"\x12\x34\x85\x80\x00\x01\x00\x01" + bytes(4) + APPLE + A + RECORD


def test_the_longest_name_and_one_octet_more():
    label = b"\x3f" + b"x" * 63
    longest = label * 3 + b"\x3d" + b"x" * 61 + b"\x00"
    assert len(longest) == 255
    query = HEAD + longest + A
    assert len(query) == QUERY and told(query)[12:] == longest + A + RECORD
    assert len(told(query)) == ANSWER
    longer = label * 3 + b"\x3e" + b"x" * 62 + b"\x00"
    assert told(HEAD + longer + A) == b""
    assert told((HEAD + longer + A)[:QUERY]) == b""
    assert told(HEAD + b"\x40" + b"x" * 64 + b"\x00" + A) == b""  # a label of 64 octets


def test_truncated_queries_are_dropped():
    whole = HEAD + APPLE + A
    for size in range(len(whole)):
        assert told(whole[:size]) == b"", size


def test_pointers_are_dropped_also_loops():
    for name in (b"\xc0\x0c", b"\xc0\x0e\xc0\x0c", b"\x01a\xc0\x0c", b"\xc0", b"\xff\xff",
                 b"\x03www\xc0\xff", b"\x80\x01"):  # fmt: skip
        assert told(HEAD + name + A) == b""


def test_answers_other_opcodes_and_no_question_are_dropped():
    rest = HEAD[4:] + APPLE + A
    assert told(b"\x12\x34\x81\x80" + rest) == b""  # an answer: two servers would never end
    for opcode in range(1, 16):
        assert told(bytes((0x12, 0x34, opcode << 3, 0)) + rest) == b""
    assert told(b"\x12\x34\x01\x00" + bytes(8) + APPLE + A) == b""


def test_several_questions_are_a_format_error():
    for count in (b"\x00\x02", b"\x01\x00", b"\xff\xff"):
        query = HEAD[:4] + count + HEAD[6:] + (APPLE + A) * 2
        assert told(query) == b"\x12\x34\x85\x81" + bytes(8)


def test_what_one_answer_left_is_not_in_the_next():
    out = bytearray(ANSWER)
    long = HEAD + b"\x3f" + b"x" * 63 + b"\x00" + A
    assert answer(long, out) == 12 + 65 + 4 + 16
    query = HEAD + b"\x01a\x00\x00\x1c\x00\x01"
    assert bytes(out[: answer(query, out)]) == b"\x12\x34\x85\x80\x00\x01" + bytes(6) + query[12:]
    assert bytes(out[: answer(HEAD[:5] + b"\x02" + HEAD[6:], out)])[4:] == bytes(8)


class Numbers:
    """The same pseudo-random numbers on both runtimes."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 75 + 74) % 65537
        return self.state * limit // 65537


def test_malformed_datagrams_never_raise():
    """20,000: random octets, and questions with octets changed, cut and doubled."""
    numbers = Numbers(1)
    out = bytearray(ANSWER)
    good = (
        HEAD + APPLE + A,
        HEAD + b"\x3f" + b"y" * 63 + b"\x00\x00\x1c\x00\x01",
        HEAD + b"\x00" + A,
    )
    answers = 0
    for i in range(20000):
        if i & 1:
            query = bytearray(good[i // 2 % 3])
            for _ in range(1 + numbers.below(3)):
                query[numbers.below(len(query))] = numbers.below(256)
            query = bytes(query[: numbers.below(2 * len(query)) + 1])
        else:
            query = bytes([numbers.below(256) for _ in range(numbers.below(40))])
            if i & 2:
                query = HEAD + query
        size = answer(query[:QUERY], out)
        assert 0 <= size <= 512
        if size:
            answers += 1
            said = bytes(out[:size])
            assert (
                size >= 12
                and said[:2] == query[:2]
                and said[2] & 0xF8 == 0x80
                and len(query) >= 12
            )
            if said[5]:  # the question and nothing else
                end = size - 16 * said[7]
                assert said[12:end] == query[12:end] and said[end:] == RECORD * said[7]
    assert 1000 < answers < 19000


def point(name, rssi, channel=1, security=3):
    return name, b"\x02" * 6, channel, rssi, security


def test_each_network_once_with_its_strongest_access_point():
    found = [
        point(b"a", -70),
        point(b"", -20),  # hidden
        point(b"b", -60, 6, 0),
        point(b"a", -80),  # weaker, after the stronger one
        point(b"c", -60, 11),
        point(b"d", -90),
        point(b"d", -50, 9),  # stronger, after the weaker one
        point(b"a", -65, 3),
        point(b"b", -60, 13),  # as strong: the first one stays
    ]
    assert strongest(found) == [
        (b"d", -50, 9, 3),
        (b"b", -60, 6, 0),
        (b"c", -60, 11, 3),
        (b"a", -65, 3, 3),
    ]
    assert strongest([]) == []


def test_the_twenty_strongest_networks_are_kept():
    for order in (1, -1):
        found = [point(b"n%d" % i, -40 - i) for i in range(64)][::order]
        names = [row[0] for row in strongest(found + found)]
        assert names == [b"n%d" % i for i in range(20)]


class SocketDouble:
    """The module and its socket: datagrams that wait, and those that were sent."""

    AF_INET = SOCK_DGRAM = SOL_SOCKET = SO_REUSEADDR = 0

    def __init__(self, waiting=(), fault=None):
        self.waiting = list(waiting)
        self.fault = fault
        self.sent = []
        self.port = None
        self.closed = 0

    def socket(self, *kind):
        return self

    def getaddrinfo(self, host, port):
        return [(0, 0, 0, "", (host, port))]

    def setsockopt(self, *option):
        pass

    def bind(self, address):
        if self.fault:
            raise self.fault
        self.port = address[1]

    def setblocking(self, flag):
        assert flag is False

    def recvfrom(self, most):
        assert most == QUERY
        if not self.waiting:
            raise OSError(11)
        query = self.waiting.pop(0)
        if query is None:
            raise MemoryError
        return query[:most], "phone"

    def sendto(self, octets, sender):
        self.sent.append((bytes(octets), sender))

    def close(self):
        self.closed += 1


class AppOfCaptive:
    """Board, network, log and settings of the name server."""

    def __init__(self, scans=()):
        self.scans = list(scans)
        self.config = self.system = self.board = self.network = self.log = self
        self.ticks = 0
        self.lines = []

    def add(self, line):
        self.lines.append(line)

    def ticks_ms(self):
        return self.ticks

    def scan(self):
        return self.scans.pop(0)


def made(app, sockets):
    """A Captive with this module socket."""
    original = captive.socket
    captive.socket = sockets
    try:
        return captive.Captive(app)
    finally:
        captive.socket = original


def test_a_tick_answers_what_waits_and_at_most_eight():
    query = HEAD + APPLE + A
    sockets = SocketDouble([query, b"noise", query + bytes(500)] + [query] * 8)
    server = made(AppOfCaptive(), sockets)
    assert sockets.port == 53
    server.tick()
    assert [sender for _, sender in sockets.sent] == ["phone"] * 7 and len(sockets.waiting) == 3
    assert sockets.sent[0][0].endswith(RECORD) and sockets.sent[1][0] == sockets.sent[0][0]
    server.tick()
    server.tick()
    assert len(sockets.sent) == 10
    sockets.waiting = [None, query]
    server.tick()  # without memory: the next tick goes on
    server.tick()
    assert len(sockets.sent) == 11
    server.close()
    server.close()
    server.tick()
    assert sockets.closed == 1


def test_a_busy_port_is_told_and_the_rest_works():
    app = AppOfCaptive([[point(b"a", -50)]])
    sockets = SocketDouble([HEAD + APPLE + A], OSError(98))
    server = made(app, sockets)
    assert "53" in app.lines[0] and len(app.lines) == 1 and sockets.closed == 1
    server.tick()
    assert not sockets.sent
    assert server.networks() == [(b"a", -50, 1, 3)]


def test_a_scan_is_kept_for_ten_seconds_but_not_an_empty_one():
    app = AppOfCaptive([[], [point(b"a", -50)], [point(b"b", -50)]])
    app.ticks = 0x3FFFFFFF - 4000  # the counter wraps
    server = made(app, SocketDouble())
    assert server.networks() == []
    assert server.networks()[0][0] == b"a"
    app.ticks = 5998
    assert server.networks()[0][0] == b"a"
    app.ticks = 5999
    assert server.networks()[0][0] == b"b"
    app.ticks = 6000
    assert server.networks()[0][0] == b"b" and not app.scans
