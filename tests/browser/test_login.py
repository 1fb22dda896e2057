"""An owner chooses a password and logs in, in Chromium, with the whole firmware."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_whole import LONG_MS, PICTURES
from tests.world import World

# The left ends of the lines of the text beside the check box.
LINES = """() => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector(".tick").lastChild);
  return [...range.getClientRects()].map((line) => line.left);
}"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with World(tmp_path, "--meter", "kaifa") as world:
        yield world


def opened(browser: Browser, width: int = 360, scheme: str = "light") -> Page:
    """A page without script: the forms need none."""
    context = browser.new_context(
        viewport={"width": width, "height": 740},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=False,
    )
    page = context.new_page()
    page.set_default_timeout(LONG_MS)
    return page


def focused(page: Page) -> str:
    """The element that has the focus: its id, or its text."""
    part = page.locator(":focus")
    return part.get_attribute("id") or part.inner_text()


def test_a_password_is_chosen_and_typed_by_the_keyboard(world: World, browser: Browser) -> None:
    home = f"http://127.0.0.1:{world.http}/"
    page = opened(browser)
    page.goto(home)
    assert page.url == home + "welcome" and focused(page) == "password"
    box = page.locator(".tick input").bounding_box()
    lefts = page.evaluate(LINES)
    assert box and len(lefts) > 1 and min(lefts) >= box["x"] + box["width"]
    icon = page.locator("link[rel=icon]").get_attribute("href")
    assert icon and world.get(icon)[0] == 200
    keyboard = page.keyboard
    keyboard.type("langt passord")
    keyboard.press("Tab")
    assert focused(page) == "again"
    keyboard.type("langt pasord")
    keyboard.press("Enter")
    page.locator("#why", has_text="not the same").wait_for()
    page.screenshot(path=PICTURES / "welcome-light-360.png", full_page=True)
    keyboard.type("langt passord")
    keyboard.press("Tab")
    keyboard.type("langt passord")
    keyboard.press("Tab")
    keyboard.press("Space")  # also to see the readings
    keyboard.press("Tab")
    assert focused(page) == "Set the password"
    keyboard.press("Enter")
    page.wait_for_url(home)
    assert page.locator("#power").count() == 1
    stored = json.loads((world.data / "config.json").read_text())
    assert stored["web_security"] == 2 and stored["web_password"].startswith("p1000$")
    assert world.get(icon)[0] == 200  # also without the password

    for width, scheme in ((360, "light"), (1280, "dark")):
        other = opened(browser, width, scheme)
        other.goto(home + "status")
        assert other.url == home + "login?next=/status" and focused(other) == "password"
        assert other.evaluate("document.documentElement.scrollWidth") <= width
        button = other.get_by_role("button").bounding_box()
        assert button and button["height"] >= 44
        other.screenshot(path=PICTURES / f"login-{scheme}-{width}.png", full_page=True)
        other.context.close()

    other = opened(browser)
    other.goto(home + "status")
    other.keyboard.type("galt passord")
    other.keyboard.press("Enter")
    other.locator("#why").filter(has_text="not the password").wait_for()
    assert focused(other) == "password"
    other.wait_for_timeout(1500)  # a second after a wrong one
    other.keyboard.type("langt passord")
    other.keyboard.press("Enter")
    other.wait_for_url(home + "status")
    (cookie,) = other.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["path"] == "/"
    other.context.close()
    page.context.close()


def test_a_page_of_another_site_can_neither_show_nor_change_the_reader(
    world: World, browser: Browser
) -> None:
    """localhost is another site than 127.0.0.1, and both are this reader."""
    world.post("/welcome", "do=skip")
    page = browser.new_page()
    page.set_default_timeout(LONG_MS)
    page.goto(f"http://localhost:{world.http}/robots.txt")
    reader = f"http://127.0.0.1:{world.http}"
    tries = f"""async () => {{
      const found = [];
      for (const [path, options] of [["/reboot", {{method: "POST", mode: "no-cors"}}],
                                     ["/data.json", {{mode: "no-cors"}}], ["/data.json", {{}}]]) {{
        try {{
          const answer = await fetch("{reader}" + path, options);
          found.push(answer.type);
        }} catch (e) {{ found.push("refused"); }}
      }}
      return found;
    }}"""
    assert page.evaluate(tries) == ["refused"] * 3
    assert "restarting" not in world.log() and world.get("/is-alive")[0] == 200
    frames = browser.new_page()
    frames.set_content(f'<iframe src="{reader}/"></iframe>')
    frames.wait_for_timeout(1500)
    assert not [frame for frame in frames.frames if frame.url.startswith(reader)]
    frames.close()
    page.close()
