"""`rag-commons train-ranker`: the shipped ranker made again, or one for an index of one's own."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag_commons.errors import InputError
from rag_commons.retrieval.ranking import TreeRanker


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "train-ranker",
        help="entraîner le classement des passages",
        description="Entraîne les arbres qui classent les passages trouvés, sur des questions dont on connaît le document qui répond. Les "
        "titres de la part de test ne sont pas lus. Demande l'extra « train » : pip install 'rag-commons[train]'.",
    )
    parser.add_argument(
        "corpus",
        metavar="FICHIER",
        nargs="+",
        type=Path,
        help="documents en JSON Lines de l'index, pour des encodeurs qui n'ont pas vu les questions",
    )
    parser.add_argument("--index", metavar="DIR", type=Path, required=True, help="index qui contient ces documents")
    parser.add_argument(
        "--questions",
        metavar="FICHIER.jsonl",
        type=Path,
        action="append",
        required=True,
        help='questions {"question", "title", "document_id", "split" ?} (répétable)',
    )
    parser.add_argument("--quiz", metavar="FICHIER.jsonl", type=Path, help="quiz dont l'encodeur a été nourri, le cas échéant")
    parser.add_argument(
        "--held-out",
        metavar="DIR",
        type=Path,
        action="append",
        help="encodeur déjà entraîné sans la première, puis sans la seconde moitié des titres (sinon ils sont entraînés d'abord)",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="dossier à écrire")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, write the trees and the importances, and tell the recall on titles left out."""
    from rag_commons.encoder import Encoder, load_encoder
    from rag_commons.encoder.corpus import AskedQuestion, read_questions
    from rag_commons.index.opened import Index
    from rag_commons.retrieval.finding import depth
    from rag_commons.retrieval.heldout import FOLDS, fold_of, held_out_encoders, search_all
    from rag_commons.retrieval.learning import observe, train_ranker
    from rag_commons.retrieval.trees import save_forest

    if arguments.held_out and len(arguments.held_out) != FOLDS:
        raise InputError(f"{FOLDS} folders after --held-out", str(len(arguments.held_out)), "give one for each half of the titles")
    index = Index.open(arguments.index)
    asked = read_questions(arguments.questions)
    questions = [question for question in asked if question.part != "test" and index.holds(question.document_id)]
    if not questions:
        raise InputError("questions whose documents are in the index", "none", "ingest the documents first")
    encoders: Iterator[Encoder]
    if arguments.held_out:
        encoders = (load_encoder(str(folder)) for folder in arguments.held_out)
    else:
        encoders = held_out_encoders(arguments.corpus, asked, arguments.quiz, _tell)
    observed = []
    for fold, encoder in enumerate(encoders):
        part: Sequence[AskedQuestion] = [question for question in questions if fold_of(question.title) == fold]
        _tell(f"half {fold + 1}: {len(part)} questions")
        dense = search_all(index, encoder, [question.question for question in part], depth(1))
        observed += [observe(index, question, near, TreeRanker.reads) for question, near in zip(part, dense, strict=True)]
    trained = train_ranker(observed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    save_forest(trained.forest, arguments.out / "ranker.safetensors")
    ordered = sorted(trained.importances.items(), key=lambda pair: -pair[1])
    lines = json.dumps({name: round(share, 4) for name, share in ordered}, indent=1)
    (arguments.out / "importances.json").write_text(lines + "\n", encoding="utf-8")
    for k, share in trained.recall.items():
        sys.stdout.write(f"R@{k} {share:.3f}\n")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
