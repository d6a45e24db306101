"""Publishing a generation: derived indexes from the store, then the manifest, then away with what the older one had.

The order is the law: files are whole and on the disk before the manifest names them, and nothing that the published manifest
names is deleted before a newer one is published.
"""

from collections.abc import Iterator, Sequence
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
from rag_commons.index.workers import Workers
from rag_commons.index.writing import StoreWriter

_NONE = Count(0, 0, 0)


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
    dimension = encoder.dimension if encoder else _published(session).encoder.dimension
    documents = [document for document, _, _ in plan.leaving]
    grown = (plan.added, layout.lexical(previous), documents)
    lexical = LexicalWriter(layout.lexical(store.generation), *((plan.total.passages,) if plan.lexical else grown))
    total = max(plan.total.passages if plan.dense else plan.added, plan.total.passages if plan.lexical else plan.added)
    with DenseWriter(dimension, layout.dense(store.generation).parent) as dense:
        done = 0
        for entering, part in _slices(store, plan, workers):
            keys = [entry.key for entry in part.entries]
            if part.contexts and encoder is not None:
                dense.add(keys, _encode(store, encoder, keys, part.contexts))
            if entering or plan.lexical:
                for entry in part.entries:
                    lexical.add(entry.key, entry.document, entry.title, entry.section, entry.body)
            done += len(keys)
            watch(Progress("index", passages=done, total=total))
        lexical.finish()
        if plan.dense or manifest is None:
            return dense.finish(layout.dense(store.generation))
        if encoder is None and not _intact(session, "dense"):
            raise IndexUnusable(f"{layout.dense(previous)} as it was written", "other bytes", "run `rag-commons index rebuild` first")
        gone = [first + number for _, first, count in plan.leaving for number in range(count)]
        return dense.finish(layout.dense(store.generation), (layout.dense(previous), manifest.dense), gone)


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


def _encode(store: StoreWriter, encoder: Encoder, keys: Sequence[int], contexts: Sequence[str]) -> NDArray[np.float32]:
    """Return the vectors of passages; those of an encoder that is no mere table are kept, and made once."""
    if encoder.static:
        return encoder.encode_documents(contexts)
    kept = store.vectors(keys)
    missing = [number for number, key in enumerate(keys) if key not in kept]
    if missing:
        made = encoder.encode_documents([contexts[number] for number in missing]).astype(np.float16)
        new = {keys[number]: row.tobytes() for number, row in zip(missing, made, strict=True)}
        store.keep_vectors(new)
        kept |= new
    return np.stack([np.frombuffer(kept[key], dtype=np.float16) for key in keys]).astype(np.float32)


def _describe(session: Session, identity: EncoderIdentity, total: Count, facts: DenseFacts) -> Manifest:
    store, layout = session.store, session.layout
    dense, lexical = layout.dense(store.generation), layout.lexical(store.generation)
    records = [_record(layout.root, dense, head_bytes(dense, identity.dimension, total.passages, facts))]
    records += [_record(layout.root, path) for path in sorted(lexical.iterdir()) if not path.name.endswith(".lock")]
    adapted = adapted_folder(layout, identity)
    records += [_record(layout.root, path) for path in sorted(adapted.iterdir())] if adapted else []
    for folder in (lexical, lexical.parent, dense.parent, *([adapted, adapted.parent] if adapted else [])):
        sync(folder)
    return Manifest(
        generation=store.generation,
        build=store.build_id(str(VERSION), analysis_fingerprint(), identity.checksum),
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
