"""Backups: GET /backup.json and POST /backup, without a socket, on both runtimes."""

import json
from binascii import b2a_base64

import records as records_of
from energy import backup as packed_of
from energy import edit_log, edits, profiles, stored, views
from energy.blocks import DAYS, HOURS, QUARTERS, Block
from energy.ledger import Energy
from files import FilesDouble
from test_certificates import CERTIFICATE, KEY, pem
from test_exchange import ask, posted, visited
from test_settings import FORM, OWNER, saved, server

SECRETS = ("secret1", "a secret2", "secret3", "00112233445566778899AABBCCDDEEFF")
MONTHS = ([24300, 5120, 300000, 10, -5, 10**13], [24313, 4100, 280000, 0, 1, 2, 3, 4, 5131087])


def full():
    """A reader with settings, descriptors, history, months and two corrections."""
    made = server()
    app, energy = made.app, made.app.energy
    app.storage = energy.history.files
    app.storage.data["lists.txt"] = b"list b\n"
    assert saved(made, FORM)[0] == 200
    app.config.set("tariff", {"count": 2})
    for row in MONTHS:
        stored.put_month(energy.history, row[0], row[1], row[2:])
    now = app.system.now
    assert energy.save(now)
    assert edits.enter(energy, [(now // 3600 - 5, 777, 3)], [], now) == 1
    assert edits.enter(energy, [(now // 3600 - 30, 555, 0)], [], now) == 1
    return made


def fresh(now):
    """A reader after a factory reset."""
    made = server()
    made.app.energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
    made.app.energy.history.files = made.app.storage
    made.app.storage.remove("lists.txt")
    made.app.system.now = now
    return made


def backup(made, query=""):
    status, headers, body = ask(made, "GET /backup.json%s HTTP/1.0%s" % (query, OWNER))
    assert status == 200, body
    assert headers["Content-Disposition"] == "attachment; filename=backup.json"
    return body


def restored(made, text, query=""):
    """(status, answer) of POST /backup."""
    body = text if isinstance(text, bytes) else text.encode()
    status, _, answer = posted(made, "/backup" + query, body, OWNER)
    assert not [name for name in made.app.storage.data if name.startswith("restore")]
    return status, json.loads(answer)


def records(text):
    return json.loads(text)["records"]


def slots(energy, until):
    """All slots of the last days that are over, and the months."""
    out = []
    for level, numbers, n in ((QUARTERS, range(until // 86400 - 5, until // 86400 + 1), 96),
                              (HOURS, range(until // 86400 - 5, until // 86400 + 1), 24),
                              (DAYS, range(24312, 24316), 31)):  # fmt: skip
        block = Block(n)
        for number in numbers:
            views.fill(energy.history, level, number, block)
            for i in range(n):
                if views.is_known(block, i):
                    slot = block.imported[i], block.exported[i], block.quality[i]
                    out.append((level, number, i) + slot)
    return out, sorted(stored.months(energy.history.files))


def test_a_backup_is_json_with_a_record_in_a_line():
    made = full()
    text = backup(made)
    found = json.loads(text)
    assert found["backup"] == 1 and found["device"] == "ams-1e4b"
    assert found["time"] == "2026-03-04T23:00:06Z" and found["clock"] == "none"
    assert found["parts"] == ["settings", "history", "corrections", "descriptors"]
    lines = text.strip().split("\n")
    assert len(lines) == len(found["records"]) + 2
    for line, record in zip(lines[1:], found["records"]):
        assert json.loads(line.rstrip(",")) == record
    kinds = {record[0] for record in found["records"]}
    assert kinds == {"setting", "quarters", "hours", "days", "month", "correction", "descriptor",
                     "end"}  # fmt: skip
    assert ["setting", "mqtt_host", "192.168.1.10"] in found["records"]
    assert ["setting", "tariff", {"count": 2}] in found["records"]
    assert ["descriptor", "list b"] in found["records"]
    assert ["month"] + MONTHS[0] in found["records"]
    for secret in SECRETS:
        assert secret not in text
    assert not visited()


def test_parts_are_chosen_and_secrets_only_if_asked_for():
    made = full()
    found = records(backup(made, "?parts=secrets"))
    assert {record[0] for record in found} == {"secret", "end"}
    assert ["secret", "wifi_psk", "a secret2"] in found
    assert ask(made, "GET /backup.json?parts=all HTTP/1.0" + OWNER)[0] == 400
    made.app.safe_s = 60
    assert ask(made, "GET /backup.json HTTP/1.0" + OWNER)[0] == 400
    assert len(records(backup(made, "?parts=descriptors"))) == 2


def test_a_backup_is_the_owners_alone():
    made = full()
    for head in ("GET /backup.json HTTP/1.0", "GET /configfile.cfg HTTP/1.0",
                 "POST /backup HTTP/1.0", "POST /configfile HTTP/1.0"):  # fmt: skip
        assert ask(made, head)[0] == 401, head


def test_everything_comes_back_after_a_factory_reset():
    made = full()
    now = made.app.system.now
    text = backup(made, "?parts=settings,secrets,history,corrections,descriptors")
    other = fresh(now + 7200)
    status, seen = restored(other, text, "?preview=true")
    assert status == 200 and seen["preview"] is True
    assert other.app.config.to_store() == {"version": 1} and not other.app.storage.data
    assert {"name": "mqtt_host", "from": "", "to": "192.168.1.10"} in seen["settings"]
    assert {"name": "wifi_psk", "secret": "set"} in seen["settings"]
    assert seen["corrections"] == 2 and seen["descriptors"] == "different"
    # 95 settled hours; two more local days are over, and two months
    hours = seen["history"]["hours"]
    assert hours == {"new": 95, "equal": 0, "different": 0, "left_out": 0}
    assert seen["history"]["quarters"]["new"] == 4 * 95
    assert seen["history"]["months"]["new"] == 2

    status, answer = restored(other, text)
    assert status == 200, answer
    assert answer["history"] == seen["history"] and answer["settings"] == seen["settings"]
    assert other.app.config.to_store() == made.app.config.to_store()
    assert other.lists() == b"list b\n"
    assert slots(other.app.energy, now) == slots(made.app.energy, now)
    for text_of_answer in (json.dumps(seen), json.dumps(answer)):
        for secret in SECRETS:
            assert secret not in text_of_answer
    places = made.app.energy.peaks.places
    assert len(places) == 4 and other.app.energy.peaks.places == places
    # the sums of the month and of yesterday are there again, and after a start too
    again = Energy("Europe/Oslo", profiles.tariff("NO", {"count": 2}))
    again.load(other.app.storage)
    assert slots(again, now) == slots(made.app.energy, now)
    running, before = again.running(now + 7200), made.app.energy.running(now)
    assert running[2][:2] == before[2][:2] and running[4][:2] == [280000, 0]
    # corrections can be undone
    assert [entry.number for entry in edit_log.read(other.app.storage)] == [2, 1]
    assert edits.undo(other.app.energy, now + 7200) > 0
    assert not visited()


def test_certificates_come_back_and_the_key_only_if_asked_for():
    made = full()
    files = made.app.storage.data
    files["mqtt-ca"] = CERTIFICATE + CERTIFICATE + CERTIFICATE  # more than one piece
    files["mqtt-key"] = KEY
    files["push-ca"] = files["upgrade-ca"] = files["price-ca"] = CERTIFICATE
    usual = backup(made)
    rows = [row for row in records(usual) if row[0] in ("certificate", "key")]
    wanted = ["mqtt-ca", "mqtt-ca", "price-ca", "push-ca", "upgrade-ca"]
    assert rows[0][0] == "certificate" and [row[1] for row in rows] == wanted
    text = backup(made, "?parts=settings,secrets")
    assert [row[1] for row in records(text) if row[0] == "key"] == ["mqtt-key"]
    other = fresh(made.app.system.now)
    other.app.system.mqtt_due = 0
    status, answer = restored(other, text, "?preview=true")
    wanted = ["mqtt-ca", "mqtt-key", "price-ca", "push-ca", "upgrade-ca"]
    assert status == 200 and sorted(answer["certificates"]) == wanted
    assert "mqtt-ca" not in other.app.storage.data
    other.app.push_at, other.app.prices.due_s = 5, 5
    assert restored(other, text)[0] == 200
    for name in ("push-ca", "upgrade-ca", "price-ca"):
        assert other.app.storage.data[name] == CERTIFICATE
    assert other.app.push_at == 0 and other.app.prices.due_s == -1  # each tries again
    assert other.app.storage.data["mqtt-ca"] == files["mqtt-ca"]
    assert other.app.storage.data["mqtt-key"] == KEY
    assert other.app.system.mqtt_due & 128  # MQTT connects again
    assert restored(other, text)[1]["certificates"] == []
    # Who puts in PEM by hand: it is stored as DER, as TLS wants it.
    for name, der, label in (
        ("push-ca", CERTIFICATE, "CERTIFICATE"), ("mqtt-key", KEY, "PRIVATE KEY"),
    ):  # fmt: skip
        other.app.storage.data.pop(name)
        old, new = [b2a_base64(o).decode().strip() for o in (der, pem(der, label))]
        assert restored(other, text.replace('"%s","%s' % (name, old), '"%s","%s' % (name, new)))
        assert other.app.storage.data[name] == der, name
    for begin, changed in (
        ('"mqtt-key","', '"mqtt-key","AAAA'),
        ('"mqtt-key"', '"config.json"'),
        ('["key"', '["certificate"'),
        ('"mqtt-key","', '"mqtt-key",1,"'),
    ):
        assert begin in text
        status, answer = restored(other, text.replace(begin, changed))
        assert status == 400 and answer["message"], changed
    assert other.app.storage.data["mqtt-key"] == KEY


def test_a_second_import_changes_nothing():
    made = full()
    text = backup(made, "?parts=settings,secrets,history,corrections,descriptors")
    writes = made.app.storage.writes
    status, answer = restored(made, text, "?preview=true")
    assert status == 200
    assert answer["settings"] == [] and answer["descriptors"] == "equal"
    assert made.app.storage.writes == writes and answer["corrections"] == 0
    for level in answer["history"].values():
        assert level["new"] == level["different"] == level["left_out"] == 0 < level["equal"]
    before = slots(made.app.energy, made.app.system.now)
    assert restored(made, text)[0] == 200
    assert slots(made.app.energy, made.app.system.now) == before


def test_known_slots_stay_unless_they_are_to_be_replaced():
    made = full()
    now = made.app.system.now
    text = backup(made)
    hour = now // 3600 - 50
    assert edits.enter(made.app.energy, [(hour, 4321, 0)], [], now) == 1
    edited = slots(made.app.energy, now)
    status, answer = restored(made, text)
    assert status == 200 and answer["history"]["hours"]["different"] == 1
    assert answer["history"]["hours"]["new"] == 0
    assert slots(made.app.energy, now) == edited
    status, answer = restored(made, text, "?replace=history")
    assert status == 200 and answer["history"]["hours"]["different"] == 1
    block = Block(24)
    views.fill(made.app.energy.history, HOURS, hour // 24, block)
    assert block.imported[hour % 24] == 1000 + hour % 24
    for query in ("?replace=all", "?preview=yes", "?parts=everything"):
        assert restored(made, text, query)[0] == 400


def test_parts_of_a_backup_and_a_reader_without_a_clock():
    made = full()
    text = backup(made)
    other = fresh(made.app.system.now)
    other.app.system.clocked = False
    status, answer = restored(other, text)
    assert status == 400 and "parts=settings,secrets,descriptors" in answer["message"]
    assert not other.app.storage.data
    status, answer = restored(other, text, "?parts=settings,descriptors")
    assert status == 200 and answer["history"] is None and answer["corrections"] == 0
    assert other.app.config.mqtt_host == "192.168.1.10" and other.lists() == b"list b\n"
    assert other.app.energy.settler.settled_until == 0


def test_hours_older_than_all_that_is_kept_delete_none():
    made = full()
    now = made.app.system.now
    day = Block(24)
    for i in range(24):
        day.put(i, 500 + i, 0, 1)
    files = made.app.storage
    file = now // 86400 // 24
    for past in range(17, 0, -1):  # with the running one 18 files of 24 days
        stored.STORES[HOURS].write(files, (file - past) * 24, day)
    text = '{"backup":1,"records":[\n'
    for past in (30, 25, 20, 18, 12):
        number = (file - past) * 24 + 1
        text += '["hours",%d,"%s"],\n' % (number, packed_of.encode(day, number))
    text += '["end",5]\n]}\n'
    expected = {"new": 24, "equal": 0, "different": 0, "left_out": 4 * 24}
    for query in ("?preview=true", ""):
        status, answer = restored(made, text, query)
        assert status == 200 and answer["history"]["hours"] == expected
    kept = sorted([int(name[1:]) for name in files.data if name[0] == "h" and name[1:].isdigit()])
    assert kept == list(range(file - 17, file + 1))
    block = Block(24)
    views.fill(made.app.energy.history, HOURS, (file - 12) * 24 + 1, block)
    assert block.imported[3] == 503
    # Where there is room for one file, the newest of them stays.
    files.remove("h%d" % (file - 5))
    status, answer = restored(made, text)
    assert status == 200 and answer["history"]["hours"]["left_out"] == 0
    kept = sorted([int(name[1:]) for name in files.data if name[0] == "h" and name[1:].isdigit()])
    assert kept == [n for n in range(file - 18, file + 1) if n != file - 5]


def test_what_is_wrong_is_refused_and_nothing_changes():
    made = full()
    text = backup(made)
    lines = text.split("\n")
    blocks = [i for i, line in enumerate(lines) if line.startswith('["hours"')]
    months = [i for i, line in enumerate(lines) if line.startswith('["month"')]

    def with_line(i, line):
        return "\n".join(lines[:i] + [line] + lines[i + 1 :])

    number = json.loads(lines[blocks[0]].rstrip(","))[1]
    hour_block = lines[blocks[0]].split('"')[3]
    damaged = ("A" if hour_block[10] != "A" else "B") + hour_block[11:]
    other = fresh(made.app.system.now + 3600)
    for wrong in (
        "",
        "hello",
        "{}",
        '{"backup":2,"records":[',
        text[: len(text) // 2],
        "\n".join(lines[:-3]),
        "\n".join(lines[:-2]),
        text + "[1]\n",
        "\n".join(lines[:3] + lines[4:]),  # a record is missing
        with_line(1, '["setting","main_fuse_a",1e400],'),
        with_line(1, '["setting","main_fuse_a",%s],' % ("9" * 500)),
        with_line(1, '["setting","main_fuse_a","40"],'),
        with_line(1, '["setting","main_fuse_a",null],'),
        with_line(1, '["setting","main_fuse_a"],'),
        with_line(1, '["setting","wifi_psk","not a setting"],'),
        with_line(1, '["secret","wifi_psk","short"],'),
        with_line(1, '["setting",["a"],1],'),
        with_line(1, '["setting","tariff",{"steps":[[[]]]}],'),
        with_line(1, "[%s]," % ("[" * 3000)),
        with_line(1, '"%s",' % ("x" * 4096)),
        with_line(1, '[{"a":1}],'),
        with_line(1, '["unheard"],'),
        with_line(1, '["descriptor","\\u0007"],'),
        with_line(1, '["descriptor","wrong"],'),
        with_line(1, '["correction","AAAA"],'),
        with_line(blocks[0], '["hours",%d,"%s"],' % (number, hour_block[:10] + damaged)),
        with_line(blocks[0], '["hours",%d,"%s"],' % (number + 1, hour_block)),
        with_line(blocks[0], '["quarters",%d,"%s"],' % (number, hour_block)),
        with_line(blocks[0], '["hours",-1,"%s"],' % hour_block),
        with_line(blocks[0], '["hours",1.5,"%s"],' % hour_block),
        with_line(blocks[0], '["hours",%d,5],' % number),
        with_line(months[0], '["month",24300,%s,1,1,1,1],' % ("9" * 60)),
        with_line(months[0], '["month",24300,-1,1,1,1,1],'),
        with_line(months[0], '["month",24300,true,1,1,1,1],'),
        b"\xff\xfe" + text.encode(),
    ):
        for query in ("?preview=true", ""):
            status, answer = restored(other, wrong, query)
            assert status == 400 and answer["success"] is False, str(wrong)[:200]
            assert answer["message"]
            assert other.app.config.to_store() == {"version": 1}, wrong
            assert not other.app.storage.data and other.app.energy.edit_id == 0, wrong
    assert restored(other, text)[0] == 200


def test_a_correction_of_no_day_is_refused():
    def correction(level, number, head=0):
        numbers = (7, level, number, 0, 0, 0, 9, 9, 4, 3, head, 1772600000, 7, 0, 1772600000, 0, 0)
        octets = records_of.pack(0x45, 1, records_of.pack_ints(numbers))
        record = json.dumps(["correction", b2a_base64(octets).decode().strip()])
        return '{"backup":1,"records":[\n%s,\n["end",1]\n]}\n' % record

    made = full()
    for name in ("edit", "edits"):
        made.app.storage.remove(name)
    day = 65534
    for level, number in ((0, day * 96 + 96), (1, day * 24 + 24), (2, day + 1), (1, 0), (2, 0)):
        status, answer = restored(made, correction(level, number))
        assert status == 400 and "correction" in answer["message"], (level, number)
        assert "edits" not in made.app.storage.data
    status, answer = restored(made, correction(1, day * 24 + 23, day))
    assert status == 200 and answer["corrections"] == 1
    # It can be undone, and the reader starts again.
    assert edits.undo(made.app.energy, made.app.system.now) >= 0
    Energy("Europe/Oslo", profiles.tariff("NO", {})).load(made.app.storage)


def test_settings_of_a_newer_version_are_named():
    made = fresh(1772665206)
    text = '{"backup":1,"records":[\n["setting","heat_pump",3],\n["end",1]\n]}\n'
    status, answer = restored(made, text)
    assert status == 200 and answer["unknown"] == ["heat_pump"] and answer["settings"] == []


def test_flash_that_is_full():
    made = full()
    text = backup(made)
    other = fresh(made.app.system.now + 3600)
    other.app.storage.full = True
    status, answer = restored(other, text)
    assert status == 400 and answer["message"].startswith("flash has no room")
    assert other.app.config.to_store() == {"version": 1} and not other.app.storage.data
    status, answer = restored(other, text, "?parts=settings")
    assert status == 400 and "flash takes no settings" in answer["message"]
    assert other.app.config.to_store() == {"version": 1}


class Flash(FilesDouble):
    """The 64 blocks of the smallest data partition, of which 10 have something else."""

    def _has_room(self, octets):
        used = sum([(len(data) + 4095) // 4096 for data in self.data.values()])
        return used + (octets + 4095) // 4096 <= 54

    def write(self, name, chunks):  # the old file is there until the new one is written
        body = b"".join(chunks)
        return self._has_room(len(body)) and super().write(name, (body,))

    def append(self, name, data):
        new = len(self.data.get(name, b"")) % 4096
        has_room = self._has_room(len(data) - (4096 - new) % 4096)
        return has_room and super().append(name, data)


def test_a_history_of_five_years_with_export_fits_into_flash():
    made = full()
    energy = made.app.energy
    now = made.app.system.now
    today = now // 86400
    month = energy.settler.zone.month(now)
    for level, numbers in ((QUARTERS, range(today - 39, today - 4)),
                           (HOURS, range(today - 420, today - 4)),
                           (DAYS, range(month - 60, month - 1))):  # fmt: skip
        store = stored.STORES[level]
        block = Block(store.slots)
        files = {}
        for number in numbers:
            for i in range(block.n):
                wh = (300 + 7 * i + number % 50) * (30 if level == DAYS else 1)
                block.put(i, wh, 2 * wh, 1 + 4 * (i & 1))
            files.setdefault(store.name(number), {})[number] = stored.pack(block, number)
        for name in files:
            assert store.write_all(made.app.storage, files[name])
    for number in range(month - 60, month):
        money = [125 * 10**10, 45 * 10**10, 2800000, 900000, 5131083]
        stored.put_month(energy.history, number, 4100, [2800000, 900000] + money)
    pem = b"-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % b2a_base64(CERTIFICATE)
    for name in ("mqtt-ca", "price-ca", "push-ca", "upgrade-ca"):
        made.app.storage.data[name] = pem * 5
    text = backup(made)
    assert 131072 < len(text) < 160000
    other = fresh(now)
    other.app.storage = other.app.energy.history.files = Flash()
    status, answer = restored(other, text)
    assert status == 200, answer
    assert answer["history"]["hours"]["new"] > 419 * 24
    assert answer["history"]["months"]["new"] > 58
    got, expected = slots(other.app.energy, now), slots(energy, now)
    assert got == expected


def test_random_damage():
    """Damage is refused, or changes what the backup says, but never more than its slots."""
    made = full()
    text = backup(made).encode()
    chance = 7
    taken = 0
    for _ in range(60):
        octets = bytearray(text)
        for _ in range(1 + (chance >> 9) % 3):
            chance = (chance * 1103515245 + 12345) & 0x3FFFFFFF
            octets[(chance >> 4) % len(octets)] = chance >> 20 & 255
        if chance & 0x4000:
            octets = octets[: (chance >> 3) % len(octets)]
        other = fresh(made.app.system.now + 3600)
        status, answer = restored(other, bytes(octets))
        assert (status, answer["success"]) in ((200, True), (400, False)), answer
        if status == 400:
            assert not other.app.storage.data and other.app.config.to_store() == {"version": 1}
        else:
            taken += 1
            assert slots(other.app.energy, made.app.system.now)[0]
    assert taken < 30
