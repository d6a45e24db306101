"""`rag-commons ingest`: a corpus becomes documents, passages and an index."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rag_commons.cli.encoders import add_encoder_settings, encoder_settings_of
from rag_commons.cli.options import add_index, add_settings, settings_of
from rag_commons.cli.progress import ProgressLine
from rag_commons.cli.repeats import repeats_told
from rag_commons.cli.source_help import SourceHelp
from rag_commons.documents import Document
from rag_commons.encoder import load_encoder
from rag_commons.errors import DocumentRefused
from rag_commons.index.build import ingest
from rag_commons.index.origins import keep_origin
from rag_commons.licences.table import licence
from rag_commons.sources import SOURCES
from rag_commons.sources.admission import BOILERPLATE, admit
from rag_commons.sources.changes import State
from rag_commons.sources.contract import check_document
from rag_commons.sources.near_duplicates import RepeatCounter
from rag_commons.sources.policy import POLICIES

_TOLD = 5
# secrets and addresses of people are given again, never kept
_UNKEPT = ("key", "contact")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "ingest",
        help="faire entrer un corpus dans un index",
        description="Ajoute des documents à un index, qu'il crée au besoin. Relancé, il ne refait que ce qui a changé ; "
        "interrompu, il reprend. « rag-commons ingest SOURCE --help » dit les options d'une source et un exemple.",
        add_help=False,
    )
    parser.add_argument("-h", "--help", action=SourceHelp, nargs=0, help="cette aide, ou celle de la source nommée avant")
    parser.add_argument("source", metavar="SOURCE", choices=sorted(SOURCES), help=f"une source : {', '.join(sorted(SOURCES))}")
    parser.add_argument("paths", metavar="PATH", nargs="*", help="fichiers, dossiers, titres ou identifiants, selon la source")
    add_index(parser)
    parser.add_argument(
        "--encoder",
        metavar="M",
        help="modèle sentence-transformers, dense ou creux (SPLADE…), dossier ou nom (défaut : celui de l'index, ou l'encodeur livré)",
    )
    add_encoder_settings(parser)
    parser.add_argument(
        "--adapt",
        action="store_true",
        help="nouvel index : entraîne encore l'encodeur (statique) sur les textes entrés ; l'index garde ces poids",
    )
    parser.add_argument("--wiki", metavar="WIKI", help="code du wiki (frwiki, brwiki…), l'emporte sur ce que le fichier dit de lui-même")
    parser.add_argument(
        "--policy",
        choices=POLICIES,
        help="droits admis : open, noncommercial ou all (défaut : all pour jsonl et folder, open pour les autres)",
    )
    add_settings(parser)
    parser.add_argument("--dry-run", action="store_true", help="dit ce qui entrerait, par licence et par raison de refus, sans rien écrire")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ingest, or say what would come in."""
    source = SOURCES[arguments.source]
    options = _options(arguments)
    # asked before the reading begins: what changes meanwhile is seen by the next update
    today = date.today().isoformat()
    policy = arguments.policy or source.policy
    own = {name: value for name, value in options.items() if name != BOILERPLATE}
    admitted = _Told(admit(source.iter_documents(arguments.paths, **own), policy, options.get(BOILERPLATE)))
    if arguments.dry_run:
        return _dry_run(admitted)
    _ingest(admitted, arguments)
    kept = tuple(sorted((name, value) for name, value in options.items() if name not in _UNKEPT))
    # an update may be run from another folder
    paths = tuple(str(Path(path).resolve()) if Path(path).exists() else path for path in arguments.paths)
    keep_origin(arguments.index, State(source.name, paths, today, kept), policy, admitted.ids)
    return 0


def _options(arguments: argparse.Namespace) -> dict[str, str]:
    return {**({"wiki": arguments.wiki} if arguments.wiki else {}), **settings_of(arguments)}


def _ingest(told: "_Told", arguments: argparse.Namespace) -> None:
    directory: Path = arguments.index
    settings = encoder_settings_of(arguments)
    encoder = load_encoder(arguments.encoder, settings) if arguments.encoder else None
    with ProgressLine() as line:
        report = ingest(directory, told, encoder, line.show, adapt=arguments.adapt)
    told.complain()
    megabytes = report.text_bytes / 1e6
    sys.stdout.write(
        f"{directory}: {report.added} ajoutés, {report.replaced} remplacés, {report.unchanged + report.resumed} inchangés, "
        f"{sum(count for _, count in report.refusals)} refusés ; {report.documents} documents, {report.passages} passages, "
        f"{megabytes:.1f} Mo de texte ; {report.seconds:.1f} s\n"
    )
    for reason, count in report.refusals:
        sys.stdout.write(f"  refusés : {count:6d}  {reason}\n")
    sys.stdout.writelines(f"  {line}\n" for line in repeats_told(report.repeats))


def _dry_run(told: "_Told") -> int:
    entering: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    repeats = RepeatCounter()
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
        repeats.add(item)
    told.complain()
    sys.stdout.write(f"à blanc : {entering.total()} documents entreraient, {refused.total()} seraient refusés ; rien n'est écrit\n")
    for name, count in sorted(entering.items()):
        sys.stdout.write(f"  entreraient : {count:6d}  {licence(name).badge} ({characters[name] / 1e6:.2f} M de caractères)\n")
    for reason, count in sorted(refused.items()):
        sys.stdout.write(f"  refusés     : {count:6d}  {reason}\n")
    sys.stdout.writelines(f"  {line}\n" for line in repeats_told(repeats.count()))
    return 0


class _Told:
    """Passes the stream on; keeps the ids that came and the first refusals, to be told in full once."""

    def __init__(self, items: Iterable[Document | DocumentRefused]) -> None:
        self._items = iter(items)
        self.ids: set[str] = set()
        self._refusals: list[DocumentRefused] = []
        self._seen: set[str] = set()

    def __iter__(self) -> "_Told":
        return self

    def __next__(self) -> Document | DocumentRefused:
        item = next(self._items)
        if isinstance(item, Document):
            self.ids.add(item.id)
        if isinstance(item, DocumentRefused) and item.reason not in self._seen and len(self._refusals) < _TOLD:
            self._seen.add(item.reason)
            self._refusals.append(item)
        return item

    def complain(self) -> None:
        """Say the first refusal of each reason, with what to do."""
        for refusal in self._refusals:
            sys.stderr.write(f"rag-commons: refused ({refusal.reason}): {refusal}\n")
