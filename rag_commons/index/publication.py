"""Publishing a generation: derived indexes from the store, then the manifest, then away with what the older one had.

The order is the law: files are whole and on the disk before the manifest names them, and nothing that the published manifest
names is deleted before a newer one is published.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag_commons.encoder import Encoder
from rag_commons.errors import EncoderUnusable, IndexUnusable
from rag_commons.index.context import analysis_fingerprint
from rag_commons.index.dense import DenseWriter, head_bytes, renewal_due
from rag_commons.index.encoders import adapted_folder
from rag_commons.index.layout import file_sha256, sync
from rag_commons.index.lexical import LexicalWriter
from rag_commons.index.manifest import VERSION, Count, DenseFacts, EncoderIdentity, FileRecord, Manifest, write_manifest
from rag_commons.index.progress import Progress, Watcher
from rag_commons.index.repeats import count_repeats
from rag_commons.index.schema import read_meta
from rag_commons.index.session import Session
from rag_commons.index.slices import Slice, cut_tasks, read_slice
from rag_commons.index.sparse import SparseWriter, pack_row
from rag_commons.index.workers import Workers
from rag_commons.index.writing import StoreWriter

_NONE = Count(0, 0, 0)
_COSTLY = 128  # passages encoded between two commits; a sparse row is as long as a vocabulary


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is made from nothing and what grows from the previous generation."""

    total: Count
    added: int
    leaving: list[tuple[int, int, int]]
    dense: bool
    lexical: bool


def publish(
    session: Session, encoder: Encoder | None, workers: Workers, watch: Watcher, thorough: bool = False, anew: bool = False
) -> Manifest:
    """Publish the generation that the session's store prepared, and return its manifest.

    Without an encoder documents can leave but none can enter. `thorough` leaves no trace of what left in any file; `anew` makes
    everything from the store alone.
    """
    store, layout = session.store, session.layout
    plan = _plan(session, encoder, thorough, anew)
    facts = _make(session, plan, encoder, workers, watch)
    identity = EncoderIdentity.of(encoder) if encoder else _published(session).encoder
    manifest = _describe(session, identity, plan.total, facts)
    write_manifest(layout, manifest)
    store.purge(store.generation)
    store.compact(thorough)
    layout.sweep(store.generation, adapted_folder(layout, identity))
    return manifest


def note_refusals(session: Session) -> Manifest:
    """Bring the counts of refusals in the manifest up to date, where nothing else changed."""
    manifest = _published(session)
    refusals = session.store.refusals()
    if refusals == manifest.refusals:
        return manifest
    manifest = replace(manifest, refusals=refusals)
    write_manifest(session.layout, manifest)
    return manifest


def _published(session: Session) -> Manifest:
    if session.manifest is None:
        raise EncoderUnusable("an encoder for the first generation of an index", "none", "ingest documents first")
    return session.manifest


def _plan(session: Session, encoder: Encoder | None, thorough: bool, anew: bool) -> _Plan:
    store, manifest = session.store, session.manifest
    total = store.count().get("", _NONE)
    leaving = store.leaving()
    gone = sum(passages for _, _, passages in leaving)
    added = sum(passages for _, _, passages in store.spans(only_added=True))
    first = manifest is None or anew
    return _Plan(
        total=total,
        added=added,
        leaving=leaving,
        dense=first or (encoder is not None and (renewal_due(_published(session).dense, total.passages) or not _intact(session, "dense"))),
        # terms of deleted passages stay in tantivy's segments until they are merged
        lexical=first or thorough or 5 * gone > total.passages or not _intact(session, "lexical"),
    )


def _intact(session: Session, kind: str) -> bool:
    """Whether a derived index can be grown: a damaged one would be given a new checksum, and its damage with it."""
    records = [record for record in _published(session).files if record.path.startswith(f"{kind}/")]
    paths = [session.layout.root / record.path for record in records]
    same = all(path.is_file() and file_sha256(path) == record.sha256 for path, record in zip(paths, records, strict=True))
    return same and (kind != "lexical" or _published(session).analysis == analysis_fingerprint())


def _make(session: Session, plan: _Plan, encoder: Encoder | None, workers: Workers, watch: Watcher) -> DenseFacts:
    """Make the dense and the lexical index of the generation in one pass over the passages that either needs."""
    store, layout, manifest = session.store, session.layout, session.manifest
    previous = manifest.generation if manifest else 0
    identity = EncoderIdentity.of(encoder) if encoder else _published(session).encoder
    place, older = layout.vectors(store.generation, identity.sparse), layout.vectors(previous, identity.sparse)
    documents = [document for document, _, _ in plan.leaving]
    grown = (plan.added, layout.lexical(previous), documents)
    lexical = LexicalWriter(layout.lexical(store.generation), *((plan.total.passages,) if plan.lexical else grown))
    total = max(plan.total.passages if plan.dense else plan.added, plan.total.passages if plan.lexical else plan.added)
    with _writer(identity, place) as dense:
        done = 0
        for entering, part in _slices(store, plan, workers):
            keys = [entry.key for entry in part.entries]
            if part.contexts and encoder is not None:
                _add_vectors(dense, store, encoder, keys, part.contexts)
            if entering or plan.lexical:
                for entry in part.entries:
                    lexical.add(entry.key, entry.document, entry.title, entry.section, entry.body)
            done += len(keys)
            watch(Progress("index", passages=done, total=total))
        lexical.finish()
        if plan.dense or manifest is None:
            return dense.finish(place)
        if encoder is None and not _intact(session, "dense"):
            raise IndexUnusable(f"{older} as it was written", "other bytes", "run `rag-commons index rebuild` first")
        gone = [first + number for _, first, count in plan.leaving for number in range(count)]
        return dense.finish(place, (older, manifest.dense), gone)


def _slices(store: StoreWriter, plan: _Plan, workers: Workers) -> Iterator[tuple[bool, Slice]]:
    """Yield the slices that an index needs, and whether they enter with this generation."""
    entering = cut_tasks(store.path, store.spans(only_added=True), contexts=True)
    if plan.dense or plan.lexical:
        newest = _added(store)
        old = (span for span in store.spans(only_added=False) if span[0] not in newest)
        for part in workers.map(read_slice, cut_tasks(store.path, old, contexts=plan.dense)):
            yield False, part
    for part in workers.map(read_slice, entering):
        yield True, part


def _added(store: StoreWriter) -> range:
    """Return the keys of the documents that enter: keys grow, so that they are the last ones."""
    first = next((document for document, _, _ in store.spans(only_added=True)), None)
    return range(0) if first is None else range(first, 1 << 62)


def _writer(identity: EncoderIdentity, path: Path) -> DenseWriter | SparseWriter:
    return SparseWriter(identity.dimension) if identity.sparse else DenseWriter(identity.dimension, path.parent)


def _add_vectors(
    writer: DenseWriter | SparseWriter, store: StoreWriter, encoder: Encoder, keys: Sequence[int], contexts: Sequence[str]
) -> None:
    """Give the vectors of passages to the index; those of an encoder that is no mere table are kept, and made once."""
    if isinstance(writer, SparseWriter):
        writer.add(keys, _kept(store, encoder, keys, contexts, pack_row))
    elif encoder.static:
        writer.add(keys, encoder.encode_documents(contexts))
    else:
        rows = _kept(store, encoder, keys, contexts, lambda row: row.astype(np.float16).tobytes())
        writer.add(keys, np.stack([np.frombuffer(row, dtype=np.float16) for row in rows]).astype(np.float32))


def _kept(
    store: StoreWriter, encoder: Encoder, keys: Sequence[int], contexts: Sequence[str], pack: Callable[[NDArray[np.float32]], bytes]
) -> list[bytes]:
    """Return the packed vectors of passages, those that the store lacks made and kept, some at a time."""
    kept = store.vectors(keys)
    missing = [number for number, key in enumerate(keys) if key not in kept]
    for start in range(0, len(missing), _COSTLY):
        numbers = missing[start : start + _COSTLY]
        made = encoder.encode_documents([contexts[number] for number in numbers])
        new = {keys[number]: pack(row) for number, row in zip(numbers, made, strict=True)}
        store.keep_vectors(new)
        kept |= new
    return [kept[key] for key in keys]


def _describe(session: Session, identity: EncoderIdentity, total: Count, facts: DenseFacts) -> Manifest:
    store, layout = session.store, session.layout
    dense, lexical = layout.vectors(store.generation, identity.sparse), layout.lexical(store.generation)
    head = None if identity.sparse else head_bytes(dense, identity.dimension, total.passages, facts)
    records = [_record(layout.root, dense, head)]
    records += [_record(layout.root, path) for path in sorted(lexical.iterdir()) if not path.name.endswith(".lock")]
    adapted = adapted_folder(layout, identity)
    records += [_record(layout.root, path) for path in sorted(adapted.iterdir())] if adapted else []
    for folder in (lexical, lexical.parent, dense.parent, *([adapted, adapted.parent] if adapted else [])):
        sync(folder)
    return Manifest(
        generation=store.generation,
        build=store.build_id(str(VERSION), analysis_fingerprint(), identity.fingerprint),
        store_id=read_meta(store.connection, "store") or "",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        analysis=analysis_fingerprint(),
        encoder=identity,
        total=total,
        collections=store.count("collection"),
        licences=store.count("licence"),
        languages=store.count("language"),
        holders=store.count("holder"),
        refusals=store.refusals(),
        dense=facts,
        files=tuple(records),
        repeats=count_repeats(store.connection, store.generation),
    )


def _record(root: Path, path: Path, head: int | None = None) -> FileRecord:
    sync(path)
    size = path.stat().st_size
    head = min(size, 4096 if head is None else head)
    return FileRecord(path.relative_to(root).as_posix(), size, file_sha256(path), head, file_sha256(path, head))
