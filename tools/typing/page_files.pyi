"""The module of an image that tools/build.py makes of the web page."""

NAMES: tuple[str, ...]
OCTETS: tuple[bytes, ...]
