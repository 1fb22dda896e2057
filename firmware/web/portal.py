"""Redirects to the setup page. Loaded for each request in setup mode.

The name server of the access point tells every client that every name is this reader (see
net.captive). So the requests here are those of the owner's browser, and those by which a phone or
a computer finds out whether it has the internet:

    Android, Chrome OS  connectivitycheck.gstatic.com, clients3.google.com  /generate_204 /gen_204
    iOS, macOS          captive.apple.com /hotspot-detect.html, www.apple.com
                        /library/test/success.html
    Windows             www.msftconnecttest.com /connecttest.txt /redirect, www.msftncsi.com
                        /ncsi.txt
    Firefox             detectportal.firefox.com /canonical.html /success.txt
    NetworkManager      connectivity-check.ubuntu.com. /, nmcheck.gnome.org
                        /check_network_status.txt
    Kindle              spectrum.s3.amazonaws.com /kindle-wifi/wifistub.html

Each takes a redirect for the page of a network where one must sign in, keeps the network and opens
that page. None is ever told that it has the internet: it would close the page, and some then go
back to the mobile network. So there is no list of their names: a host that is not a number is one
of them, and every path that the reader does not have.

Rules    a request to a name is not served, not even a change: all names are the reader's here, so
         a page of another site that is still open could send one as if it were our own page
         /wpad.dat, a proxy's settings, and icons do not exist: a page in their place would be
         loaded in vain
         an answer has a body, without which iOS does not see a redirect
Limits   no DHCP option 114 (RFC 8910), which names the page to newer phones: MicroPython's DHCP
         server cannot send it. HTTPS is refused, as nothing listens on port 443
Source   captive.apple.com and the other pages as these systems request them; RFC 9110, 15.4.3
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App

PAGE = "/setup"
_URL = "http://192.168.4.1" + PAGE  # the address of net.captive
_BODY = '<!DOCTYPE html><title>Reader</title><a href="%s">Set up the reader</a>\n'


def redirect(app: "App", host: str, path: str, known: bool) -> "tuple[str, int, dict[str, str]]":
    """Body, status and headers of the answer to a request; status 0: it is to be served.

    host   the header, "" without
    known  whether the route table or the page has this path
    """
    own = is_number(host)
    if path == "/wpad.dat" or path.endswith((".ico", ".png")):
        return "Not found", 404, {}
    if own and path != "/" and known:
        return "", 0, {}
    url = PAGE if own else _URL
    headers = {"Location": url, "Cache-Control": "no-store", "Content-Type": "text/html"}
    return _BODY % url, 302, headers


def is_number(host: str) -> bool:
    """Whether a Host header is an IPv4 address, with or without a port, or missing."""
    name = host.split(":")[0]
    return not host or (len(name.split(".")) == 4 and name.replace(".", "").isdigit())
