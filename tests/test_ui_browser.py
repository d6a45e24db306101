"""The page in a real browser: ask, read the sources, explore, in both languages, by keyboard, on a phone; nothing leaves, nothing runs."""

from pathlib import Path

import pytest
from browsing import QUESTION, ask, clipboard, in_places, look_for, no_wider, serious
from page_server import RARE
from rendering_samples import BREAKOUT, HANDLER, SCRIPT, TEMPLATE

pytestmark = pytest.mark.browser

ANSWER = "La Suisse n'a pas de dépôt légal obligatoire"
UNANSWERABLE = "Quelle est la recette du gâteau au chocolat de ma voisine ?"


@in_places("fr-desktop", "en-phone")
def test_a_question_is_answered_with_its_citation_licence_and_notice(visit, path, options):
    page = visit(path, **options)
    french = path == "/"
    assert page.evaluate("document.documentElement.lang") == ("fr" if french else "en")
    ask(page, QUESTION)
    assert ANSWER in page.inner_text(".rc-statements")
    steps = page.inner_text("#steps")
    assert ("Chercher" if french else "Search") in steps and " ms" in steps
    page.click(".rc-ref >> nth=0")
    card = page.locator("#src-1:target")
    assert ANSWER in " ".join(card.locator("mark").all_inner_texts())
    assert "Licence Ouverte 2.0" in card.locator(".rc-badge").inner_text()
    assert card.locator("a[rel~=license]").first.get_attribute("href").startswith("https://")
    assert ("révision inconnue" if french else "revision unknown") in card.inner_text()
    notice = page.inner_text("#notice-all")
    assert "rag-commons" in notice
    assert "Licence Ouverte" in notice
    assert ("Réutiliser cette réponse" if french else "Reuse this answer") in page.inner_text(".rc-reuse")
    assert page.locator(".rc-todo input[type=checkbox]").count() > 0
    # cited and consulted are apart
    page.click(".rc-consulted summary")
    assert page.locator(".rc-consulted li").count() == 7 and page.locator(".rc-proof .rc-card").count() == 1
    assert ("Réponse générée automatiquement" if french else "Automatically generated answer") in page.inner_text("#answer")
    assert no_wider(page)


@in_places("en-phone")
def test_an_answer_is_copied_with_its_citations_and_its_files_are_saved(visit, path, options):
    page = visit(path, permissions=["clipboard-read", "clipboard-write"], accept_downloads=True, **options)
    copied = f"document.querySelector('.rc-live').textContent === '{'Copié' if path == '/' else 'Copied'}'"
    ask(page, QUESTION)
    page.click("[data-rc-copy=notice-all]")
    page.wait_for_function(copied)
    notice = page.text_content("#notice-all")
    clipboard(page, lambda text: text == notice)
    page.click("[data-rc-answer]")
    text = clipboard(page, lambda text: text.startswith("La Suisse"))
    assert text.split("\n\n")[0].endswith("[1]") and f"[1] {page.text_content('#notice-1')}" in text
    types = page.evaluate("navigator.clipboard.read().then((items) => items[0].types)")
    assert set(types) == {"text/plain", "text/html"}
    # a sentence taken by hand brings its source, a few words do not
    select = "(end) => { const words = document.querySelector('.rc-statements [dir]').firstChild; const range = new Range(); "
    select += "range.setStart(words, 0); range.setEnd(words, end); getSelection().removeAllRanges(); getSelection().addRange(range); }"
    for end, notices in ((60, 1), (9, 0)):
        page.evaluate(select, end)
        page.evaluate("navigator.clipboard.writeText('nothing yet')")
        page.keyboard.press("Control+c")
        text = clipboard(page, lambda text: text != "nothing yet")
        assert text.count("Licence Ouverte / Open Licence 2.0 –") == notices
    page.click("[data-rc-copy=export-markdown]")
    clipboard(page, lambda text: text.startswith("# Y a-t-il"))
    for name, beginning in (("bibtex", "@misc{"), ("ris", "TY  - GEN"), ("csl", "["), ("jsonld", "{"), ("html", "<!DOCTYPE html>")):
        with page.expect_download() as download:
            page.click(f"#export-{name}")
        assert Path(download.value.path()).read_text("utf-8").startswith(beginning), name


@in_places("fr-desktop")
def test_the_keyboard_alone_suffices(visit, path, options):
    page = visit(path, **options)
    page.click(".rc-filters:visible button >> nth=0")
    # one sees where one is, at each step to the last filter
    ring = "(() => { const at = document.activeElement, whole = at.closest('.rc-several .wrap') || at; "
    ring += "return [at.tagName, getComputedStyle(whole).outlineStyle, getComputedStyle(whole).outlineWidth]; })()"
    page.focus(".rc-other")
    for _ in range(15):
        page.keyboard.press("Tab")
        assert page.evaluate(ring)[1:] == ["solid", "3px"], page.evaluate(ring)
    assert page.evaluate("document.activeElement.closest('.rc-filters, #ask, #question') !== null")
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
    page.get_by_role("tab").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#words textarea:visible")


@in_places("en-phone")
def test_an_example_is_asked_at_a_click(visit, path, options):
    page = visit(path, **options)
    page.click(".rc-examples button >> text=ancien volcan")
    page.wait_for_selector("#answer .rc-reuse")
    assert "volcan" in page.inner_text("#answer .rc-question")
    page.wait_for_selector(".rc-examples button >> text=ancien volcan", state="hidden")
    page.wait_for_function("location.search.startsWith('?question=')")


@in_places("fr-desktop", "en-phone")
def test_an_abstention_is_honest_and_leads_on(visit, path, options):
    page = visit(path, **options)
    ask(page, UNANSWERABLE)
    told = page.inner_text(".rc-abstained")
    assert ("Ce corpus ne répond pas à cette question" if path == "/" else "This corpus does not answer this question") in told
    assert ("ne parle de « " if path == "/" else "speaks of “") in told
    assert page.locator(".rc-statements").count() == page.locator(".rc-exports").count() == 0
    page.click("#answer [data-rc-document] >> nth=0")
    page.wait_for_selector("#document .rc-span")
    page.click("#close")
    page.wait_for_selector("#found .rc-entries")
    page.get_by_role("tab").first.click()
    page.click("#answer [data-rc-event=apply]")
    page.wait_for_selector("#found .rc-hit")
    assert page.input_value("#words textarea") == UNANSWERABLE
    assert no_wider(page)


@in_places("en-phone")
def test_filters_say_what_they_leave_aside_and_are_taken_off_at_a_click(visit, path, options):
    page = visit(path, **options)
    page.click(".rc-filters:visible button >> nth=0")
    # what was only just unfolded is laid out once more
    page.wait_for_timeout(500)
    licences = page.locator(".rc-filters:visible").get_by_label("Licence ou statut" if path == "/" else "Licence or status")
    for taken_off in (True, False):
        licences.click()
        page.get_by_role("option", name="CC0 1.0").click()
        page.wait_for_selector(".rc-cost:visible")
        page.keyboard.press("Escape")
        if taken_off:
            page.locator(".rc-filters:visible .token-remove").first.click()
            page.wait_for_selector(".rc-cost:visible", state="detached")
    assert ("laissent de côté" if path == "/" else "passages aside") in page.inner_text(".rc-cost:visible")
    ask(page, UNANSWERABLE)
    assert "Licence Ouverte 2.0" not in page.inner_text("#answer")
    page.click("#answer [data-rc-event=undo]")
    page.wait_for_selector("#answer [data-rc-event=undo]", state="detached")
    page.wait_for_selector("#answer .rc-abstained")
    page.wait_for_selector(".rc-cost:visible", state="detached")
    assert page.input_value("#question textarea") == UNANSWERABLE


def test_english_is_one_click_away(visit):
    page = visit()
    page.click(".rc-other")
    page.wait_for_url("**/en")
    page.wait_for_selector("#question textarea")
    page.wait_for_function("document.documentElement.lang === 'en'")
    assert page.title() == "rag-commons — every sentence has its source"
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
    assert no_wider(page)
    for tab, shown in (("Explorer", ".rc-facets"), ("Corpus", ".rc-corpus"), ("À propos", ".rc-about")):
        page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_selector(shown)
        assert no_wider(page), tab


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
    look_for(page, RARE)
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
    assert page.evaluate("window.pwned") == 0
    assert page.locator("#answer script, #answer img, #answer svg, #found img, #document img").count() == 0
