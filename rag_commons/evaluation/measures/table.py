"""Every measure, in the order in which reports show them."""

from rag_commons.evaluation.measures import (
    abstention,
    answer_found,
    attribution,
    best_match,
    citation_validity,
    coverage,
    dependence,
    gold_precision,
    gold_recall,
    hallucination,
    hard_facts,
    injection,
    integrity,
    k_precision,
    licence_correctness,
    licence_policy,
    polarity,
    quote_fidelity,
    relations,
    sound,
    stability,
    strict,
    undue_abstention,
)
from rag_commons.evaluation.measures.measure import Measure

MEASURES: tuple[Measure, ...] = tuple(
    module.MEASURE
    for module in (
        strict,
        sound,
        citation_validity,
        coverage,
        quote_fidelity,
        integrity,
        hard_facts,
        k_precision,
        best_match,
        polarity,
        relations,
        gold_precision,
        gold_recall,
        answer_found,
        attribution,
        licence_correctness,
        licence_policy,
        hallucination,
        undue_abstention,
        abstention,
        injection,
        stability,
        dependence,
    )
)
BY_ID = {measure.id: measure for measure in MEASURES}
