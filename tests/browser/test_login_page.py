"""An owner chooses a password and logs in, in Chromium, with the whole firmware."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network
from tests.browser.test_whole import LONG_MS, PICTURES
from tests.world import World

PASSWORD = "langt passord"
# "langt passord" as the reader stores it would be slow to make: the reader hashes it at its start.
GUARDED = {"web_security": 2, "web_password": PASSWORD}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with World(tmp_path, "--meter", "kaifa") as world:
        yield world


def opened(
    browser: Browser, width: int = 360, scheme: str = "light", script: bool = True
) -> tuple[Page, list[str]]:
    """A page, and its errors."""
    context = browser.new_context(
        viewport={"width": width, "height": 740},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale="en-GB",
    )
    page = context.new_page()
    page.set_default_timeout(LONG_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page, errors


def focused(page: Page) -> str:
    """The element that has the focus: its id, or its text."""
    part = page.locator(":focus")
    return part.get_attribute("id") or part.inner_text()


def ready(page: Page) -> None:
    """Wait until the form's first field has the focus: keys typed before go nowhere."""
    page.locator("#password:focus").wait_for()


def test_a_password_is_chosen_and_typed_by_the_keyboard(world: World, browser: Browser) -> None:
    home = f"http://127.0.0.1:{world.http}/"
    page, errors = opened(browser)
    hints: list[str] = []
    page.on("console", lambda message: hints.append(message.text))
    page.goto(home)
    page.locator("#f-password").wait_for()
    assert page.url == home + "welcome" and focused(page) == "f-password"
    keyboard = page.keyboard
    keyboard.type("kort")
    keyboard.press("Enter")
    page.locator("#e-password", has_text="8 characters").wait_for()
    keyboard.press("Control+a")
    keyboard.type(PASSWORD)
    keyboard.press("Tab")
    keyboard.press("Tab")
    assert focused(page) == "f-again"
    keyboard.type("langt pasord")
    keyboard.press("Enter")
    page.locator("#e-again", has_text="same").wait_for()
    page.screenshot(path=PICTURES / "welcome-light-360.png", full_page=True)
    keyboard.press("Control+a")
    keyboard.type(PASSWORD)
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Space")  # also to see the readings
    keyboard.press("Tab")
    assert focused(page) == "login-do"
    keyboard.press("Enter")
    page.wait_for_url(home + "setup")
    page.locator("#step-next").wait_for()  # the guide, with the session
    stored = json.loads((world.data / "config.json").read_text())
    assert stored["web_security"] == 2 and stored["web_password"].startswith("p1000$")
    assert errors == [] and not [hint for hint in hints if "username" in hint]

    for width, scheme in ((360, "light"), (1280, "dark")):
        other, errors = opened(browser, width, scheme)
        other.goto(home + "history?view=day")
        other.locator("#f-password").wait_for()
        assert "/login?next=" in other.url
        assert other.evaluate("document.documentElement.scrollWidth") <= width
        button = other.get_by_role("button", name="Log in").bounding_box()
        assert button and button["height"] >= (44 if width == 360 else 36)
        other.screenshot(path=PICTURES / f"login-{scheme}-{width}.png", full_page=True)
        assert errors == []
        other.context.close()

    other, errors = opened(browser)
    other.goto(home + "status")
    other.locator("#f-password").fill("galt passord")
    other.keyboard.press("Enter")
    other.locator("#login-why", has_text="password").wait_for()
    assert focused(other) == "f-password"
    other.locator("#f-user").fill("anybody")  # no user name is set
    other.wait_for_timeout(1500)  # a second after a wrong one
    other.locator("#f-password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(home + "status")
    (cookie,) = other.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["path"] == "/"
    assert errors == []

    # A session that has ended: a request of an open page leads to the login, and back.
    other.goto("about:blank")  # a request of the open page would lead there as well
    other.context.clear_cookies()
    other.goto(home + "login?next=//evil.example/")
    other.locator("#f-password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(home)
    other.context.close()
    page.context.close()


def test_the_forms_work_without_a_script(world: World, browser: Browser) -> None:
    home = f"http://127.0.0.1:{world.http}/"
    page, _ = opened(browser, script=False)
    page.goto(home)
    assert page.url == home + "welcome"
    page.get_by_role("link", name="/welcome.html").first.click()
    ready(page)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type("langt pasord")
    page.keyboard.press("Enter")
    page.locator("#why", has_text="not the same").wait_for()
    ready(page)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(home)
    page.context.clear_cookies()
    page.goto(home + "status")
    assert page.url == home + "login?next=/status"
    page.get_by_role("link", name="/login.html").first.click()
    ready(page)
    page.keyboard.type("galt passord")
    page.keyboard.press("Enter")
    page.locator("#why", has_text="not the password").wait_for()
    ready(page)
    page.wait_for_timeout(1500)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(home)
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


def test_a_refusal_for_another_reason_is_no_wrong_password(
    reader: FakeReader, screen: Screen
) -> None:
    reader.documents["/network.json"] = {}
    screen.open("document.querySelector('#f-password')", "/welcome")
    held = {"success": False, "message": "the supply voltage is too low"}
    reader.answers["POST", "/welcome"] = 503, held
    for name in ("password", "again"):
        screen.page.locator(f"#f-{name}").fill(PASSWORD)
    screen.page.locator("#login-do").click()
    screen.wait_text("#login-why", held["message"])
    expected_network(screen)
