"""The words of the renderings, in French and in English, and the few small things that are said differently in each."""

from rag_commons.answers import Answer
from rag_commons.licences.table import Kind
from rag_commons.licences.wording import Lang, Wording, worded

_KINDS: dict[Kind, tuple[str, str]] = {
    "licence": ("Licence", "Licence"),
    "public-domain": ("Statut des droits", "Rights status"),
    "rights-statement": ("Statut des droits", "Rights status"),
    "terms": ("Conditions d’utilisation", "Terms of use"),
}

_WORDS: dict[str, Wording] = {
    "answer": ("Réponse", "Answer"),
    "question": ("Question", "Question"),
    "sources": ("Sources citées", "Cited sources"),
    "source": ("Source", "Source"),
    "colon": (" : ", ": "),
    "see_source": ("voir la source {ref}, {title}", "see source {ref}, {title}"),
    "back": ("retour à la phrase {number}", "back to sentence {number}"),
    "automatic": ("Réponse générée automatiquement.", "Automatically generated answer."),
    "verbatim": ("Chaque phrase est une citation mot pour mot.", "Every sentence is a word-for-word quotation."),
    "generated": (
        "Un modèle de langue l’a rédigée ; n’est montré que ce que les passages cités disent.",
        "A language model wrote it; only what the cited passages say is shown.",
    ),
    "reworded": ("Des passages ont été reformulés.", "Some passages were reworded."),
    "worded": ("reformulé, vérifié", "reworded, checked"),
    "copy_answer": ("Copier la réponse et ses sources", "Copy the answer and its sources"),
    "print": ("Imprimer ou enregistrer en PDF", "Print or save as PDF"),
    "provenance": ("Provenance et droits", "Provenance and rights"),
    "whole_passage": ("Lire le passage entier", "Read the whole passage"),
    "people": ("Auteurs", "Authors"),
    "holder": ("Institution", "Institution"),
    "collection": ("Collection", "Collection"),
    "language": ("Langue", "Language"),
    "page": ("Page", "Page"),
    "issued": ("Publié", "Published"),
    "modified": ("Mis à jour", "Updated"),
    "retrieved": ("Consulté", "Retrieved"),
    "link": ("Lien", "Link"),
    "permalink": ("lien permanent vers cette révision", "permanent link to this revision"),
    "address": ("voir à la source", "see at the source"),
    "unknown_revision": ("révision inconnue", "revision unknown"),
    "history": ("historique et auteurs", "history and authors"),
    "ocr": ("Qualité de l’OCR", "OCR quality"),
    "ocr_value": ("{percent} % (texte reconnu automatiquement)", "{percent}% (automatically recognised text)"),
    "not_given": ("non fourni", "not supplied"),
    "work": ("Œuvre", "Work"),
    "edition": ("Édition", "Edition"),
    "transcription": ("Transcription", "Transcription"),
    "digitisation": ("Numérisation", "Digitisation"),
    "label_of": ("Étiquette communautaire, {community}", "Community label, {community}"),
    "about_label": ("à propos de cette étiquette", "about this label"),
    "rights_note": ("Note sur les droits", "Rights note"),
    "notice": ("Mention à reprendre", "Credit line to reuse"),
    "copy": ("Copier", "Copy"),
    "copy_notice": ("Copier la mention", "Copy the credit line"),
    "reuse": ("Réutiliser cette réponse", "Reuse this answer"),
    "collection_form": (
        "Cette réponse réunit des citations mot pour mot, comme un recueil : chaque partie garde les droits de sa source.",
        "This answer gathers word-for-word quotations, as a collection does: each part keeps the rights of its source.",
    ),
    "adaptation_form": (
        "Cette réponse reformule des passages : c’est une adaptation, qui suit les droits de tout ce qu’elle reprend.",
        "This answer rewords passages: it is an adaptation, which follows the rights of all that it takes up.",
    ),
    "all_agree": ("Toutes les parties sont sous {badge}.", "All the parts are under {badge}."),
    "outbound": ("Si vous la reprenez telle quelle, partagez-la sous {badge}.", "If you take it up as it stands, share it under {badge}."),
    "parts_differ": ("Les parties n’ont pas toutes les mêmes droits :", "The parts do not all have the same rights:"),
    "obligations": ("À faire si vous la reprenez", "To do if you take it up"),
    "conflicts": ("Ce qui ne peut pas être combiné", "What cannot be combined"),
    "ready_notice": ("La mention prête", "The ready credit line"),
    "exports": ("Emporter la réponse et ses sources", "Take the answer and its sources away"),
    "copy_as": ("Copier la réponse en {format}", "Copy the answer as {format}"),
    "download_as": ("Télécharger en {format}", "Download as {format}"),
    "consulted": ("Passages consultés, non cités", "Passages consulted, not cited"),
    "same_text": ("même texte que", "same text as"),
    "same_words": ("mêmes mots dans", "same words in"),
    "abstained": ("Ce corpus ne répond pas à cette question", "This corpus does not answer this question"),
    "abstained_why": (
        "Rien n’est inventé : faute d’un passage qui réponde, aucune phrase n’est proposée.",
        "Nothing is made up: without a passage that answers, no sentence is offered.",
    ),
    "nearest": ("Les passages les plus proches", "The nearest passages"),
    "widen": ("Pour élargir la recherche", "To widen the search"),
    "widen_words": (
        "Reprenez la question avec d’autres mots, ou avec le nom exact d’une œuvre, d’un lieu, d’une licence.",
        "Ask again in other words, or with the exact name of a work, a place, a licence.",
    ),
    "widen_filters": (
        "Retirez des filtres : {count} passages ont été laissés de côté.",
        "Remove filters: {count} passages were left aside.",
    ),
    "widen_explore": (
        "Cherchez ces mots dans tous les passages, sans réponse.",
        "Look for these words in all the passages, without an answer.",
    ),
    "widen_corpus": (
        "L’onglet Corpus dit ce que l’index contient, et donc ce qu’il ne peut pas savoir.",
        "The Corpus tab tells what the index holds, and so what it cannot know.",
    ),
    "unfiltered": ("Demander sans filtre", "Ask without filters"),
    "search_words": ("Chercher les passages", "Search the passages"),
    "passages_found": ("{count} passages trouvés", "{count} passages found"),
    "no_passage": ("Aucun passage trouvé.", "No passage found."),
    "commercial_yes": ("usage commercial permis", "commercial use allowed"),
    "commercial_no": ("pas d’usage commercial", "no commercial use"),
    "adaptation_yes": ("adaptation permise", "adaptation allowed"),
    "adaptation_no": ("pas d’adaptation", "no adaptation"),
    "share_alike": ("partage à l’identique", "share alike"),
    "quotation_only": ("citation courte seulement", "short quotation only"),
    "read_document": ("Lire le document entier", "Read the whole document"),
    "report": ("Signaler une attribution erronée", "Report a wrong attribution"),
    "browse": ("Parcourir l’index", "Browse the index"),
    "browse_all": ("Tout parcourir", "Browse everything"),
    "held_to": ("Documents de :", "Documents of:"),
    "more": ("{count} de plus", "{count} more"),
    "document": ("document", "document"),
    "passages": ("passages", "passages"),
    "documents": ("documents", "documents"),
    "passage": ("passage {number}", "passage {number}"),
    "cut": (
        "Le document est long : ses {shown} premiers caractères sont montrés, sur {total}.",
        "The document is long: its first {shown} characters are shown, out of {total}.",
    ),
    "gone": ("Ce document n’est pas, ou n’est plus, dans l’index.", "This document is not, or is no longer, in the index."),
    "reopened": ("Réponse rouverte depuis son lien.", "Answer reopened from its link."),
    "reopened_why": (
        "Ses citations sont relues dans l’index d’aujourd’hui, une phrase reformulée par les mots qu’elle citait. "
        "Un lien peut avoir été arrangé : lisez chaque phrase dans son passage.",
        "Its citations are read again in today’s index, a reworded sentence as the words that it cited. "
        "A link may have been tampered with: read each sentence in its passage.",
    ),
    "index_changed": ("L’index a changé depuis.", "The index has changed since."),
    "state_removed": ("retiré", "removed"),
    "modified_since": (
        "ce passage a changé depuis ; ses mots d’alors ne sont pas montrés.",
        "this passage has changed since; its words of then are not shown.",
    ),
    "removed_since": ("ce passage n’est plus dans l’index.", "this passage is no longer in the index."),
    "citation_of": ("phrase {statement}, source {ref}", "sentence {statement}, source {ref}"),
    "all_changed": (
        "Aucun passage cité n’est encore le même : posez la question de nouveau.",
        "None of the cited passages is still the same: ask the question again.",
    ),
    "answer_address": ("Adresse de cette réponse", "Address of this answer"),
    "copy_link": ("Copier le lien de cette réponse", "Copy the link to this answer"),
    "state_modified": ("modifié", "modified"),
    "references": ("Références", "References"),
    "no_document": ("Aucun document.", "No document."),
    "document_found": ("{count} document", "{count} document"),
    "one_passage": ("passage", "passage"),
    "documents_found": ("{count} documents", "{count} documents"),
    "first_shown": ("les {count} premiers sont montrés", "the first {count} are shown"),
    "index": ("Index", "Index"),
    "build": ("Version du contenu", "Content build"),
    "created": ("Mis à jour le", "Updated on"),
    "encoder": ("Encodeur", "Encoder"),
    "text_size": ("Texte", "Text"),
    "megabytes": ("{count} Mo", "{count} MB"),
    "by_licence": ("Par licence et statut", "By licence and status"),
    "by_collection": ("Par collection", "By collection"),
    "by_holder": ("Par institution", "By institution"),
    "by_language": ("Par langue", "By language"),
    "unstated": ("non précisé", "not stated"),
    "refusals": ("Documents refusés, par raison", "Documents refused, by reason"),
    "no_refusal": ("Aucun document n’a été refusé.", "No document was refused."),
    "name": ("Nom", "Name"),
    "share": ("Part des passages", "Share of the passages"),
    "ask_community": ("à voir avec la communauté", "to be settled with the community"),
    "made_with": ("Réponse générée automatiquement par rag-commons le {date}.", "Automatically generated by rag-commons on {date}."),
}

_LANGUAGES: dict[str, tuple[str, str]] = {
    "fr": ("français", "French"),
    "en": ("anglais", "English"),
    "ar": ("arabe", "Arabic"),
    "br": ("breton", "Breton"),
    "ca": ("catalan", "Catalan"),
    "co": ("corse", "Corsican"),
    "de": ("allemand", "German"),
    "es": ("espagnol", "Spanish"),
    "eu": ("basque", "Basque"),
    "frp": ("francoprovençal", "Franco-Provençal"),
    "gsw": ("alsacien et alémanique", "Alsatian and Alemannic"),
    "ht": ("créole haïtien", "Haitian Creole"),
    "it": ("italien", "Italian"),
    "la": ("latin", "Latin"),
    "mg": ("malgache", "Malagasy"),
    "oc": ("occitan", "Occitan"),
    "pcd": ("picard", "Picard"),
    "pt": ("portugais", "Portuguese"),
    "wa": ("wallon", "Walloon"),
    "wo": ("wolof", "Wolof"),
}

_MONTHS = (
    ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
)


def lang_of(language: str) -> Lang:
    """Return the language of the page for a BCP 47 tag: English for English, French for everything else."""
    return "en" if language.lower().split("-")[0] == "en" else "fr"


def say(key: str, lang: Lang, **fields: object) -> str:
    """Return a wording in a language, its fields filled in; what fills them is not escaped here."""
    return worded(_WORDS[key], lang, **fields)


def how_to_words(answer: Answer, lang: Lang) -> str:
    """Return how an answer was made: by a machine, by a language model where one wrote, in the sources' words or not."""
    parts = ["automatic", *(["generated"] if answer.mode == "generative" else [])]
    parts.append("verbatim" if answer.reuse.form == "collection" else "reworded")
    return " ".join(say(part, lang) for part in parts)


def kind_word(kind: Kind, lang: Lang) -> str:
    """Return what people read before the name of a row: a rights statement is never called a licence."""
    return _KINDS[kind][lang == "en"]


def language_name(tag: str, lang: Lang) -> str:
    """Return the name of a language and its tag: « français (fr) »; a tag that has no name here stands alone."""
    named = _LANGUAGES.get(tag.lower().split("-")[0])
    return f"{named[lang == 'en']} ({tag})" if named else tag


def date_words(date: str, lang: Lang) -> str:
    """Return a date YYYY[-MM[-DD]] in words; anything else comes back as it is."""
    year, *rest = date[:10].split("-")
    if not all(part.isdecimal() for part in (year, *rest)) or (rest and not 1 <= int(rest[0]) <= 12):
        return date
    words = [year]
    if rest:
        words.insert(0, _MONTHS[lang == "en"][int(rest[0]) - 1])
    if len(rest) > 1:
        words.insert(0, "1er" if lang == "fr" and int(rest[1]) == 1 else str(int(rest[1])))
    return " ".join(words)
