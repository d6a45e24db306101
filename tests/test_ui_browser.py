"""The page in a real browser: ask, read the sources, explore, in both languages, by keyboard, on a phone; nothing leaves, nothing runs."""

from pathlib import Path

import pytest
from browsing import QUESTION, ask, serious
from page_server import RARE
from rendering_samples import BREAKOUT, HANDLER, SCRIPT, TEMPLATE

pytestmark = pytest.mark.browser

ANSWER = "La Suisse n'a pas de dépôt légal obligatoire"
UNANSWERABLE = "Quelle est la recette du gâteau au chocolat de ma voisine ?"


def test_a_question_is_answered_with_its_citation_licence_and_notice(visit):
    page = visit()
    assert page.evaluate("document.documentElement.lang") == "fr"
    ask(page, QUESTION)
    assert ANSWER in page.inner_text(".rc-statements")
    assert "Chercher" in page.inner_text(".rc-steps")
    page.click(".rc-ref >> nth=0")
    card = page.locator("#src-1:target")
    assert ANSWER in " ".join(card.locator("mark").all_inner_texts())
    assert "Licence Ouverte 2.0" in card.locator(".rc-badge").inner_text()
    assert card.locator("a[rel~=license]").first.get_attribute("href").startswith("https://")
    assert "révision inconnue" in card.inner_text()
    notice = page.inner_text("#notice-all")
    assert "rag-commons" in notice
    assert "Licence Ouverte" in notice
    assert "Réutiliser cette réponse" in page.inner_text(".rc-reuse")
    assert page.locator(".rc-todo input[type=checkbox]").count() > 0
    assert "Réponse générée automatiquement" in page.inner_text("#answer")


def test_the_notice_is_copied_and_the_files_are_saved(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"], accept_downloads=True)
    ask(page, QUESTION)
    page.click("[data-rc-copy=notice-all]")
    page.wait_for_function("document.querySelector('.rc-live').textContent === 'Copié'")
    assert page.evaluate("navigator.clipboard.readText()") == page.text_content("#notice-all")
    page.click("[data-rc-copy=export-markdown]")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('# Y a-t-il'))")
    for name, beginning in (("bibtex", "@misc{"), ("ris", "TY  - GEN"), ("csl", "["), ("jsonld", "{"), ("html", "<!DOCTYPE html>")):
        with page.expect_download() as download:
            page.click(f"#export-{name}")
        assert Path(download.value.path()).read_text("utf-8").startswith(beginning), name


def test_the_keyboard_alone_suffices(visit):
    page = visit()
    page.focus("#question textarea")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".rc-ref")
    page.focus(".rc-ref >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#src-1:target")
    page.focus(".rc-backs a >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#phrase-1:target")
    page.get_by_role("tab", name="Explorer").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#words textarea:visible")


def test_an_abstention_is_honest_and_leads_on(visit):
    page = visit()
    ask(page, UNANSWERABLE)
    assert "Ce corpus ne répond pas à cette question" in page.inner_text(".rc-abstained")
    assert page.locator(".rc-statements").count() == 0
    assert page.locator(".rc-exports").count() == 0
    page.click("#answer [data-rc-document] >> nth=0")
    page.wait_for_selector("#document .rc-span")
    page.click("#close")
    page.wait_for_selector("#found .rc-entries")


def test_filters_say_what_they_leave_aside(visit):
    page = visit()
    page.click(".rc-filters:visible button >> nth=0")
    page.locator(".rc-filters:visible").get_by_label("Licence ou statut").click()
    page.get_by_role("option", name="CC0 1.0").click()
    page.wait_for_selector(".rc-cost:visible")
    assert "laissent de côté" in page.inner_text(".rc-cost:visible")
    ask(page, QUESTION)
    assert "Licence Ouverte 2.0" not in page.inner_text("#answer")


def test_english_is_one_click_away(visit):
    page = visit()
    page.click(".rc-other")
    page.wait_for_url("**/en")
    page.wait_for_selector("#question textarea")
    page.wait_for_function("document.documentElement.lang === 'en'")
    ask(page, QUESTION)
    shown = page.inner_text("#answer")
    assert "Cited sources" in shown
    assert "Reuse this answer" in shown
    assert "Sources citées" not in shown
    page.click(".rc-other")
    page.wait_for_function("document.documentElement.lang === 'fr'")


@pytest.mark.parametrize(("width", "scale"), [(360, 1), (640, 2)], ids=["phone", "200 %"])
def test_nothing_is_cut_on_a_phone_or_when_enlarged(visit, width, scale):
    page = visit(viewport={"width": width // scale, "height": 740}, device_scale_factor=scale)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for tab in ("Explorer", "Corpus", "À propos"):
        found = page.get_by_role("tab", name=tab, exact=True)
        if not found.is_visible():
            continue
        found.click()
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), tab


@pytest.mark.parametrize(("path", "scheme"), [("/", "light"), ("/en", "dark")])
def test_axe_finds_nothing_serious_in_an_answer(visit, path, scheme):
    page = visit(path, color_scheme=scheme)
    page.click(".rc-filters:visible button >> nth=0")
    ask(page, QUESTION)
    assert not serious(page)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "scheme"), [("/", "light"), ("/en", "dark"), ("/", "dark"), ("/en", "light")])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_serious_anywhere(visit, path, scheme, width):
    page = visit(path, color_scheme=scheme, viewport={"width": width, "height": 800})
    assert not serious(page)
    ask(page, UNANSWERABLE)
    assert not serious(page)
    for tab in page.get_by_role("tab").all()[1:4]:
        tab.click()
        assert not serious(page)
    page.get_by_role("tab").nth(1).click()
    page.click("#found [data-rc-document] >> nth=0")
    page.wait_for_selector("#document .rc-span")
    assert not serious(page)


def test_nothing_of_a_corpus_or_a_question_ever_runs(visit):
    page = visit()
    page.evaluate("window.pwned = 0")
    ask(page, f"Quand fut nommée la {RARE} du plateau ?")
    assert RARE in page.inner_text(".rc-statements")
    assert SCRIPT in page.inner_text("#src-1 h4")
    page.hover(".rc-ref >> nth=0")
    page.wait_for_selector(".rc-peek:visible")
    page.hover("#src-1")
    page.click(".rc-ref >> nth=0")
    page.click("#answer [data-rc-document] >> nth=0")
    page.wait_for_selector("#document .rc-span")
    assert BREAKOUT in page.inner_text("#document .rc-text")
    page.fill("#words textarea", RARE)
    page.click("#search")
    page.wait_for_selector("#found .rc-hit")
    page.fill("#words textarea", "")
    page.click("#search")
    page.locator(".rc-facet", has_text="Institution ").click()
    page.wait_for_selector("#found .rc-entries")
    assert BREAKOUT in page.inner_text(".rc-chosen")
    assert page.locator("#found .rc-entries li").count() == 1
    page.get_by_role("tab", name="Corpus").click()
    page.wait_for_selector(".rc-corpus table")
    page.get_by_role("tab", name="Demander").click()
    page.click(".rc-filters:visible button >> nth=0")
    page.locator(".rc-filters:visible").get_by_label("Institution").click()
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Escape")
    for question in (f"{SCRIPT} {RARE}", f"{HANDLER} {RARE}", f"{TEMPLATE} {RARE}", f"{BREAKOUT} {RARE}"):
        ask(page, question)
    page.wait_for_timeout(200)
    assert page.evaluate("window.pwned") == 0
    assert page.locator("#answer script, #answer img, #answer svg, #found img, #document img").count() == 0
