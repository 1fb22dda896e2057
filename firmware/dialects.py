"""An owner's list descriptors: loaded at start, replaced by an upload, kept in lists.txt.

In       text as docs/add-a-meter.md describes it
Out      "" when it is in force and stored, else a sentence that names the line
"""

from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from han.decode import Decoder
    from log import Log
    from storage import Storage

_FILE = "lists.txt"


class Dialects:
    """The descriptors in force beside the built-in ones, and the last list nobody knew."""

    def __init__(self, decoder: "Decoder", storage: "Storage", log: "Log") -> None:
        self._decoder = decoder
        self._storage = storage
        stored = storage.read(_FILE)
        try:
            decoder.use(stored.decode() if stored else "")
        except ValueError as e:
            log.add("lists.txt is not used: %s" % e)

    def text(self) -> bytes:
        """What is stored."""
        return self._storage.read(_FILE) or b""

    def replace(self, octets: bytes) -> str:
        """Put other descriptors in force and store them; what was before stays if that fails."""
        for octet in octets:
            if octet > 0x7E or (octet < 0x20 and octet not in b"\t\r\n"):
                return "only letters, digits and signs of ASCII: octet %02X is none" % octet
        try:
            self._decoder.use(octets.decode())
        except ValueError as e:
            return str(e)
        if not self._storage.write(_FILE, (octets,)):
            return "in force until the next start: it cannot be stored, see the log"
        return ""

    def unknown(self) -> str:
        """The items of the last list that no descriptor knew, a line each."""
        with visit("han.inspector") as inspector:
            lines: "list[str]" = inspector.lines(self._decoder.unknown)
        return "\n".join(lines) or "No unknown list has come since start."
