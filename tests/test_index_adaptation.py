"""An encoder adapted to an index: learnt from what came in, part of the index, and the one that goes on."""

import json
import shutil

import numpy as np
import pytest
from index_corpus import HashingEncoder, document
from safetensors.numpy import load_file

from rag_commons.cli import main
from rag_commons.encoder import load_encoder
from rag_commons.encoder.loading import OWN
from rag_commons.encoder.pairs import TitledText
from rag_commons.encoder.training import Recipe, train_encoder
from rag_commons.errors import EncoderUnusable, IndexUnusable
from rag_commons.index import adaptation
from rag_commons.index.build import ingest
from rag_commons.index.checking import check
from rag_commons.index.encoders import load_index_encoder
from rag_commons.index.opened import Index
from rag_commons.index.removal import rebuild, remove
from rag_commons.retrieval.retriever import Retriever

COUNT = 24


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A static encoder of few words and components, which learns in a moment."""
    texts = [TitledText(one.provenance.title, one.text) for one in map(document, range(8))]
    folder = tmp_path_factory.mktemp("base") / "small"
    train_encoder(texts, (), folder, Recipe(dimension=16, epochs=1, threads=1))
    return load_encoder(str(folder))


@pytest.fixture(scope="module")
def adapted(base, tmp_path_factory):
    directory = tmp_path_factory.mktemp("adapted") / "index"
    stages = []
    ingest(directory, map(document, range(COUNT)), base, stages.append, adapt=True)
    learning = [step for step in stages if step.stage == "adapt"]
    assert learning and all(0 <= step.passages < step.total for step in learning)
    return directory


@pytest.fixture
def index(adapted, tmp_path):
    """The same index elsewhere: it is moved as a folder."""
    shutil.copytree(adapted, tmp_path / "moved")
    return tmp_path / "moved"


def weights(directory):
    (folder,) = (directory / "encoder").iterdir()
    return folder


def test_the_weights_are_the_index_s_own_and_move_with_it(index, base):
    named = Index.open(index).manifest.encoder
    assert named.id == OWN + weights(index).name == OWN + named.checksum and named.static
    assert base.id in named.revision
    assert check(index) == []
    encoder = load_index_encoder(index)
    # what is learnt is numbers: the words stay those of the encoder that it starts from
    assert (weights(index) / "tokenizer.json").read_bytes() == (base.path / "tokenizer.json").read_bytes()
    assert encoder.checksum != base.checksum
    assert not np.allclose(encoder.encode_query("le phare de Brest"), base.encode_query("le phare de Brest"), atol=1e-5)
    hits = Retriever(Index.open(index), ranked=False).retrieve("mot9x0 moulin", 3)
    assert hits[0].passage.document_id == "essai/9"


def test_a_later_ingest_keeps_the_encoder_and_another_one_is_refused(index):
    before = Index.open(index).manifest
    for options in ({}, {"adapt": True}):
        assert ingest(index, map(document, range(COUNT)), **options).unchanged == COUNT
    report = ingest(index, [document(COUNT)])
    after = Index.open(index).manifest
    assert (report.added, after.encoder) == (1, before.encoder) and after.generation == before.generation + 1
    assert check(index) == []
    with pytest.raises(EncoderUnusable, match="encoder of this index"):
        ingest(index, [document(COUNT + 1)], load_encoder())


def test_remove_and_rebuild_keep_the_encoder(index):
    named = Index.open(index).manifest.encoder
    remove(index, [document(3).id])
    assert check(index) == [] and not Index.open(index).holds(document(3).id)
    shutil.rmtree(index / "dense")
    assert rebuild(index).encoder == named
    assert check(index) == []


def test_damaged_weights_are_said(index):
    file = weights(index) / "model.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert any("model.safetensors" in problem for problem in check(index))
    with pytest.raises(EncoderUnusable, match="as they were written"):
        Retriever(Index.open(index))
    file.unlink()
    with pytest.raises(IndexUnusable, match=r"model\.safetensors"):
        Index.open(index)


class Stopped(Exception):
    pass


def test_stopped_while_it_learns_nothing_is_published_and_the_same_ingest_resumes(base, tmp_path):
    def stop(progress):
        if progress.stage == "adapt":
            raise Stopped

    with pytest.raises(Stopped):
        ingest(tmp_path, map(document, range(COUNT)), base, stop, adapt=True)
    with pytest.raises(IndexUnusable, match="run the same ingest again"):
        Index.open(tmp_path)
    report = ingest(tmp_path, map(document, range(COUNT)), base, adapt=True)
    assert (report.resumed, report.documents) == (COUNT, COUNT)
    assert check(tmp_path) == [] and len(list((tmp_path / "encoder").iterdir())) == 1


def test_of_a_large_corpus_pieces_are_drawn_the_same_ones_twice(base, tmp_path, monkeypatch):
    monkeypatch.setattr(adaptation, "_MOST", 12_000)
    monkeypatch.setattr(adaptation, "_PIECE", 500)
    for name in ("once", "twice"):
        ingest(tmp_path / name, map(document, range(COUNT)), base, adapt=True)
    once, twice = (weights(tmp_path / name) / "model.safetensors" for name in ("once", "twice"))
    one, other = (load_file(path) for path in (once, twice))
    assert all(np.allclose(one[name], other[name], atol=1e-5) for name in one)


def test_only_a_new_index_and_a_static_encoder_are_adapted(base, tmp_path):
    ingest(tmp_path / "old", [document(0)])
    with pytest.raises(EncoderUnusable, match="a new index"):
        ingest(tmp_path / "old", [document(1)], adapt=True)
    with pytest.raises(EncoderUnusable, match="static encoder to adapt"):
        ingest(tmp_path / "other", [document(1)], HashingEncoder(), adapt=True)
    ingest(tmp_path / "empty", [], base, adapt=True)
    assert check(tmp_path / "empty") == []


def test_the_name_of_an_index_s_encoder_means_nothing_elsewhere():
    with pytest.raises(EncoderUnusable, match="open that index"):
        load_encoder(OWN + "0" * 64)


def test_the_command_line_adapts_searches_updates_and_checks(base, tmp_path, capsys):
    fiches, index = tmp_path / "fiches", str(tmp_path / "index")
    fiches.mkdir()
    for name, year in (("Phare", 1712), ("Moulin", 1804)):
        text = f"---\ntitle: {name}\nlicence: CC0-1.0\n---\nLe {name.lower()} de Trévarn fut bâti en {year} par des artisans du bourg.\n"
        (fiches / f"{name}.md").write_text(text, encoding="utf-8")
    assert main(["ingest", "folder", str(fiches), "--index", index, "--encoder", base.id, "--adapt"]) == 0
    (fiches / "Moulin.md").unlink()
    assert main(["update", "folder", "--index", index]) == 0
    assert main(["ingest", "folder", str(fiches), "--index", index]) == 0
    capsys.readouterr()
    assert main(["search", "Quand le phare fut-il bâti ?", "--index", index, "--reranker", "aucun", "--format", "jsonl"]) == 0
    assert "1712" in json.loads(capsys.readouterr().out)["hits"][0]["text"]
    assert main(["index", "check", "--index", index]) == 0
    assert main(["index", "rebuild", "--index", index]) == 0
    assert main(["index", "info", "--index", index]) == 0
    assert OWN in capsys.readouterr().out
