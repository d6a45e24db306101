"""`train-encoder`: an encoder adapted to one's own corpus serves an index, and is the one that its manifest names."""

import json

from rag_commons.cli import main
from rag_commons.encoder.loading import WEIGHTS


def test_an_adapted_encoder_serves_an_index(tmp_path, capsys):
    corpus = tmp_path / "moulins.jsonl"
    rows = [
        {
            "id": f"m{number}",
            "title": f"Le moulin {number}",
            "text": f"Le moulin {number} fut bâti en {1700 + number}. " * 9,
            "licence": "CC0-1.0",
        }
        for number in range(30)
    ]
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    encoder, index = tmp_path / "encoder", tmp_path / "index"
    assert main(["train-encoder", str(corpus), "--adapt", str(WEIGHTS), "--out", str(encoder)]) == 0
    assert main(["ingest", "jsonl", str(corpus), "--encoder", str(encoder), "--index", str(index)]) == 0
    capsys.readouterr()
    assert main(["search", "moulin 12", "--index", str(index), "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["hits"][0]["document_id"] == "m12"
    assert main(["index", "info", "--index", str(index), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["encoder"]["id"] == str(encoder)
    # vectors of two encoders are never mixed; that of the index goes on where none is given
    assert main(["ingest", "jsonl", str(corpus), "--encoder", str(WEIGHTS), "--index", str(index)]) == 1
    assert "encoder of this index" in capsys.readouterr().err
    assert main(["ingest", "jsonl", str(corpus), "--index", str(index)]) == 0


def test_training_says_what_is_wrong_in_a_line(tmp_path, capsys):
    assert main(["train-encoder", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 1
    assert main(["train-encoder", "x", "--adapt", "y", "--quiz", "z", "--out", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
