"""The guide in the owner's network, against the fake reader."""

from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network
from tests.browser.settings import serve


def test_a_step_whose_part_does_not_come_says_so_and_is_tried_again(
    reader: FakeReader, screen: Screen
) -> None:
    serve(reader)
    screen.page.route("**/questions-*.js", lambda route: route.abort(), times=1)
    screen.open("document.getElementById('step-why').textContent", path="/setup#fuse")
    assert screen.text("#step-why") == "The reader does not answer."
    assert screen.page.locator("#step-body").inner_text() == ""
    screen.page.locator("#step-next").click()
    screen.page.locator("#f-main_fuse_a").wait_for()
    assert screen.text("#step-why") == ""
    expected_network(screen)
