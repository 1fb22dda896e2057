"""The fixed parts of the pages without script: their style, in pieces of about a kilobyte.

These pages are for a browser in which the page's own does not run, such as an old captive window.
A browser uses the style only if its digest is the one in web.exchange.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = (
    """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>%s</title><link rel="icon" href="/favicon.svg">
<style>
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--ink:#1b1f24;--soft:#57606a;
--line:#8b949e;--go:#0b5cad;--on:#fff;--bad:#b42318;--good:#116329}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--card:#1f2428;--ink:#e6e9ec;
--soft:#a5adb5;--line:#6e7781;--go:#79b8ff;--on:#0b1620;--bad:#ff9a8f;--good:#7ee08a}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.45 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem;margin:.2rem 0 .6rem}
h2{font-size:1.1rem;margin:0 0 .4rem}
p{margin:.4rem 0}
section,.note{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
padding:.9rem;margin:0 0 .9rem}
""",
    """label,legend{display:block;font-weight:600;margin-top:.7rem}
label.tick{display:flex;align-items:center;font-weight:400}
small{display:block;color:var(--soft);font-size:.875rem}
input:not([type=checkbox]),select,button{font:inherit;color:inherit;background:var(--card);
border:1px solid var(--line);border-radius:.4rem;min-height:2.75rem;padding:.4rem .7rem;width:100%}
input[type=checkbox]{width:1.4rem;height:1.4rem;flex:none;margin:.4rem .5rem .4rem 0}
input[aria-invalid=true]{border:2px solid var(--bad)}
button{cursor:pointer;margin-top:.6rem;color:var(--go);border-color:var(--go)}
button.main{background:var(--go);color:var(--on);font-weight:600}
:focus-visible{outline:3px solid var(--go);outline-offset:2px}
ul{list-style:none;margin:.5rem 0;padding:0}
li a{display:flex;gap:.6rem;align-items:center;justify-content:space-between;margin:0 0
 .4rem;color:var(--ink);border:1px solid var(--line);border-radius:.4rem;min-height:2.75rem;
padding:.4rem .7rem;text-decoration:none;text-align:left}
li b{overflow-wrap:anywhere;min-width:0}
li span{flex:none;color:var(--soft);font-size:.875rem}
a{color:var(--go)}
.bad{color:var(--bad);font-weight:600}.good{color:var(--good)}
.bad:empty,#tested:empty{display:none}summary{cursor:pointer;min-height:2.75rem;padding:.6rem 0}
[hidden]{display:none!important}
</style></head><body><main>
""",
)


def head(title: str) -> "Iterator[str]":
    """The begin of a page, with its style."""
    yield _HEAD[0] % title
    yield _HEAD[1]


def escape(text: str) -> str:
    """A text as HTML, also within quotes."""
    for sign, code in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, code)
    return text
