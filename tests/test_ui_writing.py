"""The page of a server where a language model writes, in a real browser: what is verified shows as it comes, what is not kept is told."""

import base64
import threading

import pytest
from browsing import ask, in_places, no_wider, serious
from llm_server import Raw
from page_server import shared_model, shared_writing_page
from writing import INVENTED, KEPT, QUESTION, REPAIRED, TOLD, endless, held, reply

pytest.importorskip("llama_index.llms.openai_like", reason="the llm extra is not installed")
pytestmark = pytest.mark.browser

EXTRACTS = {"": "Faite de citations mot pour mot", "en": "Made of word-for-word quotations"}


@pytest.fixture(scope="module")
def page_address():
    return shared_writing_page()


@pytest.fixture
def model():
    shared_model().reply = reply
    return shared_model()


def exported(page, name):
    return base64.b64decode(page.get_attribute(f"#export-{name}", "href").split(",")[1]).decode()


@in_places("fr-desktop", "en-phone")
def test_what_is_verified_shows_while_the_model_writes(visit, model, path, options):
    page, gate = visit(path, **options), threading.Event()
    model.reply = held(gate)
    page.fill("#question textarea", QUESTION)
    page.click("#ask")
    page.wait_for_selector("#answer [aria-busy=true] .rc-statements li")
    assert page.inner_text("#answer .rc-statements li span[dir]") == KEPT
    assert page.inner_text(".rc-steps .rc-now") == ("Write" if path == "/en" else "Rédiger")
    gate.set()
    page.wait_for_selector("#answer .rc-reuse")
    said = page.inner_text("#answer")
    assert REPAIRED in said and INVENTED not in said
    assert ("A language model wrote it" if path == "/en" else "Un modèle de langue l’a rédigée") in said
    assert ("; kept: 1; replaced by a passage’s words: 1; dropped" if path == "/en" else TOLD) in said
    assert not serious(page)
    # by extracts, the model is asked nothing
    asked = model.asked
    page.get_by_label(EXTRACTS[path.strip("/")]).check()
    page.click("#ask")
    page.wait_for_function("!document.querySelector('#answer .rc-reason') && document.querySelector('#answer .rc-reuse')")
    assert model.asked == asked


def test_a_model_that_fails_is_told_on_the_page_and_in_what_leaves_it(visit, model):
    model.reply = lambda asked: [Raw(b'{"error": {"message": "sk-secret overloaded"}}', 500, "application/json")]
    page = visit()
    ask(page, QUESTION)
    page.wait_for_selector("#answer .rc-reuse")
    told = page.inner_text("#answer .rc-reason")
    assert told.startswith("Le modèle de langue n'a pas répondu (") and told.endswith("La réponse est faite d'extraits.")
    assert "n'a pas répondu" in exported(page, "markdown") and "n&#x27;a pas répondu" in exported(page, "html")
    assert "sk-secret" not in page.content()


def test_a_page_that_is_closed_frees_the_model(visit, model):
    model.reply, gone = endless()
    page = visit()
    page.fill("#question textarea", QUESTION)
    page.click("#ask")
    page.wait_for_selector("#answer [aria-busy=true] .rc-statements li")
    page.close()
    assert gone.wait(20)


def press_by_keyboard(page):
    """Press the button that stops with the keyboard alone, from the button that asks."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "stop":
            page.keyboard.press("Enter")
            return
    raise AssertionError("the keyboard does not reach the button")


@in_places("fr-desktop", "en-phone")
def test_a_model_that_is_stopped_leaves_an_answer_of_what_was_verified(visit, model, path, options):
    model.reply, gone = endless()
    page, english = visit(path, **options), path == "/en"
    assert page.is_hidden("#stop")
    page.fill("#question textarea", QUESTION)
    page.click("#ask")
    page.wait_for_function("document.querySelectorAll('#answer [aria-busy=true] .rc-statements li').length === 2")
    page.wait_for_selector("#stop")
    assert page.inner_text("#stop") == ("Stop" if english else "Arrêter")
    assert no_wider(page) and not serious(page)
    # by keyboard on the one, by pointer on the other
    if english:
        page.click("#stop")
    else:
        press_by_keyboard(page)
    assert gone.wait(20)
    page.wait_for_selector("#answer .rc-reuse")
    page.wait_for_selector("#stop", state="hidden")
    page.wait_for_function("document.activeElement.id === 'ask'")
    assert page.inner_text("#steps .rc-outcome").startswith("Writing stopped." if english else "Rédaction arrêtée.")
    said, told = page.inner_text("#answer"), page.inner_text("#answer .rc-reason")
    assert KEPT in said and REPAIRED in said and INVENTED not in said
    assert told.startswith("The writing was stopped before its end." if english else "La rédaction a été arrêtée avant la fin.")
    assert page.locator("#answer .rc-statements .rc-ref").count() == 2
    assert ("stopped before its end" if english else "arrêtée avant la fin") in exported(page, "markdown")
    assert page.input_value("#question textarea") == QUESTION
    assert not serious(page)


@in_places("en-phone")
def test_a_model_that_is_stopped_before_anything_is_verified_leaves_the_question(visit, model, path, options):
    model.reply, gone = endless(nothing=True)
    page = visit(path, **options)
    page.fill("#question textarea", QUESTION)
    page.click("#ask")
    page.click("#stop")
    page.wait_for_selector("#steps .rc-message")
    assert ("nothing is kept" if path == "/en" else "rien n’est gardé") in page.inner_text("#steps [role=alert]")
    page.wait_for_selector("#stop", state="hidden")
    assert gone.wait(20)
    page.wait_for_function("!document.querySelector('#answer .rc-question')")
    assert page.input_value("#question textarea") == QUESTION
    assert not serious(page)
    # the same page asks again
    model.reply = reply
    page.click("#ask")
    page.wait_for_selector("#answer .rc-reuse")
    assert KEPT in page.inner_text("#answer")


def test_one_who_stops_stops_nobody_else(visit, model):
    pages, freed = [visit(), visit()], []
    for page in pages:
        model.reply, gone = endless()
        freed.append(gone)
        page.fill("#question textarea", QUESTION)
        page.click("#ask")
        page.wait_for_selector("#answer [aria-busy=true] .rc-statements li")
    for page, gone, others in zip(pages, freed, (freed[1:], []), strict=True):
        page.click("#stop")
        assert gone.wait(20)
        page.wait_for_selector("#answer .rc-reuse")
        assert not any(one.is_set() for one in others)


def test_people_are_told_that_a_model_writes(visit, model):
    page = visit()
    assert "sur cette machine" in page.inner_text("#mode")
    assert "sk-secret" not in page.content()
    page.get_by_role("tab", name="À propos").click()
    assert "vérifiées une à une" in page.inner_text(".rc-about")
