"""What the benches of the answering room share: question sets, their halves, hits, and what counts as an answer found.

PIAF is split by title: test = first hex digit of sha256(title) below 8, train = the rest. Fits read the train half and the questions of
`questions/`, and hits of an encoder and ranker that did not (`heldout_hits.py`), or hits by words alone; benches read the test half and
the shipped retriever.
"""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag_commons.answering.features import FEATURES, Candidate
from rag_commons.answering.linear import LinearModel
from rag_commons.documents import Hit, Passage, text_sha256
from rag_commons.encoder import load_encoder
from rag_commons.index.build import ingest
from rag_commons.index.opened import Index
from rag_commons.licences.provenance import Provenance
from rag_commons.retrieval.fusion import idf
from rag_commons.sources.folder import iter_documents
from rag_commons.text.analysis import analyse
from rag_commons.text.normal import n0

HITS = 8
Side = Literal["in", "out", "page_out"]
SIDES: tuple[Side, ...] = ("in", "out", "page_out")
# of an AfriQA question beside one of PIAF: asked by people who wanted to know, of other articles
AFRIQA_COUNTS = 0.5
FOLDS = 5
QUESTIONS = Path(__file__).parent / "questions"
SAMPLE = Path(__file__).resolve().parents[1] / "rag_commons" / "sample"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set: `gold` is the document that answers, `shown` those it was judged on, `title` the page it shares with others."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    gold: str | None = None
    title: str = ""
    answerable: bool = True
    shown: tuple[str, ...] = ()
    weight: float = 1.0


def piaf(data: Path, half: str) -> list[Asked]:
    """Return one half of PIAF, "train" or "test"."""
    return [
        Asked(row["id"], row["question"], tuple(row["answers"]), row["document_id"], row["title"])
        for row in _rows(data / "questions" / "piaf.jsonl")
        if (sha256(row["title"].encode()).hexdigest()[0] < "8") == (half == "test")
    ]


def written(index: Index) -> list[Asked]:
    """Return the questions of `questions/commons.jsonl` whose documents are in the index; the answer is read off the document."""
    asked = []
    for document, rows in groupby(_rows(QUESTIONS / "commons.jsonl"), key=lambda row: row["document_id"]):
        if found := index.document(document):
            for row in rows:
                answer = found.text[row["start"] : row["end"]]
                asked.append(Asked(row["id"], row["question"], (answer,), document, row["title"], weight=row["weight"]))
    return asked


def of_sample() -> list[Asked]:
    """Return the questions of `questions/sample.jsonl` on the sample corpus, those that it does not answer too."""
    return [
        Asked(row["id"], row["question"], tuple(row["answers"]), row["document_id"], row["document_id"] or row["id"], row["answerable"])
        for row in _rows(QUESTIONS / "sample.jsonl")
    ]


@contextmanager
def sample_index() -> Iterator[Path]:
    """Give an index of the sample corpus, for as long as it is needed."""
    with TemporaryDirectory() as directory:
        ingest(Path(directory), iter_documents([SAMPLE]), load_encoder())
        yield Path(directory)


def pages(data: Path) -> dict[str, tuple[str, ...]]:
    """Return the documents of each page of PIAF, which are its paragraphs, by title."""
    found: dict[str, list[str]] = {}
    with gzip.open(data / "commons" / "wikipedia-piaf.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found.setdefault(row["title"], []).append(row["id"])
    return {title: tuple(documents) for title, documents in found.items()}


def nomiracl(data: Path) -> list[Asked]:
    """Return the French questions of NoMIRACL, answerable from their ten documents or not."""
    return [
        Asked(row["id"], row["question"], answerable=row["answerable"], shown=tuple(row["document_ids"]))
        for row in _rows(data / "questions" / "nomiracl.jsonl")
    ]


def afriqa(data: Path) -> list[tuple[Asked, Hit]]:
    """Return the questions of AfriQA, its test part left out, whose context holds the answer; each with its context as the only hit."""
    pairs = []
    for number, row in enumerate(_rows(data / "questions" / "afriqa-fon.jsonl")):
        answers = tuple(answer for answer in row["answers"] if answer not in ("yes", "no"))
        context = row["context"]
        if row["split"] != "test" and context and holds(context, answers):
            passage = Passage(f"afriqa/{number}", f"afriqa/{number}", 0, 0, len(context), context, text_sha256(context))
            hit = Hit(1, 1.0, passage, Provenance(title=row["title"] or "", licence="CC-BY-SA-3.0"))
            pairs.append((Asked(str(number), row["question"], answers, passage.document_id, f"afriqa {row['title']}"), hit))
    return pairs


def _rows(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


class Words:
    """Retrieval by words alone, from an open index; `idf` is what the reader asks of a retriever."""

    def __init__(self, directory: Path) -> None:
        self.index = Index.open(directory)

    def retrieve(self, question: str, k: int = HITS, without: str | None = None, among: Sequence[str] = ()) -> list[Hit]:
        """Return at most k hits, without a document or among some."""
        bounds = (tuple(among) or None, (without,) if without else ())
        allowed = self.index.allowed((), (), (), (), (), *bounds) if without or among else None
        hits: list[Hit] = []
        for key, score in self.index.lexical_search(analyse(question), 4 * k, allowed):
            read = self.index.passage(key)
            if read and all(hit.passage.text != read[0].text for hit in hits):
                hits.append(Hit(len(hits) + 1, score, read[0], read[1], None, score))
            if len(hits) == k:
                break
        return hits

    def held(self, path: Path) -> dict[tuple[str, Side], list[Hit]]:
        """Read the hits of `heldout_hits.py`: those of each question, its gold document in the index, taken out, or all of its page."""
        return {(row["id"], side): self._hits(row[side]) for row in _rows(path) for side in SIDES if side in row}

    def _hits(self, rows: Sequence[tuple[str, int, float]]) -> list[Hit]:
        hits: list[Hit] = []
        for document, number, score in rows:
            read = self.index.passage(self.index.document_passages(document)[number])
            if read is None or read[0].number != number:
                raise SystemExit(f"passage {number} of {document} is not in the index: make the hits again")
            hits.append(Hit(len(hits) + 1, score, *read))
        return hits

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """Return how rare each term is in the index."""
        return {term: idf(self.index.manifest.passages, self.index.frequency(term)) for term in terms}


def plain(text: str) -> str:
    """Return a text as answers are looked for in it: N0, lower case, words alone."""
    return re.sub(r"\W+", " ", n0(text).lower()).strip()


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether one of the gold answers stands in the text, on word boundaries."""
    said = f" {plain(text)} "
    return any(f" {plain(answer)} " in said for answer in answers if plain(answer))


def fold_of(title: str) -> int:
    """Return the fold of a title, from 0 to FOLDS - 1: questions of one page stay together."""
    return int(sha256(f"fold {title}".encode()).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of one question: features, which of them answer, and how much the question counts."""

    title: str
    rows: NDArray[np.float64]
    right: NDArray[np.bool_]
    counts: float = 1.0


def choice(asked: Asked, candidates: Sequence[Candidate], rows: NDArray[np.float64], counts: float = 1.0) -> Choice:
    """Mark the candidates that answer: sentences of the gold document that hold a gold answer."""
    right = [c.passage.hit.passage.document_id == asked.gold and holds(c.text, asked.answers) for c in candidates]
    return Choice(asked.title, rows, np.array(right, dtype=bool), counts)


def fit_choices(choices: Sequence[Choice], ridge: float = 30.0) -> LinearModel:
    """Fit weights so that a softmax over each question's candidates gives its right ones most; ridge penalty on standardised features."""
    from scipy.optimize import minimize

    every = np.concatenate([choice.rows for choice in choices])
    mean, scale = every.mean(axis=0), every.std(axis=0)
    scale[scale < 1e-6] = 1.0
    kept = [choice for choice in choices if choice.right.any() and not choice.right.all()]
    rows = (np.concatenate([choice.rows for choice in kept]) - mean) / scale
    right = np.concatenate([choice.right for choice in kept])
    counts = np.array([choice.counts for choice in kept])
    sizes = np.array([len(choice.right) for choice in kept])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    owner = np.repeat(np.arange(len(kept)), sizes)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = rows @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        total, won = np.add.reduceat(powers, starts), np.add.reduceat(powers * right, starts)
        pull = (powers / total[owner] - powers * right / won[owner]) * counts[owner]
        return float(-(counts * np.log(won / total)).sum() + ridge * weights @ weights / 2), rows.T @ pull + ridge * weights

    fitted = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return LinearModel(FEATURES, mean, scale, fitted.x)


def interval(values: NDArray[np.float64], groups: Sequence[str], draws: int = 2000, seed: int = 7) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean, whole groups being drawn."""
    names = sorted(set(groups))
    place = {name: at for at, name in enumerate(names)}
    owner = np.array([place[group] for group in groups])
    sums, sizes = np.bincount(owner, values, len(names)), np.bincount(owner, minlength=len(names))
    drawn = np.random.default_rng(seed).integers(0, len(names), (draws, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
