"""`rag-commons verify`: whether the answers of any system prove themselves, statement by statement and source by source."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from rag_commons.answering.readers import entailment_for
from rag_commons.answering.verification.entailment import Entailment
from rag_commons.cli.reading import add_nli
from rag_commons.errors import CommonsError
from rag_commons.evaluation.reading import Malformed, iter_lines, read_answer
from rag_commons.evaluation.registry import IndexRegistry, Registry
from rag_commons.evaluation.verdict import Verdict, judge
from rag_commons.index.opened import Index


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "verify",
        help="vérifier des réponses",
        description="Juge des réponses en JSON Lines, d'ici ou d'un autre système : chaque phrase contre les mots qu'elle cite, "
        "chaque source contre ses droits et, avec --index, contre l'index.",
    )
    parser.add_argument(
        "file",
        metavar="FICHIER.jsonl",
        type=Path,
        help="une réponse par ligne, telle que « ask --format jsonl » l'écrit, ou au format TREC RAG",
    )
    parser.add_argument("--index", metavar="DIR", type=Path, default=None, help="vérifier aussi que les passages sont ceux de cet index")
    parser.add_argument(
        "--fail-under", metavar="X", type=_share, default=None, help="code de sortie 1 sous cette part de réponses strictes (0 à 1)"
    )
    add_nli(parser)
    parser.add_argument("--format", choices=("text", "jsonl"), default="text", help="text par défaut")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge each answer, in order; malformed lines are named on stderr and count as not strict."""
    registry: Registry | None = IndexRegistry(Index.open(arguments.index)) if arguments.index else None
    judged = strict = malformed = 0
    for verdict in _verdicts(arguments.file, registry, entailment_for(arguments.nli)):
        if verdict is None:
            malformed += 1
            continue
        judged += 1
        strict += verdict.strict
        sys.stdout.write(_jsonl(verdict) if arguments.format == "jsonl" else _text(verdict))
    if arguments.format == "text":
        sys.stdout.write(_summary(judged, strict, malformed))
    share = strict / (judged + malformed) if judged + malformed else 0.0
    if arguments.fail_under is not None and share < arguments.fail_under:
        raise CommonsError(
            f"at least {arguments.fail_under:g} of the answers strict",
            f"{strict} of {judged + malformed} ({share:.3f})",
            "read the reasons above, or lower --fail-under",
        )
    return 0


def _verdicts(path: Path, registry: Registry | None, entailment: Entailment | None) -> Iterator[Verdict | None]:
    for line in iter_lines(path):
        if isinstance(line, Malformed):
            print(f"rag-commons: {path}:{line.line}: {line.problem}; the other lines are judged", file=sys.stderr)  # noqa: T201
            yield None
        else:
            yield judge(read_answer(line.row), registry, entailment)


def _share(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1; seen: {text!r}")
    return value


def _jsonl(verdict: Verdict) -> str:
    return json.dumps(verdict.to_json(), ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def _text(verdict: Verdict) -> str:
    lines = [f"{verdict.id or '(sans identifiant)'} : {'strict' if verdict.strict else 'pas strict'}"]
    lines += [f"  phrase {n} : {one.reason}" for n, one in enumerate(verdict.statements, 1) if not one.supported]
    lines += [f"  source [{one.ref if one.ref is not None else '?'}] : {one.reason}" for one in verdict.references if not one.ok]
    lines += [f"  réponse : {reason}" for reason in verdict.reasons]
    return _printable("\n".join(lines)) + "\n"


def _printable(text: str) -> str:
    """Return the text without what could move or recolour the terminal, nor what UTF-8 cannot write."""
    kept = "".join(character for character in text if character == "\n" or character.isprintable() or character.isspace())
    return kept.encode("utf-8", "replace").decode()


def _summary(judged: int, strict: int, malformed: int) -> str:
    spoiled = f" ; {malformed} ligne(s) illisible(s)" if malformed else ""
    return f"{strict} réponse(s) strictes sur {judged}{spoiled}\n"
