"""Ingesting: what enters, what is refused, what costs nothing, what is kept; and what an open index says of it."""

import threading
from collections import Counter
from dataclasses import replace
from time import sleep

import numpy as np
import pytest
from index_corpus import HashingEncoder, document, layered, provenance

from rag_commons.documents import Document, Page, Section
from rag_commons.errors import DocumentRefused, EncoderUnusable, IndexUnusable, InputError, UnknownLicence
from rag_commons.index.build import ingest
from rag_commons.index.checking import check
from rag_commons.index.opened import Index
from rag_commons.index.removal import rebuild, remove
from rag_commons.index.workers import Workers
from rag_commons.sources.passages import split_document

ENCODER = HashingEncoder()


class CostlyEncoder(HashingEncoder):
    """An encoder whose vectors are worth keeping; it counts the texts that it read."""

    static, checksum = False, "2" * 64

    def __init__(self):
        self.read = Counter()

    def encode_documents(self, texts):
        self.read.update(texts)
        return super().encode_documents(texts)


def rich():
    """A document with everything that a document can have, over several blocks."""
    text = "\n\n".join(f"Chapitre {number}. " + f"Œuvre n° {number} — l’été, 1 234,5 € à Saint-Malo 🜚. " * 40 for number in range(30))
    starts = [text.index(f"Chapitre {number}. ") for number in range(30)]
    sections = tuple(Section(start, 1 + number % 2, f"Chapitre {number}") for number, start in enumerate(starts))
    pages = tuple(Page(start, f"{number}bis", 0.9, f"https://exemple.test/f{number}") for number, start in enumerate(starts[::2]))
    return replace(layered(7), id="riche/é & «#»", text=text, sections=sections, pages=pages)


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "index"


def test_documents_and_passages_come_back_equal(directory):
    documents = [document(1), rich(), Document("court", "Bref.", provenance(3))]
    ingest(directory, documents, ENCODER)
    index = Index.open(directory)
    for one in documents:
        assert index.document(one.id) == one
        passages = [index.passage(key) for key in index.document_passages(one.id)]
        assert passages == [(passage, one.provenance) for passage in split_document(one)]
    assert index.document_ids() == [one.id for one in documents] and index.document("absent") is None
    assert len(index.document_passages("absent")) == 0


def test_unchanged_documents_cost_nothing(directory):
    first = ingest(directory, [document(number) for number in range(20)], ENCODER)
    before = {path: path.stat().st_mtime_ns for path in directory.glob("*/*")}
    again = ingest(directory, [document(number) for number in range(20)], ENCODER)
    assert (again.unchanged, again.added, again.replaced) == (20, 0, 0)
    assert (again.generation, again.build) == (first.generation, first.build)
    assert {path: path.stat().st_mtime_ns for path in directory.glob("*/*")} == before


def test_a_change_of_licence_alone_replaces(directory):
    ingest(directory, [document(1)], ENCODER)
    report = ingest(directory, [document(1, licence="CC0-1.0")], ENCODER)
    assert (report.replaced, report.added) == (1, 0)
    assert Index.open(directory).manifest.licences.keys() == {"CC0-1.0"}


def test_the_last_of_two_versions_in_one_ingest_wins(directory):
    report = ingest(directory, [document(1, "avant"), document(2), document(1, "apres")], ENCODER)
    assert (report.added, report.replaced, report.documents) == (2, 1, 2)
    assert Index.open(directory).document("essai/1") == document(1, "apres") and check(directory) == []


def test_two_documents_with_the_same_text_both_stay_and_name_each_other(directory):
    twin = replace(document(1), id="jumeau")
    report = ingest(directory, [document(1), document(2), twin], ENCODER)
    index = Index.open(directory)
    assert (report.same_text, report.documents) == (1, 3)
    assert index.same_text(index.document_passages("essai/1")[0]) == ("jumeau",)
    assert index.same_text(index.document_passages("jumeau")[0]) == ("essai/1",)
    assert index.same_text(index.document_passages("essai/2")[0]) == ()
    remove(directory, document_ids=["jumeau"])
    assert index.same_text(index.document_passages("essai/1")[0]) == ()


def refused_items():
    yield DocumentRefused("missing:licence", "a licence", "ligne 3", "give it")
    yield UnknownLicence("maison")
    yield document(1)
    yield replace(document(2), text="   ")
    yield replace(document(3), provenance=provenance(3, licence="inventée"))
    yield DocumentRefused("missing:licence", "a licence", "ligne 9", "give it")


def test_refusals_are_counted_by_reason_once_each(directory):
    counts = {"missing:licence": 2, "unknown-licence:maison": 1, "empty-text": 1, "unknown-licence:inventée": 1}
    report = ingest(directory, refused_items(), ENCODER)
    assert dict(report.refusals) == counts and report.documents == 1
    assert Index.open(directory).manifest.refusals == counts
    ingest(directory, refused_items(), ENCODER)
    assert Index.open(directory).manifest.refusals == counts
    ingest(directory, [DocumentRefused("empty-text", "text", "autre fichier", "give it")], ENCODER)
    assert Index.open(directory).manifest.refusals == counts | {"empty-text": 2}


def test_the_manifest_counts_what_the_index_holds(directory):
    ingest(directory, [document(0), document(1, language=None, holder=None), document(3, collection=None)], ENCODER)
    manifest = Index.open(directory).manifest
    assert manifest.documents == 3 and manifest.total.text_bytes == sum(len(document(n).text.encode()) for n in (0, 1, 3))
    assert {name: count.documents for name, count in manifest.languages.items()} == {"fr": 1, "oc": 1, "und": 1}
    assert {name: count.documents for name, count in manifest.holders.items()} == {"": 1, "Musée 0": 1, "Musée 3": 1}
    assert {name: count.documents for name, count in manifest.collections.items()} == {"": 1, "cartes": 1, "notices": 1}
    assert sum(count.passages for count in manifest.licences.values()) == manifest.passages
    assert (manifest.encoder.id, manifest.encoder.dimension) == ("tests/hashing", 48)


def test_a_build_is_known_by_what_it_holds(tmp_path):
    documents = [document(number) for number in range(9)]
    one = ingest(tmp_path / "un", documents, ENCODER)
    ingest(tmp_path / "deux", [document(30), document(4, "autre"), *documents[5:]], ENCODER)
    ingest(tmp_path / "deux", documents, ENCODER)
    assert Index.open(tmp_path / "deux").manifest.build != one.build
    remove(tmp_path / "deux", ["essai/30"])
    assert Index.open(tmp_path / "deux").manifest.build == one.build
    assert ingest(tmp_path / "trois", documents, CostlyEncoder()).build != one.build


def test_another_encoder_is_refused(directory):
    ingest(directory, [document(1)], ENCODER)
    with pytest.raises(EncoderUnusable, match="tests/hashing"):
        ingest(directory, [document(2)], CostlyEncoder())
    assert Index.open(directory).manifest.documents == 1


def test_costly_vectors_are_made_once(directory):
    encoder = CostlyEncoder()
    ingest(directory, [document(number) for number in range(6)], encoder)
    passages = encoder.read.total()
    # enough new passages to train the dense index anew
    ingest(directory, [document(number) for number in range(30)], encoder)
    rebuild(directory, encoder)
    assert passages == 12 and max(encoder.read.values()) == 1 and encoder.read.total() == 60
    remove(directory, ["essai/1"])
    assert check(directory) == [] and Index.open(directory).dense_search(encoder.encode_query("phare"), 5)


def test_an_index_of_another_release_is_brought_up_to_date_by_the_next_ingest(directory, monkeypatch):
    with monkeypatch.context() as former:
        former.setattr("rag_commons.index.publication.analysis_fingerprint", lambda: "0" * 12)
        ingest(directory, [document(1)], ENCODER)
    with pytest.raises(IndexUnusable, match="another release"):
        Index.open(directory)
    report = ingest(directory, [document(1)], ENCODER)
    assert report.unchanged == 1 and check(directory) == [] and Index.open(directory).lexical_search("marches", 5)
    assert ingest(directory, [document(1)], ENCODER).generation == report.generation


def test_a_source_that_breaks_off_is_told_from_a_broken_index(directory):
    def source():
        yield document(1)
        raise OSError("disque illisible")

    with pytest.raises(InputError, match="disque illisible"):
        ingest(directory, source(), ENCODER)
    with pytest.raises(IndexUnusable, match="first ingest did not end"):
        Index.open(directory)
    assert ingest(directory, [document(1)], ENCODER).documents == 1


def test_progress_tells_both_stages(directory):
    seen = []
    ingest(directory, [document(number) for number in range(10)], ENCODER, seen.append)
    assert [step.stage for step in seen] == ["store", "index"]
    assert seen[0].documents == 10 and seen[-1].passages == seen[-1].total == 19


def test_workers_give_the_same_index_as_none(directory, tmp_path, monkeypatch):
    documents = [document(number) for number in range(60)]
    here = ingest(tmp_path / "ici", documents, ENCODER)
    monkeypatch.setattr("rag_commons.index.workers._AT_ONCE", 0)
    there = ingest(directory, documents, ENCODER)
    assert (there.build, there.passages) == (here.build, here.passages) and check(directory) == []
    one, other = Index.open(directory), Index.open(tmp_path / "ici")
    assert one.lexical_search("phare de Brest", 20) == other.lexical_search("phare de Brest", 20)


def test_workers_tell_what_went_wrong():
    with Workers(1) as workers:
        workers._done = 100
        with pytest.raises(RuntimeError, match=r"in a worker process:[\s\S]*not-a-number"):
            list(workers.map(float, ["1", "not-a-number"]))
    with Workers(1) as workers:
        workers._done = 100
        assert list(workers.map(float, (str(number) for number in range(20)))) == list(range(20))
        workers._processes[0].kill()
        with pytest.raises(IndexUnusable, match="worker"):
            list(workers.map(float, ["1", "2", "3"]))


def test_leaving_busy_workers_ends_them_at_once():
    with pytest.raises(KeyboardInterrupt), Workers(2) as workers:
        workers._done = 100
        for _ in workers.map(sleep, [0.05, *[60.0] * 9]):
            raise KeyboardInterrupt
    assert all(process.returncode is not None for process in workers._processes)


def test_readers_and_a_writer_at_the_same_time(directory):
    """Two threads read while generations follow one another: every passage they are given is one of a published generation."""
    ingest(directory, [document(number, "version0") for number in range(20)], ENCODER)
    index, failures, over = Index.open(directory), [], threading.Event()

    def read():
        try:
            while not over.is_set():
                for key, _ in index.lexical_search("cours pavées", 50) + index.dense_search(ENCODER.encode_query("phare"), 50):
                    found = index.passage(key)
                    assert found is None or found[0].text in index_texts
        except Exception as error:
            failures.append(error)

    versions = [[document(number, f"version{version}") for number in range(20)] for version in range(4)]
    index_texts = {passage.text for version in versions for one in version for passage in split_document(one)}
    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number, version in enumerate(versions[1:]):
        ingest(directory, version, ENCODER)
        remove(directory, [f"essai/{number}"])
    over.set()
    for thread in threads:
        thread.join()
    assert failures == []
    # one was removed after each ingest, and each later ingest brought the earlier ones back
    assert index.manifest.documents == 19


def test_an_index_that_was_made_anew_in_the_same_place_is_opened_anew(directory, tmp_path):
    ingest(directory, [document(1)], ENCODER)
    index = Index.open(directory)
    assert index.refresh() is False
    directory.rename(tmp_path / "ancien")
    ingest(directory, [document(2)], ENCODER)
    assert index.refresh() is True and index.document_ids() == ["essai/2"]
    directory.rename(tmp_path / "parti")
    with pytest.raises(IndexUnusable):
        index.lexical_search("phare", 3)


def test_vectors_are_found_where_they_are_expected(directory):
    """The dense index answers with cosines, to a hundredth."""
    ingest(directory, [document(number) for number in range(200)], ENCODER)
    index = Index.open(directory)
    query = ENCODER.encode_query("Le moulin de Namur — Histoire 3")
    for key, score in index.dense_search(query, 20):
        passage, held = index.passage(key)
        exact = float(np.dot(query, ENCODER.encode_query(f"{held.title} — {passage.section}\n{passage.text}")))
        assert score == pytest.approx(exact, abs=0.01)
