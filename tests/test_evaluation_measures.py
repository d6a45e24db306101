"""Measures: what each counts, on cases small enough to count by hand."""

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_commons.answering.verification.facts import denies, foreign_facts, names, numerals
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.intervals import percentile_interval
from rag_commons.evaluation.joining import join
from rag_commons.evaluation.measures.table import BY_ID, MEASURES
from rag_commons.evaluation.mutants.base import base_answers, base_questions, base_registry
from rag_commons.evaluation.questions import Gold, Question
from rag_commons.evaluation.quotes import failure, stands_in
from rag_commons.evaluation.reading import read_answer
from rag_commons.evaluation.scoring import difference, estimate, groups_of, score_cases
from rag_commons.text.sentences import sentence_spans

PASSAGE = "Le moulin de Keralan fut bâti en 1712. Il moud 3 tonnes de blé par jour. Son meunier, Yann Le Goff, ne vend pas de farine."


def answer(*statements, references=1, **more):
    return {
        "id": "q",
        "statements": [
            {"text": text, "citations": [{"ref": ref, "quote": quote, "support": support} for ref, quote, support in citations]}
            for text, citations in statements
        ],
        "references": [{"ref": 1, "text": PASSAGE, "document_id": "moulin", "licence": {"id": "CC-BY-4.0"}}][:references],
        **more,
    }


def scored(row, name, **question):
    case = Case(Question("q", "?", **question), None if row is None else read_answer(row))
    return BY_ID[name].score(case)


BUILT = "Le moulin de Keralan fut bâti en 1712."


def test_markers_count_as_emitted():
    good, invented = (1, BUILT, "verbatim"), (9, BUILT, "verbatim")
    assert scored(answer((BUILT, [good])), "CV") == (1, 1)
    assert scored(answer((BUILT, [good, invented])), "CV") == (1, 2)
    assert scored(answer((BUILT, [good, good, good])), "CV") == (1, 3)
    assert scored(answer((BUILT, [])), "CV") == (0, 1)
    assert scored(answer((BUILT, [invented]), (BUILT, [good])), "COV") == (1, 2)


def test_a_passage_that_was_not_retrieved_is_no_valid_marker():
    row = answer((BUILT, [(1, BUILT, "verbatim")]), seen=[{"passage_id": "autre"}])
    assert scored(row, "CV") == (0, 1)


def test_what_emits_nothing_scores_zero_and_what_abstains_scores_nothing():
    empty = answer(("Rien.", []))
    for name in ("CV", "COV", "QF", "HF", "KP", "ARG", "POL", "AC"):
        assert scored(empty, name) == (0, 1), name
        assert scored(answer(abstained=True, reason="…"), name) is None, name
    assert scored(answer(("Rien.", []), references=0), "INT") == (0, 1)
    assert scored(answer(("Rien.", []), references=0), "LC") == (0, 1)


def test_constant_systems_have_no_abstention_value():
    questions = [Question(str(n), "?", answerable=n % 3 > 0) for n in range(12)]
    silent = {"statements": [], "references": [], "abstained": True, "reason": "…"}
    for row in (silent, answer((BUILT, []))):
        table = estimate(score_cases([Case(question, read_answer(row)) for question in questions]))
        assert table["J"].value == pytest.approx(0)
    lost = estimate(score_cases([Case(question, None) for question in questions]))
    assert (lost["H"].value, lost["E"].value, lost["J"].value) == (1, 1, -1)


def test_an_empty_answer_that_says_it_answers_is_wrong_on_both_sides():
    row = {"statements": [], "references": [], "abstained": False}
    assert scored(row, "H", answerable=False) == (1, 1)
    assert scored(row, "E", answerable=True) == (1, 1)


def test_citing_beside_the_gold_lowers_precision_only():
    row = answer((BUILT, [(1, BUILT, "verbatim"), (2, "Autre chose.", "entailed")]))
    row["references"].append({"ref": 2, "text": "Autre chose.", "document_id": "autre", "licence": {"id": "CC-BY-4.0"}})
    gold = (Gold("moulin", BUILT),)
    assert scored(row, "GP", gold=gold) == (1, 2)
    assert scored(row, "GR", gold=gold) == (1, 1)
    assert scored(row, "GP") is None


FAILURES = [
    ("Le moulin de Keralan fut bâti en 1713.", "altered"),
    ("Le moulin de Keralan fut bati en 1712.", "altered"),
    ("Le moulin de Keralan fut bâti ne vend pas de farine.", "frankenquote"),
    ("Le four de la baie est tenu par les moines.", "misattributed"),
    ("Les grands vents de la côte ont usé les pierres du port.", "fabricated"),
]


@pytest.mark.parametrize(("quote", "kind"), FAILURES)
def test_failures_are_classed(quote, kind):
    assert not stands_in(quote, PASSAGE)
    assert failure(quote, [PASSAGE], [PASSAGE, "Le four de la baie est tenu par les moines."]) == kind


@pytest.mark.parametrize(
    ("quote", "text"),
    [("en 190", "bâti en 1905"), ("12", "12 480 tonnes"), ("480 tonnes", "12 480 tonnes"), ("3", "3,5 km"), ("moul", "le moulin")],
)
def test_a_quote_cuts_no_word_and_no_number(quote, text):
    assert not stands_in(quote, text)


def test_two_numbers_side_by_side_are_not_one():
    assert stands_in("en 1905", "Ils étaient en 1905 120 personnes.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 234,5 km", {"1234,5"}),
        ("12\u202f480 tonnes", {"12480"}),
        ("au XIXe siècle", {"19"}),
        ("le 3 mai 1905", {"3", "m5", "1905"}),
        ("douze apprenties", {"12"}),
        ("un homme et une femme", set()),
    ],
)
def test_numbers_are_read_in_figures(text, expected):
    assert numerals(text) == expected


def test_names_are_capitals_that_do_not_open_a_sentence():
    assert names("Le meunier Yann Le Goff vit à Landivern. Il moud.") == {"yann", "le", "goff", "landivern"}


@pytest.mark.parametrize(
    ("statement", "foreign"),
    [
        ("Le moulin moud trois tonnes.", ()),
        ("Yann Le Goff, meunier de KERALAN.", ()),
        ("Le moulin date de 1812.", ("1812",)),
        ("Le moulin de Kerdraon.", ("kerdraon",)),
    ],
)
def test_facts_from_elsewhere_are_named(statement, foreign):
    assert foreign_facts(statement, [PASSAGE]) == foreign


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Il ne vend pas de farine.", True),
        ("Elle n'est pas chauffée.", True),
        ("Sans toit, il se dégrade.", True),
        ("Il vend de la farine.", False),
        ("Il moud non seulement du blé, mais du seigle.", False),
        ("Le pas de la porte.", False),
    ],
)
def test_negations_are_seen(text, said):
    assert denies(text) == said


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2), st.integers(0, 9))
def test_a_true_sentence_is_faithful_and_a_changed_figure_is_not(at, digit):
    start, end = sentence_spans(PASSAGE)[at]
    text = PASSAGE[start:end]
    assert scored(answer((text, [(1, text, "verbatim")])), "QF") == (1, 1)
    assert scored(answer((text, [(1, text, "verbatim")])), "HF") == (1, 1)
    changed = text.replace("1712", f"17{digit}9").replace("3 tonnes", f"{digit + 11} tonnes")
    if changed != text:
        assert scored(answer((changed, [(1, changed, "verbatim")])), "QF") == (0, 1)
        assert scored(answer((changed, [(1, changed, "verbatim")])), "HF") == (0, 1)


def test_variants_are_read_beside_the_answer():
    row = copy.deepcopy(base_answers()[0])
    other = copy.deepcopy(row)
    row["variants"] = {"repeated": copy.deepcopy(row) | {"created": "later"}, "permuted": other, "without": {"1": base_answers()[-1]}}
    case = join(base_questions()[:1], [row], base_registry()).cases[0]
    assert BY_ID["STAB"].score(case) == (2, 2)
    assert BY_ID["DEP"].score(case) == (2, 2)
    row["variants"]["repeated"]["question"] = "autre"
    row["variants"]["without"] = {"1": other}
    case = join(base_questions()[:1], [row], base_registry()).cases[0]
    assert BY_ID["STAB"].score(case) == (1, 2)


def test_a_question_without_answer_stays():
    joined = join(base_questions(), base_answers()[:3], base_registry())
    assert (len(joined.cases), joined.unanswered, joined.strangers) == (10, 7, 0)
    table = estimate(score_cases(joined.cases), draws=0)
    assert table["strict"].value == pytest.approx(3 / 10)


def base_scored():
    return score_cases(join(base_questions(), base_answers(), base_registry()).cases)


def test_intervals_hold_the_value_and_narrow_with_more_cases():
    rows = base_scored()
    half = [replace(row, scores=row.scores | {"QF": (float(n % 2), 1.0)}) for n, row in enumerate(rows * 8)]
    clusters = [replace(row, case=replace(row.case, question=replace(row.case.question, id=str(n)))) for n, row in enumerate(half)]
    few, many = estimate(clusters[:18])["QF"], estimate(clusters)["QF"]
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low
    # the same page asked eight times is one page
    same = [replace(row, case=replace(row.case, question=replace(row.case.question, title="une page"))) for row in clusters]
    assert estimate(same)["QF"].low == estimate(same)["QF"].high


def test_no_value_gives_no_interval():
    import numpy as np

    assert all(np.isnan(percentile_interval(np.array([np.nan]))))


def test_gaps_are_paired():
    rows = base_scored()
    worse = [replace(row, scores=row.scores | {"CV": (0.0, 2.0)}) for row in rows]
    assert difference(rows, worse, BY_ID["CV"]) == (1, 1, 1)
    assert difference(rows, [], BY_ID["CV"]) is None


def test_groups_follow_what_is_cited():
    groups = groups_of(base_scored())
    assert set(groups) == {"licence", "collection", "language", "kind"}
    assert {"CC-BY-SA-4.0", "etalab-2.0", "CC-BY-ND-4.0"} <= set(groups["licence"])


def test_every_measure_says_what_it_is():
    assert len({measure.id for measure in MEASURES}) == len(MEASURES)
    wanted = "strict CV COV QF INT HF KP ARG POL GP GR AC LC LP H E J ASR STAB DEP".split()
    assert set(wanted) <= set(BY_ID)
    for measure in MEASURES:
        for text in (measure.name_fr, measure.name_en, measure.definition_fr, measure.definition_en, measure.formula, measure.source):
            assert text.strip(), measure.id
        assert measure.reading_fr.endswith(".") and measure.reading_en.endswith("."), measure.id
