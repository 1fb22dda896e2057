"""String literals of JavaScript: the text in quotes and in templates, without the code in ${}."""

from collections.abc import Callable, Iterator


def literals(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each piece of literal text; a template is cut at its ${}."""
    ends: list[str] = []  # the closing character of each open template or brace
    at = 0
    while at < len(text):
        char = text[at]
        if ends and ends[-1] == "`":
            begin = at
            while text[at] != "`" and text[at : at + 2] != "${":
                at += 2 if text[at] == "\\" else 1
            yield begin, at
            if text[at] == "`":
                ends.pop()
                at += 1
            else:
                ends.append("}")
                at += 2
            continue
        if text.startswith("//", at):
            at = text.find("\n", at)
        elif char == '"':
            begin = at = at + 1
            while text[at] != '"':
                at += 2 if text[at] == "\\" else 1
            yield begin, at
        elif char == "`":
            ends.append("`")
        elif char == "{":
            ends.append("}")
        elif char == "}" and ends:
            ends.pop()
        at += 1


def replace_literals(text: str, change: Callable[[str], str]) -> str:
    """The script with each piece of literal text changed."""
    parts = []
    before = 0
    for begin, end in literals(text):
        parts += [text[before:begin], change(text[begin:end])]
        before = end
    return "".join([*parts, text[before:]])
