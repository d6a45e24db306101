"""The dense and the lexical index answer the same questions of add, delete, replace and filter."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from index_corpus import HashingEncoder, document, layered

from rag_commons.errors import EncoderUnusable
from rag_commons.index import dense
from rag_commons.index.allowed import allow_spans
from rag_commons.index.build import ingest
from rag_commons.index.checking import check
from rag_commons.index.dense import DenseIndex, DenseWriter
from rag_commons.index.opened import Index
from rag_commons.index.removal import rebuild, remove

ENCODER = HashingEncoder()


@pytest.fixture(params=["dense", "lexical"])
def search(request):
    """A search by either index: passages of the best hits."""

    def by(index, question, k=10, allowed=None):
        if request.param == "dense":
            hits = index.dense_search(ENCODER.encode_query(question), k, allowed)
        else:
            hits = index.lexical_search(question, k, allowed)
        assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
        return [index.passage(key)[0] for key, _ in hits]

    return by


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    directory = tmp_path_factory.mktemp("entier") / "essai"
    ingest(directory, [document(number) for number in range(24)] + [layered(24)], ENCODER)
    return directory


@pytest.fixture
def directory(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "essai")


def ids(passages):
    return {passage.document_id for passage in passages}


def context(number, paragraph=0):
    """What a passage's vector is made of, as a question."""
    passage = document(number)
    return f"{passage.provenance.title} — Histoire {number % 6}\n" + passage.text.split("\n\n")[paragraph]


def test_a_passage_is_found_by_its_own_words(directory, search):
    index = Index.open(directory)
    for number, paragraph in ((5, 2), (11, 0), (23, 2)):
        best = search(index, context(number, paragraph))[0]
        assert best.document_id == f"essai/{number}"
        assert f"mot{number}x{paragraph}" in best.text


def test_an_added_document_is_found_and_the_others_stay(directory, search):
    ingest(directory, [document(40)], ENCODER)
    index = Index.open(directory)
    assert search(index, context(40))[0].document_id == "essai/40"
    assert search(index, context(3))[0].document_id == "essai/3"


def test_a_removed_document_is_never_found(directory, search):
    remove(directory, document_ids=["essai/5"])
    found = search(Index.open(directory), context(5), k=100)
    assert found and "essai/5" not in ids(found)


def test_a_replaced_document_answers_with_its_new_words_alone(directory, search):
    ingest(directory, [document(5, word="zinzolin")], ENCODER)
    index = Index.open(directory)
    found = search(index, context(5).replace(".", " zinzolin."), k=100)
    texts = [passage.text for passage in found if passage.document_id == "essai/5"]
    assert found[0].document_id == "essai/5"
    assert len(texts) == len(index.document_passages("essai/5")) and all("zinzolin" in text for text in texts)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"licences": ["CC0-1.0"]}, lambda n: n % 3 == 2 and n < 24),
        ({"collections": ["cartes"]}, lambda n: n % 2 == 0),
        ({"collections": ["cartes", "notices"], "languages": ["oc"]}, lambda n: n % 2 == 1),
        ({"holders": ["Musée 1", "Musée 2"]}, lambda n: n % 4 in (1, 2)),
        ({"allow": ["commercial"]}, lambda n: n < 24),
        ({"allow": ["adaptation", "commercial"], "holders": ["Musée 0"]}, lambda n: n % 4 == 0 and n < 24),
        ({"document_ids": ["essai/3", "essai/9", "absent"]}, lambda n: n in (3, 9)),
        ({"exclude_document_ids": ["essai/3"]}, lambda n: n != 3),
        ({"document_ids": []}, lambda n: False),
        ({"licences": ["absente"]}, lambda n: False),
        ({}, lambda n: True),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_filters_leave_all_that_passes_and_nothing_else(directory, search, filters, kept):
    index = Index.open(directory)
    found = search(
        index, "Le phare fut bâti par des artisans ; on y compte des marches et deux cours pavées", 1000, index.allowed(**filters)
    )
    assert ids(found) == {f"essai/{number}" for number in range(25) if kept(number)}


@pytest.mark.parametrize(
    ("years", "kept"),
    [((1900, None), {1, 2}), ((None, 1900), {0, 1}), ((1850, 1899), {0}), ((2000, 1000), set()), ((None, None), {0, 1, 2, 3})],
)
def test_a_period_leaves_what_is_dated_in_it(tmp_path, search, years, kept):
    dates = ({"issued": "1850-03"}, {"issued": "1900", "modified": "2020"}, {"issued": None, "modified": "2020-01-02"}, {"issued": None})
    ingest(tmp_path / "essai", [document(number, **date) for number, date in enumerate(dates)], ENCODER)
    index = Index.open(tmp_path / "essai")
    found = search(index, "deux cours pavées", 1000, index.allowed(years=years))
    assert ids(found) == {f"essai/{number}" for number in kept}
    assert not check(tmp_path / "essai")


def test_k_bounds_the_answer(directory, search):
    index = Index.open(directory)
    assert len(search(index, "deux cours pavées", 7)) == 7
    assert search(index, "deux cours pavées", 0) == []


def test_rebuilt_indexes_give_the_same_answers(directory, search):
    remove(directory, document_ids=["essai/2"])
    ingest(directory, [document(3, word="autre"), document(50)], ENCODER)
    index = Index.open(directory)
    before = [[passage.id for passage in search(index, context(number), 3)] for number in range(24)]
    build = index.manifest.build
    rebuild(directory, ENCODER)
    assert index.manifest.build == build
    after = [[passage.id for passage in search(index, context(number), 3)] for number in range(24)]
    assert [hits[0] for hits in after] == [hits[0] for hits in before]


def test_an_empty_index_finds_nothing(tmp_path, search):
    ingest(tmp_path / "vide", [], ENCODER)
    index = Index.open(tmp_path / "vide")
    assert search(index, "phare") == [] and index.manifest.documents == 0
    ingest(tmp_path / "vide", [document(1)], ENCODER)
    assert search(index, context(1))[0].document_id == "essai/1"
    remove(tmp_path / "vide", document_ids=["essai/1"])
    assert search(index, "phare") == []


def test_words_that_no_passage_has_find_nothing(directory):
    index = Index.open(directory)
    assert index.lexical_search("xyzzy", 10) == []
    assert index.lexical_search("", 10) == [] and index.lexical_search("Qu'est-ce que : (\"", 10) == []


def test_title_and_headings_are_searched(directory):
    ingest(directory, [document(60, title="Le scriptorium oublié")], ENCODER)
    index = Index.open(directory)
    assert {index.passage(key)[0].document_id for key, _ in index.lexical_search("scriptorium", 10)} == {"essai/60"}
    assert {index.passage(key)[0].section for key, _ in index.lexical_search("Histoire 4", 3)} == {"Histoire 4"}


def test_the_vector_of_another_encoder_is_refused(directory):
    with pytest.raises(EncoderUnusable, match="tests/hashing"):
        Index.open(directory).dense_search(ENCODER.encode_query("phare")[:10], 3)


@pytest.mark.slow
def test_inverted_lists_find_what_an_exact_search_finds(monkeypatch):
    """60,000 vectors in clusters: recall, filters, deletions and growth of the large kind of dense index."""
    monkeypatch.setattr(dense, "EXACT", 50_000)
    generator = np.random.default_rng(1)
    centres = generator.standard_normal((500, 64))
    rows = (centres[generator.integers(0, 500, 60_000)] + generator.standard_normal((60_000, 64))).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    with tempfile.TemporaryDirectory() as name:
        first, second = Path(name) / "1.faiss", Path(name) / "2.faiss"
        with DenseWriter(64, Path(name)) as writer:
            writer.add(range(1, 55_001), rows[:55_000])
            facts = writer.finish(first)
        with DenseWriter(64, Path(name)) as writer:
            writer.add(range(55_001, 60_001), rows[55_000:])
            facts = writer.finish(second, (first, facts), range(1, 101))
        index = DenseIndex(second, facts)
        assert facts.lists > 1 and np.array_equal(index.keys(), np.arange(101, 60_001))
        spans = np.arange(101, 60_001, 100)
        few = allow_spans(np.arange(len(spans)), spans, np.ones_like(spans))
        recall = []
        for query in rows[generator.integers(0, 60_000, 100)]:
            exact = np.argsort(-(rows[100:] @ query))[:10] + 101
            recall.append(len(set(exact) & {key for key, _ in index.search(query, 10)}) / 10)
            best = spans[np.argsort(-(rows[spans - 1] @ query))[:10]]
            assert len(set(best) & {key for key, _ in index.search(query, 10, few)}) >= 9
        assert np.mean(recall) > 0.93
