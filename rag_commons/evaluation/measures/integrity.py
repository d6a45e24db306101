"""INT: shown passages that are, byte for byte, those of the registry."""

from rag_commons.documents import text_sha256
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedReference
from rag_commons.evaluation.measures.measure import Measure, Score, share


def score(case: Case) -> Score | None:
    """Score the passages that an answer shows."""
    if not case.answered:
        return None
    return share(sum(_whole(case, one) for one in case.references), len(case.references))


def _whole(case: Case, reference: JudgedReference) -> bool:
    if not reference.text:
        return False
    digest = text_sha256(reference.text)
    if reference.sha256 is not None and reference.sha256.lower() != digest:
        return False
    if case.registry is None:
        return reference.sha256 is not None
    entry = case.registry.look(reference.key) if reference.key else None
    return entry is not None and entry.passage.sha256 == digest


MEASURE = Measure(
    id="INT",
    group="fidelity",
    name_fr="Intégrité des passages",
    name_en="Integrity",
    definition_fr="part des passages montrés dont l'empreinte sha256 est celle du registre (celle qu'annonce la réponse, sans registre)",
    definition_en="share of the passages shown whose sha256 is that of the registry (the one that the answer gives, without a registry)",
    formula="#{p shown : sha256(p) = sha256(REG(id(p)))} / #{p shown}",
    source="rag-commons, attribution suite",
    reading_fr="Sous 100 %, le texte montré n'est pas celui de la source.",
    reading_en="Below 100 %, the text shown is not that of the source.",
    score=score,
)
