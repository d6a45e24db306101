"""Follow-up questions: « Et en France ? », « Quand ? », « Qui l'a écrit ? », completed from the turn before, by rules alone.

What is carried over is taken word for word from the question before or is the title of its first source, so that a person sees at
a glance what was understood. A question that stands alone is left alone. The one surprise: a pronoun whose noun comes before
it in the same question (« Le mont Royal est-il un volcan ? ») refers to nothing outside, and neither does « il faut ».
"""

import re
from dataclasses import dataclass

from rag_commons.answering.question import understand
from rag_commons.answers import Answer
from rag_commons.text.analysis import analyse
from rag_commons.text.normal import n0

# a longer question says what it is about
_LONGEST_OWN = 5

_ASKS = r"(?:quand|où|comment|pourquoi|combien|qui|que|qu'|quoi|quel(?:le)?s?|lequel|laquelle|lesquel(?:le)?s)(?!\w)"
_BEFORE = r"(?:(?:à|de|d'|en|dans|par|pour|sur|sous|depuis|jusqu'(?:à|en)|vers|avec|chez) ?)?"
_THEY = r"(?:il|elle|ils|elles)\b"
_AND = re.compile(r"^(?:et|mais|alors|puis|donc)\b(?: (?:alors|donc|puis|sinon|maintenant))?[ ,]*", re.IGNORECASE)
_ASKING = re.compile(rf"\b{_ASKS}|\w-(?:t-)?(?:{_THEY}|on\b|ce\b)|^est-ce\b", re.IGNORECASE)
_OPENER = re.compile(rf"^{_BEFORE}{_ASKS}|^(?:est-ce|c'est)\b", re.IGNORECASE)
# « Sous quelle licence » asks without a verb
_BARE = re.compile(rf"^{_BEFORE}(?:quel(?:le)?s? [\w'-]+|combien d(?:e |')[\w'-]+)$", re.IGNORECASE)
# « Qui », « À quelle », « Est-ce que », « Y a-t-il »: what a question begins with and its topic does not
_HEAD = re.compile(rf"^{_BEFORE}{_ASKS} ?(?:est-ce (?:que |qu'|qui ))?|^est-ce (?:que |qu')|^y a-t-il ", re.IGNORECASE)
_IMPERSONAL = re.compile(
    r"\b(?:y a|faut|suffit|existe|s'agit|convient)-(?:t-)?il\b|\bqu'il (?:y a|faut|existe|s'agit|suffit|convient)\b"
    r"|\bs'est-il (?:passé|produit)\b|\bse (?:passe|produit)-(?:t-)?il\b"
    r"|\bpeut-il y avoir\b|\best-il (?:possible|permis|interdit|nécessaire|vrai|utile) (?:de|d'|que|qu')",
    re.IGNORECASE,
)
_NEUTER = re.compile(r"\b(?:cela|ça|ceci)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    rf"[\w']+-(?:t-)?{_THEY}|\bqu'{_THEY}|\b(?:quand|où|comment|pourquoi) {_THEY}"
    r"|\bqui (?:l'|(?:le|la|les|lui|leur|en|y) (?=\w))|\b(?:en|y) (?=est\b|\w+-t-on\b)"
    r"|\b(?:son|sa|ses|leurs?) (?=\w)|(?<!-)\b(?:ce|cet|cette|ces) (?!que\b|qui\b|dont\b)(?=\w)"
    r"|\b(?:cela|ça|ceci|celui-ci|celle-ci|ceux-ci|celles-ci)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(r"\b(?:l'|un |une |le |la |les |des |du |au |aux )\w", re.IGNORECASE)
# « la durée de (sa protection) »: this noun is not what the pronoun stands for
_WHOSE = re.compile(r"(?:l'|\b(?:le|la|les) )[\w'-]+ de $", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)\b[A-ZÀ-ÖØ-Þ][\w-]+")

_WORD = r"[A-ZÀ-ÖØ-Þ][\w-]*"
_PROPER = rf"{_WORD}(?:(?: (?:de |du |des |d'|la |le |les )*|'){_WORD})*"
_PLACE = re.compile(rf"\b(?:en|aux?|à|dans)(?: (?:le |la |les |l')?){_PROPER}")
_OF_PLACE = re.compile(rf"\b(?:d[eu] (?:la |l')?|d'|des ){_PROPER}")
_PREPOSITION = re.compile(r"^(?:(en|aux?|à|dans|pour|avec|sans|sur|sous|chez|par|contre|selon|après|avant|de|du|des) |(d'))", re.IGNORECASE)
_DETERMINED = re.compile(r"^((?:un|une|le|la|les|des|du) |l')(?=\w)", re.IGNORECASE)
_CODE = re.compile(r"[\w-]*\d[\w-]*")


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked before, as it was understood, and the title of the first source of its answer."""

    question: str
    title: str | None = None

    @classmethod
    def of(cls, answer: Answer) -> "Turn":
        """Return what a question after this answer may lean on."""
        return cls(answer.question, answer.references[0].provenance.title if answer.references else None)


def complete(question: str, before: Turn | None) -> str | None:
    """Return the question with what it leaves out, taken from the turn before; None when it stands alone or nothing came before."""
    if before is None or not before.question.strip():
        return None
    asked = _plain(question)
    short = _AND.sub("", asked)
    read = understand(short)
    own = [term for term in read.terms if term not in read.asking]
    if not short or len(own) > _LONGEST_OWN:
        return None
    topic = _topic(before.question)
    if _refers_back(short):
        return _joined(short, topic if _NEUTER.search(short) else _subject(before, topic))
    asks = bool(_ASKING.search(short))
    if _BARE.match(short) or (asks and not own):
        return _joined(short, topic)
    return None if asks or short == asked else _replaced(short, _plain(before.question))


def _plain(question: str) -> str:
    return " ".join(n0(question).replace("’", "'").split()).strip(" ?!.…").strip()


def _joined(question: str, carried: str) -> str:
    """Return a question with what it is about between brackets; the same words are not said twice."""
    if not carried or carried.casefold() in question.casefold():
        return f"{_capital(question)} ?"
    return f"{_capital(question)} ({carried}) ?"


def _topic(question: str) -> str:
    """Return a question without the words that ask."""
    return _HEAD.sub("", _plain(question).replace("(", "").replace(")", "")).strip(" ,:")


def _subject(before: Turn, topic: str) -> str:
    """Return what the turn before was about: the title of its source where the question names it, else what the question says."""
    title = " ".join((before.title or "").split())
    return title if title and set(analyse(title)) & set(analyse(before.question)) else topic


def _refers_back(question: str) -> bool:
    """Whether a pronoun of the question stands for nothing in it."""
    found = _PRONOUN.search(_IMPERSONAL.sub(lambda found: "-" * len(found[0]), question))
    if found is None:
        return False
    head = question[: found.start()]
    if head.strip() and not _OPENER.match(head):
        return False
    head = _WHOSE.sub("", head)
    return not _NOUN.search(head) and not _NAME.search(head)


def _replaced(fragment: str, before: str) -> str:
    """Return the question before with its part of the same kind as a fragment replaced, or with the fragment between brackets."""
    span = _place(fragment, before) or _same_shape(fragment, before) or _same_preposition(fragment, before) or _same_noun(fragment, before)
    if span is None:
        return _joined(before, fragment)
    return f"{_capital((before[: span[0]] + fragment + before[span[1] :]).strip())} ?"


def _place(fragment: str, before: str) -> Span | None:
    """« en France » takes the place of « au Canada », else of « de Dakar »."""
    return _last(_PLACE, before) or _last(_OF_PLACE, before) if _PLACE.match(fragment) else None


def _same_shape(fragment: str, before: str) -> Span | None:
    """« Q42 » takes the place of « Q90 », « 1914 » that of « 1870 »."""
    code = _CODE.search(fragment)
    if code is None or code[0] != fragment.split()[-1]:
        return None
    spans = [found.span() for found in _CODE.finditer(before) if _shape(found[0]) == _shape(code[0])]
    if not spans:
        return None
    start, end = spans[-1]
    # what comes before the code in both, « en 1914 », is replaced with it
    lead = fragment[: code.start()]
    return (start - len(lead) if lead and before[:start].endswith(lead) else start, end)


def _same_preposition(fragment: str, before: str) -> Span | None:
    """« pour les textes » takes the place of « pour les photos », to the next preposition."""
    found = _PREPOSITION.match(fragment)
    if found is None:
        return None
    word = re.escape(found[0])
    end = r"(?= (?:en|aux?|à|dans|pour|avec|sans|sur|sous|chez|par|contre|selon|après|avant)\b|$)"
    return _last(re.compile(rf"\b{word}(?:(?!\b{word}).)+?{end}", re.IGNORECASE), before)


def _same_noun(fragment: str, before: str) -> Span | None:
    """« les vidéos » takes the place of « les photos », « Wikipédia » that of another name."""
    found, named = _DETERMINED.match(fragment), re.search(_WORD, fragment)
    if found:
        name = rf"(?: (?:d[eu] |de la |des |d')?{_PROPER})?" if named else ""
        return _last(re.compile(rf"\b(?i:{re.escape(found[0])})[\w'-]+{name}"), before)
    if not named or _PREPOSITION.match(fragment):
        return None
    names = [name for name in re.finditer(_PROPER, before) if name[0].isupper() == fragment.isupper() and not _HEAD.match(name[0])]
    return names[-1].span() if names else None


def _last(pattern: re.Pattern[str], text: str) -> Span | None:
    spans = [found.span() for found in pattern.finditer(text)]
    return spans[-1] if spans else None


def _shape(code: str) -> str:
    return re.sub(r"\d", "0", re.sub(r"[^\W\d_]", "a", code))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
