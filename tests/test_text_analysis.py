"""A question and a passage meet on the terms of their words, however these are typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.text.analysis import analyse, content_words, count_words, fold, word_spans
from rag_commons.text.stopwords import STOPWORDS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L'école", "école"),
        ("l\u2019École", "ÉCOLES"),
        ("jusqu'au moulin", "moulins"),
        ("lorsqu'arrive", "arriver"),
        ("éditées", "éditer"),
        ("œuvre", "oeuvres"),
        ("ﬁn", "fin"),
        ("ſageſſe", "sagesse"),
        ("inter\u00adnational", "international"),
        ("1\u00a0234,5", "1 234,5"),
        ("1\u202f234,5", "1234,5"),
        ("12.500", "12 500"),
        ("3.14", "3,14"),
        ("XIXe siècle", "19e siècle"),
        ("XVIᵉ", "16ème"),
        ("Ier", "1er"),
        ("porte-monnaie", "porte‑monnaie"),
        ("C'hoar", "c\u2019hoar"),
        ("ôte", "o\u0302te"),
    ],
)
def test_same_terms(one, other):
    assert analyse(one) == analyse(other) != []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Combien de mètres mesure la tour ?", ["metr", "mesur", "tour"]),
        ("Qu'est-ce que c'est ?", []),
        ("Où et quand est-il né ?", ["ne"]),
        ("en 1864, 1864-1870", ["1864", "1864", "1870"]),
        ("le 12.05.2014", ["12", "05", "2014"]),
        ("192.168.0.1", ["192", "168", "0", "1"]),
        ("1914 1918", ["1914", "1918"]),
        ("Saint-Malo", ["saint", "malo", "saintmalo"]),
        ("dit-il, a-t-elle", ["dit"]),
        ("Cantons-de-l'Est", ["canton", "est", "cantonsdeest"]),
        ("l'Est est froid", ["est", "froid"]),
        ("CC BY-SA et sa voisine", ["cc", "by", "sa", "bys", "voisin"]),
        ("la vie, VIe", ["vi", "6e"]),
        ("De la Ve. Le roi ; Ce roi", ["5e", "roi", "roi"]),
        ("Mme Curie, Me Hugo", ["mme", "cur", "hugo"]),
        ("foo_bar", ["foo", "bar", "foobar"]),
        ("", []),
        ("— … « » ’ - _", []),
    ],
)
def test_terms(text, terms):
    assert analyse(text) == terms


def test_offsets_are_those_of_the_text_as_given():
    text = "Là, l\u2019e\u0301cole\u00a0du porte-monnaie : 1\u00a0234,5 €."
    assert [(text[w.start : w.end], w.term) for w in word_spans(text)] == [
        ("e\u0301cole", "ecol"),
        ("porte", "port"),
        ("monnaie", "monnai"),
        ("porte-monnaie", "portemonnai"),
        ("1\u00a0234,5", "1234,5"),
    ]
    assert content_words(text) == ["e\u0301cole", "porte", "monnaie", "1\u00a0234,5"]


@given(st.one_of(st.text(max_size=80), st.text(alphabet="aeélLqu'’-_ 1\u00a0.,XVIe\u0301\u00adœſcCh", max_size=40)))
def test_spans_agree_with_terms_in_any_text(text):
    words = word_spans(text)
    assert [word.term for word in words] == analyse(text)
    for word in words:
        assert 0 <= word.start < word.end <= len(text)
        assert word.term and word.term == unicodedata.normalize("NFC", word.term)


@given(st.text(alphabet="abcdeéèêçàœÉÀ' -.1", max_size=40))
def test_composed_and_decomposed_text_give_the_same_terms(text):
    assert analyse(unicodedata.normalize("NFD", text)) == analyse(unicodedata.normalize("NFC", text))


def test_words_are_counted_as_people_do():
    assert count_words("« L'école », dit-elle — à 10 h : 1 234,5 !") == 7
    assert count_words(" — … ") == 0


def test_stopwords_include_being_and_asking():
    assert {"est", "être", "qui", "quel", "combien", "où"} <= STOPWORDS
    assert not {"été", "or", "point"} & STOPWORDS


def test_fold():
    assert fold("Œdème ſûr ﬂot") == "Oedeme sur flot"
