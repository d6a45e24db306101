"""Mutants of what reworded statements say: a number, a date, a name, a negation, the roles, what no passage holds."""

import re
from dataclasses import replace

from rag_commons.answering.verification.facts import foreign_facts
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.mutants.mutant import (
    CHANGE,
    Mutant,
    Pool,
    Spoil,
    quotes_of,
    rewordings_of,
    with_reference,
    with_statement,
)
from rag_commons.evaluation.quotes import quoted_spans

_NUMBER = re.compile(r"(?<!\d)(?!1[0-9]{3}\b|20[0-9]{2}\b)\d{1,3}(?!\d)")
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})\b")
_NAMES = re.compile(r"(?<=[a-zà-ÿ,'] )[A-ZÀ-Ý][a-zà-ÿ]{3,}(?: [A-ZÀ-Ý][a-zà-ÿ]+)*")
_SUBJECT = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]{3,}(?: [A-ZÀ-Ý][a-zà-ÿ]+)+")
_VERB = re.compile(r"\b(est|sont|fut|furent|était|étaient|a|ont|garda|occupe|nota|compte|conserve|abrite|touche|forme)\b")
_WHOM = re.compile(r"\bque(?= [a-zà-ÿ]{3,}(?:a|it|ait|èrent) (?:le|la|l'|les|un|une)\b)")
_RELATED = re.compile(r"^(?:La fille|Le fils|La sœur|Le frère|L'atelier|L'école) (?:de |d')(?=[A-ZÀ-Ý])")
_BOUND = re.compile(r"\b(?:premiers?|anciens?|presque|environ) |\bjusqu'(?=en \d)")
_PRONOUN = re.compile(r"^(?:Il|Elle) ")
_VOWEL = re.compile(r"[aeiouyéèêàh]", re.IGNORECASE)


def _drifted(case: Case, pattern: re.Pattern[str], other: str) -> Case | None:
    for said, at in rewordings_of(case):
        statement = said.statements[at]
        match = pattern.search(statement.text)
        if match:
            value = other or str(int(match.group()) + 7)
            text = statement.text[: match.start()] + value + statement.text[match.end() :]
            if foreign_facts(text, said.cited_texts(statement)):
                return with_statement(said, at, replace(statement, text=text))
    return None


def _number(case: Case, pool: Pool) -> Case | None:
    return _drifted(case, _NUMBER, "")


def _date(case: Case, pool: Pool) -> Case | None:
    return _drifted(case, _YEAR, "")


def _entity(case: Case, pool: Pool) -> Case | None:
    return _drifted(case, _NAMES, "Montbrison")


def _negated(case: Case, pool: Pool) -> Case | None:
    for said, at in rewordings_of(case):
        statement = said.statements[at]
        if re.search(r"\b(?:ne|pas)\b|\bn'", statement.text):
            text = re.sub(r"\bne (\w+) pas\b", r"\1", re.sub(r"\bn'(\w+) pas\b", r"\1", statement.text))
        else:
            text = _VERB.sub(lambda match: f"{'n' + chr(39) if _VOWEL.match(match[0]) else 'ne '}{match[0]} pas", statement.text, count=1)
        if text != statement.text:
            return with_statement(said, at, replace(statement, text=text))
    return None


def _roles(case: Case, pool: Pool) -> Case | None:
    for said, at in rewordings_of(case):
        statement = said.statements[at]
        named = list(_SUBJECT.finditer(statement.text))
        if len(named) >= 2 and named[0].group() != named[1].group():
            (first, second), text = named[:2], statement.text
            text = "".join((text[: first.start()], second.group(), text[first.end() : second.start()], first.group(), text[second.end() :]))
            # a capital that only opens its sentence becomes a name elsewhere, and a quotation would be another mutant
            if not foreign_facts(text, said.cited_texts(statement)) and not quoted_spans(text):
                return with_statement(said, at, replace(statement, text=text))
    return None


def _put(pattern: re.Pattern[str], other: str) -> Spoil:
    """Return what rewrites, in the first reworded sentence that has it, what a pattern finds."""

    def spoil(case: Case, pool: Pool) -> Case | None:
        for said, at in rewordings_of(case):
            statement = said.statements[at]
            text = pattern.sub(other, statement.text, count=1)
            if text != statement.text:
                return with_statement(said, at, replace(statement, text=text[:1].upper() + text[1:]))
        return None

    return spoil


def _antecedent(case: Case, pool: Pool) -> Case | None:
    """Put the subject of the page where a pronoun stands for somebody else: a sentence before names another in its place."""
    for at in quotes_of(case):
        statement = case.statements[at]
        (_, reference), *_ = case.resolved(statement)
        title, text = reference.provenance.title, case.text_of(reference)
        before = text[: statement.citations[0].start or 0]
        if _PRONOUN.match(statement.text) and re.search(rf"\b(?:fille|fils|sœur|frère) de {re.escape(title)}\b", before):
            words = _PRONOUN.sub(f"{title} ", statement.text)
            marker = replace(statement.citations[0], support="entailed")
            changed = with_statement(case, at, replace(statement, text=words, citations=(marker,)))
            noticed = replace(reference, notice=f"{reference.notice}\n{CHANGE}")
            spoilt = with_reference(changed, case.references.index(reference), noticed)
            # what the answer said of its own reuse was said of quotes
            return replace(spoilt, answer=replace(spoilt.answer, reuse=None)) if spoilt.answer else None
    return None


def _outside(case: Case, pool: Pool) -> Case | None:
    found = next(rewordings_of(case), None)
    if found is None:
        return None
    said, at = found
    statement = said.statements[at]
    text = statement.text.rstrip(".") + ", comme l'établit la chronique de Gaspard Villedieu, historien normand mort en 1764."
    return with_statement(said, at, replace(statement, text=text))


MUTANTS = (
    Mutant("number-drift", "un nombre qui dérive", "a number that drifts", _number, ("HF",), ("KP", "ARG")),
    Mutant("date-drift", "une année qui dérive", "a year that drifts", _date, ("HF",), ("KP", "ARG")),
    Mutant("entity-drift", "un nom remplacé par un autre", "a name replaced by another", _entity, ("HF",), ("KP", "ARG")),
    Mutant("negation", "une négation ajoutée ou ôtée", "a negation added or removed", _negated, ("POL",), ("KP",)),
    Mutant("role-drift", "les rôles échangés", "roles swapped", _roles, ("REL",), ("KP",)),
    Mutant("relative-turned", "« que fit » devient « qui fit »", "a relative turned round", _put(_WHOM, "qui"), ("REL",), ("KP",)),
    Mutant(
        "complement-promoted", "« la fille de X » devient « X »", "“the daughter of X” made X", _put(_RELATED, ""), ("REL",), ("KP", "ARG")
    ),
    Mutant("bound-dropped", "« premier », « jusqu'en » laissés tomber", "a word that bounds dropped", _put(_BOUND, ""), ("REL",), ("KP",)),
    Mutant(
        "pronoun-drift",
        "un pronom pris pour le sujet de la page : angle mort connu",
        "a pronoun taken for the subject of the page: the known blind spot",
        _antecedent,
        blind=True,
    ),
    Mutant("outside-knowledge", "un savoir d'ailleurs", "knowledge from elsewhere", _outside, ("HF", "KP"), ("ARG",)),
)
