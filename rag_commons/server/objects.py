"""Contract 3 and its parts as JSON objects: what the API and the MCP tools answer with."""

from rag_commons.answering.reopening import HeldPassage, Reopened
from rag_commons.answers import Reference
from rag_commons.documents import Document, Passage
from rag_commons.errors import InputError
from rag_commons.index.manifest import Count, Manifest
from rag_commons.licences.notices import notice
from rag_commons.licences.table import licences
from rag_commons.licences.wording import Lang
from rag_commons.rendering.contract import JsonObject, answer_to_json, licence_to_json, reference_to_json
from rag_commons.sources.contract import document_to_json
from rag_commons.text.normal import find_quote
from rag_commons.ui.asker import Found


def passage_to_json(held: HeldPassage, lang: Lang) -> JsonObject:
    """Return a passage, its provenance and its notice: a reference of contract 3, numbered 1."""
    return reference_to_json(Reference(1, *held, notice(held[1], "verbatim", lang)), lang)


def hits_to_json(question: str, found: Found, lang: Lang) -> JsonObject:
    """Return passages that were found."""
    hits = []
    for hit in found.hits:
        passage = passage_to_json((hit.passage, hit.provenance), lang)
        del passage["ref"]
        hits.append({"rank": hit.rank, "score": round(hit.score, 6), **passage})
    return {"question": question, "left_aside": found.left_aside, "hits": hits}


def cited_to_json(held: HeldPassage, quote: str | None, lang: Lang) -> JsonObject:
    """Return a passage to be cited; InputError where words were given that are not in it word for word."""
    span = find_quote(quote, held[0].text) if quote else None
    if quote and span is None:
        raise InputError("words that the passage holds one after the other", repr(quote[:60]), "quote the passage as it is written")
    words = {"quote": held[0].text[slice(*span)], "start": span[0], "end": span[1]} if span else None
    return {"reference": passage_to_json(held, lang), "quote": words}


def reopened_to_json(reopened: Reopened) -> JsonObject:
    """Return an answer made again from its link, and what became of each citation."""
    citations = [
        {
            "statement": one.cited.statement,
            "ref": one.ref,
            "passage_id": one.cited.passage_id,
            "document_id": one.document_id,
            "state": one.state,
        }
        for one in reopened.recited
    ]
    return {"build": reopened.link.build, "answer": answer_to_json(reopened.answer), "citations": citations}


def whole_document_to_json(document: Document, passages: tuple[Passage, ...], lang: Lang) -> JsonObject:
    """Return a document as contract 1 writes it, with its licence in full, its notice and the spans of its passages."""
    spans = [{"passage_id": one.id, "number": one.number, "start": one.start, "end": one.end, "sha256": one.sha256} for one in passages]
    return {
        "document": document_to_json(document),
        "licence": licence_to_json(document.provenance.licence, lang),
        "notice": notice(document.provenance, "verbatim", lang),
        "passages": spans,
    }


def licences_to_json(manifest: Manifest, lang: Lang) -> JsonObject:
    """Return the table of rights, with what each row lets people do and how much of the index is under it."""
    nothing = Count(0, 0, 0)
    rows = [
        {
            **licence_to_json(row.id, lang),
            "badge": row.badge,
            "commercial": row.commercial,
            "adaptation": row.adaptation,
            "share_alike": row.share_alike,
            "quotation_only": row.quotation_only,
            **_count(manifest.licences.get(row.id, nothing)),
        }
        for row in licences()
    ]
    return {"licences": rows}


def index_to_json(name: str, manifest: Manifest) -> JsonObject:
    """Return what an index holds; the name "" stands for what is not stated."""
    encoder = manifest.encoder
    named = {
        "collections": manifest.collections,
        "licences": manifest.licences,
        "languages": manifest.languages,
        "holders": manifest.holders,
    }
    return {
        "name": name,
        "build": manifest.build,
        "created": manifest.created,
        **_count(manifest.total),
        "text_bytes": manifest.total.text_bytes,
        "encoder": {"id": encoder.id, "revision": encoder.revision, "dimension": encoder.dimension},
        **{key: {name: _count(count) for name, count in counts.items()} for key, counts in named.items()},
        "refusals": dict(manifest.refusals),
    }


def _count(count: Count) -> dict[str, int]:
    return {"documents": count.documents, "passages": count.passages}
