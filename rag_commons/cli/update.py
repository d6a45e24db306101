"""`rag-commons update`: what changed in a source since it was ingested, deletions included."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag_commons.cli.options import add_index, add_settings, settings_of
from rag_commons.cli.progress import ProgressLine
from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.index.build import IngestReport, ingest
from rag_commons.index.opened import Index
from rag_commons.index.origins import Origin, iter_origins, keep_origin
from rag_commons.index.removal import remove
from rag_commons.licences.provenance import Provenance
from rag_commons.sources import SOURCES, Source
from rag_commons.sources.admission import BOILERPLATE, admit
from rag_commons.sources.changes import Change, Checkpoint, Deletion, State

# a file that could not be read whole says nothing of the documents that it may still hold
_UNREAD = ("damaged-", "unreadable-", "malformed-", "fetch:", "incomplete:", "unreachable:")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "update",
        help="suivre ce qui a changé dans une source",
        description="Relit ce qui a été ingéré d'une source : seul ce qui a changé est repris, ce qui a disparu est retiré.",
    )
    parser.add_argument("source", metavar="SOURCE", choices=sorted(SOURCES), help=f"une source : {', '.join(sorted(SOURCES))}")
    add_index(parser)
    add_settings(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Update every reading of the source that the index keeps."""
    source = SOURCES[arguments.source]
    index = Index.open(arguments.index)
    origins = list(iter_origins(arguments.index, source.name))
    if not origins:
        raise InputError(
            f"an index into which {source.name} was ingested", f"none in {arguments.index}", f"run `rag-commons ingest {source.name}` first"
        )
    for origin in origins:
        _update(source, origin, index, arguments.index, settings_of(arguments))
    return 0


@dataclass(slots=True)
class _Seen:
    """What a stream of changes said, beside the documents."""

    ids: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    state: State | None = None
    whole: bool = True


def _update(source: Source, origin: Origin, index: Index, directory: Path, settings: Mapping[str, str]) -> None:
    seen = _Seen()
    changes = source.iter_changes(_known(index, origin), origin.state, **settings)
    boilerplate = None
    if changes is None:
        options = {**dict(origin.state.options), **settings}
        boilerplate = options.pop(BOILERPLATE, None)
        items: Iterable[Change] = source.iter_documents(origin.state.paths, **options)
    else:
        items = changes
    with ProgressLine() as line:
        report = ingest(directory, admit(_documents(items, seen), origin.policy, boilerplate), progress=line.show)
        if changes is None and seen.whole:
            seen.deleted |= origin.ids - seen.ids
            seen.state = origin.state
        gone = [one for one in sorted(seen.deleted) if index.holds(one)]
        if gone:
            remove(directory, gone, progress=line.show)
    keep_origin(directory, seen.state or origin.state, origin.policy, (origin.ids | seen.ids) - seen.deleted)
    _say(source, origin, report, len(gone), complete=seen.state is not None)


def _known(index: Index, origin: Origin) -> Iterator[tuple[str, Provenance]]:
    for identity in sorted(origin.ids):
        keys = index.document_passages(identity)
        found = index.passage(keys[0]) if keys else None
        if found is not None:
            yield identity, found[1]


def _documents(changes: Iterable[Change], seen: _Seen) -> Iterator[Document | DocumentRefused]:
    """Pass documents and refusals on; note deletions and the last state."""
    for change in changes:
        if isinstance(change, Deletion):
            seen.deleted.add(change.document_id)
        elif isinstance(change, Checkpoint):
            seen.state = change.state
        elif isinstance(change, DocumentRefused):
            seen.whole = seen.whole and not change.reason.startswith(_UNREAD)
            yield change
        else:
            seen.ids.add(change.id)
            seen.deleted.discard(change.id)
            yield change


def _say(source: Source, origin: Origin, report: IngestReport, gone: int, *, complete: bool) -> None:
    paths = " ".join(origin.state.paths) or "(sans chemin)"
    sys.stdout.write(
        f"{source.name} {paths} : {report.added} ajoutés, {report.replaced} remplacés, {gone} retirés, "
        f"{sum(count for _, count in report.refusals)} refusés\n"
    )
    for reason, count in report.refusals:
        sys.stdout.write(f"  refusés : {count:6d}  {reason}\n")
    if not complete:
        sys.stderr.write(
            f"rag-commons: {source.name} was not read whole; nothing more was taken away; run the same update again to go on\n"
        )
