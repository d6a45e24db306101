"""Reasons in English: why there is no answer, or none as it was asked for; the readers say so in French.

The one surprise: a reason is read sentence by sentence, and one that is not known here leaves the whole in French, which is said.
"""

import re

from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import escape_line

_ENGLISH: tuple[tuple[str, str], ...] = (
    (r"Aucun passage de l'index ne répond à cette question\.", "No passage of the index answers this question."),
    (
        r"Aucune phrase proposée n'est soutenue par le passage qu'elle cite\.",
        "None of the sentences proposed is supported by the passage that it cites.",
    ),
    (r"La question ne contient aucun mot qui puisse être cherché\.", "The question has no word that could be looked for."),
    (r"Les passages trouvés ne contiennent aucune phrase qui puisse répondre\.", "The passages found hold no sentence that could answer."),
    (r"Aucun des passages trouvés ne parle de « (.+?) »\.", r"None of the passages found speaks of “\1”."),
    (
        r"Les passages trouvés parlent de ce sujet, mais n'en disent pas la date\.",
        "The passages found speak of this subject, but do not tell its date.",
    ),
    (
        r"Les passages trouvés parlent de ce sujet, mais n'en donnent pas le nombre\.",
        "The passages found speak of this subject, but give no number.",
    ),
    (
        r"Les passages trouvés parlent de ce sujet, mais ne disent pas de qui il s'agit\.",
        "The passages found speak of this subject, but do not tell who it is.",
    ),
    (
        r"Les passages trouvés parlent de ce sujet, mais n'en disent pas le lieu\.",
        "The passages found speak of this subject, but do not tell where it is.",
    ),
    (
        r"Les passages trouvés parlent de ce sujet, mais n'en disent pas la raison\.",
        "The passages found speak of this subject, but do not tell why.",
    ),
    (
        r"Les passages trouvés ne répondent pas assez sûrement à cette question\.",
        "The passages found do not answer this question surely enough.",
    ),
    (
        r"Le modèle de langue ne trouve pas de réponse dans les passages\.",
        "The language model finds no answer in the passages.",
    ),
    (
        r"Rien de ce que le modèle de langue a écrit n'est soutenu par un passage cité\.",
        "Nothing that the language model wrote is supported by a cited passage.",
    ),
    (
        r"Les passages trouvés sont trop longs pour ce modèle de langue\.",
        "The passages found are too long for this language model.",
    ),
    (
        r"Aucun passage cité par ce lien n'est encore le même dans l'index\.",
        "None of the passages cited by this link is still the same in the index.",
    ),
    (r"La réponse est faite d'extraits\.", "The answer is made of extracts."),
    (r"La rédaction a été arrêtée avant la fin\.", "The writing was stopped before its end."),
    (r"Seules les phrases vérifiées avant sont gardées\.", "Only the sentences verified before are kept."),
    (r"Le modèle de langue n'a pas fini \((.+?)\)\.", r"The language model did not finish (\1)."),
    (r"Le modèle de langue n'a pas répondu \((.+?)\)\.", r"The language model did not reply (\1)."),
    (r"(\d+) phrases? proposées? par le modèle de langue : (\d+) gardées?", r"Sentences proposed by the language model: \1; kept: \2"),
    (r", (\d+) remplacées? par les mots d'un passage", r"; replaced by a passage’s words: \1"),
    (r", (\d+) écartées? faute de soutien", r"; dropped for want of support: \1"),
    (r"\.", "."),
    (r" +", " "),
)
_PATTERNS = tuple((re.compile(french), english) for french, english in _ENGLISH)


def reason_to_html(reason: str, lang: Lang) -> str:
    """Return a reason as one paragraph, in the language of the page where its words are known."""
    english = in_english(reason) if lang == "en" else None
    return f'<p lang="{"fr" if english is None else "en"}">{escape_line(english or reason)}</p>'


def reason_in(reason: str, lang: Lang) -> str:
    """Return a reason in the language of the page where its words are known, else in French."""
    return (in_english(reason) if lang == "en" else None) or reason


def in_english(reason: str) -> str | None:
    """Return a reason in English, None where a part of it is not known."""
    said, at = [], 0
    while at < len(reason):
        found = next(((match, english) for pattern, english in _PATTERNS if (match := pattern.match(reason, at))), None)
        if found is None:
            return None
        said.append(found[0].expand(found[1]))
        at = found[0].end()
    return "".join(said)
