"""Documents and an encoder for the tests of the index; run as a script, a writer that tests kill."""

import sys
import time
from hashlib import blake2b
from pathlib import Path

import numpy as np

from rag_commons.documents import Document, Section
from rag_commons.index import build
from rag_commons.index.removal import remove
from rag_commons.licences.provenance import Layer, Provenance
from rag_commons.text.analysis import analyse

_PLACES = ("Brest", "Namur", "Dakar", "Gaspé", "Nouméa", "Cayenne", "Genève", "Tunis")
_THINGS = ("phare", "moulin", "dictionnaire", "herbier", "carillon", "canal", "registre", "tapisserie")


class HashingEncoder:
    """Terms hashed to signed components: deterministic, and close texts have close vectors."""

    id, revision, dimension, checksum, static = "tests/hashing", "1", 48, "0" * 64, True

    def encode_documents(self, texts):
        return np.stack([self.encode_query(text) for text in texts]) if texts else np.zeros((0, self.dimension), np.float32)

    def encode_query(self, text):
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for term in analyse(text):
            digest = blake2b(term.encode(), digest_size=2).digest()
            vector[digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
        return vector / np.linalg.norm(vector)


def provenance(number=0, **changes):
    fields = {
        "title": f"Le {_THINGS[number % 8]} de {_PLACES[number // 8 % 8]}",
        "licence": ("CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0")[number % 3],
        "language": ("fr", "oc")[number % 2],
        "authors": (f"Autrice {number % 5}",),
        "holder": f"Musée {number % 4}",
        "collection": ("cartes", "notices")[number % 2],
        "url": f"https://exemple.test/{number}",
        "issued": "2014",
        "retrieved": "2024-05-01",
    }
    return Provenance(**(fields | changes))


def document(number, word="", **changes):
    """A document of a few passages, whose every passage has a word of its own."""
    paragraphs = []
    for paragraph in range(1 + number % 3):
        own = f"mot{number}x{paragraph}"
        sentence = f"Le {_THINGS[number % 8]} {own} fut bâti par des artisans venus de {_PLACES[(number + paragraph) % 8]} {word}."
        paragraphs.append(" ".join([sentence] + [f"On y compte {step} marches, {own} et deux cours pavées." for step in range(14)]))
    text = "\n\n".join(paragraphs)
    return Document(f"essai/{number}", text, provenance(number, **changes), (Section(0, 1, f"Histoire {number % 6}"),))


def layered(number):
    """A free text under an edition that forbids commerce."""
    return document(number, licence="CC-BY-4.0", layers=(Layer("edition", "CC-BY-NC-4.0", ("Éditrice",), None, "https://exemple.test/ed"),))


def stream(first, last, word, hold=False):
    """Documents one by one; held, the stream never ends, so that its writer is killed with the last of them not yet written."""
    yield from (document(number, word) for number in range(first, last - hold))
    while hold:
        time.sleep(1)


def main(command, directory, *rest):
    # many small commits, so that a kill falls between two of them
    build._BATCH_CHARACTERS, build._COMMIT_CHARACTERS = 20_000, 40_000
    sys.stdout.write("started\n")
    sys.stdout.flush()
    if command == "ingest":
        first, last, word = int(rest[0]), int(rest[1]), rest[2]
        build.ingest(Path(directory), stream(first, last, word, hold="hold" in rest), HashingEncoder())
    else:
        remove(Path(directory), collections=rest)


if __name__ == "__main__":
    main(*sys.argv[1:])
