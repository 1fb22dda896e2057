"""Names that firmware modules import from micropython, for CPython. Decorators have no effect.

The types of viper code become plain Python: ptr8, ptr16 and ptr32 return the buffer itself, uint
keeps 32 bits. sys gets print_exception(). tools.unit runs the same tests on MicroPython with
32-bit and 64-bit words.
"""

import builtins
import sys
import traceback


def const(value):
    return value


def viper(function):
    return function


def native(function):
    return function


def heap_lock():
    pass


def heap_unlock():
    pass


def print_exception(e, file=None):
    traceback.print_exception(e, file=file)


sys.print_exception = print_exception
builtins.ptr8 = builtins.ptr16 = builtins.ptr32 = lambda buffer: buffer
builtins.uint = lambda value: value & 0xFFFFFFFF
