"""What the tests in a real browser share: asking as a person does, and what axe holds against a page."""

import shutil

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
QUESTION = "Y a-t-il un dépôt légal national en Suisse ?"
PHONE = {"viewport": {"width": 390, "height": 780}}


def ask(page, question):
    page.fill("#question textarea", question)
    page.click("#ask")
    page.wait_for_function("asked => document.querySelector('#answer .rc-question')?.textContent === asked", arg=" ".join(question.split()))


def serious(page):
    """What axe holds against the page under WCAG 2.2 AA, serious or worse."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_timeout(300)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found if one["impact"] in ("serious", "critical")]
