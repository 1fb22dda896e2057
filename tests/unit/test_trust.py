"""The certificates by which a server is checked."""

import ondemand
from files import FilesDouble
from ondemand import visit

OWN = "push-ca"
FIRST, SECOND = b"\x30\x03abc", b"\x30\x01d"


def places(files, secure=True, known=0):
    with visit("trust") as trust:
        return trust.places(files, OWN, secure, known)


def ders(files, place):
    with visit("trust") as trust:
        return trust.ders(files, OWN, place)


def test_plain_http_has_no_certificates():
    files = FilesDouble()
    files.data[OWN] = FIRST
    assert [ders(files, place) for place in places(files, secure=False)] == [[]]


def test_the_owners_certificates_alone():
    files = FilesDouble()
    files.data[OWN] = FIRST + SECOND
    assert [ders(files, place) for place in places(files, known=4)] == [[FIRST, SECOND]]


def test_a_file_that_is_damaged_or_gone_trusts_nobody():
    files = FilesDouble()
    for octets in (b"\x30\x03ab", b"no certificate", None):
        files.data[OWN] = FIRST
        (place,) = places(files)
        if octets is None:
            del files.data[OWN]
        else:
            files.data[OWN] = octets
        try:
            ders(files, place)
            raise AssertionError(octets)
        except ValueError as e:
            assert str(e).startswith("push-ca: ")


def test_all_roots_two_at_a_time_and_the_known_place_first():
    files = FilesDouble()
    with visit("prices.roots") as roots:
        wanted = [roots.der(i) for i in range(roots.COUNT)]
    found = places(files)
    assert found == sorted(found) and len(found) == (len(wanted) + 1) // 2
    assert [der for place in found for der in ders(files, place)] == wanted
    assert max([len(ders(files, place)) for place in found]) == 2
    again = places(files, known=4)
    assert again[0] == 4 and sorted(again) == found and again[1:] == sorted(again[1:])
    assert places(files, known=3) == found  # of an image with other roots
    assert [name for name in ondemand._visited if name.startswith(("trust", "prices"))] == []
