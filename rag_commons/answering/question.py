"""What a question asks: its words, its names and numbers, and the kind of answer that it expects.

The kind comes from the words that ask, nothing else: « quand » and « quelle année » ask a date, « qui » a person. The one
surprise: the noun after « quel » decides before « quel » does (« quelle ville » asks a place, « quel âge » a number), and « qui est
Hugo ? » asks who he is, not for a name.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rag_commons.text.analysis import analyse
from rag_commons.text.normal import n0

Kind = Literal["date", "number", "person", "place", "name", "definition", "reason", "manner", "list", "yes-no", "other"]
KINDS: tuple[Kind, ...] = ("date", "number", "person", "place", "name", "definition", "reason", "manner", "list", "yes-no", "other")

_DATES = "ann[ée]es?|dates?|jours?|mois|si[èe]cles?|moments?|[ée]poques?|p[ée]riodes?|d[ée]cennies?|saisons?|heures?|mill[ée]sime"
_NUMBERS = (
    "nombres?|superficies?|populations?|altitudes?|hauteurs?|longueurs?|largeurs?|profondeurs?|distances?|tailles?|poids|masses?|prix|"
    "co[ûu]ts?|montants?|sommes?|budgets?|pourcentages?|taux|proportions?|parts?|[âa]ges?|dur[ée]es?|vitesses?|temp[ée]ratures?|"
    "densit[ée]s?|volumes?|quantit[ée]s?|effectifs?|scores?|rangs?|d[ée]lais?|valeurs?|puissances?|capacit[ée]s?|recettes?|revenus?|"
    "salaires?|num[ée]ros?|tarifs?"
)
_PLACES = (
    "pays|villes?|r[ée]gions?|continents?|provinces?|d[ée]partements?|communes?|[îi]les?|endroits?|lieux?|villages?|quartiers?|"
    "capitales?|rues?|[ée]tats?|mers?|oc[ée]ans?|fleuves?|rivi[èe]res?|montagnes?|municipalit[ée]s?|arrondissements?|adresses?|zones?|"
    "territoires?|localisation"
)
_PEOPLE = (
    "rois?|reines?|empereurs?|pr[ée]sidente?s?|ministres?|auteurs?|autrices?|[ée]crivaine?s?|po[èe]tes?|peintres?|architectes?|"
    "inventeurs?|r[ée]alisateurs?|r[ée]alisatrices?|acteurs?|actrices?|chanteurs?|chanteuses?|compositeurs?|personnes?|personnages?|"
    "hommes?|femmes?|saints?|papes?|g[ée]n[ée]r(?:al|aux)|fondateurs?|fondatrices?|chefs?|dirigeants?|philosophes?|scientifiques?|"
    "savants?|explorateurs?|fr[èe]res?|s[œo]eurs?|p[èe]res?|m[èe]res?|fils|filles?|[ée]poux|[ée]pouses?|maris?|joueurs?|joueuses?|"
    "artistes?|sculpteurs?|c[ée]l[ée]brit[ée]s?|soldats?|h[ée]ros|successeurs?"
)
_BE = "(?:est|était|etait|fut|sont|étaient|furent|a été|serait|sera)"
_WHICH = rf"(?:quel(?:le)?s?|lequel|laquelle)(?: {_BE})?(?: (?:le|la|les|leur|son|sa|ses))?(?: l'| |')"
_NAMED = r"(?:(?:[dl]')?[A-ZÀ-ÖØ-Þ][\w'-]*|de|du|des|la|le|von|van)"

# the first line that matches decides; « (?-i:…) » keeps the case of names
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("number", r"combien|quel(?:le)? (?:\w+ )?(?:pourcentage|proportion|nombre|quantité)|^nombre de"),
    ("date", rf"\bquand\b|{_WHICH}(?:{_DATES})\b|^(?:date|année) d"),
    (
        "reason",
        "pourquoi|(?:pour|par|en) quel(?:le)?s? (?:raisons?|motifs?|causes?|occasions?)|dans quel but|"
        rf"{_WHICH}(?:raisons?|causes?|motifs?|buts?|objectifs?|intérêts?|origines?)\b",
    ),
    (
        "definition",
        r"^qu[' ]? ?est[- ]ce qu(?:e |')(?:c'est |c'est que )?(?:(?:un|une|le|la|les|des) |l')?[^ ,]+(?: [^ ,]+){0,4} ?\??$|"
        r"c'est quoi|que (?:signifie|veut dire|désigne)|définition|^défini|qu'appelle[- ]t[- ]on|"
        rf"^(?-i:[Qq]ui) (?:est|était|fut) (?-i:[A-ZÀ-ÖØ-Þ][\w'-]*)(?: (?-i:{_NAMED}))* ?\??$",
    ),
    (
        "name",
        "comment (?:est[- ])?.{0,40}(?:appel|nomm|surnomm|baptis|intitul|prénomm)|"
        rf"{_WHICH}(?:noms?|surnoms?|titres?|pseudonymes?|prénoms?|appellations?|devises?)\b",
    ),
    ("place", rf"\boù\b|^ou (?!bien)|{_WHICH}(?:{_PLACES})\b|^lieu d"),
    ("number", rf"{_WHICH}(?:{_NUMBERS})\b"),
    ("list", r"\b(?:quels|quelles|lesquels|lesquelles)\b|^(?:citez|citer|cite|listez|énumére[rz]|donnez)\b|qui (?:sont|étaient|furent)\b"),
    ("other", r"qu[' ]? ?est[- ]ce qui|à qu(?:oi|elle)|de quoi|en quoi"),
    ("person", rf"\bqui\b|{_WHICH}(?:{_PEOPLE})\b|^nom d"),
    ("manner", r"comment|de quelle (?:manière|façon)|par quel moyen"),
    ("other", r"\bquel(?:le)?s?\b|(?:^|\b(?:à|de|en|sur|par|avec) )quoi\b|^qu(?:e\b|')(?! ?est[- ]ce)|lequel|laquelle"),
    ("yes-no", r"est[- ]ce qu|\b\w+[- ](?:t[- ])?(?:il|elle|ils|elles|on)\b|^(?:peut|doit|faut|a|est|sont|ont)\b"),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)

# words that ask, or say what is asked: an answer need not hold them
_ASKING = frozenset(
    analyse(
        "année date jour mois temps siècle moment époque période nombre combien nom appeler nommer intituler surnommer cause raison motif "
        "but lieu endroit ville pays région personne définition signifier désigner exister trouver situer manière façon moyen type sorte "
        "genre titre pourcentage montant donner citer quel faire pouvoir principal"
    )
)
_NAME = re.compile(r"(?<!^)(?<![.!?«] )\b[A-ZÀ-ÖØ-Þ][\w'-]*")
_FIGURES = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:,\d+)?")
_FOCUS = re.compile(rf"(?:combien d(?:e |')|{_WHICH})([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A question read once.

    `terms` are those of `analyse`, without repeats; `asking` those that only ask, `names` those that are names or numbers, `focus` the
    noun after « quel » or « combien de ».
    """

    text: str
    terms: tuple[str, ...]
    kind: Kind
    asking: frozenset[str]
    names: frozenset[str]
    focus: frozenset[str]

    @property
    def subject(self) -> tuple[str, ...]:
        """The terms that say what is asked about, or all of them where there are no others."""
        return tuple(term for term in self.terms if term not in self.asking) or self.terms


def understand(text: str) -> Question:
    """Read a question."""
    plain = n0(text).strip()
    terms = tuple(dict.fromkeys(analyse(plain)))
    names = {term for name in (*_NAME.findall(plain), *_FIGURES.findall(plain)) for term in analyse(name)}
    focus = _FOCUS.search(plain)
    known = frozenset(terms)
    return Question(plain, terms, kind_of(plain), known & _ASKING, known & names, frozenset(analyse(focus[1])) if focus else frozenset())


def kind_of(question: str) -> Kind:
    """Return the kind of answer asked for: the first of the table that the question's words match."""
    plain = n0(question).strip()
    for kind, pattern in _PATTERNS:
        if pattern.search(plain):
            return kind
    return "other"
