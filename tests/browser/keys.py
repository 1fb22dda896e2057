"""The keyboard alone: what has the focus, and the way to an element with Tab."""

from tests.browser.screen import Screen

MOST = 80  # presses of Tab from one end of a page to the other


def focused(screen: Screen) -> str:
    """The id, the name or the text of the element that has the focus."""
    name: str = screen.page.evaluate(
        "(e => e.id || e.getAttribute('aria-label') || e.textContent)(document.activeElement)"
    )
    return name


def tab_to(screen: Screen, name: str) -> None:
    """Press Tab until the element with this id, name or text has the focus."""
    for _ in range(MOST):
        screen.page.keyboard.press("Tab")
        if focused(screen) == name:
            return
    raise AssertionError(f"{name} is not reached")


def press(screen: Screen, name: str) -> None:
    """Go to an element, and press Enter there."""
    tab_to(screen, name)
    screen.page.keyboard.press("Enter")
