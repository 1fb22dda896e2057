"""Files in place of those of the energy domain, while these must not be used: there are none, and
none can be written. Loaded in safe mode, or if the energy domain could not be restored.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def not_counted(*_: object) -> str:
    """In place of Energy.update()."""
    return ""


class NoFiles:
    """The methods of storage.Storage that the energy domain uses."""

    def names(self) -> "list[str]":
        return []

    def read(self, name: str) -> "bytes | None":
        return None

    def write(self, name: str, chunks: "Iterable[bytes]") -> bool:
        return False

    def append(self, name: str, data: bytes) -> bool:
        return False

    def remove(self, name: str) -> None:
        pass

    def tell(self, text: str) -> None:
        pass
