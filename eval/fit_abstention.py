"""Fit when to abstain: `python eval/fit_abstention.py --index DIR --hits hits.jsonl`, after fit_reader.py.

Each question of PIAF's train half is asked twice: with its gold document in the index, and with it taken out (label: the gold document
is among the hits). Those of AfriQA (but its test part), asked by people who wanted to know, are asked of a small index of their
contexts, likewise. Those of NoMIRACL are asked over their ten documents (label: judged answerable), so that the kinds of question that
no encyclopaedia answers are known; `bench_abstention.py` measures there by cross-validation of its own. The reader's scores of PIAF and
AfriQA come from folds that did not see the title.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from answering_data import FOLDS, Asked, Choice, Words, afriqa, fit_choices, fold_of, nomiracl, piaf
from fit_reader import AFRIQA_COUNTS, choose_from
from numpy.typing import NDArray

from rag_commons.answering.abstention import EVIDENCE, Evidence, evidence_row
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answering.linear import LinearModel, write_linear_model
from rag_commons.documents import Document, Hit
from rag_commons.encoder import load_encoder
from rag_commons.index.build import ingest

ROOT = Path(__file__).resolve().parents[1]
ABOUT = "How much each feature says that the hits answer the question (rag_commons/answering/abstention.py); below the threshold, abstain"
PENALTY = 0.03
# J is flat around its best: of thresholds as good to within two points, the one that answers most serves people best
SLACK = 0.02
SETS = (("PIAF train, gold among the hits or not", 1.0), ("AfriQA, context in or out", 0.8), ("NoMIRACL", 3.0))


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


def in_and_out(taken: list[tuple[Asked, list[Hit], list[Hit]]], words: Words, others: list[Choice], counts: float) -> Rows:
    """Return each question with its gold document in the index and taken out, read by readers of other folds."""
    choices = [choose_from(words, asked, hits, counts) for asked, hits, _ in taken] + others
    readers = [fit_choices([c for c in choices if fold_of(c.title) != fold]) for fold in range(FOLDS)]
    reader, rows = ExtractiveReader(words), Rows()
    for asked, hits, without in taken:
        model = readers[fold_of(asked.title)]
        rows.add(rescored(reader.weigh(asked.question, hits), model), holds_gold(hits, asked), asked.title)
        rows.add(rescored(reader.weigh(asked.question, without), model), False, asked.title)
    return rows


def both(words: Words, asked: Asked) -> tuple[Asked, list[Hit], list[Hit]]:
    """Return a question with the hits of its words, its gold document in the index and taken out."""
    return asked, words.retrieve(asked.question), words.retrieve(asked.question, without=asked.gold)


def piaf_rows(words: Words, data: Path, found: Path | None) -> Rows:
    """Return the train half of PIAF, gold in and gold out."""
    held = words.held(found)
    taken = [(asked, held[asked.id, True], held[asked.id, False]) if held else both(words, asked) for asked in piaf(data, "train")]
    others = [choose_from(words, asked, [hit], AFRIQA_COUNTS) for asked, hit in afriqa(data)]
    return in_and_out(taken, words, others, 1.0)


def afriqa_rows(data: Path) -> Rows:
    """Return the questions of AfriQA over a small index of their contexts, the answering one in or out."""
    pairs = afriqa(data)
    with TemporaryDirectory() as directory:
        documents = {hit.passage.text: Document(hit.passage.document_id, hit.passage.text, hit.provenance) for _, hit in pairs}
        ingest(Path(directory), documents.values(), load_encoder())
        words = Words(Path(directory))
        asked = [replace(one, gold=documents[hit.passage.text].id) for one, hit in pairs]
        return in_and_out([both(words, one) for one in asked], words, [], 1.0)


def nomiracl_rows(words: Words, data: Path) -> Rows:
    """Return the questions of NoMIRACL, each over its own documents, ranked by words."""
    reader, rows = ExtractiveReader(words), Rows()
    for asked in nomiracl(data):
        hits = words.retrieve(asked.question, k=10, among=asked.shown)
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


def best_threshold(scores: NDArray[np.float64], labels: NDArray[np.bool_], slack: float = 0.0) -> float:
    """Return the lowest score whose J is the best to within `slack`, J being smoothed so that one question does not decide."""
    thresholds = np.quantile(scores, np.linspace(0.02, 0.98, 97))
    gains = np.array([(scores[labels] >= t).mean() - (scores[~labels] >= t).mean() for t in thresholds])
    smooth = np.convolve(gains, np.ones(7) / 7, "valid")
    return float(thresholds[3 + int(np.argmax(smooth >= smooth.max() - slack))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--hits", type=Path, help="hits of heldout_hits.py (else the hits are those of the words alone)")
    parser.add_argument("--out", type=Path, default=ROOT / "rag_commons" / "answering" / "abstention.json")
    options = parser.parse_args()
    words = Words(options.index)
    parts = [piaf_rows(words, options.data, options.hits), afriqa_rows(options.data), nomiracl_rows(words, options.data)]
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
    threshold = best_threshold(scores[sets < 2], labels[sets < 2], SLACK)
    for number, (name, _) in enumerate(SETS):
        part = sets == number
        answered = scores[part] >= threshold
        h, e = answered[~labels[part]].mean(), 1 - answered[labels[part]].mean()
        print(f"{name}: H {100 * h:.1f} E {100 * e:.1f} J {100 * (1 - h - e):.1f} (cross-validated, one threshold)")
    model = replace(fit_decision(rows, labels, counts), threshold=threshold)
    command = "python eval/fit_abstention.py --index DIR --hits hits.jsonl"
    options.out.write_text(write_linear_model(model, command, ABOUT), encoding="utf-8")


if __name__ == "__main__":
    main()
