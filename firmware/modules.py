"""Modules that are needed seldom: what they take is given back after use."""

import sys


def let_go(*names: str) -> None:
    """Forget modules; the next import loads them anew.

    Not for modules with native functions: machine code is never given back.
    """
    for name in names:
        if name in sys.modules:
            del sys.modules[name]
            package, _, own = name.rpartition(".")
            if package:
                delattr(sys.modules[package], own)
