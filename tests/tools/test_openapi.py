"""The OpenAPI document and docs/api.md, made from the route table."""

import json
from pathlib import Path

import jsonschema
import openapi_spec_validator
import pytest

from tools import api_table, openapi

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
# Golden files of documents, and their paths.
DOCUMENTS = {
    "data_it.json": "/data.json",
    "data_list4.json": "/data.json",
    "inspect.json": "/inspect.json",
    "inspect_search.json": "/inspect.json",
    "live.json": "/live.json",
    "now_it.json": "/now.json",
    "priceconfig.json": "/priceconfig.json",
    "realtime.json": "/realtime.json",
    "sysinfo.json": "/sysinfo.json",
    "temperature.json": "/temperature.json",
    "wifiscan.json": "/wifiscan.json",
    "wifitest.json": "/wifitest.json",
}


def test_the_document_is_valid_openapi() -> None:
    document = openapi.document()
    openapi_spec_validator.validate(document)
    assert document["openapi"].startswith("3.1")
    assert json.loads(openapi.compact()) == document


def test_every_route_is_there_and_no_other() -> None:
    forms = ("/setup", "/login", "/welcome")  # the page is their GET
    rows = {(row[0], row[1]) for row in openapi.routes().ROUTES} | {
        (path, "GET") for path in forms
    }
    listed = {
        (path, method.upper())
        for path, methods in openapi.document()["paths"].items()
        for method in methods
    }
    assert listed == rows
    assert set(api_table.ROWS) <= rows


def test_operations_have_a_summary_and_a_name_of_their_own() -> None:
    operations = [op for path in openapi.document()["paths"].values() for op in path.values()]
    assert all(op["summary"].endswith(".") for op in operations)
    names = [op["operationId"] for op in operations]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_golden_documents_have_their_schema(name: str) -> None:
    answer = openapi.document()["paths"][DOCUMENTS[name]]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]
    value = json.loads((GOLDEN / name).read_text())
    jsonschema.validate(value, schema)
    for key in schema["required"]:
        broken = {k: v for k, v in value.items() if k != key}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)


def test_types_of_the_table() -> None:
    schema = openapi.schema({"a": ["i?"], "b~": {"c": "n"}, "d": "any"})
    jsonschema.validate({"a": [1, None], "d": "x", "more": 1}, schema)
    for wrong in ({"a": ["1"], "d": 0}, {"a": []}, {"a": [], "d": 0, "b": {}}, {"a": 1, "d": 0}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_a_route_without_a_row_has_the_docstring_of_its_function() -> None:
    row = ("/x", "GET", "forms.files", "robots", "text/plain", 0)
    found = openapi.operation(row, True)
    assert found["summary"] == "ask search engines to index nothing."
    assert found["security"] == [] and "requestBody" not in found


def test_docs_api_is_up_to_date() -> None:
    assert openapi.OUT.read_text() == openapi.markdown(), "run python -m tools.openapi"
