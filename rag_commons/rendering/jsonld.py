"""An answer as JSON-LD: schema.org for works and rights, W3C Web Annotation for quotes, PROV-O for what was derived from what.

The context is written in the file, so that a reader needs no request to understand it. Offsets count Unicode code points, as the
Web Annotation model asks.
"""

import json
from hashlib import sha256
from urllib.parse import quote

from rag_commons import __version__
from rag_commons.answers import Answer, Citation, Reference, Statement
from rag_commons.documents import Passage
from rag_commons.licences.lines import one_line
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.table import licence
from rag_commons.rendering.bibliography import address
from rag_commons.rendering.escaping import web_address

# characters kept before and after the exact words, to find them again in a text that has moved
AROUND = 32

Node = dict[str, object]

_CONTEXT: Node = {
    "@vocab": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "url": {"@type": "@id"},
    "oa:start": {"@type": "xsd:nonNegativeInteger"},
    "oa:end": {"@type": "xsd:nonNegativeInteger"},
    "prov:endedAtTime": {"@type": "xsd:dateTime"},
}


def answer_to_jsonld(answer: Answer) -> str:
    """Return the answer, its references and an annotation for every quote, as one graph."""
    by_ref = {reference.ref: reference for reference in answer.references}
    graph = [_answer(answer), *(_passage(reference) for reference in answer.references)]
    for number, statement in enumerate(answer.statements, 1):
        graph += [_annotation(answer, number, statement, citation, by_ref[citation.ref].passage) for citation in statement.citations]
    return json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=2) + "\n"


def _answer(answer: Answer) -> Node:
    own = _answer_id(answer)
    return {
        "@id": own,
        "@type": ["Answer", "prov:Entity"],
        "parentItem": {"@type": "Question", "text": one_line(answer.question)},
        "text": " ".join(one_line(statement.text) for statement in answer.statements),
        "inLanguage": answer.language,
        "dateCreated": answer.created,
        "creditText": answer.reuse.notice,
        "citation": [{"@id": _passage_id(reference.passage)} for reference in answer.references],
        "prov:wasDerivedFrom": [{"@id": _passage_id(reference.passage)} for reference in answer.references],
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "prov:endedAtTime": answer.created,
            "prov:wasAssociatedWith": {
                "@type": ["SoftwareApplication", "prov:SoftwareAgent"],
                "name": "rag-commons",
                "softwareVersion": __version__,
            },
        },
    }


def _passage(reference: Reference) -> Node:
    passage, held = reference.passage, reference.provenance
    node = {
        "@id": _passage_id(passage),
        "@type": ["CreativeWork", "prov:Entity"],
        "identifier": passage.id,
        "position": reference.ref,
        "text": passage.text,
        "sha256": passage.sha256,
        "pagination": passage.page.label if passage.page else None,
        "creditText": reference.notice,
        **_under(held.licence),
        "isPartOf": _document(passage, held, address(reference)),
        "prov:wasDerivedFrom": {"@id": _document_id(passage)},
    }
    return _filled(node)


def _document(passage: Passage, held: Provenance, url: str | None) -> Node:
    node: Node = {
        "@id": _document_id(passage),
        "@type": ["CreativeWork", "prov:Entity"],
        "name": one_line(held.title),
        "author": [{"@type": "Thing", "name": one_line(author)} for author in held.authors],
        "provider": {"@type": "Organization", "name": one_line(held.holder)} if held.holder else None,
        "isPartOf": {"@type": "Collection", "name": one_line(held.collection)} if held.collection else None,
        "inLanguage": held.language,
        "url": _iri(url),
        "datePublished": held.issued,
        "dateModified": held.modified,
        "isBasedOn": [_layer_node(layer.role, layer.licence, layer.authors, layer.url) for layer in held.layers],
        "conditionsOfAccess": held.rights_note,
        "copyrightNotice": [f"{one_line(label.community)}: {one_line(label.text)} {label.uri}" for label in held.labels],
        **_under(held.licence),
    }
    return _filled(node)


def _layer_node(role: str, licence_id: str, authors: tuple[str, ...], url: str | None) -> Node:
    node: Node = {
        "@type": "CreativeWork",
        "additionalType": role,
        "author": [one_line(author) for author in authors],
        "url": _iri(web_address(url)),
    }
    return _filled({**node, **_under(licence_id)})


def _under(licence_id: str) -> Node:
    """Return a licence as one in schema.org too; a rights statement or terms of use are only information on use."""
    row = licence(licence_id)
    return {
        "license" if row.kind == "licence" else "usageInfo": {
            "@id": row.url,
            "@type": "CreativeWork",
            "identifier": row.id,
            "name": row.name_fr,
        }
    }


def _annotation(answer: Answer, number: int, statement: Statement, citation: Citation, passage: Passage) -> Node:
    start, end = citation.start, citation.end
    quote_selector = {
        "@type": "oa:TextQuoteSelector",
        "oa:exact": citation.quote,
        "oa:prefix": passage.text[max(0, start - AROUND) : start],
        "oa:suffix": passage.text[end : end + AROUND],
    }
    position = {"@type": "oa:TextPositionSelector", "oa:start": passage.start + start, "oa:end": passage.start + end}
    return {
        "@id": f"{_answer_id(answer)}:statement:{number}:reference:{citation.ref}:{start}-{end}",
        "@type": "oa:Annotation",
        "oa:motivatedBy": {"@id": "oa:linking"},
        "oa:hasBody": {"@type": "oa:TextualBody", "rdf:value": one_line(statement.text)},
        "oa:hasTarget": {
            "@type": "oa:SpecificResource",
            "oa:hasSource": {"@id": _document_id(passage)},
            "oa:hasSelector": [quote_selector, position],
        },
        "prov:wasDerivedFrom": {"@id": _passage_id(passage)},
    }


def _answer_id(answer: Answer) -> str:
    seed = "\n".join((answer.question, answer.index_build, answer.created))
    return f"urn:rag-commons:answer:{sha256(seed.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _passage_id(passage: Passage) -> str:
    return f"urn:rag-commons:passage:{quote(passage.id, safe='%@')}"


def _document_id(passage: Passage) -> str:
    return f"urn:rag-commons:document:{quote(passage.id.rpartition('#')[0], safe='%@')}"


def _iri(url: str | None) -> str | None:
    """Return an address as an IRI: what no IRI may hold is percent-encoded."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=-._~") if url else None


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value}
