"""What an index costs and gives: ingestion, memory, size, questions warm and cold, and the laws that every answer must satisfy.

    python eval/bench_index.py --corpus ../shared/data/commons --index indexes/commons --questions ../shared/data/questions/piaf.jsonl
    python eval/bench_index.py --index indexes/sample --questions eval/sample/guide-a.jsonl --part all

Without --corpus an index that is there is only asked. Ingestion and cold questions run `rag-commons` in child processes, warm ones run
here, on one core. `--part train` keeps the questions whose title has a sha256 that begins with 8 to f: nothing is tuned on the others.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from statistics import median

from rag_commons.answering.ask import ask
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answering.reopening import passage_of
from rag_commons.answers import Answer, Reference
from rag_commons.documents import text_sha256
from rag_commons.errors import CommonsError
from rag_commons.evaluation.reading import read_answer
from rag_commons.evaluation.registry import IndexRegistry
from rag_commons.evaluation.verdict import judge
from rag_commons.index.opened import Index
from rag_commons.licences.notices import missing_fields
from rag_commons.licences.reuse import Part
from rag_commons.rendering.contract import answer_to_json
from rag_commons.retrieval.retriever import Retriever
from rag_commons.text.normal import n0

MEGA = 1_000_000
MIB = 1 << 20
COMMAND = [sys.executable, "-m", "rag_commons"]
HEAVY = ("torch", "sentence_transformers", "transformers", "llama_index", "gradio")
Measures = dict[str, float | int | str]

LAWS = {
    "citation": "every statement has a citation, of a reference of the answer",
    "quote": "every quote is the reference's text at its offsets",
    "verbatim": "every statement is its quote, word for word (N0)",
    "retrieved": "every reference is a passage that was retrieved for the question",
    "sha256": "every reference's sha256 is that of its text",
    "authentic": "every reference is the index's passage of that id, and the span of its document",
    "rights": "every reference has its notice and what its licence requires",
    "reuse": "the parts of the reuse notice are the references, each once",
    "used": "every reference is cited; an abstention has a reason and no reference",
    "same": "the same question has the same answer again",
}


class Memory(threading.Thread):
    """Watches a process and all that it starts (Linux): the largest sum of resident bytes, and of bytes with shared pages once (PSS)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.resident = self.proportional = 0
        self._pid, self._ended = pid, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.25):
            seen = [_memory(pid) for pid in _family(self._pid)]
            self.resident = max(self.resident, sum(resident for resident, _ in seen))
            self.proportional = max(self.proportional, sum(proportional for _, proportional in seen))

    def end(self) -> None:
        self._ended.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in path.read_text().split():
                yield from _family(int(child))


def _memory(pid: int) -> tuple[int, int]:
    lines: list[str] = []
    with suppress(OSError):  # it may have ended
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    found = {name: int(rest.split()[0]) << 10 for name, _, rest in (line.partition(":") for line in lines)}
    return found.get("Rss", 0), found.get("Pss", 0)


def run_watched(arguments: list[str]) -> tuple[float, float, Memory, str]:
    """Run a command; return its seconds by the wall clock, those of all cores, its memory and the last line that it wrote."""
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    memory = Memory(process.pid)
    memory.start()
    before = os.times()
    said, complaint = process.communicate()
    took, after = time.perf_counter() - start, os.times()
    memory.end()
    if process.returncode:
        sys.exit(f"rag-commons {' '.join(arguments)} ended with {process.returncode}:\n{complaint}")
    cores = after.children_user + after.children_system - before.children_user - before.children_system
    return took, cores, memory, said.strip().splitlines()[0]


def measure_ingestion(corpus: Path, directory: Path) -> Measures:
    """Ingest a corpus from nothing, then again unchanged."""
    arguments = ["ingest", "jsonl", str(corpus), "--index", str(directory)]
    took, cores, memory, said = run_watched(arguments)
    first = Index.open(directory).manifest
    again, again_cores, _, said_again = run_watched(arguments)
    print(said, said_again, sep="\n", file=sys.stderr)
    if Index.open(directory).manifest.build != first.build:
        sys.exit("an unchanged corpus changed the index")
    return {
        "ingest_s": took,
        "ingest_core_s": cores,
        "ingest_mb_s": first.total.text_bytes / MEGA / took,
        "peak_rss_mib": memory.resident / MIB,
        "peak_pss_mib": memory.proportional / MIB,
        "again_s": again,
        "again_core_s": again_cores,
    }


def measure_size(directory: Path) -> Measures:
    manifest = Index.open(directory).manifest
    parts: Counter[str] = Counter()
    for path in directory.rglob("*"):
        if path.is_file():
            parts[path.relative_to(directory).parts[0].partition(".")[0]] += path.stat().st_size
    return {
        "documents": manifest.documents,
        "passages": manifest.passages,
        "text_mb": manifest.total.text_bytes / MEGA,
        **{f"{part}_mb": parts[part] / MEGA for part in ("store", "dense", "lexical")},
        "ratio": parts.total() / max(1, manifest.total.text_bytes),
        "encoder": f"{manifest.encoder.id} at {manifest.encoder.revision}, {manifest.encoder.dimension} dimensions",
    }


def read_questions(path: Path, part: str, count: int) -> list[tuple[str, str]]:
    """Return at most `count` (id, question) of a part, drawn by the sha256 of the id."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if part != "all":
        rows = [row for row in rows if (hashlib.sha256(row["title"].encode()).hexdigest()[0] >= "8") == (part == "train")]
    rows.sort(key=lambda row: hashlib.sha256(str(row["id"]).encode()).digest())
    return [(str(row["id"]), str(row["question"])) for row in rows[:count]]


def measure_warm(directory: Path, questions: list[tuple[str, str]]) -> tuple[Measures, list[Answer]]:
    """Ask every question in this process, on one core."""
    cores_of_all = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores_of_all)})  # threads that start from here on have the same core
    retriever = Retriever(Index.open(directory))
    reader = ExtractiveReader(retriever)
    for identity, question in questions[-20:]:
        ask(question, retriever, reader, id=identity)
    answers, walls, cores = [], [], []
    for identity, question in questions:
        wall, core = time.perf_counter(), time.process_time()
        answers.append(ask(question, retriever, reader, id=identity))
        walls.append(1000 * (time.perf_counter() - wall))
        cores.append(1000 * (time.process_time() - core))
    os.sched_setaffinity(0, cores_of_all)
    return {
        "questions": len(answers),
        "warm_ms": median(walls),
        "warm_p95_ms": sorted(walls)[int(0.95 * len(walls))],
        "warm_core_ms": median(cores),
        "retrieve_ms": median(answer.timings.retrieve for answer in answers),
        "read_ms": median(answer.timings.read for answer in answers),
        "verify_ms": median(answer.timings.verify for answer in answers),
        "abstentions": sum(answer.abstained for answer in answers),
    }, answers


def measure_cold(directory: Path, question: str, runs: int) -> Measures:
    """Ask in a new process, several times, then once more to see what it imports."""
    arguments = ["ask", question, "--index", str(directory), "--format", "json"]
    times = [run_watched(arguments)[:2] for _ in range(runs)]
    traced = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "rag_commons", *arguments], capture_output=True, text=True, check=True
    )
    modules = {line.rpartition("|")[2].strip() for line in traced.stderr.splitlines() if line.startswith("import time:")}
    heavy = sorted({module.partition(".")[0] for module in modules} & set(HEAVY))
    walls, cores = zip(*times, strict=True)
    return {"cold_s": median(walls), "cold_core_s": median(cores), "modules": len(modules), "heavy": ", ".join(heavy) or "none"}


def broken_laws(answer: Answer, index: Index) -> Iterator[str]:
    """Yield the laws that an answer breaks, each as often as it breaks it."""
    references = {reference.ref: reference for reference in answer.references}
    for statement in answer.statements:
        cited = [(citation, references[citation.ref].passage) for citation in statement.citations if citation.ref in references]
        if not cited or len(cited) != len(statement.citations):
            yield "citation"
        yield from ("quote" for citation, passage in cited if passage.text[citation.start : citation.end] != citation.quote)
        yield from ("verbatim" for citation, _ in cited if citation.support == "verbatim" and n0(citation.quote) != n0(statement.text))
    for reference in answer.references:
        yield from _broken_by(reference, answer, index)
    if Counter(answer.reuse.parts) != Counter(Part(reference.ref, reference.provenance.licence) for reference in answer.references):
        yield "reuse"
    used = {citation.ref for statement in answer.statements for citation in statement.citations}
    if used != set(references) or len(references) != len(answer.references) or (answer.abstained and not (answer.reason or "").strip()):
        yield "used"


def _broken_by(reference: Reference, answer: Answer, index: Index) -> Iterator[str]:
    passage, document = reference.passage, index.document(reference.passage.document_id)
    if passage.id not in {hit.passage.id for hit in answer.seen}:
        yield "retrieved"
    if passage.sha256 != text_sha256(passage.text):
        yield "sha256"
    exact = document is not None and document.text[passage.start : passage.end] == passage.text
    if not exact or passage_of(index, passage.id) != (passage, reference.provenance):
        yield "authentic"
    if not reference.notice.strip() or missing_fields(reference.provenance):
        yield "rights"


def check_laws(directory: Path, answers: list[Answer]) -> tuple[Measures, dict[str, int]]:
    """Hold every answer against the laws, against `rag-commons verify --index` and against the same question asked anew."""
    index = Index.open(directory)
    registry, retriever = IndexRegistry(index), Retriever(Index.open(directory))
    reader = ExtractiveReader(retriever)
    broken, strict = Counter[str](), 0
    for answer in answers:
        broken.update(broken_laws(answer, index))
        line = json.dumps(answer_to_json(answer))
        strict += judge(read_answer(json.loads(line)), registry).strict
        again = replace(ask(answer.question, retriever, reader, id=answer.id), created=answer.created, timings=answer.timings)
        broken["same"] += json.dumps(answer_to_json(again)) != line
    return {"violations": broken.total(), "strict": strict, "statements": sum(len(answer.statements) for answer in answers)}, dict(broken)


def rows_of(found: Measures) -> Iterator[tuple[str, str, str]]:
    """Yield what was measured, as it is read, with what is aimed at."""
    for key, name, shown, target in (
        ("text_mb", "text", "{text_mb:.1f} MB of UTF-8, {documents:,} documents, {passages:,} passages", ""),
        ("encoder", "encoder", "{encoder}", ""),
        ("ingest_s", "ingestion, end to end", "{ingest_mb_s:.2f} MB/s ({ingest_s:.1f} s; {ingest_core_s:.1f} s of cores)", "≥ 1.5 MB/s"),
        ("peak_rss_mib", "peak memory of all its processes", "{peak_pss_mib:,.0f} MiB (sum of RSS: {peak_rss_mib:,.0f})", "≤ 2,048 MiB"),
        ("again_s", "the same corpus again", "{again_s:.1f} s ({again_core_s:.1f} s of cores)", ""),
        ("ratio", "index ÷ text", "{ratio:.2f} (store {store_mb:.1f}, dense {dense_mb:.1f}, lexical {lexical_mb:.1f} MB)", "≤ 1.5"),
        ("warm_ms", "warm question, one core", "{warm_ms:.1f} ms, p95 {warm_p95_ms:.1f} ({warm_core_ms:.1f} ms of core)", "≤ 30 ms"),
        ("warm_ms", "— retrieve, read, verify", "{retrieve_ms:.1f}, {read_ms:.1f}, {verify_ms:.1f} ms", ""),
        ("cold_s", "cold `rag-commons ask`, median", "{cold_s:.2f} s ({cold_core_s:.2f} s of cores)", "≤ 2 s"),
        ("heavy", "heavy libraries among its {modules:,} modules", "{heavy}", "none"),
        ("violations", "laws broken by {questions:,} answers", "{violations} ({statements:,} statements, {abstentions} abstentions)", "0"),
        ("strict", "answers strict by `verify --index`", "{strict:,} of {questions:,}", "all"),
        ("load", "load of the machine", "{load}", ""),
    ):
        if key in found:
            yield name.format(**found), shown.format(**found), target


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="a file or folder of JSON Lines to ingest into an index that is not there yet")
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, help="JSON Lines with id, question and, for --part, title")
    parser.add_argument("--part", choices=("train", "test", "all"), default="train")
    parser.add_argument("--count", type=int, default=500, help="how many questions")
    parser.add_argument("--cold", type=int, default=5, help="how many cold runs")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    asked = parser.parse_args()
    if asked.corpus and (asked.index / "manifest.json").exists():
        parser.error(f"{asked.index} holds an index: leave --corpus out, or name a new folder")
    found: Measures = {"load": f"{os.getloadavg()[0]:.1f} before"}
    broken: dict[str, int] = {}
    if asked.corpus:
        found |= measure_ingestion(asked.corpus, asked.index)
    found |= measure_size(asked.index)
    if asked.questions:
        questions = read_questions(asked.questions, asked.part, asked.count)
        warm, answers = measure_warm(asked.index, questions)
        found |= warm | measure_cold(asked.index, questions[0][1], asked.cold)
        laws, broken = check_laws(asked.index, answers)
        found |= laws
    found["load"] = f"{found['load']}, {os.getloadavg()[0]:.1f} after, {len(os.sched_getaffinity(0))} cores"
    print("| measure | value | target |\n|---|---|---|")
    for row in rows_of(found):
        print("| " + " | ".join(row) + " |")
    print("\n".join(f"\nbroken {broken[law]} times: {LAWS[law]}" for law in LAWS if broken.get(law)))
    if asked.json:
        asked.json.write_text(json.dumps({**found, "broken": broken}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except CommonsError as error:
        sys.exit(str(error))
