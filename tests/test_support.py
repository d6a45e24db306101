"""What a reworded statement may say of the words that it cites."""

import pytest

from rag_commons.answering.verification.support import unsupported

MILL = "Le moulin de Keralan fut bâti en 1712. Il moud 3 tonnes de blé par jour. Son meunier, Yann Le Goff, ne vend pas de farine."
LIGHT = "La lanterne, haute de 47 mètres, fut gardée par la famille Corvec jusqu'en 1931."
FAIR = "En mai 1888, Berthe Kerlo vendit la halle à Louis Morvan, un armateur de Brest, pour 1 200 francs."
ROAD = "La route relie Plouven à Sarzec sur 12 km et compte trois ponts et cinq tunnels."
SAID = "Certains prétendent que Jean Tanguy a sculpté la fontaine."
BELIEF = "Selon la chronique, Anne Riou fonda l'hospice en 1540."
MAYBE = "La chapelle, bâtie en 1480, aurait abrité une école."
DUEL = "Alain Dréan a vaincu Marc Le Bihan à Carhaix en 1602."
DATE = "Le pont fut inauguré le 12 mai 1901 devant 300 habitants."
SHARE = "La commune consacre 40 % de son budget à l'eau et 15 % à la voirie."
BELL = "Le clocher n'a jamais été achevé. La nef date du XIIe siècle."

TRUE = [
    ("Le moulin de Keralan fut bâti en 1712.", MILL),
    ("Il moud trois tonnes de blé par jour.", MILL),
    ("Il moud 3 t de blé par jour.", MILL),
    ("Yann Le Goff ne vend pas de farine.", MILL),
    ("Le moulin de Keralan moud 3 tonnes de blé par jour.", MILL),
    ("La famille Corvec garda la lanterne jusqu'en 1931.", LIGHT),
    ("Jusqu'en 1931, la lanterne fut gardée par la famille Corvec.", LIGHT),
    ("La lanterne fut gardée par la famille Corvec.", LIGHT),
    ("Berthe Kerlo vendit la halle à Louis Morvan pour 1200 francs.", FAIR),
    ("Berthe Kerlo vendit la halle à Louis Morvan.", FAIR),
    ("La route relie Plouven à Sarzec sur douze kilomètres.", ROAD),
    ("La route compte 3 ponts et 5 tunnels.", ROAD),
    ("Certains prétendent que Jean Tanguy a sculpté la fontaine.", SAID),
    ("Selon la chronique, Anne Riou fonda l'hospice.", BELIEF),
    ("La chapelle aurait abrité une école.", MAYBE),
    ("Marc Le Bihan a été vaincu par Alain Dréan à Carhaix.", DUEL),
    ("Alain Dréan a vaincu Marc Le Bihan.", DUEL),
    ("Le pont fut inauguré le 12/05/1901.", DATE),
    ("La commune consacre 40 pour cent de son budget à l'eau.", SHARE),
    ("Le clocher n'a jamais été achevé.", BELL),
    ("La nef date du 12e siècle.", BELL),
]
FALSE = [
    ("Le moulin de Keralan fut bâti en 1721.", MILL),
    ("Le moulin de Kerdraon fut bâti en 1712.", MILL),
    ("Il moud 5 tonnes de blé par jour.", MILL),
    ("Il moud 3 kilos de blé par jour.", MILL),
    ("Il moud 3 tonnes de seigle par jour.", MILL),
    ("Yann Le Goff vend de la farine.", MILL),
    ("Le moulin de Keralan ne fut pas bâti en 1712.", MILL),
    ("Yann Le Goff fut bâti en 1712.", MILL),
    ("La famille Corvec fut gardée par la lanterne jusqu'en 1931.", LIGHT),
    ("La lanterne garda la famille Corvec jusqu'en 1931.", LIGHT),
    ("La famille Corvec garda la lanterne jusqu'en 47.", LIGHT),
    ("Louis Morvan vendit la halle à Berthe Kerlo.", FAIR),
    ("Berthe Morvan vendit la halle à Louis Kerlo.", FAIR),
    ("Berthe Kerlo vendit la halle en mai 1200.", FAIR),
    ("Berthe Kerlo vendit la halle, son chef-d'œuvre, à Louis Morvan.", FAIR),
    ("La route compte cinq ponts et trois tunnels.", ROAD),
    ("La route relie Plouven à Sarzec sur 12 mètres.", ROAD),
    ("Jean Tanguy a sculpté la fontaine.", SAID),
    ("Anne Riou fonda l'hospice en 1540.", BELIEF),
    ("La chapelle abrita une école.", MAYBE),
    ("Marc Le Bihan a vaincu Alain Dréan à Carhaix.", DUEL),
    ("Alain Dréan a été vaincu par Marc Le Bihan.", DUEL),
    ("Le pont fut inauguré le 12 juin 1901.", DATE),
    ("Le pont fut inauguré devant 12 habitants.", DATE),
    ("La commune consacre 15 % de son budget à l'eau.", SHARE),
    ("Le clocher a été achevé.", BELL),
    ("La nef n'a jamais été achevée.", BELL),
    ("Tout cela est bien connu.", BELL),
]


@pytest.mark.parametrize(("statement", "cited"), TRUE)
def test_what_the_citation_holds_is_accepted(statement, cited):
    assert unsupported(statement, [cited], title="Moulin de Keralan" if cited is MILL else None) is None


@pytest.mark.parametrize(("statement", "cited"), FALSE)
def test_what_the_citation_does_not_hold_is_refused_with_a_reason(statement, cited):
    assert unsupported(statement, [cited])


def test_the_title_stands_for_a_pronoun_and_for_nobody_else():
    assert unsupported("Keralan moud 3 tonnes de blé par jour.", ["Il moud 3 tonnes de blé par jour."], title="Keralan") is None
    assert unsupported("Keralan a vaincu Marc Le Bihan.", [DUEL], title="Keralan")


def test_whole_sentences_word_for_word_are_accepted_whatever_they_report():
    for text in (SAID, BELIEF, MAYBE, MILL):
        assert unsupported(text, [text]) is None
