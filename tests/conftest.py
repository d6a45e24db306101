"""What every test shares: no network but loopback, and where the real data lies."""

import json
import socket
from pathlib import Path

import pytest
from hypothesis import settings

# how long an example takes is the machine's business, not the code's; the same code gets the same verdict twice, and new examples are
# looked for in the long campaign
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("slow", deadline=None)

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"


def pytest_configure(config):
    settings.load_profile("slow" if config.option.markexpr == "slow" else "same")


@pytest.fixture(autouse=True, scope="session")
def _loopback_only():
    """Refuse every connection that would leave the machine: the suite is offline by construction."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests are offline; refused a connection to {address!r}")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data beside the project; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("real data absent: ../shared/data")
    return SHARED_DATA


@pytest.fixture(scope="module")
def page_address():
    """The address of the shared server; skipped where there is no browser."""
    from browsing import CHROMIUM
    from page_server import shared_page

    if not Path(CHROMIUM).exists():
        pytest.skip("no browser: expected Debian's chromium")
    return shared_page()


@pytest.fixture(scope="module")
def browser(page_address):
    from browsing import CHROMIUM, FLAGS
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def _left(message):
    """Whether Gradio says that the page was left while it listened."""
    return message.startswith("AbortError: signal is aborted")


@pytest.fixture(scope="module")
def context_for(browser):
    """A browser context for these options, kept from test to test since its cache makes a page load quicker."""
    contexts = {}

    def context(**options):
        key = json.dumps(options, sort_keys=True)
        if key not in contexts:
            contexts[key] = browser.new_context(locale="de-DE", **options)
        return contexts[key]

    return context


@pytest.fixture
def visit(context_for, page_address):
    """Open the page as one who was never there; at the end, nothing must have left the machine and nothing have failed in the page."""
    pages, outside, wrong = [], [], []

    def check(request):
        if not request.url.startswith((page_address, "data:", "blob:")):
            outside.append(request.url)

    def opened(path="/", **options):
        page = context_for(**options).new_page()
        pages.append(page)
        page.set_default_timeout(30_000)
        page.on("request", check)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" and not _left(message.text) else None)
        page.goto(page_address + path)
        page.wait_for_selector("#question textarea")
        return page

    yield opened
    for page in pages:
        if page.is_closed():
            continue
        # left first: an answer that is only just there would be remembered once more
        page.goto(page_address + "/api")
        page.evaluate("localStorage.clear()")
        page.close()
    assert not outside
    assert not wrong
