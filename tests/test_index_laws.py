"""Property tests: any history of ingests and removals leaves the index that its last state would give; parts give back what they took."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_corpus import HashingEncoder, document

from rag_commons.index.allowed import allow_spans
from rag_commons.index.blocks import BLOCK, blocks_of, pack_text, unpack_text
from rag_commons.index.build import ingest
from rag_commons.index.checking import check
from rag_commons.index.opened import Index
from rag_commons.index.removal import rebuild, remove
from rag_commons.index.slices import cut_tasks

ENCODER = HashingEncoder()
NUMBERS = st.integers(0, 11)
STEPS = st.one_of(
    st.tuples(st.just("ingest"), st.lists(st.tuples(NUMBERS, st.sampled_from(["", "un", "deux"])), max_size=8)),
    st.tuples(st.just("remove"), st.lists(NUMBERS, max_size=4)),
    st.tuples(st.just("collection"), st.sampled_from(["cartes", "notices"])),
    st.tuples(st.just("rebuild"), st.none()),
)


@given(st.lists(STEPS, min_size=1, max_size=4))
@settings(max_examples=6, deadline=None)
def test_any_history_leaves_the_index_of_its_last_state(steps):
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name) / "index"
        ingest(directory, [document(0)], ENCODER)
        state, reader = {0: ""}, Index.open(directory)
        for step, what in steps:
            if step == "ingest":
                ingest(directory, [document(number, word) for number, word in what], ENCODER)
                state |= dict(what)
            elif step == "remove":
                remove(directory, [f"essai/{number}" for number in what])
                state = {number: word for number, word in state.items() if number not in what}
            elif step == "collection":
                remove(directory, collections=[what])
                state = {number: word for number, word in state.items() if ("cartes", "notices")[number % 2] != what}
            else:
                rebuild(directory, ENCODER)
            assert sorted(reader.document_ids()) == sorted(f"essai/{number}" for number in state)
        assert check(directory) == []
        for number in range(12):
            expected = document(number, state[number]) if number in state else None
            assert reader.document(f"essai/{number}") == expected
            found = reader.lexical_search(f"mot{number}x0", 5)
            assert {reader.passage(key)[0].document_id for key, _ in found} == ({f"essai/{number}"} if expected else set())
        fresh = ingest(Path(name) / "neuf", [document(number, word) for number, word in state.items()], ENCODER)
        assert reader.manifest.build == fresh.build
        assert len(reader.dense_search(ENCODER.encode_query("phare"), 100)) == fresh.passages


@pytest.mark.parametrize("words", [["un", ""], ["un", "deux", "un"], ["", "un", ""], ["un", "un", ""]])
def test_of_a_document_that_comes_several_times_the_last_stays(words, tmp_path):
    ingest(tmp_path, [document(0)], ENCODER)
    ingest(tmp_path, [document(0, word) for word in words], ENCODER)
    assert Index.open(tmp_path).document("essai/0") == document(0, words[-1])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(0, 3 * BLOCK), st.data())
@settings(max_examples=40, deadline=None)
def test_any_span_of_a_text_comes_back_from_its_blocks(seed, length, data):
    text = (seed or "é") * (length // max(1, len(seed)) + 1)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = blocks_of(start, end)
    joined = "".join(unpack_text(block) for block in pack_text(text)[first : last + 1])
    assert joined[start - first * BLOCK : end - first * BLOCK] == text[start:end]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=20))
def test_spans_allow_their_passages_and_no_other(gaps):
    first, spans = 1, []
    for gap, count in gaps:
        spans.append((first + gap, count))
        first += gap + count
    starts, counts = (np.array(column, dtype=np.int64) for column in (zip(*spans, strict=True) if spans else ((), ())))
    allowed = allow_spans(np.arange(len(spans)), starts, counts)
    inside = {key for start, count in spans for key in range(start, start + count)}
    assert allowed.passages == len(inside) and {key for key in range(-2, first + 20) if key in allowed} == inside


@given(st.lists(st.integers(0, 3000), max_size=12))
def test_tasks_hold_each_passage_once_in_order(counts):
    spans, first = [], 1
    for number, count in enumerate(counts):
        spans.append((number, first, count))
        first += count
    tasks = list(cut_tasks(Path("store"), spans, contexts=True))
    keys = [start + number for task in tasks for _, start, count in task.spans for number in range(count)]
    assert keys == list(range(1, first)) and all(sum(count for *_, count in task.spans) <= 1024 for task in tasks)
