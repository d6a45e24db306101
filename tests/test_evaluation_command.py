"""`evaluate`: a person gives questions or answers and gets figures, a page and an exit code."""

import json
import re
from pathlib import Path

import pytest

from rag_commons.cli import main
from rag_commons.evaluation.mutants.base import base_answers, base_questions

SAMPLE = Path(__file__).resolve().parents[1] / "rag_commons" / "sample"
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(1)">{{7*7}}'


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory):
    index = tmp_path_factory.mktemp("index") / "sample"
    assert main(["ingest", "folder", str(SAMPLE), "--index", str(index)]) == 0
    return index


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "autre.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in base_answers()), encoding="utf-8")
    return path


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    rows = [
        {
            "id": one.id,
            "question": one.text,
            "answerable": one.answerable,
            "kind": one.kind,
            "gold": [{"document_id": gold.document_id, "quote": gold.quote} for gold in one.gold],
        }
        for one in base_questions()
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def results(out):
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


def test_our_own_answers_over_the_sample(sample_index, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["evaluate", "sample", "--limit", "25", "--index", str(sample_index), "--out", str(out)]) == 0
    found = results(out)
    measures = found["runs"][0]["measures"]
    for name in ("strict", "CV", "COV", "QF", "INT", "HF", "AC", "LC", "LP", "DEP"):
        assert measures[name]["value"] == 1, (name, measures[name])
    # the reader weighs the place of a passage among the hits, so that another order may bring another second sentence
    assert measures["STAB"]["value"] >= 0.7, measures["STAB"]
    assert found["schema"] == 1 and found["questions"] == 25 and found["index"]["build"]
    assert "rag-commons : 25 questions" in capsys.readouterr().out
    # what was answered can be read again, and the mutants are caught over those real answers too
    written = out / "answers-rag-commons.jsonl"
    again = tmp_path / "again"
    assert main(["evaluate", "mutants", "--answers", str(written), "--index", str(sample_index), "--out", str(again)]) == 0
    statuses = {row["name"]: row["status"] for row in results(again)["mutants"]}
    caught = {name for name, status in statuses.items() if status == "caught"}
    assert {"invented-id", "dropped-one", "quote-digit", "frankenquote", "licence-cc0", "author-dropped", "passage-byte"} <= caught


def test_answers_of_another_system_need_no_index(answers, questions, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["evaluate", str(questions), "--answers", str(answers), "--out", str(out)]) == 0
    (run,) = results(out)["runs"]
    assert run["system"] == "autre" and run["measures"]["strict"]["value"] == 1 and run["measures"]["J"]["value"] == 1
    assert main(["evaluate", "answers", "--answers", str(answers), "--out", str(out)]) == 0
    (run,) = results(out)["runs"]
    assert run["measures"]["CV"]["value"] == 1 and run["measures"]["J"]["value"] is None


def test_trec_answers_are_read_and_are_not_strict(tmp_path):
    path = tmp_path / "trec.jsonl"
    row = {"topic_id": "1", "topic": "Quand ?", "references": ["d1"], "answer": [{"text": "En 1712.", "citations": [0, 3]}]}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert main(["evaluate", "answers", "--answers", str(path), "--out", str(tmp_path / "out")]) == 0
    measures = results(tmp_path / "out")["runs"][0]["measures"]
    assert measures["CV"]["value"] == 0.5 and measures["strict"]["value"] == 0


@pytest.mark.parametrize("text", ['{"strict": 1.0, "H": 0.0}', '{"strict": 1.0, "E": 0}'])
def test_thresholds_that_are_reached(answers, questions, tmp_path, text):
    path = tmp_path / "seuils.json"
    path.write_text(text, encoding="utf-8")
    arguments = ["evaluate", str(questions), "--answers", str(answers), "--fail-under", str(path), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("seuils.toml", "ASR = 0.5\nANS = 0.1\n", "ANS"),
        ("seuils.json", '{"NDCG": 0.5}', "NDCG"),
        ("seuils.json", '{"strict": 90}', "strict = 90"),
        ("seuils.json", "{", "JSON"),
        ("seuils.toml", "", "measures"),
    ],
)
def test_thresholds_that_are_not_name_the_measure(answers, questions, tmp_path, capsys, name, text, seen):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    arguments = ["evaluate", str(questions), "--answers", str(answers), "--fail-under", str(path), "--out", str(tmp_path / "out")]
    assert main(arguments) == 1
    assert seen in capsys.readouterr().err


def test_a_measure_under_its_threshold_fails(answers, questions, tmp_path, capsys):
    lines = answers.read_text(encoding="utf-8").splitlines()
    answers.write_text("\n".join(["{", *lines[1:]]), encoding="utf-8")
    path = tmp_path / "seuils.toml"
    path.write_text("strict = 0.95\nE = 0.1\nCV = 1\n", encoding="utf-8")
    arguments = ["evaluate", str(questions), "--answers", str(answers), "--fail-under", str(path), "--out", str(tmp_path / "out")]
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert "autre: strict ≥ 0.95 (is 0.8750)" in error and "E ≤ 0.1" in error and "CV" not in error.split("seen:")[-1]


def test_two_systems_are_compared_and_a_former_run_shown(answers, questions, tmp_path):
    worse = tmp_path / "pire.jsonl"
    rows = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        for statement in row["statements"]:
            statement["citations"] = []
    worse.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "out"
    both = ["evaluate", str(questions), "--answers", str(answers), "--answers", str(worse)]
    assert main([*both, "--out", str(out)]) == 0
    assert results(out)["gaps"]["pire"]["COV"]["value"] == -1
    assert main([*both, "--compare", str(out / "results.json"), "--out", str(out)]) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Évaluation antérieure" in page and "Earlier and present" in page
    assert main([*both, "--compare", str(answers), "--out", str(out)]) == 1


def test_the_page_asks_for_nothing_and_runs_nothing(answers, questions, tmp_path):
    rows = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["id"] = None
        for statement in row["statements"]:
            statement["text"] = HOSTILE
        for reference in row["references"]:
            reference["title"] = reference["text"] = reference["licence"]["id"] = HOSTILE
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    hostile = answers.rename(answers.with_name("<b>x.jsonl"))
    assert main(["evaluate", str(questions), "--answers", str(hostile), "--out", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|img|b>|link|iframe|object)|<[a-z][^>]*\s(src|on\w+)=", page)
    assert not re.search(r"@import|url\(", page.partition("</style>")[0])
    assert not re.search(r'href="(?!#)', page)
    assert "&lt;script&gt;" in page and 'lang="fr"' in page and 'lang="en"' in page
    for heading in ("Les pires cas", "The worst cases", "Définitions", "Savoir se taire"):
        assert heading in page


def test_shapes_of_known_suites(tmp_path):
    from rag_commons.evaluation.suites import suite_questions

    path = tmp_path / "q.jsonl"
    shapes = [
        {"id": "a", "question": "Qui ?", "answers": ["X"], "document_id": "d", "title": "T"},
        {"id": "b", "question": "Où ?", "answerable": False, "document_ids": ["d1", "d2"]},
        {"question": "Quoi ?", "context": "Le fonio pousse.", "answers": ["fonio"]},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in shapes), encoding="utf-8")
    piaf, nomiracl, afriqa = suite_questions(str(path))
    assert piaf.answerable and piaf.gold[0].document_id == "d" and piaf.cluster == "T"
    assert nomiracl.answerable is False and nomiracl.document_ids == ("d1", "d2")
    assert afriqa.gold[0].quote == "Le fonio pousse." and afriqa.id == "q-3"
    assert len(suite_questions(str(path), limit=2)) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["evaluate", "piaf"], 2),
        (["evaluate", "absent.jsonl"], 2),
        (["evaluate", "answers"], 1),
        (["evaluate", "sample", "--systems", "personne"], 2),
    ],
)
def test_a_mistake_is_one_line(arguments, code, tmp_path, sample_index, capsys):
    assert main([*arguments, "--index", str(sample_index), "--out", str(tmp_path)]) == code
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "to do:" in error


def test_the_answer_of_the_guide_is_judged(tmp_path, capsys):
    guide = (Path(__file__).resolve().parents[1] / "eval" / "README.md").read_text(encoding="utf-8")
    row = json.loads(guide.partition("```json")[2].partition("```")[0])
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    assert main(["verify", str(path), "--format", "jsonl"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["statements"] == [{"supported": True, "reason": ""}] and not verdict["strict"]
    assert main(["evaluate", "answers", "--answers", str(path), "--out", str(tmp_path / "out")]) == 0
    assert results(tmp_path / "out")["runs"][0]["measures"]["QF"]["value"] == 1


def test_the_least_answer_is_measured_and_told_apart_from_a_wrong_one(tmp_path):
    """A foreign system that gives no passage id: its only source is the closest, and what it lacks is told from what it gets wrong."""
    path = tmp_path / "mine.jsonl"
    reference = {"ref": 1, "text": "Le moulin fut bâti en 1712 par Jean Morvan.", "licence": {"id": "CC0-1.0"}}
    rows = [
        {"id": "a", "statements": [{"text": reference["text"], "citations": [{"ref": 1}]}], "references": [reference]},
        {"id": "b", "statements": [{"text": "Il date de 1812.", "citations": [{"ref": 1}]}], "references": [reference]},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["evaluate", "answers", "--answers", str(path), "--out", str(tmp_path / "out")]) == 0
    run = results(tmp_path / "out")["runs"][0]
    assert run["measures"]["ARG"]["value"] > 0 and run["measures"]["strict"]["value"] == 0
    faults = {case["id"]: case["faults"] for case in run["cases"]}
    assert "HF" not in faults["a"] and "HF" in faults["b"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "absents : identifiant du passage, identifiant du document" in page and "Rien à mesurer" in page


def test_form_aside_a_faithful_answer_is_sound(answers, questions, tmp_path):
    rows = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        for statement in row["statements"]:
            statement["citations"] = [{"ref": one["ref"]} for one in statement["citations"]]
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["evaluate", str(questions), "--answers", str(answers), "--out", str(tmp_path / "out")]) == 0
    measures = results(tmp_path / "out")["runs"][0]["measures"]
    assert measures["strict"]["value"] == 0 and measures["sound"]["value"] > 0.5


def test_topics_told_in_metadata_and_half_characters_are_read(tmp_path):
    path = tmp_path / "trec.jsonl"
    row = {
        "metadata": {"team_id": "x", "narrative_id": 36, "narrative": "Quand ?"},
        "references": [{"docid": "d1", "text": "\ud800 Le moulin date de 1712."}],
        "answer": [{"text": "\udc00 Le moulin date de 1712.", "citations": [0]}],
    }
    path.write_text(json.dumps(row), encoding="utf-8")
    assert main(["evaluate", "answers", "--answers", str(path), "--out", str(tmp_path / "out")]) == 0
    found = results(tmp_path / "out")
    assert [case["id"] for case in found["runs"][0]["cases"]] == ["36"]
    assert "Quand ?" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
