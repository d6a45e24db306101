"""Mutants of quotes: one character, one word, one splice, another source; and the control, which typography alone tells apart."""

import re
from dataclasses import replace

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.mutants.mutant import Mutant, Pool, quotes_of, reworded, spoiled, with_statement
from rag_commons.evaluation.quotes import stands_in
from rag_commons.text.sentences import sentence_spans

_ACCENTS = str.maketrans("éèêàùûîôç", "eeeauuioc")
_LOWER = re.compile(r"(?<=[a-zà-ÿ] )[a-zà-ÿ]{4,}(?= [a-zà-ÿ])")
_PAIR = re.compile(r"(?<= )([a-zà-ÿ]{3,}) ([a-zà-ÿ]{3,})(?= )")
# « né » without its accent is a negation
_ACCENTED = re.compile(r"(?<= )(?=[a-zà-ÿ]{4})[a-zà-ÿ]*[éèêàùûîôç][a-zà-ÿ]*")
# an altered quote is a rewording, which needs its notice and the right to adapt
_REWORDS = ("REL", "AC", "LP")


def _altered(case: Case, change: re.Pattern[str], how: str) -> Case | None:
    for at in quotes_of(case):
        statement = case.statements[at]
        match = change.search(statement.text)
        if match:
            text = statement.text[: match.start()] + _other(match, how) + statement.text[match.end() :]
            if not any(stands_in(text, one) for one in case.cited_texts(statement)):
                return with_statement(case, at, reworded(statement, text))
    return None


def _other(match: re.Match[str], how: str) -> str:
    written = match.group()
    if how == "digit":
        return str((int(written) + 4) % 9 + 1)
    if how == "accent":
        return written.translate(_ACCENTS)
    if how == "case":
        return written.capitalize()
    return f"{match[2]} {match[1]}"


def _digit(case: Case, pool: Pool) -> Case | None:
    return _altered(case, re.compile(r"\d(?=\D|$)"), "digit")


def _accent(case: Case, pool: Pool) -> Case | None:
    return _altered(case, _ACCENTED, "accent")


def _case(case: Case, pool: Pool) -> Case | None:
    return _altered(case, _LOWER, "case")


def _order(case: Case, pool: Pool) -> Case | None:
    return _altered(case, _PAIR, "order")


def _frankenquote(case: Case, pool: Pool) -> Case | None:
    for at in quotes_of(case):
        statement = case.statements[at]
        text = case.cited_texts(statement)[0]
        others = [text[start:end] for start, end in sentence_spans(text) if text[start:end] != statement.text]
        for other in others:
            words, more = statement.text.split(" "), other.split(" ")
            if len(words) < 6 or len(more) < 6:
                continue
            spliced = " ".join([*words[: len(words) // 2], *more[len(more) // 2 :]])
            if not stands_in(spliced, text):
                return with_statement(case, at, reworded(statement, spliced))
    return None


def _wrong_source(case: Case, pool: Pool) -> Case | None:
    refs = [one.ref for one in case.references]
    for at in quotes_of(case):
        statement = case.statements[at]
        (citation,) = statement.citations
        other = next(
            (one for one in case.references if one.ref != citation.ref and not stands_in(citation.quote or "", one.text or "")), None
        )
        if other is not None and len(refs) > 1:
            return with_statement(case, at, replace(statement, citations=(replace(citation, ref=other.ref),)))
    return None


def _typography(case: Case, pool: Pool) -> Case | None:
    def typeset(text: str) -> str:
        return re.sub(r" (?=[;:!?»]|\d)", "\u202f", text.replace("'", "\u2019")).replace(" de ", "\u00a0de ")

    statements = [
        replace(
            one,
            text=typeset(one.text),
            citations=tuple(replace(marker, quote=typeset(marker.quote) if marker.quote else marker.quote) for marker in one.citations),
        )
        for one in case.statements
    ]
    return spoiled(case, statements) if tuple(statements) != case.statements else None


MUTANTS = (
    Mutant(
        "quote-digit", "un chiffre de la citation changé", "a digit of the quote changed", _digit, ("QF", "HF"), ("KP", "ARG", *_REWORDS)
    ),
    Mutant("quote-accent", "un accent de la citation ôté", "an accent of the quote removed", _accent, ("QF",), ("KP", *_REWORDS)),
    Mutant("quote-case", "une majuscule mise dans la citation", "a capital put in the quote", _case, ("QF",), _REWORDS),
    Mutant("quote-order", "deux mots de la citation intervertis", "two words of the quote swapped", _order, ("QF",), ("ARG", *_REWORDS)),
    Mutant(
        "frankenquote",
        "deux phrases cousues en une citation",
        "two sentences sewn into one quote",
        _frankenquote,
        ("QF",),
        ("POL", *_REWORDS),
    ),
    Mutant(
        "wrong-source",
        "citation exacte, mauvaise source",
        "an exact quote under the wrong source",
        _wrong_source,
        ("QF",),
        ("HF", "KP", "ARG", "POL", "GP", "GR", *_REWORDS),
    ),
    Mutant(
        "typography", "témoin : apostrophes courbes et espaces insécables", "control: curly apostrophes and no-break spaces", _typography
    ),
)
