"""Options that several commands share: the index, filters, questions from a file, formats."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag_commons.errors import InputError, UsageError
from rag_commons.retrieval.filters import Filters

DEFAULT_INDEX = "indexes/sample"


@dataclass(frozen=True, slots=True)
class Query:
    """A question to ask or search, with the documents that it is held to or kept from."""

    id: str | None
    question: str
    document_ids: tuple[str, ...] | None = None
    exclude_document_ids: tuple[str, ...] = ()


def add_index(parser: argparse.ArgumentParser) -> None:
    """Add `--index`."""
    parser.add_argument(
        "--index", metavar="DIR", type=Path, default=Path(DEFAULT_INDEX), help=f"dossier de l'index (défaut : {DEFAULT_INDEX})"
    )


def add_questions(parser: argparse.ArgumentParser) -> None:
    """Add the question, `--questions` and `--k`."""
    parser.add_argument("question", metavar="QUESTION", nargs="?", help="la question, en français")
    parser.add_argument(
        "--questions", metavar="FICHIER.jsonl", type=Path, help='lignes {"id", "question"} ; une ligne de réponse par question'
    )
    parser.add_argument("--k", type=positive, default=8, metavar="N", help="nombre de passages à retrouver (défaut : 8)")


def add_reranker(parser: argparse.ArgumentParser) -> None:
    """Add `--reranker`."""
    parser.add_argument(
        "--reranker",
        metavar="MODÈLE",
        help="dossier ou nom d'un CrossEncoder de sentence-transformers, à la place du classement livré ; « aucun » pour s'en passer",
    )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the filters on licence, collection, institution, language and allowed use."""
    group = parser.add_argument_group("filtres (répétables)")
    for name, what in (
        ("licence", "identifiant de licence"),
        ("collection", "collection"),
        ("holder", "institution détentrice"),
        ("language", "langue (BCP 47)"),
    ):
        group.add_argument(f"--{name}", action="append", default=[], metavar="ID", help=f"{what}, identifiant exact")
    group.add_argument(
        "--allow",
        action="append",
        default=[],
        choices=("commercial", "adaptation"),
        help="seulement ce dont les droits permettent cet usage",
    )
    for name, what in (("since", "depuis cette année"), ("until", "jusqu'à cette année")):
        group.add_argument(f"--{name}-year", type=positive, metavar="ANNÉE", help=f"publié, ou mis à jour, {what}")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add `--set`, for what only some sources understand."""
    parser.add_argument(
        "--set", metavar="CLE=VALEUR", action="append", default=[], dest="settings", help="option propre à la source, répétable"
    )


def settings_of(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the settings of `--set` by name; UsageError for one without a value."""
    settings = {}
    for setting in arguments.settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError("--set NAME=VALUE", repr(setting), "write the name, an equals sign and the value")
        settings[name.strip()] = value
    return settings


def filters_of(arguments: argparse.Namespace, query: Query) -> Filters:
    """Return the filters that the options and the query's own lists ask for."""
    return Filters(
        licences=tuple(arguments.licence),
        collections=tuple(arguments.collection),
        holders=tuple(arguments.holder),
        languages=tuple(arguments.language),
        allow=tuple(arguments.allow),
        years=(arguments.since_year, arguments.until_year),
        document_ids=query.document_ids,
        exclude_document_ids=query.exclude_document_ids,
    )


def positive(text: str) -> int:
    """Read a whole number above 0."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0; seen: {text!r}")
    return number


def iter_queries(arguments: argparse.Namespace) -> Iterator[Query]:
    """Yield the one question of the command line, or those of the file, in order."""
    if arguments.question is not None and arguments.questions is not None:
        raise UsageError("one question or --questions FILE", "both", "leave one out")
    if arguments.questions is not None:
        yield from read_queries(arguments.questions)
    elif arguments.question is not None and arguments.question.strip():
        yield Query(None, arguments.question)
    else:
        raise UsageError("a question, or --questions FILE", "neither", 'type the question between quotes: rag-commons ask "…"')


def read_queries(path: Path) -> Iterator[Query]:
    """Yield the questions of a file, in order; InputError at a line that is none."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _query(line, f"{path}:{number}")
    except OSError as error:
        raise InputError("a readable file of questions", f"{path}: {error.strerror}", "check the path given to --questions") from error
    except UnicodeDecodeError as error:
        raise InputError("questions in UTF-8", f"{path}: {error.reason}", "convert the file to UTF-8") from error


def _query(line: str, where: str) -> Query:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError("one JSON object a line", f"{where}: not JSON", "mend that line") from error
    if not isinstance(row, dict) or not isinstance(row.get("question"), str) or not row["question"].strip():
        raise InputError('an object with a non-empty string "question"', f"{where}: {line.strip()[:60]!r}", "mend that line")
    identifier = row.get("id")
    return Query(
        None if identifier is None else str(identifier),
        row["question"],
        _ids(row.get("document_ids"), where),
        _ids(row.get("exclude_document_ids"), where) or (),
    )


def _ids(value: object, where: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError("a list of document ids", f"{where}: {str(value)[:60]!r}", "give document_ids as a list of strings")
    return tuple(value)
