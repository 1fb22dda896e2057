"""Signing all images, and the workflow that builds and releases them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.chip_images import application
from tools import boards, firmware, release
from tools.runtime import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "image.yml"
TAG = firmware.version()


@pytest.fixture
def images(tmp_path: Path) -> Path:
    for board in boards.BOARDS:
        plain = tmp_path / f"{board}-{TAG}.bin"
        plain.write_bytes(application(boards.chip(board)))
        plain.with_name(plain.stem + "-full.bin").write_bytes(b"full")
        facts = {"signed": False, "sha256": {plain.name: "0", "full": "1"}}
        plain.with_suffix(".json").write_text(json.dumps(facts))
    return tmp_path


def test_all_images_are_signed_and_listed(
    images: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    key = tmp_path_factory.mktemp("key") / "key.pem"
    command = [sys.executable, "-m", "tools.sign", "keys", "--out", str(key)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    monkeypatch.setattr(boards, "BOARDS", ("pow_u", "d32"))
    monkeypatch.setenv("SIGNING_KEY", key.read_text())
    assert release.main(["--images", str(images), "--tag", TAG]) == 0
    channel = json.loads((images / "manifest.json").read_text())["channels"]["release"]
    assert channel["version"] == TAG and (images / "notes.md").read_text().startswith("- ")
    listed = {image["url"]: image for image in channel["images"]}
    assert sorted(listed) == [f"d32-{TAG}.bin", f"pow_u-{TAG}.bin"]
    for board, chip in (("d32", "esp32"), ("pow_u", "esp32s2")):
        octets = (images / f"{board}-{TAG}.bin").read_bytes()
        assert octets[:-160] == application(chip) and octets[-160:-152] == b"HANREAD1"
        image = listed[f"{board}-{TAG}.bin"]
        assert (image["chip"], image["family"]) == (chip, boards.family(board))
        facts = json.loads((images / f"{board}-{TAG}.json").read_text())
        assert facts["signed"] and facts["sha256"][f"{board}-{TAG}.bin"] == image["sha256"]


def test_without_a_key_nothing_is_signed_or_listed(
    images: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SIGNING_KEY", raising=False)
    assert release.main(["--images", str(images), "--tag", TAG]) == 0
    assert "stay unsigned" in capsys.readouterr().out
    assert not (images / "manifest.json").exists()
    assert (images / f"pow_k-{TAG}.bin").read_bytes() == application("esp32s2")


def test_a_release_that_is_not_whole_is_refused(
    images: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert release.main(["--images", str(images), "--tag", "v9.0.0"]) == 1
    assert f"the tag is v9.0.0, the firmware's version {TAG}" in capsys.readouterr().err
    (images / f"d32-{TAG}-full.bin").unlink()
    assert release.main(["--images", str(images), "--tag", TAG]) == 1
    assert f"missing: d32-{TAG}-full.bin" in capsys.readouterr().err
    (images / f"d32-{TAG}-full.bin").touch()
    monkeypatch.setenv("SIGNING_KEY", "no key")
    assert release.main(["--images", str(images), "--tag", TAG]) == 1
    assert "release: " in capsys.readouterr().err


def workflow() -> dict[str, dict[str, object]]:
    return dict(yaml.safe_load(WORKFLOW.read_text()))


def test_the_workflow_is_one() -> None:
    """The schema is a copy in check-jsonschema."""
    command = [sys.executable, "-m", "check_jsonschema"]
    done = subprocess.run(
        [*command, "--builtin-schema", "vendor.github-workflows", str(WORKFLOW)],
        text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_workflow_builds_every_board_with_the_pinned_versions() -> None:
    jobs = workflow()["jobs"]
    assert isinstance(jobs, dict)
    assert tuple(jobs["build"]["strategy"]["matrix"]["board"]) == boards.BOARDS
    assert workflow()["env"] == {"MICROPYTHON": firmware.MICROPYTHON}
    steps = [step for job in jobs.values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used and all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name in used)
    assert jobs["release"]["needs"] == "build" and jobs["release"]["if"]


def test_the_commands_of_the_workflow_exist() -> None:
    steps = [step for job in workflow()["jobs"].values() for step in job["steps"]]  # type: ignore[index]
    lines = "\n".join(step.get("run", "") for step in steps)
    modules = re.findall(r"-m (tools\.\w+)(?: (\w+))?", lines)
    assert [name for name, _ in modules] == ["tools.image", "tools.release"]
    for name, _ in modules:
        assert (ROOT / (name.replace(".", "/") + ".py")).is_file()
    targets = re.findall(r"^make (\S+)", lines, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text()
    assert targets and all(f"\n{name}:" in makefile for name in targets)
    options = re.findall(r"tools\.image firmware (.*)", lines)[0].replace('"$BOARD"', "pow_u")
    assert firmware.parser().parse_args(options.split()).container == "docker"
    for step in steps:  # nothing of an event is pasted into a shell
        assert "${{" not in step.get("run", "")
    found = re.findall(r"submodule update .*", lines)
    with pytest.raises(firmware.FirmwareError) as refusal:
        firmware.check_micropython(Path("/nowhere"))
    assert found[0] in str(refusal.value)
