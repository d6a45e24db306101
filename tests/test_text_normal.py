"""N0 changes typography alone, and a quote is found at its exact offsets."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rag_commons.text.normal import find_quote, n0

TYPOGRAPHY = st.text(alphabet="aeéE1 9\u2019'\u00ad\u00a0\u202f\n\t\u0301\u0327\u0323çÅ\u212b\u1100\u1161œ.", max_size=40)
ANY = st.one_of(st.text(max_size=60), TYPOGRAPHY)


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("l\u2019école", "l'école"),
        ("e\u0301cole", "école"),
        ("e\u00ad\u0301cole", "école"),
        ("inter\u00adnational", "international"),
        ("1\u00a0234 \u202f€", "1 234 €"),
        ("un\n  deux\tt", "un deux t"),
        ("Ça, ÇA ; œuvre", "Ça, ÇA ; œuvre"),
        ("« ﬁn » ſ 2²", "« ﬁn » ſ 2²"),
    ],
)
def test_n0_is_typography_alone(raw, normal):
    assert n0(raw) == normal


@given(ANY)
def test_n0_is_idempotent(text):
    assert n0(n0(text)) == n0(text)


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("l'école", "À l\u2019école.", "l\u2019école"),
        ("À l\u2019e\u0301cole", "À l'école.", "À l'école"),
        ("10 000 habitants", "soit 10\u202f000\nhabitants ", "10\u202f000\nhabitants"),
        ("international", "un e\u0301tat inter\u00adnational", "inter\u00adnational"),
        ("cole", "e\u0301cole", "cole"),
        ("deux", "un\u00ad\u00ad deux\u00ad", "deux"),
    ],
)
def test_quote_is_found_as_written(quote, text, found):
    start, end = find_quote(quote, text)
    assert text[start:end] == found


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("ecole", "e\u0301cole"),
        ("l'e", "l\u2019e\u00ad\u0301cole"),
        ("\u0301cole", "x\u0301cole"),
        ("École", "école"),
        ("1864", "1865"),
        ("oeuvre", "œuvre"),
        ("un deux", "undeux"),
        ("mot", ""),
        ("", "mot"),
        (" \u00ad", "un mot"),
    ],
)
def test_what_is_not_there_is_not_found(quote, text):
    assert find_quote(quote, text) is None


@given(ANY, st.data())
def test_any_excerpt_is_found_at_offsets_that_hold_it(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    sought = n0(quote)
    found = find_quote(quote, text)
    if found is not None:
        assert n0(text[found[0] : found[1]]) == sought
    # an excerpt that cuts no letter from its accents, nor a run of spaces, is always found
    after = text[end:].lstrip("\u00ad")[:1]
    cuts = unicodedata.normalize("NFC", text) != n0(text[:start]) + sought + n0(text[end:])
    if sought.strip() and not cuts and not (after and unicodedata.combining(after)) and not unicodedata.combining(sought[0]):
        assert found is not None


@given(TYPOGRAPHY, TYPOGRAPHY)
@example("1", "\u212b\u00ad  1")
@example("K", "e\u0301K\u1161")
def test_found_means_contiguous_and_first(quote, text):
    found = find_quote(quote, text)
    if found is None:
        return
    assert n0(text[found[0] : found[1]]) == n0(quote)
    assert n0(quote) in n0(text)


@given(st.text(alphabet="abcdeéÉè12 .\u2019", min_size=8, max_size=30), st.data())
def test_a_changed_letter_digit_accent_or_case_is_never_found(text, data):
    quote = n0(text)
    assume(len(quote) == len(text))
    at = data.draw(st.integers(0, len(quote) - 1))
    old = quote[at]
    new = {"e": "é", "é": "e", "É": "é", "1": "2", "2": "1"}.get(old, old.swapcase())
    assume(new != old)
    assert find_quote(quote[:at] + new + quote[at + 1 :], text) is None
