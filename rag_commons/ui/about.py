"""« À propos »: what the page is and is not, where questions go, and how to have a text taken away. Our own words, no corpus text."""

from importlib.resources import files

from rag_commons.licences.wording import Lang

_CONTACT: dict[Lang, str] = {
    "fr": "la personne qui tient cette page, ou ouvrez un ticket dans le dépôt de rag-commons",
    "en": "the person who runs this page, or open an issue in the rag-commons repository",
}


def about(lang: Lang, contact: str | None = None) -> str:
    """Return the text of the tab as Markdown; `contact` is whom to write to where the page is public."""
    text = files(__package__).joinpath(f"about.{lang}.md").read_text(encoding="utf-8")
    return text.replace("{contact}", f"**{contact}**" if contact else _CONTACT[lang])
