"""What can be wrong with a telegram, with the numbers owners' scripts know.

The codes are those of `he` in /data.json; reasons are short text for the log and the inspector.
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from han.fields import Reading

OK = const(0)
PARSE = const(-1)
INCOMPLETE = const(-2)
BOUNDARY = const(-3)
HEADER_CHECKSUM = const(-4)
CHECKSUM = const(-5)
UNKNOWN_DATA = const(-9)
AUTHENTICATION = const(-51)
DECRYPTION = const(-52)
KEY = const(-53)
NOT_UNDERSTOOD = const(89)  # a good frame whose values cannot be right
NO_DATA = const(90)
UART_OVERFLOW = const(92)
EXCEPTION = const(98)


class DecodeError(Exception):
    """The telegram cannot be decoded. offset is the octet in the buffer that says so."""

    def __init__(self, reason: str, offset: int = 0, code: int = PARSE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
        self.code = code
        self.reading: "Reading | None" = None  # of a list that nobody knows: what its header says
        self.body = -1  # and where its body begins
