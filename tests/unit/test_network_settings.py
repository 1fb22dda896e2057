"""What is allowed in the settings of the network, and the messages about what is not."""

from config import Config
from schema import parse_address


def refused(name, value):
    return Config({name: value}, {}).faults[0]


def test_a_network_name_has_32_octets_of_utf_8():
    for ssid in ("", "home", "x" * 32, "\u00d8" * 16, "\U0001f600" * 8, " with spaces "):
        config = Config({"wifi_ssid": ssid}, {})
        assert config.wifi_ssid == ssid and not config.faults
    assert refused("wifi_ssid", "x" * 33) == (
        "wifi_ssid must have at most 32 octets in UTF-8: it has 33"
    )
    assert "it has 34" in refused("wifi_ssid", "\u00d8" * 17)
    assert "number 0" in refused("wifi_ssid", "a\0b")
    doubts = Config({"wifi_ssid": "home "}, {}).doubts
    assert doubts == ["wifi_ssid begins or ends with a space: is that the network's name?"]


def test_passwords_of_a_network():
    for name in ("wifi_psk", "setup_psk"):
        for psk in ("", "12345678", "x" * 63):
            assert not Config({name: psk}, {}).faults
        for psk in ("1234567", "x"):
            assert refused(name, psk) == name + " must have 8 to 63 characters, or none"
        assert "it has 64" in refused(name, "x" * 64)
        assert "x" * 20 not in refused(name, "x" * 64)


def test_host_names():
    for name in ("", "a", "ams-1e4b", "7", "x" * 32):
        assert not Config({"hostname": name}, {}).faults
    for name in ("Meter", "a_b", "a b", "-a", "a-", "-", "\u00e6", 'a"b', "a.local"):
        assert refused("hostname", name).startswith("hostname must have letters a-z, digits")


def test_sleep_and_power_of_the_radio():
    for value in (0, 1, 2, 255):
        assert not Config({"wifi_sleep": value}, {}).faults
    for value in (3, 254, -1, 256):
        assert refused("wifi_sleep", value).startswith("wifi_sleep must be 0 none")
    for value in (-10, 0, 195, 205):
        assert not Config({"wifi_power_ddbm": value}, {}).faults
    for value in (-11, 206):
        assert refused("wifi_power_ddbm", value) == "wifi_power_ddbm must be -10 to 205"


def test_a_static_address():
    for text, parsed in (
        ("", ()),
        (" ", ()),
        ("192.168.1.50/24 192.168.1.1 1.1.1.1",
         ("192.168.1.50", "255.255.255.0", "192.168.1.1", "1.1.1.1")),
        ("10.0.0.200 10.0.0.3", ("10.0.0.200", "255.255.255.0", "10.0.0.3", "10.0.0.3")),
        ("172.16.200.9/16, 172.16.0.1, 9.9.9.9",
         ("172.16.200.9", "255.255.0.0", "172.16.0.1", "9.9.9.9")),
        ("10.0.0.5/30 10.0.0.6", ("10.0.0.5", "255.255.255.252", "10.0.0.6", "10.0.0.6")),
        ("10.9.8.7/8 10.0.0.1", ("10.9.8.7", "255.0.0.0", "10.0.0.1", "10.0.0.1")),
        ("192.168.6.0/22 192.168.4.1", ("192.168.6.0", "255.255.252.0", "192.168.4.1",
                                        "192.168.4.1")),
        ("192.168.001.050 192.168.1.1", ("192.168.1.50", "255.255.255.0", "192.168.1.1",
                                         "192.168.1.1")),
        ("223.255.255.1/29 223.255.255.2", ("223.255.255.1", "255.255.255.248",
                                            "223.255.255.2", "223.255.255.2")),
    ):  # fmt: skip
        assert parse_address(text) == parsed, text
        assert not Config({"address": text}, {}).faults


def test_static_addresses_that_cannot_work_are_refused_with_the_reason():
    example = "192.168.1.50/24 192.168.1.1 1.1.1.1"
    for text, reason in (
        ("192.168.1.50", "it must be an address, its gateway and a name server, as " + example),
        ("1.2.3.4 1.2.3.5 1.2.3.6 1.2.3.7", "it must be an address, its gateway"),
        ("192.168.1.50/7 192.168.1.1", "the subnet must be /8 to /30: not /7"),
        ("192.168.1.50/31 192.168.1.1", "the subnet must be /8 to /30: not /31"),
        ("192.168.1.50/ 192.168.1.1", "the subnet must be /8 to /30: not /"),
        ("192.168.1.50/x 192.168.1.1", "the subnet must be /8 to /30: not /x"),
        ("192.168.1/24 192.168.1.1", "192.168.1 is no address such as 192.168.1.50"),
        ("192.168.1.256 192.168.1.1", "192.168.1.256 is no address such as"),
        ("192.168.1.-5 192.168.1.1", "192.168.1.-5 is no address such as"),
        ("192.168.1.\u0665 192.168.1.1", "192.168.1.\u0665 is no address such as"),
        ("192.168.1.0 192.168.1.1", "192.168.1.0 is no host of its subnet /24"),
        ("192.168.1.255 192.168.1.1", "192.168.1.255 is no host of its subnet /24"),
        ("192.168.1.50 192.168.1.255", "192.168.1.255 is no host of its subnet /24"),
        ("192.168.1.50 192.168.2.1", "the gateway 192.168.2.1 must be in the subnet of 192.168"),
        ("192.168.1.1 192.168.1.1", "192.168.1.1 is the address of the gateway"),
        ("0.0.0.5 0.0.0.1", "0.0.0.5 is no address of a host"),
        ("127.0.0.5 127.0.0.1", "127.0.0.5 is no address of a host"),
        ("224.0.0.5 224.0.0.1", "224.0.0.5 is no address of a host"),
        ("192.168.1.50 192.168.1.1 router", "router is no address such as"),
        ("192.168.1.50 192.168.1.1 255.255.255.255", "255.255.255.255 is no address of a host"),
    ):
        assert refused("address", text).startswith("address: " + reason), text
