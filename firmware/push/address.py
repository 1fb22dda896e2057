"""The address of the owner's server, and whether a message may go there.

In       the settings push_*
Out      a reason in words, "" if it is allowed
Rules    Plain HTTP goes to the home network only, and with a token only if push_plain is set
Source   RFC 1918, 3 and RFC 3927, 2 (addresses); RFC 6762, 3 and RFC 8375, 3 (names)
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_HOME = (".local", ".lan", ".home", ".home.arpa", ".internal", ".fritz.box")
_SCHEMES = ("http:", "https:")
_PORT_MOST = 65535


def host_of(url: str) -> str:
    """The host of an address in small letters; "" if it has none."""
    parts = url.split("/")
    return parts[2].split(":")[0].lower() if len(parts) > 2 else ""


def fault(url: str) -> str:
    """Why a text is no address, "" if it is one."""
    parts = url.split("/")
    if parts[0] not in _SCHEMES or len(parts) < 3 or parts[1]:
        return "push_url must begin with https:// or http://"
    if [c for c in url if not " " < c < "\x7f"] or "#" in url:
        return "push_url must not have spaces, # or other letters than a-z: encode them as %20"
    host, _, port = parts[2].partition(":")
    if not host or [c for c in parts[2] if c in "@[]?"]:
        return "push_url must have a host name or an IPv4 address after //, and no user name"
    if ":" in parts[2] and not (port.isdigit() and 0 < int(port) <= _PORT_MOST):
        return "push_url must have a port of 1 to %d after the colon" % _PORT_MOST
    return ""


def is_home(host: str) -> bool:
    """Whether a host is in the home network."""
    parts = host.split(".")
    if len(parts) == 4 and not [part for part in parts if not part.isdigit()]:
        first, second = int(parts[0]), int(parts[1])
        return (
            first in (10, 127)
            or (first == 172 and 16 <= second < 32)
            or (first, second) in ((192, 168), (169, 254))
        )
    return len(parts) == 1 or host.endswith(_HOME)


def unfit(setting: "Callable[[str], Any]") -> str:
    """Why nothing can be sent with the settings."""
    url = setting("push_url")
    if not url:
        return "push_url is missing, as https://influx.example.com:8086"
    if setting("push_kind") == "influx" and not setting("push_bucket"):
        return "push_bucket is missing"
    if url[:6] == "https:":
        return ""
    if not is_home(host_of(url)):
        return "plain http:// is for the home network only: use https://"
    if setting("push_token") and not setting("push_plain"):
        return "the network could read the token: use https://, or set push_plain"
    return ""
