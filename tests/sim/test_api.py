"""The interface of the whole firmware: the documents have the shapes of /api/openapi.json, and
old clients find their keys."""

import base64
import gzip
import http.client
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.timing import wait_until
from tests.world import World
from tools import openapi

CONFIG = {"price_fixed_micro": 1_250_000, "price_currency": "NOK"}
# Keys that clients of an AMS reader 2.2 read: formats of the interface, 1.3, 1.9, 1.11.
EVCC = ("i", "e", "ic", "ec", "u1", "u2", "u3", "i1", "i2", "i3")
SCRIPT = {
    "/data.json": (*EVCC, "im", "om", "mf", "ri", "re", "f", "v", "r", "t", "u", "m", "p", "ea",
                   "pc", "c", "a"),
    "/sysinfo.json": ("version", "chip", "chipId", "mac", "board", "hostname", "net", "meter",
                      "ui", "fwconsent", "upgrade", "booting", "security", "boot_reason",
                      "ex_cause", "last_month", "clock_offset"),
    "/tariff.json": ("t", "p", "c", "m"),
    "/dayplot.json": ("i00", "i23", "e00", "e23"),
    "/monthplot.json": ("i01", "i31", "e01", "e31"),
    "/temperature.json": ("c", "s"),
    "/energyprice.json": ("currency", "source", "00", "35"),
}  # fmt: skip
ONLY_IN_SETUP = ("/wifi.json", "/wifi/test.json")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("served")
    with World(folder, "--meter", "kaifa", "--speed", "10", config=CONFIG) as world:
        wait_until(lambda: world.json("/now.json")["lt"] >= 2)
        yield world


def json_documents() -> dict[str, Any]:
    """{path: schema} of the documents that are JSON."""
    found = {}
    for path, methods in openapi.document()["paths"].items():
        content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if "application/json" in content and path not in ONLY_IN_SETUP:
            found[path] = content["application/json"]["schema"]
    return found


def test_the_reader_sends_the_document_of_its_interface(served: World) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.http)
    connection.request("GET", "/api/openapi.json")
    response = connection.getresponse()
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.read())) == openapi.document()


@pytest.mark.parametrize("path", json_documents())
def test_each_document_has_its_shape(served: World, path: str) -> None:
    jsonschema.validate(served.json(path), json_documents()[path])


def test_an_old_script_finds_its_keys_with_and_without_a_password(served: World) -> None:
    password = base64.b64encode(b"admin:any").decode()
    for path, keys in SCRIPT.items():
        for headers in ({}, {"Authorization": f"Basic {password}"}):
            connection = http.client.HTTPConnection("127.0.0.1", served.http)
            connection.request("GET", f"{path}?t=1704447012", headers=headers)
            response = connection.getresponse()
            document = json.loads(response.read())
            assert response.status == 200 and set(keys) <= set(document), path
            assert "no-store" in response.headers["Cache-Control"]
            connection.close()
