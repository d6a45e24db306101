"""Paragraphs that come again in many documents are dropped, and every place in the text moves with it."""

from hypothesis import given
from hypothesis import strategies as st

from rag_commons.documents import Document, Page, Section
from rag_commons.errors import DocumentRefused
from rag_commons.licences.provenance import Provenance
from rag_commons.sources.boilerplate import WithoutBoilerplate


def document(number, text, sections=(), pages=()):
    return Document(f"d{number}", text, Provenance(f"D{number}", "CC0-1.0"), sections, pages)


def test_headers_and_footers_go_and_places_move():
    def made(n):
        text = (
            "Pour les articles homonymes, voir Puits.\nHistoire du puits communal\n"
            f"Texte propre numéro {n}.\nSource : les archives du village."
        )
        return document(n, text, (Section(41, 1, "Histoire du puits communal"),), (Page(0, "1"), Page(68, "2")))

    refused = DocumentRefused("empty-text", "a", "b", "c")
    whole = WithoutBoilerplate([made(1), refused, made(2), made(3)], 3)
    items = list(whole)
    assert items[1].reason == "empty-text"
    for n, item in ((1, items[0]), (2, items[2]), (3, items[3])):
        assert item.text == f"Histoire du puits communal\nTexte propre numéro {n}.\n"
        assert item.sections[0].start == 0 and [page.start for page in item.pages] == [0, 27]
    assert whole.dropped == {"Pour les articles homonymes, voir Puits.": 3, "Source : les archives du village.": 3}


def test_what_too_few_hold_or_is_short_stays():
    items = [document(n, f"— Oui, dit-il.\nOui.\nUnique {n} pour ce texte.\n# Un titre de section") for n in range(3)]
    assert [item.text for item in WithoutBoilerplate(items, 4)] == [item.text for item in items]
    kept = [f"Oui.\nUnique {n} pour ce texte.\n# Un titre de section" for n in range(3)]
    assert [item.text for item in WithoutBoilerplate(items, 3)] == kept
    # often in one document is not in many
    again = [document(1, "Le même refrain revient.\n" * 9), document(2, "Autre chose que cela.")]
    assert [item.text for item in WithoutBoilerplate(again, 2)] == [item.text for item in again]


def test_document_of_boilerplate_alone_is_refused():
    assert [item.reason for item in WithoutBoilerplate([document(n, "Tous droits réservés ici.") for n in range(2)], 2)] == [
        "boilerplate"
    ] * 2


LINES = st.lists(st.sampled_from(["un deux trois", "quatre cinq six sept", "court", "", "huit neuf dix onze"]), min_size=1, max_size=6)


@given(st.lists(LINES, min_size=2, max_size=5))
def test_places_still_point_to_the_same_words(texts):
    made = []
    for n, lines in enumerate(texts):
        text = "\n".join((*lines, f"fin propre du texte {n}"))
        starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines) + 1)]
        made.append(document(n, text, pages=tuple(Page(start, str(start)) for start in starts)))
    for before, after in zip(made, WithoutBoilerplate(made, 2), strict=True):
        kept = [line for line in before.text.split("\n") if line in after.text.split("\n")]
        assert after.text == "\n".join(kept)
        for old, new in zip(before.pages, after.pages, strict=True):
            following = [line for line in before.text[old.start :].split("\n") if line in kept]
            assert after.text[new.start :] == "\n".join(following)
