"""References as shown: whether each is consistent and complete, and, against a registry, authentic.

A reason is a short sentence in French. The one surprise: a reference without offsets, sha256 or notice is judged for the rest, but is
never complete.
"""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from rag_commons.documents import text_sha256
from rag_commons.errors import UnknownLicence
from rag_commons.evaluation.credits import FIELDS_FR, contradicts, lacking, unmet, unnamed
from rag_commons.evaluation.judged import JudgedAnswer, JudgedReference
from rag_commons.evaluation.licence_links import is_link_of
from rag_commons.evaluation.policy import adapted, violations
from rag_commons.evaluation.registry import Entry, Registry
from rag_commons.licences.table import licence

# the percent-encoded document id, 8 hex digits of its text's sha256, the passage's number
_OUR_ID = re.compile(r"([^@#]+)@[0-9a-f]{8}#\d+\Z")
_NEEDED = (
    ("passage_id", "identifiant du passage"),
    ("document_id", "identifiant du document"),
    ("start", "début dans le document"),
    ("end", "fin dans le document"),
    ("licence_url", "adresse de la licence"),
    ("notice", "mention"),
    ("sha256", "empreinte sha256"),
)


def faults_of(answer: JudgedAnswer, registry: Registry | None = None) -> list[tuple[JudgedReference, tuple[str, ...]]]:
    """Return each reference with what is wrong with it."""
    numbers = Counter(reference.ref for reference in answer.references)
    reworded = adapted(answer)
    rights = {one.ref: one.provenance for one in answer.references if one.ref is not None}
    refused = violations(answer, rights)
    judged = []
    for reference in answer.references:
        faults = [*_consistent(reference, numbers), *_credited(reference, reference.ref in reworded)]
        faults += [reason for refs, reason in refused if reference.ref in refs]
        faults += _retrieved(reference, answer)
        if registry is not None:
            faults += _authentic(reference, registry)
        judged.append((reference, tuple(dict.fromkeys(faults))))
    return judged


def _consistent(reference: JudgedReference, numbers: "Counter[int | None]") -> Iterator[str]:
    yield from reference.problems
    if reference.ref is None:
        yield "numéro absent"
    elif reference.ref < 1:
        yield f"numéro {reference.ref} : les références se comptent à partir de 1"
    elif numbers[reference.ref] > 1:
        yield f"numéro {reference.ref} porté par plusieurs références"
    if not reference.text or not reference.text.strip():
        yield "texte absent"
    elif reference.sha256 and reference.sha256.lower() != text_sha256(reference.text):
        yield "l'empreinte sha256 n'est pas celle du texte"
    if reference.text and reference.start is not None and reference.end is not None:
        if reference.start < 0 or reference.end - reference.start != len(reference.text):
            yield "le début et la fin ne sont pas ceux d'un texte de cette longueur"
    absent = [french for name, french in _NEEDED if getattr(reference, name) in (None, "")]
    absent += [] if reference.provenance.title.strip() else ["titre"]
    if absent:
        yield f"absents : {', '.join(absent)}" if len(absent) > 1 else f"absent : {absent[0]}"
    named = _OUR_ID.match(reference.passage_id or "")
    if named and reference.document_id and named[1] != quote(reference.document_id, safe=""):
        yield "l'identifiant du passage n'est pas celui d'un passage de ce document"
    yield from _licensed(reference)


def _licensed(reference: JudgedReference) -> Iterator[str]:
    stated = reference.provenance.licence
    if not stated:
        yield "licence absente"
        return
    try:
        row = licence(stated)
    except UnknownLicence:
        yield f"licence inconnue : « {stated[:60]} »"
        return
    if reference.licence_url and not is_link_of(reference.licence_url, row):
        yield f"l'adresse de la licence n'est pas celle de {row.id}"
    if reference.licence_kind and reference.licence_kind != row.kind:
        yield f"{row.id} n'est pas de nature « {reference.licence_kind[:40]} »"
    if reference.licence_name and reference.licence_name not in (row.name_fr, row.name_en, row.badge, row.id):
        yield f"le nom de la licence n'est pas celui de {row.id}"
    for layer in reference.provenance.layers:
        try:
            licence(layer.licence)
        except UnknownLicence:
            yield f"licence inconnue d'une couche : « {layer.licence[:60]} »"


def _credited(reference: JudgedReference, reworded: bool) -> Iterator[str]:
    yield from (f"exigé par la licence et non fourni : {FIELDS_FR.get(name, name)}" for name in unmet(reference.provenance))
    if not reference.notice:
        return
    try:
        missing = lacking(reference.notice, reference.provenance, reworded)
    except UnknownLicence:
        return
    yield from (f"il manque à la mention {FIELDS_FR[name]}" for name in missing)
    yield from (f"la mention ne dit pas {french}" for french in unnamed(reference.notice, reference.provenance))
    if contradicts(reference.notice, reference.provenance):
        yield "la mention nomme d'autres droits que ceux de la référence"


def _retrieved(reference: JudgedReference, answer: JudgedAnswer) -> Iterator[str]:
    if answer.seen is not None and reference.passage_id and reference.passage_id not in answer.seen:
        yield "passage qui n'a pas été retrouvé pour cette question"


def _authentic(reference: JudgedReference, registry: Registry) -> Iterator[str]:
    entry = registry.look(reference.passage_id) if reference.passage_id else None
    if entry is None:
        yield "l'index n'a pas ce passage"
        return
    yield from (f"différent de l'index : {french}" for french, same in _compared(reference, entry) if not same)


def _compared(reference: JudgedReference, entry: Entry) -> Iterator[tuple[str, bool]]:
    passage, shown, held = entry.passage, reference.provenance, entry.provenance
    yield "texte", reference.text == passage.text
    yield "empreinte sha256", reference.sha256 is None or reference.sha256.lower() == passage.sha256
    yield "document", reference.document_id == passage.document_id
    yield "début et fin", (reference.start, reference.end) == (passage.start, passage.end) or None in (reference.start, reference.end)
    yield "section", reference.section == passage.section or reference.section is None
    yield "licence", shown.licence == held.licence
    yield "titre", shown.title == held.title
    yield "auteurs", shown.authors == held.authors
    yield "institution", shown.holder == held.holder
    yield "collection", shown.collection == held.collection
    yield "adresse", shown.url == held.url
    yield "lien permanent", shown.permalink == held.permalink
    yield "langue", shown.language == held.language
    yield "dates", (shown.issued, shown.modified, shown.retrieved) == (held.issued, held.modified, held.retrieved)
    yield "note sur les droits", shown.rights_note == held.rights_note
    yield "couches de droits", shown.layers == held.layers
    yield "protocoles communautaires", shown.labels == held.labels
