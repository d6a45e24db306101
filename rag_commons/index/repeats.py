"""What comes twice in a generation: the same text, or nearly, under several ids; both stay, and are counted."""

import json
import sqlite3

import numpy as np
from numpy.typing import NDArray

from rag_commons.index.store import VISIBLE
from rag_commons.sources.near_duplicates import KEY_BYTES, Repeats, Sketches, count_near, near_pairs, read_sketches

# of texts that several documents have, the first stands for all
_KEYS = f"""
SELECT min(d.key), d.collection, substr(s.data, 1, {KEY_BYTES}) FROM documents d JOIN sketches s ON s.document = d.key
WHERE {VISIBLE} GROUP BY d.text_sha256 ORDER BY 1
"""
_SAME = (
    f"SELECT coalesce(sum(number), 0) FROM (SELECT count(*) AS number FROM documents WHERE {VISIBLE} GROUP BY text_sha256) WHERE number > 1"
)
_SKETCHES = "SELECT document, data FROM sketches WHERE document IN (SELECT value FROM json_each(?))"


def count_repeats(connection: sqlite3.Connection, generation: int) -> Repeats:
    """Return the counts of a generation; documents that an older release stored count only where their very text comes twice."""
    rows = connection.execute(_KEYS, {"generation": generation}).fetchall()
    same = connection.execute(_SAME, {"generation": generation}).fetchone()[0]
    if not rows:
        return Repeats(same)
    documents = np.array([document for document, _, _ in rows], dtype=np.int64)
    collections = [collection for _, collection, _ in rows]
    keys = read_sketches(b"".join(data for _, _, data in rows), KEY_BYTES)

    def sketches(wanted: NDArray[np.int64]) -> Sketches:
        numbers, places = np.unique(documents[wanted], return_inverse=True)
        found = dict(connection.execute(_SKETCHES, (json.dumps(numbers.tolist()),)).fetchall())
        return read_sketches(b"".join(found[number] for number in numbers.tolist()))[places]

    return Repeats(int(same), *count_near(near_pairs(keys, sketches), collections.__getitem__))
