"""Retrieval, measured: which documents come first for questions whose document is known, system by system, part by part.

    python eval/retrieval.py --index indexes/commons --questions ../shared/data/questions/piaf.jsonl --out out
    python eval/retrieval.py --index indexes/commons --questions ../shared/data/questions/piaf.jsonl --out out \\
        --corpus ../shared/data/commons --afriqa ../shared/data/questions/afriqa-fon.jsonl --encoder DIR

`--part test` (the default) keeps the titles whose sha256 begins with 0 to 7, on which nothing was trained or tuned. A hit is the first
rank whose document answers; documents that share one text are one. The gain of each system is over BM25 with French analysis on the
same questions; intervals hold the middle 95 % of bootstrap draws of titles. Questions are shared out over the cores. Milliseconds are of
processor time, for one question and its 20 passages: encoding, searches, reading, ranking and deduplication, of 100 questions asked one
after the other in one process. `--afriqa` ingests its contexts beside `--corpus` in a temporary index; `--encoder` ingests the corpus
again with another encoder.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache, cached_property, partial
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from judging import BASELINE, Question, Report, Run, Summary, grouped, judge, summary, table

from rag_commons.answering.question import kind_of
from rag_commons.cli import main as rag_commons
from rag_commons.documents import Passage
from rag_commons.encoder.corpus import part_of
from rag_commons.index.lexical import Boosts
from rag_commons.index.opened import Index
from rag_commons.licences.provenance import Provenance
from rag_commons.retrieval import finding, spelling
from rag_commons.retrieval.fusion import Calibration
from rag_commons.retrieval.retriever import Retriever
from rag_commons.text.analysis import analyse

BEST = "fused + ranker"
DEEP = 100
PLAIN = Boosts(title=0.2, section=0.2, body=1.0)
SHOWN = 20
TIMED = 100
SHARE = 32
Search = Callable[[str, int], list[str]]


def main() -> None:
    arguments = read_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    index = Index.open(arguments.index)
    questions = [question for question in piaf(arguments.questions, index) if arguments.part in ("all", part_of(question.title))]
    parts = {"piaf": evaluate(arguments.index, questions[: arguments.limit], arguments.systems)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for folder in arguments.encoder or ():
        parts["piaf"].systems.update(other_encoder(arguments, folder, questions[: arguments.limit]))
    if arguments.afriqa:
        parts["afriqa"] = afriqa(arguments)
    report = {name: asdict(part) for name, part in parts.items()} | {"peak_rss_mib": {"piaf": peak}}
    text = "\n\n".join(f"### {name}\n\n{table(part)}" for name, part in parts.items())
    (arguments.out / "retrieval.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (arguments.out / "retrieval.md").write_text(f"{text}\n\nPeak memory {peak} MiB.\n", encoding="utf-8")
    print(text)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--part", choices=("test", "dev", "train", "all"), default="test")
    parser.add_argument("--afriqa", type=Path)
    parser.add_argument("--corpus", type=Path, help="folder of the documents, for --afriqa and --encoder")
    parser.add_argument("--encoder", type=Path, action="append", help="also measure with this encoder, e.g. one adapted to the corpus")
    parser.add_argument("--systems", metavar="NAME", nargs="+", help="rows to measure beside the baseline and the whole (all of them)")
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def piaf(path: Path, index: Index) -> list[Question]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Question(row["id"], row["question"], alike(index, row["document_id"]), row["title"]) for row in rows]


def alike(index: Index, document_id: str) -> frozenset[str]:
    """Return a document and those with its text."""
    return frozenset({document_id}.union(*(index.same_text(key) for key in index.document_passages(document_id)[:1])))


class Remembering(Index):
    """An index that reads no passage twice, as every system finds much the same: for measures, not for timings."""

    @cached_property
    def _read(self) -> dict[int, tuple[Passage, Provenance]]:
        return {}

    @cached_property
    def _twins(self) -> dict[int, tuple[str, ...]]:
        return {}

    def passages(self, keys: Sequence[int]) -> dict[int, tuple[Passage, Provenance]]:
        """Return passages by key, read once."""
        self._read.update(super().passages([key for key in keys if key not in self._read]))
        return {key: read for key in keys if (read := self._read.get(key))}

    def passage(self, key: int) -> tuple[Passage, Provenance] | None:
        """Return a passage, read once."""
        return self.passages([key]).get(key)

    def same_text(self, key: int) -> tuple[str, ...]:
        """Return the documents with the same text, looked up once."""
        if key not in self._twins:
            self._twins[key] = super().same_text(key)
        return self._twins[key]


@cache
def all_systems(directory: Path, opening: type[Index]) -> dict[str, Search]:
    """Name every system: the baseline, the parts alone, the whole, and the whole less one part."""
    index = opening.open(directory)
    fused, ranked = Retriever(index, ranked=False), Retriever(index)
    return {
        "BM25, body": lambda text, k: documents(index, index.lexical_search(analyse(text), k, None, Boosts(0.0, 0.0, 1.0))),
        BASELINE: lambda text, k: documents(index, index.lexical_search(analyse(text), k, None, PLAIN)),
        "BM25 + typing errors": lambda text, k: documents(index, index.lexical_search(mended(index, text), k, None, PLAIN)),
        "dense": lambda text, k: documents(index, index.dense_search(fused.encoder.encode_query(text), k)),
        "fused": by(fused),
        BEST: by(ranked),
        "fused − dense search": without(fused, "dense"),
        "fused − words found anywhere": without(fused, "anywhere"),
        "− dense search": without(ranked, "dense"),
        "− words found anywhere": without(ranked, "anywhere"),
        "− typing errors": without(ranked, "typing"),
        "− lexical search": without(ranked, "lexical"),
    }


def mended(index: Index, text: str) -> list[str]:
    return spelling.mend_terms(analyse(text), index.frequency)


def by(retriever: Retriever) -> Search:
    return lambda text, k: [hit.passage.document_id for hit in retriever.retrieve(text, k)]


def without(retriever: Retriever, part: str) -> Search:
    """Return the retriever with a part turned off."""
    index = retriever.index

    def search(text: str, k: int) -> list[str]:
        asked = finding.prepare(index, text, mend=part != "typing")
        deep = finding.depth(k)
        dense = [] if part == "dense" else index.dense_search(retriever.encoder.encode_query(text), deep)
        anywhere = None if part == "anywhere" else asked.rarity
        lexical = [] if part == "lexical" else index.lexical_search(asked.repeated, deep, None, finding.FIELDS, anywhere)
        found = finding.join(asked, dense, lexical, k, Calibration())
        return [hit.passage.document_id for hit in islice(retriever.order(found), k)]

    return search


def documents(index: Index, scores: Sequence[tuple[int, float]]) -> list[str]:
    """Return the documents of the passages, each text once."""
    seen: dict[str, None] = {}
    hidden: set[str] = set()
    for key, _ in scores:
        read = index.passage(key)
        if read and read[0].document_id not in hidden:
            seen.setdefault(read[0].document_id)
            hidden.update(index.same_text(key))
    return list(seen)


def evaluate(directory: Path, questions: Sequence[Question], only: Sequence[str] | None) -> Report:
    """Ask every question of every system, in as many processes as there are cores, and judge by ir-measures."""
    index = Index.open(directory)
    names = [name for name in all_systems(directory, Index) if not only or name in (*only, BASELINE, BEST)]
    shares = [questions[start : start + SHARE] for start in range(0, len(questions), SHARE)]
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), get_context("spawn")) as pool:
        found = list(pool.map(partial(answers, directory, names), shares))
    runs = {
        name: Run(
            judge(questions, [rows for share in found for rows in share[name]]), timed(all_systems(directory, Index)[name], questions)
        )
        for name in names
    }
    titles = [question.title for question in questions]
    best, base = runs[BEST], runs[BASELINE]
    return Report(
        len(questions),
        len(set(titles)),
        index.manifest.build,
        {name: summary(one, base, titles) for name, one in runs.items()},
        grouped(questions, lambda question: kind_of(question.text), best, base),
        grouped(questions, lambda question: collection(index, question), best, base),
    )


def answers(directory: Path, names: Sequence[str], questions: Sequence[Question]) -> dict[str, list[list[str]]]:
    systems = all_systems(directory, Remembering)
    return {name: [systems[name](question.text, DEEP) for question in questions] for name in names}


def timed(search: Search, questions: Sequence[Question]) -> list[float]:
    """Return the milliseconds of each of some questions, after a few that warm the files up."""
    some = questions[:: max(1, len(questions) // TIMED)]
    milliseconds = []
    for question in [*some[:20], *some]:
        start = time.process_time()
        search(question.text, SHOWN)
        milliseconds.append((time.process_time() - start) * 1000)
    return milliseconds[len(some[:20]) :]


def collection(index: Index, question: Question) -> str:
    document = index.document(min(question.gold))
    return (document and document.provenance.collection) or "—"


def other_encoder(arguments: argparse.Namespace, encoder: Path, questions: Sequence[Question]) -> dict[str, Summary]:
    """Measure the whole with another encoder: the corpus is ingested again with it."""
    with TemporaryDirectory() as folder:
        rag_commons(["ingest", "jsonl", str(arguments.corpus), "--index", folder, "--encoder", str(encoder)])
        systems = evaluate(Path(folder), questions, (BASELINE, "dense", "fused", BEST)).systems
        return {f"{name}, {encoder.name}": systems[name] for name in ("dense", "fused", BEST)}


def afriqa(arguments: argparse.Namespace) -> Report:
    """Measure on AfriQA's French translations: each distinct context is a document beside the corpus."""
    rows = [json.loads(line) for line in arguments.afriqa.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["context"]]
    name = {row["context"]: f"afriqa/{sha256(row['context'].encode()).hexdigest()[:16]}" for row in rows}
    with TemporaryDirectory() as folder:
        beside, place = Path(folder) / "afriqa.jsonl", Path(folder) / "index"
        titles = {row["context"]: row["title"] for row in rows}
        lines = (json.dumps(contract(name[context], title, context), ensure_ascii=False) for context, title in titles.items())
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
        rag_commons(["ingest", "jsonl", str(arguments.corpus), str(beside), "--index", str(place)])
        index = Index.open(place)
        questions = [
            Question(str(number), row["question"], alike(index, name[row["context"]]), row["title"]) for number, row in enumerate(rows)
        ]
        return evaluate(place, questions[: arguments.limit], arguments.systems)


def contract(identity: str, title: str, text: str) -> dict[str, object]:
    return {
        "id": identity,
        "title": title or "Sans titre",
        "text": text,
        "language": "fr",
        "licence": "CC-BY-SA-3.0",
        "authors": ["Contributeurs de Wikipédia"],
        "holder": "Wikipédia en français",
        "collection": "afriqa",
        "url": "https://fr.wikipedia.org/",
    }


if __name__ == "__main__":
    main()
