"""Relations of a statement's words: whether they stand to one another as they do in a cited sentence.

`misfit` is the whole of it: what is held at all, what numbers count, what is denied, what is only reported, who it is about, and roles.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rag_commons.answering.support_facts import denies
from rag_commons.answering.support_order import converse, disordered
from rag_commons.answering.support_words import MONTHS, Token, tokens_of
from rag_commons.text.analysis import fold

_MONTH_KEYS = frozenset(map(fold, MONTHS))
_REPORTS = re.compile(
    r"\b(?:selon|d'après|prétend\w*|affirm(?:e|ent|ait|aient|a|èrent)\b|soutien(?:t|nent)|suppos\w+|soi-disant|légende|rumeurs?|"
    r"probable(?:ment)?|peut-être|sans doute|croit|croient|croyait|pens(?:e|ent|ait|aient)\b|estim(?:e|ent|ait|aient)\b|semble\w*|"
    r"on (?:dit|raconte)|disent|accus\w+|hypothèse|contest\w+|faux|fausse|dément\w*|ni(?:e|ent|ait) (?:que|avoir))",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(r"\b(?:aurai(?:t|ent)|serai(?:t|ent)|pourrai(?:t|ent)|devrai(?:t|ent))\b", re.IGNORECASE)
_STANDS_FOR = re.compile(
    r"\b(?:il|elle|ils|elles|on|son|sa|ses|leurs?|lui|cet|cette|ce|ces|celui-ci|celle-ci|ceux-ci|l'|le|la|les)\b", re.IGNORECASE
)


def misfit(statement: str, sentence: str, context: str) -> str | None:
    """Return why one cited sentence does not hold a statement, in French, or None; `context` is its title and section."""
    said, cited = tokens_of(statement), tokens_of(sentence)
    held, around = {token.key for token in cited}, {token.key for token in tokens_of(context)}
    missing = [token for token in said if token.key not in held and token.key not in around]
    hard = [token for token in missing if token.kind != "word"]
    if hard:
        return f"absent de la citation : « {hard[0].written} »"
    if not said:
        return "la phrase ne dit rien de vérifiable"
    if missing and not (len(missing) == 1 and converse(said, cited)):
        return f"la phrase dit autre chose que la citation : « {missing[0].written} »"
    return (
        _repeated(said, cited, held)
        or _detached(said, cited)
        or _denied(statement, sentence, said, cited)
        or _reported(statement, sentence, said)
        or _substituted(said, cited, sentence, held)
        or disordered(said, cited, held)
    )


def _repeated(said: Sequence[Token], cited: Sequence[Token], held: set[str]) -> str | None:
    """Return the word said more often than in the citation: one of them took another's place."""
    times = Counter(token.key for token in cited)
    for key, count in Counter(token.key for token in said if token.key in held).items():
        if count > times[key]:
            return f"répété sans l'être dans la citation : « {next(t.written for t in said if t.key == key)} »"
    return None


def _detached(said: Sequence[Token], cited: Sequence[Token]) -> str | None:
    """Return the number that counts another thing than in the citation, or the names that are not together there."""
    for number, after in pairwise(said):
        if number.kind == "number" and not number.ends and not after.opens:
            follows = [b for a, b in pairwise(cited) if a.key == number.key]
            bound = not after.before or after.before[0] in ("de", "d'")
            if bound and after.kind != "name" and follows and after.key not in {b.key for b in follows}:
                return f"« {number.written} {after.written} » n'est pas dans la citation"
        if number.key in _MONTH_KEYS and after.kind == "number" and not after.before:
            pairs = {(a.key, b.key) for a, b in pairwise(cited)}
            if (number.key, after.key) not in pairs:
                return f"« {number.written} {after.written} » n'est pas dans la citation"
        if number.kind == after.kind == "name" and not after.before and not after.opens:
            at = {token.key: i for i, token in enumerate(cited)}
            pairs = {(a.key, b.key) for a, b in pairwise(cited)}
            if number.key in at and after.key in at and (number.key, after.key) not in pairs:
                return f"« {number.written} {after.written} » n'est pas dans la citation"
    return None


def _denied(statement: str, sentence: str, said: Sequence[Token], cited: Sequence[Token]) -> str | None:
    """Return that a word is denied on one side only."""
    reason = "négation différente de celle de la citation"
    if not denies(statement) and not denies(sentence) and not any(t.denied for t in said) and not any(t.denied for t in cited):
        return None
    there = Counter(token.key for token in cited if token.denied)
    affirmed = Counter(token.key for token in cited if not token.denied)
    if Counter(token.key for token in said if token.denied) - there:
        return reason
    if any(count > affirmed[key] and there[key] for key, count in Counter(t.key for t in said if not t.denied).items()):
        return reason
    here = {token.key for token in said}
    # the word denied may be dropped with its clause, but not alone: its neighbours of the same clause go with it
    for clause in _clauses(cited):
        if any(token.denied and token.key not in here for token in clause) and any(token.key in here for token in clause):
            return reason
    return None


def _clauses(tokens: Sequence[Token]) -> list[list[Token]]:
    clauses: list[list[Token]] = []
    for token in tokens:
        if token.opens or not clauses:
            clauses.append([])
        clauses[-1].append(token)
    return clauses


def _reported(statement: str, sentence: str, said: Sequence[Token]) -> str | None:
    """Return that what the citation only reports is told as a fact."""
    reason = "la citation le rapporte sans l'affirmer"
    for match in _REPORTS.finditer(sentence):
        if not re.search(rf"\b{re.escape(match.group()[:5])}", statement, re.IGNORECASE):
            return reason
    here = {token.key for token in said}
    for clause in re.split(r"[,;:()]", sentence):
        if _CONDITIONAL.search(clause) and not _CONDITIONAL.search(statement) and here & {token.key for token in tokens_of(clause)}:
            return reason
    return None


def _substituted(said: Sequence[Token], cited: Sequence[Token], sentence: str, held: set[str]) -> str | None:
    """Return that the title stands where the citation has another subject."""
    outside = [at for at, token in enumerate(said) if token.key not in held]
    if not outside:
        return None
    if len(outside) == 1 and said[outside[0]].kind == "word" and converse(said, cited):
        return None
    opening = next((at for at, token in enumerate(said) if token.key in held), len(said))
    here = {token.key for token in said}
    first = next((at for at, token in enumerate(cited) if token.key in here), len(cited))
    replaced = [token for token in cited[:first] if token.kind == "name"]
    if outside[-1] > opening or replaced or not _STANDS_FOR.search(sentence):
        return f"« {said[outside[0]].written} » n'est pas ce dont parle la citation"
    return None
