"""Parquet data sets → one document a row: `wikimedia/wikipedia` and Common Corpus, from local files, folders or the Hugging Face hub.

pyarrow reads them, an optional extra: `pip install "rag-commons[parquet]"`. A file of the hub, `hub:owner/name[@revision]/path`, is
fetched whole into the hub's cache, one at a time, and from there costs nothing more. Rows are read a few hundred at a time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import ModuleType

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.licences.resolve import resolve_licence
from rag_commons.sources.contract import document_from_json
from rag_commons.sources.files import FoundFile, find_files, leads_out
from rag_commons.sources.hub_files import HUB, HubFile, list_hub_files
from rag_commons.sources.option_values import at_most, whole
from rag_commons.sources.optional import optional_library
from rag_commons.sources.parquet_rows import COMMON_CORPUS, WIKIPEDIA, Row, Wanted, dump_day, read_readings, row_fields, shape_of

SUFFIXES = (".parquet",)
LONGEST_TEXT = 64 << 20
_ROWS = 256


def iter_documents(
    paths: Sequence[str | Path],
    *,
    dump: str | None = None,
    licence: str | None = None,
    licences: str | None = None,
    language: str | None = None,
    holder: str | None = None,
    collection: str | None = None,
    limit: int | str | None = None,
    endpoint: str | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield a document for each row of Parquet files, folders and files of the hub, and the refusals.

    `dump` (20231101) dates rows of Wikipedia whose path does not; `licences` says how statements are to be read; `licence`, `language`,
    `holder` and `collection` come before what rows state; `endpoint` is a mirror of the hub. Raises InputError at once where pyarrow
    is absent, an option is wrong or a path leads nowhere.
    """
    arrow = optional_library("pyarrow", "parquet", "pyarrow, which reads Parquet files")
    parquet = optional_library("pyarrow.parquet", "parquet", "pyarrow, which reads Parquet files")
    local = [path for path in paths if not str(path).startswith(HUB)]
    given = {"licence": licence and resolve_licence(licence).id, "language": language, "holder": holder, "collection": collection}
    wanted = Wanted(dump_day(dump, ""), {key: value for key, value in given.items() if value}, read_readings(licences))
    remote = [file for path in paths if str(path).startswith(HUB) for file in list_hub_files(str(path), SUFFIXES, endpoint)]
    files: list[FoundFile | HubFile] = [*(find_files(local, SUFFIXES) if local or not remote else ()), *remote]
    reading = _Reading(parquet, arrow.ArrowException, wanted)
    return at_most((item for item in chain.from_iterable(map(reading.documents, files))), whole(limit, "limit"))


class _Reading:
    """The reading of some files: pyarrow's reader, its errors, and what the user says of the rows."""

    def __init__(self, parquet: ModuleType, damage: type[Exception], wanted: Wanted) -> None:
        self._parquet = parquet
        self._damage = (damage, OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError)
        self._wanted = wanted

    def documents(self, file: FoundFile | HubFile) -> Iterator[Document | DocumentRefused]:
        """Yield the documents of a file; what cannot be read further is a last refusal, and what came before stays."""
        try:
            if isinstance(file, FoundFile) and file.outside:
                raise leads_out(file)
            path, where = (file.path, str(file.path.absolute())) if isinstance(file, FoundFile) else (file.fetch(), file.name)
            wanted = self._wanted if self._wanted.dump else replace(self._wanted, dump=dump_day(None, where))
            for number, row in enumerate(self._rows(path)):
                yield _document(row, f"{path.name}: row {number}", wanted)
        except DocumentRefused as refusal:
            yield refusal

    def _rows(self, path: Path) -> Iterator[Row]:
        with self._damage_refused(path):
            opened = self._parquet.ParquetFile(path)
        with opened:
            with self._damage_refused(path):
                columns = shape_of(opened.schema_arrow.names)
            if columns is None:
                shapes, seen = f"columns {', '.join(WIKIPEDIA)} or {', '.join(COMMON_CORPUS)}", ", ".join(opened.schema_arrow.names)
                raise DocumentRefused("unknown-columns", shapes, f"{path.name}: {seen[:200]}", "leave it out")
            batches = opened.iter_batches(batch_size=_ROWS, columns=list(columns))
            while rows := self._next(path, batches):
                yield from rows

    def _next(self, path: Path, batches: Iterator[object]) -> list[Row]:
        with self._damage_refused(path):
            for batch in batches:
                rows: list[Row] = batch.to_pylist()  # type: ignore[attr-defined]  # pyarrow has no types
                if rows:
                    return rows
        return []

    @contextmanager
    def _damage_refused(self, path: Path) -> Iterator[None]:
        try:
            yield
        except self._damage as error:
            seen = f"{path.name}: {' '.join(str(error).split())[:160]}"
            raise DocumentRefused("damaged-file", "a Parquet file readable to its end", seen, "fetch it again") from None


def _document(row: Row, where: str, wanted: Wanted) -> Document | DocumentRefused:
    try:
        return document_from_json(row_fields(row, where, wanted))
    except DocumentRefused as refusal:
        return refusal
