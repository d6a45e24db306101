"""The pictures of the README, made again: the four main views of the page over an index.

    python eval/screenshots.py [--index indexes/sample] [--out .github] [--chromium /usr/bin/chromium]

Each is written as a PNG of a palette of 128 colours, small enough to travel with the code.
"""

import argparse
import sys
from pathlib import Path

from bench_page import served
from PIL import Image
from playwright.sync_api import Page, sync_playwright

QUESTION = "Qui dessina le parc du Mont-Royal ?"
WIDTH, HEIGHT = 1180, 860
LARGEST = 300_000


def ask(page: Page) -> None:
    page.fill("#question textarea", QUESTION)
    page.click("#ask")
    page.wait_for_selector("#answer .rc-reuse")
    page.wait_for_timeout(300)


def shoot(page: Page, out: Path) -> None:
    ask(page)
    page.hover(".rc-ref >> nth=0")
    page.wait_for_selector(".rc-peek:visible")
    save(page, out / "ask.png")
    page.mouse.move(2, 2)
    page.evaluate("document.querySelector('#answer .rc-proof .rc-rights').scrollIntoView()")
    save(page, out / "sources.png")
    for number, name in ((1, "explore"), (2, "corpus")):
        page.evaluate("scrollTo(0, 0)")
        page.get_by_role("tab").nth(number).click()
        page.wait_for_timeout(500)
        save(page, out / f"{name}.png")


def save(page: Page, path: Path) -> None:
    page.wait_for_timeout(200)
    page.screenshot(path=path)
    with Image.open(path) as image:
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path}  {size} bytes")
    if size > LARGEST:
        sys.exit(f"screenshots: {path} is larger than {LARGEST} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", default="indexes/sample")
    parser.add_argument("--out", type=Path, default=Path(".github"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with served(options.index) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(address)
        page.wait_for_selector("#question textarea")
        shoot(page, options.out)
        browser.close()


if __name__ == "__main__":
    main()
