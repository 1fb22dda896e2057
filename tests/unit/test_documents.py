import json

from doubles import LIST_2, LIST_3, LIST_4, app, merged, reading
from golden import same_as_golden
from web.documents import data, now, sysinfo

# Every key of the two generations of /data.json, from the interface description.
KEYS_2_2 = (
    "im om mf i e ri re ic ec ric rec u1 u2 u3 i1 i2 i2e i3 f f1 f2 f3 v r t u m em hm wm mm me p "
    "mt ds ea pe pr pc he ee c a"
).split()
KEYS_2_3 = (
    "im om mf i e w ri re ic ict1 ict2 ec ect1 ect2 ric rec f l1 l2 l3 v r t u m em hm wm mm me p "
    "px mt ds ea pe pr pc he ee c a"
).split()


def test_data_json_on_an_it_grid():
    body = "".join(data.get(app(reading(3, **merged(LIST_2, LIST_3))), None))
    same_as_golden("data_it.json", body)
    parsed = json.loads(body)
    for key in KEYS_2_2 + KEYS_2_3:
        assert key in parsed, key
    # The values of the interface description's example for this household.
    assert parsed["im"] == 15934 and parsed["om"] == 8 and parsed["mf"] == 40
    assert '"ic":48211.734,' in body and '"rec":5120.900,' in body
    assert '"u1":231.40,"u2":229.80,"u3":230.10,"i1":6.20,"i2":0.00,"i2e":true,"i3":3.90' in body
    assert '"v":3.287,"r":-61,"t":-127.00,"u":90512,"m":88340' in body
    assert parsed["l2"]["e"] is True and parsed["em"] == 1 and parsed["hm"] == 1


def test_data_json_with_everything():
    body = "".join(data.get(app(reading(4, **merged(LIST_2, LIST_3, LIST_4))), None))
    same_as_golden("data_list4.json", body)
    parsed = json.loads(body)
    assert parsed["l1"] == {"u": 231.4, "i": 6.2, "p": 1430, "q": 0, "f": 0.98}
    assert parsed["ict1"] == 31100.12 and parsed["i2e"] is False


def test_data_json_before_the_first_telegram():
    parsed = json.loads("".join(data.get(app(), None)))
    assert parsed["i"] == 0 and parsed["u1"] == 0 and parsed["im"] == 10000
    assert parsed["hm"] == 3 and parsed["p"] is None


def test_now_json():
    body = "".join(now.get(app(reading(3, **merged(LIST_2, LIST_3))), None))
    same_as_golden("now_it.json", body)
    parsed = json.loads(body)
    assert parsed["s"] == 1.2 and parsed["n"] == 1 and parsed["i"] == 2143
    assert parsed["l2"] == {"u": 229.8, "i": None, "p": None, "q": None, "f": None, "e": True}
    assert parsed["tz"] == "Europe/Oslo"
    unknown = json.loads("".join(now.get(app(), None)))
    assert unknown["s"] is None and unknown["i"] is None and unknown["l1"]["u"] is None


def test_now_says_what_is_in_a_data_partition_that_is_not_ours():
    found = app()
    assert "nf" not in json.loads("".join(now.get(found, None)))
    found.storage = Absent()
    assert json.loads("".join(now.get(found, None)))["nf"] == "unknown content"


class Absent:
    absent = "unknown content"


def test_sysinfo_json():
    device = app(reading(3, **LIST_2))
    device.config.hostname = 'a"b'  # as from the command line
    device.state.line = "2400 8E1"
    body = "".join(sysinfo.get(device, None))
    same_as_golden("sysinfo.json", body)
    parsed = json.loads(body)
    assert parsed["hostname"] == 'a"b' and parsed["chipId"] == "4b1e"
    assert parsed["meter"] == {"mfg": 1, "model": "6525", "id": "7359992890000001"}
