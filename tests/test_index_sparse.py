"""A sparse encoder in the place of the dense one: same products, same life of an index."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_corpus import document

from rag_commons.cli import main
from rag_commons.encoder import Settings, load_encoder
from rag_commons.errors import EncoderUnusable, IndexUnusable
from rag_commons.index.build import ingest
from rag_commons.index.checking import check
from rag_commons.index.opened import Index
from rag_commons.index.removal import rebuild, remove
from rag_commons.index.sparse import SparseIndex, SparseWriter, pack_row
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
WIDE = 12


def rows_of(draws):
    return np.array([[max(0, value) for value in row] for row in draws], dtype=np.float32).reshape(-1, WIDE)


row = st.lists(st.integers(-3, 5), min_size=WIDE, max_size=WIDE)


@settings(max_examples=60, deadline=None)
@given(st.lists(row, max_size=8), st.lists(row, max_size=8), st.data())
def test_a_search_gives_the_products_whatever_came_and_left(tmp_path_factory, first, later, data):
    folder = tmp_path_factory.mktemp("sparse")
    old, new = rows_of(first), rows_of(later)
    with SparseWriter(WIDE) as writer:
        writer.add(range(1, len(old) + 1), [pack_row(one) for one in old])
        facts = writer.finish(folder / "1")
    removed = sorted(data.draw(st.sets(st.integers(1, max(1, len(old))))))
    with SparseWriter(WIDE) as writer:
        writer.add(range(50, 50 + len(new)), [pack_row(one) for one in new])
        writer.finish(folder / "2", (folder / "1", facts), removed)
    index = SparseIndex(folder / "2")
    held = {key: one for key, one in enumerate(old, 1) if key not in removed} | dict(enumerate(new, 50))
    assert index.keys().tolist() == sorted(held) and (index.passages, index.dimension) == (len(held), WIDE)
    question, k = rows_of([data.draw(row)])[0], data.draw(st.integers(0, 6))
    products = [(key, float(one @ question)) for key, one in held.items() if one @ question > 0]
    assert index.search(question, k) == sorted(products, key=lambda hit: (-hit[1], hit[0]))[:k]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    from transformer_folders import sparse_encoder

    return sparse_encoder(tmp_path_factory.mktemp("splade"), prompts={"query": "query : ", "document": ""})


@pytest.fixture
def index(model, tmp_path):
    ingest(tmp_path / "index", [document(number) for number in range(12)], load_encoder(str(model)))
    return tmp_path / "index"


def test_the_rows_are_those_of_sentence_transformers(model):
    from sentence_transformers import SparseEncoder

    texts = ["le phare de brest", "un moulin"]
    theirs, ours = SparseEncoder(str(model)), load_encoder(str(model))
    assert ours.sparse and not ours.static and ours.dimension == theirs.encode_query(["la"], convert_to_sparse_tensor=False).shape[1]
    expected = theirs.encode_document(texts, convert_to_sparse_tensor=False).numpy()
    np.testing.assert_allclose(ours.encode_documents(texts), expected, atol=1e-6)
    assert ours.encode_documents([]).shape == (0, ours.dimension)
    assert ours.settings.query_prompt == "query : "
    np.testing.assert_allclose(ours.encode_query("la"), theirs.encode_query(["la"], convert_to_sparse_tensor=False)[0], atol=1e-6)


def test_an_index_of_a_sparse_encoder_searches_filters_and_says_what_it_is(index, model):
    opened = Index.open(index)
    named = opened.manifest.encoder
    assert named.sparse and named.query_prompt == "query : " and named.truncation == 64
    assert check(index) == []
    encoder = opened.load_encoder()
    question = encoder.encode_query("le phare")
    found = opened.dense_search(question, 200)
    assert len(found) == opened.manifest.passages and found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
    allowed = opened.allowed(licences=["CC0-1.0"])
    only = opened.dense_search(question, 200, allowed)
    assert only == [hit for hit in found if hit[0] in allowed] and 0 < len(only) < len(found)
    hits = Retriever(opened, encoder, ranked=False).retrieve("mot9x0 moulin", 3, Filters(collections=("notices",)))
    assert hits[0].passage.document_id == "essai/9" and hits[0].dense is not None
    with pytest.raises(EncoderUnusable):
        opened.dense_search(question[:-1], 3)


def test_it_grows_shrinks_and_is_made_again_from_kept_rows(index, model):
    encoder = load_encoder(str(model))
    question = encoder.encode_query("le moulin")
    ingest(index, [document(20), document(3, "autre")], encoder)
    remove(index, [document(5).id])
    assert check(index) == []
    before = Index.open(index).dense_search(question, 50)
    encoder.encode_documents = None  # the rows are in the store
    rebuild(index, encoder)
    assert check(index) == [] and Index.open(index).dense_search(question, 50) == before


def test_a_damaged_sparse_index_is_refused(index):
    (path,) = (index / "dense").iterdir()
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(IndexUnusable):
        Index.open(index)
    with pytest.raises(IndexUnusable, match="rebuild"):
        SparseIndex(path)


def test_a_sparse_model_takes_no_other_engine_and_prompts_are_the_index_s(model, index, tmp_path):
    with pytest.raises(EncoderUnusable):
        load_encoder(str(model), Settings("onnx"))
    with pytest.raises(EncoderUnusable, match="query_prompt"):
        ingest(index, [document(30)], load_encoder(str(model), Settings(query_prompt="")))


def test_the_command_line_keeps_how_an_encoder_is_fed(model, tmp_path, capsys):
    (tmp_path / "fiche.md").write_text("---\ntitle: Phare\nlicence: CC0-1.0\n---\nLe phare de Brest fut bâti en 1712.\n", encoding="utf-8")
    index, path = str(tmp_path / "index"), str(tmp_path / "fiche.md")
    fed = ["--query-prompt", "passage : ", "--document-prompt", "histoire : ", "--max-tokens", "9"]
    assert main(["ingest", "folder", path, "--index", index, *fed]) == 2
    assert main(["ingest", "folder", path, "--index", index, "--encoder", str(model), *fed]) == 0
    assert main(["ingest", "folder", path, "--index", index]) == 0
    assert main(["ingest", "folder", path, "--index", index, "--encoder", str(model)]) == 1
    assert main(["index", "rebuild", "--index", index, "--encoder", str(model)]) == 0
    capsys.readouterr()
    assert main(["index", "info", "--index", index]) == 0
    assert "'histoire : '" in capsys.readouterr().out
    assert main(["index", "info", "--index", index, "--format", "json"]) == 0
    named = json.loads(capsys.readouterr().out)["encoder"]
    assert (named["query_prompt"], named["document_prompt"], named["truncation"]) == ("passage : ", "histoire : ", 9)
    assert main(["search", "Quand le phare fut-il bâti ?", "--index", index, "--reranker", "aucun"]) == 0
    assert "1712" in capsys.readouterr().out
