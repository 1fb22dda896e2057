"""Messages of many readers as InfluxDB's line protocol.

    mosquitto_sub -t '#' -F '%t %p' | python -m tools.influx

In      lines TOPIC BODY, as mosquitto_sub prints them; bodies of payload 0 (JSON)
Out     a line for each telegram: meter,reader=TOPIC P=1234.0,U1=231.2 TIME; numbers only, time in
        seconds of UTC, so write with precision=s. Other messages are left out
Source  InfluxDB line protocol: commas, spaces and equals signs of a tag are escaped
"""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any


def lines(messages: Iterable[str]) -> Iterator[str]:
    """The line of each message that is a telegram."""
    for message in messages:
        topic, _, text = message.rstrip("\n").partition(" ")
        try:
            body = json.loads(text)
        except ValueError:
            continue
        if isinstance(body, dict) and isinstance(body.get("data"), dict):
            fields = ",".join(_fields(body["data"]))
            if fields:
                when = f" {body['t']}" if isinstance(body.get("t"), int) and body["t"] else ""
                yield f"meter,reader={_escape(topic)} {fields}{when}"


def _fields(data: dict[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        # Counters come with decimals: one without is still no integer to the database.
        yield f"{_escape(name)}={float(value)}"


def _escape(text: str) -> str:
    for sign in "\\, =":
        text = text.replace(sign, "\\" + sign)
    return text


if __name__ == "__main__":
    for line in lines(sys.stdin):
        print(line, flush=True)
