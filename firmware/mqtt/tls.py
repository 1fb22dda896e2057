"""The SSLContext of a connection to the broker. Loaded for each connect().

In       mqtt_tls; the files that web.forms.certificates stores: CA, client certificate, its key
Out      an SSLContext; the broker's certificate is checked by it during the handshake: signature,
         dates, name. MqttError with the reason if there can be no handshake
Rules    Without a CA nothing is sent: only mqtt_tls 2 leaves the broker unchecked. A certificate
         has dates, so a check waits for the clock
Limits   mbedTLS computes for up to some tenths of a second in one step of a handshake
Source   `tls` of MicroPython
"""

import tls

from mqtt.link import CONNECT_FAILED, MqttError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App
    from contracts import Tls

CHECKED = 1  # the values of mqtt_tls
UNCHECKED = 2


def context(app: "App", mode: int) -> "Tls":
    """The context for a value of mqtt_tls above 0."""
    made: "Any" = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)  # its stub has no verify_mode
    read = app.storage.read
    if mode == UNCHECKED:
        made.verify_mode = tls.CERT_NONE
    else:
        made.verify_mode = tls.CERT_REQUIRED
        if not app.system.utc():
            raise _error("the clock is not set yet, and certificates have dates")
        authorities = read("mqtt-ca")
        if not authorities:
            raise _error("there is no CA certificate to check the broker by: upload it")
        _load_authorities(made, authorities)
    certificate, key = read("mqtt-cert"), read("mqtt-key")
    if bool(certificate) != bool(key):
        what = ("certificate", "key") if key else ("key", "certificate")
        raise _error("the client %s is missing: upload it, or delete the %s" % what)
    if certificate and key:
        try:
            made.load_cert_chain(certificate, key)
        except (OSError, ValueError) as e:
            raise _error("the client certificate or its key is not taken: %s" % e)
    found: "Tls" = made
    return found


def _load_authorities(made: "Any", authorities: bytes) -> None:
    """Load certificates in DER, one after the other. Each begins with 30 82 and its length."""
    at = 0
    try:
        while at < len(authorities):
            end = at + 4 + (authorities[at + 2] << 8 | authorities[at + 3])
            made.load_verify_locations(authorities[at:end])
            at = end
    except (OSError, ValueError, IndexError) as e:
        raise _error("the CA certificate is not taken: %s" % e)


def _error(text: str) -> MqttError:
    return MqttError(CONNECT_FAILED, "TLS: " + text)
