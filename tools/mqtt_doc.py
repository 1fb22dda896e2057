"""docs/mqtt.md, from the golden files of the payloads.

    python -m tools.mqtt_doc      write docs/mqtt.md

In       tests/golden/mqtt_*.txt: a line "# title", then a line of topic, "retained" or "-" and
         body for each message; tests/golden/ha_*.json: a body each; the docstrings of the modules
         in firmware/mqtt/payloads, but of homeassistant
Out      docs/mqtt.md: each payload with its topics and bodies. What both generations share is
         shown once
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests/golden"
PAYLOADS = ROOT / "firmware/mqtt/payloads"
OUT = ROOT / "docs/mqtt.md"
GENERATIONS = ("2.2", "2.5")
# The part of a golden file's name, the number in mqtt_payload, the title, the module.
TABLE = (
    ("json", "0", "JSON", "json"),
    ("raw_minimal", "1", "Raw, minimal", "raw"),
    ("raw_full", "2", "Raw, full", "raw"),
    ("domoticz", "3", "Domoticz", "domoticz"),
    ("json_topics", "5", "JSON, several topics", "json_topics"),
    ("json_flat", "6", "JSON, flat", "json_flat"),
    ("hexdump", "255", "HEX dump", "hexdump"),
)
# Payloads whose messages are those of another one, shown there.
_SAME = {"raw_full": "raw_minimal"}
_SHOWN = 3  # of messages whose topics differ by a number only

Message = tuple[str, str, str]
Sections = list[tuple[str, list[Message]]]

INTRODUCTION = """\
# What the reader publishes by MQTT

Made by `python -m tools.mqtt_doc` from the golden files of `tests/golden`, which the tests compare
with what is published, octet by octet. The topic `mqtt_topic` is `ams` here, and the meter is one
in a Norwegian house. [settings.md](settings.md) tells how settings are changed; `mqtt_payload` is
the number of a payload below. A change takes effect within two seconds.

MQTT 3.1.1, QoS 0. `online` and, as the last will, `offline` are retained on `ams/status`: they say
whether the reader is there. Whether its meter is there is an event, see below; nothing that is
older than 30 s is published as new, and after a silence of the meter nothing of it comes.

| what | when |
|---|---|
| a telegram | as each comes; with `mqtt_interval_s` at most so often, with all values known |
| about the device | on connect, then every 60 s |
| prices | on connect, when the price changes with the hour (2.5: the quarter-hour), and when \
other prices or rules are in force |
| temperatures | on connect, then every 15 s |
| firmware | on connect |
| events | within 10 s after a condition has begun or ended |

The broker's name is looked up at each connection, and telegrams are read meanwhile; only names
with `.local` or without a dot hold the reader until they are found. If the name server gives no
answer, the router is asked. While neither answers, the address at which the broker was reached
before is used.

After a slow broker or a lost connection only the newest telegram is published. Between two of the
other messages are 50 ms, more while the supply voltage is low, in which telegrams go first.

`mqtt_generation` chooses the AMS readers whose names, decimals and members the payload has: those
of 2.2, which is the default, or of 2.5. Some defects of theirs are not here: a Domoticz counter is
not cut off, a peak has two decimals, JSON is always valid, an unknown price is null or empty, and
registers that a telegram does not have are left out.

Payloads 4 and 104 are those of Home Assistant: [homeassistant.md](homeassistant.md).

## Events

`meter_silent` no telegram for `mqtt_silence_s`; `phase_overload` a current above `main_fuse_a`;
`hour_above_limit` the running hour is expected to raise the month's step of the capacity tariff;
`price_negative` the price is below 0. JSON publishes `{"event", "active"}` on `ams/event`, raw
payloads 1 or 0 on `ams/event/NAME`.

## Commands

They come on `mqtt_subscribe`; if that is empty, on `ams/command`; "off": none are taken.

| payload | effect |
|---|---|
| `dayplot`, `monthplot` | energy of the last 24 hours or 31 days in kWh, on `ams/dayplot`, \
`ams/monthplot`: imported `iNN`, exported `eNN`, by UTC hour or day of the month |
| `{"start":"2026-07-01T00:00:00+02:00","resolution":15,"currency":"SEK","prices":[0.53,null]}` \
| prices of a kWh in force, as by `POST /prices`; resolution 15, 30 or 60 minutes; at most 4 KB, \
and 20 an hour |
| `restart`, `announce` | payload 104, its buttons: the reader restarts; the entities are \
announced again |
| `fwupgrade` | pulls the newest version, as `POST /upgrade` |

`restart` and `fwupgrade` are not taken in the first minute, and never from a retained message,
which the broker sends again at each connection. Prices may be retained.

`{"command", "success", "message"}` on `ams/command/result` says how it went; not from payloads 0
to 4 and 255 of the generation 2.2, as AMS readers of 2.2 do not publish it. The log always says
it.
"""


def read(name: str, generation: str) -> Sections:
    """The sections of a golden file."""
    found: Sections = []
    for line in (GOLDEN / f"mqtt_{name}_{generation}.txt").read_text().splitlines():
        if line.startswith("# "):
            found.append((line[2:], []))
        else:
            topic, flag, body = line.split("\t")
            found[-1][1].append((topic, flag, body))
    return found


def shortened(messages: list[Message]) -> list[Message]:
    """The messages with a row "..." in place of most that differ by the last number only."""
    found: list[Message] = []
    run = 0
    for i, message in enumerate(messages):
        stem = re.sub(r"/\d+$", "/", message[0])
        beside = [m for m in messages[max(0, i - 1) : i + 2] if m is not message]
        same = [m for m in beside if stem != message[0] and re.sub(r"/\d+$", "/", m[0]) == stem]
        run = run + 1 if len(same) == 2 else 0
        if run <= _SHOWN:
            found.append(message)
        elif found[-1][0] != "...":
            found.append(("...", "", ""))
    return found


def section(title: str, messages: list[Message], generations: str) -> str:
    """One kind of messages: a JSON body in a block each, texts as a table."""
    out = f"### {title}{generations}\n\n"
    if messages[0][2].startswith("{"):
        for topic, flag, body in messages:
            retained = ", retained" if flag == "retained" else ""
            out += f"`{topic}`{retained}\n\n```json\n{body}\n```\n\n"
        return out
    out += "| topic | | body |\n|---|---|---|\n"
    for topic, flag, body in shortened(messages):
        shown = f"`{body}`" if body else "" if topic == "..." else "(empty)"
        out += f"| {topic} | {flag.replace('-', '')} | {shown} |\n"
    return out + "\n"


def describe(name: str, number: str, title: str, module: str) -> str:
    """A payload: what its module says of itself, then its messages."""
    doc = ast.get_docstring(ast.parse((PAYLOADS / f"{module}.py").read_text())) or ""
    out = f"## {number}: {title}\n\n"
    other = _SAME.get(name, name)
    if other != name and all(read(name, g) == read(other, g) for g in GENERATIONS):
        return out + f"Topics and bodies are those of {other.replace('_', ', ')}.\n\n"
    out += f"```\n{doc}\n```\n\n"
    old, new = (dict(read(name, generation)) for generation in GENERATIONS)
    for part in [*old, *[title for title in new if title not in old]]:
        if old.get(part) == new.get(part):
            out += section(part, old[part], "")
            continue
        for messages, generation in ((old.get(part), "2.2"), (new.get(part), "2.5")):
            if messages:
                out += section(part, messages, f", {generation}")
    return out


def home_assistant() -> str:
    """Payloads 4 and 104: bodies of ha_NAME_GENERATION.json, in the order of their names."""
    out = "## 4 and 104: Home Assistant\n\n"
    out += (
        "4 announces each entity with a message of its own, as AMS readers do; 104 announces the\n"
    )
    out += (
        "device with all its entities in one. A title below begins with the topic under `ams`;\n"
    )
    out += "discovery is on `homeassistant/sensor/HOST_NAME/config`, retained.\n\n"
    for path in sorted(GOLDEN.glob("ha_*.json")):
        name, _, generation = path.stem[3:].partition("_2_")
        title = f"{name.replace('_', ' ')}, 2.{generation}" if generation else name
        body = path.read_text().rstrip("\n")
        out += f"### {title}\n\n```json\n{body}\n```\n\n"
    return out


def text() -> str:
    """The whole file."""
    out = INTRODUCTION + "\n"
    for row in TABLE:
        out += describe(*row)
    return (out + home_assistant()).rstrip("\n") + "\n"


def main() -> int:
    OUT.write_text(text(), encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: {len(TABLE)} payloads")
    return 0


if __name__ == "__main__":
    sys.exit(main())
