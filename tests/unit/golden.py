"""Text outputs compared byte for byte with files of tests/golden.

A difference writes what came out to build/golden/NAME, for a look and a copy if it is right.
"""

import os

_HERE = __file__.rsplit("/", 1)[0]


def same_as_golden(name, text):
    try:
        with open(_HERE + "/../golden/" + name) as f:
            expected = f.read()
    except OSError:
        expected = ""
    if text + "\n" != expected:
        for folder in ("/../../build", "/../../build/golden"):
            try:
                os.mkdir(_HERE + folder)
            except OSError:
                pass
        with open(_HERE + "/../../build/golden/" + name, "w") as f:
            f.write(text + "\n")
        raise AssertionError("differs from tests/golden/" + name)
