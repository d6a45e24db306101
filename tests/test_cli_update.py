"""`update`: what changed comes in, what disappeared leaves, and a source that cannot be read whole takes nothing away."""

import json

import pytest

from rag_commons.cli import main
from rag_commons.index.opened import Index


def row(identity, text):
    return {"id": identity, "title": f"Notice {identity}", "text": text, "licence": "CC0-1.0", "language": "fr"}


def write(path, rows):
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), "utf-8")


@pytest.fixture
def corpus(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "notices.jsonl"
    write(source, [row("a", "Le lavoir fut bâti en 1840."), row("b", "La halle brûla en 1902."), row("c", "Le puits date de 1777.")])
    assert main(["ingest", "jsonl", "notices.jsonl", "--index", "idx"]) == 0
    capsys.readouterr()
    return source


def test_an_update_follows_changes_and_deletions(corpus, tmp_path, monkeypatch, capsys):
    write(corpus, [row("a", "Le lavoir fut bâti en 1840."), row("b", "La halle brûla en 1903."), row("d", "Le four est neuf.")])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert main(["update", "jsonl", "--index", "../idx"]) == 0
    assert "1 ajoutés, 1 remplacés, 1 retirés" in capsys.readouterr().out
    index = Index.open(tmp_path / "idx")
    assert sorted(index.document_ids()) == ["a", "b", "d"] and "1903" in index.document("b").text
    assert main(["update", "jsonl", "--index", "../idx"]) == 0
    assert "0 ajoutés, 0 remplacés, 0 retirés" in capsys.readouterr().out


def test_what_cannot_be_read_whole_takes_nothing_away(corpus, tmp_path, capsys):
    corpus.write_text(json.dumps(row("a", "Le lavoir fut bâti en 1840.")) + "\n{", "utf-8")
    assert main(["update", "jsonl", "--index", "idx"]) == 0
    captured = capsys.readouterr()
    assert "0 retirés" in captured.out and "not read whole" in captured.err
    assert len(Index.open(tmp_path / "idx").document_ids()) == 3


def test_documents_of_another_source_stay(corpus, tmp_path, capsys):
    folder = tmp_path / "fiches"
    folder.mkdir()
    (folder / "x.md").write_text("---\ntitle: X\nlicence: CC0-1.0\n---\nLe pont est large.\n", "utf-8")
    assert main(["ingest", "folder", "fiches", "--index", "idx"]) == 0
    write(corpus, [row("a", "Le lavoir fut bâti en 1840.")])
    assert main(["update", "jsonl", "--index", "idx"]) == 0
    assert len(Index.open(tmp_path / "idx").document_ids()) == 2


def test_an_update_of_what_was_never_ingested_says_so(corpus, capsys):
    assert main(["update", "tei", "--index", "idx"]) == 1
    assert "rag-commons ingest tei" in capsys.readouterr().err
