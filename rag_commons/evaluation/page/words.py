"""Words of the report, each phrase in both languages; a style sheet shows one of them."""

from rag_commons.rendering.escaping import escape

GROUPS = {
    "headline": ("En un chiffre", "In one figure"),
    "citations": ("Renvois", "Citations"),
    "fidelity": ("Fidélité aux sources", "Fidelity to sources"),
    "gold": ("Face aux bonnes sources", "Against the right sources"),
    "rights": ("Droits et crédits", "Rights and credits"),
    "abstention": ("Savoir se taire", "Knowing when to be silent"),
    "robustness": ("Robustesse", "Robustness"),
}
NOTHING_TO_MEASURE = {
    "citations": ("Aucune réponse à mesurer.", "No answer to measure."),
    "fidelity": ("Aucune réponse à mesurer.", "No answer to measure."),
    "rights": ("Aucune réponse à mesurer.", "No answer to measure."),
    "gold": (
        "Rien à mesurer : les questions ne disent pas ce qui y répond (« gold », « answers »).",
        "Nothing to measure: the questions do not say what answers them (“gold”, “answers”).",
    ),
    "abstention": (
        "Rien à mesurer : les questions ne disent pas si une réponse existe (« answerable »).",
        "Nothing to measure: the questions do not say whether an answer exists (“answerable”).",
    ),
    "robustness": (
        "Rien à mesurer : les réponses viennent sans variantes (« variants ») et les questions sans piège (« injection »).",
        "Nothing to measure: the answers come without variants (“variants”) and the questions without traps (“injection”).",
    ),
}
WAYS = {
    "licence": ("Par licence des passages cités", "By licence of the passages cited"),
    "collection": ("Par collection citée", "By collection cited"),
    "language": ("Par langue des passages cités", "By language of the passages cited"),
    "kind": ("Par genre de question", "By kind of question"),
}
FAILURES = {
    "misattributed": ("mal attribuée : un autre passage contient ces mots", "misattributed: another passage holds these words"),
    "frankenquote": ("cousue : plusieurs morceaux mis bout à bout", "frankenquote: several pieces joined"),
    "altered": ("altérée : au plus un dixième des caractères changé", "altered: at most a tenth of the characters changed"),
    "fabricated": ("fabriquée : aucun passage ne contient ces mots", "fabricated: no passage holds these words"),
}
FIELDS = {
    "author": ("auteur", "author"),
    "title": ("titre", "title"),
    "source": ("adresse de la source", "address of the source"),
    "licence": ("licence et adresse", "licence and address"),
    "change": ("modification", "change"),
    "date": ("date", "date"),
    "mention": ("mention prescrite", "prescribed statement"),
    "layer": ("autre couche de droits", "other layer of rights"),
    "label": ("protocole communautaire", "community protocol"),
}
STATUSES = {
    "caught": ("attrapé", "caught"),
    "missed": ("manqué", "missed"),
    "overreach": ("fausse alarme", "overreach"),
    "still": ("rien ne bouge", "nothing moves"),
    "moved": ("bouge à tort", "moves wrongly"),
    "blind": ("angle mort connu", "known blind spot"),
    "seen": ("n'est plus un angle mort", "no longer a blind spot"),
    "not applicable": ("sans objet ici", "no object here"),
}
FAULTS = {
    "verify": ("la vérification refuse une phrase ou une source", "verification refuses a statement or a source"),
    "unreadable": ("pas de réponse lisible", "no readable answer"),
}


def both(french: str, english: str, tag: str = "span") -> str:
    """Return a text in both languages, escaped."""
    return f'<{tag} class="fr" lang="fr">{escape(french)}</{tag}><{tag} class="en" lang="en">{escape(english)}</{tag}>'


def percent(value: float | None) -> str:
    """Return a share as a percentage with one decimal, a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f}"


def figure(value: float | None, tag: str = "span") -> str:
    """Return a share as a percentage, with a comma in French and a point in English."""
    said = percent(value)
    return said if value is None else both(said.replace(".", ","), said, tag)
