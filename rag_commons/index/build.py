"""Ingesting: documents stream into the store, batch by committed batch, then a generation is published.

What is stopped halfway (Ctrl-C, a kill) leaves the old index readable and the committed documents waiting: the next ingest
skips them, as it skips all that did not change, and publishes.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import monotonic

from rag_commons.documents import Document
from rag_commons.encoder import Encoder, load_encoder
from rag_commons.errors import DocumentRefused, EncoderUnusable, InputError
from rag_commons.index.adaptation import adapt as adapt_encoder
from rag_commons.index.context import analysis_fingerprint
from rag_commons.index.details import content_sha256
from rag_commons.index.encoders import adapted_folder, load_named
from rag_commons.index.manifest import EncoderIdentity
from rag_commons.index.preparation import Incoming, Prepared, prepare_documents
from rag_commons.index.progress import Progress, Watcher, unwatched
from rag_commons.index.publication import note_refusals, publish
from rag_commons.index.schema import read_meta, write_meta
from rag_commons.index.session import Session, writing
from rag_commons.index.workers import Workers
from rag_commons.index.writing import StoreWriter
from rag_commons.sources.contract import check_document
from rag_commons.sources.near_duplicates import Repeats

_BATCH_CHARACTERS = 400_000
_BATCH_DOCUMENTS = 500
_COMMIT_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. `resumed` documents had been stored by one that was stopped; `same_text` share another's text.

    `repeats` is about the whole index, whatever came in now.
    """

    added: int
    replaced: int
    unchanged: int
    resumed: int
    same_text: int
    refusals: tuple[tuple[str, int], ...]
    documents: int
    passages: int
    text_bytes: int
    generation: int
    build: str
    seconds: float
    repeats: Repeats | None = None


@dataclass(slots=True)
class _Tally:
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    resumed: int = 0
    same_text: int = 0
    passages: int = 0
    text_bytes: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    fingerprints: dict[bytes, str] = field(default_factory=dict)
    seen: Counter[bytes] = field(default_factory=Counter)

    def refuse(self, error: DocumentRefused, identity: str = "") -> None:
        """Count a refusal; its fingerprint stays the same when the same corpus is ingested again."""
        self.refusals[error.reason] += 1
        same = sha256("\n".join((error.reason, identity, error.seen)).encode("utf-8", "replace")).digest()
        self.seen[same] += 1
        self.fingerprints[sha256(same + str(self.seen[same]).encode()).digest()] = error.reason


def ingest(
    directory: Path,
    items: Iterable[Document | DocumentRefused],
    encoder: Encoder | None = None,
    progress: Watcher = unwatched,
    *,
    adapt: bool = False,
) -> IngestReport:
    """Add documents to an index, creating it where there is none; unchanged ones cost nothing, changed ones replace.

    Without an encoder, that of the index goes on, or the shipped one begins. `adapt` trains it on the documents of a new index, once
    they are stored; an index that was adapted keeps its encoder. Raises IndexUnusable, and EncoderUnusable when the index was made with
    another encoder. Documents that a source or the checks refuse are counted by reason.
    """
    start = monotonic()
    tally = _Tally()
    with writing(directory, create=True) as session, Workers() as workers:
        fresh = adapt and session.manifest is None
        encoder = _choose_encoder(session, encoder, adapt)
        if not fresh:
            _check_encoder(session, encoder)
        _store(session, items, workers, tally, progress)
        if fresh:
            encoder = adapt_encoder(session, encoder, progress)
            _check_encoder(session, encoder)
        published = session.manifest.generation if session.manifest else 0
        # a release that cuts words otherwise would no longer find those of the lexical index
        stale = session.manifest is not None and session.manifest.analysis != analysis_fingerprint()
        if session.manifest is None or stale or session.store.pending(published):
            manifest = publish(session, encoder, workers, progress)
        else:
            manifest = note_refusals(session)
    return IngestReport(
        added=tally.added,
        replaced=tally.replaced,
        unchanged=tally.unchanged,
        resumed=tally.resumed,
        same_text=tally.same_text,
        refusals=tuple(sorted(tally.refusals.items())),
        documents=manifest.documents,
        passages=manifest.passages,
        text_bytes=manifest.total.text_bytes,
        generation=manifest.generation,
        build=manifest.build,
        seconds=monotonic() - start,
        repeats=manifest.repeats,
    )


def _choose_encoder(session: Session, given: Encoder | None, adapt: bool) -> Encoder:
    """Return the encoder to go on with, or to begin with; EncoderUnusable for one to adapt when the index has vectors of another."""
    if session.manifest is None:
        return given or load_encoder()
    named = session.manifest.encoder
    if adapt and adapted_folder(session.layout, named) is None:
        raise EncoderUnusable(
            "a new index, whose encoder is adapted before the first vectors are made",
            f"{session.layout.root}, made with {named.id}",
            "leave --adapt out, or ingest into another folder",
        )
    return load_named(session.layout, named) if adapt or given is None else given


def _check_encoder(session: Session, encoder: Encoder) -> None:
    """Refuse another encoder than that of the index; forget the costly vectors of another one, which an ingest that did not end left."""
    if session.manifest:
        session.manifest.encoder.check(encoder)
        return
    given = EncoderIdentity.of(encoder).fingerprint
    if read_meta(session.store.connection, "encoder") != given:
        session.store.begin()
        # costly vectors that another encoder made and no generation uses
        session.store.connection.execute("DELETE FROM vectors")
        write_meta(session.store.connection, "encoder", given)
        session.store.commit()


def _store(session: Session, items: Iterable[Document | DocumentRefused], workers: Workers, tally: _Tally, progress: Watcher) -> None:
    """Store what is new, committing as it goes; an interruption forgets the batch that was under way, whole documents only."""
    store = session.store
    uncommitted = 0
    waiting: Counter[str] = Counter()
    for prepared in workers.map(prepare_documents, _batches(_incoming(store, items, tally, waiting))):
        store.begin()
        for document in prepared:
            _insert(store, document, tally)
            waiting[document.id] -= 1
            if not waiting[document.id]:
                del waiting[document.id]
            uncommitted += document.characters
        if uncommitted >= _COMMIT_CHARACTERS:
            store.commit()
            uncommitted = 0
        progress(Progress("store", tally.added + tally.replaced, tally.passages, tally.text_bytes))
    store.begin()
    store.refuse(tally.fingerprints)
    store.commit()


def _incoming(store: StoreWriter, items: Iterable[Document | DocumentRefused], tally: _Tally, waiting: Counter[str]) -> Iterator[Incoming]:
    """Yield the documents that pass the checks and differ from what the store has; `waiting` counts those of each id under way.

    What comes again while its first version is under way is compared when it is stored, or it would be compared with the one before.
    """
    for item in _readable(items):
        if isinstance(item, DocumentRefused):
            tally.refuse(item)
            continue
        try:
            check_document(item)
        except DocumentRefused as error:
            tally.refuse(error, item.id)
            continue
        text = sha256(item.text.encode()).digest()
        incoming = Incoming(item, text, content_sha256(item, text))
        if waiting[item.id] > 0 or not _known(store, item.id, incoming.content_sha256, tally):
            waiting[item.id] += 1
            yield incoming


def _readable(items: Iterable[Document | DocumentRefused]) -> Iterator[Document | DocumentRefused]:
    """Yield the items, so that what a source cannot read is not taken for a fault of the index."""
    try:
        yield from items
    except (OSError, sqlite3.Error) as error:
        raise InputError(
            "a source that can be read to its end", str(error), "check it, then run the same ingest again: it resumes"
        ) from error


def _known(store: StoreWriter, identity: str, content: bytes, tally: _Tally) -> bool:
    current = store.current(identity)
    if current is None or current.content_sha256 != content:
        return False
    if current.added == store.generation and current.key <= store.found:
        tally.resumed += 1
    else:
        tally.unchanged += 1
    return True


def _batches(documents: Iterable[Incoming]) -> Iterator[tuple[Incoming, ...]]:
    batch: list[Incoming] = []
    characters = 0
    for incoming in documents:
        batch.append(incoming)
        characters += len(incoming.document.text)
        if characters >= _BATCH_CHARACTERS or len(batch) >= _BATCH_DOCUMENTS:
            yield tuple(batch)
            batch, characters = [], 0
    if batch:
        yield tuple(batch)


def _insert(store: StoreWriter, document: Prepared, tally: _Tally) -> None:
    """Store a document, in the place of the version before it; what came twice meanwhile is known by now."""
    if _known(store, document.id, document.content_sha256, tally):
        return
    current = store.current(document.id)
    tally.same_text += store.has_text(document.text_sha256, but=document.id)
    if current is not None:
        store.retire(current.key)
        tally.replaced += 1
    else:
        tally.added += 1
    store.insert(document)
    tally.passages += len(document.passages)
    tally.text_bytes += document.text_bytes
