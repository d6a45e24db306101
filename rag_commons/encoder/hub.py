"""Models of the Hugging Face hub: fetched once into its cache, then used from there without a network."""

from pathlib import Path

from rag_commons.encoder.folder import OTHER_FORMATS
from rag_commons.errors import EncoderUnusable


def fetch_model(name: str, backend: str = "torch") -> tuple[Path, str]:
    """Return the folder of a model of the hub and its commit, with the weights of a backend; pickled ones only where there are no others.

    Raises EncoderUnusable when the hub does not know it, or cannot be reached and the cache does not hold it.
    """
    from huggingface_hub import errors, snapshot_download

    left_out = [f"{folder}/*" for folder in sorted(OTHER_FORMATS - {backend})] + ["*.h5", "*.msgpack", "*.ot", "*.gguf"]
    try:
        if backend != "torch":
            # the plain export, not its many quantised twins
            others = [f"{backend}/*model_*", "*.safetensors", "pytorch_model*"]
            folder = Path(snapshot_download(name, ignore_patterns=[*left_out, *others]))
            return folder, folder.name
        left_out.append("*.onnx")
        folder = Path(snapshot_download(name, ignore_patterns=[*left_out, "*.bin"]))
        if not any(folder.rglob("*.safetensors")):
            folder = Path(snapshot_download(name, ignore_patterns=left_out))
    # its HTTP library is its own affair, and not the one that is installed as httpx
    except (OSError, ValueError, errors.HTTPError) as error:  # type: ignore[attr-defined]  # imported there, and raised
        reason = " ".join(str(error).split())[:200]
        raise EncoderUnusable(
            "a folder, or a model of the hub that is in the cache or can be fetched",
            f"{name!r}: {type(error).__name__}: {reason}",
            "check the name and the network, or give the path of a folder",
        ) from error
    return folder, folder.name
