"""A model of entailment beside the checks: it refuses what they let through and saves nothing that they refuse."""

import json

import pytest
from generative_hits import hit

from rag_commons.answering.draft import DraftStatement, Quote
from rag_commons.answering.verification import refusal
from rag_commons.answering.verification.entailment import NOT_ENTAILED
from rag_commons.cli import main
from rag_commons.encoder.entailment import EntailmentModel

MILL = "Le moulin de Keralan fut bâti en 1712, puis vendu."
HIT = hit(1, MILL, "Moulin de Keralan")
REWORDED = "Le moulin de Keralan fut bâti en 1712."
LABELS = {0: "contradiction", 1: "entailment", 2: "neutral"}


def make_model(folder, favoured):
    """A tiny cross-encoder that gives every pair the label that its bias favours."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "moulin"]
    (folder / "vocab.txt").write_text("\n".join(words))
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    model = BertForSequenceClassification(
        BertConfig(vocab_size=len(words), id2label=LABELS, label2id={name: at for at, name in LABELS.items()}, **sizes)
    )
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([9.0 * (name == favoured) for name in LABELS.values()]))
    model.save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    return str(folder)


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
