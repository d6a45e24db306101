"""The encoder of an index: the one that its manifest names, and where an adapted one lies.

An encoder adapted to an index is part of it, and moves with its folder: its id is `index:` and its checksum, a name that means
nothing elsewhere.
"""

from pathlib import Path

from rag_commons.encoder import Encoder, load_encoder
from rag_commons.encoder.folder import folder_checksum
from rag_commons.encoder.loading import OWN
from rag_commons.encoder.static import StaticEncoder
from rag_commons.errors import EncoderUnusable
from rag_commons.index.layout import Layout
from rag_commons.index.manifest import EncoderIdentity, read_manifest


def adapted_folder(layout: Layout, identity: EncoderIdentity) -> Path | None:
    """Return the folder of the encoder that was adapted to this index, None where the index has an encoder from elsewhere."""
    return layout.adapted(identity.id.removeprefix(OWN)) if identity.id.startswith(OWN) else None


def load_named(layout: Layout, identity: EncoderIdentity) -> Encoder:
    """Load the encoder that a manifest names; EncoderUnusable when there is none, or it is no longer the same."""
    encoder = load_present(layout, identity)
    identity.check(encoder)
    return encoder


def load_present(layout: Layout, identity: EncoderIdentity) -> Encoder:
    """Load what bears the name of an index's encoder today: the same, or a later release of it; EncoderUnusable when there is none."""
    folder = adapted_folder(layout, identity)
    if folder is None:
        return load_encoder(identity.id, identity.settings)
    if folder_checksum(folder) != identity.checksum:
        raise EncoderUnusable(
            f"the weights in {folder} as they were written", "other bytes", "restore the index from a copy, or ingest into another folder"
        )
    return StaticEncoder(folder, identity.id, identity.revision, identity.settings)


def load_index_encoder(directory: Path) -> Encoder:
    """Load the encoder of the index in a folder; IndexUnusable where there is no index."""
    layout = Layout(Path(directory))
    return load_named(layout, read_manifest(layout).encoder)
