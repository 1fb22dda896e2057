"""Settings from hostile clients: whatever a request says, all of it is done or nothing."""

import json

import schema
from config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from test_settings import FORM, ask, other_value, patched, server
from web.forms import save

NAMES = [row[schema.NAME] for row in schema.ROWS]
STORED = {"main_fuse_a": 63, "mqtt_host": "broker", "wifi_psk": "secret of mine", "ha_tag": "x"}
MADE = server()

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70)
    | st.sampled_from(["", "***", "8N1", "spot", "GMT", "10.0.0.2/24 10.0.0.1", "0x" + "0" * 32]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)  # fmt: skip
FIELDS = [pair.partition("=")[0] for pair in FORM.split("&")] + ["ds", "dt", "qs", "ces", "r", "i"]
TEXTS = st.sampled_from(["true", "false", "", "0", "1", "-1", "2", "***", "abc", "1.5", "65536",
                         "10.0.0.2", "24", "%00", "%ff", "%", "9" * 30, "x" * 300])  # fmt: skip


def fresh() -> None:
    """The server of all examples with the stored settings."""
    app = MADE.app
    app.config = app.prices._config = Config(dict(STORED), {})
    app.network.trial = {}
    app.storage.data = {}
    app.storage.full = False


def check(status: int, answer: dict) -> None:
    """All or nothing, and the stored settings can be read again."""
    app = MADE.app
    assert answer["success"] is (status == 200)
    assert "secret of mine" not in json.dumps(answer)
    if status == 200:
        stored = app.storage.data.get("config.json")
        if stored is not None:
            again = Config(json.loads(stored), {})
            assert not again.faults and again.to_store() == app.config.to_store()
    else:
        assert status in (400, 413), answer
        assert app.config.to_store() == {**STORED, "version": 1}
        assert not app.storage.data and not app.network.trial


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=12), VALUES, max_size=5))
def test_a_patch_is_made_as_a_whole_or_not(changes: dict) -> None:
    fresh()
    status, answer = patched(MADE, changes)
    check(status, answer)
    app = MADE.app
    if status == 200:
        for name, value in changes.items():
            wanted = schema.default(name) if value is None else value
            if not (value == "***" and schema.row(name)[schema.SECRET]):
                assert schema.value(app.config, name) == wanted, name
    elif "errors" in answer:
        assert answer["errors"] and set(answer["errors"]) <= set(changes)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(NAMES), min_size=1, max_size=8), st.data())
def test_one_wrong_value_among_right_ones_changes_nothing(names: set, data: st.DataObject) -> None:
    """A wrong one: of another type, or beyond its limits."""
    fresh()
    changes = {name: other_value(schema.row(name)) for name in names}
    assert patched(MADE, changes)[0] == 200
    fresh()
    name = data.draw(st.sampled_from(sorted(names)))
    limits = schema.row(name)[schema.LIMITS]
    wrong: object = [1]
    if isinstance(limits, tuple):
        wrong = data.draw(st.sampled_from([limits[0] - 1, limits[1] + 1, "1", True]))
    elif limits:
        wrong = data.draw(st.sampled_from(["x" * (limits + 1), 7, False]))
    changes[name] = wrong
    status, answer = patched(MADE, changes)
    assert status == 400 and list(answer["errors"]) == [name]
    check(status, answer)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_a_body_that_is_no_json_changes_nothing(body: bytes) -> None:
    fresh()
    head = "PATCH /api/config HTTP/1.0\nContent-Type: application/json\nContent-Length: %d"
    status, _, answer = ask(MADE, head % len(body), body)
    if status != 200:
        check(status, json.loads(answer))
    else:
        assert json.loads(body) == {}


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), TEXTS, max_size=25))
def test_a_form_is_applied_as_a_whole_or_not(fields: dict) -> None:
    fresh()
    body = "&".join(f"{name}={text}" for name, text in fields.items()).encode()
    head = "POST /save HTTP/1.0\nContent-Length: %d" % len(body)
    status, _, answer = ask(MADE, head, body)
    check(status, json.loads(answer))


def test_each_field_of_a_form_reaches_its_setting_and_comes_back() -> None:
    for section, field, name, kind in save._FIELDS:
        fresh()
        value = other_value(schema.row(name))
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if kind == save._FACTOR:
            text = f"{value / 1000:.3f}"
        needed = {"g": "&gt=GMT", "w": "&ws=Home", "q": "&qh=b"}.get(section, "")
        if field in needed:
            needed = ""
        body = f"{section}=true{needed}&{field}={text}".encode()
        head = "POST /save HTTP/1.0\nContent-Length: %d" % len(body)
        status, _, answer = ask(MADE, head, body)
        assert status == 200, (field, answer)
        assert schema.value(MADE.app.config, name) == value, field
        document = json.loads(ask(MADE, "GET /configuration.json HTTP/1.0")[2])
        assert shown(document, field) == shown_as(name, value), field


PLACES = {"gt": "g.t", "mb": "m.b", "mi": "m.i", "md": "m.d", "mf": "m.f", "mr": "m.r",
          "mmw": "m.m.w", "mmv": "m.m.v", "mma": "m.m.a", "mmc": "m.m.c", "ws": "w.s",
          "wp": "w.p", "wz": "w.z", "wa": "w.a", "ntph": "n.n1", "qh": "q.h", "qu": "q.u",
          "qa": "q.a", "qc": "q.c", "qb": "q.b", "qm": "q.m", "oe": "o.e", "oc": "o.c",
          "ou1": "o.u1", "ou2": "o.u2", "ou3": "o.u3", "ht": "h.t", "hh": "h.h", "hn": "h.n",
          "pe": "p.e", "pt": "p.t", "pr": "p.r", "pc": "p.c", "pm": "p.m", "ds": "d.s",
          **{f"u{letter}": f"u.{letter}" for letter in "ievarctpdms"}}  # fmt: skip


def shown(document: dict, field: str) -> object:
    """The field's value in /configuration.json, by the interface description's table."""
    found: object = document
    for key in PLACES[field].split("."):
        assert isinstance(found, dict)
        found = found[key]
    return found


def shown_as(name: str, value: object) -> object:
    """What /configuration.json has for a setting's value."""
    if schema.row(name)[schema.SECRET]:
        return "***"
    if name[:11] == "multiplier_" or name == "price_multiplier":
        assert isinstance(value, int)
        return value / 1000
    return value
