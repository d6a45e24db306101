"""Encoders side by side: passages a second of one core, size, which documents each finds alone and fused with the words of the question.

    python eval/bench_encoders.py --index indexes/commons --questions ../shared/data/questions/piaf.jsonl
    python eval/bench_encoders.py --index DIR --questions FILE --encoder FOLDER --encoder onnx:FOLDER --passages 20000

Without `--encoder` the shipped one and, where it is another, that of the index are measured. A name of the hub or a folder may have
`onnx:` or `openvino:` before it. All rows search the same passages: those of the documents that answer, and of as many others, drawn by
chance, as `--passages` says (default: all). Questions are of the development part, which nothing shipped was trained on, unless
`--part` says otherwise; an encoder adapted to the index has read its text, not the questions. Time is of the processor, all threads
together, reading aside; a model's first batch is not counted. « fused » is the retriever's own fusion (no ranker), where all passages are
searched; the last lines give gains over the first encoder, with the middle 95 % of bootstrap draws of titles.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from judging import Question, interval
from numpy.typing import NDArray

from rag_commons.encoder import Encoder, Settings, load_encoder
from rag_commons.encoder.corpus import part_of
from rag_commons.encoder.loading import WEIGHTS
from rag_commons.errors import CommonsError, IndexUnusable
from rag_commons.index.context import passage_context
from rag_commons.index.opened import Index
from rag_commons.retrieval.asking import Asked
from rag_commons.retrieval.finding import depth, find, join, prepare
from rag_commons.retrieval.fusion import Calibration, Fused, Scores
from rag_commons.text.analysis import analyse

CUTOFFS = (1, 5, 20)
DEEP = 20  # passages that the retriever is asked for
_BATCH = 1024


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages to search: their keys, what an encoder reads, and the number of the text that each is of; `numbers` gives it by document."""

    keys: NDArray[np.int64]
    contexts: list[str]
    texts: NDArray[np.int64]
    numbers: dict[str, int]


def main() -> None:
    asked = read_arguments()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    index = Index.open(asked.index)
    questions = read_questions(asked.questions, index, asked.part)
    pool = read_pool(index, questions, asked.passages)
    print(f"{len(questions)} questions of the part {asked.part}, {len(pool.keys):,} passages, {int(pool.texts.max()) + 1:,} texts\n")
    heads = ["encoder", "dimension", "MB", "passages/s of one core", "ms a question", *_heads("alone"), *_heads("fused")]
    print(f"| {' | '.join(heads)} |")
    print("|---" * len(heads) + "|")
    milliseconds, words = by_words(index, questions, pool)
    say(["BM25, French analysis", "", "", "", f"{milliseconds:.2f}"], words, words)
    whole = asked.passages is None
    found: dict[str, tuple[list[int], list[int]]] = {}
    for encoder in encoders(asked.encoder, index):
        rate, vectors = encode(encoder, pool.contexts)
        megabytes = sum(file.stat().st_size for file in place(encoder).rglob("*") if file.is_file()) / 1e6
        milliseconds, rows = ask(encoder, questions)
        backend = getattr(encoder, "settings", Settings()).backend
        name = f"{encoder.id} ({backend})" if backend else encoder.id
        alone, fused = by_vectors(index, questions, pool, vectors, rows, whole)
        say([name, str(encoder.dimension), f"{megabytes:.1f}", f"{rate:,.0f}", f"{milliseconds:.2f}"], alone, fused)
        found[name] = alone, fused
    say_gains(found, [question.title for question in questions])


def _heads(name: str) -> list[str]:
    return [f"{name} R@{cutoff}" for cutoff in CUTOFFS]


def say_gains(found: dict[str, tuple[list[int], list[int]]], titles: Sequence[str]) -> None:
    (_, base), *others = found.items()
    for name, ranks in others:
        for kind, one, other in zip(("alone", "fused"), ranks, base, strict=True):
            gains = []
            for cutoff in CUTOFFS if one and other else ():
                mean, low, high = interval((np.array(one) <= cutoff) * 1.0 - (np.array(other) <= cutoff), titles)
                gains.append(f"R@{cutoff} {100 * mean:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]")
            if gains:
                print(f"\n{name}, {kind}, over the first: {', '.join(gains)}")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True, help="JSON Lines with id, question, title and document_id")
    parser.add_argument("--part", choices=("test", "dev", "train"), default="dev")
    parser.add_argument("--encoder", action="append", default=[], metavar="[onnx:|openvino:]MODEL")
    parser.add_argument("--passages", type=int, help="how many passages beside those that answer (default: all)")
    return parser.parse_args()


def encoders(named: Sequence[str], index: Index) -> Iterator[Encoder]:
    if not named:
        shipped, own = load_encoder(), index.load_encoder()
        yield from (shipped, own) if own.checksum != shipped.checksum else (shipped,)
    for name in named:
        backend, _, rest = name.partition(":")
        yield load_encoder(rest, Settings(backend)) if backend in ("onnx", "openvino") else load_encoder(name)


def place(encoder: Encoder) -> Path:
    return Path(getattr(encoder, "path", WEIGHTS))


def read_questions(path: Path, index: Index, part: str) -> list[Question]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [row for row in rows if part_of(row["title"]) == part and index.holds(row["document_id"])]
    return [Question(row["id"], row["question"], frozenset({row["document_id"]}), row["title"]) for row in kept]


def read_pool(index: Index, questions: Sequence[Question], wanted: int | None) -> Pool:
    """Read the passages; documents that share a text have one number."""
    gold = {document for question in questions for document in question.gold}
    owners = {key: document for document in index.document_ids() for key in index.document_passages(document)}
    others = [key for key, document in owners.items() if document not in gold]
    if wanted is not None and wanted < len(others):
        others = np.random.default_rng(7).choice(others, wanted, replace=False).tolist()
    keys = np.array(sorted([*others, *(key for key, document in owners.items() if document in gold)]))
    contexts, texts, numbers, firsts = [], [], {}, {}
    for key in keys.tolist():
        read = index.passage(key)
        if read is None:
            raise IndexUnusable("an index that holds still", f"passage {key} went while it was read", "measure again")
        contexts.append(passage_context(read[1].title, read[0].section, read[0].text))
        if owners[key] not in numbers:
            first = min((owners[key], *index.same_text(key)))
            numbers[owners[key]] = firsts.setdefault(first, len(firsts))
        texts.append(numbers[owners[key]])
    return Pool(keys, contexts, np.array(texts), numbers)


def encode(encoder: Encoder, contexts: Sequence[str]) -> tuple[float, NDArray[np.float16]]:
    """Return passages a second of processor time, and the vectors as halves."""
    encoder.encode_documents(contexts[:8])
    rows, start = [], time.process_time()
    for first in range(0, len(contexts), _BATCH):
        rows.append(encoder.encode_documents(contexts[first : first + _BATCH]).astype(np.float16))
    return len(contexts) / max(time.process_time() - start, 1e-9), np.concatenate(rows)


def ask(encoder: Encoder, questions: Sequence[Question]) -> tuple[float, NDArray[np.float32]]:
    """Return milliseconds a question, and the vectors of the questions."""
    start = time.process_time()
    rows = np.stack([encoder.encode_query(question.text) for question in questions])
    return 1000 * (time.process_time() - start) / len(questions), rows


def by_vectors(
    index: Index, questions: Sequence[Question], pool: Pool, vectors: NDArray[np.float16], rows: NDArray[np.float32], whole: bool
) -> tuple[list[int], list[int]]:
    """Return the ranks by the vectors alone and, where the whole index is searched, by the retriever's fusion."""
    alone, fused = [], []
    places = {key: number for number, key in enumerate(pool.keys.tolist())}
    for start in range(0, len(rows), 128):
        some = rows[start : start + 128]
        parts = [some @ vectors[first : first + 8192].astype(np.float32).T for first in range(0, len(vectors), 8192)]
        for question, scores in zip(questions[start : start + 128], np.concatenate(parts, axis=1), strict=True):
            alone.append(rank(scores, question, pool))
            if whole:
                best = np.argsort(-scores, kind="stable")[: depth(DEEP)]
                near = [(int(pool.keys[row]), float(scores[row])) for row in best]
                joint = np.full(len(scores), -np.inf)
                for item in _fused(index, question.text, near):
                    joint[places[item.key]] = item.score
                fused.append(rank(joint, question, pool))
    return alone, fused


def _fused(index: Index, text: str, near: Scores) -> list[Fused]:
    asked, lexical = _words_of(index, text)
    return join(asked, near, lexical, DEEP, Calibration()).fused


@cache
def _words_of(index: Index, text: str) -> tuple[Asked, Scores]:
    """Return a question read and what its words find, which is the same for every encoder."""
    asked = prepare(index, text)
    return asked, find(index, asked, (), DEEP, None, Calibration()).lexical


def by_words(index: Index, questions: Sequence[Question], pool: Pool) -> tuple[float, list[int]]:
    """Search the words among the passages of the pool; what is not found comes last."""
    ranks, start = [], time.process_time()
    places = {key: number for number, key in enumerate(pool.keys.tolist())}
    for question in questions:
        row = np.full(len(pool.keys), -np.inf)
        for key, score in index.lexical_search(analyse(question.text), 5_000):
            if key in places:
                row[places[key]] = score
        ranks.append(rank(row, question, pool))
    return 1000 * (time.process_time() - start) / len(questions), ranks


def rank(scores: NDArray[np.float64] | NDArray[np.float32], question: Question, pool: Pool) -> int:
    """Return the rank of the text that answers, each text once; the last where it was not found."""
    best = scores[pool.texts == pool.numbers[min(question.gold)]].max()
    return 1 + len(np.unique(pool.texts[scores > best])) if np.isfinite(best) else len(pool.keys)


def say(cells: Sequence[str], alone: Sequence[int], fused: Sequence[int]) -> None:
    shares = [f"{100 * np.mean(np.array(ranks) <= cutoff):.1f}" if ranks else "" for ranks in (alone, fused) for cutoff in CUTOFFS]
    print(f"| {' | '.join([*cells, *shares])} |", flush=True)


if __name__ == "__main__":
    try:
        main()
    except CommonsError as error:
        sys.exit(str(error))
