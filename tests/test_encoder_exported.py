"""Networks exported to ONNX and OpenVINO: the vectors of torch without torch, and a clear word where that can't be."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from rag_commons.encoder import Settings, load_encoder
from rag_commons.encoder.loading import WEIGHTS
from rag_commons.errors import EncoderUnusable
from rag_commons.index.build import ingest
from rag_commons.index.encoders import load_index_encoder
from rag_commons.index.opened import Index

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore:.*axis name.*")
TEXTS = ["Le phare de Brest", "un moulin ?", "le moulin de Namur fut bâti par des artisans " * 9, "", "la"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    pytest.importorskip("onnxscript")
    from transformer_folders import bi_encoder, export

    prompts = {"query": "query : ", "document": "passage : "}
    return export(bi_encoder(tmp_path_factory.mktemp("exported"), prompts=prompts))


@pytest.fixture
def copy(model, tmp_path):
    shutil.copytree(model, tmp_path / "copy")
    return tmp_path / "copy"


def engine(backend, folder):
    """OpenVINO reads ONNX too; its own format needs its converter, which some of its builds lack."""
    sys.modules.setdefault("openvino_telemetry", None)
    library = pytest.importorskip({"onnx": "onnxruntime"}.get(backend, backend))
    if backend == "openvino" and not (folder / "openvino").exists():
        (folder / "openvino").mkdir()
        library.save_model(library.Core().read_model(folder / "onnx" / "model.onnx"), folder / "openvino" / "openvino_model.xml", False)
    return Settings(backend)


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
@pytest.mark.parametrize("pooling", ["mean", "cls", "max", "lasttoken"])
def test_the_vectors_are_those_of_torch(copy, backend, pooling):
    config = json.loads((copy / "1_Pooling" / "config.json").read_text())
    (copy / "1_Pooling" / "config.json").write_text(json.dumps(config | {"pooling_mode": pooling}))
    by_torch, exported = load_encoder(str(copy)), load_encoder(str(copy), engine(backend, copy))
    assert (exported.static, exported.dimension, exported.settings) == (False, 16, Settings(backend, "query : ", "passage : ", 24))
    np.testing.assert_allclose(exported.encode_documents(TEXTS), by_torch.encode_documents(TEXTS), atol=2e-4)
    np.testing.assert_allclose(exported.encode_query(TEXTS[0]), by_torch.encode_query(TEXTS[0]), atol=2e-4)
    assert exported.encode_documents([]).shape == (0, 16)


def test_older_folders_say_their_pooling_otherwise(copy):
    (copy / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 16, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    )
    settings = engine("onnx", copy)
    by_torch, exported = load_encoder(str(copy)), load_encoder(str(copy), settings)
    np.testing.assert_allclose(exported.encode_documents(TEXTS), by_torch.encode_documents(TEXTS), atol=2e-4)


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_no_torch_is_imported_nor_what_calls_home(model, tmp_path, backend):
    shutil.copytree(model, tmp_path / "copy")
    engine(backend, tmp_path / "copy")
    code = (
        "import sys; from rag_commons.encoder import Settings, load_encoder;"
        f"load_encoder({str(tmp_path / 'copy')!r}, Settings({backend!r})).encode_query('le phare');"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers', 'openvino_telemetry.main') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("damage", ["no export", "cut", "dense layer", "pooling", "no tokenizer", "bad tokenizer", "not json"])
def test_what_can_t_be_followed_is_refused(copy, damage):
    if damage == "no export":
        shutil.rmtree(copy / "onnx")
    elif damage == "cut":
        (copy / "onnx" / "model.onnx").write_bytes((copy / "onnx" / "model.onnx").read_bytes()[:999])
    elif damage == "dense layer":
        modules = json.loads((copy / "modules.json").read_text())
        modules.insert(2, {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"})
        (copy / "modules.json").write_text(json.dumps(modules))
    elif damage == "pooling":
        (copy / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode": ["mean", "cls"]}))
    elif damage == "no tokenizer":
        (copy / "tokenizer.json").unlink()
    elif damage == "bad tokenizer":
        (copy / "tokenizer.json").write_text("{}")
    else:
        (copy / "modules.json").write_text("[")
    with pytest.raises(EncoderUnusable, match="export the model there"):
        load_encoder(str(copy), engine("onnx", copy))


def test_an_index_remembers_the_engine_and_another_export_is_another_encoder(copy, tmp_path):
    from index_corpus import document

    settings = engine("onnx", copy)
    ingest(tmp_path / "index", [document(number) for number in range(3)], load_encoder(str(copy), settings))
    named = Index.open(tmp_path / "index").manifest.encoder
    assert (named.backend, named.query_prompt, named.document_prompt, named.truncation) == ("onnx", "query : ", "passage : ", 24)
    assert load_index_encoder(tmp_path / "index").settings == named.settings
    assert load_encoder(str(copy)).checksum != named.checksum
    with pytest.raises(EncoderUnusable):
        ingest(tmp_path / "index", [document(4)], load_encoder(str(copy)))


def test_a_static_encoder_has_no_engine_to_choose():
    for settings in (Settings("onnx"), Settings(truncation=12)):
        with pytest.raises(EncoderUnusable, match="static"):
            load_encoder(str(WEIGHTS), settings)
