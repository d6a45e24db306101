import pytest
from index_corpus import HashingEncoder, document

from rag_commons.errors import EncoderUnusable
from rag_commons.index.build import ingest
from rag_commons.index.opened import Index
from rag_commons.retrieval.ranking import CrossRanker
from rag_commons.retrieval.retriever import Retriever

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "phare", "moulin", "marches", "histoire"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    path = tmp_path_factory.mktemp("cross")
    (path / "vocab.txt").write_text("\n".join(VOCABULARY))
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertForSequenceClassification(BertConfig(vocab_size=len(VOCABULARY), num_labels=1, **sizes)).save_pretrained(path / "one")
    BertForSequenceClassification(BertConfig(vocab_size=len(VOCABULARY), num_labels=3, **sizes)).save_pretrained(path / "three")
    for name in ("one", "three"):
        BertTokenizerFast(str(path / "vocab.txt")).save_pretrained(path / name)
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_cross_encoder_takes_the_place_of_the_trees(folder, tmp_path):
    ingest(tmp_path / "index", iter(document(number) for number in range(12)), HashingEncoder())
    index = Index.open(tmp_path / "index")
    hits = Retriever(index, HashingEncoder(), CrossRanker(str(folder / "one"))).retrieve("Le phare de Brest", 20)
    assert len(hits) == 20
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ["three", "absent/at/all", "./absent"])
def test_what_is_no_cross_encoder_is_refused(folder, name):
    with pytest.raises(EncoderUnusable):
        CrossRanker(str(folder / name) if name == "three" else name)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_command_line_takes_another_ranker_or_none(folder, tmp_path, capsys):
    from rag_commons.cli import main

    (tmp_path / "fiche.md").write_text(
        "---\ntitle: Phare\nlicence: CC0-1.0\n---\nLe phare de Trévarn fut bâti en 1712.\n", encoding="utf-8"
    )
    index = str(tmp_path / "index")
    assert main(["ingest", "folder", str(tmp_path / "fiche.md"), "--index", index]) == 0
    for options in ([], ["--reranker", "aucun"], ["--reranker", str(folder / "one")]):
        capsys.readouterr()
        assert main(["search", "Quand le phare fut-il bâti ?", "--index", index, *options]) == 0
        assert "1712" in capsys.readouterr().out
    assert main(["search", "phare", "--index", index, "--reranker", "./absent"]) == 1
