"""The same words under several ids are shown once, and the others named; one word that differs keeps both."""

import pytest
from index_corpus import HashingEncoder, document, provenance

from rag_commons.cli.search import _trec
from rag_commons.documents import Document, Passage
from rag_commons.index import build
from rag_commons.index.opened import Index
from rag_commons.rendering.cards import hit_card
from rag_commons.rendering.terminal import hits_to_text
from rag_commons.retrieval.repetition import repetitions
from rag_commons.retrieval.retriever import Retriever

MILL = "Le moulin de Valbrume fut bâti en 1864 par Œdipe Marchand, maître charpentier ; sa roue à aubes moulait le blé de douze fermes."
AGAIN = MILL.upper().replace("Œ", "OE").replace(",", " —").replace("'", "\u2019")


def passage(identity, text):
    return Passage(f"{identity}@00000000#0", identity, 0, 0, len(text), text, "0" * 64)


def places(*said):
    return repetitions([(passage(identity, text), title) for identity, title, text in said])


@pytest.mark.parametrize("again", [AGAIN, MILL[20:100], MILL.replace("â", "a").replace("è", "e").replace(" ", "\u00a0")])
def test_what_an_earlier_passage_holds_whole_is_a_repetition(again):
    assert places(("a", "Le moulin", MILL), ("b", "Moulin", again)) == {1: 0}


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (("b", "Moulin", MILL.replace("1864", "1884")), "a figure"),
        (("b", "Moulin", MILL.replace("fut bâti", "ne fut pas bâti")), "a word"),
        (("b", "Moulin", MILL + " Il brûla."), "more words"),
        (("b", "Le pont de Grise", MILL), "a title of its own"),
        (("a", "Moulin", MILL[20:100]), "the same document"),
        (("b", "Moulin", MILL[:30]), "too short to tell"),
    ],
)
def test_what_differs_is_kept(other, why):
    assert places(("a", "Le moulin", MILL), other) == {}, why


def test_a_third_is_named_by_the_first_not_by_one_that_is_not_shown():
    assert places(("a", "Moulin", MILL), ("b", "Moulin", AGAIN), ("c", "Moulin", MILL)) == {1: 0, 2: 0}


@pytest.fixture
def retriever(tmp_path):
    said = [("fonds/1", MILL, "CC-BY-4.0"), ("autre/2", AGAIN, "CC-BY-SA-4.0"), ("autre/3", MILL.replace("1864", "1884"), "CC0-1.0")]
    corpus = [Document(name, text, provenance(1, title="Le moulin", licence=licence)) for name, text, licence in said]
    encoder = HashingEncoder()
    build.ingest(tmp_path, [*corpus, *map(document, range(12))], encoder)
    return Retriever(Index.open(tmp_path), encoder, ranked=False)


def test_search_shows_one_under_its_own_rights_and_names_the_other(retriever):
    hits = retriever.retrieve("Qui a bâti le moulin de Valbrume ?", 6)
    mills = {hit.passage.document_id: hit for hit in hits if "MOULIN DE VALBRUME" in hit.passage.text.upper()}
    shown = mills.get("fonds/1") or mills["autre/2"]
    assert set(mills) == {shown.passage.document_id, "autre/3"}
    assert {shown.passage.document_id, *shown.same_words} == {"fonds/1", "autre/2"}
    assert shown.provenance.licence == {"fonds/1": "CC-BY-4.0", "autre/2": "CC-BY-SA-4.0"}[shown.passage.document_id]
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert len({hit.passage.id for hit in hits}) == len(hits) == 6
    assert f"mêmes mots : {shown.same_words[0]}" in hits_to_text([shown])
    assert f"mêmes mots dans {shown.same_words[0]}" in hit_card(shown, "fr", "x")


def test_a_run_names_both(retriever):
    from rag_commons.cli.options import Query

    lines = list(_trec(Query("1", "?"), retriever.retrieve("Qui a bâti le moulin de Valbrume ?", 6)))
    assert {line.split()[2] for line in lines} >= {"fonds%2F1", "autre%2F2", "autre%2F3"}
