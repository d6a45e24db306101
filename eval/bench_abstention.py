"""Measure abstention: `python eval/bench_abstention.py --index DIR --data ../shared/data`.

H = answered among the unanswerable, E = abstained among the answerable, J = 1 - H - E (a rule that always or never answers has 0).
- PIAF, test half: each question with its gold document in the index and taken out, the other paragraphs of its page staying (piaf), or
  with all of its page taken out (piaf-page); the shipped reader, weights and threshold.
- NoMIRACL: each question over its ten documents, by nested cross-validation: group of features, penalty and threshold chosen and weights
  fitted within nine tenths, the last tenth decided, five times over other splits. No figure there uses the shipped weights, which have
  seen the set. The patterns of the question features were written after reading part of its questions, which no fold can undo.
The overlap row abstains under a share of the question, weighed by rarity, that the best passage and its headings hold; its threshold is
chosen in the same way on the same folds; on PIAF it is the best for the very questions measured, which favours that row.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
from answering_data import HITS, SIDES, Asked, Side, nomiracl, pages, piaf
from fit_abstention import best_threshold, fit_decision
from numpy.typing import NDArray

from rag_commons.answering.abstention import EVIDENCE, OF_QUESTION, evidence_row, reason_to_abstain
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.documents import Hit
from rag_commons.index.opened import Index
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever

ROOT = Path(__file__).resolve().parents[1]
OVERLAP = EVIDENCE.index("any_passage")
# groups of features of which each fold takes the one that ranks its own questions best
GROUPS = {
    "every": list(range(len(EVIDENCE))),
    "hits and question": [at for at, name in enumerate(EVIDENCE) if not name.startswith("best_")],
    "titles and question": [
        at for at, name in enumerate(EVIDENCE) if name in OF_QUESTION or ("title" in name and not name.startswith("best_"))
    ],
}
PENALTIES = (0.003, 0.01, 0.03, 0.1)
TENTHS, REPEATS, INNER = 10, 5, 5
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def rows_of(reader: ExtractiveReader, asked: Sequence[Asked], hits: Sequence[Sequence[Hit]]) -> Floats:
    """Return the evidence of each question; a row of NaN where no sentence can be read."""
    weighed = [reader.weigh(one.question, found) for one, found in zip(asked, hits, strict=True)]
    return np.array([evidence_row(one) if one and one.candidates else np.full(len(EVIDENCE), np.nan) for one in weighed])


def decided(reader: ExtractiveReader, asked: Sequence[Asked], hits: Sequence[Sequence[Hit]]) -> Bools:
    """Return which questions the shipped reader answers."""
    weighed = [reader.weigh(one.question, found) for one, found in zip(asked, hits, strict=True)]
    return np.array([one is not None and reason_to_abstain(one) is None for one in weighed])


def rates(answered: Floats, answerable: Bools) -> tuple[float, float, float]:
    """Return H, E and J in per cent."""
    h, e = 100 * answered[~answerable].mean(), 100 * (1 - answered[answerable].mean())
    return h, e, 100 - h - e


def with_interval(
    answered: Floats, answerable: Bools, groups: Sequence[str], draws: int = 2000
) -> tuple[float, float, float, float, float]:
    """Return H, E, J and the 95 % bootstrap interval of J, whole groups being drawn."""
    return (*rates(answered, answerable), *_drawn(lambda at: rates(answered[at], answerable[at])[2], groups, draws))


def paired(one: Floats, other: Floats, answerable: Bools, groups: Sequence[str], draws: int = 2000) -> tuple[float, float, float]:
    """Return how much J one system has over the other, on the same draws, with the 95 % interval."""
    gain = lambda at: rates(one[at], answerable[at])[2] - rates(other[at], answerable[at])[2]  # noqa: E731
    return (gain(np.arange(len(answerable))), *_drawn(gain, groups, draws))


def _drawn(figure: Callable[[NDArray[np.int64]], float], groups: Sequence[str], draws: int) -> tuple[float, float]:
    rng = np.random.default_rng(11)
    names = sorted(set(groups))
    members = {name: np.flatnonzero(np.array(groups) == name) for name in names}
    drawn = []
    for _ in range(draws):
        chosen = rng.integers(0, len(names), len(names))
        drawn.append(figure(np.concatenate([members[names[at]] for at in chosen])))
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def _scores(rows: Floats, labels: Bools, asked: Floats, group: str, penalty: float) -> Floats:
    columns = GROUPS[group]
    return fit_decision(rows[:, columns], labels, np.ones(len(rows)), penalty).score(asked[:, columns])


def nested(rows: Floats, labels: Bools, seed: int) -> tuple[Bools, Bools]:
    """Return what the model and the overlap rule decide, each question by a fold that did not see it."""
    order = np.random.default_rng(seed).permutation(len(rows))
    model, overlap = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    for tenth in range(TENTHS):
        held = order[tenth::TENTHS]
        seen = np.setdiff1d(order, held)
        kept, known = rows[seen], labels[seen]
        inner = np.arange(len(seen)) % INNER
        tried = []
        for group, penalty in product(GROUPS, PENALTIES):
            scores = np.zeros(len(seen))
            for part in range(INNER):
                out = inner == part
                scores[out] = _scores(kept[~out], known[~out], kept[out], group, penalty)
            tried.append((_ranked(scores, known), group, penalty, best_threshold(scores, known)))
        _, group, penalty, threshold = max(tried)
        model[held] = _scores(kept, known, rows[held], group, penalty) >= threshold
        overlap[held] = rows[held, OVERLAP] >= best_threshold(kept[:, OVERLAP], known)
    return model, overlap


def _ranked(scores: Floats, labels: Bools) -> float:
    """Return how often an answerable question scores above an unanswerable one."""
    return float(np.mean(scores[labels][:, None] > scores[~labels][None, :]))


def on_nomiracl(retriever: Retriever, reader: ExtractiveReader, data: Path) -> dict[str, dict[str, list[float]]]:
    """Return the figures on NoMIRACL."""
    asked = nomiracl(data)
    hits = [retriever.retrieve(one.question, 10, Filters(document_ids=one.shown)) for one in asked]
    rows = np.nan_to_num(rows_of(reader, asked, hits))
    labels = np.array([one.answerable for one in asked])
    pairs = [nested(rows, labels, seed) for seed in range(REPEATS)]
    model, overlap = (np.mean([pair[side] for pair in pairs], axis=0) for side in (0, 1))
    return {"nomiracl": _compared(overlap, model, labels, [one.id for one in asked])}


def on_piaf(retriever: Retriever, reader: ExtractiveReader, data: Path) -> dict[str, dict[str, list[float]]]:
    """Return the figures on PIAF's test half, gold document out and its page out."""
    page, asked = pages(data), piaf(data, "test")
    found = {side: [retriever.retrieve(one.question, HITS, _taken(one, side, page)) for one in asked] for side in SIDES}
    rows = {side: np.nan_to_num(rows_of(reader, asked, hits)[:, OVERLAP]) for side, hits in found.items()}
    answered = {side: decided(reader, asked, hits) for side, hits in found.items()}
    labels, groups = np.arange(2 * len(asked)) < len(asked), [one.title for one in asked] * 2
    figures = {}
    for name, side in (("piaf", "out"), ("piaf-page", "page_out")):
        shares = np.concatenate([rows["in"], rows[side]])
        overlap = (shares >= best_threshold(shares, labels)).astype(float)
        figures[name] = _compared(overlap, np.concatenate([answered["in"], answered[side]]).astype(float), labels, groups)
    return figures


def _taken(asked: Asked, side: Side, page: Mapping[str, tuple[str, ...]]) -> Filters | None:
    if side == "in":
        return None
    return Filters(exclude_document_ids=page[asked.title] if side == "page_out" else (asked.gold or "",))


def _compared(overlap: Floats, ours: Floats, labels: Bools, groups: Sequence[str]) -> dict[str, list[float]]:
    return {
        "overlap": list(with_interval(overlap, labels, groups)),
        "ours": list(with_interval(ours, labels, groups)),
        "gain": list(paired(ours, overlap, labels, groups)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--set", choices=("piaf", "nomiracl", "both"), default="both")
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    retriever = Retriever(Index.open(options.index))
    reader = ExtractiveReader(retriever)
    benches = {"piaf": on_piaf, "nomiracl": on_nomiracl}
    figures = {
        name: rows
        for chosen, bench in benches.items()
        if options.set in (chosen, "both")
        for name, rows in bench(retriever, reader, options.data).items()
    }
    print("| set | system | H | E | J [95 %] |\n|---|---|---|---|---|")
    for name, rows in figures.items():
        for system in ("overlap", "ours"):
            h, e, j, low, high = rows[system]
            print(f"| {name} | {system} | {h:.1f} | {e:.1f} | {j:.1f} [{low:.1f}, {high:.1f}] |")
        print(f"| {name} | gain in J, paired | | | {rows['gain'][0]:+.1f} [{rows['gain'][1]:+.1f}, {rows['gain'][2]:+.1f}] |")
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
