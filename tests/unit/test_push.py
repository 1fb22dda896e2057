"""What is pushed to InfluxDB and to a webhook, and when it is sent again."""

import json

import ondemand
from doubles import LIST_2, LIST_3, app, merged, reading
from energy.blocks import ESTIMATED, MEASURED
from files import FilesDouble
from log import Log
from ondemand import visit
from push import address, influx, sender, webhook

BEGIN = 1704444300  # 2024-01-05T08:45:00Z, a quarter-hour
QUARTER = BEGIN // 900
ROWS = [(BEGIN, 250, 0, MEASURED), (BEGIN + 900, 0, 1200, ESTIMATED)]
INFLUX = {
    "push_kind": "influx",
    "push_url": "https://influx.example.com:8086/",
    "push_org": "My home",
    "push_bucket": "han&x/y",
    "push_token": "s3cret==",
}
WEBHOOK = {"push_kind": "webhook", "push_url": "http://nas.local:1880/han"}


class Network:
    connected = True


def made(*readings, **settings):
    """An app after these readings, with files and settings."""
    one = app(*readings, **settings)
    one.storage = FilesDouble()
    one.log = Log(one.system.uptime_s, echo=False)
    one.network = Network()
    one.push_at = 0
    one.push_failures = one.push_quarter = -1
    one.push_fault = ""
    return one


def settings_of(one):
    return sender._settings(one)


def test_line_protocol():
    one = made(reading(3, **merged(LIST_2, LIST_3)), **INFLUX)
    url, headers, body = influx.request(one, settings_of(one), True, ROWS)
    assert url == (
        "https://influx.example.com:8086/api/v2/write?org=My%20home&bucket=han%26x%2Fy&precision=s"
    )
    assert headers == {
        "Content-Type": "text/plain; charset=utf-8",
        "Authorization": "Token s3cret==",
    }
    lines = body.decode().split("\n")
    assert lines[0] == (
        "reading,device=ams-4b1e power_import_w=2143i,power_export_w=0i,reactive_import_var=0i,"
        "reactive_export_var=187i,voltage_l1_mv=231400i,voltage_l2_mv=229800i,"
        "voltage_l3_mv=230100i,current_l1_ma=6200i,current_l3_ma=3900i,"
        "energy_import_wh=48211734i,energy_export_wh=903120i,reactive_energy_import_varh=212408i,"
        'reactive_energy_export_varh=5120900i,meter_id="7359992890000001" 1704447010'
    )
    energy = "energy,device=ams-4b1e import_wh=%di,export_wh=%di,quality="
    assert lines[1:] == [
        energy % (250, 0) + '"measured" 1704444300',
        energy % (0, 1200) + '"estimated" 1704445200',
    ]


def test_line_protocol_escapes():
    # The examples of InfluxDB's documentation, "special characters".
    assert influx.tag("a,b=c d") == "a\\,b\\=c\\ d"
    assert influx.text('say "hi" \\ bye') == '"say \\"hi\\" \\\\ bye"'
    assert influx.encoded("caf\u00e9 100%") == "caf%C3%A9%20100%25"
    hostile = dict(LIST_2, meter_id='1"\n2\\')
    one = made(reading(2, **hostile), **INFLUX)
    body = influx.request(one, settings_of(one), True, [])[2].decode()
    assert body.endswith('meter_id="1\\"2\\\\" 1704447010') and "\n" not in body


def test_a_webhook_gets_one_object():
    one = made(reading(2, power_import_w=2143, meter_id='7"'), **dict(WEBHOOK, push_token="t"))
    url, headers, body = webhook.request(one, settings_of(one), True, ROWS)
    assert url == "http://nas.local:1880/han"
    assert headers == {"Content-Type": "application/json", "Authorization": "Bearer t"}
    assert json.loads(body) == {
        "device": "ams-4b1e",
        "mac": "7C:DF:A1:00:1E:4B",
        "meter": '7"',
        "t": 1704447010,
        "reading": {"power_import_w": 2143},
        "slots": [
            {"t": BEGIN, "s": 900, "import_wh": 250, "export_wh": 0, "q": "measured"},
            {"t": BEGIN + 900, "s": 900, "import_wh": 0, "export_wh": 1200, "q": "estimated"},
        ],
    }
    one = made(**WEBHOOK)
    headers, body = webhook.request(one, settings_of(one), False, [])[1:]
    assert headers == {"Content-Type": "application/json"}
    found = json.loads(body)
    assert (found["t"], found["reading"], found["slots"], found["meter"]) == (0, None, [], "")


def test_addresses():
    for good in (
        "https://a", "http://10.0.0.1:8086", "https://influx.example.com:443/x/y?z=1",
    ):  # fmt: skip
        assert address.fault(good) == "", good
    for bad, word in (
        ("", "begin"), ("ftp://a", "begin"), ("HTTP://a", "begin"), ("http:a", "begin"),
        ("http:/a/b", "begin"), ("//a", "begin"), ("https://", "host"), ("https:///x", "host"),
        ("https://user:1@host/", "no user name"), ("https://u:p@host", "no user name"),
        ("https://[::1]:80", "host"), ("https://a:", "port"), ("https://a:0", "port"),
        ("https://a:65536", "port"), ("https://a:x", "port"), ("https://a b", "spaces"),
        ("https://a\nX: y", "spaces"), ("https://caf\u00e9", "spaces"), ("https://a/#x", "#"),
        ("https://a?x", "host"),
    ):  # fmt: skip
        assert word in address.fault(bad), (bad, address.fault(bad))
    assert address.host_of("https://Influx.Example.com:8086/x") == "influx.example.com"
    assert address.host_of("") == ""


def test_the_home_network():
    for home in (
        "10.1.2.3", "127.0.0.1", "172.16.0.1", "172.31.9.9", "192.168.1.9", "169.254.1.1",
        "nas", "nas.local", "pi.fritz.box", "db.home.arpa",
    ):  # fmt: skip
        assert address.is_home(home), home
    for foreign in (
        "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.1.1", "11.0.0.1", "example.com",
        "10.0.0.1.example.com", "local.example.com", "xlocal.net",
    ):  # fmt: skip
        assert not address.is_home(foreign), foreign


def test_what_may_not_be_sent():
    def fault(**settings):
        return address.unfit(settings_of(made(**settings)))

    assert fault(**INFLUX) == "" and fault(**WEBHOOK) == ""
    assert "push_url" in fault(push_kind="influx")
    assert "push_bucket" in fault(**dict(INFLUX, push_bucket=""))
    assert "home network" in fault(**dict(WEBHOOK, push_url="http://example.com/x"))
    with_token = dict(WEBHOOK, push_token="secret")
    assert "push_plain" in fault(**with_token)
    assert fault(**dict(with_token, push_plain=True)) == ""
    assert "home network" in fault(
        **dict(with_token, push_plain=True, push_url="http://example.com/x")
    )


def test_pauses():
    assert [sender.pause(60, n, 0) for n in (-1, 0, 1, 2, 3, 6, 7, 20)] == [
        60, 60, 60, 120, 240, 1920, 3600, 3600,
    ]  # fmt: skip
    assert sender.pause(86400, 3, 0) == 86400
    assert sender.pause(60, 1, 300) == 300 and sender.pause(60, 1, 10**9) == 3600
    assert sender.pause(60, 0, 300) == 300


class Server:
    """In place of prices.fetch: answers (status, words) in turn, the last one for ever.

    got  (address, headers, body as text, certificates) of each question
    """

    def __init__(self, *answers, body=b"", later_s=0):
        self.answers = list(answers)
        self.body = body
        self.later_s = later_s
        self.got = []

    def Fetch(self, feed, most, certificates, names):
        self.names = names
        self._feed = feed
        self._certificates = certificates
        return self

    async def post(self, url, headers, body, limit_ms):
        self.got.append((url, headers, body.decode(), self._certificates))
        status, words = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status > 0 and self.body:
            self._feed(memoryview(self.body), len(self.body))
        return status, words

    def bodies(self):
        return [question[2].split("\n") for question in self.got]


class Visit:
    def __init__(self, module):
        self._module = module

    def __enter__(self):
        return self._module

    def __exit__(self, *_):
        pass


def push(one, server):
    """Send one message. Returns seconds until the next one."""
    kept = sender.visit, sender.os
    sender.visit = lambda name: Visit(server) if name == "prices.fetch" else visit(name)
    sender.os = server
    server.urandom = bytes
    running = sender.run(one)
    try:
        running.send(None)
        raise AssertionError("it waits for something")
    except StopIteration:
        pass
    finally:
        sender.visit, sender.os = kept
    return one.push_at - one.system.uptime_s()


def with_slots(count, first=QUARTER, **settings):
    """A reader with so many settled quarter-hours of its running day, 100 + i Wh each."""
    one = made(**settings)
    history, settler = one.energy.history, one.energy.settler
    history.day = first // 96
    for i in range(count):
        history.quarters.put(first % 96 + i, 100 + i, 0, MEASURED)
    settler.settled_until = (first + count) * 900 + 30
    one.system.judge.utc = lambda: (first + count) * 900 + 60
    return one


def start_at(one, quarter):
    one.storage.write_json("push.json", {"quarter": quarter})


def slots(lines):
    """The values in Wh of the lines of slots."""
    return [
        int(line.split("import_wh=")[1].split("i,")[0])
        for line in lines
        if line.startswith("energy,")
    ]


def told(one):
    """The log's lines."""
    return [text for _, text in one.log.lines()]


HOME = dict(INFLUX, push_url="http://192.168.1.9:8086", push_plain=True)
OK = (204, "")


def test_nothing_is_loaded_again_without_a_server():
    one = made()
    assert push(one, Server(OK)) > 100000000
    assert told(one) == []


def test_without_network_time_or_supply_nothing_is_sent():
    server = Server(OK)
    one = with_slots(2, **HOME)
    one.network.connected = False
    try:
        assert push(one, server) == 5
        one.network.connected = True
        one.system.tier = 3
        assert push(one, server) == 5
        one.system.tier = 0
        one.safe_s = 600
        assert push(one, server) == 5
        one.safe_s = 0
        one.system.judge.utc = lambda: 0
        assert push(one, server) == 5
    finally:
        Network.connected = True
    assert server.got == [] and one.storage.data == {}


def test_slots_from_the_first_message_on_are_sent_once():
    server = Server(OK)
    one = with_slots(4, **HOME)
    assert push(one, server) == 60
    assert server.got == []  # there is no telegram, and slots before are not sent
    assert one.storage.read_json("push.json") == {"quarter": QUARTER + 4}
    one.energy.history.quarters.put((QUARTER + 4) % 96, 700, 0, MEASURED)
    one.energy.settler.settled_until += 900
    one.system.judge.utc = lambda: (QUARTER + 5) * 900 + 60
    assert push(one, server) == 60
    assert [slots(lines) for lines in server.bodies()] == [[700]]
    assert push(one, server) == 60 and len(server.got) == 1
    assert told(one) == ["push: 192.168.1.9 takes the data"]


def test_what_was_not_delivered_is_sent_later_in_order():
    server = Server((0, "the connection failed: error 111"), (503, ""), OK)
    one = with_slots(50, QUARTER - 30, **HOME)
    start_at(one, QUARTER - 30)
    assert push(one, server) == 60
    assert one.push_fault == "192.168.1.9: the connection failed: error 111"
    assert push(one, server) == 120
    assert one.push_fault == "192.168.1.9: status 503" and one.push_failures == 2
    assert push(one, server) == 5  # there is more
    assert one.push_fault == "" and one.push_failures == 0
    assert push(one, server) == 5
    assert push(one, server) == 60
    found = [slots(lines) for lines in server.bodies()]
    first = list(range(100, 124))
    assert found == [first, first, first, list(range(124, 148)), [148, 149]]
    assert told(one) == [
        "push: 192.168.1.9: the connection failed: error 111",
        "push: 192.168.1.9: status 503",
        "push: 192.168.1.9 takes the data",
    ]


def test_the_position_is_stored_at_full_hours_and_used_after_a_restart():
    one = with_slots(6, QUARTER - QUARTER % 4, **HOME)
    first = QUARTER - QUARTER % 4
    start_at(one, first)
    push(one, Server(OK))
    assert one.storage.read_json("push.json") == {"quarter": first + 6}
    one.energy.settler.settled_until += 900
    one.energy.history.quarters.put((first + 6) % 96, 1, 0, MEASURED)
    one.system.judge.utc = lambda: (first + 7) * 900 + 60
    writes = one.storage.writes
    push(one, Server(OK))
    assert one.storage.writes == writes and one.push_quarter == first + 7
    one.push_quarter = -1  # a power cut
    server = Server(OK)
    push(one, server)
    assert [slots(lines) for lines in server.bodies()] == [[1]]  # the same point again


def test_slots_that_a_power_cut_took_from_the_history_are_sent_again():
    first = QUARTER - QUARTER % 4
    one = with_slots(8, first, **HOME)
    start_at(one, first + 8)
    writes = one.storage.writes
    sender.resume(one)  # all are saved
    assert one.storage.writes == writes and one.push_quarter == -1
    one = with_slots(5, first, **HOME)
    start_at(one, first + 8)
    sender.resume(one)
    assert one.storage.read_json("push.json") == {"quarter": first + 5}
    for i in (5, 6, 7, 8):
        one.energy.history.quarters.put(first % 96 + i, 200 + i, 0, ESTIMATED)
    one.energy.settler.settled_until = (first + 9) * 900 + 30
    one.system.judge.utc = lambda: (first + 9) * 900 + 60
    server = Server(OK)
    push(one, server)
    assert [slots(lines) for lines in server.bodies()] == [[205, 206, 207, 208]]
    for settled, branch, stored in ((0, 0, first), (5, 1, first + 8), (5, 0, "x"), (5, 0, None)):
        one = with_slots(5, first, **HOME)
        one.energy.settler.settled_until = settled and one.energy.settler.settled_until
        one.energy.history.branch = branch
        start_at(one, stored)
        sender.resume(one)
        assert one.storage.read_json("push.json") == {"quarter": stored}
        assert one.push_quarter == -1


def test_a_position_of_a_wrong_clock_or_of_long_ago_is_not_used():
    one = with_slots(3, **HOME)
    start_at(one, QUARTER + 100000)
    push(one, Server(OK))
    assert one.push_quarter == QUARTER + 3
    one = with_slots(3, **HOME)
    start_at(one, 1)
    push(one, Server(OK))
    assert one.push_quarter == QUARTER + 3 - 40 * 96 + 3 * 96  # three days a message
    for damaged in ("x", None, 1.5):
        one = with_slots(3, **HOME)
        start_at(one, damaged)
        push(one, Server(OK))
        assert one.push_quarter == QUARTER + 3


def test_energy_that_is_counted_apart_waits():
    one = with_slots(3, **HOME)
    start_at(one, QUARTER)
    one.energy.history.branch = 2
    server = Server(OK)
    assert push(one, server) == 60 and server.got == []
    one.energy.history.branch = 0
    push(one, server)
    assert [slots(lines) for lines in server.bodies()] == [[100, 101, 102]]


def test_refused_content_is_sent_in_halves_and_a_refused_slot_left_out():
    one = with_slots(5, **HOME)
    start_at(one, QUARTER)
    server = Server((422, ""), body=b'{"message":"beyond retention"}')
    assert push(one, server) == 60
    assert [slots(lines) for lines in server.bodies()] == [
        [100, 101, 102, 103, 104], [100, 101], [100],
    ]  # fmt: skip
    assert one.push_quarter == QUARTER + 1
    assert "status 422: the data is not taken: {" in one.push_fault
    assert told(one)[0].startswith("push: a slot is left out: 192.168.1.9: status 422: the data")
    server = Server((400, ""), OK)
    push(one, server)
    assert [slots(lines) for lines in server.bodies()] == [[101, 102, 103, 104], [101, 102]]
    assert one.push_quarter == QUARTER + 3


def test_a_refused_telegram_does_not_hold_back_the_slots():
    one = made(reading(3, **merged(LIST_2, LIST_3)), **HOME)
    one.energy.history.day = QUARTER // 96
    one.energy.history.quarters.put(QUARTER % 96, 100, 0, MEASURED)
    one.energy.settler.settled_until = (QUARTER + 1) * 900
    start_at(one, QUARTER)
    server = Server((422, ""), OK, body=b"field type conflict")
    push(one, server)
    with_telegram, alone = server.bodies()
    assert with_telegram[0].startswith("reading,") and slots(with_telegram) == [100]
    assert len(alone) == 1 and slots(alone) == [100]
    assert one.push_quarter == QUARTER + 1 and one.push_failures == 1
    assert one.push_fault.endswith("field type conflict")


def test_an_old_telegram_is_not_sent_as_new():
    one = made(reading(3, **merged(LIST_2, LIST_3)), **HOME)
    server = Server(OK)
    push(one, server)
    assert len(server.got) == 1 and server.names == "192.168.1.1"
    one.config.stored["push_url"] = "http://nas.local:8086"
    push(one, server)
    assert len(server.got) == 2 and server.names == ""  # by mDNS
    server.got.pop()
    one.system.board.ticks += 120000
    push(one, server)
    assert len(server.got) == 1


def test_other_refusals_lose_nothing_and_have_words():
    for status, word in (
        (401, "push_token"),
        (403, "may not write"),
        (404, "bucket"),
        (500, "500"),
    ):
        one = with_slots(2, **HOME)
        start_at(one, QUARTER)
        server = Server((status, ""))
        push(one, server)
        assert len(server.got) == 1 and one.push_quarter == QUARTER, status
        assert word in one.push_fault, one.push_fault
    one = with_slots(2, **HOME)
    assert push(one, Server(OK)) == 60
    start_at(one, QUARTER)
    one.push_quarter = -1
    assert push(one, Server((429, ""), later_s=900)) == 900


def test_the_token_is_in_no_words():
    one = with_slots(2, **HOME)
    start_at(one, QUARTER)
    push(one, Server((401, ""), body=b"bad token s3cret== \xff\n"))
    assert one.push_fault.endswith("bad token ***")
    assert len(told(one)) == 1 and "s3cret" not in told(one)[0]


def test_wrong_settings_are_told_once_and_again_later():
    one = with_slots(2, **dict(HOME, push_plain=False))
    server = Server(OK)
    assert [push(one, server) for _ in range(4)] == [60, 120, 240, 480]
    assert server.got == [] and "push_plain" in one.push_fault
    assert len(told(one)) == 1 and told(one)[0].endswith("(3 times)")  # the 1st, 2nd, 4th


def test_certificates_of_a_server_with_tls():
    one = with_slots(2, **INFLUX)
    start_at(one, QUARTER)
    der = b"\x30\x03abc"
    one.storage.data["push-ca"] = der + b"\x30\x01d"
    server = Server((-1, "the server cannot prove who it is: x"))
    push(one, server)
    assert [question[3] for question in server.got] == [[der, b"\x30\x01d"]]
    assert "cannot prove" in one.push_fault and "/push-ca" not in one.push_fault
    one.storage.data["push-ca"] = b"\x30\x03ab"
    server = Server(OK)
    push(one, server)
    assert server.got == [] and "push-ca: it is damaged" in one.push_fault
    del one.storage.data["push-ca"]
    server = Server((-1, "no"), (-1, "no"), OK)
    push(one, server)
    with visit("prices.roots") as roots:
        assert server.got[0][3] == [roots.der(0), roots.der(1)]
        assert server.got[2][3] == [roots.der(4), roots.der(5)]
        groups = (roots.COUNT + 1) // 2
    assert one.storage.read_json("push.json")["root"] == 4
    one.push_quarter = -1
    start = one.storage.read_json("push.json")
    one.storage.write_json("push.json", dict(start, quarter=QUARTER))
    server = Server((-1, "the server cannot prove who it is: x"))
    push(one, server)
    assert len(server.got) == groups and "/push-ca" in one.push_fault
    assert not [name for name in ondemand._visited if name.startswith(("push", "prices"))]
    assert one.push_quarter == QUARTER
