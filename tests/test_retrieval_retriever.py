from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_corpus import HashingEncoder, document

from rag_commons.index.build import ingest
from rag_commons.index.opened import Index
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever

QUESTIONS = ("Quand le phare de Brest fut-il bâti ?", "Qui bâtit le mouln de Namur ?", "mot7x1", "xyzzy", "", "« … »")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    directory = tmp_path_factory.mktemp("retrieval") / "index"
    documents = [document(number) for number in range(40)]
    twin = replace(documents[3], id="jumeau", provenance=replace(documents[3].provenance, collection="ailleurs", licence="CC0-1.0"))
    ingest(directory, iter([*documents, twin]), HashingEncoder())
    return Index.open(directory)


@pytest.fixture(params=[False, True], ids=["fused", "ranked"])
def retriever(request, index):
    return Retriever(index, HashingEncoder(), ranked=request.param)


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_are_ordered_distinct_and_no_more_than_asked(retriever, question):
    everything = retriever.retrieve(question, 200)
    assert [hit.rank for hit in everything] == list(range(1, len(everything) + 1))
    assert [hit.score for hit in everything] == sorted((hit.score for hit in everything), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in everything)
    assert len({hit.passage.id for hit in everything}) == len(everything)
    assert len(retriever.retrieve(question, 3)) == 3


def test_the_passage_that_holds_the_word_comes_first(retriever):
    assert "mot7x1" in retriever.retrieve("mot7x1", 1)[0].passage.text


def test_all_the_words_title_included_come_before_one_word_again_and_again(tmp_path):
    said = "La tour est haute. La tour est vieille. Quelle tour ! Tour de pierre, tour de guet, tour carrée."
    sheet = "Les sternes y nichent ; on la visite en été. La vue porte au loin sur la campagne et sur la mer."
    documents = [document(number) for number in range(8)]
    documents += [
        replace(documents[0], id=name, text=text, sections=(), pages=(), provenance=replace(documents[0].provenance, title=title))
        for name, title, text in (("tour", "Tours", said), ("sternes", "Tour de Kerlo", sheet))
    ]
    ingest(tmp_path / "essai", iter(documents), HashingEncoder())
    index = Index.open(tmp_path / "essai")
    terms = ["tour", "stern"]
    covered = index.lexical_search(terms, 2, covering={"tour": 3.0, "stern": 3.0})
    assert index.passage(covered[0][0])[0].document_id == "sternes"
    assert covered[0][1] - dict(index.lexical_search(terms, 40))[covered[0][0]] == pytest.approx(6.0, abs=1e-4)


def test_a_typing_error_is_mended(retriever):
    assert "moulin" in retriever.retrieve("Le mouln de Namur", 1)[0].passage.text


def test_documents_with_one_text_are_one_hit_that_names_the_others(retriever):
    hits = retriever.retrieve("mot3x0 Trévarn", 200)
    numbers = [(hit.passage.document_id, hit.passage.number) for hit in hits]
    assert sum(name in ("essai/3", "jumeau") for name, _ in numbers) == len(
        {number for name, number in numbers if name in ("essai/3", "jumeau")}
    )
    first = hits[0]
    assert {first.passage.document_id, *first.same_text} == {"essai/3", "jumeau"}


def test_a_twin_that_the_filters_leave_out_is_not_named(retriever):
    hits = retriever.retrieve("mot3x0", 50, Filters(collections=("ailleurs",)))
    assert hits and all(hit.passage.document_id == "jumeau" and not hit.same_text for hit in hits)


@settings(deadline=None, max_examples=30)
@given(
    licences=st.lists(st.sampled_from(["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "etalab-2.0"]), max_size=2),
    collections=st.lists(st.sampled_from(["cartes", "notices", "ailleurs", "rien"]), max_size=2),
    languages=st.lists(st.sampled_from(["fr", "oc"]), max_size=1),
    ids=st.none() | st.lists(st.sampled_from(["essai/1", "essai/3", "jumeau", "absent"]), max_size=3),
    left_out=st.lists(st.sampled_from(["essai/1", "essai/8", "jumeau"]), max_size=2),
    question=st.sampled_from(QUESTIONS),
)
def test_filters_are_never_violated(index, licences, collections, languages, ids, left_out, question):
    filters = Filters(
        licences=tuple(licences),
        collections=tuple(collections),
        languages=tuple(languages),
        document_ids=None if ids is None else tuple(ids),
        exclude_document_ids=tuple(left_out),
    )
    for hit in Retriever(index, HashingEncoder(), ranked=True).retrieve(question, 30, filters):
        for name in (hit.passage.document_id, *hit.same_text):
            held = index.document(name).provenance
            assert not licences or held.licence in licences
            assert not collections or held.collection in collections
            assert not languages or held.language in languages
            assert ids is None or name in ids
            assert name not in left_out


def test_same_index_same_question_same_order_from_any_thread(retriever):
    alone = [retriever.retrieve(question, 50) for question in QUESTIONS]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda question: retriever.retrieve(question, 50), QUESTIONS * 5))
    assert together == alone * 5


class Backwards:
    """A ranker that prefers the last candidates."""

    reads = 10

    def chances(self, asked, searched, candidates):
        return np.arange(len(candidates)) / 10


def test_a_ranker_of_ones_own_orders_the_best_and_leaves_the_others_behind(index):
    fused = Retriever(index, HashingEncoder(), ranked=False).retrieve("phare de Brest", 60)
    turned = Retriever(index, HashingEncoder(), Backwards(), ranked=True).retrieve("phare de Brest", 60)
    assert {hit.passage.id for hit in turned} == {hit.passage.id for hit in fused}
    assert [hit.score for hit in turned] == sorted((hit.score for hit in turned), reverse=True)
