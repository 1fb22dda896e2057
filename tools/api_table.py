"""What requests and answers of the web server's paths look like, for tools/openapi.py.

A row: (path, method): summary, query or body, answer. Types: "i" an integer, "n" a number, "s" a
text, "b" true or false, with "?" also null; [type] an array; {"key": type} an object with these
keys and perhaps others, "key~" need not be there; "any" is any value; None is no JSON.
"""

from typing import Any

Type = Any

PHASE: Type = {"u": "n", "i": "n", "p": "i", "q": "i", "f": "n"}
PERIOD: Type = {"u": "n", "c": "n", "p": "n", "i": "n"}
DONE: Type = {"success": "b", "message": "s"}
REBOOT: Type = {"success": "b", "message": "s", "reboot~": "b"}
PRICES: Type = {
    "currency": "s", "source": "s", "resolution": "i", "direction": "s", "cursor": "i",
    "importExportPriceDifferent": "b", "prices": ["n?"],
}  # fmt: skip
PREVIEW: Type = {
    "currency": "s", "direction": "s",
    "slots": [{"t": "i", "l": "s", "s": "n?", "p": "n?", "w": "any"}],
}  # fmt: skip
WIFI_TEST: Type = {"ssid": "s", "status": "i", "time": "i", "ip": "s"}
LIVE_PHASE: Type = {"u": "n?", "i": "n?", "p": "i?", "q": "i?", "f": "n?"}


def keys(text: str, kind: str) -> Type:
    """An object's members of one type."""
    return dict.fromkeys(text.split(), kind)


def slots(letters: str, first: int, last: int, kind: str) -> Type:
    return {f"{c}{n:02d}": kind for n in range(first, last + 1) for c in letters}


DATA: Type = {
    **keys("im om mf i e w ri re", "i"),
    **keys("ic ict1 ict2 ec ect1 ect2 ric rec u1 u2 u3 i1 i2 i3 f f1 f2 f3", "n"),
    "i2e": "b", "l1": PHASE, "l2": {**PHASE, "e": "b"}, "l3": PHASE, "v": "n", "r": "i", "t": "n",
    **keys("u m em hm wm mm me mt ds he ee c", "i"), "p": "n?", "px": "n?",
    "ea": {"x": "n", "p": ["n"], "t": "i", "h": PERIOD, "d": PERIOD, "m": PERIOD},
    "pe": "b", "pr": "s", "pc": "s", "a": "b",
}  # fmt: skip
NOW: Type = {
    "n": "i", "s": "n?", **keys("i e ri re", "i?"), **keys("ic ec ric rec f", "n?"),
    "l1": LIVE_PHASE, "l2": LIVE_PHASE, "l3": LIVE_PHASE,
    **keys("lt mt ds mf im om r em hm wm mm me he c u ps pw sm", "i"),
    "ea": "any", "tz": "s", "tf": "s", "nf~": "s",
    "clk": {"by": "i", "sure": "b", "no": "i?", "at": "i?", "br": "i"}, "up": "any",
}  # fmt: skip
SYSINFO: Type = {
    "version": "s", "chip": "s", "chipId": "s", "cpu": "i", **keys("mac apmac", "s"), "board": "i",
    "vndcfg": "b", "usrcfg": "b", "fwconsent": "i", "hostname": "s", "booting": "b",
    "upgrading": "b",
    "net": keys("ip mask gw dns1 dns2", "s"), "if": {"eth": "b"},
    "meter": {"mfg": "i", "model": "s", "id": "s"}, "ui": keys("i e v a r c t p d m s", "i"),
    "security": "i", "boot_reason": "i", "ex_cause": "i",
    "upgrade": {"x": "i", "e": "i", "f": "s", "t": "s"}, "last_month": PERIOD,
    "clock_offset": "i",
}  # fmt: skip
HEALTH: Type = {
    "version": "s", "board": "s", "chip": "s", "uptime": "i", "utc": "i", "by": "i",
    "reset": {"reason": "i", "words": "s", "cause": "i", "cause_words": "s"},
    "crash": "s", "short": "i", "safe": "i",
    "heap": {"free": "i", "largest": "i?", "refused": "i", "sheds": "i", "history": ["i?"]},
    "wifi": {"rssi": "i?", "history": ["i?"]}, "supply": {"v": "n?", "tier": "i", "low": ["n?"]},
    "meter": {
        "line": "s", "age": "n?", "telegrams": "i", "frames": "i", "unknown": "i", "fell": "i",
        "errors": "any",
    },
    "mqtt": {"light": "i", "error": "i"}, "push": {"fault": "s", "failures": "i"},
    "web": {"listeners": "i", "streams": "i"},
    "writes": "i", "held": "s", "events": [{"s": "i", "level": "s", "text": "s"}],
}  # fmt: skip
NETWORK: Type = {
    "connected": "b", "setup": "b", "allowed": "b", "bssid": "s?", "reason": "i", "trial": "i",
    **keys("ssid hostname address ip mask gw dns why board", "s"), "bus": "b", "rssi": "i",
    "history": ["i?"],
}  # fmt: skip
LINE_ERROR: Type = {
    "code": "i", "kind": "s", "reason": "s", "at": "i?", "before": "s", "octets": "s", "help": "s",
}  # fmt: skip
TELEGRAM: Type = {
    "at": "i", "length": "i", "words": "s",
    **keys("frame cipher apdu list text reading", "any"), "errors": [LINE_ERROR],
}  # fmt: skip
INSPECTION: Type = {
    "firmware": "s", "board": "s", "time": "s?",
    "line": {"settings": "s", "words": "s", "proven": "b", "state": "s", "wire": "s",
             "frames": "i", "bursts_without_frame": "i", "search": "any"},
    "newest_error": "any", "unknown": "any",
    "heard": {**keys("seconds octets caught", "i"), "cut": "b",
              **keys("zeros ones high printable", "i")},
    "bursts": [{"at": "i", "ms": "i", "settings": "s", "octets": "s"}],
    "telegrams": [TELEGRAM], "left_out": "i", "words": "s",
}  # fmt: skip
CAPTURE_QUERY = {
    "seconds": "How long to wait at most: 1 to 120, 12 without it.",
    "telegrams": "After how many the answer ends earlier: 1 to 32, 1 without it.",
    "octets": "How many are caught at most: 256 to 3840, 2048 without it.",
}
HISTORY_QUERY = {
    "from": "Seconds since 1970, a date, or a date with time; a week ago without it.",
    "to": "The end, as `from`; now without it.",
    "step": "15 or 60 minutes, or day.",
    "time": "local or utc: the zone of the times in the document and in from and to.",
    "running": "1: also the slot that is not over.",
}

FORM = "application/x-www-form-urlencoded"
CERTIFICATE = {"subject": "s", "issuer": "s", "from": "s", "to": "s", "expired": "b?",
               "sha256": "s", "ca": "b", "names": ["s"], "key": "s"}  # fmt: skip
KEPT = {"success": "b", "message": "s", "kept": "b", "found": ["any"]}
PEM = "PEM or DER, up to 6 KB; also as the field file of a form of several parts."
JSON = "application/json"
TEXT = "text/plain"

# Query, or (media type, what is in it).
ROWS: dict[tuple[str, str], tuple[str, Any, Type]] = {
    ("/now.json", "GET"): ("The dashboard's values; null is unknown.", {}, NOW),
    ("/live.json", "GET"): (
        "The power of the last six hours: t slots of 10 s, m slots of 1 min, in W.", {},
        {"ta": "n", "t": ["i?"], "ma": "n", "m": ["i?"]}),
    ("/data.json", "GET"): ("The present values, as AMS readers send them.", {}, DATA),
    ("/events", "GET"): ("/now.json as server-sent events, one for each telegram.", {}, None),
    ("/is-alive", "GET"): ("An empty answer.", {}, None),
    ("/sysinfo.json", "GET"): ("The device, its network, its meter and last month.", {}, SYSINFO),
    ("/temperature.json", "GET"): (
        "The temperature sensors.", {},
        {"c": "i", "s": [{"i": "i", "a": "s", "n": "s", "c": "i", "v": "n"}]}),
    ("/dayplot.json", "GET"): (
        "Import and export of the last 24 hours in kWh, by UTC hour.", {},
        slots("ie", 0, 23, "n")),
    ("/monthplot.json", "GET"): (
        "Import and export of the last 31 days in kWh, by day of the month.", {},
        slots("ie", 1, 31, "n")),
    ("/tariff.json", "GET"): (
        "Steps of the capacity tariff, and the month's peaks.", {},
        {"t": ["i"], "p": [{"d": "i", "h": "i", "v": "n"}], "c": "i", "m": "n"}),
    ("/energyprice.json", "GET"): (
        "Prices of 36 hours, 00 is the running one.", {},
        {"currency": "s", "source": "s", **{f"{n:02d}": "n?" for n in range(36)}}),
    ("/prices.json", "GET"): ("Where the prices come from, and what went wrong.", {}, {
        "enabled": "b", "area": "s", "source": "s?", "currency": "s?", "begin": "i?", "end": "i?",
        "stale": "b", "fetched": "i?", "from": "s?", "next": "i?", "error": "s?",
        "error_at": "i?", "missing": "s?", "stall_ms": "i?",
    }),
    ("/importprice.json", "GET"): ("Prices of import in quarter-hours, from today 00:00 CET.", {},
        PRICES),
    ("/exportprice.json", "GET"): ("Prices of export in quarter-hours, from today 00:00 CET.", {},
        PRICES),
    ("/priceconfig.json", "GET"): (
        "How prices are made of spot prices.", {},
        {"o": [{"t": "i", "n": "s", "d": "i", "a": ["i"], "h": ["i"], "v": "n",
                "s": {"m": "i", "d": "i"}, "e": {"m": "i", "d": "i"}}]}),
    ("/cheapest.json", "GET"): (
        "When energy for some hours is cheapest; 404 if no price is known.",
        {"hours": "0.25 to 24, in steps of 0.25: 1 without it.",
         "before": "A local time as 07:00, or a UTC in seconds: the end of the known prices "
                   "without it; a fixed price is known until the end of tomorrow.",
         "contiguous": "false: the cheapest quarters, not one run."},
        {"currency": "s", "now": "i", "before": "i", "hours": "n", "contiguous": "b",
         "level": "i?", "price": "n", "dearest": "i?",
         "slots": [{"from": "i", "until": "i", "price": "n"}], "missing~": "n"}),
    ("/pricepreview.json", "GET"): (
        "How the price of each quarter-hour of today and tomorrow comes about.",
        {"direction": "import, or export."}, PREVIEW),
    ("/realtime.json", "GET"): (
        "The power of the last hour in W, a sample for each 10 s, the newest first.",
        {"offset": "The first sample.", "size": "How many: 60 without it, at most 360."},
        {"offset": "i", "size": "i", "total": "i", "data": ["i"]}),
    ("/ssdp/schema.xml", "GET"): ("The device in the form of UPnP.", {}, None),
    ("/money.json", "GET"): (
        "Cost and income of each of the last 70 local days, and of the running one.",
        {"day": "A date: only this day, and its hours."},
        {"currency": "s",
         "days": [{"t": "s", "c": "n?", "g": "n?", "ip": "n", "ep": "n"}],
         "hours~": [{"t": "s", "c": "n?", "g": "n?", "part": "b"}]}),
    ("/steps.json", "GET"): (
        "The prices of the steps of the capacity tariff; kw null: above the last limit.", {},
        {"currency": "s", "steps": [{"kw": "i?", "price": "n"}]}),
    ("/supply.json", "GET"): (
        "The supply voltage, and what is left out while it is low.", {},
        {"v": "n?", "ref": "n?", "tier": "i", "words": "s", "held": "s", "low": ["n?"]}),
    ("/health.json", "GET"): ("How the device is: restarts, heap, errors, events.", {}, HEALTH),
    ("/metrics", "GET"): ("The reader's values for Prometheus.", {}, None),
    ("/diagnostics.txt", "GET"): ("A report of a fault, without secrets.", {}, None),
    ("/backup.json", "GET"): (
        "Settings and records, a record in a line: see docs/backup.md.",
        {"parts": "Of settings, secrets, history, corrections, descriptors, with commas; "
                  "all but secrets."},
        {"backup": "i", "device": "s", "firmware": "s", "time": "any", "clock": "s",
         "parts": ["s"], "records": "any"}),
    ("/configfile.cfg", "GET"): (
        "Settings and history as a file of the AMS reader 2.2.28.",
        {name: f"true: {text}." for name, text in (
            ("iw", "Wi-Fi and network"), ("im", "MQTT"), ("it", "the meter"), ("in", "time"),
            ("is", "prices"), ("ih", "thresholds"), ("ic", "the secrets of these parts"))}, None),
    ("/history.csv", "GET"): (
        "Energy by quarter-hours, hours or days.",
        {**HISTORY_QUERY, "money": "1: also cost and income of each hour or day."}, None,
    ),
    ("/history.json", "GET"): ("Energy by quarter-hours, hours or days.", HISTORY_QUERY, "any"),
    ("/edits.json", "GET"): (
        "The newest corrections and imports.", {}, {"zone": "s", "most": "i", "edits": ["any"]}),
    ("/board.json", "GET"): (
        "The board in use and those that can be chosen.", {},
        {"board": "i", "gpio": "i?", "why": "s",
         "boards": [{"id": "i", "name": "s", "gpio": "i", "pins": ["i"]}]}),
    ("/network.json", "GET"): ("The reader's network.", {}, NETWORK),
    ("/lists.txt", "GET"): ("The owner's list descriptors.", {}, None),
    ("/unknown.txt", "GET"): ("The items of the last list that no descriptor fitted.", {}, None),
    ("/inspect.json", "GET"): (
        "The meter's line and its next telegrams, layer by layer: see docs/inspector.md.",
        CAPTURE_QUERY, INSPECTION),
    ("/capture.hex", "GET"): (
        "The octets of the meter's next telegrams, for tools/decode.py and tools/meter.py.",
        CAPTURE_QUERY, None),
    ("/robots.txt", "GET"): ("Search engines shall index nothing.", {}, None),
    ("/setup.html", "GET"): (
        "The form for the network, without script.",
        {"ss": "The network that is chosen.", "scan": "1: list the networks."}, None),
    ("/wifi/test.json", "GET"): (
        "The newest test of a network, in setup mode.", {},
        {"state": "s", "ssid": "s", "reason": "i", "message": "s", "ip": "s"}),
    ("/wifi.json", "GET"): (
        "The networks in reach, in setup mode.", {},
        {"n": [{"s": "s", "r": "i", "w": "s", "c": "i", "e": "s"}]}),
    ("/wifiscan.json", "GET"): (
        "The access points in reach.", {},
        {"c": "i", "n": [{"b": "s", "s": "s", "r": "i", "c": "i", "e": "s"}]}),
    ("/wifitest.json", "GET"): ("The newest test of a network.", {}, WIFI_TEST),
    ("/wifitest.json", "POST"): (
        "Begin to try a network, in setup mode.",
        (FORM, {"ssid": "Its name.", "psk": "Its password."}), WIFI_TEST),
    ("/configuration.json", "GET"): (
        "The settings, as an AMS reader of 2.2 has them.", {}, "any"),
    ("/api/settings.json", "GET"): (
        "All settings: what is allowed, what they mean, and their values.", {},
        {"settings": [{"name": "s", "section": "s", "label": "s", "help": "s", "type": "s",
                       "needs": "s", "secret": "b"}]}),
    ("/api/config", "PATCH"): (
        "Change settings; null is the default. Nothing is changed on any error.",
        (JSON, "any"), REBOOT),
    ("/api/key-test", "POST"): (
        "Try keys on the next telegram, without storing them.",
        (JSON, {"encryption_key~": "s", "authentication_key~": "s"}), DONE),
    ("/api/mqtt-test", "POST"): ("Try settings of MQTT.", (JSON, "any"), DONE),
    ("/pricepreview.json", "POST"): (
        "The same by settings that are not saved.",
        (JSON, {"direction~": "s", "price_rules~": "s", "price_multiplier~": "i",
                "price_fixed_micro~": "i", "export_price~": "s", "export_multiplier~": "i",
                "export_fixed_micro~": "i"}), PREVIEW),
    ("/api/certificates.json", "GET"): (
        "The stored certificates for servers with TLS; of the key only its kind.", {},
        {"mqtt-ca": [CERTIFICATE], "mqtt-cert": [CERTIFICATE], "mqtt-key": [{"key": "s"}],
         "push-ca": [CERTIFICATE], "price-ca": [CERTIFICATE], "upgrade-ca": [CERTIFICATE]}),
    ("/mqtt-ca", "GET"): ("A page for the CA certificate of the broker.", {}, None),
    ("/push-ca", "GET"): ("A page for the CA certificate of the server for pushes.", {}, None),
    ("/upgrade-ca", "GET"): (
        "A page for the CA certificate of the server for upgrades.", {}, None),
    ("/upgrade-ca", "POST"): (
        "Store the CA certificate of that server; an empty body deletes it.", (TEXT, PEM), KEPT),
    ("/mqtt-cert", "GET"): ("A page for the reader's own certificate.", {}, None),
    ("/mqtt-key", "GET"): ("A page for the key of that certificate.", {}, None),
    ("/mqtt-ca", "POST"): (
        "Store the CA certificate of the broker; an empty body deletes it.", (TEXT, PEM), KEPT),
    ("/price-ca", "GET"): ("A page for the CA certificate of ENTSO-E's server.", {}, None),
    ("/price-ca", "POST"): (
        "Store the CA certificate of ENTSO-E's server; an empty body deletes it.",
        (TEXT, PEM), KEPT),
    ("/push-ca", "POST"): (
        "Store the CA certificate of that server; an empty body deletes it.", (TEXT, PEM), KEPT),
    ("/mqtt-cert", "POST"): (
        "Store the reader's own certificate; an empty body deletes it.", (TEXT, PEM), KEPT),
    ("/mqtt-key", "POST"): (
        "Store the key of that certificate; an empty body deletes it.", (TEXT, PEM), KEPT),
    ("/api/inspect", "POST"): (
        "A capture that was pasted, layer by layer: see docs/inspector.md.",
        (TEXT, "Hexadecimal digits, P1 text or raw octets, up to 3840; lines encryption_key=... "
               "and authentication_key=... give keys for it."),
        {"success": "b", "octets": "i", "bursts": "i", "keys": "s", "capture": "s",
         "telegrams": [TELEGRAM], "left_out": "i", "words": "s"}),
    ("/save", "POST"): (
        "The form of an AMS reader of 2.2. A section is taken whole if its marker is true.",
        (FORM, {"g": "true: the section general, with gt, gh, gs, gu, gp. The others alike.",
                "v": "true: the board vb, with the GPIO vh for the meter's line; vr=true clears "
                     "all settings too. It is used after the restart."}),
        REBOOT),
    ("/reset", "POST"): (
        "The factory reset.",
        (FORM, {"perform": "true", "keep": "records: keep history, costs and corrections.",
                "format": "true: make a file system where the reader has none, see "
                          "docs/migrate.md."}),
        REBOOT),
    ("/setup", "POST"): (
        "The form of the setup page, in setup mode.",
        (FORM, {"s": "true", "ss": "SSID", "sp": "Password", "sh": "Host name"}), None),
    ("/login.html", "GET"): (
        "The form to log in, without script.",
        {"next": "The path of this reader to go to after it."}, None),
    ("/login", "POST"): (
        "Log in: a redirect with the cookie of a session.",
        (FORM, {"user": "As web_user, if that is set.", "password": "The password.",
                "next": "A path."}), None),
    ("/logout", "POST"): ("End the session of the cookie.", (TEXT, "Nothing."), None),
    ("/welcome.html", "GET"): ("The form for a first password, without script.", {}, None),
    ("/welcome", "POST"): (
        "Set a password, or none.",
        (FORM, {"do": "set or skip.", "password": "At least 8 characters.",
                "again": "The same.", "all": "2: it is also needed to read."}), None),
    ("/api/tokens", "GET"): (
        "The tokens of programs, without what they are made of.", {},
        {"tokens": [{"id": "s", "name": "s", "made": "i"}]}),
    ("/api/token", "POST"): (
        "Make a token: the answer comes when the button is pressed within 60 s.",
        (FORM, {"name": "By which you know the program: 1 to 32 characters."}),
        {"success": "b", "id~": "s", "name~": "s", "token~": "s"}),
    ("/api/token/revoke", "POST"): ("Revoke a token.", (FORM, {"id": "Its id."}), DONE),
    ("/wifi/test", "POST"): (
        "Begin to try a network, in setup mode.", (FORM, {"ss": "SSID", "sp": "Password"}), DONE),
    ("/dayplot", "POST"): (
        "Correct hours of the last 24.",
        (FORM, {"i07": "kWh of import from 7 to 8 UTC; iNN, eNN of each hour.",
                "preview": "true: only answer what would change.",
                "undo": "true, or the number of a correction.",
                "redo": "true, or the number of a correction."}), REBOOT),
    ("/monthplot", "POST"): (
        "Correct days of the last 31.",
        (FORM, {"i07": "kWh of import on the 7th; iDD, eDD of each day.",
                "preview": "true: only answer what would change.",
                "undo": "true, or the number of a correction.",
                "redo": "true, or the number of a correction."}), REBOOT),
    ("/configfile", "POST"): (
        "Take over settings, history, costs and steps of an AMS reader's configfile.cfg.",
        (TEXT, "The file."),
        {**REBOOT, "taken~": ["s"], "left_out~": "any"}),
    ("/backup", "POST"): (
        "Take a backup back; preview=true in the query only answers what would change.",
        (TEXT, "The file of /backup.json: see docs/backup.md."),
        {**DONE, "preview~": "b", "settings~": "any", "history~": "any", "descriptors~": "any",
         "corrections~": "i", "unknown~": ["s"], "certificates~": ["s"]}),
    ("/prices", "POST"): (
        "A price document of a source, rates of Norges Bank or ECB, or prices as JSON.",
        ("application/xml", "The document, up to 128 KB."), DONE),
    ("/lists.txt", "POST"): (
        "Replace the owner's list descriptors; an empty body removes them. check=true in the "
        "query only answers whether they are right.",
        (TEXT, "The descriptors."), DONE),
    ("/network/confirm", "POST"): (
        "Keep the network settings on trial: the owner has reached the reader.",
        (TEXT, "Nothing."), DONE),
    ("/upgrade.json", "GET"): (
        "The firmware, its places in flash, and what an upgrade does: docs/upgrade.md.", {},
        {**keys("running board family chip phase latest notes error", "s"),
         **keys("built done size channel", "i"), **keys("slot other", "s?"), "room": "i?",
         "resume": "any", "last": "any", **keys("may url auto", "b"), "reasons": ["s"]}),
    ("/firmware", "GET"): ("The same as /recovery.", {}, None),
    ("/recovery", "GET"): (
        "A page without script: upload, restart, factory reset, log.", {}, None),
    ("/firmware", "POST"): (
        "Install an image; a form of several parts, or with the field url, is answered by 302. "
        "offset=N in the query goes on with an upload, force=true takes an older version.",
        ("application/octet-stream", "The image: see docs/upgrade.md."), REBOOT),
    ("/upgrade", "POST"): (
        "Pull an image: the newest one of the list at upgrade_url, or that of an address.",
        (FORM, {"url": "Its address.", "expected_version": "That of the list.",
                "force": "true: also an older version."}), REBOOT),
    ("/upgrade/check", "POST"): (
        "Look at the list of versions now; /upgrade.json has the outcome.",
        (TEXT, "Nothing."), REBOOT),
    ("/upgrade/back", "POST"): (
        "Go back to the firmware in the other place.", (TEXT, "Nothing."), REBOOT),
    ("/fwchannel", "GET"): ("The channel of new versions.", {}, {"channel": "i"}),
    ("/fwchannel", "POST"): (
        "Set the channel of new versions.",
        (FORM, {"channel": "0 stable, 1 early, 2 candidates, 3 snapshots."}), None),
    ("/reboot", "POST"): ("Restart in a second.", (TEXT, "Nothing."), {"reboot": "b"}),
}  # fmt: skip
