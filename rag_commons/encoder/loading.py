"""Which encoder a name stands for: the shipped one, a folder, or a model of the hub."""

from functools import cache
from pathlib import Path

from rag_commons.encoder.contract import Encoder, Settings
from rag_commons.encoder.folder import is_static_folder
from rag_commons.encoder.prompts import AS_IT_IS
from rag_commons.encoder.sparse import SparseTextEncoder, is_sparse_folder
from rag_commons.encoder.static import StaticEncoder
from rag_commons.errors import EncoderUnusable

SHIPPED = "rag-commons/communs-fr-statique"
OWN = "index:"  # what begins the id of an encoder that is part of an index
WEIGHTS = Path(__file__).parent / "weights"


def load_encoder(spec: str | None = None, settings: Settings = AS_IT_IS) -> Encoder:
    """Load the encoder that `spec` names: None or `rag-commons/…` for the shipped one, the path of a folder, or a hub id.

    `settings` overrule what the model's folder says. Raises EncoderUnusable when there is no such encoder or it cannot be read.
    """
    if spec is None or spec == SHIPPED:
        return shipped_encoder() if settings == AS_IT_IS else StaticEncoder(WEIGHTS, SHIPPED, settings=settings)
    if spec.startswith(OWN):
        raise EncoderUnusable("the shipped encoder, a folder or a model of the hub", f"{spec!r}, part of an index", "open that index")
    if spec.startswith("rag-commons/"):
        raise EncoderUnusable(f"the shipped encoder, {SHIPPED}", repr(spec), "leave the encoder out, or ingest again with this one")
    path = Path(spec).expanduser()
    if path.is_dir():
        return _load_folder(path, settings)
    if path.exists() or path.is_absolute() or spec.startswith((".", "~")) or spec.count("/") > 1:
        raise EncoderUnusable("the folder of an encoder", f"{spec}, which is not a folder", "check the path")
    from rag_commons.encoder.hub import fetch_model

    folder, revision = fetch_model(spec, settings.backend or "torch")
    return _load_folder(folder, settings, spec, revision)


@cache
def shipped_encoder() -> StaticEncoder:
    """Load the shipped encoder once: retrieval and reading share it."""
    return StaticEncoder(WEIGHTS, SHIPPED)


def _load_folder(path: Path, settings: Settings, name: str | None = None, revision: str | None = None) -> Encoder:
    if is_static_folder(path):
        return StaticEncoder(path, name, revision, settings)
    if not (path / "modules.json").exists() and not (path / "config.json").exists():
        raise EncoderUnusable("the folder of a sentence-transformers model", f"{path}, without modules.json", "give another folder")
    if settings.backend in ("onnx", "openvino"):
        from rag_commons.encoder.exported import ExportedEncoder

        return ExportedEncoder(path, name, revision, settings)
    if settings.backend not in (None, "torch"):
        raise EncoderUnusable("torch, onnx or openvino", repr(settings.backend), "choose one of these")
    if is_sparse_folder(path):
        return SparseTextEncoder(path, name, revision, settings)
    from rag_commons.encoder.transformer import TransformerEncoder

    return TransformerEncoder(path, name, revision, settings)
