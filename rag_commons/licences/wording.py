"""What people read of rights, in French and in English: one phrase a key.

The one surprise: « licence » is said only of what is one; else people read « statut des droits » or « conditions d'utilisation ».
"""

from typing import Literal

from rag_commons.errors import UsageError

Lang = Literal["fr", "en"]
Use = Literal["verbatim", "paraphrase"]
# French, then English
Wording = tuple[str, str]

_PHRASES: dict[str, Wording] = {
    # lines of a notice
    "title": ("Titre : {value}", "Title: {value}"),
    "author": ("Auteur : {value}", "Author: {value}"),
    "authors": ("Auteurs : {value}", "Authors: {value}"),
    "history": ("Historique des auteurs : {value}", "Authors' history: {value}"),
    "holder": ("Mis à disposition par : {value}", "Made available by: {value}"),
    "collection": ("Collection : {value}", "Collection: {value}"),
    "source": ("Source : {value}", "Source: {value}"),
    "modified": ("Date de dernière mise à jour : {value}", "Date of last update: {value}"),
    "retrieved": ("Date de consultation : {value}", "Retrieved: {value}"),
    "statement": ("Mention : {value}", "Statement: {value}"),
    "excerpt": ("Nature du texte : extrait, non modifié", "Text: excerpt, unaltered"),
    "change": ("Modification : reformulé par rag-commons", "Change: reworded by rag-commons"),
    "change-of": (
        "Modification : reformulé par rag-commons, d'après l'œuvre « {title} » ({authors})",
        'Change: reworded by rag-commons, from the work "{title}" ({authors})',
    ),
    "respect": ("À respecter : {value}", "To respect: {value}"),
    "public-domain-in": ("Domaine public : {value}", "Public domain: {value}"),
    "label": ("Protocole communautaire de {community} : {text} – {uri}", "Community protocol of {community}: {text} – {uri}"),
    "rights-note": ("Note sur les droits : {value}", "Rights note: {value}"),
    # what is said in those lines
    "not-supplied": ("non fourni", "not supplied"),
    "no-link": ("lien non fourni", "link not supplied"),
    "permalink": ("lien permanent : {url}", "permanent link: {url}"),
    "no-revision": ("révision inconnue", "unknown revision"),
    "contributors": ("contributeurs et contributrices de {project}", "contributors to {project}"),
    # the rights of the text, and of its layers
    "kind-licence": ("Licence", "Licence"),
    "kind-public-domain": ("Statut des droits", "Rights status"),
    "kind-rights-statement": ("Statut des droits", "Rights status"),
    "kind-terms": ("Conditions d'utilisation", "Terms of use"),
    "rights": ("{kind} : {name} – {url}", "{kind}: {name} – {url}"),
    "rights-as-received": ("{kind} (texte tel que diffusé) : {name} – {url}", "{kind} (text as provided): {name} – {url}"),
    "layer": ("{role} – {rights}", "{role} – {rights}"),
    "role-work": ("Œuvre", "Work"),
    "role-edition": ("Édition", "Edition"),
    "role-transcription": ("Transcription", "Transcription"),
    "role-digitisation": ("Numérisation", "Digitisation"),
    # conditions in a notice
    "nc": ("usage non commercial", "non-commercial use"),
    "nd-verbatim": ("texte exact seulement, pas d'adaptation", "exact text only, no adaptation"),
    "nd-paraphrase": ("adaptation non permise, citer le texte exact", "no adaptation allowed, quote the exact text"),
    "quotation-verbatim": (
        "courte citation seulement, avec le nom de l'auteur et la source",
        "short quotation only, with the author's name and the source",
    ),
    "quotation-paraphrase": ("ne reprendre que les faits, et citer la source", "take up the facts only, and cite the source"),
    "sa-paraphrase": (
        "si vous reprenez cette reformulation, la partager sous {badge} ({url})",
        "if you reuse this rewording, share it under {badge} ({url})",
    ),
    "sa-database": (
        "si vous en tirez une base de données, la partager sous {badge} ({url})",
        "if you make a database of it, share it under {badge} ({url})",
    ),
    # status by country
    "domain-in": ("{country} à partir du {date}", "{country} from {date}"),
    "domain-died": (
        "{countries} (auteur mort en {died}, hors exceptions)",
        "{countries} (author died in {died}, exceptions aside)",
    ),
    "domain-unknown": (
        "statut inconnu pays par pays, année de mort de l'auteur non fournie",
        "unknown status country by country, the author's year of death not supplied",
    ),
    # obligations
    "do-author-R": ("Nommez les auteurs.", "Name the authors."),
    "do-author-C": ("Nommez les auteurs, s'ils sont fournis.", "Name the authors, if supplied."),
    "do-author-M": ("Nommez les auteurs : le droit moral le demande toujours.", "Name the authors: moral rights always ask for it."),
    "do-author-O": ("Nommez de préférence les auteurs.", "Preferably name the authors."),
    "do-grantor": (
        "Nommez l'organisme ou les auteurs qui diffusent le texte.",
        "Name the organisation or the authors that provide the text.",
    ),
    "do-title-R": ("Donnez le titre.", "Give the title."),
    "do-title-M": ("Donnez le titre.", "Give the title."),
    "do-title-C": ("Donnez le titre, s'il est fourni.", "Give the title, if supplied."),
    "do-database": ("Donnez le nom de la base de données.", "Give the name of the database."),
    "do-source-R": ("Donnez le lien vers la source.", "Give the link to the source."),
    "do-source-C": ("Donnez le lien vers la source, s'il est fourni.", "Give the link to the source, if supplied."),
    "do-source-O": ("Donnez de préférence le lien vers la source.", "Preferably give the link to the source."),
    "do-licence-R": ("Indiquez la licence et son adresse : {name}, {url}", "State the licence and its address: {name}, {url}"),
    "do-licence-O": (
        "Indiquez de préférence la licence et son adresse : {name}, {url}",
        "Preferably state the licence and its address: {name}, {url}",
    ),
    "do-status-R": (
        "Indiquez le statut des droits et son adresse : {name}, {url}",
        "State the rights status and its address: {name}, {url}",
    ),
    "do-status-O": (
        "Indiquez de préférence le statut des droits : {name}, {url}",
        "Preferably state the rights status: {name}, {url}",
    ),
    "do-terms-O": (
        "Indiquez de préférence les conditions d'utilisation : {name}, {url}",
        "Preferably state the terms of use: {name}, {url}",
    ),
    "do-date": ("{badge} : indiquez la date de dernière mise à jour.", "{badge}: give the date of last update."),
    "do-statement": ("{badge} : reproduisez la mention « {sentence} »", '{badge}: reproduce the statement "{sentence}"'),
    "database-name": ("(nom de la base)", "(name of the database)"),
    "do-change": (
        "Dites que le texte a été modifié : « reformulé par rag-commons ».",
        'Say that the text was changed: "reworded by rag-commons".',
    ),
    "do-credit-use": (
        "Dites de quelle œuvre vient la reformulation : titre et auteurs.",
        "Say which work the rewording comes from: title and authors.",
    ),
    "do-sa": ("Partagez votre adaptation sous {badge} : {url}", "Share your adaptation under {badge}: {url}"),
    "do-sa-database": (
        "Si vous en tirez une base de données, partagez-la sous {badge} : {url}",
        "If you make a database of it, share it under {badge}: {url}",
    ),
    "do-nc": ("{badge} : pas d'usage commercial.", "{badge}: no commercial use."),
    "do-nd-verbatim": ("{badge} : gardez le texte exact.", "{badge}: keep the exact text."),
    "do-nd-paraphrase": (
        "{badge} : ne diffusez pas de texte reformulé, citez le passage exact.",
        "{badge}: do not share a reworded text, quote the exact passage.",
    ),
    "do-quotation-verbatim": (
        "{badge} : citez seulement de courts passages, avec l'auteur et la source.",
        "{badge}: quote short passages only, with the author and the source.",
    ),
    "do-quotation-paraphrase": (
        "{badge} : ne reprenez que les faits, dans vos mots, et citez la source.",
        "{badge}: take up the facts only, in your own words, and cite the source.",
    ),
    "do-by-country": (
        "{badge} : vérifiez le statut dans votre pays ; le droit moral demeure.",
        "{badge}: check the status in your country; moral rights remain.",
    ),
    "do-not-endorse": (
        "Ne laissez pas croire que les auteurs ou l'organisme cautionnent votre usage.",
        "Do not suggest that the authors or the organisation endorse your use.",
    ),
    "do-remark": ("{badge} : {remark}.", "{badge}: {remark}."),
    "do-nothing": ("{badge} : aucune condition.", "{badge}: no condition."),
    "do-label": (
        "Respectez le protocole communautaire de {community} : {text} – {uri}",
        "Respect the community protocol of {community}: {text} – {uri}",
    ),
    # what cannot be combined
    "cannot-adapt": ("{badge} : adaptation non permise.", "{badge}: no adaptation allowed."),
    "cannot-quote-more": (
        "{badge} : courte citation seulement, rien ne peut en être fondu dans un autre texte.",
        "{badge}: short quotation only, nothing of it may be merged into another text.",
    ),
    "cannot-two-sa": (
        "{badges} : chacune demande que l'adaptation reste sous ses propres termes, elles ne peuvent être fondues en un seul texte.",
        "{badges}: each asks that the adaptation stay under its own terms, they cannot be merged into one text.",
    ),
    "cannot-sa-nc": (
        "{badge} demande de permettre l'usage commercial, que {others} ne permet pas : ils ne peuvent être fondus en un seul texte.",
        "{badge} asks that commercial use be allowed, which {others} does not allow: they cannot be merged into one text.",
    ),
    "cannot-label": (
        "Le protocole communautaire de {community} n'est pas à interpréter : citez le passage exact et demandez à la communauté.",
        "The community protocol of {community} is not ours to interpret: quote the exact passage and ask the community.",
    ),
    "remark-quotation": (
        "{refs} {badge} : courte citation seulement, avec l'auteur et la source.",
        "{refs} {badge}: short quotation only, with the author and the source.",
    ),
    # taking up a whole answer
    "reuse-same": (
        "Si vous reprenez cette réponse, joignez la mention de chaque source ; les passages cités relèvent tous de : {name} – {url}",
        "If you reuse this answer, attach the notice of each source; the quoted passages all come under: {name} – {url}",
    ),
    "reuse-each": (
        "Si vous reprenez cette réponse, joignez la mention de chaque source et laissez à chaque passage ses propres droits : {parts}",
        "If you reuse this answer, attach the notice of each source and leave each passage under its own rights: {parts}",
    ),
    "reuse-sa": (
        "Si vous reprenez cette réponse, qui reformule ses sources, joignez leurs mentions et partagez votre texte sous {badge} : {url}",
        "If you reuse this answer, which rewords its sources, attach the notice of each and share your text under {badge}: {url}",
    ),
    "reuse-reworded": (
        "Si vous reprenez cette réponse, qui reformule ses sources, joignez leurs mentions et dites que le texte est reformulé : {parts}",
        "If you reuse this answer, which rewords its sources, attach the notice of each and say that the text was reworded: {parts}",
    ),
    "reuse-apart": (
        "Si vous reprenez cette réponse, qui reformule ses sources, gardez ses phrases à part, chacune avec sa mention et sous ses propres "
        "droits : {parts}",
        "If you reuse this answer, which rewords its sources, keep its sentences apart, each with its notice and under its own rights: "
        "{parts}",
    ),
    "reuse-beside": (
        "Les passages cités mot pour mot à côté n'en font pas partie et gardent leurs propres droits : {parts}",
        "The passages quoted word for word beside it are no part of it and keep their own rights: {parts}",
    ),
    "reuse-refused": (
        "Si vous reprenez cette réponse, ne la diffusez pas comme un seul texte : citez chaque source à part, avec sa mention : {parts}",
        "If you reuse this answer, do not share it as one text: quote each source separately, with its notice: {parts}",
    ),
    "reuse-house-rule": (
        "Règle de rag-commons, plus stricte que le droit : des faits redits autrement ne sont pas protégés.",
        "A rule of rag-commons, stricter than the law: facts told in other words are not protected.",
    ),
}


def say(key: str, lang: Lang, **fields: str) -> str:
    """Return a phrase in a language, its fields filled in; raise UsageError for a language other than fr and en."""
    if lang not in ("fr", "en"):
        raise UsageError("a language, fr or en", repr(lang), "ask for the notice in French or in English")
    return worded(_PHRASES[key], lang, **fields)


def worded(wording: Wording, lang: Lang, **fields: object) -> str:
    """Return a wording in a language, its fields filled in; without fields, braces are braces."""
    french, english = wording
    said = english if lang == "en" else french
    return said.format(**fields) if fields else said
