"""Tiny transformers made on the spot, saved as sentence-transformers saves them: the code that runs them is the real one."""

import warnings

import torch
from transformers import BertConfig, BertForMaskedLM, BertModel, BertTokenizerFast

WORDS = "le la de un phare moulin dictionnaire herbier carillon canal registre tapisserie fut bâti par des artisans venus brest namur"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split(), "query", "passage", ":", "?", "histoire"]
SIZES = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 64}


def _bare(path, model):
    """Save a network and its tokenizer."""
    path.mkdir(parents=True)
    (path / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    model.eval().save_pretrained(path)
    BertTokenizerFast(str(path / "vocab.txt")).save_pretrained(path)
    return path


def bi_encoder(path, pooling="mean", prompts=None, length=24):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    torch.manual_seed(3)
    bare = _bare(path / "bare", BertModel(BertConfig(vocab_size=len(VOCABULARY), **SIZES)))
    modules = [Transformer(str(bare), max_seq_length=length), Pooling(16, pooling_mode=pooling), Normalize()]
    SentenceTransformer(modules=modules, prompts=prompts).save(str(path / "model"))
    return path / "model"


def sparse_encoder(path, prompts=None):
    from sentence_transformers import SparseEncoder
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sparse_encoder.modules import SpladePooling

    torch.manual_seed(3)
    bare = _bare(path / "bare", BertForMaskedLM(BertConfig(vocab_size=len(VOCABULARY), **SIZES)))
    modules = [Transformer(str(bare), transformer_task="fill-mask"), SpladePooling()]
    SparseEncoder(modules=modules, prompts=prompts).save(str(path / "model"))
    return path / "model"


def export(model):
    """Export the network of a bi-encoder to ONNX, in its folder, as the hub has it."""
    network = BertModel.from_pretrained(model, add_pooling_layer=False).eval()
    given = {name: torch.ones(2, 7, dtype=torch.long) for name in ("input_ids", "attention_mask", "token_type_ids")}
    free = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    (model / "onnx").mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own affairs
        torch.onnx.export(
            network,
            (),
            str(model / "onnx" / "model.onnx"),
            kwargs=given,
            output_names=["last_hidden_state"],
            dynamic_shapes=dict.fromkeys(given, free),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    return model
