"""A tiny cross-encoder made on the spot whose word is known: the code that runs it is the real one."""

LABELS = {0: "contradiction", 1: "entailment", 2: "neutral"}


def make_model(folder, favoured):
    """Save a model that gives every pair the label that its bias favours; return its folder."""
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
