"""A model of entailment beside the checks: it refuses what they let through and saves nothing that they refuse."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from generative_hits import hit
from tiny_entailment import make_model

from rag_commons.answering.draft import DraftStatement, Quote
from rag_commons.answering.generative.check import settle
from rag_commons.answering.generative.reply import Proposed
from rag_commons.answering.verification import refusal
from rag_commons.answering.verification.entailment import NOT_ENTAILED
from rag_commons.cli import main
from rag_commons.encoder.entailment import EntailmentModel
from rag_commons.text.analysis import analyse

MILL = "Le moulin de Keralan fut bâti en 1712, puis vendu."
HIT = hit(1, MILL, "Moulin de Keralan")
REWORDED = "Le moulin de Keralan fut bâti en 1712."


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return {name: make_model(tmp_path_factory.mktemp(name), name) for name in ("entailment", "neutral")}


def statement(text, support="entailed"):
    return DraftStatement(text, (Quote(HIT, 0, len(MILL)),), support)


def test_a_model_can_only_refuse_more(models):
    yes, no = (EntailmentModel(models[name], "--nli") for name in ("entailment", "neutral"))
    assert refusal(statement(REWORDED), [HIT], yes) is None
    assert refusal(statement(REWORDED), [HIT], no) == NOT_ENTAILED
    wrong = statement(REWORDED.replace("1712", "1713"))
    assert refusal(wrong, [HIT]) == refusal(wrong, [HIT], yes) != NOT_ENTAILED
    assert refusal(statement(MILL, "verbatim"), [HIT], no) is None


def test_a_sentence_that_it_refuses_a_writer_gives_way_to_the_words_of_the_passage(models):
    # not a part of the passage as it stands, which would leave as the sentence that holds it
    text, question = "Le moulin fut bâti en 1712.", frozenset(analyse("Quand fut bâti le moulin de Keralan ?"))
    for name, kept in (("entailment", statement(text)), ("neutral", statement(MILL, "verbatim"))):
        settled = settle(Proposed(text, (HIT,)), [HIT], question, EntailmentModel(models[name], "--nli"))
        assert settled.statements == (kept,) and settled.repaired is (name == "neutral")


def test_several_askers_have_the_model_in_turn(models, monkeypatch):
    model, inside, seen = EntailmentModel(models["entailment"], "--nli"), [], []

    def predict(pairs, predict=model._model.predict, **options):
        inside.append(pairs)
        time.sleep(0.01)
        seen.append(len(inside))
        inside.pop()
        return predict(pairs, **options)

    monkeypatch.setattr(model._model, "predict", predict)
    with ThreadPoolExecutor(4) as askers:
        assert all(chance > 0.9 for chance in askers.map(lambda _: model.chances([(MILL, REWORDED)])[0], range(12)))
    assert seen == [1] * 12


def test_verify_takes_a_model(models, tmp_path, capsys):
    citation = {"ref": 1, "quote": MILL, "start": 0, "end": len(MILL), "support": "entailed"}
    answer = {
        "statements": [{"text": REWORDED, "citations": [citation]}],
        "references": [{"ref": 1, "text": MILL, "licence": {"id": "CC0-1.0"}}],
    }
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps(answer), encoding="utf-8")
    seen = []
    for options in ([], ["--nli", models["entailment"]], ["--nli", models["neutral"]]):
        assert main(["verify", str(path), "--format", "jsonl", *options]) == 0
        seen.append(json.loads(capsys.readouterr().out)["statements"][0])
    assert [one["supported"] for one in seen] == [True, True, False] and seen[2]["reason"] == NOT_ENTAILED
    assert main(["verify", str(path), "--nli", str(tmp_path / "absent")]) == 1
    assert "to do:" in capsys.readouterr().err
