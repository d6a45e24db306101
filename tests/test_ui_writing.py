"""The page of a server where a language model writes, in a real browser: what is verified shows as it comes, what is not kept is told."""

import base64
import threading

import pytest
from browsing import ask, in_places, serious
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


def test_people_are_told_that_a_model_writes(visit, model):
    page = visit()
    assert "sur cette machine" in page.inner_text("#mode")
    assert "sk-secret" not in page.content()
    page.get_by_role("tab", name="À propos").click()
    assert "vérifiées une à une" in page.inner_text(".rc-about")
