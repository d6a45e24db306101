"""Licence policy of one answer: what its sentences do to their sources, against what the sources allow.

A sentence that is not a quote adapts what it cites. Violations: adapting what may not be adapted or only quoted, merging texts whose
rights cannot be merged (share-alike with non-commercial, two families of share-alike), and non-commercial texts where the asker said
that the use is commercial.
"""

from collections.abc import Iterator, Mapping

from rag_commons.errors import UnknownLicence
from rag_commons.evaluation.judged import JudgedAnswer
from rag_commons.evaluation.kinds import is_quote
from rag_commons.licences.combination import merger, provenance_allows
from rag_commons.licences.notices import rights_of
from rag_commons.licences.provenance import Provenance

Violation = tuple[frozenset[int], str]


def violations(answer: JudgedAnswer, rights: Mapping[int, Provenance], commercial: bool = False) -> list[Violation]:
    """Return each violation with the numbers of the references concerned; `rights` is the provenance of each, by number."""
    found: list[Violation] = []
    for statement in answer.statements:
        refs = [one.ref for one in answer.cited(statement) if one.ref is not None]
        cited = {ref: rights[ref] for ref in refs if ref in rights and known_rights(rights[ref])}
        if cited and not is_quote(statement, answer):
            found += [(frozenset(cited), reason) for reason in _merging(cited)]
    if commercial:
        used = {one.ref for statement in answer.statements for one in answer.cited(statement) if one.ref is not None}
        for ref in sorted(used):
            if ref in rights and known_rights(rights[ref]) and not provenance_allows(rights[ref], "commercial"):
                found.append((frozenset((ref,)), f"[{ref}] usage commercial demandé, que ses droits ne permettent pas"))
    return list(dict.fromkeys(found))


def adapted(answer: JudgedAnswer) -> frozenset[int]:
    """Return the numbers of the references that some sentence rewords."""
    refs = (citation.ref for statement in answer.statements if not is_quote(statement, answer) for citation in statement.citations)
    return frozenset(ref for ref in refs if ref is not None)


def _merging(cited: Mapping[int, Provenance]) -> Iterator[str]:
    rows = list(dict.fromkeys(row for provenance in cited.values() for row in rights_of(provenance)))
    yield from merger(rows, "fr").conflicts
    for provenance in cited.values():
        for label in provenance.labels:
            yield f"protocole communautaire de {label.community} : citer le passage exact"


def known_rights(provenance: Provenance) -> bool:
    """Whether the table of rights holds the licence of a text and of its layers."""
    try:
        rights_of(provenance)
    except UnknownLicence:
        return False
    return True
