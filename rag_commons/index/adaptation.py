"""Adapting: the encoder of a new index goes on learning on the text that came in, before the first vectors are made.

No question is needed, nor read. The vocabulary stays that of the encoder it starts from, and what is written is numbers: no word of
the corpus is in the weights. They are part of the index from then on, for as long as it lives: vectors of two encoders can't be
compared. A text that leaves the index has left no words there, but it did bear on the numbers.
"""

from collections.abc import Iterator
from hashlib import sha256
from shutil import rmtree

from rag_commons.encoder import Encoder
from rag_commons.encoder.corpus import titled
from rag_commons.encoder.loading import OWN
from rag_commons.encoder.pairs import TitledText
from rag_commons.encoder.static import StaticEncoder
from rag_commons.errors import EncoderUnusable
from rag_commons.index.details import unpack
from rag_commons.index.layout import sync
from rag_commons.index.progress import Progress, Watcher
from rag_commons.index.schema import connect_reader
from rag_commons.index.session import Session
from rag_commons.index.store import read_text, whole

_MOST = 120_000_000  # bytes of UTF-8 that are learnt from: more of them would cost time and memory, and change little
_PIECE = 20_000  # characters: what a long text is drawn by


def adapt(session: Session, base: Encoder, watch: Watcher) -> Encoder:
    """Train `base` on the documents of the generation in preparation and return the encoder, whose weights are in the index's folder.

    Stopped halfway, it leaves nothing that the next writer does not clear away. Raises EncoderUnusable unless `base` is static.
    """
    if not isinstance(base, StaticEncoder):
        raise EncoderUnusable("a static encoder to adapt", base.id, "leave --adapt out, or --encoder")
    from rag_commons.encoder.training import adapt_encoder

    layout = session.layout
    fresh = layout.adapted("fresh")
    if fresh.exists():
        rmtree(fresh)

    def step(done: int, total: int) -> None:
        watch(Progress("adapt", passages=done, total=total))

    adapt_encoder(_texts(session), base.path, fresh, step=step)
    for path in (*fresh.iterdir(), fresh):
        sync(path)
    name = StaticEncoder(fresh).checksum
    place = layout.adapted(name)
    if place.exists():
        rmtree(place)
    fresh.rename(place)
    sync(place.parent)
    return StaticEncoder(place, OWN + name, f"adapted from {base.id} {base.revision}")


def _texts(session: Session) -> Iterator[TitledText]:
    """Yield the texts, in order of entry; where there is too much, pieces drawn by chance, the same ones for the same documents."""
    store = session.store
    held = sum(count.text_bytes for count in store.count().values())
    with whole(store.path):
        connection = connect_reader(store.path)
        try:
            for document, _, _ in store.spans(only_added=False):
                row = connection.execute("SELECT id, first_block, characters, details FROM documents WHERE key = ?", (document,)).fetchone()
                identity, block, size, packed = row
                title = unpack(packed).provenance.title
                step = max(1, size) if held <= _MOST else _PIECE
                for start in range(0, size, step):
                    if held <= _MOST or _chance(f"{identity}\0{start}") * held < _MOST:
                        yield titled(title, read_text(connection, block, start, min(size, start + step)), size)
        finally:
            connection.close()


def _chance(name: str) -> float:
    """Return a number from 0 to 1 that is drawn by a name."""
    return int.from_bytes(sha256(name.encode()).digest()[:6], "big") / float(1 << 48)
