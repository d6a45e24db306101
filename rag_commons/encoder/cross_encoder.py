"""Opening a cross-encoder: a folder or a model of the hub that sentence-transformers reads; no code of the model is run."""

from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError

from rag_commons.encoder.hub import fetch_model
from rag_commons.errors import EncoderUnusable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


def open_cross_encoder(spec: str, option: str) -> "CrossEncoder":
    """Return the model of a folder or of the hub; EncoderUnusable, which names the command's option, when there is none."""
    path = Path(spec).expanduser()
    if not path.is_dir():
        if path.is_absolute() or spec.startswith((".", "~")) or spec.count("/") > 1:
            raise EncoderUnusable("the folder of a cross-encoder", f"{path}, which does not exist", f"check the path of {option}")
        path, _ = fetch_model(spec)
    from sentence_transformers import CrossEncoder

    try:
        opened: CrossEncoder = CrossEncoder(str(path), trust_remote_code=False, local_files_only=True)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, ImportError, SafetensorError) as error:
        raise EncoderUnusable(
            "a cross-encoder that sentence-transformers reads without running code of its own",
            f"{spec}: {type(error).__name__}: {str(error)[:300]}",
            "give another model, or copy its folder again",
        ) from error
    return opened
