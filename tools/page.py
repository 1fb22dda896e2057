"""Build the reader's web page: firmware/web/static in, gzip files ready to serve out.

In       the source folder: index.html, style.css, favicon.svg, main.js and the modules it imports
Out      index.html.gz style-<hash>.css.gz app-<hash>.js.gz favicon.svg.gz; sizes on stdout
Hash     first 8 hex digits of SHA-256 over the served text, so a name never changes its content
Limits   a module imports with `import { a, b } from "./name.js";` and exports declarations only;
         a top-level name occurs once on the whole page; in a module no template literal or block
         comment spans lines
Errors   PageError names the file and what is wrong; nothing is written then

Usage    python -m tools.page [--out DIR]
"""

import argparse
import gzip
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "firmware/web/static"
OUT = ROOT / "build/www"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class) )", re.MULTILINE)
_TOP_NAME = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
_CSS_STRING = re.compile(r'("[^"\n]*")')
_OURS = re.compile(r"(?:index\.html|favicon\.svg|(?:app|style)-[0-9a-f]{8}\.(?:js|css))\.gz")


class PageError(Exception):
    """A source that this bundler cannot handle."""


def _read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def bundle(folder: Path, entry: str = "main.js") -> str:
    """Entry and all it imports as one module, each module once and before its first importer."""
    order: list[str] = []
    _visit(folder, entry, [], order)
    owners: dict[str, str] = {}
    for name in order:
        for top in _TOP_NAME.findall(_read(folder, name)):
            if top in owners:
                raise PageError(f"{name}: {top} is also a top-level name of {owners[top]}")
            owners[top] = name
    return "".join(_module(folder, name) for name in order)


def _visit(folder: Path, name: str, above: list[str], order: list[str]) -> None:
    if name in above:
        raise PageError(f"{name}: imports itself by way of {' > '.join(above)}")
    if name in order:
        return
    if not (folder / name).is_file():
        raise PageError(f"{name}: no such module, imported by {above[-1] if above else 'nobody'}")
    for names, source in _IMPORT.findall(_read(folder, name)):
        _visit(folder, source, [*above, name], order)
        offered = set(_EXPORTED.findall(_read(folder, source)))
        for wanted in filter(None, (part.strip() for part in names.split(","))):
            if wanted not in offered:
                raise PageError(f"{name}: {source} does not export {wanted}")
    order.append(name)


def _module(folder: Path, name: str) -> str:
    text = _EXPORT.sub("", _IMPORT.sub("", _read(folder, name)))
    lines = []
    for line in text.splitlines():
        line = line.strip()
        if line.startswith(("import ", "export ")):
            raise PageError(f"{name}: cannot bundle {line!r}")
        if line.startswith("//") or not line:
            continue
        if line.count("`") % 2 or "/*" in line:
            raise PageError(f"{name}: literal or comment spans lines: {line!r}")
        lines.append(line + "\n")
    return "".join(lines)


def squeeze_css(text: str) -> str:
    """The style sheet without comments and needless white space; strings untouched."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    parts = _CSS_STRING.split(text)
    for index in range(0, len(parts), 2):
        part = re.sub(r"\s+", " ", parts[index])
        part = re.sub(r" ?([{};,]) ?", r"\1", part)
        parts[index] = re.sub(r": ", ":", part).replace(";}", "}")
    return "".join(parts).strip() + "\n"


def squeeze_markup(text: str) -> str:
    """HTML or SVG without comments and indentation; line ends stay, they separate words."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return "".join(line.strip() + "\n" for line in text.splitlines() if line.strip())


def pages(folder: Path) -> dict[str, str]:
    """Name to text of every file of the page, before compression."""
    script = bundle(folder)
    style = squeeze_css(_read(folder, "style.css"))
    html = squeeze_markup(_read(folder, "index.html"))
    names = {"/main.js": f"app-{_hash(script)}.js", "/style.css": f"style-{_hash(style)}.css"}
    for plain, hashed in names.items():
        if html.count(f'"{plain}"') != 1:
            raise PageError(f'index.html: expected "{plain}" once')
        html = html.replace(f'"{plain}"', f'"/{hashed}"')
    return {
        "index.html": html,
        names["/style.css"]: style,
        names["/main.js"]: script,
        "favicon.svg": squeeze_markup(_read(folder, "favicon.svg")),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def build(folder: Path = SOURCE, out: Path = OUT) -> dict[str, int]:
    """Write the page to out and remove files of earlier builds; the gzip size of each file."""
    files = {
        f"{name}.gz": gzip.compress(text.encode(), 9, mtime=0)
        for name, text in pages(folder).items()
    }
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        if _OURS.fullmatch(old.name) and old.name not in files:
            old.unlink()
    for name, octets in files.items():
        path = out / name
        if not path.is_file() or path.read_bytes() != octets:
            path.write_bytes(octets)
    return {name: len(octets) for name, octets in files.items()}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.page", description="Build the web page."
    )
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (build/www)")
    out = parser.parse_args(arguments).out
    try:
        sizes = build(SOURCE, out)
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    for name, size in sizes.items():
        print(f"{size:7d}  {name}")
    print(f"{sum(sizes.values()):7d}  total in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
