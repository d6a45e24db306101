"""Relations of a statement's words: whether they stand to one another as they do in a cited sentence.

`misfit` is the whole of it: what is held at all, what numbers count, what is denied, what is only reported, who it is about, and roles.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rag_commons.answering.verification.facts import denies
from rag_commons.answering.verification.identity import identified, labelled, unjoined
from rag_commons.answering.verification.order import converse, disordered
from rag_commons.answering.verification.properties import possessed
from rag_commons.answering.verification.words import MONTHS, UNIT_KEYS, Token, tokens_of
from rag_commons.text.analysis import fold
from rag_commons.text.normal import n0

_MONTH_KEYS = frozenset(map(fold, MONTHS))
# « selon le cas », « selon la procédure »: nobody says anything
_AS = (
    r" (?:l[ea]s?|l'|une?|ce(?:tte|s)?) ?(?:procédures?|méthodes?|cas|cantons?|besoins?|saisons?|régions?|types?|tailles?|nombres?|"
    r"modèles?|principes?|critères?|règles?|années?|époques?|lieux|usages?)\b| qu[e']"
)
# what tells that others say it, wherever it stands in the sentence
_REPORTS = re.compile(
    rf"\b(?:selon(?!{_AS})|d'après|prétend\w*|affirm(?:e|ent|ait|aient|a|èrent)\b|soutien(?:t|nent)|(?<!, )légende|rumeurs?|croit|croient|"
    r"croyait|pens(?:e|ent|ait|aient)\b|estim(?:e|ent|ait|aient)\b|on (?:dit|raconte)|disent|dément\w*|ni(?:e|ent|ait) (?:que|avoir))",
    re.IGNORECASE,
)
# « …, mais la reine prétend que… » reports what follows, and nothing before
_OPENS_REPORT = re.compile(r"[,;:] (?:mais|et|or|puis|tandis qu[e'])(?= )[^,;:()]*$")
# what makes doubtful the clause where it stands
_DOUBTS = re.compile(
    r"\b(?:(?:au|se|pour|dev)rai(?:t|ent)\b|suppos\w+|soi-disant|probable(?:ment)?\b|peut-être|sans doute|semble\w*|accus\w+|hypothèse|"
    r"contest\w+|fau(?:x|sse)\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\W*(?:Il|Elle|Ils|Elles) (?!y\b|s'agit|faut|existe)")
# « il est difficile d'obtenir », where he is nobody
_IMPERSONAL = re.compile(r"\W*Il (?:est|était|fut|serait) [^,;]{0,60}?\b(?:(?:de |d')\w+(?:er|ir|re)\b|qu[e'])")
_STANDS_FOR = re.compile(
    r"\b(?:il|elle|ils|elles|on|son|sa|ses|leurs?|lui|cet|cette|ce|ces|celui-ci|celle-ci|ceux-ci|l'|le|la|les)\b", re.IGNORECASE
)


def misfit(statement: str, sentence: str, context: str) -> str | None:
    """Return why one cited sentence does not hold a statement, in French, or None; `context` is its title and section."""
    said, cited = list(tokens_of(statement)), tokens_of(sentence)
    held, around = {token.key for token in cited}, {token.key for token in tokens_of(context)}
    if _IMPERSONAL.match(n0(sentence)):
        context = ""
    said = said[_named(said, sentence, context) :]
    label = labelled(said, held)
    identity = identified(said, cited)
    said = said[label:]
    missing = [token for token in said if token.key not in held and token.key not in around]
    # « France » and « Francs » have one stem: names are compared by their letters, less the mark of plurals
    spelt = {_spelt(token) for token in (*cited, *tokens_of(context))}
    hard = [t for t in said if (t in missing and t.kind != "word") or (t.kind == "name" and _spelt(t) not in spelt)]
    if hard:
        return f"absent de la citation : « {hard[0].written} »"
    if not said:
        return "la phrase ne dit rien de vérifiable"
    if possessed(said, cited, [token.key for token in tokens_of(_bare(context))], bool(_PRONOUN.match(n0(sentence)))):
        return _unmeasured(said, cited) or _denied(statement, sentence, said, cited) or _reported(statement, sentence, said)
    if missing and not (len(missing) == 1 and converse(said, cited)):
        return f"la phrase dit autre chose que la citation : « {missing[0].written} »"
    return (
        _repeated(said, cited, held)
        or _unmeasured(said, cited)
        or _detached(said, cited)
        or _denied(statement, sentence, said, cited)
        or _reported(statement, sentence, said)
        or (None if identity else _elsewhere(said, cited, sentence, held, label))
    )


def _elsewhere(said: Sequence[Token], cited: Sequence[Token], sentence: str, held: set[str], label: bool) -> str | None:
    """Return that the words of the statement stand in another relation."""
    if label or unjoined(said, cited):
        return "la citation ne dit pas de l'un qu'il est l'autre"
    return _substituted(said, cited, sentence, held) or disordered(said, cited, held)


def _named(said: Sequence[Token], sentence: str, context: str) -> int:
    """Return how many words of a statement are the title that stands for the pronoun which opens the sentence."""
    title = [token.key for token in tokens_of(_bare(context))]
    stands = bool(title) and _PRONOUN.match(n0(sentence)) and [token.key for token in said[: len(title)]] == title
    return len(title) if stands and len(said) > len(title) else 0


def _bare(context: str) -> str:
    """Return the title alone, without its brackets and the section."""
    return re.sub(r" \(.*| ; .*", "", context)


def _spelt(token: Token) -> str:
    return fold(token.written).lower().rstrip("s")


def _repeated(said: Sequence[Token], cited: Sequence[Token], held: set[str]) -> str | None:
    """Return the word said more often than in the citation: one of them took another's place."""
    times = Counter(token.key for token in cited)
    for key, count in Counter(token.key for token in said if token.key in held).items():
        if count > times[key]:
            return f"répété sans l'être dans la citation : « {next(t.written for t in said if t.key == key)} »"
    return None


def _unmeasured(said: Sequence[Token], cited: Sequence[Token]) -> str | None:
    """Return the number that the citation always gives with a unit, and the statement without."""
    measures = {a.key for a, b in pairwise(cited) if a.kind == "number" and b.key in UNIT_KEYS}
    bare = {token.key for token, after in zip(cited, [*cited[1:], None], strict=True) if after is None or after.key not in UNIT_KEYS}
    for number, after in zip(said, [*said[1:], None], strict=True):
        if number.key in measures - bare and (after is None or after.key not in UNIT_KEYS):
            return f"« {number.written} » est donné sans son unité"
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
    if denies(statement) and not (denies(sentence) or any(token.denied for token in cited)):
        return reason
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
    sentence = n0(sentence)
    for match in _REPORTS.finditer(sentence):
        opened = _OPENS_REPORT.search(sentence[: match.start()])
        if opened and re.match(r" qu[e']", sentence[match.end() :]):
            before = {token.key for token in tokens_of(sentence[: opened.start()])}
            if not {token.key for token in said} & {token.key for token in tokens_of(sentence[opened.start() :])} - before:
                continue
        if not re.search(rf"\b{re.escape(match.group()[:5])}", n0(statement), re.IGNORECASE):
            return reason
    here = {token.key for token in said}
    clauses = re.split(r"[,;:()]", sentence)
    for at, clause in enumerate(clauses):
        if _DOUBTS.search(clause) and not _DOUBTS.search(statement):
            # what other clauses say as well is not doubtful
            elsewhere = {token.key for other in clauses[:at] + clauses[at + 1 :] for token in tokens_of(other)}
            if here & {token.key for token in tokens_of(clause)} - elsewhere:
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
