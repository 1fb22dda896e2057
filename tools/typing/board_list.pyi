"""Made by tools/boards.py: number and module of each board of an image, its own first."""

BOARDS: tuple[tuple[int, str], ...]
