"""Verify signatures under MicroPython. Started by tests.

In       lines KEY MESSAGE SIGNATURE, each in hex after a `=`
Out      for each a line, 1 or 0
"""

import asyncio
import sys
from binascii import unhexlify

from device import ed25519

for line in sys.stdin:
    print(int(asyncio.run(ed25519.valid(*[unhexlify(field[1:]) for field in line.split()]))))
