"""`rag-commons ingest`: a corpus becomes documents, passages and an index."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rag_commons.cli.options import add_index
from rag_commons.cli.progress import ProgressLine
from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, UsageError
from rag_commons.sources import SOURCES
from rag_commons.sources.policy import POLICIES, apply_policy

_TOLD = 5


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "ingest",
        help="faire entrer un corpus dans un index",
        description="Ajoute des documents à un index, qu'il crée au besoin. Relancé, il ne refait que ce qui a changé ; "
        "interrompu, il reprend.",
    )
    parser.add_argument("source", metavar="SOURCE", choices=sorted(SOURCES), help=f"une source : {', '.join(sorted(SOURCES))}")
    parser.add_argument("paths", metavar="PATH", nargs="*", help="fichiers, dossiers, titres ou identifiants, selon la source")
    add_index(parser)
    parser.add_argument(
        "--encoder", metavar="M", help="dossier ou nom d'un modèle sentence-transformers (défaut : l'encodeur français livré)"
    )
    parser.add_argument("--wiki", metavar="WIKI", help="code du wiki (frwiki, brwiki…), l'emporte sur ce que le fichier dit de lui-même")
    parser.add_argument(
        "--policy",
        choices=POLICIES,
        help="droits admis : open, noncommercial ou all (défaut : all pour jsonl et folder, open pour les autres)",
    )
    parser.add_argument(
        "--set", metavar="CLE=VALEUR", action="append", default=[], dest="settings", help="option propre à la source, répétable"
    )
    parser.add_argument("--dry-run", action="store_true", help="dit ce qui entrerait, par licence et par raison de refus, sans rien écrire")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ingest, or say what would come in."""
    source = SOURCES[arguments.source]
    items = source.iter_documents(arguments.paths, **_options(arguments))
    admitted = apply_policy(items, arguments.policy or source.policy)
    if arguments.dry_run:
        return _dry_run(admitted)
    return _ingest(admitted, arguments.index, arguments.encoder)


def _options(arguments: argparse.Namespace) -> dict[str, str]:
    options = {"wiki": arguments.wiki} if arguments.wiki else {}
    for setting in arguments.settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError("--set NAME=VALUE", repr(setting), "write the name, an equals sign and the value")
        options[name.strip()] = value
    return options


def _ingest(items: Iterable[Document | DocumentRefused], directory: Path, spec: str | None) -> int:
    from rag_commons.encoder import load_encoder
    from rag_commons.index.build import ingest

    told = _Told(items)
    with ProgressLine() as line:
        report = ingest(directory, told, load_encoder(spec), line.show)
    told.complain()
    megabytes = report.text_bytes / 1e6
    sys.stdout.write(
        f"{directory}: {report.added} ajoutés, {report.replaced} remplacés, {report.unchanged + report.resumed} inchangés, "
        f"{sum(count for _, count in report.refusals)} refusés ; {report.documents} documents, {report.passages} passages, "
        f"{megabytes:.1f} Mo de texte ; {report.seconds:.1f} s\n"
    )
    for reason, count in report.refusals:
        sys.stdout.write(f"  refusés : {count:6d}  {reason}\n")
    return 0


def _dry_run(items: Iterable[Document | DocumentRefused]) -> int:
    from rag_commons.licences.table import licence
    from rag_commons.sources.contract import check_document

    entering: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    told = _Told(items)
    for item in told:
        try:
            if isinstance(item, DocumentRefused):
                raise item
            check_document(item)
        except DocumentRefused as error:
            refused[error.reason] += 1
            continue
        entering[item.provenance.licence] += 1
        characters[item.provenance.licence] += len(item.text)
    told.complain()
    sys.stdout.write(f"à blanc : {entering.total()} documents entreraient, {refused.total()} seraient refusés ; rien n'est écrit\n")
    for name, count in sorted(entering.items()):
        sys.stdout.write(f"  entreraient : {count:6d}  {licence(name).badge} ({characters[name] / 1e6:.2f} M de caractères)\n")
    for reason, count in sorted(refused.items()):
        sys.stdout.write(f"  refusés     : {count:6d}  {reason}\n")
    return 0


class _Told:
    """Passes the stream on and keeps the first refusals, to be told in full once."""

    def __init__(self, items: Iterable[Document | DocumentRefused]) -> None:
        self._items = iter(items)
        self._refusals: list[DocumentRefused] = []
        self._seen: set[str] = set()

    def __iter__(self) -> "_Told":
        return self

    def __next__(self) -> Document | DocumentRefused:
        item = next(self._items)
        if isinstance(item, DocumentRefused) and item.reason not in self._seen and len(self._refusals) < _TOLD:
            self._seen.add(item.reason)
            self._refusals.append(item)
        return item

    def complain(self) -> None:
        """Say the first refusal of each reason, with what to do."""
        for refusal in self._refusals:
            sys.stderr.write(f"rag-commons: refused ({refusal.reason}): {refusal}\n")
