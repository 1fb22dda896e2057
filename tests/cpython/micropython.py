"""What firmware modules import from MicroPython, for CPython: decorators that change nothing.

The machine types of viper code become plain Python: ptr8 and ptr16 index the buffer itself, uint
is a 32-bit word. Tests at both widths are run by the real MicroPython.
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
