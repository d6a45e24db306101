"""Find hits for questions with encoder and ranker that have not seen them: what the reader is fitted on.

`python eval/heldout_hits.py --index DIR --held-out ENC0 --held-out ENC1 --out hits.jsonl`: ENC0 and ENC1 are encoders trained without
the first and the second half of the titles, as `rag-commons train-ranker` makes them. Each half is ranked by trees trained on the other.
The questions are those of PIAF's train half and of `questions/commons.jsonl`. A line a question: its hits with its gold document in the
index (`in`), taken out (`out`), and for PIAF with the whole page that it is of taken out (`page_out`: a document of PIAF is a paragraph
of a page), as [document id, passage number, score].
"""

import argparse
import json
from pathlib import Path

from answering_data import HITS, Asked, Side, pages, piaf, written

from rag_commons.documents import Hit
from rag_commons.encoder import load_encoder
from rag_commons.encoder.corpus import AskedQuestion
from rag_commons.index.opened import Index
from rag_commons.retrieval.finding import depth, find, prepare
from rag_commons.retrieval.fusion import Calibration, Scores
from rag_commons.retrieval.heldout import FOLDS, fold_of, search_all
from rag_commons.retrieval.learning import Observed, observe, train_ranker
from rag_commons.retrieval.ranking import TreeRanker
from rag_commons.retrieval.retriever import Retriever

ROOT = Path(__file__).resolve().parents[1]
# how many more passages are searched, as those taken out are found and left
MORE = 160


def hits_of(retriever: Retriever, question: str, dense: Scores, without: tuple[str, ...]) -> list[list[object]]:
    """Return the hits that the retriever would give for what an encoder found."""
    index = retriever.index
    allowed = index.allowed((), (), (), (), (), None, without) if without else None
    kept = [pair for pair in dense if allowed is None or pair[0] in allowed][: depth(HITS)]
    found = find(index, prepare(index, question), kept, HITS, allowed, Calibration())
    hits: list[Hit] = []
    for hit in retriever.order(found, allowed):
        hits.append(hit)
        if len(hits) == HITS:
            break
    return [[hit.passage.document_id, hit.passage.number, round(hit.score, 6)] for hit in hits]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, action="append", required=True)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    index = Index.open(options.index)
    page = pages(options.data)
    halves: list[list[tuple[Asked, Scores]]] = []
    observed: list[list[Observed]] = []
    for fold in range(FOLDS):
        encoder = load_encoder(str(options.held_out[fold]))
        part = [asked for asked in (*piaf(options.data, "train"), *written(index)) if fold_of(asked.title) == fold]
        dense = search_all(index, encoder, [asked.question for asked in part], depth(HITS) + MORE)
        halves.append(list(zip(part, dense, strict=True)))
        observed.append([observe(index, as_read(asked), near, TreeRanker.reads) for asked, near in halves[-1]])
    with options.out.open("w", encoding="utf-8") as out:
        for fold, half in enumerate(halves):
            trained = train_ranker([one for other, ones in enumerate(observed) if other != fold for one in ones])
            retriever = Retriever(index, ranker=TreeRanker(trained.forest))
            for asked, dense in half:
                taken: dict[Side, tuple[str, ...]] = {"in": (), "out": (asked.gold or "",)}
                if asked.gold in page.get(asked.title, ()):
                    taken["page_out"] = page[asked.title]
                sides = {side: hits_of(retriever, asked.question, dense, without) for side, without in taken.items()}
                out.write(json.dumps({"id": asked.id, **sides}) + "\n")


def as_read(asked: Asked) -> AskedQuestion:
    """Return a question as the training of rankers reads it."""
    return AskedQuestion(asked.question, asked.title, asked.gold or "", weight=asked.weight)


if __name__ == "__main__":
    main()
