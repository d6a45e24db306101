"""Language models that people run: `KIND:MODEL[@ADDRESS]` → a llama-index LLM, from the integration of its kind.

The one surprise: nothing is downloaded and no address but the one that is named is reached; a model in this process is a path that
exists. Each integration is a package of its own, named by the error where it is missing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

from rag_commons.errors import InputError, ReaderFailed, UsageError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

LlmKind = Literal["openai-like", "ollama", "llama-cpp", "huggingface"]

FORMS = "openai-like:MODEL@http://HOST:PORT/v1, ollama:MODEL[@http://HOST:PORT], llama-cpp:FILE.gguf or huggingface:FOLDER"

OLLAMA = "http://127.0.0.1:11434"
CONTEXT_TOKENS = 8192

_PACKAGES: Mapping[LlmKind, str] = {
    "openai-like": "llama-index-llms-openai-like==0.8.1",
    "ollama": "llama-index-llms-ollama==0.11.0",
    "llama-cpp": "llama-index-llms-llama-cpp==0.7.0",
    "huggingface": "llama-index-llms-huggingface==0.8.0",
}
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LlmSpec:
    """A model by its kind and name, and the address of its server (None for a model in this process)."""

    kind: LlmKind
    model: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reply may cost: seconds from the question to its last word, tokens asked for, characters read."""

    seconds: float = 120.0
    tokens: int = 1024
    characters: int = 16_000


def parse_llm(spec: str) -> LlmSpec:
    """Read the name of a model; UsageError for what is none."""
    kind, _, rest = spec.strip().partition(":")
    if kind not in _PACKAGES or not rest.strip():
        raise UsageError(f"--llm {FORMS}", repr(spec[:80]), "name a kind of model, then the model")
    if kind in ("llama-cpp", "huggingface"):
        return LlmSpec(cast(LlmKind, kind), rest.strip())
    model, at, address = rest.rpartition("@")
    if not (at and _ADDRESS.fullmatch(address)):
        model, address = rest, OLLAMA if kind == "ollama" else ""
    if not model.strip() or not address or not _is_host(address):
        raise UsageError(f"--llm {FORMS}", repr(spec[:80]), "give the model, then @ and the address of its server")
    return LlmSpec(cast(LlmKind, kind), model.strip(), address.rstrip("/"))


def load_llm(spec: LlmSpec, limits: Limits | None = None, api_key: str | None = None) -> "LLM":
    """Return the model, ready to be asked. Its server is not reached yet; a model in this process is read now.

    InputError where the integration is not installed or the path holds no model; ReaderFailed where the model cannot be read.
    """
    makers: Mapping[LlmKind, Callable[[LlmSpec, Limits, str | None], LLM]] = {
        "openai-like": _openai_like,
        "ollama": _ollama,
        "llama-cpp": _llama_cpp,
        "huggingface": _huggingface,
    }
    try:
        return makers[spec.kind](spec, limits or Limits(), api_key)
    except ImportError as error:
        package = _PACKAGES[spec.kind]
        raise InputError(f"the package of {spec.kind} models", f"{error}"[:200], f'pip install "{package}"') from error
    except (InputError, ReaderFailed):
        raise
    except Exception as error:
        # each library has its own errors for a file that is no model
        seen = f"{spec.model[:120]}: {type(error).__name__}: {error}"[:300]
        raise ReaderFailed(f"a model that {spec.kind} can read", seen, "check the model that --llm names") from error


def _openai_like(spec: LlmSpec, limits: Limits, api_key: str | None) -> "LLM":
    from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped,import-not-found,unused-ignore]

    from rag_commons.answering.llm.wire import bounded_client

    # no retry: the question would wait several times its limit, and extraction answers in the meantime
    made = OpenAILike(
        model=spec.model,
        api_base=spec.address,
        api_key=api_key or "none",
        is_chat_model=True,
        temperature=0.0,
        max_tokens=limits.tokens,
        context_window=CONTEXT_TOKENS,
        max_retries=0,
        timeout=limits.seconds,
        http_client=bounded_client(limits.seconds),
    )
    return cast("LLM", made)


def _ollama(spec: LlmSpec, limits: Limits, api_key: str | None) -> "LLM":
    from llama_index.llms.ollama import Ollama  # type: ignore[import-untyped,import-not-found,unused-ignore]

    made = Ollama(
        model=spec.model,
        base_url=spec.address,
        temperature=0.0,
        context_window=CONTEXT_TOKENS,
        request_timeout=limits.seconds,
        additional_kwargs={"num_predict": limits.tokens},
        headers={"Authorization": f"Bearer {api_key}"} if api_key else None,
    )
    return cast("LLM", made)


def _llama_cpp(spec: LlmSpec, limits: Limits, _: str | None) -> "LLM":
    path = _existing(spec, "a GGUF file", Path.is_file)
    from llama_index.llms.llama_cpp import LlamaCPP  # type: ignore[import-untyped,import-not-found,unused-ignore]

    made = LlamaCPP(model_path=path, temperature=0.0, max_new_tokens=limits.tokens, context_window=CONTEXT_TOKENS, verbose=False)
    return cast("LLM", made)


def _huggingface(spec: LlmSpec, limits: Limits, _: str | None) -> "LLM":
    path = _existing(spec, "a folder with the model and its tokenizer", Path.is_dir)
    from llama_index.llms.huggingface import HuggingFaceLLM  # type: ignore[import-untyped,import-not-found,unused-ignore]

    made = HuggingFaceLLM(
        model_name=path,
        tokenizer_name=path,
        context_window=CONTEXT_TOKENS,
        max_new_tokens=limits.tokens,
        generate_kwargs={"do_sample": False},
        model_kwargs={"local_files_only": True},
        tokenizer_kwargs={"local_files_only": True},
    )
    return cast("LLM", made)


def _existing(spec: LlmSpec, what: str, is_there: Callable[[Path], bool]) -> str:
    path = Path(spec.model).expanduser()
    if not is_there(path):
        raise InputError(what, f"{path}: none there", "give the path of a model that is on this machine")
    return str(path)


def _is_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
