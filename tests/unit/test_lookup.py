"""Names of hosts. Messages by hand, by RFC 1035."""

from lookup import is_address, question, read, server_of

NAME = b"\x03www\x07example\x03org\x00\x00\x01\x00\x01"
ASKED = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + NAME
HEAD = b"\x12\x34\x81\x80\x00\x01\x00%c\x00\x00\x00\x00"
A = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04\xc0\x00\x02\x07"
CNAME = b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x0e\x10\x00\x06\x03web\xc0\x10"
OTHER = b"\x03web\xc0\x10\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04\xc0\x00\x02\x08"


def test_the_question():
    assert question("www.example.org", b"\x12\x34") == ASKED
    for host in ("", ".", "a..b", "x" * 64 + ".org"):
        try:
            question(host, b"\x12\x34")
            raise AssertionError(host)
        except ValueError as e:
            assert "no host name" in str(e)
    for host, expected in (
        ("192.0.2.1", True),
        ("192.0.2", False),
        ("1.2.3.x", False),
        ("a.b.c.d", False),
    ):
        assert is_address(host) == expected


class Board:
    def __init__(self, server, router="192.0.2.1"):
        self._server = server
        self._router = router

    def ip_config(self):
        return ("192.0.2.9", "255.255.255.0", self._router, self._server)


def test_which_hosts_the_name_server_is_asked_for():
    board = Board("192.0.2.1")
    for host in ("www.example.org", "nas.lan", "192.0.2.7"):
        assert server_of(board, host) == "192.0.2.1", host
    for host in ("nas.local", "localhost", "NAS"):
        assert server_of(board, host) == "", host
    for server in ("", "0.0.0.0"):
        assert server_of(Board(server), "www.example.org") == ""
    assert server_of(Board("192.0.2.8"), "www.example.org") == "192.0.2.8 192.0.2.1"
    for router in ("", "0.0.0.0"):
        assert server_of(Board("192.0.2.8", router), "www.example.org") == "192.0.2.8"


def test_answers():
    assert read(HEAD % 1 + NAME + A, ASKED) == "192.0.2.7"
    assert read(HEAD % 2 + NAME + A + OTHER, ASKED) == "192.0.2.7"
    assert read(HEAD % 2 + NAME + CNAME + OTHER, ASKED) == "192.0.2.8"
    assert read((HEAD % 1 + NAME + A).replace(b"example", b"EXAMPLE"), ASKED) == "192.0.2.7"
    assert read(HEAD % 0 + NAME, ASKED) == ""
    assert read(HEAD % 1 + NAME + CNAME, ASKED) == ""
    assert read((HEAD % 0).replace(b"\x81\x80", b"\x81\x83") + NAME, ASKED) == ""


def test_what_is_no_answer():
    good = HEAD % 1 + NAME + A
    for octets in (
        b"",
        good[:11],
        b"\x12\x35" + good[2:],
        good.replace(b"example", b"exemple"),
        good[:2] + b"\x01" + good[3:],  # a question
        good[:5] + b"\x02" + good[6:],
    ):
        assert read(octets, ASKED) is None, octets
    for end in range(len(ASKED), len(good)):
        assert read(good[:end], ASKED) == ""
    loop = HEAD % 255 + NAME + b"\xc0\x0c" * 40
    assert read(loop, ASKED) == "" and read(HEAD % 255 + NAME + b"\x00" * 400, ASKED) == ""
