"""The words of the page itself, in French and in English."""

from rag_commons.licences.wording import Lang, Wording, worded

_WORDS: dict[str, Wording] = {
    "title": ("rag-commons — chaque phrase a sa source", "rag-commons — every sentence has its source"),
    "promise": (
        "Chaque phrase d’une réponse renvoie aux mots exacts d’un passage, à ses auteurs, à son institution et à sa licence ; "
        "la mention à reprendre est prête, et ce que le corpus ne dit pas n’est pas inventé.",
        "Every sentence of an answer leads to the exact words of a passage, its authors, its institution and its licence; "
        "the credit line is ready to copy, and what the corpus does not say is not made up.",
    ),
    "other": ("English", "Français"),
    "tab_ask": ("Demander", "Ask"),
    "tab_explore": ("Explorer", "Explore"),
    "tab_corpus": ("Corpus", "Corpus"),
    "tab_about": ("À propos", "About"),
    "question": ("Votre question", "Your question"),
    "question_hint": (
        "Posez une question à ce corpus",
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
    "year_hint": ("par exemple 1850", "for example 1850"),
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
    "tab_admin": ("Administrer", "Administer"),
    "admin_why": (
        "Fait entrer des documents dans l’index et en retire. Seul le dossier nommé au démarrage est lu ; aucune adresse n’est appelée :",
        "Brings documents into the index and takes them out. Only the folder named at start is read; no address is fetched:",
    ),
    "admin_name": ("Fichier ou dossier", "File or folder"),
    "admin_source": ("Lu comme", "Read as"),
    "bring_in": ("Faire entrer", "Bring in"),
    "stop": ("Interrompre", "Stop"),
    "take_out": ("Retirer de l’index", "Take out of the index"),
    "admin_kind": ("Quoi", "What"),
    "kind_document": ("Un document", "A document"),
    "kind_collection": ("Une collection", "A collection"),
    "kind_holder": ("Une institution", "An institution"),
    "admin_exact": ("Son identifiant ou son nom exact", "Its exact id or name"),
    "admin_sure": (
        "Retirer du texte, des réponses et des fichiers, sans retour",
        "Remove from texts, answers and files, for good",
    ),
    "admin_agree": ("Cochez d’abord la case : le retrait est sans retour.", "Tick the box first: what is removed is gone for good."),
    "work_begins": ("Le travail commence.", "The work begins."),
    "work_reads": ("Lecture : {documents} documents, {passages} passages.", "Reading: {documents} documents, {passages} passages."),
    "work_indexes": ("Indexation : {passages} passages.", "Indexing: {passages} passages."),
    "work_stopped": (
        "Interrompu. L’index d’avant répond toujours ; relancé, le travail reprend où il en était.",
        "Stopped. The index of before still answers; begun again, the work resumes where it was.",
    ),
    "work_failed": ("Le travail a échoué", "The work failed"),
    "work_done": (
        "Terminé : {added} ajoutés, {replaced} remplacés, {unchanged} inchangés, {refused} refusés.",
        "Done: {added} added, {replaced} replaced, {unchanged} unchanged, {refused} refused.",
    ),
    "work_removed": ("Retirés : {documents} documents, {passages} passages.", "Removed: {documents} documents, {passages} passages."),
    "work_unknown": ("L’index n’a rien de ce nom : {name}.", "The index has nothing of that name: {name}."),
    "left_aside": (
        "Les filtres laissent de côté {count} passages sur {total}.",
        "The filters leave {count} passages aside, out of {total}.",
    ),
    "nothing_left": ("Ces filtres ne laissent aucun passage : retirez-en un.", "These filters leave no passage: remove one."),
    "search": ("Chercher", "Search"),
    "read": ("Lire", "Read"),
    "verify": ("Vérifier", "Verify"),
    "write": ("Rédiger", "Write"),
    "stop_writing": ("Arrêter", "Stop"),
    "stopped": (
        "Rédaction arrêtée. Aucune phrase n’était encore vérifiée : rien n’est gardé. Votre question est toujours là.",
        "Writing stopped. No sentence was verified yet: nothing is kept. Your question is still there.",
    ),
    "written": (
        "Le modèle écrit. Phrases proposées : {proposed} ; gardées : {kept} ; remplacées par les mots d’un passage : {repaired} ; "
        "écartées : {dropped}.",
        "The model is writing. Sentences proposed: {proposed}; kept: {kept}; replaced by a passage’s words: {repaired}; "
        "dropped: {dropped}.",
    ),
    "mode": ("La réponse", "The answer"),
    "mode_generative": ("Rédigée par {name}, vérifiée phrase par phrase", "Written by {name}, checked sentence by sentence"),
    "mode_extractive": ("Faite de citations mot pour mot", "Made of word-for-word quotations"),
    "sent_to": (
        "Si le modèle rédige, la question et les passages trouvés lui sont envoyés, à {host}.",
        "If the model writes, the question and the passages found are sent to it, at {host}.",
    ),
    "sent_nowhere": ("Le modèle est sur cette machine : rien n’en sort.", "The model is on this machine: nothing leaves it."),
    "milliseconds": ("{count} ms", "{count} ms"),
    "ready": (
        "Réponse prête : {statements} phrase{plural}, {sources} source{plurals}.",
        "Answer ready: {statements} sentence{plural}, {sources} source{plurals}.",
    ),
    "ready_stopped": (
        "Rédaction arrêtée. Ce qui était vérifié reste : {statements} phrase{plural}, {sources} source{plurals}.",
        "Writing stopped. What was verified stays: {statements} sentence{plural}, {sources} source{plurals}.",
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
        "L’index est trop grand pour une seule liste : choisissez une collection, une institution, une licence ou une langue, ou cherchez "
        "des mots.",
        "The index is too large for one list: choose a collection, an institution, a licence or a language, or search for words.",
    ),
    "back_to_list": ("Fermer le document", "Close the document"),
    "copied": ("Copié", "Copied"),
    "not_copied": ("La copie a été refusée par le navigateur", "The browser refused to copy"),
    "footer": (
        "Réponses générées automatiquement. Vos questions restent sur cette machine.",
        "Automatically generated answers. Your questions stay on this machine.",
    ),
    "footer_sent": (
        "Réponses générées automatiquement. Vos questions vont aussi à {host}, où un modèle de langue rédige.",
        "Automatically generated answers. Your questions also go to {host}, where a language model writes.",
    ),
}


def word(key: str, lang: Lang, **fields: object) -> str:
    """Return a wording of the page in a language, its fields filled in."""
    return worded(_WORDS[key], lang, **fields)
