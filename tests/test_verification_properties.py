"""A property of something: held where the citation gives it that value in other words."""

import pytest

from rag_commons.answering.verification.qualifiers import unbounded
from rag_commons.answering.verification.support import unsupported

HELD = [
    ("La hauteur du phare est de 48 mètres.", "Le phare atteint une hauteur de 48 mètres et domine la baie.", None),
    ("Le statut de la maison est le statut de fondation.", "La maison a pris le statut de fondation en 1901.", None),
    ("La devise de Kermor est Toujours debout.", "Sa devise est Toujours debout.", "Kermor"),
    ("Le symbole du kermorium est Ko.", "Il a pour symbole Ko.", "Kermorium"),
]
NOT_HELD = [
    # another value, another owner, another property
    ("La hauteur du phare est de 52 mètres.", "Le phare atteint une hauteur de 48 mètres ; le môle, 52 mètres.", None),
    ("La hauteur du môle est de 48 mètres.", "Près du môle, le phare atteint une hauteur de 48 mètres.", None),
    ("La largeur du phare est de 48 mètres.", "Le phare atteint une hauteur de 48 mètres.", None),
    # denied, reported, without its unit
    ("La hauteur du phare est de 48 mètres.", "Le phare n'atteint pas une hauteur de 48 mètres.", None),
    ("La hauteur du phare est de 48 mètres.", "Selon lui, le phare atteint une hauteur de 48 mètres.", None),
    ("La hauteur du phare est de 48.", "Le phare atteint une hauteur de 48 mètres.", None),
    # a possessive stands for the title, not for another thing
    ("La devise de Plouvan est Toujours debout.", "Sa devise est Toujours debout, et Plouvan est loin.", "Kermor"),
    ("La devise de Kermor est Toujours debout.", "Plouvan est loin et sa devise est Toujours debout.", "Kermor"),
]


@pytest.mark.parametrize(("statement", "citation", "title"), HELD)
def test_a_property_given_in_other_words(statement, citation, title):
    assert unsupported(statement, [citation], title=title) is None


@pytest.mark.parametrize(("statement", "citation", "title"), NOT_HELD)
def test_another_value_or_owner(statement, citation, title):
    assert unsupported(statement, [citation], title=title)


def test_a_preposition_is_the_same_with_its_article():
    citation = "Le conseil est présidé par Anna Kerou, ministre du Conseil d'État."
    assert unsupported("Anna Kerou était ministre du conseil de l'État.", [citation]) is None


CLAUSES = [
    # what a dropped clause reports or bounds, the rest does not
    ("Le roi se réjouit de la paix.", "Le roi se réjouit de la paix, mais le duc prétend que la guerre reprendra.", True),
    ("La guerre reprendra.", "Le roi se réjouit de la paix, mais le duc prétend que la guerre reprendra.", False),
    ("Deux thèses existent, l'une que ces espèces sont anciennes.", "Deux thèses existent, l'une que ces espèces sont anciennes, la "
     "seconde que ces espèces viennent du nord.", True),
    ("Ces espèces viennent du nord.", "Deux thèses existent, la seconde que ces espèces viennent du nord.", False),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "citation", "held"), CLAUSES)
def test_a_clause_dropped_whole_takes_its_bounds_with_it(statement, citation, held):
    assert ((unsupported(statement, [citation]) or unbounded(statement, [citation])) is None) == held
