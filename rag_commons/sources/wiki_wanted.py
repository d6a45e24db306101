"""What is wanted of a wiki: `title:…`, `category:…`, `search:…`, or a file of such lines, where a bare line is a title."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources.loose_json import number, parts, text
from rag_commons.sources.mediawiki import MediaWiki, batches

Kind = Literal["title", "category", "search"]

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("title", "titre", "page"), "title"),
    **dict.fromkeys(("category", "catégorie", "categorie"), "category"),
    **dict.fromkeys(("search", "recherche"), "search"),
}
_INVALID_TITLE = re.compile(r"[#<>\[\]|{}\x00-\x1f\x7f]")
_LONGEST_LINE = 2_000
_CATEGORY_NAMESPACE = 14


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page by its title, the pages of a category, or those that a search finds."""

    kind: Kind
    value: str


def read_wanted(paths: Sequence[str | Path]) -> list[Wanted | DocumentRefused]:
    """Return what paths ask of a wiki; raises InputError for one that is neither a prefix of ours nor a file."""
    if not paths:
        raise InputError("title:…, category:…, search:… or a file of titles", "nothing", "name what to read of the wiki")
    wanted: list[Wanted | DocumentRefused] = []
    for given in map(str, paths):
        prefix, colon, value = given.partition(":")
        if colon and prefix.lower() in _KINDS and value.strip():
            wanted.append(_checked(_KINDS[prefix.lower()], value.strip(), given))
        elif Path(given).is_file():
            wanted += _read_file(Path(given))
        else:
            raise InputError(
                "title:…, category:…, search:… or a file of titles", repr(given[:120]), "write title: before a title, or check the file"
            )
    return wanted


def page_batches(wiki: MediaWiki, wanted: Iterable[Wanted], depth: int) -> Iterator[dict[str, str]]:
    """Yield what to ask of the API (`titles` or `pageids`), as many pages at a time as it takes."""
    titles: list[str] = []
    for item in wanted:
        if item.kind == "title":
            titles.append(item.value)
    for batch in batches(titles):
        yield {"titles": "|".join(batch)}
    seen: set[int] = set()
    for item in wanted:
        if item.kind != "title":
            found = _in_category(wiki, item.value, depth) if item.kind == "category" else _searched(wiki, item.value)
            for batch in batches(str(page) for page in found if not (page in seen or seen.add(page))):  # type: ignore[func-returns-value]
                yield {"pageids": "|".join(batch)}


def _in_category(wiki: MediaWiki, name: str, depth: int) -> Iterator[int]:
    """Yield the ids of the pages of a category and of those below it, `depth` levels down; a category that contains itself is read once."""
    first = name if _KINDS.get(name.partition(":")[0].lower()) == "category" else f"Category:{name}"
    level, seen = [first], {first}
    for remaining in range(depth, -1, -1):
        below: list[str] = []
        for category in level:
            members = wiki.query(list="categorymembers", cmtitle=category, cmprop="ids|title", cmtype="page|subcat", cmlimit="500")
            for member in (member for said in members for member in parts(said, "categorymembers")):
                page, title = number(member, "pageid"), text(member, "title") or ""
                if number(member, "ns") == 0 and page:
                    yield page
                elif number(member, "ns") == _CATEGORY_NAMESPACE and remaining and title not in seen:
                    seen.add(title)
                    below.append(title)
        level = below


def _searched(wiki: MediaWiki, words: str) -> Iterator[int]:
    for said in wiki.query(list="search", srsearch=words, srlimit="50", srprop="", srnamespace="0"):
        for hit in parts(said, "search"):
            page = number(hit, "pageid")
            if page:
                yield page


def _checked(kind: Kind, value: str, where: str) -> Wanted | DocumentRefused:
    if kind == "title" and (_INVALID_TITLE.search(value) or len(value.encode("utf-8", "replace")) > 255):
        return DocumentRefused("invalid:title", "the title of a page, without # < > [ ] | { }", repr(where[:120]), "correct the title")
    return Wanted(kind, value)


def _read_file(path: Path) -> Iterator[Wanted | DocumentRefused]:
    try:
        with path.open("rb") as file:
            line = 0
            while raw := file.readline(_LONGEST_LINE):
                line += 1
                read = raw.decode("utf-8-sig" if line == 1 else "utf-8", "replace").strip()
                prefix, colon, value = read.partition(":")
                if len(raw) == _LONGEST_LINE or "\ufffd" in read:
                    while len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
                        raw = file.readline(_LONGEST_LINE)
                    seen = f"{path}, line {line}: {read[:60]!r}"
                    yield DocumentRefused("invalid:title", "a title a line, in UTF-8", seen, "correct the line")
                elif read and not read.startswith("#"):
                    known = _KINDS.get(prefix.lower()) if colon and value.strip() else None
                    yield _checked(known or "title", value.strip() if known else read, f"{path}, line {line}: {read}")
    except OSError as error:
        raise InputError("a file of titles that can be read", f"{path}: {error.strerror}", "check its permissions") from None
