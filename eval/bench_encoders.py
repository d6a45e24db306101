"""Encoders side by side: passages a second of one core, size, and which documents each finds alone, BM25 with French analysis beside them.

    python eval/bench_encoders.py --index /tmp/commons --questions ../shared/data/questions/piaf.jsonl
    python eval/bench_encoders.py --index DIR --questions FILE --encoder FOLDER --encoder onnx:FOLDER --passages 20000

Without `--encoder` the shipped one and, where it is another, that of the index are measured. A name of the hub or a folder may have
`onnx:` or `openvino:` before it. All rows search the same passages: those of the documents that answer, and of as many others, drawn by
chance, as `--passages` says (default: all). Questions are of the development part, which nothing shipped was trained on, unless
`--part` says otherwise; an encoder adapted to the index has read its text, not the questions. Time is of the processor, all threads
together, reading aside; a model's first batch is not counted.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from judging import Question
from numpy.typing import NDArray

from rag_commons.encoder import Encoder, Settings, load_encoder
from rag_commons.encoder.corpus import part_of
from rag_commons.encoder.loading import WEIGHTS
from rag_commons.errors import CommonsError, IndexUnusable
from rag_commons.index.context import passage_context
from rag_commons.index.opened import Index
from rag_commons.text.analysis import analyse

CUTOFFS = (1, 5, 20, 100)
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
    print("| encoder | dimension | MB | passages/s of one core | ms a question | R@1 | R@5 | R@20 | R@100 |")
    print("|---|---|---|---|---|---|---|---|---|")
    say("BM25, French analysis", "", "", "", *by_words(index, questions, pool))
    for encoder in encoders(asked.encoder, index):
        rate, vectors = encode(encoder, pool.contexts)
        megabytes = f"{sum(file.stat().st_size for file in place(encoder).rglob('*') if file.is_file()) / 1e6:.1f}"
        say(encoder.id, str(encoder.dimension), megabytes, f"{rate:,.0f}", *by_vectors(encoder, questions, pool, vectors))


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


def by_vectors(encoder: Encoder, questions: Sequence[Question], pool: Pool, vectors: NDArray[np.float16]) -> tuple[str, list[int]]:
    start = time.process_time()
    asked = np.stack([encoder.encode_query(question.text) for question in questions])
    milliseconds = 1000 * (time.process_time() - start) / len(questions)
    scores = np.concatenate([asked @ vectors[first : first + 8192].astype(np.float32).T for first in range(0, len(vectors), 8192)], axis=1)
    return f"{milliseconds:.2f}", [rank(row, question, pool) for row, question in zip(scores, questions, strict=True)]


def by_words(index: Index, questions: Sequence[Question], pool: Pool) -> tuple[str, list[int]]:
    """Search the words among the passages of the pool; what is not found comes last."""
    ranks, start = [], time.process_time()
    places = {key: number for number, key in enumerate(pool.keys.tolist())}
    for question in questions:
        row = np.full(len(pool.keys), -np.inf)
        for key, score in index.lexical_search(analyse(question.text), 5_000):
            if key in places:
                row[places[key]] = score
        ranks.append(rank(row, question, pool))
    return f"{1000 * (time.process_time() - start) / len(questions):.2f}", ranks


def rank(scores: NDArray[np.float64] | NDArray[np.float32], question: Question, pool: Pool) -> int:
    """Return the rank of the text that answers, each text once; the last where it was not found."""
    best = scores[pool.texts == pool.numbers[min(question.gold)]].max()
    return 1 + len(np.unique(pool.texts[scores > best])) if np.isfinite(best) else len(pool.keys)


def say(name: str, dimension: str, megabytes: str, rate: str, milliseconds: str, ranks: Sequence[int]) -> None:
    recalls = " | ".join(f"{100 * np.mean(np.array(ranks) <= cutoff):.1f}" for cutoff in CUTOFFS)
    print(f"| {name} | {dimension} | {megabytes} | {rate} | {milliseconds} | {recalls} |", flush=True)


if __name__ == "__main__":
    try:
        main()
    except CommonsError as error:
        sys.exit(str(error))
