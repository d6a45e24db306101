"""What may be said of what is what, from a verb of being or from words side by side."""

import pytest

from rag_commons.answering.verification.support import unsupported

MINISTER = "Après le duc Aimé Roland et le ministre des phares Paul Keravel, la garde passa à la ville."
KING = "Balor le roi de Morven emmène ses gens au champ."
MAYORS = "Sont venus Han Dréan, maire de la commune de Plouven, Yves Tanguy, président du port, et Rose Le Bihan."
UNICORN = "La hermine (symbole héraldique du pays depuis le XIIe siècle) couronnée est à droite."
ENGINEER = "Anselme Corvec (né le 2 mars 1900 à Brest) est un ingénieur breton, pionnier des phares."
FORMER = "L'ancien roi Gradlon vivait à Quimper."
HEIR = "Successeur de Charles Morvan, Alain Riou fut gardien en 1840."
PAINTER = "Le peintre le plus connu est Michel Ongar (dit Pannon)."
CHURCH = "L'église est inaugurée le 11 octobre 1854 ; le clocher est fini le 3 mai 1860."
SIEGE = "Alors que Montbras prépare l'attaque, Christophe Pelissier, un Breton de Trévou, offre ses services."
ORDER = "Ils entrent dans l'ordre du Phare, fondé par Dumoulin pour lutter contre Voldan, et Sirius Kerlo les suit."
COUSINS = "Gradlon, roi de Kéris, Mark, Tristan et Alan partirent."

TRUE = [
    ("Paul Keravel était le ministre des phares.", MINISTER),
    ("Le ministre des phares était Paul Keravel.", MINISTER),
    ("Le roi de Morven est Balor.", KING),
    ("Han Dréan est maire de la commune de Plouven.", MAYORS),
    ("Yves Tanguy est président du port.", MAYORS),
    ("Le symbole héraldique du pays est la hermine.", UNICORN),
    ("Anselme Corvec est un ingénieur breton.", ENGINEER),
    ("Un ingénieur breton est Anselme Corvec.", ENGINEER),
    ("La profession d'Anselme Corvec est ingénieur breton.", ENGINEER),
    ("Alain Riou est le successeur de Charles Morvan.", HEIR),
    ("Le surnom de Michel Ongar est Pannon.", PAINTER),
    ("La date de l'inauguration est le 11 octobre 1854.", CHURCH),
    ("Gradlon est roi de Kéris.", COUSINS),
    ("Dumoulin a fondé l'ordre du Phare.", ORDER),
]
FALSE = [
    ("Aimé Roland était le ministre des phares.", MINISTER),
    ("Yves Tanguy est maire de la commune de Plouven.", MAYORS),
    ("Rose Le Bihan est présidente du port.", MAYORS),
    ("Han Dréan est président du port.", MAYORS),
    ("Gradlon est roi.", FORMER),
    ("Charles Morvan est le successeur d'Alain Riou.", HEIR),
    ("La date de l'inauguration est le 3 mai 1860.", CHURCH),
    ("Montbras est breton.", SIEGE),
    ("Sirius Kerlo a fondé l'ordre du Phare.", ORDER),
    ("Voldan a fondé l'ordre du Phare.", ORDER),
    ("Mark est roi de Kéris.", COUSINS),
    ("Anselme Corvec n'est pas un ingénieur breton.", ENGINEER),
]


@pytest.mark.parametrize(("statement", "cited"), TRUE)
def test_held(statement: str, cited: str) -> None:
    assert unsupported(statement, [cited]) is None


@pytest.mark.parametrize(("statement", "cited"), FALSE)
def test_refused(statement: str, cited: str) -> None:
    assert unsupported(statement, [cited])


def test_title_for_pronoun_may_repeat_a_word() -> None:
    cited = "Elle fut jugée meilleure que Radio Phare en 2004."
    assert unsupported("Radio Kergolo fut jugée meilleure que Radio Phare en 2004.", [cited], title="Radio Kergolo") is None
    assert unsupported(
        "Radio Kergolo est difficile à entendre en 2004.", ["Il est difficile d'entendre Radio Phare en 2004."], title="Radio Kergolo"
    )
