"""Questions to start with, by audience; each has its answer in the sample corpus, which is in French.

Kept under 60 characters: Gradio cuts what is longer.
"""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "librarian": (
        "Y a-t-il un dépôt légal national en Suisse ?",
        "À quoi sert le protocole OAI-PMH ?",
    ),
    "teacher": (
        "Une citation a-t-elle un nombre maximal de mots en France ?",
        "Le mont Royal est-il un ancien volcan ?",
    ),
    "wikimedian": (
        "Wikimedia Commons accepte-t-il les photos CC BY-NC ?",
        "Que désigne l'identifiant Q90 dans Wikidata ?",
    ),
    "citizen": (
        "À quelle date est née Wikipédia en français ?",
        "Qui dessina le parc du Mont-Royal ?",
    ),
}
