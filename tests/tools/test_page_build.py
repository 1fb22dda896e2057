"""tools.page: the bundler's output, its errors, and the size of the page."""

import gzip
import re
import shutil
import time
from pathlib import Path

import pytest

from tools import page

LIMIT = 32 * 1024


def copy_of_the_sources(folder: Path) -> Path:
    return Path(shutil.copytree(page.SOURCE, folder / "static"))


def plain(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def modules(folder: Path, **sources: str) -> Path:
    for name, text in sources.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_the_page_is_four_small_files_beside_the_interfaces_document(tmp_path: Path) -> None:
    sizes = page.build(page.SOURCE, tmp_path)
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == sizes
    assert sizes.pop("openapi.json.gz") < 8192
    assert len(sizes) == 4
    assert sum(sizes.values()) < LIMIT


def test_the_index_names_the_hashed_files_and_nothing_else(tmp_path: Path) -> None:
    page.build(page.SOURCE, tmp_path)
    html = plain(tmp_path / "index.html.gz")
    named = set(re.findall(r'(?:src|href)="/([^"]+)"', html))
    assert {f"{name}.gz" for name in named} | {"index.html.gz", "openapi.json.gz"} == {
        path.name for path in tmp_path.iterdir()
    }
    assert len([name for name in named if re.fullmatch(r"app-[0-9a-f]{8}\.js", name)]) == 1
    assert len([name for name in named if re.fullmatch(r"style-[0-9a-f]{8}\.css", name)]) == 1
    assert "http://" not in html
    assert "https://" not in html


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


def test_each_module_is_bundled_once_before_its_importers(tmp_path: Path) -> None:
    folder = modules(
        tmp_path,
        main='import { b } from "./b.js";\nimport { c } from "./c.js";\nb(c);\n',
        b='// why\nimport { c } from "./c.js";\n\nexport function b(x) {\n  return x + c;\n}\n',
        c='export const c = "// kept";\n',
    )
    assert page.bundle(folder) == (
        'const c = "// kept";\nfunction b(x) {\nreturn x + c;\n}\nb(c);\n'
    )


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ({"main": 'import { a } from "./a.js";\n'}, "no such module"),
        ({"main": 'import { a } from "./b.js";\n', "b": "const a = 1;\n"}, "does not export a"),
        ({"main": 'import { a as b } from "./b.js";\n', "b": "export const a = 1;\n"}, "a as b"),
        ({"main": 'import a from "./b.js";\n', "b": "export const a = 1;\n"}, "cannot bundle"),
        ({"main": "export default 1;\n"}, "cannot bundle"),
        ({"main": "const a = `\n  b`;\n"}, "spans lines"),
        ({"main": "const a = 1; /* x\n */\n"}, "spans lines"),
        (
            {"main": 'import { b } from "./b.js";\nconst a = b;\n',
             "b": "const a = 1;\nexport const b = a;\n"},
            "a is also a top-level name of b.js",
        ),
        (
            {"main": 'import { b } from "./b.js";\nexport const a = b;\n',
             "b": 'import { a } from "./main.js";\nexport const b = a;\n'},
            "import cycle",
        ),
    ],
)  # fmt: skip
def test_sources_outside_the_limits_are_refused(
    tmp_path: Path, sources: dict[str, str], reason: str
) -> None:
    with pytest.raises(page.PageError, match=reason):
        page.bundle(modules(tmp_path, **sources))


def test_a_refused_source_keeps_the_old_page(tmp_path: Path) -> None:
    source = copy_of_the_sources(tmp_path)
    out = tmp_path / "out"
    before = page.build(source, out)
    (source / "main.js").write_text('import { gone } from "./gone.js";\n')
    with pytest.raises(page.PageError):
        page.build(source, out)
    assert {path.name: path.stat().st_size for path in out.iterdir()} == before


def test_squeezed_css_has_the_same_meaning() -> None:
    text = """
    /* why; { */
    .a :hover, .b > i { color: red; width: calc(1px + 2px); font: 1px "A  b: c;" }
    @media (min-width: 760px) { .c { --x: #fff; } }
    """
    assert page.squeeze_css(text) == (
        '.a :hover,.b > i{color:red;width:calc(1px + 2px);font:1px "A  b: c;"}'
        "@media (min-width:760px){.c{--x:#fff}}\n"
    )


def test_the_command_prints_each_size_and_the_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert page.main(["--out", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    sizes = [int(line.split()[0]) for line in lines]
    assert sizes[-1] == sum(sizes[:-1]) == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_the_product_has_one_name() -> None:
    root = page.ROOT
    name = page.product()
    html = page.pages(page.SOURCE)["index.html"]
    assert f"<title>{name}</title>" in html and f"<h1>{name}</h1>" in html
    assert (root / "README.md").read_text().startswith(f"# {name}\n")
    project = name.lower().replace(" ", "-")
    assert f'name = "{project}"' in (root / "pyproject.toml").read_text()
    assert name in (root / "LICENSE").read_text()
