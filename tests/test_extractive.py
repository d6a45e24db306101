"""The extractive reader: which sentence it puts first, that it only quotes, and when it says that it does not know."""

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from generative_hits import hit
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_commons.answering.abstention import NO_SENTENCE, NO_WORDS, NOT_ANSWERED
from rag_commons.answering.choosing import MAX_STATEMENTS, MAX_WORDS, TREES
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answering.features import FEATURES
from rag_commons.answering.linear import linear_model
from rag_commons.answering.question import kind_of, understand
from rag_commons.answering.rarity import rarity_of
from rag_commons.encoder import load_encoder
from rag_commons.retrieval.trees import load_forest
from rag_commons.text.analysis import analyse
from rag_commons.text.sentences import sentence_spans

TABLE = Path(__file__).parent / "tables" / "question_kinds.txt"

BRIDGE = (
    "Le pont de Valbrume franchit la Sarelle en trois arches. Il fut achevé en 1931 par l'ingénieure Odile Servant. "
    "Long de 214 mètres, il porte deux voies et un trottoir. Les habitants le surnomment le Peigne. "
    "On le ferma en 1998 parce que ses câbles rouillaient."
)
LIGHTHOUSE = (
    "Le phare de Kergolo éclaire la passe depuis 1874. Sa lanterne fut électrifiée en 1952 par la commune. "
    "Le dernier gardien, Yves Tanguern, quitta le phare en 1990. Le phare se dresse sur l'îlot du Lédan, en face de Porz-Even."
)
GRAIN = (
    "Le brésole est une céréale à petits grains, cultivée sur les plateaux de Morvance. "
    "On en fait une bouillie, une galette et une bière. Les semis ont lieu en avril."
)
NOVEL = (
    "« Les Heures de sel » parut en 1961 chez un éditeur de Nantes. "
    "Ce roman d'Aline Kerzoncuf raconte la vie d'une saunière. La critique le reçut avec froideur."
)
HITS = [
    hit(1, LIGHTHOUSE, "Phare de Kergolo"),
    hit(2, BRIDGE, "Pont de Valbrume"),
    hit(3, GRAIN, "Brésole"),
    hit(4, NOVEL, "Les Heures de sel"),
]


class Even:
    """Every word is as rare as any other."""

    def idf(self, terms):
        return dict.fromkeys(terms, 5.0)


READER = ExtractiveReader(Even())


def texts(question, hits=HITS):
    return [statement.text for statement in READER.read(question, hits).statements]


def rows():
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, question = line.partition(" | ")
            yield question, kind


@pytest.mark.parametrize(("question", "kind"), list(rows()))
def test_kind_of_question(question, kind):
    assert kind_of(question) == kind


def test_names_and_numbers_of_a_question():
    asked = understand("Quel phare éclaire Kergolo depuis 1874 ?")
    assert asked.names == {"kergolo", "1874"}
    assert asked.focus == {"phar"}
    assert understand("Quel est le nom ?").subject == understand("Quel est le nom ?").terms


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Quand le pont de Valbrume fut-il achevé ?", "1931"),
        ("Qui a achevé le pont de Valbrume ?", "Odile Servant"),
        ("Quelle est la longueur du pont de Valbrume ?", "214 mètres"),
        ("Quel est le surnom du pont de Valbrume ?", "le Peigne"),
        ("Pourquoi le pont de Valbrume fut-il fermé ?", "parce que ses câbles rouillaient"),
        ("Depuis quand le phare de Kergolo éclaire-t-il la passe ?", "1874"),
        ("Qui fut le dernier gardien du phare de Kergolo ?", "Yves Tanguern"),
        ("Où se dresse le phare de Kergolo ?", "l'îlot du Lédan"),
        ("En quelle année la lanterne du phare fut-elle électrifiée ?", "1952"),
        ("Qu'est-ce que le brésole ?", "une céréale"),
        ("Quand sème-t-on le brésole ?", "avril"),
        ("Qui a écrit Les Heures de sel ?", "Aline Kerzoncuf"),
        ("En quelle année parut Les Heures de sel ?", "1961"),
    ],
)
def test_the_sentence_that_answers_comes_first(question, answer):
    assert answer in texts(question)[0]


def test_a_pronoun_is_followed_by_the_sentence_that_names():
    said = texts("Quand le pont de Valbrume fut-il achevé ?")
    assert said[0].startswith("Il fut achevé")
    assert said[1].startswith("Le pont de Valbrume franchit")


def test_a_definition_leads_where_the_next_sentence_only_names():
    text = "La mouture par étages est une méthode qui broie le grain. Le sigle MPE vient d'une notice de 1931. On la dit lente."
    hits = [hit(1, text, "La mouture par étages"), *HITS]
    said = texts("Qu'est-ce que la MPE ?", hits)
    assert said[0].startswith("La mouture par étages est une méthode")
    assert said[1].startswith("Le sigle MPE")


def test_the_score_of_a_hit_changes_nothing():
    scaled = [replace(one, score=1000 - one.rank, dense=0.1, lexical=99.0) for one in HITS]
    assert texts("Qui a achevé le pont de Valbrume ?", scaled) == texts("Qui a achevé le pont de Valbrume ?")


def test_the_same_sentence_is_said_once():
    twins = [hit(1, GRAIN, "Brésole"), hit(2, GRAIN, "Brésole (céréale)"), hit(3, BRIDGE, "Pont de Valbrume")]
    said = texts("Qu'est-ce que le brésole ?", twins)
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Quelle est la capitale de la Mongolie ?", "« Mongolie »"),
        ("Comment fait-on une quiche ?", "« quiche »"),
        ("Qui ?", NO_WORDS),
        ("", NO_WORDS),
        ("?", NO_WORDS),
    ],
)
def test_what_the_hits_do_not_hold_is_not_answered(question, reason):
    draft = READER.read(question, HITS)
    assert not draft.statements
    assert reason in draft.reason


def test_hits_without_a_sentence_answer_nothing():
    assert READER.read("Où est le phare ?", [hit(1, "1874 !", "Phare")]).reason == NO_SENTENCE
    assert READER.read("Où est le phare ?", []).reason == NO_SENTENCE


def test_a_reader_that_never_abstains():
    draft = ExtractiveReader(Even(), abstains=False).read("Quelle est la capitale de la Mongolie ?", HITS)
    assert draft.statements and draft.reason is None


def test_a_reason_ends_as_a_sentence():
    for reason in (NO_WORDS, NO_SENTENCE, NOT_ANSWERED):
        assert reason[0].isupper() and reason.endswith(".")


def test_a_model_fitted_on_other_features_is_refused():
    with pytest.raises(ValueError, match="fit_reader"):
        linear_model("reader", ("sentence", "unknown"))


LINES = st.lists(
    st.sampled_from(
        [
            "Le phare fut bâti en 1874 par Yves Tanguern.",
            "Il mesure 48 mètres !",
            "M. Le Goff, né v. 1850, l'appelle « la Vieille » ?",
            "…",
            "Phare",
            "\n",
            "Elle dit : « Non. » Puis elle sortit",
            "a b c d e f g h",
            "\u00a0; \u00ad12 345,6 km",
        ]
    ),
    max_size=8,
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=4), st.text(max_size=40) | st.sampled_from(["Qui a bâti le phare ?", "Combien mesure le phare ?"]))
def test_only_whole_sentences_word_for_word(passages, question):
    hits = [hit(rank, text, "Le phare") for rank, text in enumerate(passages, 1) if text]
    draft = ExtractiveReader(Even(), abstains=False).read(question, hits)
    assert len(draft.statements) <= MAX_STATEMENTS
    assert (draft.reason is None) == bool(draft.statements)
    for statement in draft.statements:
        (quote,) = statement.quotes
        assert statement.support == "verbatim"
        assert statement.text == quote.text
        assert (quote.start, quote.end) in sentence_spans(quote.hit.passage.text)
    assert len(draft.statements) < 2 or sum(len(statement.text.split()) for statement in draft.statements) <= 2 * MAX_WORDS
    assert ExtractiveReader(Even(), abstains=False).read(question, hits) == draft


class Small:
    """An index of twenty passages in which every word is held once."""

    def idf(self, terms):
        return {term: math.log(21 / (0.5 if term == "\0" else 1.5)) for term in terms}


def test_in_a_small_index_a_common_verb_weighs_less_than_a_name():
    weights = rarity_of(analyse("trouver Kergolo"), Small())
    assert weights["trouv"] < weights["kergolo"] / 2


def test_a_large_index_speaks_for_itself():
    large = SimpleNamespace(idf=lambda terms: {term: math.log(10**7 / (0.5 if term == "\0" else 5000.5)) for term in terms})
    weights = rarity_of(analyse("trouver Kergolo"), large)
    assert weights["kergolo"] - weights["trouv"] < 0.1


def test_reading_loads_the_shipped_encoder_once():
    assert load_encoder() is load_encoder()


def test_the_trees_of_the_reader_are_small_and_read_the_features_of_today():
    forest = load_forest(TREES)
    assert forest.features == FEATURES
    assert TREES.stat().st_size < 150_000
