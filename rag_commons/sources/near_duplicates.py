"""Near-duplicates: documents whose texts differ by a few words, by the errors of OCR or by what stands around them.

A text is known by its sketch: the smallest of the hashes of its windows of letters, spaces and punctuation left out (bottom-k
MinHash; Broder, "On the resemblance and containment of documents", 1997). Two sketches share what their texts share. The library
that does this best by name, datasketch, hashes one window at a time: 8 MB/s, where this does more than 100.

Nothing is dropped or merged here: both documents stay, under their own licences; they are counted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from rag_commons.documents import Document

SKETCH_BYTES = 128
KEY_BYTES = 16
# measured on 10,000 real texts: pairs above have nine words in ten in common (median); a copy with one wrong letter in a hundred
# is above 99 times in 100, one with two 72 times
_LEAST_SHARED = 0.7
_SHORTEST = 100
_NEIGHBOURS = 16
_CHUNK = 8192
_LETTERS = bytes(byte if byte >= 0x80 else ord(chr(byte).lower()) for byte in range(256))
_NO_LETTERS = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_TYPOGRAPHY = {"\u2019": "'", "\u00a0": " ", "\u202f": " "}
_ODD = 0x9E3779B97F4A7C15
_MIXER = 0xD6E8FEB86659FD93
_ALL = (1 << 64) - 1

Sketches = NDArray[np.uint32]
Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Repeats:
    """How much comes twice: documents whose very text another has (`same`), or nearly (`near`, in so many `groups`).

    Texts that are the same count once among the near ones. `across` are the groups that span several collections.
    """

    same: int = 0
    near: int = 0
    groups: int = 0
    across: int = 0


def sketch(text: str) -> bytes:
    """Return the sketch of a text, 128 bytes; none for one of less than a hundred letters, or that says the same over and over."""
    for written, plain in _TYPOGRAPHY.items():
        text = text.replace(written, plain)
    letters = text.encode("utf-8", "replace").translate(_LETTERS, _NO_LETTERS)
    if len(letters) < _SHORTEST:
        return b""
    hashes = _hashes(np.frombuffer(letters, dtype=np.uint8))
    kept = SKETCH_BYTES // 4
    # sorting a few is enough where hashes are many
    few = np.unique(hashes[hashes < np.uint64(min(_ALL, 8 * kept * (_ALL // len(hashes))))])
    smallest = (few if len(few) >= kept else np.unique(hashes))[:kept]
    return smallest.astype("<u4").tobytes() if len(smallest) == kept else b""


def _hashes(letters: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the hash of each window of 12 letters, made of those of 8 and 4, and these of halves in turn."""
    two = _joined(letters.astype(np.uint64) * np.uint64(_MIXER), 1)
    four = _joined(two, 2)
    eight = _joined(four, 4)
    twelve = eight[:-4] * _power(4) + four[8:]
    return (twelve ^ (twelve >> np.uint64(32))) * np.uint64(_MIXER)


def _joined(hashes: NDArray[np.uint64], width: int) -> NDArray[np.uint64]:
    return hashes[:-width] * _power(width) + hashes[width:]


def _power(exponent: int) -> np.uint64:
    return np.uint64(pow(_ODD, exponent, 1 << 64))


def near_pairs(keys: Sketches, sketches: Callable[[NDArray[np.int64]], Sketches]) -> Pairs:
    """Return the pairs of rows whose sketches share enough, one pair a row; `keys` are the first columns of all sketches.

    `sketches` gives the whole ones of those rows that are asked for. Rows that share a key are compared with their neighbours
    in the order of all keys, so that the work grows with the number of texts even where thousands are alike.
    """
    pairs = _candidates(keys)
    near = [pair for pair in np.array_split(pairs, max(1, len(pairs) // _CHUNK)) if len(pair)]
    found = [pair[_shared(sketches(pair[:, 0]), sketches(pair[:, 1])) >= _LEAST_SHARED] for pair in near]
    return np.concatenate([np.empty((0, 2), dtype=np.int64), *found])


def _candidates(keys: Sketches) -> Pairs:
    rows = np.repeat(np.arange(len(keys)), keys.shape[1])
    values = keys.reshape(-1)
    common, counts = np.unique(values, return_counts=True)
    held = np.isin(values, common[counts > 1])
    rows, values = rows[held], values[held]
    order = np.lexsort((*keys[rows].T[::-1], values))
    rows, values = rows[order], values[order]
    found = []
    for step in range(1, min(_NEIGHBOURS, max(1, len(rows) - 1)) + 1):
        same = values[step:] == values[:-step]
        found.append(np.stack((rows[:-step][same], rows[step:][same]), axis=1))
    pairs = np.sort(np.concatenate(found), axis=1)
    return np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)


def _shared(ones: Sketches, others: Sketches) -> NDArray[np.float64]:
    shared: NDArray[np.float64] = (ones[:, :, None] == others[:, None, :]).any(axis=2).mean(axis=1)
    return shared


def near_groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the rows that hang together by these pairs."""
    root: dict[int, int] = {}

    def find(row: int) -> int:
        root.setdefault(row, row)
        while root[row] != row:
            root[row] = row = root[root[row]]
        return row

    for one, other in pairs:
        root[find(other)] = find(one)
    groups: dict[int, list[int]] = {}
    for row in sorted(root):
        groups.setdefault(find(row), []).append(row)
    return list(groups.values())


def count_near(pairs: Pairs, collections: Callable[[int], object]) -> tuple[int, int, int]:
    """Return how many rows are near another, in how many groups, and how many of these span several collections."""
    groups = near_groups((int(one), int(other)) for one, other in pairs)
    return sum(map(len, groups)), len(groups), sum(len({collections(row) for row in group}) > 1 for group in groups)


@dataclass(slots=True)
class RepeatCounter:
    """Counts what comes twice in a stream, with some 200 bytes of memory a document."""

    _texts: dict[bytes, int] = field(default_factory=dict)
    _sketches: bytearray = field(default_factory=bytearray)
    _collections: list[str | None] = field(default_factory=list)

    def add(self, document: Document) -> None:
        """Note a document."""
        text = sha256(document.text.encode("utf-8", "replace")).digest()[:16]
        seen = self._texts[text] = self._texts.get(text, 0) + 1
        if seen == 1 and (drawn := sketch(document.text)):
            self._sketches += drawn
            self._collections.append(document.provenance.collection)

    def count(self) -> Repeats:
        """Return the counts so far."""
        same = sum(count for count in self._texts.values() if count > 1)
        rows = read_sketches(bytes(self._sketches))
        if not len(rows):
            return Repeats(same)
        pairs = near_pairs(rows[:, : KEY_BYTES // 4], lambda wanted: rows[wanted])
        return Repeats(same, *count_near(pairs, self._collections.__getitem__))


def read_sketches(data: bytes, size: int = SKETCH_BYTES) -> Sketches:
    """Return sketches, or their first bytes, that stand one after the other, as rows."""
    return np.frombuffer(data, dtype="<u4").reshape(-1, size // 4).astype(np.uint32, copy=False)
