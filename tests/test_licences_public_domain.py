"""Public domain: known cases, for one country at a time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.errors import InputError
from rag_commons.licences.public_domain import COUNTRIES, public_domain

TODAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("died", "country", "facts", "day"),
    [
        (1955, "FR", {}, date(2026, 1, 1)),
        (1956, "FR", {}, date(2027, 1, 1)),
        # dead 1956 to 1971: free in Canada, protected in France
        (1956, "CA", {}, date(2007, 1, 1)),
        (1971, "CA", {}, date(2022, 1, 1)),
        (1972, "CA", {}, date(2043, 1, 1)),
        (1942, "CH", {}, date(1993, 1, 1)),
        (1943, "CH", {}, date(2014, 1, 1)),
        (1950, "BE", {}, date(2021, 1, 1)),
        (1950, "SN", {}, date(2021, 1, 1)),
        # mort pour la France, the wars by year of publication
        (1944, "FR", {"died_for_france": True, "published": 1931}, date(2033, 5, 1)),
        (1918, "FR", {"died_for_france": True, "published": 1913}, date(2013, 9, 30)),
        (1944, "FR", {"died_for_france": True}, date(2039, 9, 30)),
        (1944, "BE", {"died_for_france": True, "published": 1931}, date(2015, 1, 1)),
        (1914, "FR", {"died_for_france": True, "musical": True, "published": 1910}, date(2029, 9, 30)),
        (1937, "FR", {"musical": True, "published": 1928}, date(2016, 5, 1)),
        # without either, the 70 years take the wars in
        (1937, "FR", {"published": 1910}, date(2008, 1, 1)),
        (None, "FR", {"anonymous": True, "published": 1950}, date(2021, 1, 1)),
        (None, "CA", {"anonymous": True, "published": 1969}, date(2020, 1, 1)),
        (None, "CA", {"anonymous": True, "published": 1970}, date(2046, 1, 1)),
        (1900, "FR", {"posthumous": True, "published": 2010}, date(2036, 1, 1)),
        (1900, "FR", {"posthumous": True, "published": 1990}, date(2041, 1, 1)),
        (1950, "FR", {"posthumous": True, "published": 2015}, date(2021, 1, 1)),
        (-43, "FR", {}, date(28, 1, 1)),
        (-400, "FR", {}, date(1, 1, 1)),
    ],
)
def test_first_free_day(died, country, facts, day):
    status = public_domain(died, country, TODAY, **facts)
    assert status.free_from == day
    assert status.state == ("public-domain" if day <= TODAY else "protected")


@pytest.mark.parametrize(
    ("died", "country", "facts"),
    [
        (None, "FR", {}),
        (1900, "FR", {"anonymous": True}),
        (1900, "FR", {"posthumous": True}),
        # Canada's posthumous terms are not computed: said to be unknown
        (1960, "CA", {"posthumous": True, "published": 1999}),
    ],
)
def test_a_missing_year_is_an_unknown_status(died, country, facts):
    status = public_domain(died, country, TODAY, **facts)
    assert (status.state, status.free_from) == ("unknown", None)
    assert "statut inconnu" in status.sentence() and "unknown status" in status.sentence("en")


def test_old_posthumous_work_is_free_everywhere():
    for country in COUNTRIES:
        assert public_domain(1700, country, TODAY, posthumous=True, published=1720).state == "public-domain"


def test_sentences_name_the_country():
    assert public_domain(1960, "FR", TODAY).sentence() == "En France : protégé, domaine public à partir du 1er janvier 2031."
    assert public_domain(1960, "CA", TODAY).sentence("en") == "In Canada: public domain since 1 January 2011."
    assert "redevance" in public_domain(1940, "SN", TODAY).sentence()


def test_impossible_questions_are_refused():
    with pytest.raises(InputError, match="FR"):
        public_domain(1900, "XX", TODAY)
    with pytest.raises(InputError, match="2031"):
        public_domain(2031, "FR", TODAY)


@given(st.integers(-3000, 2026), st.sampled_from(COUNTRIES), st.booleans(), st.booleans(), st.none() | st.integers(1400, 2026))
def test_exceptions_never_shorten_a_term(died, country, died_for_france, musical, published):
    plain = public_domain(died, country, TODAY)
    longer = public_domain(died, country, TODAY, died_for_france=died_for_france, musical=musical, published=published)
    assert longer.free_from >= plain.free_from
    assert longer.sentence() and longer.sentence("en")
