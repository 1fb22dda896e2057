"""The requests of the load on the stand-in."""

import re

from tools import rig
from tools.runtime import ROOT


def test_every_document_is_asked_for_but_those_with_a_reason() -> None:
    source = (ROOT / "firmware" / "web" / "routes.py").read_text()
    routes = set(re.findall(r'\(\s*"(/[^"]*)",\s*"GET"', source))
    assert {"/data.json", "/configfile.cfg", "/backup.json", "/events"} < routes
    asked = {path.partition("?")[0] for path in rig.DOCUMENTS}
    assert asked | set(rig.LEFT_OUT) == routes | {"/", "/api/openapi.json"}
    assert not asked & set(rig.LEFT_OUT)
    assert all(rig.LEFT_OUT.values())
