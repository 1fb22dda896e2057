"""The .mpy tree: compiled files, repeated builds, removed files."""

import os
import subprocess
import sys

import pytest

from tools import build as build_tool
from tools.build import BuildError, build, collect

_XTENSAWIN = 10


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project in place of the real firmware."""
    firmware = tmp_path / "firmware"
    (firmware / "han").mkdir(parents=True)
    (firmware / "main.py").write_text("import app\n")
    (firmware / "app.py").write_text("def run():\n    assert False, 'kept'\n")
    (firmware / "han" / "crc.py").write_text(
        "import micropython\n\n@micropython.viper\ndef one(a: int) -> int:\n    return a + 1\n"
    )
    monkeypatch.setattr(build_tool, "ROOT", tmp_path)
    return tmp_path


def ours(built):
    return [name for name, _ in built if not name.startswith("microdot/")]


def mpy_times(out):
    return {p.relative_to(out).as_posix(): p.stat().st_mtime_ns for p in out.rglob("*.mpy")}


def age(out):
    """Give all files an old time, so that a rewritten file is newer."""
    for path in out.rglob("*.mpy"):
        os.utime(path, ns=(10**18, 10**18))


def rewritten(out):
    return sorted(name for name, at in mpy_times(out).items() if at != 10**18)


def test_output_has_the_same_tree_and_main_as_source(project):
    out = project / "out"
    built = build("xtensawin", out)
    assert ours(built) == ["app.mpy", "han/crc.mpy", "main.py"]
    assert (out / "main.py").read_text() == "import app\n"
    assert not (out / "main.mpy").exists()
    for name, size in built:
        assert (out / name).stat().st_size == size


def test_microdot_comes_with_its_three_modules_only(project):
    names = [name for name, _ in build("x64", project / "out")]
    microdot = [name for name in names if name.startswith("microdot/")]
    assert microdot == ["microdot/__init__.mpy", "microdot/helpers.mpy", "microdot/microdot.mpy"]


def test_umqtt_is_included_after_its_download(project):
    folder = project / "build/lib/umqtt"
    folder.mkdir(parents=True)
    (folder / "simple.py").write_text("class MQTTClient:\n    pass\n")
    assert "umqtt/simple.mpy" in ours(build("x64", project / "out"))


def test_native_code_is_for_the_given_architecture(project):
    for arch, number in (("x86", 1), ("x64", 2), ("xtensawin", _XTENSAWIN)):
        build(arch, project / arch)
        header = (project / arch / "han/crc.mpy").read_bytes()
        assert header[:2] == b"M\x06"
        assert header[2] >> 2 == number


def test_assertions_and_line_numbers_are_kept(project):
    build("x64", project / "out")
    code = "import app\napp.run()"
    done = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "micropython"), "-c", code],
        env={"MICROPYPATH": str(project / "out")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'File "app", line 2, in run' in done.stderr + done.stdout
    assert "AssertionError: kept" in done.stderr + done.stdout


def test_only_changed_files_are_compiled_again(project):
    out = project / "out"
    build("x64", out)
    age(out)
    build("x64", out)
    assert rewritten(out) == []
    (project / "firmware/app.py").write_text("def run():\n    return 2\n")
    build("x64", out)
    assert rewritten(out) == ["app.mpy"]


def test_an_older_source_at_another_place_is_compiled(project):
    out = project / "out"
    for folder, text in (("a", "ID = 5\n"), ("b", "ID = 777\n")):
        (project / folder).mkdir()
        (project / folder / "board.py").write_text(text)
    os.utime(project / "b/board.py", ns=(10**17, 10**17))
    build("x64", out, [project / "a"])
    first = (out / "board.mpy").read_bytes()
    build("x64", out, [project / "b/board.py"])
    assert (out / "board.mpy").read_bytes() != first


def test_another_architecture_compiles_all_again(project):
    out = project / "out"
    build("x64", out)
    age(out)
    build("xtensawin", out)
    assert rewritten(out) == sorted(mpy_times(out))
    assert (out / "han/crc.mpy").read_bytes()[2] >> 2 == _XTENSAWIN


def test_output_without_a_source_is_removed(project):
    out = project / "out"
    build("x64", out)
    (project / "firmware/han/crc.py").unlink()
    (out / "notes.txt").write_text("not ours")
    assert ours(build("x64", out)) == ["app.mpy", "main.py"]
    assert not (out / "han").exists()
    assert (out / "notes.txt").exists()


def test_a_folder_of_another_program_is_not_touched(project):
    out = project / "out"
    out.mkdir()
    (out / "precious.mpy").write_text("x")
    with pytest.raises(BuildError, match="was not made by this tool"):
        build("x64", out)
    assert (out / "precious.mpy").exists()


def test_two_files_with_one_path_are_refused(project):
    (project / "extra").mkdir()
    (project / "extra/app.py").write_text("")
    with pytest.raises(BuildError, match=r"app\.py is in two places"):
        collect([project / "firmware", project / "extra"])
    with pytest.raises(BuildError, match="no such file or folder"):
        collect([project / "missing"])


@pytest.mark.parametrize("name", ["app.py", "main.py"])
def test_a_compile_error_is_printed_and_exits_with_1(project, capsys, name):
    (project / "firmware" / name).write_text("def run(:\n")
    out = project / "out"
    arguments = ["--arch", "x64", "--out", str(out)]
    assert build_tool.main(arguments) == 1
    output = capsys.readouterr().err
    assert f'{name}", line 1' in output
    assert "SyntaxError" in output
    (project / "firmware" / name).write_text("x = 1\n")
    assert build_tool.main(arguments) == 0


def test_sizes_add_up(project, capsys):
    out = project / "out"
    assert build_tool.main(["--arch", "x64", "--out", str(out), "--sizes"]) == 0
    *rows, total = [line.split() for line in capsys.readouterr().out.splitlines()]
    on_disk = sum(p.stat().st_size for p in out.rglob("*") if p.suffix in (".mpy", ".py"))
    assert sum(int(size) for size, _ in rows) == int(total[0]) == on_disk
    assert total[1:] == ["in", str(len(rows)), "files"]


def test_prepared_sources_are_written_when_they_change(project):
    board = project / "boards" / "sim"
    board.mkdir(parents=True)
    (board / "hardware.py").write_text("class Board:\n    pass\n")
    (board / "manifest.py").write_text('include("../manifest.py")\n')
    (project / "firmware" / "app.py").write_text("from const import SEVEN\nprint(SEVEN)\n")
    (project / "firmware" / "const.py").write_text(
        "from micropython import const\n\nSEVEN = const(7)\n"
    )
    out, page = project / "prepared", project / "www"
    page.mkdir()
    (page / "index.html.gz").write_bytes(b"\x1f\x8b'\"\\\n\0")
    (page / "app-1234.js.gz").write_bytes(b"second")
    found = build_tool.prepare(out, [board], page)
    frozen: dict[str, tuple[object, ...]] = {}
    exec(found["page_files.py"].read_text().replace("del __file__", ""), frozen)
    assert frozen["NAMES"] == ("app-1234.js", "index.html")
    assert frozen["OCTETS"] == (b"second", b"\x1f\x8b'\"\\\n\0")
    names = {path.relative_to(out).as_posix() for path in out.rglob("*.py")}
    assert {"firmware/app.py", "firmware/han/crc.py", "board/hardware.py"} <= names
    assert "firmware/microdot/microdot.py" in names and "board/manifest.py" not in names
    assert "print((7))" in found["app.py"].read_text()
    (out / "firmware" / "gone.py").write_text("old")
    for path in out.rglob("*.py"):
        os.utime(path, ns=(10**18, 10**18))
    (project / "firmware" / "app.py").write_text("print(8)\n")
    build_tool.prepare(out, [board], page)
    changed = [p.name for p in out.rglob("*.py") if p.stat().st_mtime_ns != 10**18]
    assert changed == ["app.py"] and not (out / "firmware" / "gone.py").exists()


def test_an_image_without_a_page_is_refused(project, tmp_path):
    with pytest.raises(build_tool.BuildError, match="no web page"):
        build_tool.prepare(project / "prepared", [], tmp_path / "nowhere")
