"""/ssdp/schema.xml: the device in the form of UPnP, for programs that know AMS readers by it.

Source   UPnP Device Architecture 1.0, 2.1; UUID of version 8: RFC 9562, 5.8
"""

from system import PRODUCT, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request

_TEXT = """<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0">
<specVersion><major>1</major><minor>0</minor></specVersion>
<URLBase>http://%s:%d/</URLBase>
<device>
<deviceType>upnp:rootdevice</deviceType>
<friendlyName>AMS reader %s</friendlyName>
<manufacturer>%s</manufacturer>
<modelName>%s</modelName>
<modelNumber>%s</modelNumber>
<serialNumber>%s</serialNumber>
<UDN>uuid:00000000-0000-8000-8000-%s</UDN>
<presentationURL>/</presentationURL>
</device>
</root>
"""


def get(app: "App", request: "Request") -> str:
    """/ssdp/schema.xml."""
    board, config = app.system.board, app.config
    name = app.system.hostname(config.hostname)
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        name = name.replace(sign, escaped)
    octets = board.mac()
    return _TEXT % (
        board.ip_config()[0],
        config.http_port,
        name,
        PRODUCT,
        board.name,
        VERSION,
        "%02x%02x" % (octets[5], octets[4]),
        "".join(["%02x" % octet for octet in octets]),
    )
