"""tools.page: its files, their names and sizes, and its errors."""

import gzip
import re
import shutil
import time
from pathlib import Path

import pytest

from tools import page


def copy_of_the_sources(folder: Path) -> Path:
    return Path(shutil.copytree(page.SOURCE, folder / "static"))


def plain(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_page_is_within_its_budgets() -> None:
    made = page.make()
    totals = made.totals()
    assert totals.pop("first") <= 30 * 1024
    assert totals.pop("all") <= 70 * 1024
    texts = [totals.pop(name) for name in list(totals) if name.endswith(page.TEXTS)]
    assert totals.pop("en said") <= page.ENGLISH_SAID_MOST
    said = [totals.pop(name) for name in list(totals) if name.endswith(page.SAID)]
    assert (len(totals), len(texts), len(said)) == (7, 6, 6)
    assert 0 < max(said) <= page.SAID_MOST
    assert max(totals.values()) <= 8 * 1024
    assert 0 < max(texts) <= page.TEXTS_MOST


def test_the_first_page_needs_its_own_parts_only() -> None:
    made = page.make()
    assert sorted(re.sub(r"-\w{8}\.", ".", name) for name in made.first) == [
        "en.now.js", "en.shared.js", "favicon.svg", "index.html", "main.js", "now.js", "style.css",
    ]  # fmt: skip


def test_a_page_is_one_part_beside_the_shared_one() -> None:
    made = page.make()
    of_words = set(made.texts.values()).union(*made.words.values(), *made.said.values())
    parts = sorted(name.split("-")[0] for name in set(made.files) - of_words if "-" in name)
    assert parts == [
        "charts", "device", "held", "history", "main", "now", "settings", "setup", "style",
    ]  # fmt: skip


def test_a_budget_that_is_exceeded_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    made = page.make()
    made.refuse_large()
    for name, reason in (
        ("FIRST_MOST", "first"), ("ALL_MOST", "all"), ("LANGUAGE_MOST", "en"),
        ("TEXTS_MOST", "nb texts"), ("SAID_MOST", "nb said"), ("ENGLISH_SAID_MOST", "en said"),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(page, name, 1000)
            with pytest.raises(page.PageError, match=rf"{reason}: \d+ octets .* at most 1000"):
                made.refuse_large()


def test_every_part_has_a_hash_in_its_name_and_is_named_by_another_one(tmp_path: Path) -> None:
    sizes = page.build(page.SOURCE, tmp_path)
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == sizes
    assert sizes.pop("openapi.json.gz") < 10240
    texts = "".join(plain(tmp_path / name) for name in sizes)
    for name in set(sizes) - {"index.html.gz", "favicon.svg.gz"}:
        file = re.fullmatch(r"(?:(\w\w)\.)?(\w+)(-[0-9A-Za-z]{8}\.(?:js|css))\.gz", name)
        assert file
        language, part, rest = file.groups()
        if language:
            of_words = r"`/\$\{\w+\}\.(?:\$\{\w+\}|" + part + ")" + re.escape(rest) + "`"
            assert re.search(of_words, texts), name
        else:
            assert f"/{part}{rest}" in texts
    html = plain(tmp_path / "index.html.gz")
    forms = {"setup.html", "login.html", "welcome.html"}  # of the firmware, without script
    for named in set(re.findall(r'(?:src|href)="/([^"]+)"', html)) - forms:
        assert f"{named}.gz" in sizes
    assert re.search(r'src="/main-\w{8}\.js"', html) and re.search(r'"/style-\w{8}\.css"', html)
    assert "http://" not in html and "https://" not in html


def test_a_changed_word_changes_the_names_of_words_and_shell(tmp_path: Path) -> None:
    def names(source: Path) -> set[str]:
        return {re.sub(r"^\w\w\.\w+", "words", name) for name in page.make(source).files}

    before = names(page.SOURCE)
    source = Path(shutil.copytree(page.SOURCE, tmp_path / "static"))
    words = source / "words/fi/setup.js"  # is in the file of all pages but the first
    text = words.read_text(encoding="utf-8")
    words.write_text(text.replace("Pidä", "Pitäkää"), encoding="utf-8")
    changed = sorted(name.split("-")[0] for name in names(source) - before)
    assert {"main", "words"} < set(changed) and before - names(source)


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    page.build(page.SOURCE, tmp_path)
    before = {
        path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.iterdir()
    }
    time.sleep(0.02)
    page.build(page.SOURCE, tmp_path)
    after = {
        path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.iterdir()
    }
    assert before == after
    for _, octets in after.values():
        assert octets[4:8] == bytes(4)  # RFC 1952: MTIME 0


def test_a_text_is_packed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "PACKED", tmp_path / "packed")
    texts = {"a": "one " * 100, "b": "two " * 100, "c": "one " * 100}
    packed = page.pack(texts)
    assert {name: gzip.decompress(octets).decode() for name, octets in packed.items()} == texts
    kept = {path.name: path.stat().st_mtime_ns for path in page.PACKED.iterdir()}
    assert len(kept) == 2
    assert page.pack(texts) == packed
    assert {path.name: path.stat().st_mtime_ns for path in page.PACKED.iterdir()} == kept


def test_a_changed_style_gets_a_new_name_and_the_old_file_is_removed(tmp_path: Path) -> None:
    source = copy_of_the_sources(tmp_path)
    out = tmp_path / "out"
    first = set(page.build(source, out))
    (out / "notes.txt").write_text("not ours")
    with (source / "style.css").open("a") as style:
        style.write(".more { color: red; }\n")
    second = set(page.build(source, out))
    assert {name.split("-")[0] for name in first ^ second} == {"style"}
    assert {path.name for path in out.iterdir()} == second | {"notes.txt"}


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("pages/now.js", 'import { gone } from "./gone.js";\ngone();\n', "gone.js"),
        ("pages/now.js", 'import { gone } from "../lib/dom.js";\ngone();\n', "gone"),
        ("pages/now.js", "const a = ;\n", "Unexpected"),
        ("style.css", ".a { color: red; \n", "Expected"),
    ],
)
def test_a_refused_source_keeps_the_old_page(
    tmp_path: Path, file: str, text: str, reason: str
) -> None:
    source = copy_of_the_sources(tmp_path)
    out = tmp_path / "out"
    before = page.build(source, out)
    with (source / file).open("a") as module:
        module.write(text)
    with pytest.raises(page.PageError, match=reason):
        page.build(source, out)
    assert {path.name: path.stat().st_size for path in out.iterdir()} == before


def test_the_bundler_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = copy_of_the_sources(tmp_path)
    monkeypatch.setattr(page, "ROOT", tmp_path)
    with pytest.raises(page.PageError, match="esbuild is not installed: make setup"):
        page.make(source)


def test_a_part_is_shortened_and_a_wrong_one_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PACKED", tmp_path / "packed")
    module = "export const power = (watts) => { const kilo = watts / 1000; return kilo; };\n"
    made = page.shorten({"a.js": module})["a.js"]
    assert len(made) < len(module) and "power" in made and "kilo" not in made
    with pytest.raises(page.PageError, match="Name expected"):
        page.shorten({"a.js": "export const = 1;\n"})
    assert len(list(page.PACKED.iterdir())) == 1


def test_squeezed_markup_has_no_comments_and_no_indentation() -> None:
    assert page.squeeze_markup("<p>\n  a\n\n  <!-- why\n -->b\n</p>\n") == "<p>\na\nb\n</p>\n"


def test_the_command_prints_each_size_and_the_budgets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert page.main(["--out", str(tmp_path)]) == 0
    *lines, budgets = capsys.readouterr().out.splitlines()
    sizes = [int(line.split()[0]) for line in lines]
    assert sizes[-1] == sum(sizes[:-1]) == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert re.match(r"budgets: first \d+, all \d+, en \d+, ", budgets)


def test_the_product_has_one_name(tmp_path: Path) -> None:
    root = page.ROOT
    name = page.product()
    html = page.make().files["index.html"]
    assert f"<title>{name}</title>" in html and f'<p id="product">{name}</p>' in html
    assert (root / "README.md").read_text().startswith(f"# {name}\n")
    project = name.lower().replace(" ", "-")
    assert f'name = "{project}"' in (root / "pyproject.toml").read_text()
    assert name in (root / "LICENSE").read_text()
    system = tmp_path / "system.py"
    system.write_text('VERSION = "v1"\nPRODUCT = const("Meter box")  # its name\n')
    assert page.product(system) == "Meter box"
    system.write_text('VERSION = "v1"\n')
    with pytest.raises(page.PageError, match=r"system\.py: no PRODUCT"):
        page.product(system)
