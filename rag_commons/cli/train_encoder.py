"""`rag-commons train-encoder`: the shipped encoder made again, or adapted to a corpus of one's own."""

import argparse
import sys
from pathlib import Path

from rag_commons.errors import UsageError


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "train-encoder",
        help="entraîner l'encodeur, ou l'adapter à un corpus",
        description="Entraîne un encodeur statique du français sur des documents en JSON Lines (.jsonl, .jsonl.gz), ou poursuit "
        "l'entraînement d'un autre sur eux ; le dossier écrit se donne à `rag-commons ingest --encoder`.",
    )
    parser.add_argument("corpus", metavar="FICHIER", nargs="+", type=Path, help="documents en JSON Lines : leur texte seul est lu")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="dossier à écrire")
    parser.add_argument(
        "--questions",
        metavar="FICHIER.jsonl",
        type=Path,
        action="append",
        default=[],
        help='questions {"question", "title", "document_id", "split" ?} : la part de test n\'est pas lue, celle de mise au point mesure '
        "(répétable)",
    )
    parser.add_argument("--quiz", metavar="FICHIER.jsonl", type=Path, help='lignes {"question", "answer", "anecdote"}')
    parser.add_argument("--adapt", metavar="DIR", type=Path, help="partir de l'encodeur statique de ce dossier, sans question")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train and write the folder."""
    from rag_commons.encoder.corpus import read_documents, titled
    from rag_commons.encoder.training import adapt_encoder, train_from_files

    if arguments.adapt and (arguments.questions or arguments.quiz):
        raise UsageError("--adapt, or questions to train on", "both", "adapt on texts alone, or train from nothing")
    if arguments.adapt:
        texts = [titled(document.title, document.text) for document in read_documents(arguments.corpus)]
        adapt_encoder(texts, arguments.adapt, arguments.out, progress=_tell)
        return 0
    recall = train_from_files(arguments.corpus, arguments.out, questions=arguments.questions, quiz=arguments.quiz, progress=_tell)
    for k, share in recall.items():
        sys.stdout.write(f"R@{k} {share:.3f}\n")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
