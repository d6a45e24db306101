"""Links: their label is text; files go with their caption, categories and interlanguage links go altogether."""

import re

from rag_commons.sources.wikitext.marks import HOLE

# Names of the File and Category namespaces on the wikis of the francophone world and their neighbours; English is understood by all.
_FILES = frozenset(
    "file image media fichier média archivo imagen ficheiro imagem immagine datei bild bestand afbeelding plik grafika fil "
    "restr skeudenn fichièr fichèr imatge fitxer fitxategi irudi fichye imaj rakitra sary fichye imådje imâge fighjulà schedariu".split()
)
_CATEGORIES = frozenset(
    "category catégorie categoria categoría kategorie kategori kategoria kategoriya rummad sokajy categurìa catègorie categorîa "
    "kategória kategoriija catégôrie".split()
)
_INTERWIKI = frozenset(
    "w wikt wiktionary wiktionnaire s wikisource b wikibooks n wikinews q wikiquote v wikiversity voy wikivoyage c commons d wikidata "
    "species wikispecies m meta mw doi arxiv special spécial portail portal aide help wp wikipedia wikipédia projet project".split()
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z-]{2,12})?")

_PLAIN = re.compile(r"\[\[([^\[\]|:{}\n]*+)\]\]")
_LABELLED = re.compile(r"\[\[[^\[\]|:{}\n]*+\|([^\[\]]*+)\]\]")
_PREFIXED = re.compile(r"\[\[([^\[\]|\n]*+)(?:\|([^\[\]]*+))?\]\]")
_EXTERNAL = re.compile(r"\[(?:(?:https?|ftps?|sftp|irc|news|git)://|//|mailto:)[^\s\[\]<>\"]*+(?:[ \t]++([^\[\]\n]*+))?\]", re.IGNORECASE)
_PASSES = 6


def resolve_links(text: str) -> str:
    """Return the text with each link replaced by what a reader sees of it, innermost first."""
    if "[" not in text:
        return text
    for _ in range(_PASSES):
        # text and label in turn: twice as fast as substitution
        plain = _PLAIN.split(text)
        labelled = _LABELLED.split("".join(plain))
        text, external = _EXTERNAL.subn(_external, "".join(labelled))
        if "[[" not in text:
            break
        text, prefixed = _PREFIXED.subn(_prefixed, text)
        if not (len(plain) > 1 or len(labelled) > 1 or external or prefixed) or "[[" not in text:
            break
    return text


def drop_brackets(text: str) -> str:
    """Return the text without the double brackets that close nothing."""
    return text.replace("[[", "").replace("]]", "") if "[[" in text or "]]" in text else text


def _external(match: re.Match[str]) -> str:
    return match[1] or HOLE


def _prefixed(match: re.Match[str]) -> str:
    target, label = match[1].strip(), match[2]
    if target.startswith(":"):
        return label or target.lstrip(":").rpartition(":")[2]
    prefix, colon, rest = target.partition(":")
    prefix = prefix.strip().lower()
    if colon and (prefix in _FILES or prefix in _CATEGORIES):
        return ""
    if label:
        return label
    if colon and _LANGUAGE.fullmatch(prefix) and prefix not in _INTERWIKI:
        return ""
    return rest.strip() if colon and prefix in _INTERWIKI else target.removeprefix("#")
