"""In place of a boot.py in the file system: nothing there runs before the firmware."""
