"""Count how common terms are in French: `python eval/count_terms.py --data ../shared/data` writes rag_commons/answering/common_terms.txt.

A term's share is the mean, over the files of `data/commons`, of the share of passages that hold it, so that novels, articles, records and
guides weigh the same.
"""

import argparse
from collections import Counter
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.sources import SOURCES
from rag_commons.sources.passages import split_document
from rag_commons.text.analysis import analyse

ROOT = Path(__file__).resolve().parents[1]
LEAST = 0.003
HEAD = """# Terms of the search analysis held by at least {} in 1000 passages of French, with how many in 1000 (see eval/count_terms.py).
"""


def shares_of(path: Path) -> dict[str, float]:
    """Return the share of a file's passages that hold each term."""
    held: Counter[str] = Counter()
    passages = 0
    for document in SOURCES["jsonl"].iter_documents([path]):
        if isinstance(document, Document):
            for passage in split_document(document):
                passages += 1
                held.update(set(analyse(passage.text)))
    return {term: times / passages for term, times in held.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "rag_commons" / "answering" / "common_terms.txt")
    options = parser.parse_args()
    files = sorted((options.data / "commons").glob("*.jsonl.gz"))
    total: Counter[str] = Counter()
    for path in files:
        for term, share in shares_of(path).items():
            total[term] += share / len(files)
    kept = sorted((term, share) for term, share in total.items() if share >= LEAST)
    lines = [f"{term} {1000 * share:.1f}\n" for term, share in kept]
    options.out.write_text(HEAD.format(round(1000 * LEAST)) + "".join(lines), encoding="utf-8")
    print(f"{len(kept)} terms")


if __name__ == "__main__":
    main()
