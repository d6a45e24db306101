"""Near-duplicates: what nearly comes twice is counted, stays, and keeps its own rights."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_corpus import HashingEncoder, document, provenance

from rag_commons.cli.repeats import repeats_told
from rag_commons.documents import Document
from rag_commons.index import build
from rag_commons.index.checking import check
from rag_commons.index.layout import Layout
from rag_commons.index.manifest import read_manifest
from rag_commons.index.opened import Index
from rag_commons.index.removal import remove
from rag_commons.index.schema import connect_writer
from rag_commons.sources.near_duplicates import SKETCH_BYTES, RepeatCounter, Repeats, near_groups, near_pairs, read_sketches, sketch

WORDS = [f"{start}{end}" for start in ("mar", "tol", "bre", "cha", "vil", "por") for end in ("in", "elle", "oir", "age", "ette", "ine")]


def text(seed, words=400):
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) + chosen.choice((" ", ", ", ". ")).strip() for _ in range(words))


def as_read_by_ocr(clean, wrong_in, seed=0):
    chosen = random.Random(seed)
    return "".join(chosen.choice(("", "rn", "l", "ii")) if chosen.random() < 1 / wrong_in else letter for letter in clean)


def pairs(*texts):
    rows = read_sketches(b"".join(map(sketch, texts)))
    return {(int(one), int(other)) for one, other in near_pairs(rows[:, :4], lambda wanted: rows[wanted])}


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.upper(),
        lambda one: one.replace(" ", "\u00a0"),
        lambda one: one.replace(" ", "\n\n"),
        lambda one: one.replace(",", " ;"),
        lambda one: "Accueil | Contact | Plan du site. " + one + " Tous droits sur la mise en page.",
        lambda one: one.replace("portoir", "portail", 1),
        lambda one: " ".join(one.split()[3:]),
        lambda one: as_read_by_ocr(one, 200),
    ],
)
def test_a_text_is_near_itself_dressed_otherwise(change):
    assert pairs(text(1), change(text(1)), text(2)) == {(0, 1)}


def test_texts_that_share_a_paragraph_are_not_near():
    assert pairs(text(1), text(1, 130) + text(2, 400)) == set()


def test_short_and_repetitive_texts_have_no_sketch():
    assert sketch("Maison Dupont, 1864.") == sketch("la" * 500) == sketch("") == sketch("…" * 20) == b""
    assert len(sketch(text(3))) == SKETCH_BYTES


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600))
def test_any_text_has_a_sketch_or_none(anything):
    drawn = sketch(anything)
    assert len(drawn) in (0, SKETCH_BYTES)
    assert drawn == sketch(anything)


def test_thousands_of_texts_alike_cost_no_thousands_of_comparisons_each():
    same = np.tile(read_sketches(sketch(text(1))), (3000, 1))
    asked = []

    def sketches(wanted):
        asked.append(len(wanted))
        return same[wanted]

    found = near_pairs(same[:, :4], sketches)
    assert [len(group) for group in near_groups(map(tuple, found.tolist()))] == [3000]
    assert sum(asked) < 3000 * 16 * 4 * 2


def test_groups_hang_together_by_any_of_their_pairs():
    assert sorted(map(sorted, near_groups([(1, 2), (5, 6), (2, 3), (9, 5)]))) == [[1, 2, 3], [5, 6, 9]]


def own(number, words, **changes):
    return Document(f"essai/{number}", words, provenance(number, **changes))


CORPUS = [
    own(0, text(1), collection="cartes", licence="CC-BY-4.0"),
    own(1, as_read_by_ocr(text(1), 300), collection="notices", licence="CC0-1.0"),
    own(2, text(2), collection="cartes"),
    own(3, text(2), collection="cartes"),
    own(4, text(2).upper(), collection="cartes"),
    own(5, text(7)),
    own(6, "Trop court."),
]
COUNTED = Repeats(same=2, near=4, groups=2, across=1)


def test_a_stream_is_counted():
    counter = RepeatCounter()
    for one in CORPUS:
        counter.add(one)
    assert counter.count() == COUNTED
    assert repeats_told(COUNTED) == [
        "même texte qu'un autre : 2 documents",
        "à quelques mots près : 4 documents, en 2 groupes, dont 1 d'une collection à l'autre",
    ]


def test_an_index_counts_them_and_keeps_each_under_its_own_rights(tmp_path):
    # the second of a pair may come with a later ingest, from another source
    build.ingest(tmp_path, CORPUS[::2], HashingEncoder())
    report = build.ingest(tmp_path, CORPUS[1::2], HashingEncoder())
    assert report.repeats == read_manifest(Layout(tmp_path)).repeats == COUNTED
    index = Index.open(tmp_path)
    assert [index.document(f"essai/{number}").provenance.licence for number in (0, 1)] == ["CC-BY-4.0", "CC0-1.0"]
    assert index.manifest.documents == len(CORPUS)
    assert check(tmp_path) == []


def test_what_is_removed_no_longer_counts_nor_leaves_a_sketch(tmp_path):
    build.ingest(tmp_path, CORPUS, HashingEncoder())
    remove(tmp_path, document_ids=["essai/1", "essai/3"])
    assert read_manifest(Layout(tmp_path)).repeats == Repeats(same=0, near=2, groups=1)
    connection = connect_writer(Layout(tmp_path).store)
    left = connection.execute("SELECT count(*) FROM sketches").fetchone()[0]
    connection.close()
    assert left == 4


def test_a_store_made_before_sketches_grows(tmp_path):
    build.ingest(tmp_path, CORPUS[:1], HashingEncoder())
    connection = connect_writer(Layout(tmp_path).store)
    connection.execute("DROP TABLE sketches")
    connection.close()
    report = build.ingest(tmp_path, [*CORPUS[2:], document(9)], HashingEncoder())
    assert report.repeats == Repeats(same=2, near=2, groups=1)
