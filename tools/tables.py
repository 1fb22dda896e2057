"""Writes the decoder's tables, bytes literals, from the comments and docstrings beside them.

    python -m tools.tables

In       han/fields.py: NAME = const(N)  # QUANTITY, list TYPE     a line for each field
         han/codes.py: # C.D.E NAME                                 a comment for each OBIS code
         han/meters/*.py: the text below "Descriptors" in a docstring
Out      QUANTITY, LIST and COUNT of han.fields, NAMES of han.descriptors, TABLE of han.codes and
         LISTS of han/meters/*.py. tests/tools/test_tables.py fails while they are out of date
"""

import ast
import re
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

from tools.runtime import ROOT

sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "tests" / "cpython")]

HAN = ROOT / "firmware" / "han"
_FIELD = re.compile(r"^([A-Z]\w*) = const\((\d+)\)  # ([A-Z]+), list (\d)$", re.M)
_QUANTITY = re.compile(r"^([A-Z]+) = const\((\d+)\)", re.M)
_CODE = re.compile(r"# (\d+)\.(\d+)\.(\d+) (\w+)$", re.M)
_WIDTH = 88
_BELOW = "\nDescriptors\n"


def main() -> None:
    """Write every table."""
    for path, text in written().items():
        path.write_text(text)


def written() -> dict[Path, str]:
    """{file: its text with new tables}."""
    fields = (HAN / "fields.py").read_text()
    quantities = {name: int(number) for name, number in _QUANTITY.findall(fields)}
    rows = _FIELD.findall(fields)
    numbers = {name: int(number) for name, number, _, _ in rows}
    if list(numbers.values()) != list(range(len(rows))):
        raise ValueError("han/fields.py: the numbers of the fields have gaps")
    names = tuple(name.lower() for name in numbers)
    quantity = bytes(quantities[quantity] for _, _, quantity, _ in rows)
    made = {
        "fields": {
            "COUNT": f"const({len(rows)})",
            "QUANTITY": _literal(quantity),
            "LIST": _literal(bytes(int(kind) for _, _, _, kind in rows)),
        },
        "descriptors": {"NAMES": _names(names)},
        "codes": {"TABLE": _codes(numbers)},
    }
    from han import descriptors

    descriptors.NAMES, descriptors.QUANTITY = names, quantity  # the files' may be outdated
    for module in sorted((HAN / "meters").glob("*.py")):
        _, _, text = (ast.get_docstring(ast.parse(module.read_text())) or "").partition(_BELOW)
        compiled = descriptors.table(text)
        if compiled:
            made["meters/" + module.stem] = {"LISTS": _literal(compiled)}
    return {HAN / f"{name}.py": _replaced(HAN / f"{name}.py", new) for name, new in made.items()}


def _codes(numbers: dict[str, int]) -> str:
    lines = []
    for *code, name in _CODE.findall((HAN / "codes.py").read_text()):
        octets = (*map(int, code), numbers[name])
        digits = "".join(f"\\x{octet:02x}" for octet in octets)
        lines.append(f'    b"{digits}"  # {".".join(code)} {name}')
    lines.append('    b"\\xff\\xff\\xff\\xff"  # the end')
    return "\n".join(["(", *lines, ")"])


def _names(names: Iterable[str]) -> str:
    lines = textwrap.wrap(", ".join(f'"{name}"' for name in names) + ",", _WIDTH)
    return "\n".join(["(", *("    " + line for line in lines), ")  # fmt: skip"])


def _literal(octets: bytes) -> str:
    lines = [""]
    for octet in octets:
        if len(lines[-1]) > _WIDTH - 4:
            lines.append("")
        plain = 0x20 <= octet < 0x7F and octet not in b'"\\'
        lines[-1] += chr(octet) if plain else f"\\x{octet:02x}"
    quoted = [f'b"{line}"' for line in lines]
    return quoted[0] if len(quoted) == 1 else "\n    ".join(["(", *quoted]) + "\n)"


def _replaced(path: Path, values: dict[str, str]) -> str:
    """The file's text with new values for some module-level names."""
    text = path.read_text()
    lines = text.split("\n")
    for node in reversed(ast.parse(text).body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in values and node.end_lineno:
                new = f"{name} = {values[name]}"
                lines[node.lineno - 1 : node.end_lineno] = new.split("\n")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
