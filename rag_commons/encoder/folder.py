"""The folder of a static encoder, as sentence-transformers saves a `StaticEmbedding`, read and written without torch.

The one surprise: three layouts of weights are read. `embedding.weight` is one row a token; `embeddings` alone is the same under
model2vec's name; with `mapping` and `weights`, token `t` is worth `embeddings[mapping[t]] * weights[t]`.
"""

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from rag_commons.errors import EncoderUnusable

_MODULE = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
OTHER_FORMATS = frozenset({"onnx", "openvino", "coreml"})  # folders of the same weights for other engines


@dataclass(frozen=True, slots=True)
class StaticFolder:
    """What a static encoder needs: tokenizer, rows (rows, dimension), and for each token its row and its weight."""

    tokenizer: Tokenizer
    rows: NDArray[np.float32]
    mapping: NDArray[np.int64]
    weights: NDArray[np.float32]
    prompts: dict[str, str] = field(default_factory=dict)


def is_static_folder(path: Path) -> bool:
    """Say whether the folder holds a static embedding, alone or followed by a normalisation."""
    try:
        modules = json.loads((path / "modules.json").read_text(encoding="utf-8"))
        kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
        return kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]) and not modules[0].get("path")
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


def folder_checksum(path: Path) -> str:
    """Return the sha256, in hex, of the names and bytes of the model's files; its card, hidden files and other formats do not count."""
    whole = sha256()
    files = sorted(
        (file for file in path.rglob("*") if file.is_file() and not _is_aside(file.relative_to(path))),
        key=lambda file: file.relative_to(path).as_posix(),
    )
    for file in files:
        with file.open("rb") as stream:
            digest = sha256()
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        whole.update(f"{file.relative_to(path).as_posix()}\0{digest.hexdigest()}\n".encode())
    return whole.hexdigest()


def _is_aside(file: Path) -> bool:
    return file.name == "README.md" or any(part.startswith(".") or part in OTHER_FORMATS for part in file.parts)


def read_static(path: Path) -> StaticFolder:
    """Read the folder of a static encoder.

    Raises EncoderUnusable when a file is missing, damaged or does not fit the others.
    """
    try:
        tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        arrays = load_file(path / "model.safetensors")
        settings = _read_settings(path)
    except (OSError, ValueError, SafetensorError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    except Exception as error:  # tokenizers raises bare Exception for a file it cannot read
        if type(error) is not Exception:
            raise
        raise _damaged(path, f"tokenizer.json: {error}") from error
    tokenizer.no_padding()
    table = arrays.get("embedding.weight", arrays.get("embeddings"))
    if table is None or table.ndim != 2:
        raise _damaged(path, f"tensors {', '.join(sorted(arrays)) or 'none'}")
    tokens = tokenizer.get_vocab_size()
    mapping = arrays.get("mapping", np.arange(len(table))).astype(np.int64)
    weights = arrays.get("weights", np.ones(len(mapping))).astype(np.float32)
    if len(mapping) < tokens or len(weights) != len(mapping) or mapping.min(initial=0) < 0 or mapping.max(initial=0) >= len(table):
        raise _damaged(path, f"{tokens} tokens, {len(mapping)} mapped with {len(weights)} weights to {len(table)} rows")
    return StaticFolder(tokenizer, np.ascontiguousarray(table, dtype=np.float32), mapping, weights, settings)


def _read_settings(path: Path) -> dict[str, str]:
    file = path / "config_sentence_transformers.json"
    if not file.exists():
        return {}
    prompts = json.loads(file.read_text(encoding="utf-8")).get("prompts") or {}
    return {str(name): str(prompt) for name, prompt in prompts.items()}


def _damaged(path: Path, seen: str) -> EncoderUnusable:
    return EncoderUnusable(
        "a static encoder: tokenizer.json and model.safetensors that fit each other",
        f"{path}: {seen}",
        "copy the folder again, or train it again with rag-commons train-encoder",
    )


def write_static(path: Path, folder: StaticFolder) -> None:
    """Write the folder so that both `read_static` and `SentenceTransformer(path)` load it; its files can be read by all."""
    path.mkdir(parents=True, exist_ok=True)
    folder.tokenizer.save(str(path / "tokenizer.json"), pretty=False)
    save_file(
        {
            "embeddings": folder.rows,
            "mapping": folder.mapping.astype(np.int32 if len(folder.rows) > 32767 else np.int16),
            "weights": folder.weights,
        },
        path / "model.safetensors",
    )
    modules = [{"idx": 0, "name": "0", "path": "", "type": _MODULE}]
    config = {
        "model_type": "SentenceTransformer",
        "prompts": folder.prompts or {"query": "", "document": ""},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    (path / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")
    (path / "config_sentence_transformers.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    for file in path.iterdir():
        os.chmod(file, 0o644)
