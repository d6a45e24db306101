"""LC: references whose licence is the right one, id and address."""

from rag_commons.errors import UnknownLicence
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedReference
from rag_commons.evaluation.licence_links import is_link_of
from rag_commons.evaluation.measures.measure import Measure, Score, share
from rag_commons.licences.table import licence


def score(case: Case) -> Score | None:
    """Score the references of an answer."""
    if not case.answered:
        return None
    return share(sum(_right(case, one) for one in case.references), len(case.references))


def _right(case: Case, reference: JudgedReference) -> bool:
    rights = case.rights_of(reference)
    if rights is None or reference.provenance.licence != rights.licence or not reference.licence_url:
        return False
    try:
        return is_link_of(reference.licence_url, licence(rights.licence))
    except UnknownLicence:
        return False


MEASURE = Measure(
    id="LC",
    group="rights",
    name_fr="Exactitude de la licence",
    name_en="Licence correctness",
    definition_fr="part des références dont la licence est celle du registre, par son identifiant et par son adresse",
    definition_en="share of the references whose licence is that of the registry, both id and address",
    formula="#{r : id(r) = REG.id ∧ url(r) = REG.url} / #{r}",
    source="rag-commons, attribution suite; table of rights",
    reading_fr="Sous 100 %, des textes sont montrés sous une licence qui n'est pas la leur.",
    reading_en="Below 100 %, some texts are shown under a licence that is not theirs.",
    score=score,
)
