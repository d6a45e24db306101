"""Tables: CSV, JSON and GeoJSON files, each row a document, as a small YAML file beside them says.

`layer.mapping.yaml` beside `layer.csv` maps columns to the keys of contract 1: a constant as it is, a column in braces, several
paragraphs as a list, of which those with an empty column are left out::

    id: "rpcq/{no_bien}"
    title: "{nom_bien}"
    text: ["{description}", "Ce bien est {statut}."]
    licence: CC-BY-4.0

How the file is to be read may be said too: `encoding` (UTF-8 by default), `delimiter` (found by itself), `records` (the path of the
rows in a JSON object). The one surprise: the licence may come from a column, since in a register that is the publisher speaking.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources.contract import document_from_json, locate, repeated
from rag_commons.sources.files import FoundFile, find_files, leads_out
from rag_commons.sources.sidecar import read_mapping
from rag_commons.sources.table_mapping import Mapping, read_columns
from rag_commons.sources.table_rows import iter_rows

_SUFFIXES = (".csv", ".tsv", ".geojson", ".json")


def iter_documents(
    paths: Sequence[str | Path],
    *,
    mapping: str | None = None,
    licence: str | None = None,
    holder: str | None = None,
    collection: str | None = None,
    language: str | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield a document for each row of the tables under some paths; `mapping` names a mapping file for all of them.

    Raises InputError where a path leads nowhere, a mapping is missing or wrong, or a file is not the table it is said to be.
    """
    constants = {"licence": licence, "holder": holder, "collection": collection, "language": language}
    files = find_files(paths, _SUFFIXES)
    return _documents(files, [(file, _mapping(file.path, mapping, constants)) for file in files if not file.outside])


def _documents(files: list[FoundFile], tables: list[tuple[FoundFile, Mapping]]) -> Iterator[Document | DocumentRefused]:
    yield from (leads_out(file) for file in files if file.outside)
    seen: set[str] = set()
    for file, mapping in tables:
        begun = len(tables) > 1
        try:
            for item in _table(file.path, mapping):
                begun = True
                if isinstance(item, Document) and item.id in seen:
                    yield repeated(item.id, str(file.path))
                    continue
                if isinstance(item, Document):
                    seen.add(item.id)
                yield item
        except InputError as error:
            # what was read before stays; only a source that gives nothing at all fails
            if not begun:
                raise
            yield DocumentRefused("malformed-file", error.expected, error.seen, error.todo)


def _table(path: Path, mapping: Mapping) -> Iterator[Document | DocumentRefused]:
    columns, rows = iter_rows(path, mapping.reading)
    unknown = [column for column in mapping.columns if column not in columns]
    if unknown:
        names = ", ".join(repr(column[:60]) for column in unknown[:5])
        raise InputError(
            f"columns of {path.name} in its mapping", f"{names}, where there are: {', '.join(sorted(columns)[:60])}", "correct the names"
        )
    for where, row in rows:
        if isinstance(row, DocumentRefused):
            yield locate(row, f"{path}, {where}")
            continue
        try:
            yield document_from_json(mapping.apply(row))
        except DocumentRefused as refused:
            yield locate(refused, f"{path}, {where}")


def _mapping(path: Path, given: str | None, constants: dict[str, str | None]) -> Mapping:
    candidates = [Path(given)] if given else [path.with_name(f"{name}.mapping.yaml") for name in (path.name, path.stem)]
    found = next((candidate for candidate in candidates if candidate.is_file()), None)
    if found is None:
        raise InputError(
            f"a mapping of the columns of {path.name}", f"no {candidates[-1]}",
            "write one, with id, title, text and licence at least, or give --set mapping=FILE",
        )  # fmt: skip
    try:
        return read_columns(read_mapping(found), constants, str(found))
    except DocumentRefused as refused:
        raise InputError(refused.expected, refused.seen, refused.todo) from None
