"""Removing documents, and making the derived indexes again.

When `remove` returns, nothing of the text is left in any file of the index: the store is rewritten without it, the lexical index is
made from what remains, the vectors are gone and the generation before is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag_commons.encoder import Encoder
from rag_commons.index.encoders import load_present
from rag_commons.index.manifest import EncoderIdentity, Manifest
from rag_commons.index.progress import Watcher, unwatched
from rag_commons.index.publication import publish
from rag_commons.index.session import writing
from rag_commons.index.workers import Workers

_CONDITIONS = {
    "id": "id = ?",
    "collection": "collection IN (SELECT key FROM names WHERE kind = 'collection' AND name = ?)",
    "holder": "holder IN (SELECT key FROM names WHERE kind = 'holder' AND name = ?)",
}


@dataclass(frozen=True, slots=True)
class RemovalReport:
    """What left the index; `unknown` are the ids, collections and holders that named nothing."""

    documents: int
    passages: int
    unknown: tuple[str, ...]
    generation: int


def remove(
    directory: Path,
    document_ids: Sequence[str] = (),
    collections: Sequence[str] = (),
    holders: Sequence[str] = (),
    progress: Watcher = unwatched,
) -> RemovalReport:
    """Remove documents by id, whole collections and whole holders; raises IndexUnusable.

    What an interrupted ingest left waiting goes on waiting, less what is removed.
    """
    documents = passages = 0
    unknown = []
    with writing(directory, create=False) as session, Workers() as workers:
        store, manifest = session.store, session.manifest
        store.begin()
        store.postpone()
        for kind, names in (("id", document_ids), ("collection", collections), ("holder", holders)):
            for name in dict.fromkeys(names):
                found = store.remove(_CONDITIONS[kind], (name,))
                documents, passages = documents + found[0], passages + found[1]
                if not found[0]:
                    unknown.append(name)
        store.commit()
        if documents:
            manifest = publish(session, None, workers, progress, thorough=True)
    return RemovalReport(documents, passages, tuple(unknown), manifest.generation if manifest else 0)


def rebuild(directory: Path, encoder: Encoder | None = None, progress: Watcher = unwatched) -> Manifest:
    """Make the derived indexes again from the store alone; raises IndexUnusable and EncoderUnusable.

    Another encoder may take the place of the one that the index had; without one, that which the manifest names is loaded as it is
    today, so that an index goes on after a release with new weights. Documents that an interrupted ingest left waiting enter too.
    """
    with writing(directory, create=False) as session, Workers() as workers:
        if session.manifest:
            named = session.manifest.encoder
            encoder = encoder or load_present(session.layout, named)
            if EncoderIdentity.of(encoder).fingerprint != named.fingerprint:
                session.store.forget_vectors()
        return publish(session, encoder, workers, progress, thorough=True, anew=True)
