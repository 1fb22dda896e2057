"""Names that firmware modules import from micropython, for CPython. Decorators have no effect.

The types of viper code become plain Python: ptr8, ptr16 and ptr32 return the buffer itself, uint
keeps 32 bits. tools.unit runs the same tests on MicroPython with 32-bit and 64-bit words.
"""

import builtins


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


builtins.ptr8 = builtins.ptr16 = builtins.ptr32 = lambda buffer: buffer
builtins.uint = lambda value: value & 0xFFFFFFFF
