"""A DHCPINFORM and its answers, built by hand from RFC 2131 and RFC 2132."""

from net import dhcp

MAC = b"\x02\x00\x00\x00\x1e\x4b"
XID = b"\x39\x03\xf3\x26"
IP = b"\xc0\xa8\x01\x05"  # 192.168.1.5
COOKIE = b"\x63\x82\x53\x63"
ACK = b"\x35\x01\x05"
END = b"\xff"
FIRST = b"\xc0\xa8\x01\x02"
SECOND = b"\x0a\x00\x00\x07"
SERVER = b"\x36\x04\xc0\xa8\x01\x01"  # 54: the server's address


def reply(options, op=b"\x02", xid=XID, mac=MAC, cookie=COOKIE, kind=b"\x01\x06"):
    """An answer: hops 0, secs 0, flags 0, ciaddr, yiaddr and siaddr 0, giaddr."""
    head = op + kind + b"\x00" + xid + bytes(4) + IP + bytes(8) + IP + mac + bytes(10)
    assert len(head) == 44
    return head + bytes(64 + 128) + cookie + options


def fault(message):
    try:
        found = dhcp.answer(message, MAC, XID)
    except ValueError as e:
        return str(e)
    raise AssertionError("it was taken: %r" % found)


def test_the_question():
    question = dhcp.question(IP, MAC, XID)
    assert len(question) == 300
    assert question[:8] == b"\x01\x01\x06\x00" + XID  # a request, Ethernet, 6 octets, no hop
    assert question[8:12] == bytes(4)  # seconds, flags: no broadcast
    assert question[12:28] == IP + bytes(4) + bytes(4) + IP  # ciaddr .. giaddr
    assert question[28:44] == MAC + bytes(10)
    assert question[44:236] == bytes(192)
    assert question[236:240] == COOKIE
    # 53, 1 octet: 8 DHCPINFORM; 55, 1 octet: 42 is wanted; the end; padding.
    assert question[240:] == b"\x35\x01\x08\x37\x01\x2a\xff" + bytes(53)


def test_servers_of_an_answer():
    assert dhcp.answer(reply(ACK + b"\x2a\x04" + FIRST + END), MAC, XID) == FIRST
    both = SERVER + b"\x2a\x08" + FIRST + SECOND + b"\x00\x00" + ACK + END + bytes(20)
    assert dhcp.answer(reply(both), MAC, XID) == FIRST + SECOND
    assert dhcp.answer(reply(ACK + SERVER + END), MAC, XID) == b""
    assert dhcp.answer(reply(ACK + b"\x2a\x00" + END), MAC, XID) == b""
    five = b"\x2a\x14" + FIRST * 2 + SECOND + FIRST * 2
    assert dhcp.answer(reply(ACK + five + END), MAC, XID) == FIRST * 2 + SECOND


def test_an_option_in_parts_is_put_together():
    parts = b"\x2a\x03" + FIRST[:3] + ACK + b"\x2a\x05" + FIRST[3:] + SECOND
    assert dhcp.answer(reply(parts + END), MAC, XID) == FIRST + SECOND


def test_addresses_of_no_host_are_left_out():
    none = b"\x00\x00\x00\x00" + b"\xff\xff\xff\xff" + b"\xe0\x00\x01\x01"
    message = reply(ACK + b"\x2a\x14" + none + FIRST + SECOND + END)
    assert dhcp.answer(message, MAC, XID) == FIRST + SECOND


def test_hostile_answers_are_refused_with_the_reason():
    good = ACK + b"\x2a\x04" + FIRST + END
    assert "no answer" in fault(b"")
    assert "no answer" in fault(reply(b""))
    assert "no answer" in fault(reply(good, op=b"\x01"))
    assert "no answer" in fault(reply(good, kind=b"\x06\x06"))
    assert "no answer" in fault(reply(good, kind=b"\x01\x07"))
    assert "another" in fault(reply(good, xid=bytes(4)))
    assert "another" in fault(reply(good, mac=MAC[:5] + b"\x4c"))
    assert "no options" in fault(reply(good, cookie=bytes(4)))
    for kind in (b"\x35\x01\x02", b"\x35\x01\x06", b"\x35\x02\x05\x05", b"\x35\x00", SERVER):
        assert "acknowledgement" in fault(reply(kind + good[3:]))
    assert "length" in fault(reply(ACK + b"\x2a\x05" + FIRST + b"\x01" + END))


def test_an_answer_cut_anywhere_in_its_options_is_refused():
    message = reply(ACK + SERVER + b"\x2a\x08" + FIRST + SECOND + END)
    assert dhcp.answer(message, MAC, XID) == FIRST + SECOND
    for size in range(len(message)):
        assert fault(message[:size])
    assert "cut off" in fault(message[:-1])
    assert "cut off" in fault(reply(ACK + b"\x2a"))
    assert "cut off" in fault(reply(ACK + b"\x2a\xff" + FIRST + END))


def test_addresses_as_text_and_octets():
    assert dhcp.octets("192.168.1.5") == IP
    assert dhcp.broadcast("192.168.1.5", "255.255.255.0") == "192.168.1.255"
    assert dhcp.broadcast("10.1.2.3", "255.255.240.0") == "10.1.15.255"
    assert dhcp.broadcast("10.1.2.3", "") == ""


def test_the_port_of_a_sender_on_a_chip_and_on_a_pc():
    assert dhcp.port_of(("192.168.1.1", 67)) == 67
    assert dhcp.port_of(b"\x02\x00\x1a\x6f\xc0\xa8\x01\x01" + bytes(8)) == 0x1A6F


class App:
    """What net.dhcp uses of the app before it has a socket."""

    dhcp_port = 67

    def __init__(self, address):
        self.config = self.system = self.network = self.board = self
        self._address = address

    def ip_config(self):
        return "192.168.1.50", "255.255.255.0", "192.168.1.1", "192.168.1.1"

    def setting(self, name):
        assert name == "address"
        return self._address


def test_with_a_static_address_dhcp_is_not_asked():
    for address in ("192.168.1.50/24 192.168.1.1", "192.168.1.50,192.168.1.1"):
        asking = dhcp.servers(App(address))
        try:
            asking.send(None)
            raise AssertionError("it waits for an answer")
        except StopIteration as e:
            assert e.value is None
