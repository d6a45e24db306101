"""Typing errors: a term of the question that no passage has is joined by the known terms one slip away.

Terms are stems without accents, so that one letter dropped, added, changed or swapped covers most slips of French typists.
The index is asked about some five hundred forms (2 ms), and only for the one question in thirty that has such a term.
"""

from collections.abc import Callable, Iterator, Sequence

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 4  # below, one slip makes another word as often as it mends one
_KEPT = 3
_RIVAL = 5  # a form so many times rarer than the commonest one is not proposed


def mend_terms(terms: Sequence[str], frequency: Callable[[str], int]) -> list[str]:
    """Return the terms, those that `frequency` does not know joined by the known ones nearest to them."""
    mended: list[str] = []
    for term in terms:
        if frequency(term):
            mended.append(term)
        else:
            # kept, since titles may know what bodies do not
            mended += [term, *_nearest(term, frequency)]
    return mended


def _nearest(term: str, frequency: Callable[[str], int]) -> list[str]:
    if len(term) < _SHORTEST or not term.isalpha():
        return []
    known = sorted(((count, form) for form in set(_slips(term)) if (count := frequency(form))), key=lambda pair: (-pair[0], pair[1]))
    return [form for count, form in known[:_KEPT] if count * _RIVAL >= known[0][0]]


def _slips(term: str) -> Iterator[str]:
    """Yield what one deletion, swap, change or insertion makes of a term."""
    for place in range(len(term) + 1):
        before, after = term[:place], term[place:]
        yield from (before + letter + after for letter in _LETTERS)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in _LETTERS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
