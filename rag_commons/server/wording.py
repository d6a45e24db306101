"""The words of the guide and what each address is for, in French and in English; OpenAPI tells the French ones."""

from typing import TypedDict

from rag_commons.licences.wording import Lang, Wording, worded


class Described(TypedDict):
    """What an address is for in a few words, then what it does, as OpenAPI names them."""

    summary: str
    description: str


_WORDS: dict[str, Wording] = {
    "about": (
        "Des questions aux communs francophones : chaque phrase d’une réponse renvoie aux mots exacts d’un passage, à ses auteurs, à son "
        "institution et à sa licence. Réponses générées automatiquement. Lecture seule : aucune adresse ne change l’index.",
        "Questions to the francophone commons: every sentence of an answer leads to the exact words of a passage, its authors, its "
        "institution and its licence. Automatically generated answers. Read only: no address changes the index.",
    ),
    "language": ("Langue", "Language"),
    "whole": ("Description complète :", "Full description:"),
    # what it says of parameters and bodies exists in French alone
    "openapi": ("(OpenAPI).", "(OpenAPI, whose descriptions are in French)."),
    "tools": ("Outils MCP (streamable HTTP) :", "MCP tools (streamable HTTP):"),
    "back": ("Retour à la page", "Back to the page"),
    "example": ("Un exemple :", "An example (the corpus is in French: ask in French):"),
    "parameters": ("Paramètres : {taken}.", "Parameters: {taken}."),
    "body": ("corps JSON {name}", "JSON body {name}"),
    "failure": (
        "Une erreur est une ligne de JSON, en anglais : ce qui était attendu, ce qui a été vu, ce qu’il faut faire.",
        "An error is one line of JSON, in English: what was expected, what was seen, what to do.",
    ),
}

# by the path that OpenAPI writes: what an address is for in a few words, then what it does
_ADDRESSES: dict[str, tuple[Wording, Wording]] = {
    "/api/ask": (
        ("Poser une question", "Ask a question"),
        (
            "Répond par un objet du contrat 3 ; l’en-tête Link donne l’adresse de la réponse dans la page.",
            "Answers with an object of contract 3; the Link header gives the address of the answer in the page.",
        ),
    ),
    "/api/ask/stream": (
        ("Poser une question et suivre les étapes", "Ask a question and follow the steps"),
        (
            "Envoie chaque étape quand elle commence (`search`, `read`, `verify`), puis la réponse : un objet du contrat 3.\n\n"
            "Où un modèle de langue rédige, `written` dit entre-temps les phrases vérifiées et combien furent proposées, remplacées, "
            "écartées.",
            "Sends each step as it begins (`search`, `read`, `verify`), then the answer: an object of contract 3.\n\n"
            "Where a language model writes, `written` tells meanwhile the verified sentences and how many were proposed, replaced, "
            "dropped.",
        ),
    ),
    "/api/search": (
        ("Chercher des passages", "Search for passages"),
        (
            "Rend les passages les plus proches, du meilleur au moins bon, chacun avec sa provenance et sa mention.",
            "Returns the nearest passages, best first, each with its provenance and its notice.",
        ),
    ),
    "/api/cite": (
        ("Lire un passage pour le citer", "Read a passage to cite it"),
        (
            "Rend le passage, ses positions, son sha256, sa provenance et sa mention ; `quote` y est cherché mot pour mot.",
            "Returns the passage, its positions, its sha256, its provenance and its notice; `quote` is looked for in it word for word.",
        ),
    ),
    "/api/answer": (
        ("Rouvrir une réponse par son lien", "Reopen an answer by its link"),
        (
            "Prend les paramètres de l’adresse d’une réponse ; dit de chaque citation si son passage est le même, modifié ou retiré.",
            "Takes the parameters of an answer’s address; says of each citation whether its passage is the same, modified or removed.",
        ),
    ),
    "/api/documents/{identity}": (
        ("Lire un document entier", "Read a whole document"),
        (
            "Rend un document comme le contrat 1 l’écrit, sa mention et les positions de ses passages.",
            "Returns a document as contract 1 writes it, its notice and the positions of its passages.",
        ),
    ),
    "/api/licences": (
        ("La table des licences et statuts", "The table of licences and statuses"),
        (
            "Rend chaque ligne de la table, ce qu’elle permet, et la part de l’index qui en relève.",
            "Returns each row of the table, what it permits, and how much of the index is under it.",
        ),
    ),
    "/api/index": (
        ("Ce que contient l’index", "What the index holds"),
        (
            "Rend le nom de l’index, la version de son contenu, ses comptes et les refus par raison.",
            "Returns the name of the index, the version of its content, its counts and the refusals by reason.",
        ),
    ),
}


def say(key: str, lang: Lang, **fields: str) -> str:
    """Return a wording of the guide in a language, its fields filled in."""
    return worded(_WORDS[key], lang, **fields)


def described(path: str, lang: Lang) -> Described:
    """Return what an address is for; KeyError for one that nothing was written of."""
    summary, description = _ADDRESSES[path]
    return {"summary": worded(summary, lang), "description": worded(description, lang)}
