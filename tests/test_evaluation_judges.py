"""Judges: a person draws pairs, two people label them, and a judge is shown only once it has passed; all pairs here are invented."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from rag_commons.cli import main
from rag_commons.cli.judging import judged
from rag_commons.encoder.entailment import EntailmentModel
from rag_commons.errors import EncoderUnusable, InputError
from rag_commons.evaluation.joining import join
from rag_commons.evaluation.judges.agreement import alpha, auroc, balanced_accuracy, kappa, precision_recall
from rag_commons.evaluation.judges.calibration import calibrate
from rag_commons.evaluation.judges.judge import Words
from rag_commons.evaluation.judges.pairs import NATURAL, Pair, read_pairs
from rag_commons.evaluation.judges.support import judge_run
from rag_commons.evaluation.mutants.base import base_answers, base_questions, base_registry
from rag_commons.evaluation.page.report import report_html
from rag_commons.evaluation.results import Evaluation, results_to_json
from rag_commons.evaluation.run import score_run

NAMES = [
    f"{first} {last}" for first in ("Anne", "Yvon", "Rose", "Issa", "Lucie", "Paul") for last in ("Kerval", "Tindal", "Arsène", "Hoarel")
]


def invented_pairs(count=240):
    """A sentence that its passage says, the same with half of it elsewhere, with another year, and with its roles swapped."""
    pairs = []
    for number in range(count // 4):
        who, whom = NAMES[number % 24], NAMES[(number + 7) % 24]
        true = f"{who} a formé {whom} au métier de luthier en {1700 + number}."
        passage = f"Atelier {number}. {true} La boutique donnait sur le port."
        one = Pair(f"n{number}", true, passage, NATURAL, f"atelier {number}", None, {"a": 2, "b": 2})
        pairs.append(one)
        half = f"{true[:-1]}, dans la rue des Tonneliers."
        pairs.append(
            replace(one, id=f"p{number}", statement=half, kind="outside-knowledge", of=one.id, labels={"a": 1, "b": number % 5 and 1})
        )
        year = true.replace(str(1700 + number), str(1800 + number))
        pairs.append(replace(one, id=f"y{number}", statement=year, kind="date-drift", of=one.id, labels={"a": 0, "b": 0}))
        swapped = f"{whom} a formé {who} au métier de luthier en {1700 + number}."
        pairs.append(replace(one, id=f"r{number}", statement=swapped, kind="role-drift", of=one.id, labels={"a": 0, "b": 0}))
    return pairs


class Exact:
    """A judge that reads words in their order: whole where the sentence stands in the passage, half where it does up to its last comma."""

    name = "exact"
    fingerprint = "0"

    def chances(self, pairs):
        return np.array(
            [1.0 if said and said in text else 0.5 * (0 < said.find(",") and said.rpartition(",")[0] in text) for text, said in pairs]
        )


def test_agreement_is_what_the_books_say():
    # Cohen 1960, table of two psychologists by proportions
    left = [0] * 44 + [0] * 5 + [0] * 1 + [1] * 7 + [1] * 20 + [1] * 3 + [2] * 9 + [2] * 5 + [2] * 6
    right = [0] * 44 + [1] * 5 + [2] * 1 + [0] * 7 + [1] * 20 + [2] * 3 + [0] * 9 + [1] * 5 + [2] * 6
    assert kappa(left, right) == pytest.approx((0.70 - 0.41) / (1 - 0.41), abs=1e-9)
    assert kappa([0, 1], [0, 1]) == 1 and kappa([0, 1], [1, 0]) == -1 and kappa([1, 1], [1, 1]) is None and kappa([], []) is None
    assert alpha([[0, 0], [1, 1], [2, 2]]) == 1 and alpha([[1, 1]]) is None and alpha([[0, 2], [2, 0]]) < 0
    # Krippendorff 2011, interval data: 1 minus observed over expected
    assert alpha([[0, 1], [0, 0], [1, 1]]) == pytest.approx(1 - (2 * 1 / 6) / (18 / 30))
    assert balanced_accuracy([0, 0, 0, 1], [0, 0, 0, 0]) == 0.5
    assert precision_recall([0, 0, 1], [0, 1, 0], 0) == (0.5, 0.5) and precision_recall([1], [1], 0) == (None, None)
    assert auroc([1, 2], [0, 1]) == 0.875 and auroc([], [1]) is None


def test_a_judge_that_agrees_with_people_and_sees_roles_is_calibrated():
    found = calibrate(Exact(), invented_pairs())
    assert found.calibrated, found.reasons
    assert found.annotators == ("a", "b") and found.labelled == 240 and 80 < found.tested < 160
    assert 0.8 < found.human_kappa < 1 and found.judge.kappa >= found.human_kappa - 0.1 and found.judge.role_drift == 1
    assert all(share == 1 and count for share, count in found.falsified.values())


def test_words_alone_are_blind_to_roles_and_say_so():
    found = calibrate(Words(), invented_pairs())
    assert not found.calibrated
    assert any("rôles échangés" in french for french, _ in found.reasons)
    assert found.words.role_drift == pytest.approx(0.5, abs=0.05) and found.words.kappa == found.judge.kappa


class Yes:
    name, fingerprint = "oui", "0"

    def chances(self, pairs):
        return np.ones(len(pairs))


@pytest.mark.parametrize(
    ("judge", "pairs", "why"),
    [
        (Exact(), invented_pairs(40), "paires étiquetées"),
        (Exact(), [replace(pair, labels={"a": (pair.labels or {})["a"]}) for pair in invented_pairs()], "0 paires étiquetées"),
        (Exact(), [pair for pair in invented_pairs() if pair.kind != "role-drift"] * 1, "rôles échangés"),
        (
            Exact(),
            [replace(pair, labels={"a": 2 - one, "b": 2 - one}) for pair in invented_pairs() for one in [pair.labels["a"]]],
            "accord",
        ),
        (Yes(), invented_pairs(), "épreuve « empty »"),
    ],
)
def test_what_keeps_a_judge_from_being_shown(judge, pairs, why):
    found = calibrate(judge, pairs)
    assert not found.calibrated and any(why in french for french, _ in found.reasons), found.reasons


def test_only_a_calibrated_judge_is_shown():
    run = score_run("ours", join(base_questions(), base_answers(), base_registry()))
    evaluation = Evaluation("x", "2026", 1, (run,))
    for judge, shown in ((Exact(), True), (Words(), False)):
        found = judged(evaluation, judge, invented_pairs())
        row, page = results_to_json(found), report_html(found)
        assert row["judge"]["calibrated"] is shown and (row["runs"][0]["judged"] is not None) is shown
        assert ("Juge non calibré" in page) is not shown and ("J1P" in page) is shown
        json.dumps(row)


def test_support_is_weighed_as_trec_and_alce_do():
    text = "Le four date de 1640. Il est en pierre rouge. La halle est en bois."
    said = (
        ("Le four date de 1640.", [1]),
        ("Il est en pierre rouge.", [1, 9]),
        ("La halle est en bois. La halle brûla.", [1]),
        ("Il pleut.", []),
    )
    row = {
        "id": "q",
        "statements": [{"text": words, "citations": [{"ref": ref} for ref in refs]} for words, refs in said],
        "references": [{"ref": 1, "text": text, "licence": {"id": "CC0-1.0"}}],
    }
    (question, *_) = base_questions()
    cases = join([replace(question, id="q")], [row], None).cases
    pairs = invented_pairs()
    found = judge_run(cases, Exact(), calibrate(Exact(), pairs), pairs)
    values = {name: one[0] for name, one in found.figures.items()}
    # four markers: full, full, one to nowhere, none; four sentences, of which two whole
    assert values == {"J1P": 0.5, "J1R": 0.5, "J2P": 0.5, "J2R": 0.5}
    value, low, high = found.corrected
    assert low <= value <= high and value == pytest.approx(0.5)


def test_pairs_are_drawn_labelled_and_held_against_a_model(tmp_path, capsys, entailment):
    answers = tmp_path / "answers.jsonl"
    answers.write_text("".join(json.dumps(row) + "\n" for row in base_answers()), encoding="utf-8")
    out = tmp_path / "pairs"
    draw = ["evaluate", "pairs", "--answers", str(answers), "--out", str(out)]
    assert main(draw) == 0
    sheets = sorted(out.glob("*.csv"))
    pairs = read_pairs(out / "pairs.jsonl")
    assert len(sheets) == 2 and {NATURAL, "role-drift", "date-drift"} <= {pair.kind for pair in pairs}
    assert all(pair.of in {one.id for one in pairs} for pair in pairs if pair.of)
    # what an annotator sees tells nothing of the kind
    assert not any(word in sheets[0].read_text(encoding="utf-8") for word in ("drift", NATURAL, "negation"))
    # labels are never written over
    assert main(draw) == 1 and "some" in capsys.readouterr().err
    for sheet in sheets:
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert not any(row["label"] for row in rows) and len(rows) == len(pairs)
        with sheet.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows({**row, "label": "Entier"} for row in rows)
    hold = ["--judge", str(entailment), "--pairs", str(out / "pairs.jsonl"), "--labels", *map(str, sheets), "--out", str(tmp_path / "out")]
    assert main(["evaluate", "answers", "--answers", str(answers), *hold]) == 0
    assert "juge non calibré" in capsys.readouterr().out
    row = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert row["judge"]["annotators"] == ["annotateur-a", "annotateur-b"] and row["runs"][0]["judged"] is None
    assert main(["evaluate", "judge", *hold]) == 0


@pytest.mark.parametrize(
    ("line", "sheet"),
    [
        ("{", ""),
        ('{"id": "1", "statement": "x", "passage": "", "kind": "natural"}', ""),
        (None, "id,label\nx,full\n"),
        (None, "id,label\n1,peut-être\n"),
    ],
)
def test_bad_pairs_and_sheets_are_named(tmp_path, line, sheet):
    path, labels = tmp_path / "pairs.jsonl", tmp_path / "a.csv"
    path.write_text(line or '{"id": "1", "statement": "x", "passage": "y", "kind": "natural"}', encoding="utf-8")
    labels.write_text(sheet, encoding="utf-8")
    with pytest.raises(InputError):
        read_pairs(path, [labels] if sheet else [])


@pytest.mark.parametrize("options", [["--pairs", "x"], ["--judge", "x"]])
def test_a_judge_needs_its_pairs(options, tmp_path, capsys):
    assert main(["evaluate", "judge", *options, "--out", str(tmp_path)]) == 2
    assert "to do:" in capsys.readouterr().err


@pytest.fixture(scope="module")
def entailment(tmp_path_factory):
    return _tiny(tmp_path_factory.mktemp("nli"), {0: "contradiction", 1: "entailment", 2: "neutral"})


def _tiny(folder, labels):
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "phare", "moulin", "four"]
    (folder / "vocab.txt").write_text("\n".join(words))
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = BertConfig(vocab_size=len(words), id2label=labels, label2id={name: at for at, name in labels.items()}, **sizes)
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=128).save_pretrained(folder)
    return folder


def test_any_entailment_model_is_read_and_others_refused(tmp_path, entailment):
    model = EntailmentModel(str(entailment))
    chances = model.chances([("Le phare est au nord.", "phare"), ("", "moulin")])
    assert chances.shape == (2,) and ((chances > 0) & (chances < 1)).all() and len(model.chances([])) == 0
    assert model.fingerprint == EntailmentModel(str(entailment)).fingerprint
    (tmp_path / "a").mkdir()
    with pytest.raises(EncoderUnusable):
        EntailmentModel(str(_tiny(tmp_path / "a", {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"})))
    with pytest.raises(EncoderUnusable):
        EntailmentModel(str(tmp_path / "absent"))
