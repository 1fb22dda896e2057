"""The texts of the settings in the page's languages but English."""

import json

from tools import page

LANGUAGES = ("nb", "sv", "da", "de", "nl", "fi")


def texts(language: str) -> dict[str, list[str]]:
    """{setting: [label, explanation, labels of its options]}"""
    packed = page.Words(page.SOURCE).settings[language]
    lines = json.loads(packed.removeprefix("export const SETTING = ").removesuffix(";\n"))
    rows = [line.split("|") for line in lines.split("\n")]
    return dict(zip(page.setting_names(), rows, strict=True))
