"""The questions that the project learns from: they point into the documents they name, and touch nothing that is measured on."""

import gzip
import json
from pathlib import Path

import pytest

from rag_commons.encoder.corpus import part_of

EVAL = Path(__file__).resolve().parents[1] / "eval"


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def written():
    return lines(EVAL / "questions" / "commons.jsonl")


def test_every_answer_is_a_place_in_its_document(written, shared_data):
    places = {}
    for row in written:
        places.setdefault(row["document_id"], []).append((row["start"], row["end"]))
    found = 0
    for path in sorted((shared_data / "commons").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for document in map(json.loads, stream):
                for start, end in places.get(document["id"], ()):
                    answer = document["text"][start:end]
                    found += 1
                    assert answer and answer == answer.strip() and len(answer.split()) <= 25, (document["id"], start, end)
    assert found == len(written)


def test_nothing_that_is_measured_on_is_learnt_from(written, shared_data):
    piaf = {row["title"] for row in lines(shared_data / "questions" / "piaf.jsonl")}
    judged = {document for row in lines(shared_data / "questions" / "nomiracl.jsonl") for document in row["document_ids"]}
    assert not {row["title"] for row in written} & {title for title in piaf if part_of(title) != "train"}
    assert not {row["document_id"] for row in written} & judged
    measured = {row["question"] for path in (EVAL / "sample").glob("*.jsonl") for row in lines(path)}
    assert not {row["question"] for row in lines(EVAL / "questions" / "sample.jsonl")} & measured


def test_what_the_sample_does_not_answer_names_no_document():
    sample = EVAL.parent / "rag_commons" / "sample"
    for row in lines(EVAL / "questions" / "sample.jsonl"):
        assert row["answerable"] == (row["document_id"] is not None) == bool(row["answers"])
        if row["answerable"]:
            assert row["answers"][0] in (sample / f"{row['document_id']}.md").read_text("utf-8"), row["id"]
