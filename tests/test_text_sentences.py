"""Sentences end where a French reader ends them, at exact offsets."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.text.sentences import sentence_spans

TABLE = Path(__file__).parent / "tables" / "french_sentences.txt"


def cases():
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            name, _, marked = line.partition(" = ")
            marked = marked.replace("\\r", "\r").replace("⏎", "\n").replace("␣", "\u00a0").replace("⍽", "\u202f")
            yield pytest.param(marked.replace("‖ ", ""), [part.strip() for part in marked.split("‖ ")], id=name)


@pytest.mark.parametrize(("text", "expected"), list(cases()))
def test_french_sentences(text, expected):
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


@given(st.one_of(st.text(max_size=200), st.text(alphabet="aB. M?!…»« \n\u00a0\"[]2—'", max_size=80)))
def test_sentences_cover_the_text_apart_and_in_order(text):
    done = 0
    for start, end in sentence_spans(text):
        assert done <= start < end <= len(text)
        assert text[done:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        done = end
    assert text[done:].strip() == ""


@pytest.mark.parametrize("unit", [".", ". ", ".)", "\u00ad", "[", "« ", "!»", "— ", "\n", "M. "])
def test_long_runs_of_signs_take_linear_time(unit):
    text = unit * 50_000
    spans = sentence_spans(text)
    assert "".join(text[start:end] for start, end in spans).replace(" ", "").replace("\n", "") == "".join(text.split())
