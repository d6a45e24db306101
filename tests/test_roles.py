"""Roles and bounds: a sentence that keeps the words of its source and says something else; a true rewording stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.answering.verification.qualifiers import unbounded
from rag_commons.answering.verification.roles import EXCHANGED, exchanged

LIFE = "Anne Kermorgant, que forma Yvon Le Mével, dirigea l'atelier de Brest."


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        (LIFE, "Anne Kermorgant, qui forma Yvon Le Mével, dirigea l'atelier de Brest."),
        (LIFE, "Anne Kermorgant forma Yvon Le Mével."),
        ("Le sonneur que forma Yvon vivait à Brest.", "Le sonneur qui forma Yvon vivait à Brest."),
        ("Le frère d'Anne Kermorgant bâtit le moulin.", "Anne Kermorgant bâtit le moulin."),
        ("La fille de Malo Tregarec chantait.", "Malo Tregarec chantait."),
        ("Le fils du boulanger chantait à la veillée.", "Le boulanger chantait à la veillée."),
        ("Joseph Gauvreau est le père de Marie Deschamps.", "Joseph Gauvreau est Marie Deschamps."),
    ],
)
def test_roles_told_by_function_words_alone(cited, said):
    assert exchanged(said, [cited]) == EXCHANGED
    # the same words elsewhere in the passage excuse nothing
    assert exchanged(said, [f"{cited} Anne Kermorgant, Malo Tregarec et Marie Deschamps y vivaient."]) == EXCHANGED


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        (LIFE, "Yvon Le Mével forma Anne Kermorgant."),
        (LIFE, LIFE),
        ("Anne Kermorgant, qui forma Yvon Le Mével, dirigea l'atelier.", "Anne Kermorgant forma Yvon Le Mével."),
        ("La ville de Québec fut fondée en 1608.", "Québec fut fondée en 1608."),
        ("Le frère d'Anne Kermorgant bâtit le moulin.", "Le frère d'Anne Kermorgant bâtit un moulin."),
        ("La fille d'Anne et de Paul chantait.", "La fille d'Anne et Paul chantait."),
        ("La brasserie de Malo produit de la bière.", "La bière est produite par la brasserie de Malo."),
    ],
)
def test_true_rewordings_keep_their_roles(cited, said):
    assert exchanged(said, [cited]) is None


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        ("Le moulin produisait rarement de la farine.", "Le moulin produisait de la farine."),
        ("Moins de 300 soldats gardaient la tour.", "300 soldats gardaient la tour."),
        ("Presque tous les habitants parlaient breton.", "Tous les habitants parlaient breton."),
        ("Seuls les nobles chassaient dans ce bois.", "Les nobles chassaient dans ce bois."),
        ("L'ancien maire de Malbuisson inaugura le pont.", "Le maire de Malbuisson inaugura le pont."),
        ("Le roi refusa de signer la charte.", "Le roi signa la charte."),
        ("Le maire envisageait de démolir la tour.", "Le maire démolit la tour."),
        ("Le moulin appartenait à l'abbaye jusqu'en 1712.", "Le moulin appartenait à l'abbaye en 1712."),
        ("Le moulin appartenait à l'abbaye jusqu'en 1712.", "Le moulin appartenait à l'abbaye depuis 1712."),
        ("Avant le 3 mai 1712, le moulin appartenait à l'abbaye.", "En 1712, le moulin appartenait à l'abbaye."),
    ],
)
def test_what_bounds_a_sentence_is_kept(cited, said):
    assert unbounded(said, [cited])
    assert unbounded(cited, [cited]) is None


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        ("Presque tous les habitants parlaient breton, dit l'enquête.", "Presque tous les habitants parlaient breton."),
        ("Moins de 300 soldats gardaient la tour de Malbuisson.", "La tour de Malbuisson était gardée par moins de 300 soldats."),
        ("Depuis le 3 mai 1712, le moulin appartient à l'abbaye.", "Le moulin appartient à l'abbaye depuis 1712."),
        ("Le roi refusa de signer la charte, puis visita Brest.", "Le roi visita Brest."),
    ],
)
def test_bounds_of_other_words_bind_nothing(cited, said):
    assert unbounded(said, [cited]) is None


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_is_judged_without_fail(said, cited):
    for judge in (exchanged, unbounded):
        found = judge(said, cited)
        assert found is None or found.strip()
