"""A folder of Markdown and plain text files, each one document.

What contract 1 asks beside the text is written in YAML, in one or several of three places, the last one winning key by key:

- `_defaults.yaml` in the folder or one above it: what all its files share (licence, holder, collection…);
- a sidecar named after the file: `conte.txt.yaml`, `conte.yaml` or `conte.json` beside `conte.txt`;
- front matter: between two `---` lines at the head of the file. The text is what comes after it.

Without a `title`, the first heading is the title, else the file's name; without an `id`, the path from the folder is the id.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources.contract import document_from_json, locate, repeated
from rag_commons.sources.files import FoundFile, find_files, leads_out, leads_outside, unreadable
from rag_commons.sources.front_matter import read_yaml, split_front_matter
from rag_commons.sources.headings import first_heading

SUFFIXES = (".md", ".markdown", ".txt")
LONGEST_FILE = 256 * 1024 * 1024

_DEFAULTS = "_defaults.yaml"


def iter_documents(paths: Sequence[str | Path]) -> Iterator[Document | DocumentRefused]:
    """Yield the documents of files and folders, and the refusals; raises InputError at once for a path that leads nowhere."""
    return _documents(find_files(paths, SUFFIXES))


def _documents(files: list[FoundFile]) -> Iterator[Document | DocumentRefused]:
    seen: set[str] = set()
    for file in files:
        try:
            document = _document(file)
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


def _document(file: FoundFile) -> Document:
    if file.outside:
        raise leads_out(file)
    front, text = split_front_matter(_read(file.path, LONGEST_FILE))
    known: dict[str, object] = {}
    for path in (*_defaults(file), *_sidecars(file)):
        if path.is_file() and not leads_outside(path, file.root):
            known |= read_yaml(_read(path, LONGEST_FILE), path.name)
    known |= read_yaml(front, "front matter")
    if "text" in known:
        raise DocumentRefused("unknown-key", "front matter without 'text'", "'text'", "leave it out: the text is the file's")
    if not known.get("licence"):
        raise _without_licence()
    known.setdefault("id", file.name)
    known.setdefault("title", first_heading(text) or file.path.stem.replace("_", " "))
    return document_from_json(known | {"text": text})


def _defaults(file: FoundFile) -> list[Path]:
    """Return where defaults may be, from the folder that was named down to the file's own."""
    folders = [file.root]
    for part in Path(file.name).parts[:-1]:
        folders.append(folders[-1] / part)
    return [folder / _DEFAULTS for folder in folders]


def _sidecars(file: FoundFile) -> list[Path]:
    names = [base + suffix for base in (file.path.stem, file.path.name) for suffix in (".json", ".yml", ".yaml")]
    return [file.path.with_name(name) for name in names]


def _read(path: Path, longest: int) -> str:
    if path.stat().st_size > longest:
        raise DocumentRefused("malformed-file", f"a file of less than {longest} bytes", f"{path.stat().st_size}", "cut it into parts")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        seen = f"byte {error.object[error.start]:#04x} at {error.start}"
        raise DocumentRefused("malformed-file", "a file in UTF-8", seen, "convert the file to UTF-8") from None


def _without_licence() -> DocumentRefused:
    return DocumentRefused(
        "missing:licence",
        "the licence of every file",
        "none",
        f"write `licence: CC-BY-4.0` (or what its publisher states) between two --- lines at the head of the file, or in a {_DEFAULTS} "
        "of its folder when all the files share it",
    )
