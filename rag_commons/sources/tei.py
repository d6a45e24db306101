"""TEI files and folders: each text as one document, with the people, sources and rights that its header states.

A teiCorpus gives a document for each TEI element in it. A sidecar or the command line comes before the header; without a licence
in any of them a text is refused.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources.contract import document_from_json, locate, repeated
from rag_commons.sources.files import FoundFile, find_files, leads_out
from rag_commons.sources.sidecar import stated, without_licence
from rag_commons.sources.tei_header import header_fields
from rag_commons.sources.tei_text import read_text
from rag_commons.sources.xml import XML_ID, Element, first, local_name, read_xml

_TEXTS = ("TEI", "TEI.2")
_CORPUS = ("teiCorpus", "teiCorpus.2")


def iter_documents(
    paths: Sequence[str | Path],
    *,
    licence: str | None = None,
    holder: str | None = None,
    collection: str | None = None,
    language: str | None = None,
    front: str | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the documents of TEI files and folders; `front="yes"` takes in title pages, prefaces and what follows the body.

    Raises InputError at once for a path that leads nowhere.
    """
    options = {"licence": licence, "holder": holder, "collection": collection, "language": language}
    return _documents(find_files(paths, (".xml", ".tei")), options, front == "yes")


def _documents(files: list[FoundFile], options: dict[str, str | None], front: bool) -> Iterator[Document | DocumentRefused]:
    seen: set[str] = set()
    for file in files:
        for item in (leads_out(file),) if file.outside else _file(file, options, front):
            if isinstance(item, Document) and item.id in seen:
                yield repeated(item.id, str(file.path))
                continue
            if isinstance(item, Document):
                seen.add(item.id)
            yield item


def _file(file: FoundFile, options: dict[str, str | None], front: bool) -> Iterator[Document | DocumentRefused]:
    try:
        root = read_xml(file.path)
        if local_name(root) not in _TEXTS + _CORPUS:
            raise DocumentRefused("not-tei", "a file of TEI XML", f"{file.path}: <{local_name(root)[:40]}>", "leave it out")
    except DocumentRefused as refused:
        yield refused
        return
    texts = [item for item in root.iter() if local_name(item) in _TEXTS]
    for number, text in enumerate(texts, 1):
        own = text.get(XML_ID) or (file.path.stem if len(texts) == 1 else f"{file.path.stem}-{number}")
        try:
            yield _document(file, root, text, own, options, front)
        except DocumentRefused as refused:
            yield locate(refused, f"{file.path} ({own})")


def _document(file: FoundFile, root: Element, text: Element, own: str, options: dict[str, str | None], front: bool) -> Document:
    folder = file.path.parent
    corpus = first(root, "teiHeader") if root is not text else None
    fields: dict[str, object] = {"title": own} | header_fields(text, corpus)
    fields |= stated(file.root, folder, file.path.stem, options)
    if not fields.get("licence"):
        raise without_licence(own, "neither the header nor a sidecar states one")
    fields.setdefault("id", f"{fields.get('collection') or folder.absolute().name}/{own}")
    flow = read_text(text, front)
    return document_from_json(
        fields
        | {
            "text": flow.text,
            "sections": [{"start": item.start, "level": item.level, "title": item.title} for item in flow.sections],
            "pages": [{"start": item.start, "label": item.label, "ocr": item.ocr, "url": item.url} for item in flow.pages],
        }
    )
