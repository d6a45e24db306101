"""Follow-up questions: what an elliptic question takes from the turn before, and when it must be left alone."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.answering.follow_up import Turn, complete

DEPOSIT = Turn("Y a-t-il un dépôt légal national en Suisse ?", "Le dépôt légal")
PARK = Turn("Qui dessina le parc du Mont-Royal ?", "Le mont Royal")
PHOTOS = Turn("Wikimedia Commons accepte-t-il les photos CC BY-NC ?", "Wikimedia Commons")
ITEM = Turn("Que désigne l'identifiant Q90 dans Wikidata ?", "Les identifiants")
NOVEL = Turn("Quand Maria Chapdelaine a-t-il été publié ?", "Maria Chapdelaine")
TOWN = Turn("Quelle était la population de Dakar en 1914 ?")


@pytest.mark.parametrize(
    ("before", "question", "understood"),
    [
        (DEPOSIT, "Et en France ?", "Y a-t-il un dépôt légal national en France ?"),
        (DEPOSIT, "et au Luxembourg", "Y a-t-il un dépôt légal national au Luxembourg ?"),
        (DEPOSIT, "Depuis quand ?", "Depuis quand (un dépôt légal national en Suisse) ?"),
        (DEPOSIT, "Est-il obligatoire ?", "Est-il obligatoire (Le dépôt légal) ?"),
        (DEPOSIT, "Et pour les jeux vidéo ?", "Y a-t-il un dépôt légal national en Suisse (pour les jeux vidéo) ?"),
        (DEPOSIT, "Quelle est sa durée ?", "Quelle est sa durée (Le dépôt légal) ?"),
        (PARK, "Quand ?", "Quand (dessina le parc du Mont-Royal) ?"),
        (PARK, "En quelle année ?", "En quelle année (dessina le parc du Mont-Royal) ?"),
        (PARK, "Où se trouve-t-il ?", "Où se trouve-t-il (Le mont Royal) ?"),
        (PARK, "Et le parc La Fontaine ?", "Qui dessina le parc La Fontaine ?"),
        (PHOTOS, "Et les vidéos ?", "Wikimedia Commons accepte-t-il les vidéos CC BY-NC ?"),
        (PHOTOS, "Et les photos CC BY-SA ?", "Wikimedia Commons accepte-t-il les photos CC BY-SA ?"),
        (PHOTOS, "Et Wikipédia ?", "Wikipédia accepte-t-il les photos CC BY-NC ?"),
        (PHOTOS, "Pourquoi cela ?", "Pourquoi cela (Wikimedia Commons accepte-t-il les photos CC BY-NC) ?"),
        (ITEM, "Et Q42 ?", "Que désigne l'identifiant Q42 dans Wikidata ?"),
        (Turn(ITEM.question, "Les notices"), "Qui l’a créé ?", "Qui l'a créé (désigne l'identifiant Q90 dans Wikidata) ?"),
        (NOVEL, "Qui l'a écrit ?", "Qui l'a écrit (Maria Chapdelaine) ?"),
        (NOVEL, "Quel est le sujet de ce roman ?", "Quel est le sujet de ce roman (Maria Chapdelaine) ?"),
        (TOWN, "Et en 1950 ?", "Quelle était la population de Dakar en 1950 ?"),
        (TOWN, "Et à Saint-Louis ?", "Quelle était la population à Saint-Louis en 1914 ?"),
        (Turn("Qui l'a écrit (Maria Chapdelaine) ?", "Autre"), "Quand ?", "Quand (l'a écrit Maria Chapdelaine) ?"),
    ],
)
def test_what_is_left_out_comes_from_the_turn_before(before, question, understood):
    assert complete(question, before) == understood


@pytest.mark.parametrize(
    "question",
    [
        "Y a-t-il un dépôt légal national en Belgique ?",
        "Faut-il payer ?",
        "Que s'est-il passé en 1848 ?",
        "Le mont Royal est-il un ancien volcan ?",
        "Un auteur garde-t-il ses droits ?",
        "Comment citer un auteur et ses œuvres ?",
        "Quelle est la durée du droit d'auteur au Canada ?",
        "Et quelle est la durée du droit d'auteur au Canada ?",
        "Ou bien ?",
        "Merci",
        "?",
        "",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question):
    assert complete(question, PARK) is None
    assert complete("Quand ?", None) is None
    assert complete("Quand ?", Turn("  ")) is None


def test_no_question_written_to_stand_alone_is_completed():
    asked = [
        json.loads(line)["question"]
        for path in sorted((Path(__file__).parents[1] / "eval" / "sample").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    assert len(asked) >= 100
    assert not [question for question in asked if complete(question, PARK)]


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20) | st.none())
def test_whatever_is_typed_gives_a_question_or_nothing(question, before, title):
    understood = complete(question, Turn(before, title))
    assert understood is None or understood.endswith(" ?")
