"""Works of Wikisource: text and page marks, two layers of rights, chapters, scanned books, updates."""

import random
from datetime import date

import pytest
from fake_mediawiki import FakeWiki, WikiPage, error
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Answer, FakeClock, serve

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.notices import notice
from rag_commons.sources.changes import Checkpoint, Deletion, State
from rag_commons.sources.fetching import Fetcher
from rag_commons.sources.wikisource import iter_changes, iter_documents
from rag_commons.sources.wikisource_page import read_page

HEADER = (
    '<div class="headertemplate ws-noexport"><a title="Auteur:{0}">{0}</a> <a title="Le Moulin/Chapitre II">suivant</a></div>'
    '<div id="ws-data" class="ws-noexport" style="display:none"><span id="ws-title">Le Moulin</span><span id="ws-author">{0}</span>'
    '<span id="ws-year">1874</span></div>'
)
MARK = (
    '<span><span class="pagenum ws-pagenum" id="{0}" data-page-number="{0}" title="Page:Exemple - Moulin.djvu/{1}">'
    "[<a>{0}</a>]</span></span>"
)
CHAPTER = (
    HEADER
    + MARK.format("7", 15)
    + "<h2>Chapitre\xa0I<span class='mw-editsection'>[modifier]</span></h2>"
    + "<p>Le moulin tournait&#160;;<sup class='reference'>[1]</sup> la meunière <i>chan</i>tait et "
    + MARK.format("8", 16)
    + "le vent soufflait.</p><div class='poem'>Un vers,<br>\nun autre vers.</div>"
    + "<ol class='references'><li>Une note.</li></ol><p style='display: none'>caché</p>"
)
TEXT = "Chapitre I\nLe moulin tournait ; la meunière chantait et le vent soufflait.\nUn vers,\nun autre vers."


def pages():
    return [
        WikiPage(
            1,
            "Le Moulin",
            revision=11,
            html=HEADER.format("Ana Exemple")
            + '<ul class="ws-summary"><li><a title="Le Moulin/Chapitre I">I</a></li><li><a title="Le Moulin/Chapitre II">II</a></li></ul>',
        ),
        WikiPage(
            2,
            "Le Moulin/Chapitre I",
            revision=21,
            stamp="2019-01-01T00:00:00Z",
            html=CHAPTER.format("Ana Exemple"),
            templates=("Page:Exemple - Moulin.djvu/15", "Page:Exemple - Moulin.djvu/16"),
        ),
        WikiPage(3, "Le Moulin/Chapitre II", revision=31, stamp="2019-01-01T00:00:00Z", html="<p>La roue s'arrêta.</p>"),
        WikiPage(4, "Auteur:Ana Exemple", ns=102, categories=("Naissance en 1812", "Décès en 1880")),
        WikiPage(
            5,
            "Page:Exemple - Moulin.djvu/15",
            '<noinclude><pagequality level="4" user="X" />en-tête</noinclude>Le moulin tour{{tiret|nait|,}}',
            51,
            "2024-02-02T00:00:00Z",
            ns=104,
        ),
        WikiPage(
            6,
            "Page:Exemple - Moulin.djvu/16",
            '<noinclude><pagequality level="1" user="X" /></noinclude>la meunière\nchantait.\n\n',
            61,
            "2020-02-02T00:00:00Z",
            ns=104,
        ),
        WikiPage(7, "Page:Exemple - Moulin.djvu/17", '<noinclude><pagequality level="0" user="X" /></noinclude>', 71, ns=104),
        WikiPage(8, "Page:Exemple - Moulin.djvu/18", '<noinclude><pagequality level="3" user="X" /></noinclude>Fin.', 81, ns=104),
        WikiPage(
            9,
            "Livre:Exemple - Moulin.djvu",
            "{{Index\n|Titre=[[Le Moulin]]\n|Auteur=[[Auteur:Ana Exemple|Ana Exemple]]\n|Annee=Paris, 1874\n}}",
            91,
            ns=112,
        ),
        WikiPage(10, "Poème vivant", revision=101, html=HEADER.format("Zoé Vivante").replace("Le Moulin", "Poème") + "<p>Un poème.</p>"),
        WikiPage(11, "Auteur:Zoé Vivante", ns=102, props={"wikibase_item": "Q42"}),
        WikiPage(12, "Sans en-tête", revision=121, html="<p>Un texte.</p>"),
    ]


def wikisource(*more):
    wiki = FakeWiki(*pages(), *more, server="https://fr.wikisource.org")
    wiki.books = {"Livre:Exemple - Moulin.djvu": [f"Page:Exemple - Moulin.djvu/{n}" for n in (14, 15, 16, 17, 18)]}
    return wiki


def read(served, *paths, queue=(), **options):
    with serve(served) as server, Fetcher([server.base], clock=FakeClock(), tries=2) as client:
        server.queue = list(queue)
        api = server.base + "/w/api.php"
        return list(iter_documents(paths, fetcher=client, **{"api": api, "wikidata": api} | options))


def titles(found):
    return [item.provenance.title if isinstance(item, Document) else item.reason for item in found]


def test_a_rendered_page_reads_as_its_reader_sees_it():
    page = read_page(CHAPTER.format("Ana Exemple"), "https://fr.wikisource.org/wiki/")
    assert page.text == TEXT
    assert [(section.start, section.level, section.title) for section in page.sections] == [(0, 2, "Chapitre I")]
    assert [(mark.label, page.text[mark.start :][:8]) for mark in page.pages] == [("7", "Chapitre"), ("8", "le vent ")]
    assert page.pages[0].url == "https://fr.wikisource.org/wiki/Page:Exemple_-_Moulin.djvu/15"
    assert (page.title, page.authors, page.year) == ("Le Moulin", ("Ana Exemple",), "1874")


def test_a_work_comes_chapter_by_chapter_in_two_layers():
    found = read(wikisource(), "title:Le Moulin")
    assert titles(found) == ["Le Moulin/Chapitre I", "Le Moulin/Chapitre II"]
    first = next(item for item in found if item.provenance.title.endswith("Chapitre I"))
    held = first.provenance
    assert (held.authors, held.authors_died, held.issued, held.language) == (("Ana Exemple",), 1880, "1874", "fr")
    work, transcription = held.layers
    assert (work.role, work.licence, work.authors) == ("work", "CC-PDM-1.0", ("Ana Exemple",))
    assert (transcription.role, transcription.licence) == ("transcription", "CC-BY-SA-4.0")
    # the page is older than its scans: the last change of what is transcluded dates the text, and nothing pins it
    assert (held.licence, held.modified, held.permalink) == ("CC-BY-SA-4.0", "2024-02-02", None)
    second = found[-1].provenance
    assert (second.licence, second.permalink.partition("&")[2], second.authors) == ("CC-BY-SA-3.0", "oldid=31", ("Ana Exemple",))
    said = notice(held)
    assert "domaine public" in said.lower() and "CC BY-SA 4.0" in said and "Ana Exemple" in said and "Wikisource" in said


def test_chapters_may_be_left_out_and_nothing_is_read_twice():
    alone = read(wikisource(), "title:Le Moulin", "title:Sans en-tête", subpages="non")
    assert titles(alone) == ["empty-text", "Sans en-tête"]
    twice = read(wikisource(), "title:Le Moulin/Chapitre I", "title:Le Moulin", "title:Le Moulin")
    assert titles(twice) == ["Le Moulin/Chapitre I", "Le Moulin/Chapitre II"]


def test_the_status_of_a_work_is_known_or_said_unknown():
    wiki = wikisource()
    dead = date.today().year - 10
    claim = {"mainsnak": {"datavalue": {"value": {"time": f"+{dead}-03-01T00:00:00Z"}}}}
    wiki.entities = {"Q42": {"claims": {"P570": [claim]}}}
    protected, unknown = read(wiki, "title:Poème vivant", "title:Sans en-tête")
    assert protected.provenance.layers[0].licence == "LicenseRef-RS-InC" and "protégé" in protected.provenance.rights_note
    assert unknown.provenance.layers[0].licence == "LicenseRef-RS-CNE" and "auteur inconnu" in unknown.provenance.rights_note
    assert unknown.provenance.authors == ("Contributrices et contributeurs de Wikisource",)
    wiki.entities = {}
    (undated,) = read(wiki, "title:Poème vivant")
    assert undated.provenance.layers[0].licence == "LicenseRef-RS-CNE" and "année de mort inconnue" in undated.provenance.rights_note
    (offline,) = read(wiki, "title:Poème vivant", wikidata="")
    assert offline.provenance.authors_died is None


def test_a_scanned_book_comes_page_by_page_in_one_document():
    (book,) = read(wikisource(), "title:Livre:Exemple - Moulin.djvu")
    assert book.text == "Le moulin tournait, la meunière\nchantait.\nFin."
    assert [(page.label, book.text[page.start :][:3]) for page in book.pages] == [("15", "Le "), ("16", "la "), ("18", "Fin")]
    assert book.pages[0].url.endswith("/wiki/Page:Exemple_-_Moulin.djvu/15")
    held = book.provenance
    assert (held.title, held.authors, held.issued, held.authors_died) == ("Le Moulin", ("Ana Exemple",), "1874", 1880)
    assert held.rights_note == "Transcription à relire pour 1 page(s) sur 3."


def test_what_cannot_be_read_is_refused_and_the_rest_goes_on():
    wiki = wikisource()
    found = read(wiki, "title:Nulle part", "title:Le Moulin/Chapitre II", "title:Livre:Rien.djvu")
    assert titles(found) == ["fetch:api-missingtitle", "Le Moulin/Chapitre II", "missing:modified"]
    wiki.robots = "User-agent: *\nDisallow: /wiki/Le_Moulin"
    assert titles(read(wiki, "title:Le Moulin", "title:Sans en-tête")) == ["opt-out:robots", "Sans en-tête"]
    with pytest.raises(InputError):
        read(wiki, "title:Le Moulin", queue=[error("readapidenied")])
    with pytest.raises(InputError):
        read(wiki, "title:Le Moulin", country="XX")


def test_an_update_reads_what_was_touched():
    wiki = wikisource()
    before = read(wiki, "title:Le Moulin", "title:Sans en-tête")
    known = [(item.id, item.provenance) for item in before]
    wiki.pages[3].touched = "2099-01-01T00:00:00Z"
    wiki.pages[3].html = "<p>La roue repartit.</p>"
    del wiki.pages[12]
    with serve(wiki) as server, Fetcher([server.base], clock=FakeClock()) as client:
        api = server.base + "/w/api.php"
        state = State("wikisource", ("title:Le Moulin",), None, (("api", api), ("wikidata", api)))
        *changes, last = iter_changes(known, state, fetcher=client)
    assert [change.document_id for change in changes if isinstance(change, Deletion)] == ["frwikisource/12"]
    assert [change.text for change in changes if isinstance(change, Document)] == ["La roue repartit."]
    assert isinstance(last, Checkpoint)


@settings(deadline=None)
@given(st.text("<>/=\"' pdivhbrspan12classidtle:;é\n", max_size=200))
def test_any_html_reads_without_a_traceback(html):
    page = read_page(html, "https://fr.wikisource.org/wiki/")
    assert all(page.text[section.start :].replace("\n", " ").startswith(section.title) for section in page.sections)
    assert all(0 <= mark.start <= len(page.text) for mark in page.pages)


def test_deep_html_reads_without_a_traceback():
    assert read_page("<div>" * 50_000 + "fond", "https://x.fr/").text in ("", "fond")
    assert "fond" in read_page("<b>" * 200 + "fond", "https://x.fr/").text


def fuzz(rounds, seed):
    rng = random.Random(seed)
    wiki = wikisource()

    def damaged(request):
        answer = wiki(request)
        body = bytearray(answer.body.encode() if isinstance(answer.body, str) else answer.body)
        if request.path == "/w/api.php" and request.query.get("meta") != "siteinfo" and body:
            for _ in range(rng.choice((1, 1, 2, 8))):
                at = rng.randrange(len(body))
                body[at : at + rng.choice((0, 1, 1, 6))] = rng.choice(
                    (b"\x00", b"null", b"9", b"[", b'"', b"\xff", b"<div>", b"{{", b"\\ud800")
                )
        return Answer(bytes(body), answer.status, answer.headers)

    with serve(damaged) as server:
        api = server.base + "/w/api.php"
        for _ in range(rounds):
            with Fetcher([server.base], clock=FakeClock(), tries=1) as client:
                for item in iter_documents(["title:Le Moulin", "title:Livre:Exemple - Moulin.djvu"], api=api, wikidata=api, fetcher=client):
                    assert isinstance(item, DocumentRefused) or item.provenance.licence.startswith("CC-BY-SA-")


def test_damaged_answers_are_refusals():
    fuzz(60, 1)


@pytest.mark.slow
def test_many_damaged_answers_are_refusals():
    fuzz(1000, 2)
