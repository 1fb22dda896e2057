"""The reasons why the station is not connected, in words with what to do. Loaded for a text.

In       a number: of Espressif's wifi_err_reason_t, or 250 and more of net.radio
Out      a text for the owner; the number of the reason ends it, for those who look it up
Source   ESP-IDF, esp_wifi_types_generic.h, wifi_err_reason_t; IEEE 802.11-2020, table 9-49
"""

_PASSWORD = "the password is probably wrong: check it, also capitals and spaces"
_SECURITY = "the network has another kind of security: set the router to WPA2 or WPA2/WPA3"
_LEFT = "the access point ended the connection: it may have restarted"
_FULL = "the access point takes no more devices: restart it or use another one"
_ABSENT = "no such network: check the name, the distance, and that it sends at 2.4 GHz"
_SILENT = "the access point is not heard any more: it may be off or too far away"
_REFUSED = "the access point refused the reader: restart it, check its list of allowed devices"
_RATES = "the access point needs abilities that the reader lacks: allow 802.11b/g/n at 2.4 GHz"

# The numbers of a text, and the text.
_TEXTS = (
    ((15, 202, 204), _PASSWORD),
    ((13, 17, 18, 19, 20, 21, 22, 23, 24, 29, 49, 210, 211), _SECURITY),
    ((3, 4, 6, 7, 8, 12, 14, 16, 27, 35, 36, 46, 47, 206, 207), _LEFT),
    ((5, 33, 208), _FULL),
    ((201, 212), _ABSENT),
    ((34, 39, 67, 68, 200, 209), _SILENT),
    ((1, 2, 9, 25, 26, 28, 30, 31, 32, 37, 38, 203, 205), _REFUSED),
    ((10, 11, 48, 50, 51), _RATES),
    ((250,), "no address in 30 s: check the router's DHCP, or set a static address"),
    ((251,), "the radio refused the settings: check name, password and address"),
    ((252,), "the supply is too low for the radio: it is off until the supply has recovered"),
    ((253,), "a network can be tried in the setup only"),
    ((254,), "the connection has ended"),
)


def text(reason: int) -> str:
    """The words of a reason; "" of 0."""
    if not reason:
        return ""
    found = [words for numbers, words in _TEXTS if reason in numbers] or ["not connected"]
    return "%s (%d)" % (found[0], reason)
