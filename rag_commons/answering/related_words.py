"""Related words: groups of French words that speak of the same thing (`related_words.txt`), read once."""

from functools import cache
from importlib.resources import files

from rag_commons.text.analysis import analyse


@cache
def related_groups() -> dict[str, frozenset[int]]:
    """Return the numbers of the groups of each term that is in one."""
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(files("rag_commons.answering").joinpath("related_words.txt").read_text("utf-8").splitlines()):
        for term in analyse(line.partition("#")[0]):
            groups.setdefault(term, set()).add(number)
    return {term: frozenset(numbers) for term, numbers in groups.items()}
