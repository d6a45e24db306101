"""Any repository by OAI-PMH, in Dublin Core: sets, dates, rights as each record states them, deletions followed.

The text of a record is its descriptions. The first of its dc:rights that the table of rights holds is its licence; a record whose
rights are in words that the table does not hold is refused with those words.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.provenance import Provenance
from rag_commons.sources.changes import Change, Checkpoint, Deletion, Known, State, withdrawal
from rag_commons.sources.contract import check_document
from rag_commons.sources.dublin_core import iso_date, read_dublin_core, rights_of, text_language
from rag_commons.sources.fetching import Fetcher, FetchFailed, lend_fetcher
from rag_commons.sources.languages import language_tag
from rag_commons.sources.oai_harvest import Record, Repository
from rag_commons.sources.option_values import at_most, whole

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def iter_documents(
    paths: Sequence[str | Path],
    *,
    sets: str | None = None,
    since: str | None = None,
    until: str | None = None,
    prefix: str = "oai_dc",
    licence: str | None = None,
    language: str | None = None,
    holder: str | None = None,
    collection: str | None = None,
    limit: int | str | None = None,
    contact: str | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the records of the repositories whose base addresses are the paths; raises InputError where one cannot be asked at all.

    `sets`: set specs, joined by commas. `since`, `until`: days. `licence`: for records that state no rights. A list that breaks off
    is told by a refusal `incomplete:…`, which says how to go on.
    """
    bases, most = _bases(paths), whole(limit, "limit")
    given = {"licence": licence, "language": language, "holder": holder, "collection": collection}
    first_day, last_day = _day(since, "since"), _day(until, "until")

    def items() -> Generator[Document | DocumentRefused]:
        with lend_fetcher(fetcher, bases, contact) as client:
            for base in bases:
                found = _Reader(client, base, prefix, given).read(_sets(sets), first_day, last_day)
                yield from (item for item in found if not isinstance(item, Deletion))

    return at_most(items(), most)


def iter_changes(known: Known, state: State, *, contact: str | None = None, fetcher: Fetcher | None = None) -> Iterator[Change]:
    """Yield the records that changed since the day of the state, and the deletions that the repository tells.

    Of a repository that keeps no trace of deletions, the list of what it holds is compared with what is known.
    """
    options = dict(state.options)
    given = {key: options.get(key) for key in ("licence", "language", "holder", "collection")}
    bases, sets = _bases(state.paths), _sets(options.get("sets"))
    held = [identity for identity, _ in known]
    days: list[str] = []
    with lend_fetcher(fetcher, bases, contact) as client:
        for base in bases:
            reader = _Reader(client, base, options.get("prefix", "oai_dc"), given)
            reader.known = frozenset(held)
            yield from reader.read(sets, _day(state.since, "since"), _day(options.get("until"), "until"))
            yield from reader.withdrawn
            if reader.identity.deletions == "no" and sets == (None,):
                yield from reader.missing(held)
            if not reader.complete:
                return
            days.append(reader.identity.today)
    # the clock is the repository's; a day of overlap costs little, and time zones less
    since = min((day for day in days if _DAY.fullmatch(day)), default=(date.today() - timedelta(days=1)).isoformat())
    yield Checkpoint(State(state.source, state.paths, since, state.options))


class _Reader:
    """Records of one repository to documents."""

    def __init__(self, fetcher: Fetcher, base: str, prefix: str, given: dict[str, str | None]) -> None:
        self._fetcher, self._prefix, self._given = fetcher, prefix, given
        self._repository = Repository(fetcher, base)
        self.identity = self._repository.identify()
        self.complete = True
        self.known: frozenset[str] = frozenset()
        self.withdrawn: list[Deletion] = []

    def read(self, sets: Sequence[str | None], since: str | None, until: str | None) -> Iterator[Document | DocumentRefused | Deletion]:
        """Yield what each set holds between two days; a list that breaks off is one refusal."""
        for name in sets:
            asked = {"metadataPrefix": self._prefix, "set": name, "from": since, "until": until}
            last = ""
            try:
                for record in self._repository.records("ListRecords", **{key: value for key, value in asked.items() if value}):
                    last = max(last, record.datestamp)
                    yield Deletion(record.identifier) if record.deleted else self._document(record)
            except FetchFailed as error:
                self.complete = False
                refusal = error.refusal(self._repository.base, "incomplete")
                refusal.todo = f"run it again{f' (the last record was of {last[:10]})' if last else ''}; {error.todo}"
                yield refusal

    def missing(self, held: list[str]) -> Iterator[Deletion | DocumentRefused]:
        """Yield the known records that the repository does not list any more, among those named as it names its own."""
        try:
            listed = {record.identifier for record in self._repository.records("ListIdentifiers", metadataPrefix=self._prefix)}
        except FetchFailed as error:
            self.complete = False
            yield error.refusal(self._repository.base, "incomplete")
            return
        names = {_namespace(identifier) for identifier in listed}
        yield from (Deletion(identity, "missing") for identity in held if _namespace(identity) in names and identity not in listed)

    def _document(self, record: Record) -> Document | DocumentRefused:
        item = self._checked(record)
        if isinstance(item, DocumentRefused):
            item.seen = f"{record.identifier[:120]}: {item.seen}"
            gone = withdrawal(record.identifier, item) if record.identifier in self.known else None
            self.withdrawn += [gone] if gone else []
            self.complete = self.complete and not item.reason.startswith("unreachable:")
        return item

    def _checked(self, record: Record) -> Document | DocumentRefused:
        try:
            if record.metadata is None:
                raise DocumentRefused("missing:metadata", "a record with its metadata", "none", "ask for another prefix")
            document = self._read(record)
            refused = self._fetcher.opt_out(self._own_page(document.provenance.url), self._repository.answer)
            if refused is not None:
                return refused
            check_document(document)
        except DocumentRefused as refusal:
            return refusal
        return document

    def _own_page(self, url: str | None) -> str | None:
        """Return the address of a record's page where it is on the host of the repository, whose opt-outs can be read."""
        try:
            return url if url and urlsplit(url).hostname == urlsplit(self._repository.base).hostname else None
        except ValueError:
            raise DocumentRefused("invalid:url", "a dc:identifier that is an address", repr(url)[:120], "correct the record") from None

    def _read(self, record: Record) -> Document:
        assert record.metadata is not None
        core = read_dublin_core(record.metadata)
        rights = rights_of(core.rights, self._given["licence"])
        tag = text_language(record.metadata) or core.tag()
        provenance = Provenance(
            title=core.title[0] if core.title else "",
            licence=rights.id,
            language=tag or language_tag(self._given["language"]),
            authors=core.people(),
            authors_died=core.died(),
            holder=self._given["holder"] or self.identity.name,
            collection=self._given["collection"],
            url=core.address(),
            issued=core.issued(),
            modified=iso_date(record.datestamp),
            retrieved=date.today().isoformat(),
            rights_note=rights.note,
        )
        return Document(record.identifier, "\n".join(core.description), provenance)


def _bases(paths: Sequence[str | Path]) -> tuple[str, ...]:
    """Return the base addresses of repositories; raises InputError."""
    # a path of the system takes two slashes for one
    bases = tuple(re.sub(r"^(https?):/(?!/)", r"\1://", str(path)) for path in paths)
    for base in bases or ("",):
        if not re.match(r"https?://[^/\s\[\]]", base):
            raise InputError(
                "the base address of a repository (https://…/oai)", repr(base[:120]), "give the address that answers ?verb=Identify"
            )
    return bases


def _sets(sets: str | None) -> tuple[str | None, ...]:
    return tuple(filter(None, (name.strip() for name in (sets or "").split(",")))) or (None,)


def _day(value: str | None, name: str) -> str | None:
    if value is None or (_DAY.fullmatch(value) and iso_date(value)):
        return value
    raise InputError(f"--{name}: a day, YYYY-MM-DD", repr(value[:40]), "correct it")


def _namespace(identifier: str) -> str:
    """Return the repository that an identifier names: `oai:exemple.fr:` of `oai:exemple.fr:12`."""
    return ":".join(identifier.split(":")[:2]) if identifier.startswith("oai:") else ""
