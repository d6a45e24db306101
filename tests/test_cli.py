"""The command line as people and programs use it: exit codes, one line a mistake, the formats of the contract."""

import json
import subprocess
import sys
from urllib.parse import unquote

import pytest

from rag_commons.cli import main

DOCUMENTS = [
    {
        "id": "essai/pont",
        "title": "Le pont de Valbrume",
        "text": "Le pont de Valbrume fut achevé en 1931 par l'ingénieure Odile Servant. Il porte deux voies et un trottoir.",
        "language": "fr",
        "authors": ["Odile Servant"],
        "holder": "Archives de Valbrume",
        "collection": "Ouvrages",
        "licence": "CC-BY-4.0",
    },
    {
        "id": "essai/phare",
        "title": "Le phare de Kergolo",
        "text": "Le phare de Kergolo éclaire la passe depuis 1874. Sa lanterne fut électrifiée en 1952 par la commune.",
        "language": "fr",
        "holder": "Musée de Kergolo",
        "collection": "Ouvrages",
        "licence": "CC-BY-NC-4.0",
        "authors": ["Anne Le Bihan"],
    },
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """A small index, made by the command itself."""
    folder = tmp_path_factory.mktemp("cli")
    source = folder / "documents.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in DOCUMENTS), "utf-8")
    assert main(["ingest", "jsonl", str(source), "--index", str(folder / "index")]) == 0
    return folder / "index"


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    rows = [
        {"id": "q/1", "question": "Qui a achevé le pont de Valbrume ?", "kind": "person"},
        {"id": "q/2", "question": "Quand le phare de Kergolo fut-il électrifié ?"},
        {"id": "q/3", "question": "Quand le phare de Kergolo fut-il électrifié ?", "document_ids": ["essai/pont"]},
        {"id": "q/4", "question": "Qui a achevé le pont de Valbrume ?", "exclude_document_ids": ["essai/pont"]},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_answer_cites_its_words_and_carries_its_notice(index, capsys):
    assert main(["ask", "Qui a achevé le pont de Valbrume ?", "--index", str(index), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    (statement, *_), reference = answer["statements"], answer["references"][0]
    citation = statement["citations"][0]
    assert "Odile Servant" in statement["text"]
    assert reference["text"][citation["start"] : citation["end"]] == citation["quote"] == statement["text"]
    assert reference["licence"] == {
        "id": "CC-BY-4.0",
        "kind": "licence",
        "name": reference["licence"]["name"],
        "url": reference["licence"]["url"],
    }
    assert "Odile Servant" in reference["notice"] and "https://creativecommons.org/licenses/by/4.0/" in reference["notice"]
    assert answer["schema"] == 1 and answer["reuse"]["form"] == "collection" and not answer["abstained"]


def test_an_abstention_is_a_success_with_a_reason_and_no_reference(index, capsys):
    assert main(["ask", "Combien coûte un billet de train pour Oulan-Bator ?", "--index", str(index), "--format", "jsonl"]) == 0
    (answer,) = lines(capsys)
    assert answer["abstained"] and answer["reason"] and answer["statements"] == answer["references"] == []


def test_questions_from_a_file_are_answered_in_order_within_their_documents(index, questions, capsys):
    assert main(["search", "--questions", str(questions), "--index", str(index)]) == 0
    rows = lines(capsys)
    assert [row["id"] for row in rows] == ["q/1", "q/2", "q/3", "q/4"]
    assert [row["hits"][0]["document_id"] for row in rows] == ["essai/pont", "essai/phare", "essai/pont", "essai/phare"]
    assert {hit["document_id"] for hit in rows[2]["hits"]} == {"essai/pont"}
    assert "essai/pont" not in {hit["document_id"] for hit in rows[3]["hits"]}


def test_a_trec_run_ranks_each_document_once(index, questions, capsys):
    assert main(["search", "--questions", str(questions), "--index", str(index), "--format", "trec"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert all(len(row) == 6 and row[1] == "Q0" and row[5] == "rag-commons" for row in rows)
    first = [row for row in rows if unquote(row[0]) == "q/1"]
    assert [int(row[3]) for row in first] == list(range(1, len(first) + 1))
    assert len({row[2] for row in first}) == len(first) and unquote(first[0][2]) == "essai/pont"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--allow", "commercial"], {"essai/pont"}),
        (["--licence", "CC-BY-NC-4.0"], {"essai/phare"}),
        (["--holder", "Musée de Kergolo", "--holder", "Archives de Valbrume"], {"essai/pont", "essai/phare"}),
        (["--collection", "Autres"], set()),
        (["--language", "br"], set()),
    ],
)
def test_filters_leave_only_what_they_name(index, capsys, options, expected):
    assert main(["search", "pont phare", "--index", str(index), "--format", "jsonl", *options]) == 0
    (row,) = lines(capsys)
    assert {hit["document_id"] for hit in row["hits"]} == expected


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["ask"], 2, "a question"),
        (["ask", "   "], 2, "a question"),
        (["ask", "x", "--index", "nowhere"], 1, "make demo"),
        (["ask", "--questions", "nowhere.jsonl"], 1, "nowhere.jsonl"),
        (["ingest", "jsonl", "nowhere.jsonl", "--index", "x"], 1, "nowhere.jsonl"),
        (["ingest", "folder", "x", "--set", "novalue"], 2, "NAME=VALUE"),
        (["ingest", "alto", "x", "--set", "couleur=bleu"], 2, "licence"),
        (["ingest", "wikipedia", "title:X", "--set", "fetcher=x"], 2, "contact"),
        (["ingest", "jsonl", "x", "--wiki", "frwiki"], 2, "it has none"),
        (["index", "remove", "--index", "nowhere"], 2, "--document"),
        (["index", "info", "--index", "nowhere"], 1, "make demo"),
    ],
)
def test_a_mistake_is_one_line_and_its_exit_code(tmp_path, monkeypatch, capsys, argv, code, said):
    monkeypatch.chdir(tmp_path)
    assert main(argv) == code
    error = capsys.readouterr().err
    assert said in error and len(error.splitlines()) == 1 and "Traceback" not in error


@pytest.mark.parametrize("argv", [[], ["nothing"], ["ask", "x", "--k", "0"], ["search", "x", "--format", "xml"]])
def test_wrong_usage_exits_with_2(argv, capsys):
    with pytest.raises(SystemExit) as stop:
        main(argv)
    assert stop.value.code == 2 and len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("line", ["{", '{"id": 1}', '{"question": ""}', '{"question": "x", "document_ids": "y"}', "[1]"])
def test_a_malformed_question_names_its_line(index, tmp_path, capsys, line):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "a", "question": "pont"}\n' + line + "\n", "utf-8")
    assert main(["search", "--questions", str(path), "--index", str(index)]) == 1
    assert f"{path}:2" in capsys.readouterr().err


def test_a_dry_run_says_what_would_come_in_and_writes_nothing(tmp_path, capsys):
    source = tmp_path / "mixed.jsonl"
    rows = [*DOCUMENTS, {"id": "x", "title": "X", "text": "Sans droits connus.", "licence": "Licence de Personne"}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert main(["ingest", "jsonl", str(source), "--index", str(tmp_path / "index"), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "2 documents entreraient, 1 seraient refusés" in said and "unknown-licence:Licence de Personne" in said
    assert not (tmp_path / "index").exists()


def test_a_policy_keeps_out_what_may_not_be_sold(tmp_path, capsys):
    source = tmp_path / "mixed.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in DOCUMENTS), "utf-8")
    assert main(["ingest", "jsonl", str(source), "--index", str(tmp_path / "index"), "--policy", "open"]) == 0
    said = capsys.readouterr().out
    assert "1 ajoutés" in said and "policy:CC-BY-NC-4.0" in said


def test_what_is_removed_is_never_found_again(tmp_path, capsys):
    source = tmp_path / "documents.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in DOCUMENTS), "utf-8")
    where = ["--index", str(tmp_path / "index")]
    assert main(["ingest", "jsonl", str(source), *where]) == 0
    assert main(["index", "remove", "--document", "essai/pont", *where]) == 0
    assert main(["index", "check", *where]) == 0
    capsys.readouterr()
    assert main(["search", "pont de Valbrume", *where, "--format", "jsonl"]) == 0
    (row,) = lines(capsys)
    assert {hit["document_id"] for hit in row["hits"]} == {"essai/phare"}
    assert main(["index", "remove", "--document", "essai/pont", *where]) == 1


def test_a_document_may_not_choose_how_the_terminal_looks(tmp_path, capsys):
    hostile = {**DOCUMENTS[0], "title": "Le pont \x1b]0;pris\x07de Valbrume"}
    source = tmp_path / "hostile.jsonl"
    source.write_text(json.dumps({**hostile, "title": "Le pont de\u202e Valbrume"}) + "\n", "utf-8")
    assert main(["ingest", "jsonl", str(source), "--index", str(tmp_path / "index")]) == 0
    assert main(["ask", "Qui a achevé le pont de Valbrume ?", "--index", str(tmp_path / "index")]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said and "\u202e" not in said


def test_output_to_a_closed_pipe_is_no_error(index):
    command = f"{sys.executable} -m rag_commons search pont --index {index} | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.returncode == 0 and "Traceback" not in done.stderr
