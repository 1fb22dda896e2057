"""Who may do what, by requests without a socket; on both runtimes."""

import binascii
import hashlib
import json

import passwords
from ondemand import visit
from test_events import run
from test_exchange import BODIES, ClientDouble, ServerDouble, answered, without_waiting
from web import auth, exchange, guard, routes, server
from web.documents import login, setup_parts

HOME = ("192.168.1.20", 50123)
EVIL = ("192.168.1.66", 40000)
WRONG = {"WWW-Authenticate": 'Basic realm="Secure Area"', "Content-Type": "text/html"}
HTML = "\nAccept: text/html,application/xhtml+xml,*/*;q=0.8"


class Locked(ServerDouble):
    """A reader with a password, and the level that needs it."""

    def __init__(self, security, user="olav", password="hemmelig", **settings):
        super().__init__()
        app = self.app
        self.now_s = 1000
        app.system.uptime_s = lambda: self.now_s
        settings["web_user"] = user
        settings["web_password"] = passwords.stored(password)
        settings["web_security"] = security
        for name in settings:
            app.config.set(name, settings[name])
        app.config.doubt()

    def asked(self, head, more="", peer=HOME, body=b""):
        """(status, headers, body) of a request."""
        if head[:4] == "POST":
            more += "\nContent-Length: %d" % len(body)
        client = ClientDouble(head + " HTTP/1.0" + more + "\n\n", body)
        client.peer = peer
        return without_waiting(answered(self, client))


def basic(user="olav", password="hemmelig"):
    code = binascii.b2a_base64(("%s:%s" % (user, password)).encode()).decode().strip()
    return "\nAuthorization: Basic " + code


def log_in(reader, peer=HOME, password="hemmelig", more="", user="olav"):
    body = ("user=%s&password=%s&next=%%2Fstatus" % (user, password)).encode()
    return reader.asked("POST /login", more, peer, body)


def cookie(headers):
    return "\nHost: attic\nCookie: " + headers["Set-Cookie"].split(";")[0]


def test_the_slow_hash_is_pbkdf2_with_hmac_sha256():
    """RFC 7914, 11, and the vectors of RFC 6070 with SHA-256; a password over a block's length."""
    for password, salt, rounds, key in (
        (b"passwd", b"salt", 1,
         "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        (b"password", b"salt", 2,
         "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"),
        (b"password", b"salt", 4096,
         "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"),
        (b"x" * 70, b"NaCl", 3,
         "80a36c6f818705f1cb67206c2350a627d0519e3bc9688a5d90e8aef9bd4bde09"),
    ):  # fmt: skip
        steps = list(passwords.derive(password, salt, rounds))
        assert steps[-1].hex() == key and len(steps) == rounds // 25 + 1
        assert not [step for step in steps[:-1] if step]


def test_a_stored_password_is_salted_short_and_checked():
    text = passwords.stored("\u00e5" * 63)
    assert (
        text.startswith("p1000$") and len(text) == 55 and text != passwords.stored("\u00e5" * 63)
    )
    assert passwords.stored(text) == text and passwords.stored("") == ""
    for typed, right in (
        ("\u00e5" * 63, True),
        ("\u00e5" * 62, False),
        ("", False),
        (text, False),
    ):
        steps = list(passwords.check(text, typed.encode()))
        assert steps == [None] * 40 + [right]
    for typed, right in ((b"plain", True), (b"plai", False), (b"plain\0", False), (b"", False)):
        assert list(passwords.check("plain", typed)) == [right]
    assert list(passwords.check("", b"")) == [False]
    assert list(passwords.check(text, b"x" * 253)) == [False]
    for text in ("p$a$b", "p0$AAAA$AAAA", "p1000$!$!", "p9999999$AAAA$" + "A" * 32, "a$b", "p1$$"):
        assert passwords.parse(text) is None
    try:
        passwords.stored("x" * 64)
        raise AssertionError
    except ValueError as e:
        assert "63 characters" in str(e)


def test_a_password_in_the_settings_becomes_a_hash():
    reader = Locked(1)
    config, files = reader.app.config, reader.app.storage
    config.set("web_password", "open sesame")
    passwords.protect(config, files)
    assert config.web_password.startswith("p1000$")
    assert files.read_json("config.json")["web_password"] == config.web_password
    writes = files.writes
    passwords.protect(config, files)
    assert files.writes == writes
    changes = {"web_password": "other", "web_user": "a"}
    assert passwords.hidden(changes)["web_password"][:6] == "p1000$"
    assert changes["web_password"] == "other"
    for value in (7, None):
        assert passwords.hidden({"web_password": value}) == {"web_password": value}


# Endpoints by the level of the AMS reader: behaviour 12.4, formats 1.2. This reader's own
# documents: what shows or changes settings is level 1, the others are level 2.
OPEN = ("/is-alive", "/robots.txt", "/sysinfo.json", "/realtime.json", "/ssdp/schema.xml",
        "/login.html", "/favicon.svg", "/logo.svg")  # fmt: skip
SETTINGS = ("/configuration.json", "/configfile.cfg", "/priceconfig.json", "/wifiscan.json",
            "/wifitest.json", "/wifi.json", "/wifi/test.json", "/lists.txt", "/api/tokens",
            "/api/config", "/api/settings.json", "/backup.json", "/diagnostics.txt",
            "/cloudkey.json", "/firmware", "/recovery", "/fwchannel", "/inspect.json",
            "/capture.hex", "/pricepreview.json", "/api/certificates.json", "/mqtt-ca",
            "/mqtt-cert", "/mqtt-key", "/push-ca", "/price-ca", "/upgrade-ca",
            "/board.json")  # fmt: skip


def test_each_endpoint_has_the_level_of_the_ams_reader():
    for path, method, _, _, _, _ in routes.ROUTES:
        expected = 0 if path in OPEN else 1 if path in SETTINGS else 2
        if method not in ("GET", "HEAD"):
            expected = 0 if path in ("/login", "/logout") else 1
        row = routes.find(path, method)
        assert routes.level(row, path, method) == expected, (path, method)
    for path, level in (("/", 2), ("/index.html", 2), ("/settings", 2), ("/login", 0),
                        ("/a-1234.js", 0), ("/a-1234.css", 0), ("/favicon.svg", 0)):  # fmt: skip
        assert routes.level(None, path, "GET") == level


def test_levels_and_endpoints_with_and_without_credentials():
    #           security:   0    1    2   without, then with credentials: always served
    for path, statuses in (
        ("GET /is-alive", (200, 200, 200)),
        ("GET /robots.txt", (200, 200, 200)),
        ("GET /dayplot.json", (200, 200, 401)),
        ("GET /history.csv", (200, 200, 401)),
        ("GET /", (200, 200, 401)),
        ("GET /app-1234.js", (200, 200, 200)),
        ("GET /nope", (404, 404, 404)),
        ("GET /events", (200, 200, 401)),
        ("GET /lists.txt", (200, 401, 401)),
        ("HEAD /lists.txt", (200, 401, 401)),
        ("POST /reboot", (200, 401, 401)),
        ("POST /dayplot", (200, 401, 401)),
        ("POST /prices", (200, 401, 401)),
    ):
        for security in (0, 1, 2):
            body = BODIES.get(path[5:], b"")
            reader = Locked(security)
            status, headers, _ = reader.asked(path, body=body)
            assert status == statuses[security], (path, security)
            if status == 401:
                for name in WRONG:
                    assert headers[name] == WRONG[name]
                assert headers["Content-Length"] == "0"
                assert not reader.restarts and reader.app.energy.edit_id == 0
            assert reader.asked(path, basic(), body=body)[0] == statuses[0], (path, security)


def test_only_the_right_user_and_password_are_let_in():
    for user, password in (("olav", "Hemmelig"), ("Olav", "hemmelig"), ("", "hemmelig"),
                           ("olav", ""), ("olav", "hemmelig "), ("", "")):  # fmt: skip
        assert Locked(2).asked("GET /dayplot.json", basic(user, password))[0] == 401
    for text in ("Authorization: Basic", "Authorization: Basic !!", "Authorization: x",
                 "Authorization: Bearer", "Authorization: Bearer x", "Cookie: reader",
                 "Cookie: reader=; reader=0", "Authorization: Basic b2xhdg=="):  # fmt: skip
        assert Locked(2).asked("GET /dayplot.json", "\nHost: attic\n" + text)[0] == 401, text
    assert Locked(2, user="").asked("GET /dayplot.json", basic(""))[0] == 200
    assert Locked(2, password="a:b").asked("GET /dayplot.json", basic(password="a:b"))[0] == 200


def test_without_a_password_the_level_has_no_effect_and_is_told():
    reader = Locked(2, password="")
    assert reader.asked("GET /dayplot.json")[0] == 200
    assert [d for d in reader.app.config.doubts if "web_security has no effect" in d]


def test_credentials_that_were_right_cost_no_hash_again():
    reader = Locked(2)
    checks = []
    original = passwords.check
    passwords.check = lambda stored, typed: checks.append(typed) or original(stored, typed)
    try:
        for _ in range(5):
            assert reader.asked("GET /dayplot.json", basic())[0] == 200
        assert checks == [b"hemmelig"]
        reader.app.config.set("web_password", passwords.stored("another one"))
        assert reader.asked("GET /dayplot.json", basic())[0] == 401 and len(checks) == 2
    finally:
        passwords.check = original


def test_wrong_passwords_wait_longer_and_longer_but_never_for_ever():
    reader = Locked(2)
    session = cookie(log_in(reader)[1])
    assert reader.asked("GET /dayplot.json", basic())[0] == 200  # remembered
    waits = []
    for _ in range(9):
        assert reader.asked("GET /dayplot.json", basic(password="guess"), EVIL)[0] == 401
        begin = reader.now_s
        while True:
            status, headers, _ = reader.asked("GET /dayplot.json", basic(password="x"), EVIL)
            if status != 429:
                break
            assert int(headers["Retry-After"]) == begin + 2 ** min(len(waits), 6) - reader.now_s
            reader.now_s += 1
        waits.append(reader.now_s - begin)
        reader.door[4][0] = (EVIL[0], len(waits), reader.now_s)  # as before the look
    assert waits == [1, 2, 4, 8, 16, 32, 64, 64, 64]
    # The right password waits too, but only at that address; what is known never waits.
    reader.asked("GET /dayplot.json", basic(password="guess"), EVIL)
    assert log_in(reader, EVIL)[0] == 429 and log_in(reader)[0] == 303
    assert reader.asked("GET /dayplot.json", basic(), EVIL)[0] == 200
    assert reader.asked("GET /dayplot.json", session, EVIL)[0] == 200
    reader.now_s += 64
    assert log_in(reader, EVIL)[0] == 303
    assert log_in(reader, EVIL, "guess")[0] == 403
    reader.now_s += 1
    assert log_in(reader, EVIL)[0] == 303  # it began anew


def test_failures_of_many_addresses_are_bounded():
    reader = Locked(2)
    for host in range(40):
        status = log_in(reader, ("10.0.0.%d" % host, 1), "guess")[0]
        assert status in (403, 429) and len(reader.door[4]) <= 5
    assert log_in(reader, ("10.0.0.200", 1))[0] == 429  # shares a place while four wait
    reader.now_s += 64
    assert log_in(reader, ("10.0.0.200", 1))[0] == 303
    reader.now_s += 4000
    assert log_in(reader, ("10.0.0.0", 1), "guess")[0] == 403
    assert [row[1] for row in reader.door[4] if row[0] == "10.0.0.0"] == [1]


def test_a_guesser_with_many_addresses_waits_as_one_with_five():
    """An address waits 1, 2, 4 .. 64 s, in all 255 s for nine looks; there are five places."""
    reader = Locked(2)
    looks = 0
    for second in range(300):
        for host in range(20):
            peer = ("10.0.0.%d" % ((second * 20 + host) % 200), 1)
            looks += log_in(reader, peer, "guess")[0] == 403
        reader.now_s += 1
    assert 5 <= looks <= 5 * 10, looks
    assert len(reader.door[4]) <= 5


def test_a_session_is_a_cookie_of_128_bits_kept_in_ram():
    reader = Locked(2)
    status, headers, _ = log_in(reader)
    assert status == 303 and headers["Location"] == "/status"
    name, *rules = headers["Set-Cookie"].split("; ")
    assert sorted(rules) == ["HttpOnly", "Path=/", "SameSite=Strict"]
    token = name.split("=")[1]
    assert len(token) == 32 and token not in str(reader.door)
    session = cookie(headers)
    assert reader.asked("GET /dayplot.json", session)[0] == 200
    assert reader.asked("POST /reboot", session)[0] == 200
    assert reader.asked("GET /dayplot.json", session[:-1] + "g")[0] == 401
    assert "tokens.json" not in reader.app.storage.data
    # Idle for a day; the last use counts.
    reader.now_s += 86399
    assert reader.asked("GET /dayplot.json", session)[0] == 200
    reader.now_s += 86399
    assert reader.asked("GET /dayplot.json", session)[0] == 200
    reader.now_s += 86400
    assert reader.asked("GET /dayplot.json", session)[0] == 401


def test_a_fifth_session_replaces_the_longest_unused_one_and_a_logout_ends_one():
    reader = Locked(2)
    sessions = []
    for _ in range(4):
        reader.now_s += 1
        sessions.append(cookie(log_in(reader)[1]))
    reader.now_s += 1
    assert reader.asked("GET /dayplot.json", sessions[0])[0] == 200
    sessions.append(cookie(log_in(reader)[1]))
    served = [reader.asked("GET /dayplot.json", session)[0] for session in sessions]
    assert served == [200, 401, 200, 200, 200]
    status, headers, _ = reader.asked("POST /logout", sessions[0])
    assert status == 303 and "Max-Age=0" in headers["Set-Cookie"]
    assert reader.asked("GET /dayplot.json", sessions[0])[0] == 401
    assert reader.asked("GET /dayplot.json", sessions[2])[0] == 200
    reader.app.config.set("web_password", passwords.stored("another one"))
    assert reader.asked("GET /dayplot.json", sessions[2])[0] == 401


def test_people_are_led_to_the_form_and_back():
    reader = Locked(2)
    status, headers, _ = reader.asked("GET /edit-day", HTML)
    assert status == 303 and headers["Location"] == "/login?next=/edit-day"
    assert "WWW-Authenticate" not in headers
    assert reader.asked("GET /login?next=/edit-day", HTML)[0] == 200  # the page's own form
    status, headers, body = reader.asked("GET /login.html?next=/edit-day", HTML)
    assert status == 200 and 'value="/edit-day"' in body and 'name="user"' in body
    assert "no-store" in headers["Cache-Control"]
    nameless = Locked(2, user="")
    assert 'value="owner" hidden' in nameless.asked("GET /login.html", HTML)[2]
    assert log_in(nameless, user="owner")[0] == 303  # a password manager needs one
    # The script of a page would make a browser ask in a window of its own.
    for more in ("\nHost: attic\nOrigin: http://attic", "\nHost: attic\nCookie: reader=old"):
        status, headers, body = reader.asked("POST /reboot", more)
        assert status == 401 and json.loads(body)["success"] is False
        assert headers["WWW-Authenticate"].split(" ")[0] == "Session"
    status, _, body = log_in(reader, password="<guess>")
    assert status == 403 and "not the password" in body and "guess" not in body
    for target in ("//evil.example", "/\\evil.example", "http://evil.example", "/a\r\nX: y", "",
                   "/\u00e5", "x"):  # fmt: skip
        assert login.local(target) == "/", target
    assert login.local("/history.csv?step=day") == "/history.csv?step=day"
    status, _, body = reader.asked('GET /login.html?next=/"><script>')
    assert status == 200 and "<script>" not in body


def test_the_first_page_of_a_new_reader_offers_a_password_until_it_is_chosen_or_not():
    reader = ServerDouble()
    asked = Locked.asked

    def apply(changes):
        for name in changes:
            reader.app.config.set(name, passwords.hidden(changes)[name])

    reader.app.apply = apply
    reader.app.system.uptime_s = lambda: 5
    assert asked(reader, "GET /")[0] == 200  # scripts, and old clients
    status, headers, _ = asked(reader, "GET /", HTML)
    assert (status, headers["Location"]) == (303, "/welcome")
    assert asked(reader, "GET /status", HTML)[0] == 200
    assert "Continue without" in asked(reader, "GET /welcome.html", HTML)[2]
    for body, fault in (
        (b"do=set&password=short&again=short", "at least 8"),
        (b"do=set&password=long+enough&again=longenough", "not the same"),
    ):
        status, _, page = asked(reader, "POST /welcome", body=body)
        assert status == 400 and fault in page and "enough" not in page
    assert not reader.app.config.web_password
    status, headers, _ = asked(reader, "POST /welcome", body=b"do=skip")
    assert status == 303 and headers["Location"] == "/"
    assert asked(reader, "GET /", HTML)[0] == 200
    reader.app.config.set("web_user", "forgotten")
    body = b"do=set&user=owner&password=long+enough&again=long+enough&all=2"
    status, headers, _ = asked(reader, "POST /welcome", body=body)
    assert status == 303 and reader.app.config.web_security == 2
    assert reader.app.config.web_user == ""  # the login asks for the password alone
    assert asked(reader, "GET /", HTML + cookie(headers))[0] == 200
    assert asked(reader, "GET /", HTML)[1]["Location"] == "/login?next=/"
    assert asked(reader, "POST /welcome", body=b"do=skip")[0] == 401


def test_the_setup_needs_no_password_in_the_readers_own_network_only():
    reader = Locked(2)
    reader.app.network.setup = True
    own = "\nHost: 192.168.4.1"
    for peer, status in (
        (("192.168.4.2", 1), 200),
        (HOME, 401),
        (("192.168.40.2", 1), 401),
        (b"\2\0\x12\x34\x7f\0\0\1", 200),
        (b"\2\0\x12\x34\xc0\xa8\1\7", 401),
    ):
        assert reader.asked("POST /reboot", own, peer)[0] == status, peer
        assert reader.asked("GET /dayplot.json", own, peer)[0] == status, peer
    reader.app.network.setup = False
    assert reader.asked("POST /reboot", "", ("192.168.4.2", 1))[0] == 401


def test_the_host_must_be_the_readers():
    reader = Locked(0, web_names="meter.example.org, Other")
    for host, status in (
        ("192.168.1.57", 200), ("192.168.1.57:80", 200), ("attic", 200), ("attic.local", 200),
        ("Attic.LOCAL.:8080", 200), ("localhost:8080", 200), ("127.0.0.1", 200),
        ("meter.example.org", 200), ("other:443", 200),
        ("evil.example", 421), ("attic.evil.example", 421), ("192.168.1.58", 421), (":80", 421),
        ("attic.local.evil.example", 421), ("[::1]", 421), ("attic:evil.example", 421),
        ("a@b", 421),
    ):  # fmt: skip
        for head in ("GET /dayplot.json", "POST /reboot", "GET /", "GET /is-alive"):
            answer = reader.asked(head, "\nHost: %s\nOrigin: http://%s" % (host, host))
            assert answer[0] == status, (head, host)
            if status == 421:
                assert "http://192.168.1.57/" in answer[2] and "http://attic.local/" in answer[2]
    assert len(reader.restarts) == 9


def test_a_request_without_host_is_a_scripts():
    reader = Locked(0)
    assert reader.asked("GET /dayplot.json")[0] == 200
    for more in ("\nOrigin: http://a", "\nCookie: a=b", "\nSec-Fetch-Site: none"):
        assert reader.asked("GET /dayplot.json", more)[0] == 400
    client = ClientDouble("GET /dayplot.json HTTP/1.1\n\n")
    assert run(answered(reader, client))[0] == 400


def test_a_change_must_not_come_from_another_site():
    reader = Locked(0)
    for origin, site, status in (
        ("", "", 200), ("", "same-origin", 200), ("", "none", 200),
        ("", "cross-site", 403), ("", "same-site", 403), ("", "new-kind", 403),
        ("http://attic", "", 200), ("http://attic", "same-origin", 200), ("HTTP://ATTIC", "", 200),
        ("http://attic", "cross-site", 403), ("http://attic:81", "", 403), ("null", "", 403),
        ("http://evil.example", "", 403), ("http://evil.example", "same-origin", 403),
        ("http://attic.local", "", 403), ("file://", "", 403),
    ):  # fmt: skip
        more = "\nHost: attic"
        more += "\nOrigin: " + origin if origin else ""
        more += "\nSec-Fetch-Site: " + site if site else ""
        for path in ("/reboot", "/lists.txt", "/dayplot", "/logout", "/welcome"):
            reader.app.apply = lambda changes: None
            body = b"do=skip" if path == "/welcome" else BODIES.get(path, b"")
            answered_status = reader.asked("POST " + path, more, body=body)[0]
            if path in ("/logout", "/welcome") and status == 200:
                assert answered_status == 303
            else:
                assert answered_status == status, (path, origin, site)
        assert reader.asked("GET /dayplot.json", more)[0] == 200
    assert len(reader.restarts) == 6


def test_files_have_their_types():
    reader = Locked(0)
    for path, kind, status in (
        ("/configfile", "", 200), ("/configfile", "text/plain; charset=utf-8", 200),
        ("/configfile", "application/x-www-form-urlencoded", 200),
        ("/configfile", "Application/Octet-Stream", 200),
        ("/configfile", "multipart/form-data; boundary=x", 200),
        ("/configfile", "application/json", 415), ("/configfile", "text/html", 415),
        ("/prices", "text/xml", 200), ("/prices", "application/xml", 200),
        ("/prices", "application/json", 415), ("/prices", "multipart/form-data; boundary=x", 415),
        ("/lists.txt", "text/plain", 200), ("/lists.txt", "image/png", 415),
        ("/lists.txt", "multipart/form-data; boundary=x", 415),
    ):  # fmt: skip
        files = dict(reader.app.storage.data)
        more = "\nContent-Type: " + kind if kind else ""
        assert reader.asked("POST " + path, more, body=BODIES[path])[0] == status, (path, kind)
        assert status == 200 or reader.app.storage.data == files


SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def test_every_answer_has_the_headers_that_protect_it():
    for security in (0, 2):
        reader = Locked(security)
        for head, more in (
            ("GET /", ""), ("GET /dayplot.json", ""), ("GET /is-alive", ""), ("GET /nope", ""),
            ("POST /nope", ""), ("PUT /dayplot", ""), ("OPTIONS /", ""), ("nonsense", ""),
            ("GET /" + "a" * 1025, ""), ("GET /history.csv?step=7", ""), ("GET /login", ""),
            ("GET /", "\nHost: evil.example"), ("POST /reboot", "\nOrigin: null"), ("GET /", HTML),
            ("POST /dayplot", "\nTransfer-Encoding: chunked"), ("GET /events", ""),
            ("GET /dayplot.json", basic(password="x")), ("GET /dayplot.json", basic(password="x")),
            ("POST /login", ""),
        ):  # fmt: skip
            _, headers, _ = reader.asked(head, more)
            for name in SAFE:
                assert headers[name] == SAFE[name], head
            policy = headers["Content-Security-Policy"].split("; ")
            assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
            assert "unsafe" not in headers["Content-Security-Policy"]
            reach = "cross-origin" if "Access-Control-Allow-Origin" in headers else "same-origin"
            assert headers["Cross-Origin-Resource-Policy"] == reach
    assert reader.asked("GET /is-alive")[1]["Access-Control-Allow-Origin"] == "*"


def test_the_policy_allows_the_style_of_the_pages_without_script():
    page = "".join(setup_parts.head("Title"))
    assert "<title>Title</title>" in page and page.count("<style>") == 1
    policy = Locked(0).asked("GET /login.html")[1]["Content-Security-Policy"]
    text = page.split("<style>")[1].split("</style>")[0]
    digest = binascii.b2a_base64(hashlib.sha256(text.encode()).digest()).decode().strip()
    wanted = "style-src 'self' 'sha256-%s'" % digest
    assert wanted in policy and "script-src" not in policy, (exchange.__name__, wanted)
    for path in ("/login.html", "/welcome.html", "/setup.html"):
        body = Locked(0).asked("GET " + path)[2]
        assert body.count("<style") == 1 and " style=" not in body and "<script" not in body


def test_the_owner_is_told_to_the_document():
    seen = []

    def get(app, request):
        seen.append(request.owner)
        return "{}"

    with visit("web.documents.edits") as edits:
        original, edits.get = edits.get, get
        try:
            for security, more in ((0, ""), (1, ""), (1, basic()), (1, basic(password="x")),
                                   (2, basic())):  # fmt: skip
                assert Locked(security).asked("GET /edits.json", more)[0] == 200
        finally:
            edits.get = original
    assert seen == [True, False, True, False, True]


class PanelDouble:
    """A button that is pressed at these looks, and lights."""

    fitted = 27

    def __init__(self, pressed):
        self.pressed = pressed
        self.looks = 0
        self.lit = []

    def button(self):
        self.looks += 1
        return self.looks in self.pressed

    def rgb(self, red, green, blue):
        self.lit.append((red, green, blue))

    def led(self, on):
        assert not on


def token(reader, pressed, body=b"name=Home+Assistant"):
    panel = PanelDouble(pressed)
    for name in ("fitted", "button", "rgb", "led"):
        setattr(reader.app.system.board, name, getattr(panel, name))
    status, _, answer = reader.asked("POST /api/token", basic(), body=body)
    return status, json.loads(answer), panel


def test_a_token_is_made_by_the_button_and_shown_once():
    reader = Locked(2)
    status, made, panel = token(reader, range(10, 14))
    assert status == 200 and made["name"] == "Home Assistant" and len(made["token"]) == 32
    assert panel.looks == 14 and panel.lit[-1] == (False, False, False)
    assert (True, True, False) in panel.lit
    stored = reader.app.storage.data["tokens.json"].decode()
    assert made["token"] not in stored
    bearer = "\nAuthorization: Bearer " + made["token"]
    assert reader.asked("GET /dayplot.json", bearer)[0] == 200
    assert reader.asked("POST /reboot", bearer)[0] == 200
    assert reader.asked("GET /dayplot.json", bearer[:-1] + "x")[0] == 401
    listed = reader.asked("GET /api/tokens", bearer)[2]
    assert json.loads(listed)["tokens"] == [
        {"id": "1", "name": "Home Assistant", "made": reader.app.system.now}
    ]
    for secret in (made["token"], auth.token_digest(made["token"])):
        assert secret not in listed
    assert reader.asked("POST /api/token/revoke", bearer, body=b"id=7")[0] == 400
    assert reader.asked("POST /api/token/revoke", bearer, body=b"id=1")[0] == 200
    assert reader.asked("GET /dayplot.json", bearer)[0] == 401


def test_a_token_needs_a_new_short_press_within_a_minute():
    for pressed in ((), range(1, 1300), range(1, 20), range(10, 150), (10,)):
        reader = Locked(0)
        status, answer, panel = token(reader, pressed)
        assert status == 403 and "not pressed" in answer["message"], pressed
        assert panel.looks == 1200 and "tokens.json" not in reader.app.storage.data
        assert not reader.door[5]
    for body in (
        b"",
        b"name=",
        b"name=" + b"x" * 33,
        b"name=a%0Ab",
        b"name=%FF",
        b"name=a&name=b",
    ):
        status, answer, panel = token(Locked(0), (5, 6), body)
        assert status == 400 and panel.looks == 0, body
    reader = Locked(0)
    reader.app.storage.full = True
    assert token(reader, (5, 6))[0] == 400
    reader = Locked(0)
    for number in "1234":
        assert token(reader, (5, 6))[1]["id"] == number
    assert token(reader, (5, 6))[0] == 400
    reader.app.system.board.fitted = 8
    reader.app.storage.data.clear()
    answer = reader.asked("POST /api/token", "", body=b"name=a")[2]
    assert "no button" in json.loads(answer)["message"]


def test_the_name_in_a_host_header():
    for host, name in (("A.Local:80", "a.local"), ("a.", "a"), ("", ""),
                       ("a:", "a:"),
                       ("a:x", "a:x"),
                       ("[::1]:80", "[::1]")):  # fmt: skip
        assert guard.name_of(host) == name


def test_the_heads_that_the_checks_need_are_kept():
    kept = server._HEADERS
    for name in (b"host", b"origin", b"cookie", b"authorization", b"sec-fetch-site", b"accept"):
        assert name in kept
