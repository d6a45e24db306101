"""Measure the extractive reader on PIAF: `python eval/bench_reader.py --index DIR --data ../shared/data`.

DIR is an index of the documents of `data/commons`. For each question of the test half: whether a gold answer stands in the first
statement, in the whole answer, how many words the answer has, and how long the reading takes. The overlap row ranks sentences by the
idf-weighed share of the question that they and their headings hold. An abstention counts as no answer.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np
from answering_data import HITS, Asked, Words, holds, interval, piaf

from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answering.features import candidates_of, weigh
from rag_commons.answering.question import understand
from rag_commons.answering.rarity import rarity_of
from rag_commons.answering.reading import read_passages
from rag_commons.documents import Hit
from rag_commons.index.opened import Index
from rag_commons.retrieval.retriever import Retriever

ROOT = Path(__file__).resolve().parents[1]
Read = Callable[[str, Sequence[Hit]], list[str]]


def by_reader(reader: ExtractiveReader) -> Read:
    """Return the statements of the reader's draft."""
    return lambda question, hits: [statement.text for statement in reader.read(question, hits).statements]


def by_overlap(words: Retriever | Words, most_statements: int = 3, most_words: int = 90) -> Read:
    """Return the sentences that hold most of the question."""

    def read(question: str, hits: Sequence[Hit]) -> list[str]:
        asked = understand(question)
        weighed = weigh(asked, rarity_of(asked.terms, words))
        candidates = candidates_of(read_passages(hits))
        shares = [weighed.share(one.sentence.terms) + 0.4 * weighed.share(one.sentence.terms | one.passage.heading) for one in candidates]
        chosen: list[str] = []
        total = 0
        for at in sorted(range(len(candidates)), key=lambda at: -shares[at]):
            length = candidates[at].sentence.length
            if chosen and total + length > most_words:
                continue
            chosen.append(candidates[at].text)
            total += length
            if len(chosen) == most_statements:
                break
        return chosen

    return read


def measure(read: Read, asked: Sequence[Asked], hits: Sequence[Sequence[Hit]]) -> dict[str, object]:
    """Return the figures of one reader, with 95 % intervals by title."""
    first, whole, words, statements, taken = [], [], [], [], []
    for one, found in zip(asked, hits, strict=True):
        started = time.perf_counter()
        said = read(one.question, found)
        taken.append((time.perf_counter() - started) * 1000)
        first.append(float(bool(said) and holds(said[0], one.answers)))
        whole.append(float(any(holds(text, one.answers) for text in said)))
        if said:
            words.append(sum(len(text.split()) for text in said))
            statements.append(len(said))
    groups = [one.title for one in asked]
    return {
        "first": _share(first, groups),
        "whole": _share(whole, groups),
        "words": round(float(np.mean(words)), 1),
        "statements": round(float(np.mean(statements)), 2),
        "abstained": round(100 * (1 - len(words) / len(asked)), 1),
        "median_ms": round(median(taken), 2),
    }


def _share(values: Sequence[float], groups: Sequence[str]) -> list[float]:
    low, high = interval(np.array(values), groups)
    return [round(100 * value, 1) for value in (float(np.mean(values)), low, high)]


def found_at(asked: Sequence[Asked], hits: Sequence[Sequence[Hit]]) -> Iterator[str]:
    """Yield how often the gold document is the first hit, and among the hits."""
    for k in (1, HITS):
        share = np.mean([any(hit.passage.document_id == one.gold for hit in found[:k]) for one, found in zip(asked, hits, strict=True)])
        yield f"R@{k} {100 * share:.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--half", choices=("train", "test"), default="test", help="the weights were fitted on the train half")
    parser.add_argument(
        "--words-only", action="store_true", help="hits by words alone, for the train half, which encoder and ranker learnt from"
    )
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    retriever: Retriever | Words = Words(options.index) if options.words_only else Retriever(Index.open(options.index))
    asked = piaf(options.data, options.half)
    hits = [retriever.retrieve(one.question, HITS) for one in asked]
    print(f"{len(asked)} questions, gold document {', '.join(found_at(asked, hits))}")
    systems = {
        "idf overlap": by_overlap(retriever),
        "reader, never abstaining": by_reader(ExtractiveReader(retriever, abstains=False)),
        "reader": by_reader(ExtractiveReader(retriever)),
    }
    figures = {name: measure(read, asked, hits) for name, read in systems.items()}
    print("| | first statement % | whole answer % | words | statements | abstained % | ms |\n|---|---|---|---|---|---|---|")
    for name, row in figures.items():
        first, whole = ("{} [{}, {}]".format(*row[key]) for key in ("first", "whole"))
        print(f"| {name} | {first} | {whole} | {row['words']} | {row['statements']} | {row['abstained']} | {row['median_ms']} |")
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
