"""What a person sees of an answer: citations that lead to their card, rights named for what they are, and nothing that runs."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendering_samples import (
    CLOSED,
    FULL,
    HOSTILE_HIT,
    MILL_HIT,
    PLAIN,
    SAVED,
    WALLS_HIT,
    abstention,
    answer_of,
    hit,
    hostile_answer,
    passage,
    plain_answer,
)

from rag_commons.answering.abstention import NO_SENTENCE, NO_WORDS, NOT_ANSWERED
from rag_commons.answering.ask import NOTHING_FOUND, NOTHING_VERIFIED
from rag_commons.answering.generative.reader import CUT, EXTRACTED, MODEL_ABSTAINS, NO_ROOM, NOTHING_KEPT, STOPPED
from rag_commons.answering.reopening import CHANGED
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.table import licences
from rag_commons.rendering.cards import marked
from rag_commons.rendering.escaping import escape, escape_line, web_address
from rag_commons.rendering.html import answer_to_html, hits_to_html
from rag_commons.rendering.reasons import in_english, reason_to_html
from rag_commons.rendering.standalone import answer_to_page
from rag_commons.rendering.statements import written_to_html
from rag_commons.rendering.takeaway import takeaway_to_html
from rag_commons.rendering.words import _WORDS, date_words

FELL_BACK = "Le modèle de langue n'a pas répondu (APIConnectionError). La réponse est faite d'extraits."
FRENCH = ("passages trouvés", "phrase", "modèle", "question ne", " les ")
VOID = {"input", "meta", "br"}
ALLOWED = {
    *(
        "section",
        "article",
        "header",
        "div",
        "p",
        "h2",
        "h3",
        "h4",
        "ol",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "a",
        "sup",
        "span",
        "strong",
        "small",
    ),
    *("mark", "blockquote", "details", "summary", "pre", "button", "label", "input", "aside", "time", "code"),
}
ATTRIBUTES = {
    *("class", "id", "href", "rel", "target", "lang", "dir", "title", "role", "aria-label", "aria-labelledby", "aria-hidden", "tabindex"),
    *(
        "datetime",
        "type",
        "data-rc-copy",
        "data-rc-document",
        "data-rc-event",
        "data-rc-value",
        "data-rc-answer",
        "data-rc-print",
        "aria-busy",
        "download",
        "aria-describedby",
    ),
}


class Reading(HTMLParser):
    """The tree as a browser would see it: what is open, the text, the attributes."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.open, self.text, self.ids, self.links, self.marks = [], [], [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            if name == "id":
                self.ids.append(value)
            if name == "href":
                assert value.startswith(("http://", "https://", "#", "data:")), value
                self.links.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        if "mark" in self.open:
            self.marks.append(data)


def read(source):
    reading = Reading(source)
    assert not reading.open
    assert len(reading.ids) == len(set(reading.ids)), "an id stands twice"
    assert all(link[1:] in reading.ids for link in reading.links if link.startswith("#")), "a link leads nowhere"
    return reading


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("make", [plain_answer, hostile_answer, abstention])
def test_every_answer_is_balanced_html_whose_anchors_hold(make, language):
    answer = make(language)
    read(answer_to_html(answer) + takeaway_to_html(answer))
    read(answer_to_html(answer, prefix="autre-", interactive=False))


def test_a_statement_leads_to_its_card_and_the_quoted_words_are_marked():
    shown = answer_to_html(plain_answer())
    assert '<a class="rc-ref" href="#src-1"' in shown
    assert 'id="src-1"' in shown
    reading = read(shown)
    assert reading.marks == [SAVED, CLOSED]


def test_a_card_tells_everything_that_is_known():
    text = " ".join("".join(read(answer_to_html(plain_answer())).text).split())
    for known in (
        *(
            "Les remparts du bourg",
            "La pétition",
            "Ada Lenoir",
            "Bibliothèque du bourg",
            "Fiches locales",
            "français (fr)",
            "mai 2023",
            "1er juin 2024",
        ),
        *(
            "lien permanent vers cette révision",
            "révision inconnue",
            "occitan (oc)",
            "93 % (texte reconnu automatiquement)",
            "Paul Grès · Inès Roc",
        ),
        *(
            "Statut vérifié en 2025",
            "Communauté de la vallée",
            "À lire avec les anciens.",
            "Jean Papetier",
            "CC BY-SA 4.0",
            "Licence Ouverte 2.0",
        ),
        *("Réponse générée automatiquement.", "Réutiliser cette réponse", "Passages consultés, non cités"),
    ):
        assert known in text, known


def test_the_notice_of_every_source_is_in_the_ready_notice():
    answer = plain_answer()
    text = "".join(read(answer_to_html(answer)).text)
    assert answer.reuse.notice in text
    assert all(text.count(reference.notice) == 2 for reference in answer.references)


@pytest.mark.parametrize("row", licences(), ids=lambda row: row.id)
def test_only_a_licence_is_called_one(row):
    held = Provenance("Titre", row.id, authors=("Ada",), holder="Lieu", url="https://exemple.org", modified="2024-01-01")
    shown = answer_to_html(answer_of((hit(1, passage("Une phrase entière.", "x"), held), "Une phrase entière.")))
    card = shown[shown.index('class="rc-rights"') : shown.index('class="rc-credit"')]
    assert ("<strong>Licence</strong>" in card) == (row.kind == "licence")
    assert row.url.replace("&", "&amp;") in shown
    assert ('rel="license' in shown) == (row.kind == "licence")


def test_what_may_not_be_combined_is_told():
    answer = plain_answer()
    answer = replace(answer, reuse=replace(answer.reuse, form="adaptation", conflicts=("Les deux ne se fondent pas.",)))
    shown = answer_to_html(answer)
    assert 'class="rc-conflicts"' in shown
    assert "Les deux ne se fondent pas." in shown


def test_what_a_model_reworded_is_told_and_why_it_is_not_as_asked():
    answer = replace(answer_of((WALLS_HIT, SAVED), (MILL_HIT, CLOSED), support="entailed"), mode="generative", reason=FELL_BACK)
    shown = answer_to_html(answer)
    assert shown.count('class="rc-reworded"') == shown.count('class="rc-worded"') == 2
    text = "".join(read(shown).text)
    assert "Un modèle de langue l’a rédigée" in text and FELL_BACK in text
    assert "reformulé" not in "".join(read(answer_to_html(plain_answer())).text)
    english = "".join(read(answer_to_html(replace(answer, language="en"))).text)
    assert "The language model did not reply (APIConnectionError). The answer is made of extracts." in english
    assert escape_line(FELL_BACK) in answer_to_page(answer)


@pytest.mark.parametrize("make", [plain_answer, hostile_answer])
def test_what_is_written_so_far_is_shown_safely(make):
    answer = make()
    text = "".join(read(written_to_html(answer.question, answer.statements, "", "fr")).text)
    assert text.count("[1]") == 1


@pytest.mark.parametrize(
    "reason",
    [
        *(NOTHING_FOUND, NOTHING_VERIFIED, NO_WORDS, NO_SENTENCE, NOT_ANSWERED, CHANGED, MODEL_ABSTAINS, NOTHING_KEPT, NO_ROOM, STOPPED),
        *(
            f"{NOTHING_KEPT} {EXTRACTED}",
            f"{NO_ROOM} {NOT_ANSWERED}",
            f"Le modèle de langue n'a pas fini (délai). {CUT}",
            f"{STOPPED} {CUT}",
        ),
        "4 phrases proposées par le modèle de langue : 2 gardées, 1 remplacée par les mots d'un passage, 1 écartée faute de soutien.",
        "1 phrase proposée par le modèle de langue : 0 gardée, 1 remplacée par les mots d'un passage.",
        "Aucun des passages trouvés ne parle de « L'été (1.) ».",
    ],
)
def test_a_reason_is_told_in_english(reason):
    said = in_english(reason)
    assert said and not [one for one in FRENCH if one in said]


def test_a_reason_that_is_not_known_stays_french_and_says_so():
    assert reason_to_html("Une raison <b>nouvelle</b>.", "en") == '<p lang="fr">Une raison &lt;b&gt;nouvelle&lt;/b&gt;.</p>'


def test_an_abstention_says_why_shows_the_nearest_and_how_to_widen():
    text = "".join(read(answer_to_html(abstention(), left_aside=12)).text)
    assert "Les passages trouvés ne répondent pas à cette question." in text
    assert "12 passages ont été laissés de côté" in text
    assert "Les remparts du bourg" in text
    assert "L’onglet Corpus dit ce que l’index contient" in text
    assert "<button" not in answer_to_html(abstention(), left_aside=12, interactive=False)
    assert takeaway_to_html(abstention()) == ""


def test_english_leaves_no_french_word_of_ours():
    text = "".join(read(answer_to_html(plain_answer("en"))).text)
    assert "Automatically generated answer." in text
    assert not {"Sources citées", "Réutiliser", "Auteurs", "Institution détentrice", "révision inconnue"} & {
        word for word in ("Sources citées", "Réutiliser", "Auteurs", "révision inconnue") if word in text
    }
    assert all(french.count("{") == english.count("{") and french and english for french, english in _WORDS.values())


def test_nothing_hostile_becomes_a_tag_an_address_or_a_template():
    for shown in (
        answer_to_html(hostile_answer()),
        hits_to_html([HOSTILE_HIT, WALLS_HIT], "fr"),
        answer_to_html(answer_of((HOSTILE_HIT, "Avant"))),
    ):
        read(shown)
        assert "${" not in shown
        assert "{{" not in shown
        assert "\u202e" not in shown
    page = answer_to_page(hostile_answer())
    assert "<script" not in page
    assert "<img" not in page


def test_a_search_lists_passages_and_their_twins():
    text = "".join(read(hits_to_html([WALLS_HIT, MILL_HIT], "fr")).text)
    assert "2 passages trouvés" in text
    assert "même texte que copie/moulin" in text
    assert "Aucun passage trouvé." in hits_to_html([], "fr")


def test_a_page_alone_needs_nothing_from_outside():
    page = answer_to_page(plain_answer())
    assert page.startswith("<!DOCTYPE html>")
    assert not any(outside in page for outside in ("<script", "<link", "@import", "url(", "<img", ' src="'))


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_stays_text(title, words, author):
    text = f"{words}."
    held = replace(PLAIN, title=title, authors=(author,), holder=words, rights_note=author, url=f"http://{title}", permalink=words)
    answer = answer_of((hit(1, passage(text, "x" + title), held), text), (WALLS_HIT, SAVED), question=words)
    reading = read(answer_to_html(answer))
    assert escape_line(title) in answer_to_html(answer)
    assert "".join(reading.marks).startswith("".join(Reading(escape(text)).text))


@given(st.text(max_size=120), st.lists(st.tuples(st.integers(-5, 130), st.integers(-5, 130)), max_size=4))
@settings(deadline=None)
def test_marks_never_change_the_words(text, spans):
    assert marked(text, spans).replace("<mark>", "").replace("</mark>", "") == escape(text)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://exemple.org/a?b=c", True),
        ("HTTP://exemple.org", True),
        ("javascript:alert(1)", False),
        (" java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//exemple.org", False),
        ("file:///etc/passwd", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_web_is_linked(url, kept):
    assert (web_address(url) is not None) == kept


@pytest.mark.parametrize(
    ("date", "lang", "words"),
    [
        ("2024-06-01", "fr", "1er juin 2024"),
        ("2023-05", "en", "May 2023"),
        ("1850", "fr", "1850"),
        ("2024-13", "fr", "2024-13"),
        ("hier", "fr", "hier"),
    ],
)
def test_dates_are_told_in_words(date, lang, words):
    assert date_words(date, lang) == words


def test_a_text_under_a_community_label_never_claims_a_permission():
    shown = hits_to_html([hit(1, passage("Une phrase.", "x"), FULL)], "fr")
    assert "à voir avec la communauté" in shown
    assert "usage commercial permis" not in shown
