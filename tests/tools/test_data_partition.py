"""The image's start: which partition has the files, and that none is formatted without need."""

import subprocess

import pytest

from tools.runtime import MICROPYTHON, ROOT

MODULES = ROOT / "boards" / "common" / "modules"
# Partitions in RAM, with the methods of esp32.Partition; the table is a list of
# (subtype, label, octets).
FLASH = """
import sys, vfs

class Partition:
    TYPE_DATA = 1
    table = []

    def __init__(self, subtype, label, octets):
        self.subtype, self.label, self.octets = subtype, label, octets

    @classmethod
    def find(cls, type=0, subtype=0xFF, label=None, block_size=4096):
        assert type == cls.TYPE_DATA
        return [p for p in cls.table if subtype in (0xFF, p.subtype) and label in (None, p.label)]

    def readblocks(self, n, buf, offset=0):
        at = n * 4096 + offset
        buf[:] = self.octets[at : at + len(buf)]

    def writeblocks(self, n, buf, offset=None):
        at = n * 4096 + (offset or 0)
        self.octets[at : at + len(buf)] = buf

    def ioctl(self, op, arg):
        if op == 6:
            self.octets[arg * 4096 : (arg + 1) * 4096] = b"\\xff" * 4096
            return 0
        return {4: len(self.octets) // 4096, 5: 4096}.get(op, 0)

def blank():
    return bytearray(b"\\xff" * 65536)

class esp32:
    pass
esp32.Partition = Partition
sys.modules["esp32"] = esp32
sys.path.insert(0, MODULES)
with open(MODULES + "/_boot.py") as f:
    BOOT = f.read()
import data_partition
vfs.umount("/")
"""


def run(script: str) -> list[str]:
    program = f"MODULES = {str(MODULES)!r}\n" + FLASH
    done = subprocess.run(
        [MICROPYTHON, "-c", program + script], text=True, capture_output=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(("subtype", "label"), [(0x82, "spiffs"), (0x83, "data"), (0x81, "vfs")])
def test_a_blank_partition_gets_a_file_system_and_keeps_it(subtype: int, label: str) -> None:
    assert run(
        f"Partition.table = [Partition(2, 'nvs', blank()),"
        f" Partition({subtype}, {label!r}, blank())]\n"
        "print(repr(data_partition.mount()))\n"
        "with open('/config.json', 'w') as f:\n f.write('kept')\n"
        "vfs.umount('/')\n"
        "print(repr(data_partition.mount()))\n"
        "print(open('/config.json').read())\n"
    ) == ["''", "''", "kept"]


@pytest.mark.parametrize("at", [0, 4000, 4096, 8191])
def test_a_partition_with_something_else_is_left_as_it_is(at: int) -> None:
    assert run(
        "octets = blank()\n"
        f"octets[{at}] = 0x7F\n"
        "before = bytes(octets)\n"
        "Partition.table = [Partition(0x82, 'spiffs', octets)]\n"
        "print(data_partition.mount())\n"
        "print(bytes(octets) == before)\n"
    ) == ["the data partition has another file system", "True"]


def test_without_a_partition_nothing_is_mounted() -> None:
    assert run("print(data_partition.mount())\n") == ["no data partition"]


def test_the_owner_may_have_it_formatted() -> None:
    assert run(
        "octets = bytearray(b'?' * 65536)\n"
        "Partition.table = [Partition(0x82, 'spiffs', octets)]\n"
        "print(data_partition.mount())\n"
        "data_partition.make(data_partition.find())\n"
        "import os\nprint(os.listdir('/'))\n"
    ) == ["the data partition has another file system", "[]"]


def test_the_start_runs_nothing_from_the_file_system() -> None:
    assert run(
        "Partition.table = [Partition(0x82, 'spiffs', blank())]\n"
        "exec(BOOT)\n"
        "with open('/app.py', 'w') as f:\n f.write('print(1)')\n"
        "try:\n import app\nexcept ImportError:\n print(sys.path)\n"
        "print('data_partition' in sys.modules)\n"
    ) == ["['.frozen']", "False"]


def test_what_is_in_another_partition() -> None:
    assert run(
        "octets = bytearray(b'?' * 65536)\n"
        "found = lambda: print(data_partition.content(data_partition.find()))\n"
        "found()\n"
        "Partition.table = [Partition(0x82, 'spiffs', octets)]\n"
        "found()\n"
        "octets[510:512] = b'\\x55\\xaa'\n"
        "found()\n"
        "octets[4104:4112] = b'littlefs'\n"
        "found()\n"
        "try:\n data_partition.make(None)\nexcept OSError as e:\n print(e.errno)\n"
    ) == [
        "there is no data partition",
        "the data partition has unknown content",
        "the data partition has a FAT file system",
        "the data partition has a LittleFS that cannot be read",
        "19",
    ]
