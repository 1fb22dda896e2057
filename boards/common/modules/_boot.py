"""Runs first in an image: the file system of the data partition becomes the root.

A partition with something else on it is left as it is, and the firmware runs without files until
the owner has decided: what is there may be another firmware's history.
"""

import gc
import sys

import data_partition

data_partition.mount()

# The image's own modules only: a file of the same name in the file system is not run.
sys.path[:] = [".frozen"]
del sys.modules["data_partition"], data_partition
gc.collect()
