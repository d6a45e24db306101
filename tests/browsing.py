"""What the tests in a real browser share: asking as a person does, and what axe holds against a page."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
# no name is resolved and nothing but loopback can be reached, whatever the page asks for
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
FLAGS = [OFFLINE, "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
QUESTION = "Y a-t-il un dépôt légal national en Suisse ?"
PHONE = {"viewport": {"width": 390, "height": 780}}


_EVERY = {"fr-desktop": ("/", {}), "en-phone": ("/en", PHONE), "fr-phone": ("/", PHONE), "en-desktop": ("/en", {})}


def in_places(*always):
    """A journey in both languages and on both sizes; the places that are not named only in the long campaign."""
    places = [pytest.param(*place, id=name, marks=() if name in always else pytest.mark.slow) for name, place in _EVERY.items()]
    return pytest.mark.parametrize(("path", "options"), places)


def no_wider(page):
    """Whether nothing makes the page wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def ask(page, question):
    page.fill("#question textarea", question)
    page.click("#ask")
    page.wait_for_function("asked => document.querySelector('#answer .rc-question')?.textContent === asked", arg=" ".join(question.split()))


def type_in(page, box, words):
    """Type words and see that they stay: Gradio lays out once more, a few frames later, what was only just shown, and what was typed
    between is lost; no person is that quick, a test may be."""
    for _ in range(20):
        box.fill(words)
        page.wait_for_timeout(500)
        if box.input_value() == words:
            return
    raise AssertionError(f"{words!r} do not stay: {box.input_value()!r}")


def look_for(page, words):
    """Look for passages in the tab to explore, again if need be, for the same reason as in `type_in`."""
    from playwright.sync_api import TimeoutError as NotShown

    for _ in range(6):
        page.fill("#words textarea", words)
        page.click("#search")
        try:
            page.wait_for_selector("#found .rc-hit", timeout=5_000)
            return
        except NotShown:
            continue
    raise AssertionError(f"nothing is found for {words!r}: {page.inner_text('#found')[:200]!r}")


def clipboard(page, expected):
    """What is in the clipboard once it is what is expected: the browser writes it after the click, in its own time."""
    for _ in range(200):
        text = page.evaluate("navigator.clipboard.readText()")
        if expected(text):
            return text
        page.wait_for_timeout(50)
    raise AssertionError(f"the clipboard holds {text!r}")


def serious(page):
    """What axe holds against the page under WCAG 2.2 AA, serious or worse."""
    from axe_playwright_python.sync_playwright import Axe

    # what fades or turns has the colours of neither state
    page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found if one["impact"] in ("serious", "critical")]
