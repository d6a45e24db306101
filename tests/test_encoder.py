"""The static encoder and what a name stands for."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from rag_commons.encoder import load_encoder
from rag_commons.encoder.folder import StaticFolder, folder_checksum, read_static, write_static
from rag_commons.encoder.loading import SHIPPED, WEIGHTS
from rag_commons.errors import EncoderUnusable

TEXTS = [
    "Le phare de la pointe fut allumé en 1862 par un gardien venu de Brest.",
    "Les ateliers de tissage occupaient surtout des ouvrières du bourg.",
    "Qui alluma le phare ?",
    "l’œuvre d'Ælfric — 1 234,5 € ; xylophonistique",
    "…",
    "",
]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    tokenizer = Tokenizer(WordLevel({"?": 0, "mer": 1, "mers": 2, "sel": 3, "q": 4}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    rows = np.array([[0, 0], [1, 0], [0, 1]], dtype=np.float32)
    weights = np.array([0, 1, 2, 1, 1], dtype=np.float32)
    path = tmp_path / "small"
    write_static(path, StaticFolder(tokenizer, rows, np.array([0, 1, 1, 2, 2]), weights))
    return path


def test_shipped_encoder_says_what_it_is():
    encoder = load_encoder()
    assert (encoder.id, encoder.static) == (SHIPPED, True)
    assert encoder.checksum == folder_checksum(WEIGHTS) and len(encoder.checksum) == 64
    assert encoder.revision == encoder.checksum[:12]
    assert load_encoder(SHIPPED).checksum == encoder.checksum
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) <= 20_000_000


def test_vectors_are_unit_float32_and_do_not_depend_on_their_neighbours():
    encoder = load_encoder()
    vectors = encoder.encode_documents(TEXTS)
    assert vectors.dtype == np.float32 and vectors.shape == (len(TEXTS), encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 1, 0, 0], atol=1e-6)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.array_equal(encoder.encode_query(text), vector)
    assert encoder.encode_documents([]).shape == (0, encoder.dimension)


def test_a_question_is_nearer_to_its_passage():
    encoder = load_encoder()
    passages = encoder.encode_documents(TEXTS[:2])
    for question, place in (("Qui alluma le phare ?", 0), ("Où travaillaient les ouvrières tisseuses ?", 1)):
        assert int(np.argmax(passages @ encoder.encode_query(question))) == place


shipped = cache(load_encoder)  # once for all examples, which a fixture of function scope would not be


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_has_a_finite_vector(texts):
    vectors = shipped().encode_documents(texts)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.isfinite(vectors).all() and all(length < 1e-6 or abs(length - 1) < 1e-5 for length in lengths)


def test_accents_case_and_apostrophes_do_not_change_a_vector():
    encoder = load_encoder()
    assert np.array_equal(encoder.encode_query("L'ÉGLISE de l’Île"), encoder.encode_query("l'eglise de l'ile"))


def test_the_shipped_encoder_needs_no_torch():
    code = (
        "import sys; from rag_commons.encoder import load_encoder; load_encoder().encode_query('le phare');"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_written_folder_is_read_back(small):
    folder = read_static(small)
    assert folder.mapping.tolist() == [0, 1, 1, 2, 2]
    encoder = load_encoder(str(small))
    np.testing.assert_allclose(encoder.encode_query("mers sel"), np.array([2, 1]) / np.sqrt(5), rtol=1e-6)
    assert encoder.id == str(small)
    assert all(file.stat().st_mode & 0o777 == 0o644 for file in small.iterdir())


def test_prompts_of_the_folder_are_put_first(small):
    config = json.loads((small / "config_sentence_transformers.json").read_text())
    config["prompts"] = {"query": "q ", "passage": "sel "}
    (small / "config_sentence_transformers.json").write_text(json.dumps(config))
    encoder = load_encoder(str(small))
    np.testing.assert_allclose(encoder.encode_query("mer"), encoder.encode_documents(["mer"])[0])
    np.testing.assert_allclose(encoder.encode_query("mer"), np.array([1, 1]) / np.sqrt(2), rtol=1e-6)


def test_checksum_follows_the_weights_and_not_the_card(small):
    before = folder_checksum(small)
    (small / "README.md").write_text("une fiche")
    (small / ".cache").mkdir()
    (small / ".cache" / "x").write_text("x")
    assert folder_checksum(small) == before
    (small / "modules.json").write_text((small / "modules.json").read_text() + " ")
    assert folder_checksum(small) != before


@pytest.mark.parametrize("damage", ["no tokenizer", "cut weights", "other tokenizer", "no weights", "bad mapping"])
def test_a_damaged_folder_is_refused(small, damage):
    if damage == "no tokenizer":
        (small / "tokenizer.json").unlink()
    elif damage == "cut weights":
        (small / "model.safetensors").write_bytes((small / "model.safetensors").read_bytes()[:-5])
    elif damage == "other tokenizer":
        shutil.copy(WEIGHTS / "tokenizer.json", small / "tokenizer.json")
    elif damage == "no weights":
        (small / "model.safetensors").unlink()
    else:
        folder = read_static(small)
        write_static(small, StaticFolder(folder.tokenizer, folder.rows, folder.mapping + 9, folder.weights))
    with pytest.raises(EncoderUnusable, match="to do: "):
        load_encoder(str(small))


@pytest.mark.parametrize("spec", ["/nowhere/at/all", "./nowhere", "a/b/c", "rag-commons/another", __file__, str(Path(__file__).parent)])
def test_what_is_no_encoder_is_refused(spec):
    with pytest.raises(EncoderUnusable, match=r"expected .*; seen: .*; to do: "):
        load_encoder(spec)
