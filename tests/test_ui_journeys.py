"""Journeys in a real browser, in both languages and sizes: follow-ups, memory, previews, periods, browsing, reports, paper."""

import io
import json
import shutil

import pypdf
import pytest
from browsing import QUESTION, ask, in_places, look_for, no_wider, serious, type_in
from page_server import served, shared_index, shared_reports

pytestmark = pytest.mark.browser

FOLLOW_UP, UNDERSTOOD = "Et en France ?", "Y a-t-il un dépôt légal national en France ?"


def ask_as(page, typed, shown):
    """Ask what is typed and wait for the answer to what the page understood."""
    page.fill("#question textarea", typed)
    page.click("#ask")
    page.wait_for_function("shown => document.querySelector('#answer .rc-question')?.textContent === shown", arg=shown)


@in_places("fr-desktop", "en-phone")
def test_a_follow_up_is_completed_shown_and_may_be_asked_as_typed(visit, path, options):
    page = visit(path, **options)
    ask(page, QUESTION)
    assert page.locator(".rc-understood").count() == 0
    ask_as(page, FOLLOW_UP, UNDERSTOOD)
    assert UNDERSTOOD in page.inner_text(".rc-understood")
    assert no_wider(page)
    page.click(".rc-understood button")
    page.wait_for_function("asked => document.querySelector('#answer .rc-question')?.textContent === asked", arg=FOLLOW_UP)
    assert page.locator(".rc-understood").count() == 0


@in_places("en-phone")
def test_the_browser_alone_remembers_and_forgets(visit, path, options):
    page = visit(path, **options)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    assert not page.is_visible(".rc-history")
    ask(page, QUESTION)
    ask(page, "Le mont Royal est-il un ancien volcan ?")
    page.wait_for_function("document.querySelector('.rc-history .rc-count').textContent === '2'")
    assert not any(QUESTION in body and "volcan" in body for body in sent)
    page.reload()
    page.wait_for_selector(".rc-history summary")
    assert "(2)" in page.inner_text(".rc-history summary")
    page.click(".rc-history summary")
    page.get_by_role("link", name=QUESTION).click()
    page.wait_for_function("asked => document.querySelector('#answer .rc-question')?.textContent === asked", arg=QUESTION)
    page.wait_for_selector(".rc-reopened")
    page.click(".rc-history summary")
    page.click(".rc-history button")
    page.wait_for_selector(".rc-history", state="hidden")
    assert page.evaluate("JSON.parse(localStorage.getItem('rag-commons-questions'))") == []


@in_places("en-phone")
def test_a_citation_shows_its_source_when_pointed_at_or_reached_by_keyboard(visit, path, options):
    page = visit(path, **options)
    ask(page, QUESTION)
    preview = page.locator(".rc-peek").first
    assert not preview.is_visible()
    page.hover(".rc-ref >> nth=0")
    preview.wait_for()
    assert "Licence Ouverte 2.0" in preview.inner_text()
    assert no_wider(page)
    page.keyboard.press("Escape")
    preview.wait_for(state="hidden")
    page.mouse.move(1, 1)
    page.focus(".rc-ref >> nth=0")
    preview.wait_for()
    assert not serious(page)


@in_places("en-phone")
def test_one_browses_by_institution_and_licence_and_comes_back(visit, path, options):
    page = visit(path, **options)
    page.get_by_role("tab").nth(1).click()
    bars = page.locator("#found .rc-facet")
    bars.first.wait_for()
    assert page.locator(".rc-facets [role=group]").count() == 4
    sent = []
    page.on("request", lambda request: sent.append(request.post_data) if "fn_index" in (request.post_data or "") else None)
    page.locator(".rc-facet", has_text="CC0 1.0").click()
    page.wait_for_selector(".rc-chosen")
    page.wait_for_selector(".rc-cost:visible")
    # several answers would race, and the list of before might come last
    assert len(sent) == 1
    assert "CC0 1.0" in page.inner_text(".rc-chosen")
    badges = page.locator("#found .rc-entries .rc-badge").all_inner_texts()
    assert badges and set(badges) == {"CC0 1.0"}
    assert no_wider(page)
    page.click(".rc-chosen button")
    bars.first.wait_for()


@in_places("fr-desktop")
def test_passages_are_searched_and_the_corpus_is_read(visit, path, options):
    page = visit(path, **options)
    french = path == "/"
    page.get_by_role("tab").nth(1).click()
    look_for(page, "dépôt légal en Suisse")
    assert ("passages trouvés" if french else "passages found") in page.inner_text("#found")
    assert page.locator("#found .rc-statements").count() == 0
    page.click("#found [data-rc-document] >> nth=0")
    page.wait_for_selector("#document .rc-span")
    assert page.locator("#document .rc-number").first.inner_text() == "1"
    assert no_wider(page)
    page.get_by_role("tab").nth(2).click()
    page.wait_for_selector(".rc-corpus table")
    assert ("Par licence et statut" if french else "By licence and status") in page.inner_text(".rc-corpus")
    assert no_wider(page)
    page.get_by_role("tab").nth(3).click()
    assert ("Sans affiliation" if french else "No affiliation") in page.inner_text(".rc-about")
    assert page.get_by_text("Demander le retrait" if french else "taken down").first.is_visible()


def test_a_period_that_leaves_nothing_says_so(visit):
    page = visit()
    page.click(".rc-filters:visible button >> nth=0")
    since = page.locator(".rc-filters:visible").get_by_label("Depuis l’année")
    type_in(page, since, "2999")
    page.wait_for_selector(".rc-cost:visible")
    cost = page.inner_text(".rc-cost:visible")
    assert "laissent de côté" in cost and "pas daté" in cost and "ne laissent aucun passage" in cost
    ask(page, QUESTION)
    assert "Retirez des filtres" in page.inner_text("#answer")
    # what is no year filters nothing
    since.fill("l'an")
    page.wait_for_selector(".rc-cost:visible", state="detached")


@in_places("en-phone")
def test_a_wrong_attribution_is_reported_here_and_nowhere_else(visit, path, options):
    page = visit(path, **options)
    ask(page, QUESTION)
    page.click("#answer .rc-report >> nth=0")
    page.wait_for_selector("#report", state="visible")
    passage = page.inner_text("#report code")
    page.click("#report-keep")
    page.wait_for_selector("[role=alert]:visible")
    page.locator("#report input[type=radio]").first.check()
    page.fill("#report textarea", "<script>window.pwned=1</script> Ce n'est pas elle.")
    assert not serious(page)
    page.click("#report-keep")
    page.wait_for_selector("#report", state="hidden")
    line = json.loads((shared_reports() / "reports.jsonl").read_text("utf-8").splitlines()[-1])
    assert (line["source"], line["what"]) == (passage, "people")
    assert line["note"].endswith("Ce n'est pas elle.")


def test_an_answer_prints_with_its_sources_and_notice(visit):
    page = visit()
    page.evaluate("window.print = () => { window.printed = true; }")
    ask(page, QUESTION)
    page.click("[data-rc-print]")
    assert page.evaluate("window.printed")
    read = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join("".join(sheet.extract_text() for sheet in read.pages).split())
    assert len(read.pages) <= 3
    for said in (
        QUESTION,
        "Les bibliothèques numériques suisses",
        "Réutiliser cette réponse",
        "Licence Ouverte",
    ):
        assert said in text, said
    # the notice's own font can be drawn in a way that gives no words back, so it is read off the page as it prints
    page.emulate_media(media="print")
    assert "Date de dernière mise à jour" in page.inner_text("#answer")
    for tool in ("Demander", "Copier", "Imprimer", "Signaler", "Vos questions"):
        assert tool not in text, tool


@pytest.mark.slow
def test_the_administrator_brings_in_and_others_see_no_such_thing(browser, visit, tmp_path):
    assert "Administrer" not in visit().inner_text("body")
    (tmp_path / "entrants").mkdir()
    (tmp_path / "entrants" / "fiche.md").write_text(
        "---\ntitle: Une fiche\nlicence: CC0-1.0\n---\nLe moulin de la dune date de 1789.\n", "utf-8"
    )
    (tmp_path / "entrants" / "sans.md").write_text("Rien n'est dit de ses droits.\n", "utf-8")
    index = shutil.copytree(shared_index(), tmp_path / "index")
    address = served(index, "--admin-folder", str(tmp_path / "entrants"), RAG_COMMONS_PASSWORD="un mot de passe")
    page = browser.new_page(http_credentials={"username": "x", "password": "un mot de passe"})
    page.goto(address)
    # the tab asks what the folder holds, and the list that comes back takes the place of what is being typed
    with page.expect_response(lambda answer: "/gradio_api/" in answer.url and answer.request.method == "POST"):
        page.get_by_role("tab", name="Administrer").click()
    page.wait_for_timeout(300)
    page.fill("#admin-name input", ".")
    page.keyboard.press("Enter")
    page.click("#admin-bring")
    page.get_by_text("Terminé : 1 ajoutés").wait_for()
    assert "missing:licence 1" in page.inner_text("#admin-state")
    assert not serious(page)
    page.fill("#admin-exact textarea, #admin-exact input", "fiche.md")
    page.click("#admin-out")
    page.get_by_text("Cochez d’abord la case").wait_for()
    page.check("#admin-sure input")
    page.click("#admin-out")
    page.get_by_text("Retirés : 1 documents").wait_for()
    page.close()
