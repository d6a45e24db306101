"""Fit when to abstain: `python eval/fit_abstention.py --index DIR --hits hits.jsonl --held-out ENC0 --held-out ENC1`, after fit_reader.py.

Each question of PIAF's train half is asked three times: with its gold document in the index, with it taken out, and with all of its page
taken out (label: the gold document is among the hits), of encoder and ranker that have not seen it; those of `questions/commons.jsonl`
are asked with it in and out. Those of AfriQA (but its test part), asked by people who wanted to know, are asked of a small index of their
contexts, in or out. Those of NoMIRACL are asked over their ten documents (label: judged answerable), so that the kinds of question that
no encyclopaedia answers are known; `bench_abstention.py` measures there by cross-validation of its own. Those of
`questions/sample.jsonl` are asked of the sample corpus, which answers some of them. The reader's scores come from folds that did not see
the title. The threshold is the lowest whose J, as a mean over the sets, is about the best.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from answering_data import (
    FOLDS,
    HITS,
    SIDES,
    Asked,
    Choice,
    Side,
    Words,
    afriqa,
    fit_choices,
    fold_of,
    nomiracl,
    of_sample,
    piaf,
    sample_index,
    written,
)
from fit_reader import COMMAND, choices_of, choose_from, held_out, read_options
from numpy.typing import NDArray

from rag_commons.answering.abstention import EVIDENCE, Evidence, evidence_row
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answering.linear import LinearModel, write_linear_model
from rag_commons.documents import Document, Hit
from rag_commons.encoder import Encoder, load_encoder
from rag_commons.index.build import ingest
from rag_commons.index.opened import Index
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever

ABOUT = "How much each feature says that the hits answer the question (rag_commons/answering/abstention.py); below the threshold, abstain"
PENALTY = 0.03
# J is flat around its best: of thresholds as good to within half a point, the one that answers most serves people best
SLACK = 0.005
# a question of the small sets counts more, or PIAF alone would say when to abstain
SETS = (
    ("PIAF train, gold in, out, page out", 1.0),
    ("written, gold in or out", 0.3),
    ("AfriQA, context in or out", 2.0),
    ("NoMIRACL", 8.0),
    ("sample", 4.0),
)


class Rows:
    """Rows of evidence with their labels and groups."""

    def __init__(self) -> None:
        self.rows: list[NDArray[np.float64]] = []
        self.labels: list[bool] = []
        self.groups: list[str] = []

    def add(self, evidence: Evidence | None, label: bool, group: str) -> None:
        """Add a question that has candidates."""
        if evidence is not None and evidence.candidates:
            self.rows.append(evidence_row(evidence))
            self.labels.append(label)
            self.groups.append(group)


def rescored(evidence: Evidence | None, model: LinearModel) -> Evidence | None:
    """Return the evidence with the scores of another reader."""
    return replace(evidence, scores=model.score(evidence.rows)) if evidence else None


def holds_gold(hits: list[Hit], asked: Asked) -> bool:
    """Whether the gold document is among the hits."""
    return any(hit.passage.document_id == asked.gold for hit in hits)


def readers_of(choices: list[Choice]) -> list[LinearModel]:
    """Return the reader of each fold, which has not seen its titles."""
    return [fit_choices([choice for choice in choices if fold_of(choice.title) != fold]) for fold in range(FOLDS)]


def held_rows(
    words: Words,
    asked_all: list[Asked],
    held: dict[tuple[str, Side], list[Hit]],
    models: list[LinearModel],
    encoder: Callable[[Asked], Encoder],
) -> Rows:
    """Return questions whose hits were found by encoder and ranker that had not seen them: gold in, gold out, page out."""
    rows = Rows()
    for asked in asked_all:
        reader = ExtractiveReader(words, encoder=encoder(asked))
        for side in SIDES:
            if (hits := held.get((asked.id, side))) is not None:
                evidence = rescored(reader.weigh(asked.question, hits), models[fold_of(asked.title)])
                rows.add(evidence, holds_gold(hits, asked), asked.title)
    return rows


def sample_rows(models: list[LinearModel]) -> Rows:
    """Return the questions on the sample corpus, answered by it or not."""
    rows = Rows()
    with sample_index() as directory:
        retriever = Retriever(Index.open(directory))
        reader = ExtractiveReader(retriever)
        for asked in of_sample():
            hits = retriever.retrieve(asked.question, HITS)
            rows.add(rescored(reader.weigh(asked.question, hits), models[fold_of(asked.title)]), holds_gold(hits, asked), asked.title)
    return rows


def afriqa_rows(data: Path) -> Rows:
    """Return the questions of AfriQA over a small index of their contexts, the answering one in or out."""
    pairs, rows = afriqa(data), Rows()
    with TemporaryDirectory() as directory:
        documents = {hit.passage.text: Document(hit.passage.document_id, hit.passage.text, hit.provenance) for _, hit in pairs}
        ingest(Path(directory), documents.values(), load_encoder())
        words, retriever = Words(Path(directory)), Retriever(Index.open(Path(directory)))
        reader = ExtractiveReader(retriever)
        asked_all = [replace(asked, gold=documents[hit.passage.text].id) for asked, hit in pairs]
        sides = [
            [retriever.retrieve(asked.question, HITS, filters) for filters in (None, Filters(exclude_document_ids=(asked.gold or "",)))]
            for asked in asked_all
        ]
        models = readers_of([choose_from(words, asked, hits, 1.0) for asked, (hits, _) in zip(asked_all, sides, strict=True)])
        for asked, both in zip(asked_all, sides, strict=True):
            for hits in both:
                evidence = rescored(reader.weigh(asked.question, hits), models[fold_of(asked.title)])
                rows.add(evidence, holds_gold(hits, asked), asked.title)
    return rows


def nomiracl_rows(index: Index, data: Path) -> Rows:
    """Return the questions of NoMIRACL, each over its own documents."""
    retriever, rows = Retriever(index), Rows()
    reader = ExtractiveReader(retriever)
    for asked in nomiracl(data):
        hits = retriever.retrieve(asked.question, 10, Filters(document_ids=asked.shown))
        rows.add(reader.weigh(asked.question, hits), asked.answerable, asked.id)
    return rows


def fit_decision(
    rows: NDArray[np.float64], labels: NDArray[np.bool_], counts: NDArray[np.float64], penalty: float = PENALTY
) -> LinearModel:
    """Fit a logistic model; the classes weigh the same."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-6] = 1.0
    balance = np.where(labels, 0.5 / np.average(labels, weights=counts), 0.5 / (1 - np.average(labels, weights=counts)))
    fitted = LogisticRegression(C=penalty, max_iter=3000).fit((rows - mean) / scale, labels, counts * balance)
    return LinearModel(EVIDENCE, mean, scale, fitted.coef_[0], float(fitted.intercept_[0]))


def best_threshold(
    scores: NDArray[np.float64], labels: NDArray[np.bool_], sets: NDArray[np.int_] | None = None, slack: float = 0.0
) -> float:
    """Return the lowest score whose J, meant over the sets and smoothed, is the best to within `slack`."""
    thresholds = np.quantile(scores, np.linspace(0.02, 0.98, 97))
    parts = [slice(None)] if sets is None else [sets == number for number in np.unique(sets)]
    gains = np.mean([_gains(scores[part], labels[part], thresholds) for part in parts], axis=0)
    smooth = np.convolve(gains, np.ones(7) / 7, "valid")
    return float(thresholds[3 + int(np.argmax(smooth >= smooth.max() - slack))])


def _gains(scores: NDArray[np.float64], labels: NDArray[np.bool_], thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([(scores[labels] >= t).mean() - (scores[~labels] >= t).mean() for t in thresholds])


def main() -> None:
    options = read_options(__doc__, "abstention.json")
    words, encoder = Words(options.index), held_out(options.held_out)
    held = words.held(options.hits)
    models = readers_of([one for part in choices_of(words, options.data, options.hits, encoder).values() for one in part])
    parts = [
        held_rows(words, piaf(options.data, "train"), held, models, encoder),
        held_rows(words, written(words.index), held, models, encoder),
        afriqa_rows(options.data),
        nomiracl_rows(words.index, options.data),
        sample_rows(models),
    ]
    rows, labels = (
        np.concatenate([np.array(column) for column in columns]) for columns in zip(*((p.rows, p.labels) for p in parts), strict=True)
    )
    sizes = [len(part.rows) for part in parts]
    counts = np.repeat([share for _, share in SETS], sizes)
    folds = np.array([fold_of(group) for part in parts for group in part.groups])
    scores = np.zeros(len(rows))
    for fold in range(FOLDS):
        seen = folds != fold
        scores[~seen] = fit_decision(rows[seen], labels[seen], counts[seen]).score(rows[~seen])
    sets = np.repeat(range(len(SETS)), sizes)
    threshold = best_threshold(scores, labels, sets, SLACK)
    for number, (name, _) in enumerate(SETS):
        part = sets == number
        answered = scores[part] >= threshold
        h, e = answered[~labels[part]].mean(), 1 - answered[labels[part]].mean()
        own = best_threshold(scores[part], labels[part])
        print(
            f"{name}: H {100 * h:.1f} E {100 * e:.1f} J {100 * (1 - h - e):.1f} (cross-validated, threshold {threshold:.2f}; own {own:.2f})"
        )
    model = replace(fit_decision(rows, labels, counts), threshold=threshold)
    options.out.write_text(write_linear_model(model, COMMAND.format("fit_abstention.py"), ABOUT), encoding="utf-8")


if __name__ == "__main__":
    main()
