"""The funder report: figures that a person can count by hand on a small commons, and a page that hostile names cannot break."""

import json

import pytest

from rag_commons.cli import main

ROWS = [
    {
        "id": "pont",
        "title": "Le pont de Valbrume",
        "text": "Le pont de Valbrume fut achevé en 1931 par Odile Servant.",
        "holder": "Archives",
    },
    {"id": "phare", "title": "Le phare de Kergolo", "text": "Le phare de Kergolo fut électrifié en 1952.", "holder": "<b>Musée</b>"},
]
QUESTIONS = [
    "Qui a achevé le pont de Valbrume ?",
    "Quand le phare de Kergolo fut-il électrifié ?",
    "Combien pèse la tour penchée de Pise ?",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("report")
    rows = [{**row, "licence": "CC0-1.0", "language": "fr", "collection": "Ouvrages"} for row in ROWS]
    (root / "documents.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (root / "questions.jsonl").write_text("".join(json.dumps({"question": one}) + "\n" for one in QUESTIONS), "utf-8")
    assert main(["ingest", "jsonl", str(root / "documents.jsonl"), "--index", str(root / "index")]) == 0
    return root


def report(folder, *options):
    assert main(["report", "--index", str(folder / "index"), "--out", str(folder / "out"), *options]) == 0
    return json.loads((folder / "out" / "worth.json").read_text("utf-8")), (folder / "out" / "report.html").read_text("utf-8")


def test_each_institution_gets_the_answers_that_rest_on_it_and_those_lost_without_it(folder):
    worth, page = report(folder, "--questions", str(folder / "questions.jsonl"))
    assert (worth["questions"], worth["answered"]) == (3, 2)
    holders = {part["name"]: part for part in worth["parts"] if part["kind"] == "holder"}
    assert {name: (part["answers"], part["lost"]) for name, part in holders.items()} == {"Archives": (1, 1), "<b>Musée</b>": (1, 1)}
    licences = [part for part in worth["parts"] if part["kind"] == "licence"]
    assert [(part["name"], part["answers"], part["lost"]) for part in licences] == [("CC0-1.0", 2, 2)]
    assert "<b>Musée</b>" not in page and "&lt;b&gt;Musée&lt;/b&gt;" in page


def test_counted_uses_give_the_same_answers_without_any_question(folder):
    from rag_commons.answering.ask import ask
    from rag_commons.answering.extractive import ExtractiveReader
    from rag_commons.answering.uses import UseLog
    from rag_commons.cli.opening import open_retriever

    retriever = open_retriever(folder / "index")
    log = UseLog(folder / "uses.jsonl")
    for question in QUESTIONS:
        log.add(ask(question, retriever, ExtractiveReader(retriever)))
    worth, page = report(folder, "--uses", str(folder / "uses.jsonl"))
    assert (worth["questions"], worth["answered"]) == (3, 2) and worth["first"] == worth["last"]
    assert all(part["lost"] is None for part in worth["parts"])
    assert "Valbrume ?" not in page


def test_without_questions_the_report_tells_the_corpus(folder):
    worth, page = report(folder)
    assert worth["questions"] == 0 and worth["parts"] == [] and "Archives" in page
