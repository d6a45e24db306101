"""Sources: what turns a corpus into documents, one file a source, each with one `iter_documents`.

To add one: write `sources/<name>.py` with `iter_documents(paths, …) -> Iterator[Document | DocumentRefused]`, and a line below.
A document that cannot be taken is yielded as its refusal, so that the stream goes on; only a path that leads nowhere is raised.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, UsageError
from rag_commons.sources.changes import Change, Known, State

Documents = Iterator[Document | DocumentRefused]


@dataclass(frozen=True, slots=True)
class Source:
    """A source by name; its module is only imported when it is read, since some need a heavy parser.

    `policy` is the one of `sources.policy` that holds when none is asked for: where a person writes the licence of each document
    by hand, what they wrote comes in.
    """

    name: str
    summary_fr: str
    module: str
    policy: str = "open"

    def options(self) -> list[str]:
        """Return the names of the source's own options, in its order; only what may be given as text is an option."""
        return _options(import_module(self.module).iter_documents)

    def iter_documents(self, paths: Sequence[str | Path], **options: str) -> Documents:
        """Yield the documents found at paths, and the refusals; raises InputError at once for a path that leads nowhere.

        An option that the source has not is a UsageError, which names those it has.
        """
        read: Callable[..., Documents] = import_module(self.module).iter_documents
        self._check(read, options)
        return read(paths, **options)

    def iter_changes(self, known: Known, state: State, **options: str) -> Iterator[Change] | None:
        """Yield what changed since a state; None where the source can't tell and must be read again."""
        read: Callable[..., Iterator[Change]] | None = getattr(import_module(self.module), "iter_changes", None)
        if read is None:
            return None
        self._check(read, options)
        return read(known, state, **options)

    def _check(self, read: Callable[..., object], options: Iterable[str]) -> None:
        """Raise UsageError for an option that a reading function has not."""
        has = _options(read)
        for option in options:
            if option not in has:
                raise UsageError(
                    f"an option of {self.name}: {', '.join(sorted(has)) or 'it has none'}",
                    repr(option),
                    f"see `rag-commons ingest {self.name} --help`",
                )


def _options(read: Callable[..., object]) -> list[str]:
    return [name for name, one in signature(read).parameters.items() if one.kind is one.KEYWORD_ONLY and "str" in str(one.annotation)]


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source(
            "jsonl", "Documents en JSON Lines, un par ligne (.jsonl, .jsonl.gz) : fichiers ou dossiers", "rag_commons.sources.jsonl", "all"
        ),
        Source(
            "folder",
            "Dossier de fichiers Markdown, texte, HTML, PDF, EPUB ; droits en tête, dans un fichier YAML voisin ou dans leurs métadonnées",
            "rag_commons.sources.folder",
            "all",
        ),
        Source("alto", "Pages d'ALTO (2 à 4) réunies par volume : césures, ordre de lecture, pages, confiance", "rag_commons.sources.alto"),
        Source("tei", "Textes en TEI : romans, pièces, éditions ; droits et personnes lus dans l'en-tête", "rag_commons.sources.tei"),
        Source("mets", "Volumes METS et leurs pages ALTO, avec leur notice (MODS ou Dublin Core)", "rag_commons.sources.mets"),
        Source("table", "Tables CSV, JSON ou GeoJSON, avec un fichier NOM.mapping.yaml de quelques lignes", "rag_commons.sources.table"),
        Source(
            "wikipedia",
            "Pages d'un wiki par son API : title:…, category:…, search:… ou un fichier de titres (--wiki frwiki, frwiktionary…)",
            "rag_commons.sources.wikipedia",
        ),
        Source(
            "wikipedia-dump",
            "Dumps de Wikipédia (pages-articles XML ; bz2, gzip, multistream) : modèles, tableaux et infobox lus (--wiki frwiki)",
            "rag_commons.sources.wikipedia_dump",
        ),
        Source(
            "wikimedia-enterprise",
            "Articles de Wikimedia Enterprise : objets JSON, NDJSON, instantanés .tar.gz ; licence, révision et contributeur tels quels",
            "rag_commons.sources.wikimedia_enterprise",
        ),
        Source(
            "zim",
            "Archives ZIM de Kiwix, sous la licence qu'elles déclarent (demande libzim, sous GPL-3 : pip install 'rag-commons[zim]')",
            "rag_commons.sources.zim",
        ),
        Source(
            "parquet",
            "Jeux Parquet à la forme de wikimedia/wikipedia ou de Common Corpus : fichiers, dossiers ou hub:auteur/nom/chemin "
            "(demande pyarrow : pip install 'rag-commons[parquet]')",
            "rag_commons.sources.parquet",
        ),
        Source(
            "wikisource",
            "Œuvres de Wikisource par son API, chapitre par chapitre ou par livre numérisé : title:…, category:…, search:…",
            "rag_commons.sources.wikisource",
        ),
        Source(
            "oai-pmh",
            "Tout dépôt OAI-PMH en Dublin Core, par son adresse (--set sets=…, since=…, until=…) ; droits lus dans chaque notice",
            "rag_commons.sources.oai_pmh",
        ),
        Source(
            "gallica",
            "Gallica : ark:/12148/… ou search: et une requête SRU ; texte page par page, avec sa confiance (--policy noncommercial)",
            "rag_commons.sources.gallica",
        ),
        Source(
            "europeana",
            "Notices d'Europeana : /jeu/notice ou search: et une requête ; demande une clef d'API",
            "rag_commons.sources.europeana",
        ),
    )
}
