"""The words of the page itself, in French and in English."""

from rag_commons.licences.wording import Lang

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("rag-commons — chaque phrase a sa source", "rag-commons — every sentence has its source"),
    "promise": (
        "Chaque phrase d’une réponse renvoie aux mots exacts d’un passage, à ses auteurs, à son institution et à sa licence.",
        "Every sentence of an answer leads to the exact words of a passage, its authors, its institution and its licence.",
    ),
    "other": ("English", "Français"),
    "skip": ("Aller à la réponse", "Skip to the answer"),
    "tab_ask": ("Demander", "Ask"),
    "tab_explore": ("Explorer", "Explore"),
    "tab_corpus": ("Corpus", "Corpus"),
    "tab_about": ("À propos", "About"),
    "question": ("Votre question", "Your question"),
    "question_hint": (
        "Par exemple : Y a-t-il un dépôt légal national en Suisse ?",
        "The corpus is in French: ask in French.",
    ),
    "ask": ("Demander", "Ask"),
    "no_question": ("Écrivez d’abord une question.", "Write a question first."),
    "examples": ("Des questions pour commencer", "Questions to start with"),
    "librarian": ("En bibliothèque", "At the library"),
    "teacher": ("En classe", "In class"),
    "wikimedian": ("Sur les projets Wikimedia", "On Wikimedia projects"),
    "citizen": ("Par curiosité", "Out of curiosity"),
    "filters": ("Filtrer les sources", "Filter the sources"),
    "allow": ("Ce que je veux pouvoir faire", "What I want to be able to do"),
    "commercial": ("Un usage commercial", "Use commercially"),
    "adaptation": ("Une adaptation, une traduction", "Adapt, translate"),
    "licences": ("Licence ou statut", "Licence or status"),
    "collections": ("Collection", "Collection"),
    "holders": ("Institution", "Institution"),
    "languages": ("Langue", "Language"),
    "since": ("Depuis l’année", "From the year"),
    "until": ("Jusqu’à l’année", "To the year"),
    "undated": ("Ce qui n’est pas daté est laissé de côté.", "What bears no date is left aside."),
    "understood": ("Compris comme :", "Understood as:"),
    "from_before": ("d’après la question d’avant", "from the question before"),
    "as_typed": ("Poser telle quelle", "Ask as typed"),
    "history": ("Vos questions", "Your questions"),
    "history_why": (
        "Gardées dans ce navigateur, et nulle part ailleurs.",
        "Kept in this browser, and nowhere else.",
    ),
    "erase": ("Effacer l’historique", "Erase the history"),
    "report_title": ("Signaler une attribution erronée", "Report a wrong attribution"),
    "report_why": (
        "Le signalement est gardé sur cette machine, sans votre nom ; rien n’est envoyé.",
        "The report is kept on this machine, without your name; nothing is sent.",
    ),
    "what_is_wrong": ("Ce qui est faux", "What is wrong"),
    "wrong_people": ("Auteurs", "Authors"),
    "wrong_title": ("Titre", "Title"),
    "wrong_holder": ("Institution", "Institution"),
    "wrong_licence": ("Licence ou droits", "Licence or rights"),
    "wrong_words": ("Mots cités", "Quoted words"),
    "wrong_other": ("Autre chose", "Something else"),
    "report_note": ("En quelques mots (facultatif)", "In a few words (optional)"),
    "keep_report": ("Garder le signalement", "Keep the report"),
    "leave": ("Annuler", "Cancel"),
    "say_what": ("Dites d’abord ce qui est faux.", "First say what is wrong."),
    "report_kept": ("Signalement gardé. Merci.", "Report kept. Thank you."),
    "report_refused": (
        "Trop de signalements pour le moment : revenez plus tard.",
        "Too many reports for now: come back later.",
    ),
    "left_aside": (
        "Les filtres laissent de côté {count} passages sur {total}.",
        "The filters leave {count} passages aside, out of {total}.",
    ),
    "nothing_left": ("Ces filtres ne laissent aucun passage : retirez-en un.", "These filters leave no passage: remove one."),
    "search": ("Chercher", "Search"),
    "read": ("Lire", "Read"),
    "verify": ("Vérifier", "Verify"),
    "searching": ("des passages", "for passages"),
    "milliseconds": ("{count} ms", "{count} ms"),
    "ready": (
        "Réponse prête : {statements} phrase{plural}, {sources} source{plurals}.",
        "Answer ready: {statements} sentence{plural}, {sources} source{plurals}.",
    ),
    "no_answer": ("Pas de réponse dans ce corpus.", "No answer in this corpus."),
    "failed": ("La recherche a échoué", "The search failed"),
    "link_failed": ("Ce lien ne peut pas être rouvert", "This link cannot be reopened"),
    "explore_hint": (
        "Des mots à chercher ; sans mot, la liste des documents",
        "Words to look for; without words, the list of documents",
    ),
    "explore": ("Chercher des passages ou parcourir les documents", "Search passages or browse documents"),
    "explore_button": ("Chercher", "Search"),
    "too_many": (
        "L’index compte trop de documents pour en faire une liste : cherchez des mots.",
        "The index has too many documents for a list: search for words.",
    ),
    "back_to_list": ("Fermer le document", "Close the document"),
    "copied": ("Copié", "Copied"),
    "not_copied": ("La copie a été refusée par le navigateur", "The browser refused to copy"),
    "footer": (
        "Réponses générées automatiquement. Vos questions restent sur cette machine.",
        "Automatically generated answers. Your questions stay on this machine.",
    ),
}


def word(key: str, lang: Lang, **fields: object) -> str:
    """Return a wording of the page in a language, its fields filled in."""
    wording = _WORDS[key][lang == "en"]
    return wording.format(**fields) if fields else wording
