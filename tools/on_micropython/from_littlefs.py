"""Run the firmware from an image of littlefs, which is the root of all files, as on a board.

Arguments: IMAGE, then the firmware's own. The image is a file; what is written goes to it.
"""

import sys

import vfs

BLOCK = 4096


class Flash:
    def __init__(self, path):
        self._file = open(path, "r+b")  # noqa: SIM115
        self._count = self._file.seek(0, 2) // BLOCK

    def readblocks(self, n, buf, offset=0):
        self._file.seek(n * BLOCK + offset)
        self._file.readinto(buf)

    def writeblocks(self, n, buf, offset=None):
        if offset is None:  # to erased blocks
            self.ioctl(6, n)
        self._file.seek(n * BLOCK + (offset or 0))
        self._file.write(buf)
        self._file.flush()

    def ioctl(self, op, arg):
        if op == 6:
            self._file.seek(arg * BLOCK)
            self._file.write(b"\xff" * BLOCK)
            return 0
        return {4: self._count, 5: BLOCK}.get(op)


whole = vfs.VfsLfs2(Flash(sys.argv[1]))
vfs.umount("/")
vfs.mount(whole, "/")
sys.path[:] = ["/", ".frozen"]
del sys.argv[1]

import main  # noqa: E402, F401
