"""An open index: searches, passages, documents. It asks again before it answers, so that what was removed never comes back.

Every method compares the manifest's file with the one it read (a microsecond) and opens the new generation when there is one.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from rag_commons.documents import Document, Passage
from rag_commons.encoder import Encoder
from rag_commons.errors import EncoderUnusable, IndexUnusable
from rag_commons.index.allowed import Allowed, Years
from rag_commons.index.context import analysis_fingerprint
from rag_commons.index.dense import DenseIndex
from rag_commons.index.encoders import load_named
from rag_commons.index.layout import Layout, file_sha256
from rag_commons.index.lexical import Boosts, LexicalIndex
from rag_commons.index.manifest import FileRecord, Manifest, read_manifest
from rag_commons.index.preparation import ALLOWS
from rag_commons.index.session import read_seal
from rag_commons.index.sparse import SparseIndex
from rag_commons.index.store import Store
from rag_commons.licences.combination import Permission
from rag_commons.licences.provenance import Provenance
from rag_commons.text.analysis import analyse

_REBUILD = "run `rag-commons index rebuild`"
_FILTERS = 64


@dataclass(frozen=True, slots=True)
class _Generation:
    """A published generation, open."""

    stamp: tuple[int, int, int]
    manifest: Manifest
    store: Store
    store_inode: int
    dense: DenseIndex | SparseIndex
    lexical: LexicalIndex
    filters: "OrderedDict[tuple[object, ...], Allowed]"


class Index:
    """An index that is open for reading. Every method may be called from any thread."""

    def __init__(self, layout: Layout, generation: _Generation) -> None:
        self._layout = layout
        self._generation = generation
        self._lock = Lock()

    @classmethod
    def open(cls, directory: Path) -> "Index":
        """Open an index; IndexUnusable when it is missing, damaged, half-written or foreign."""
        layout = Layout(Path(directory))
        return cls(layout, _open(layout, None))

    @property
    def name(self) -> str:
        """The name of the index: that of its folder."""
        return self._layout.root.resolve().name

    @property
    def manifest(self) -> Manifest:
        """The manifest of the published generation."""
        return self._current().manifest

    def load_encoder(self) -> Encoder:
        """Load the encoder that the manifest names; EncoderUnusable when it can't be found, or is no longer the same."""
        return load_named(self._layout, self._current().manifest.encoder)

    def refresh(self) -> bool:
        """Open the generation that was published since, and say whether there was one; every other method does so first."""
        before = self._generation
        return self._current() is not before

    def dense_search(self, vector: NDArray[np.float32], k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """Return at most k (passage key, product), best first; `vector` is the encoder's, and the product of units a cosine."""
        generation = self._current()
        if vector.shape != (generation.dense.dimension,):
            encoder = generation.manifest.encoder
            raise EncoderUnusable(f"a vector of {encoder.dimension} from {encoder.id}", f"shape {vector.shape}", "encode with that encoder")
        return generation.dense.search(vector, k, allowed)

    def lexical_search(
        self,
        question: str | Sequence[str],
        k: int,
        allowed: Allowed | None = None,
        boosts: Boosts | None = None,
        covering: Mapping[str, float] | None = None,
    ) -> list[tuple[int, float]]:
        """Return at most k (passage key, score), best first, for a question or for terms of `analyse`.

        The score is BM25's and, for each term of `covering` that the passage has in any field, what it is worth there.
        """
        terms = analyse(question) if isinstance(question, str) else question
        return self._current().lexical.search(terms, k, allowed, boosts, covering)

    def frequency(self, term: str) -> int:
        """Return how many passages have a term of `analyse`, counting those that were replaced and not merged away yet."""
        return self._current().lexical.frequency(term)

    def allowed(
        self,
        licences: Sequence[str] = (),
        collections: Sequence[str] = (),
        holders: Sequence[str] = (),
        languages: Sequence[str] = (),
        allow: Sequence[Permission] = (),
        document_ids: Sequence[str] | None = None,
        exclude_document_ids: Sequence[str] = (),
        years: Years = (None, None),
    ) -> Allowed | None:
        """Return the passages that pass the filters, None when there is no filter.

        Names are exact; several of one kind are alternatives, kinds add up. `allow` (commercial, adaptation) asks it of the
        licences of all layers; an empty sequence of `document_ids` leaves nothing. A bound of `years` leaves out what has no date.
        """
        named = (
            ("licence", licences),
            ("collection", collections),
            ("holder", holders),
            ("language", languages),
            ("not id", exclude_document_ids),
        )
        conditions = [(column, tuple(wanted)) for column, wanted in named if wanted]
        if document_ids is not None:
            conditions.append(("id", tuple(document_ids)))
        if not conditions and not allow and years == (None, None):
            return None
        uses = sum(ALLOWS[use] for use in set(allow))
        generation, key = self._current(), (*conditions, uses, years)
        found = generation.filters.get(key)
        if found is None:
            found = generation.store.allowed(conditions, uses, years, generation.manifest.generation)
            with self._lock:
                generation.filters[key] = found
                if len(generation.filters) > _FILTERS:
                    generation.filters.popitem(last=False)
        return found

    def passage(self, key: int) -> tuple[Passage, Provenance] | None:
        """Return a passage and its provenance, None when it is gone; IndexUnusable when it does not match its sha256."""
        generation = self._current()
        return generation.store.passage(key, generation.manifest.generation)

    def passages(self, keys: Sequence[int]) -> dict[int, tuple[Passage, Provenance]]:
        """Return passages and their provenance by key, less those that are gone: quicker than one by one."""
        generation = self._current()
        return generation.store.passages(keys, generation.manifest.generation)

    def document(self, identity: str) -> Document | None:
        """Return a document, None when the index has none of this id."""
        generation = self._current()
        return generation.store.document(identity, generation.manifest.generation)

    def document_ids(self) -> list[str]:
        """Return the ids of all documents, in order of entry."""
        generation = self._current()
        return generation.store.document_ids(generation.manifest.generation)

    def document_passages(self, identity: str) -> range:
        """Return the keys of a document's passages, in order of the text."""
        generation = self._current()
        return generation.store.document_passages(identity, generation.manifest.generation)

    def holds(self, identity: str) -> bool:
        """Whether the index has a document, now."""
        generation = self._current()
        return generation.store.holds(identity, generation.manifest.generation)

    def same_text(self, key: int) -> tuple[str, ...]:
        """Return the ids of the other documents with the same text as this passage's."""
        generation = self._current()
        return generation.store.same_text(key, generation.manifest.generation)

    def keys(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the passage keys of the store, of the dense and of the lexical index: the same ones, where all is well."""
        generation = self._current()
        return generation.store.keys(generation.manifest.generation), generation.dense.keys(), generation.lexical.keys()

    def _current(self) -> _Generation:
        generation = self._generation
        if _stamp(self._layout) == generation.stamp:
            return generation
        with self._lock:
            if _stamp(self._layout) != self._generation.stamp:
                self._generation = _open(self._layout, self._generation)
            return self._generation


def _stamp(layout: Layout) -> tuple[int, int, int]:
    try:
        found = layout.manifest.stat()
    except OSError:
        read_manifest(layout)
        return (0, 0, 0)
    return found.st_ino, found.st_mtime_ns, found.st_size


def _open(layout: Layout, previous: _Generation | None) -> _Generation:
    """Open what the manifest names, once more when it was replaced meanwhile."""
    for _ in range(20):
        stamp = _stamp(layout)
        manifest = read_manifest(layout)
        try:
            return _open_generation(layout, stamp, manifest, previous)
        except IndexUnusable:
            if _stamp(layout) == stamp:
                raise
    raise IndexUnusable(f"an index in {layout.root} that holds still", "a manifest that changes all the time", "try again in a moment")


def _open_generation(layout: Layout, stamp: tuple[int, int, int], manifest: Manifest, previous: _Generation | None) -> _Generation:
    for record in manifest.files:
        _check_file(layout, record)
    store, inode = _open_store(layout, manifest, previous)
    path = layout.vectors(manifest.generation, manifest.encoder.sparse)
    dense = SparseIndex(path) if manifest.encoder.sparse else DenseIndex(path, manifest.dense)
    lexical = LexicalIndex(layout.lexical(manifest.generation))
    _check_counts(layout, manifest, dense, lexical)
    return _Generation(stamp, manifest, store, inode, dense, lexical, OrderedDict())


def _check_file(layout: Layout, record: FileRecord) -> None:
    path = layout.root / record.path
    try:
        size = path.stat().st_size
    except OSError:
        raise IndexUnusable(f"the file {path}", "no such file", _REBUILD) from None
    if size != record.size:
        raise IndexUnusable(f"{record.size} bytes in {path}", f"{size}", _REBUILD)
    if file_sha256(path, record.head) != record.head_sha256:
        raise IndexUnusable(f"the beginning of {path} as it was written", "other bytes", _REBUILD)


def _open_store(layout: Layout, manifest: Manifest, previous: _Generation | None) -> tuple[Store, int]:
    seal = read_seal(layout)
    try:
        found = layout.store.stat()
    except OSError:
        raise IndexUnusable(f"the store {layout.store}", "no such file", "restore it from a copy, or ingest into another folder") from None
    # a seal that was broken meanwhile says nothing: a writer is at work
    if seal and found.st_size != seal[0] and read_seal(layout) == seal:
        raise IndexUnusable(
            f"{seal[0]} bytes in {layout.store}", f"{found.st_size}", "restore it from a copy, or ingest into another folder"
        )
    if previous and previous.store_inode == found.st_ino and previous.store.identity == manifest.store_id:
        return previous.store, found.st_ino
    store = Store(layout.store)
    if store.identity != manifest.store_id:
        store.close()
        raise IndexUnusable(
            f"the store of the manifest in {layout.root}", "the store of another index", "put them back together from a copy"
        )
    return store, found.st_ino


def _check_counts(layout: Layout, manifest: Manifest, dense: DenseIndex | SparseIndex, lexical: LexicalIndex) -> None:
    if analysis_fingerprint() != manifest.analysis:
        raise IndexUnusable(f"terms of this release's analysis in {layout.root}", "those of another release", _REBUILD)
    expected = (manifest.passages, manifest.passages, manifest.encoder.dimension)
    seen = (dense.passages, lexical.passages, dense.dimension)
    if expected != seen:
        raise IndexUnusable(f"(vectors, texts, dimension) = {expected} in {layout.root}", f"{seen}", _REBUILD)
