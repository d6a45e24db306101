"""The page without a browser: what is asked of the index, what the guard refuses, what the wording promises."""

import socket
import urllib.error
import urllib.request

import pytest
from page_server import RARE, shared_index, shared_page

from rag_commons.answers import Answer
from rag_commons.licences.table import licences
from rag_commons.retrieval.filters import Filters


@pytest.fixture(scope="module")
def index():
    return shared_index()


@pytest.fixture(scope="module")
def asker(index):
    from rag_commons.ui.asker import IndexAsker

    return IndexAsker(index)


@pytest.fixture(scope="module")
def address():
    return shared_page()


def test_asking_tells_its_steps_then_answers(asker):
    events = list(asker.ask("Y a-t-il un dépôt légal national en Suisse ?", Filters(), "fr"))
    assert events[:-1] == ["search", "read", "verify"]
    assert isinstance(events[-1], Answer)
    assert events[-1].references[0].provenance.title
    assert list(asker.ask("?", Filters(), "fr"))[-1].abstained


def test_filters_say_what_they_cost_and_hold_in_every_list(asker):
    total = asker.manifest.passages
    kept = sum(count.passages for name, count in asker.manifest.licences.items() if name == "CC0-1.0")
    only = Filters(licences=("CC0-1.0",))
    assert asker.left_aside(Filters()) == 0
    assert asker.left_aside(only) == total - kept
    assert {hit.provenance.licence for hit in asker.search("domaine public", only, 20).hits} == {"CC0-1.0"}
    assert {entry.provenance.licence for entry in asker.entries(only).entries} == {"CC0-1.0"}
    assert len(asker.entries(Filters()).entries) == asker.entries(Filters()).total == asker.manifest.documents


def test_a_large_index_is_browsed_by_what_one_chooses(index, monkeypatch):
    from rag_commons.index.opened import Index
    from rag_commons.rendering.document import entries_to_html
    from rag_commons.ui import listing

    opened = Index.open(index)
    few = listing.Listing(opened)
    only = opened.allowed(licences=("CC0-1.0",))
    whole = few.entries(only)
    monkeypatch.setattr(listing, "MOST_ENTRIES", 10)
    monkeypatch.setattr(listing, "LISTED", 7)
    assert few.entries(None) == listing.Listed((), opened.manifest.documents)
    first = few.entries(only)
    assert first.total == whole.total == opened.manifest.licences["CC0-1.0"].documents and len(first.entries) == 7
    assert set(first.entries) <= set(whole.entries) and len(set(first.entries)) == 7
    assert f"{whole.total} documents (les 7 premiers sont montrés)" in entries_to_html(first.entries, "fr", first.total)


def test_a_document_is_read_with_its_passages_in_order(asker):
    entry = asker.entries(Filters()).entries[0]
    document, passages = asker.document(entry.id)
    assert len(passages) == entry.passages
    assert all(document.text[passage.start : passage.end] == passage.text for passage in passages)
    assert asker.document("rien de tel") is None


def test_a_whole_document_shows_all_its_words_and_no_markup_of_its_own(asker):
    from rag_commons.rendering.document import document_to_html, entries_to_html

    for entry in asker.entries(Filters()).entries:
        document, passages = asker.document(entry.id)
        shown = document_to_html(document, passages, "fr")
        assert shown.count('class="rc-span"') == len(passages)
        assert "<script" not in shown
        assert "<img" not in shown
    assert "<img" not in entries_to_html(asker.entries(Filters()).entries, "en")


def test_every_example_is_answered_by_the_sample(asker):
    from rag_commons.ui.examples import EXAMPLES

    for question in (one for several in EXAMPLES.values() for one in several):
        assert len(question) < 60, "Gradio cuts it"
        assert not list(asker.ask(question, Filters(), "fr"))[-1].abstained, question


def test_the_corpus_card_counts_everything(asker):
    from rag_commons.rendering.corpus import manifest_to_html, number

    shown = manifest_to_html(asker.name, asker.manifest, "fr")
    assert number(asker.manifest.passages, "fr") in shown
    assert "Guide des communs" in shown
    assert "<img" not in shown
    assert number(1234567, "fr") == "1\u202f234\u202f567"


def test_values_that_no_one_offered_filter_nothing():
    from rag_commons.ui.filtering import filters_of

    assert filters_of(["commercial", "vente"], None, [], None, None) == Filters(allow=("commercial",))


def test_the_page_says_what_it_owes(index):
    from rag_commons.ui.about import about
    from rag_commons.ui.wording import _WORDS

    french, english = about("fr", "retrait@exemple.org"), about("en")
    assert "**retrait@exemple.org**" in french
    for said in ("Sans affiliation", "Vie privée", "retrait", "générées automatiquement", "pas un avis juridique"):
        assert said in french
    for said in ("No affiliation", "Privacy", "taken down", "generated automatically", "not legal advice"):
        assert said in english
    assert all(french.count("{") == english.count("{") and french and english for french, english in _WORDS.values())
    assert len({row.badge for row in licences()}) == len(licences())


def test_a_port_that_is_taken_gives_way_to_the_next():
    from rag_commons.errors import UsageError
    from rag_commons.server.launch import listening

    with listening("127.0.0.1", 18860) as first, listening("127.0.0.1", first.getsockname()[1]) as second:
        assert second.getsockname()[1] > first.getsockname()[1]
    with pytest.raises(UsageError):
        listening("192.0.2.1", 65_530)


def fetch(address, path, data=None, **headers):
    request = urllib.request.Request(address + path, data=data, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_the_guard_keeps_the_page_to_itself(address):
    status, headers, _ = fetch(address, "/")
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    for path in (
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/upload",
        "/gradio_api/proxy=https://exemple.org",
        "/gradio_api/file/etc/passwd",
    ):
        assert fetch(address, path)[0] == 403, path
    assert fetch(address, "/", Host="exemple.org")[0] == 403
    assert fetch(address, "/gradio_api/queue/join", b"{}", Sec_Fetch_Site="cross-site", Content_Type="application/json")[0] == 403


def test_a_page_says_its_own_name_in_its_own_language_and_fetches_no_picture(address):
    for path, lang, title in (
        ("/", "fr", "rag-commons — chaque phrase a sa source"),
        ("/en", "en", "rag-commons — every sentence has its source"),
    ):
        status, headers, body = fetch(address, path, Accept_Encoding="gzip, br")
        page = body.decode()
        head = page[: page.index("window.gradio_config")]
        assert status == 200 and int(headers["content-length"]) == len(body)
        assert f'<html\n\tlang="{lang}"' in page and page.count("<title>") == 1 and f"<title>{title}</title>" in page
        assert "Gradio" not in head and "og:image" not in page and "githubusercontent" not in page
    assert b"<svg" in fetch(address, "/favicon.ico")[2]


def test_it_listens_to_this_machine_alone(address):
    port = int(address.rsplit(":", 1)[1])
    own = socket.gethostbyname(socket.gethostname())
    if own.startswith("127."):
        pytest.skip("this machine has no other address")
    with socket.socket() as caller:
        caller.settimeout(2)
        with pytest.raises(OSError):
            caller.connect((own, port))


def test_the_hostile_document_is_found_by_its_rare_word(asker):
    assert asker.search(RARE, Filters(), 3).hits[0].provenance.title.startswith("La zorglubite")
