"""A transformer that was exported to ONNX or OpenVINO, run by onnxruntime or openvino: quicker than torch, which is not imported.

The folder is a sentence-transformers one with `onnx/model.onnx` or `openvino/openvino_model.xml` in it, as many models of the hub have.
The tokens of a text go through the exported network, are pooled as `1_Pooling` says and made a unit. The one surprise: what comes after
the pooling in some models (a dense layer) is not in the export, so that they are refused.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from rag_commons.encoder.contract import Settings
from rag_commons.encoder.folder import folder_checksum
from rag_commons.encoder.model_folder import ModelFolder
from rag_commons.encoder.prompts import AS_IT_IS, effective_prompts
from rag_commons.errors import EncoderUnusable

_BATCH = 32
_FILES = {"onnx": ("onnx/model.onnx", "model.onnx"), "openvino": ("openvino/openvino_model.xml", "openvino_model.xml")}
_OLD_NAMES = (("mean_tokens", "mean"), ("cls_token", "cls"), ("lasttoken", "lasttoken"), ("max_tokens", "max"))
_LONGEST = 1_000_000  # tokenizers say 10^30 for no limit
_Network = Callable[[Mapping[str, NDArray[np.int64]]], NDArray[np.float32]]
_Tokens = NDArray[np.float32]
_Mask = NDArray[np.float32]


def _mean(tokens: _Tokens, mask: _Mask) -> NDArray[np.float32]:
    total: NDArray[np.float32] = (tokens * mask[:, :, None]).sum(axis=1) / np.maximum(mask.sum(axis=1, keepdims=True), 1e-9)
    return total


def _first(tokens: _Tokens, mask: _Mask) -> NDArray[np.float32]:
    found: NDArray[np.float32] = tokens[np.arange(len(tokens)), mask.argmax(axis=1)]
    return found


def _last(tokens: _Tokens, mask: _Mask) -> NDArray[np.float32]:
    found: NDArray[np.float32] = tokens[np.arange(len(tokens)), mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)]
    return found


def _greatest(tokens: _Tokens, mask: _Mask) -> NDArray[np.float32]:
    found: NDArray[np.float32] = np.where(mask[:, :, None] > 0, tokens, -np.inf).max(axis=1)
    return found


_POOLINGS: dict[str, Callable[[_Tokens, _Mask], NDArray[np.float32]]] = {
    "mean": _mean,
    "cls": _first,
    "lasttoken": _last,
    "max": _greatest,
}


class ExportedEncoder(ModelFolder):
    """Texts → unit vectors by an exported network."""

    static = False

    def __init__(self, path: Path, name: str | None = None, revision: str | None = None, settings: Settings = AS_IT_IS) -> None:
        """Read the folder; EncoderUnusable when it has no export, or one that this class can't follow, or the engine is not installed."""
        super().__init__(path, name, revision)
        self._backend = settings.backend or "onnx"
        self._file = self._find()
        try:
            self._pool = _POOLINGS[_pooling(path)]
            self._tokenizer, self._truncation, lower = _read_tokenizer(path, settings.truncation)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._refused(f"{type(error).__name__}: {error}") from error
        except Exception as error:  # tokenizers raises bare Exception for a file it cannot read
            if type(error) is not Exception:
                raise
            raise self._refused(str(error)) from error
        self._lower = lower
        self._query_prompt, self._document_prompt = effective_prompts(settings, _prompts(path))
        self._run, self._inputs = self._open()

    @property
    def settings(self) -> Settings:
        """The engine, the prompts and how many tokens are read of a text."""
        return Settings(self._backend, self._query_prompt, self._document_prompt, self._truncation)

    @cached_property
    def checksum(self) -> str:
        """The sha256 of the folder's model files and of the export, in hex: quantised weights give other vectors."""
        whole = sha256(folder_checksum(self.path).encode())
        for file in sorted(self._file.parent.glob(f"{self._file.stem}.*")):
            whole.update(sha256(file.read_bytes()).digest())
        return whole.hexdigest()

    @cached_property
    def dimension(self) -> int:
        """The number of components of a vector."""
        return len(self.encode_query("dimension"))

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, float32 (dimension,)."""
        vector: NDArray[np.float32] = self._encode([self._query_prompt + text])[0]
        return vector

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, float32 (texts, dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._encode([self._document_prompt + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts of about one length together, so that little is padding."""
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        found: dict[int, NDArray[np.float32]] = {}
        for start in range(0, len(order), _BATCH):
            numbers = order[start : start + _BATCH]
            batch = [texts[number].lower() if self._lower else texts[number] for number in numbers]
            found.update(zip(numbers, self._vectors(self._tokenizer.encode_batch(batch)), strict=True))
        return np.stack([found[number] for number in range(len(texts))])

    def _vectors(self, encodings: Sequence[Encoding]) -> NDArray[np.float32]:
        fed = {
            "input_ids": np.array([one.ids for one in encodings], dtype=np.int64),
            "attention_mask": np.array([one.attention_mask for one in encodings], dtype=np.int64),
            "token_type_ids": np.array([one.type_ids for one in encodings], dtype=np.int64),
        }
        tokens = self._run({name: values for name, values in fed.items() if name in self._inputs})
        vectors = self._pool(tokens, fed["attention_mask"].astype(np.float32)).astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _find(self) -> Path:
        for name in _FILES[self._backend]:
            if (self.path / name).is_file():
                return self.path / name
        raise self._refused(f"no {_FILES[self._backend][0]}")

    def _open(self) -> tuple[_Network, frozenset[str]]:
        try:
            return _open_onnx(self._file) if self._backend == "onnx" else _open_openvino(self._file)
        except ImportError as error:
            raise EncoderUnusable(
                f"the library of the backend {self._backend}", str(error), f"pip install 'rag-commons[{self._backend}]'"
            ) from error
        except Exception as error:  # both engines raise classes of their own, some of them bare
            raise self._refused(f"{self._file.name}: {type(error).__name__}: {str(error)[:200]}") from error

    def _refused(self, seen: str) -> EncoderUnusable:
        return EncoderUnusable(
            f"a sentence-transformers folder with a transformer exported to {self._backend} ({_FILES[self._backend][0]}), a pooling of "
            f"{', '.join(_POOLINGS)} and nothing after it",
            f"{self.id}: {seen}",
            "export the model there, or leave --backend out",
        )


def _open_onnx(file: Path) -> tuple[_Network, frozenset[str]]:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    name = _tokens_output([output.name for output in session.get_outputs()])

    def run(fed: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        return np.asarray(session.run([name], dict(fed))[0], dtype=np.float32)

    return run, frozenset(entry.name for entry in session.get_inputs())


def _open_openvino(file: Path) -> tuple[_Network, frozenset[str]]:
    # importing openvino tells its makers so over the network; where this module can't be had it keeps silent
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    # the plugin's default computes in halves where the processor can; vectors would depend on the machine
    model = openvino.Core().compile_model(str(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    name = _tokens_output([output.get_any_name() for output in model.outputs])

    def run(fed: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        return np.array(model(dict(fed))[name], dtype=np.float32)

    return run, frozenset(name for entry in model.inputs for name in entry.get_names())


def _tokens_output(names: Sequence[str]) -> str:
    return next((name for name in names if name in ("last_hidden_state", "token_embeddings")), names[0])


def _read_json(file: Path) -> dict[str, object]:
    if not file.exists():
        return {}
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{file.name} is not an object")
    return found


def _pooling(path: Path) -> str:
    """Return the way of pooling; ValueError for modules that the export does not hold."""
    modules = json.loads((path / "modules.json").read_text(encoding="utf-8")) if (path / "modules.json").exists() else []
    kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
    if kinds not in ([], ["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise ValueError(f"modules {', '.join(kinds)}")
    if not kinds:
        return "mean"  # what sentence-transformers does with a bare transformer
    config = _read_json(path / str(modules[1]["path"]) / "config.json")
    old = {f"pooling_mode_{name}": mode for name, mode in _OLD_NAMES}
    asked = config.get("pooling_mode") or [old.get(name, name) for name, on in config.items() if name.startswith("pooling_mode_") and on]
    modes = [asked] if isinstance(asked, str) else list(asked) if isinstance(asked, list) else []
    mode = ", ".join(map(str, modes))
    if mode not in _POOLINGS or config.get("include_prompt") is False:
        raise ValueError(f"pooling {mode or 'unknown'}{', prompts left out' if config.get('include_prompt') is False else ''}")
    return mode


def _read_tokenizer(path: Path, asked: int | None) -> tuple[Tokenizer, int, bool]:
    """Return the tokenizer, which cuts and pads, the most tokens of a text, and whether texts are put in lower case first."""
    config, own = _read_json(path / "config.json"), _read_json(path / "sentence_bert_config.json")
    limits = (asked, own.get("max_seq_length"), _read_json(path / "tokenizer_config.json").get("model_max_length"))
    limit = next((int(value) for value in limits if isinstance(value, int) and value < _LONGEST), 512)
    if isinstance(most := config.get("max_position_embeddings"), int):
        limit = min(limit, most)
    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    pad = config.get("pad_token_id")
    tokenizer.enable_truncation(limit)
    tokenizer.enable_padding(pad_id=pad if isinstance(pad, int) else 0)
    return tokenizer, limit, bool(own.get("do_lower_case"))


def _prompts(path: Path) -> dict[str, str]:
    prompts = _read_json(path / "config_sentence_transformers.json").get("prompts")
    return {str(name): str(prompt or "") for name, prompt in prompts.items()} if isinstance(prompts, dict) else {}
