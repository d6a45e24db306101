"""When `remove` returns, nothing of the text is left: not in answers, not in a reader that was open, not in any byte of any file."""

import sqlite3

import pytest
from index_corpus import HashingEncoder, document, provenance

from rag_commons.documents import Document, Page, Section
from rag_commons.errors import IndexUnusable
from rag_commons.index.blocks import pack_text
from rag_commons.index.build import ingest
from rag_commons.index.checking import check
from rag_commons.index.opened import Index
from rag_commons.index.removal import remove
from rag_commons.text.analysis import analyse

ENCODER = HashingEncoder()


def secret(number=900):
    """A document that can be told by its words wherever they are: text, title, headings, pages, people, places."""
    text = "\n\n".join(f"L'hapaxaube {line} de la stèle retrouvée à Quixoville, que nul autre texte ne dit." for line in range(60))
    names = {"title": "Titrunique", "holder": "Fonds Xyloteca", "collection": "zyeutes", "authors": ("Wolframine",)}
    sections, pages = (Section(0, 1, "Chapitrex"),), (Page(0, "folioxyz", 0.5, "https://exemple.test/pagexyz"),)
    return Document("secret/kryptique", text, provenance(number, **names), sections, pages)


# as written, and some as the search analysis leaves them
WORDS = ("hapaxaube", "Quixoville", "quixovill", "Titrunique", "titruniqu", "Xyloteca", "zyeutes", "Wolframine", "Chapitrex", "chapitrex")
OTHERS = ("folioxyz", "pagexyz", "kryptique")


def traces(directory):
    """Every file that has a word of the secret, or a piece of one of its compressed blocks."""
    needles = [word.encode() for word in (*WORDS, *OTHERS)]
    for block in pack_text(secret().text):
        needles += [block[start : start + 24] for start in range(40, len(block) - 24, 400)]
    files = [path for path in directory.rglob("*") if path.is_file()]
    return {path.name for path in files for needle in needles if needle in path.read_bytes()}


@pytest.fixture
def directory(tmp_path):
    ingest(
        tmp_path / "essai",
        [*(document(number) for number in range(12)), secret(), *(document(number) for number in range(12, 30))],
        ENCODER,
    )
    return tmp_path / "essai"


def test_the_traces_that_are_looked_for_are_there_before(directory):
    assert {"store.sqlite", "manifest.json"} <= traces(directory)
    assert Index.open(directory).frequency(*analyse("hapaxaube")) > 0


@pytest.mark.parametrize("what", [{"document_ids": ["secret/kryptique"]}, {"collections": ["zyeutes"]}, {"holders": ["Fonds Xyloteca"]}])
def test_no_byte_is_left_of_what_was_removed(directory, what):
    report = remove(directory, **what)
    assert (report.documents, report.unknown) == (1, ()) and report.passages > 1
    assert traces(directory) == set()
    assert check(directory) == []
    index = Index.open(directory)
    # term dictionaries are compressed: what they hold is asked of them
    assert [index.frequency(term) for term in analyse("hapaxaube stèle Quixoville")] == [0, 0, 0]
    assert index.manifest.documents == 30


def test_a_reader_that_was_open_never_answers_with_it(directory):
    index = Index.open(directory)
    hits = index.lexical_search("hapaxaube", 50)
    vector = ENCODER.encode_query("Titrunique — Chapitrex\nhapaxaube stèle Quixoville")
    allowed = index.allowed(collections=["zyeutes"])
    assert hits and index.passage(hits[0][0]) is not None
    remove(directory, document_ids=["secret/kryptique"])
    gone = {key for key, _ in hits}
    assert all(index.passage(key) is None for key in gone)
    assert index.lexical_search("hapaxaube", 50) == [] and index.lexical_search("stèle", 50, allowed) == []
    assert not gone & {key for key, _ in index.dense_search(vector, 200)} and index.dense_search(vector, 10, allowed) == []
    assert index.document("secret/kryptique") is None and not index.holds("secret/kryptique")
    assert "Fonds Xyloteca" not in index.manifest.holders
    assert "secret/kryptique" not in index.document_ids()


def test_a_key_is_never_given_again(directory):
    index = Index.open(directory)
    gone = [key for key, _ in index.lexical_search("hapaxaube", 50)]
    remove(directory, document_ids=["secret/kryptique", "essai/29"])
    ingest(directory, [document(70), document(71)], ENCODER)
    assert all(index.passage(key) is None for key in gone)
    assert min(index.document_passages("essai/70")) > max(gone)


def test_what_a_replaced_version_said_leaves_the_store(directory):
    newer = Document("secret/kryptique", "Une page refaite.", secret().provenance)
    ingest(directory, [newer], ENCODER)
    with sqlite3.connect(directory / "store.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM documents WHERE id = 'secret/kryptique'").fetchone() == (1,)
    connection.close()
    assert b"Chapitrex" not in (directory / "store.sqlite").read_bytes()
    assert Index.open(directory).lexical_search("hapaxaube", 10) == []


def test_what_named_nothing_is_told_and_costs_no_generation(directory):
    before = Index.open(directory).manifest
    report = remove(directory, document_ids=["absent"], holders=["Musée 9"])
    assert (report.documents, report.unknown, report.generation) == (0, ("absent", "Musée 9"), before.generation)
    assert Index.open(directory).manifest == before


def test_a_missing_index_is_refused(tmp_path):
    with pytest.raises(IndexUnusable, match="make demo"):
        remove(tmp_path / "absent", document_ids=["a"])
    assert not (tmp_path / "absent").exists()


def test_a_waiting_document_is_removed_with_its_published_version(directory, interrupted):
    """An interrupted ingest left a newer version waiting: both leave, and what else waits goes on waiting."""
    newer = Document("secret/kryptique", secret().text.replace("stèle", "dalle"), secret().provenance)
    interrupted(directory, [newer, document(80)])
    assert remove(directory, document_ids=["secret/kryptique"]).documents == 1
    assert traces(directory) == set()
    assert Index.open(directory).document("essai/80") is None
    report = ingest(directory, [document(80)], ENCODER)
    assert (report.resumed, report.documents) == (1, 31)
    assert Index.open(directory).document("essai/80") == document(80) and check(directory) == []


def test_a_removal_of_nothing_leaves_what_waits(directory, interrupted):
    interrupted(directory, [document(80)])
    remove(directory, document_ids=["absent"])
    assert Index.open(directory).document("essai/80") is None
    ingest(directory, [document(81)], ENCODER)
    assert check(directory) == [] and Index.open(directory).document("essai/80") == document(80)


@pytest.fixture
def interrupted(monkeypatch):
    """Ingest documents whose source is interrupted after the last one was committed."""

    def run(directory, documents):
        def source():
            yield from documents
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("rag_commons.index.build._BATCH_CHARACTERS", 1)
            patch.setattr("rag_commons.index.build._COMMIT_CHARACTERS", 1)
            ingest(directory, source(), ENCODER)

    return run
