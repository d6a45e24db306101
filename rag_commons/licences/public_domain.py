"""Whether a written work is in the public domain: from the year of death, the country and today's date.

The one surprise: the answer is always for one country. A conservative reading, not legal advice; moral rights remain everywhere.

Terms, in years from 1 January after the death (or the publication, for an anonymous work):

- France 70 (CPI L123-1, L123-3). Mort pour la France: 50 + 30 with the extensions of both wars, where that is longer (L123-8 to L123-10;
  Cass. civ. 1re, 27 February 2007: the 70 years take in the extensions of everyone else, save for music, which had 70 years before 1995).
- Belgium and Luxembourg 70; as in France, a work first published after that has 25 years from its publication (directive 2006/116, art. 4).
- Canada 70 since 30 December 2022, not retroactive: authors dead by 1971 had 50. Anonymous works: 75 since 2020, those published by 1969
  had 50.
- Switzerland 70 since 1 July 1993, not retroactive: authors dead by 1942 had 50.
- Senegal 70 (law 2008-09); a fee may be due for the use of a work of the public domain.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rag_commons.errors import InputError
from rag_commons.licences.wording import Lang

State = Literal["public-domain", "protected", "unknown"]
Lack = Literal["died", "published", "posthumous"]

_IN_COUNTRY = {
    "BE": ("en Belgique", "in Belgium"),
    "CA": ("au Canada", "in Canada"),
    "CH": ("en Suisse", "in Switzerland"),
    "FR": ("en France", "in France"),
    "LU": ("au Luxembourg", "in Luxembourg"),
    "SN": ("au Sénégal", "in Senegal"),
}
COUNTRIES = tuple(_IN_COUNTRY)

_EUROPEAN = ("BE", "FR", "LU")
# last year of death, or of anonymous publication, that a longer term did not bring back
_SHORT_LIFE = {"CA": 1971, "CH": 1942}
_SHORT_ANONYMOUS = {"CA": 1969, "CH": 1942}
# no posthumous term of Canada, Switzerland or Senegal runs longer than this after publication
_POSTHUMOUS_BOUND = 75
# (last year of publication, years, days): 2 August 1914 to 31 December 1920, 3 September 1939 to 1 January 1948
_WARS = ((1920, 6, 152), (1947, 8, 120))

_LACKS = {
    "died": ("l'année de mort de l'auteur n'est pas fournie", "the author's year of death is not supplied"),
    "published": ("l'année de publication n'est pas fournie", "the year of publication is not supplied"),
    "posthumous": ("œuvre posthume, la durée est à vérifier", "a posthumous work, the term is to be checked"),
}
_MONTHS = (
    ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of a work: last year of death among its authors, year of first publication, and what changes its term."""

    died: int | None = None
    published: int | None = None
    anonymous: bool = False
    posthumous: bool = False
    died_for_france: bool = False
    musical: bool = False


@dataclass(frozen=True, slots=True)
class PublicDomainStatus:
    """The status of a work in one country; `free_from` is its first day in the public domain, None where the status is unknown."""

    country: str
    state: State
    free_from: date | None = None
    lack: Lack | None = None

    def sentence(self, lang: Lang = "fr") -> str:
        """Say the status in one sentence, with its country."""
        place = country_name(self.country, lang)
        place = place[0].upper() + place[1:]
        if self.free_from is None:
            lack = _LACKS[self.lack or "died"][lang == "en"]
            return f"{place}: unknown status ({lack})." if lang == "en" else f"{place} : statut inconnu ({lack})."
        day = date_in_words(self.free_from, lang)
        if self.state == "protected":
            return (
                f"{place}: protected, public domain from {day}."
                if lang == "en"
                else f"{place} : protégé, domaine public à partir du {day}."
            )
        fee = ("", "")
        if self.country == "SN":
            fee = (" (domaine public payant : une redevance peut être due)", " (a fee may be due for its use)")
        return f"{place}: public domain since {day}{fee[1]}." if lang == "en" else f"{place} : domaine public depuis le {day}{fee[0]}."


def public_domain(
    died: int | None,
    country: str,
    today: date,
    *,
    published: int | None = None,
    anonymous: bool = False,
    posthumous: bool = False,
    died_for_france: bool = False,
    musical: bool = False,
) -> PublicDomainStatus:
    """Compute the status of a work in one of COUNTRIES on a day; raise InputError for another country or a death to come.

    `died` is the last year of death among the authors. A year that is needed and missing gives the state "unknown".
    """
    if country not in COUNTRIES:
        raise InputError(
            f"a country among {', '.join(COUNTRIES)}", repr(country)[:80], "ask for one of these, or add its terms to the table"
        )
    if died is not None and died > today.year:
        raise InputError("a year of death that is past", str(died), "correct the year of death")
    work = Work(died, published, anonymous, posthumous, died_for_france, musical)
    found = _first_free_day(work, country)
    if not isinstance(found, date):
        return PublicDomainStatus(country, "unknown", lack=found)
    if posthumous and country not in _EUROPEAN and found > today:
        # the day is only the latest that the law could mean
        return PublicDomainStatus(country, "unknown", lack="posthumous")
    return PublicDomainStatus(country, "public-domain" if today >= found else "protected", found)


def free_from(died: int, country: str) -> date:
    """Return the first day in the public domain of a work without exceptions whose last author died in a year."""
    return _after(died, 50 if died <= _SHORT_LIFE.get(country, died - 1) else 70)


def country_name(country: str, lang: Lang = "fr") -> str:
    """Return a country with its preposition, as in « en France »."""
    return _IN_COUNTRY[country][lang == "en"]


def date_in_words(day: date, lang: Lang = "fr") -> str:
    """Return a day as it is written: « 1er janvier 2033 »."""
    month = _MONTHS[lang == "en"][day.month - 1]
    number = "1er" if day.day == 1 and lang == "fr" else str(day.day)
    return f"{number} {month} {day.year}"


def _first_free_day(work: Work, country: str) -> date | Lack:
    if work.anonymous:
        return "published" if work.published is None else _after_publication(work.published, country)
    if work.died is None:
        return "died"
    day = free_from(work.died, country)
    if country == "FR":
        day = max(day, _with_wars(work, work.died))
    return _if_posthumous(work, work.died, country, day) if work.posthumous else day


def _after_publication(published: int, country: str) -> date:
    if published <= _SHORT_ANONYMOUS.get(country, published - 1):
        return _after(published, 50)
    return _after(published, 75 if country == "CA" else 70)


def _if_posthumous(work: Work, died: int, country: str, day: date) -> date | Lack:
    if work.published is None:
        return "published"
    if country not in _EUROPEAN:
        return max(day, _after(work.published, _POSTHUMOUS_BOUND))
    if work.published > died + 70:
        day = max(day, _after(work.published, 25))
    if country == "FR" and work.published <= 1994:
        # the law of 1957 gave 50 years from publication; terms that ran longer in 1995 were kept
        day = max(day, _after(work.published, 50))
    return day


def _with_wars(work: Work, died: int) -> date:
    """Return the day that the French extensions lead to; a missing year of publication counts as the longest."""
    if not (work.died_for_france or work.musical):
        return date.min
    years, days = (70 if work.musical else 50) + (30 if work.died_for_france else 0), 0
    for last, more_years, more_days in _WARS:
        if work.published is None or work.published <= last:
            years, days = years + more_years, days + more_days
    return _after(died, years, days)


def _after(year: int, years: int, days: int = 0) -> date:
    """Return 1 January after a year, some years and days later, within the years that the calendar holds."""
    # days counted in a common year: Ravel's Boléro was said to be free on 1 May 2016, a day later than in leap days
    day = date(2001, 1, 1) + timedelta(days)
    return day.replace(year=min(max(year + years + 1, 1), 9999))
