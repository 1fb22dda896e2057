"""Errors of the network and of TLS in words for the owner. Loaded when a connection fails.

In       an exception of a socket of MicroPython, in clear or with TLS
Out      a line of text; of an error that is not in the tables its own text
Source   errno; mbedTLS's names and texts as MicroPython's `tls` raises them
"""

import errno

_ERRNO = (
    ("ECONNREFUSED", "refused: nothing listens at this port"),
    ("ECONNRESET", "the other side has ended the connection"),
    ("ECONNABORTED", "the connection has ended"),
    ("EHOSTUNREACH", "no such host in this network"),
    ("ENETUNREACH", "there is no way to this network"),
    ("ETIMEDOUT", "no answer in time"),
    ("ENOMEM", "too little memory"),
    ("ENOBUFS", "too little memory"),
    ("EPIPE", "the other side has ended the connection"),
)
_ENDS = ("ECONNRESET", "ECONNABORTED", "EPIPE")
_ENDED = "the broker has ended it: does it want a client certificate, or is this no port for TLS?"
_EPIPE = 32  # MicroPython's errno does not have it
_TLS = (
    ("CA_CHAIN_REQUIRED", "there is no CA certificate to check the broker by"),
    ("FATAL_ALERT", "the broker has ended it: does it want another client certificate?"),
    ("CERT_VERIFY_FAILED", "the broker's certificate is not accepted"),
    ("ALLOC_FAILED", "too little memory for TLS"),
    ("INVALID_RECORD", "the answer is not TLS: is this the port for TLS?"),
    ("UNEXPECTED_MESSAGE", "the answer is not TLS: is this the port for TLS?"),
    ("HANDSHAKE_FAILURE", "no cipher that both sides know"),
    ("BAD_PROTOCOL_VERSION", "no version of TLS that both sides know"),
    ("CONN_EOF", "the other side has ended the connection"),
    ("PEER_CLOSE_NOTIFY", "the broker has ended the connection"),
)
_CERTIFICATE = (
    ("(CN) does not match", "the broker's certificate is for another name than mqtt_host"),
    ("validity has expired", "the broker's certificate has expired"),
    ("starts in the future", "the broker's certificate is not valid yet"),
    ("not correctly signed", "the broker's certificate is not signed by the CA that is installed"),
    ("has been revoked", "the broker's certificate is revoked"),
)


def of(error: Exception, in_handshake: bool) -> str:
    """The text for an error. in_handshake: whether it is of a handshake of TLS."""
    text = "; ".join([line for line in str(error).split("\n") if line])
    if isinstance(error, ValueError):
        found = [words for part, words in _CERTIFICATE if part in text]
        return "; ".join(found) or text
    number = error.args[0] if error.args else 0
    if len(error.args) > 1 and isinstance(number, int) and number < 0:
        for part, words in _TLS:
            if part in text:
                return "%s (%s)" % (words, error.args[1])
        return "the other side does not speak TLS as it must (%s)" % error.args[1]
    for name, words in _ERRNO:
        if number == getattr(errno, name, _EPIPE if name == "EPIPE" else None):
            return "%s (%s)" % (_ENDED if in_handshake and name in _ENDS else words, name)
    return text
