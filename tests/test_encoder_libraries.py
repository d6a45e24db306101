"""Against sentence-transformers itself: the same vectors from its static models, and its other models through ours."""

import json

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer

from rag_commons.encoder import load_encoder
from rag_commons.encoder.folder import folder_checksum
from rag_commons.encoder.loading import WEIGHTS
from rag_commons.errors import EncoderUnusable

TEXTS = ["Le moulin à marée de la rivière fut restauré en 1998.", "Une digue, deux vannes !", "l'œuvre d’Ève", "aujourd'hui?" * 40]
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "la", "digue", "mer", "moulin", "query", "passage", ":"]


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_same_vectors_as_sentence_transformers():
    sentence_transformers = pytest.importorskip("sentence_transformers")
    expected = sentence_transformers.SentenceTransformer(str(WEIGHTS)).encode(TEXTS, normalize_embeddings=True)
    encoder = load_encoder()
    assert np.abs(encoder.encode_documents(TEXTS) - expected).max() <= 1e-5
    assert encoder.dimension == expected.shape[1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_reads_a_folder_saved_by_sentence_transformers(tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    tokenizer = Tokenizer(WordPiece({token: n for n, token in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)])
    model.save(str(tmp_path / "saved"))
    encoder = load_encoder(str(tmp_path / "saved"))
    texts = ["la digue", "la mer : moulin"]
    assert encoder.static
    assert np.abs(encoder.encode_documents(texts) - model.encode(texts, normalize_embeddings=True)).max() <= 1e-5


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    path = tmp_path_factory.mktemp("bert")
    (path / "vocab.txt").write_text("\n".join(VOCABULARY))
    config = BertConfig(vocab_size=len(VOCABULARY), hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    BertModel(config).save_pretrained(path / "plain")
    BertTokenizerFast(str(path / "vocab.txt")).save_pretrained(path / "plain")
    transformer = Transformer(str(path / "plain"), max_seq_length=6)
    model = SentenceTransformer(modules=[transformer, Pooling(8)], prompts={"query": "query: ", "document": "passage: "})
    model.save(str(path / "model"))
    return path / "model"


def test_a_transformer_folder_follows_its_prompts_and_length(bert):
    encoder = load_encoder(str(bert))
    assert (encoder.static, encoder.dimension, encoder.id) == (False, 8, str(bert))
    assert encoder.checksum == folder_checksum(bert) and encoder.revision == encoder.checksum[:12]
    query, rows = encoder.encode_query("la mer"), encoder.encode_documents(["la mer", "la mer la mer", "la mer la digue"])
    assert query.dtype == rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.abs(query - rows[0]).max() > 1e-4  # another prompt
    np.testing.assert_allclose(rows[1], rows[2], atol=1e-5)  # cut before they differ
    assert encoder.encode_documents([]).shape == (0, 8)


def test_a_damaged_transformer_is_refused(bert, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(EncoderUnusable, match="to do: "):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize("spec", ["quelqu-un/un-modele-absent", "modele-absent", "nom interdit ?"])
def test_a_model_of_the_hub_that_cannot_be_had_is_refused(spec):
    with pytest.raises(EncoderUnusable, match="check the name and the network"):
        load_encoder(spec)
