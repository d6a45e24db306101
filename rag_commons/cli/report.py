"""`rag-commons report`: what the commons are worth, for those who fund and hold them."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rag_commons.answering.ask import ask
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answering.uses import iter_uses, use_of
from rag_commons.answers import Answer
from rag_commons.cli.opening import open_retriever
from rag_commons.cli.options import add_index, read_queries
from rag_commons.errors import InputError, UsageError
from rag_commons.index.manifest import Manifest
from rag_commons.report.page import worth_to_page
from rag_commons.report.worth import Worth, worth_of_answers, worth_of_uses
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "report",
        help="dire ce que valent les communs",
        description="Quelles institutions, licences et langues ont répondu, et ce que les réponses perdraient sans elles. "
        "Écrit worth.json et report.html.",
    )
    add_index(parser)
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("report"), help="dossier des résultats (défaut : report)")
    parser.add_argument(
        "--questions", metavar="FICHIER.jsonl", type=Path, nargs="+", default=[], help='questions à poser, lignes {"id", "question"}'
    )
    parser.add_argument("--uses", metavar="FICHIER.jsonl", type=Path, help="usages comptés par `rag-commons serve --uses`")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and write the report."""
    if arguments.questions and arguments.uses:
        raise UsageError("--questions FILE… or --uses FILE", "both", "make two reports")
    retriever = open_retriever(arguments.index)
    # with neither, the report tells the corpus alone
    worth = worth_of_uses(iter_uses(arguments.uses)) if arguments.uses else _asked(retriever, arguments.questions)
    _write(arguments.out, retriever.index.name, retriever.index.manifest, worth)
    sys.stdout.write(
        f"{worth.questions} questions, {worth.answered} réponses ; {arguments.out / 'report.html'}, {arguments.out / 'worth.json'}\n"
    )
    return 0


def _asked(retriever: Retriever, files: Sequence[Path]) -> Worth:
    reader = ExtractiveReader(retriever)

    def asking(question: str, filters: Filters | None) -> Answer:
        return ask(question, retriever, reader, filters=filters)

    answers = [asking(query.question, None) for path in files for query in read_queries(path)]
    manifest = retriever.index.manifest
    names = {
        "holder": tuple(manifest.holders),
        "collection": tuple(manifest.collections),
        "licence": tuple(manifest.licences),
        "language": tuple(manifest.languages),
    }
    return worth_of_answers(answers, [use_of(answer) for answer in answers], names, asking)


def _write(folder: Path, name: str, manifest: Manifest, worth: Worth) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "worth.json").write_text(
            json.dumps({"schema": 1, "index": {"name": name, "build": manifest.build}, **asdict(worth)}, ensure_ascii=False, indent=2)
            + "\n",
            "utf-8",
        )
        (folder / "report.html").write_text(worth_to_page(name, manifest, worth), "utf-8")
    except OSError as error:
        raise InputError("a folder that can be written to", f"{folder}: {error.strerror}", "give another --out") from error
