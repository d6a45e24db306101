"""A folder of files, each one document: Markdown, plain text, HTML, PDF, EPUB.

What contract 1 asks beside the text comes from several places, the last one winning key by key:

- the file's own metadata, as its publisher wrote them (the head of an HTML page, of an EPUB, of a PDF);
- `_defaults.yaml` in the folder or one above it: what all its files share (licence, holder, collection…);
- a sidecar named after the file: `conte.txt.yaml`, `conte.yaml` or `conte.json` beside `conte.txt`;
- front matter, in Markdown and text: YAML between two `---` lines at the head of the file. The text is what comes after it;
- the options of the command line.

Without a `title`, the first heading is the title, else the file's name; without an `id`, the path from the folder is the id.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources.contract import document_from_json, locate, repeated
from rag_commons.sources.file_content import FileContent
from rag_commons.sources.files import FoundFile, find_files, leads_out, leads_outside, unreadable
from rag_commons.sources.front_matter import read_yaml, split_front_matter
from rag_commons.sources.headings import first_heading

TEXTS = (".md", ".markdown", ".txt")
PAGES = (".html", ".htm", ".xhtml")
SUFFIXES = (*TEXTS, *PAGES, ".epub", ".pdf")
LONGEST_FILE = 256 * 1024 * 1024

_DEFAULTS = "_defaults.yaml"


def iter_documents(
    paths: Sequence[str | Path],
    *,
    licence: str | None = None,
    holder: str | None = None,
    collection: str | None = None,
    language: str | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the documents of files and folders, and the refusals; raises InputError at once for a path that leads nowhere.

    `licence`, `holder`, `collection` and `language` hold for all files, whatever those say.
    """
    options = {"licence": licence, "holder": holder, "collection": collection, "language": language}
    return _documents(find_files(paths, SUFFIXES), {key: value for key, value in options.items() if value})


def _documents(files: list[FoundFile], options: Mapping[str, str]) -> Iterator[Document | DocumentRefused]:
    seen: set[str] = set()
    for file in files:
        try:
            document = _document(file, options)
        except DocumentRefused as error:
            yield locate(error, str(file.path))
            continue
        except OSError as error:
            yield unreadable(str(file.path), error)
            continue
        if document.id in seen:
            yield repeated(document.id, str(file.path))
        else:
            seen.add(document.id)
            yield document


def _document(file: FoundFile, options: Mapping[str, str]) -> Document:
    if file.outside:
        raise leads_out(file)
    content, front = _content(file.path)
    known = dict(content.fields)
    for path in (*_defaults(file), *_sidecars(file)):
        if path.is_file() and not leads_outside(path, file.root):
            known |= read_yaml(_read(path), path.name)
    known |= read_yaml(front, "front matter")
    if "text" in known:
        raise DocumentRefused("unknown-key", "front matter without 'text'", "'text'", "leave it out: the text is the file's")
    known |= options
    if not known.get("licence"):
        raise _without_licence(file.path)
    known.setdefault("id", file.name)
    heading = content.sections[0].title if content.sections else first_heading(content.text)
    known.setdefault("title", heading or file.path.stem.replace("_", " "))
    return document_from_json(known | _placed(content))


def _content(path: Path) -> tuple[FileContent, str]:
    """Return what a file holds and its front matter; parsers are only imported for the files that need them."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        from rag_commons.sources.pdf import read_pdf

        return read_pdf(path), ""
    if suffix == ".epub":
        from rag_commons.sources.epub import read_epub

        return read_epub(path), ""
    if suffix in PAGES:
        from rag_commons.sources.web_metadata import read_web_page

        return read_web_page(_bytes(path), path.name), ""
    front, text = split_front_matter(_read(path))
    return FileContent(text), front


def _placed(content: FileContent) -> dict[str, object]:
    """Return the text and the places that the file knows; where it knows none, a person may give them."""
    sections = [{"start": item.start, "level": item.level, "title": item.title} for item in content.sections]
    pages = [{"start": item.start, "label": item.label} for item in content.pages]
    placed: dict[str, object] = {"text": content.text}
    return placed | ({"sections": sections} if sections else {}) | ({"pages": pages} if pages else {})


def _defaults(file: FoundFile) -> list[Path]:
    """Return where defaults may be, from the folder that was named down to the file's own."""
    folders = [file.root]
    for part in Path(file.name).parts[:-1]:
        folders.append(folders[-1] / part)
    return [folder / _DEFAULTS for folder in folders]


def _sidecars(file: FoundFile) -> list[Path]:
    names = [base + suffix for base in (file.path.stem, file.path.name) for suffix in (".json", ".yml", ".yaml")]
    return [file.path.with_name(name) for name in names]


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > LONGEST_FILE:
        raise DocumentRefused("malformed-file", f"a file of less than {LONGEST_FILE} bytes", f"{path.stat().st_size}", "cut it into parts")
    return path.read_bytes()


def _read(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        seen = f"byte {error.object[error.start]:#04x} at {error.start}"
        raise DocumentRefused("malformed-file", "a file in UTF-8", seen, "convert the file to UTF-8") from None


def _without_licence(path: Path) -> DocumentRefused:
    at_head = "between two --- lines at the head of the file" if path.suffix.lower() in TEXTS else f"in {path.name}.yaml beside it"
    return DocumentRefused(
        "missing:licence",
        "the licence of every file",
        "none",
        f"write `licence: CC-BY-4.0` (or what its publisher states) {at_head}, or in a {_DEFAULTS} of its folder when all the files share "
        "it, or give --set licence=…",
    )
