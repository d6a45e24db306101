"""« À propos »: what the page is and is not, where questions go, and how to have a text taken away. Our own words, no corpus text."""

from importlib.resources import files

from rag_commons.licences.wording import Lang
from rag_commons.ui.writer import Writer

_CONTACT: dict[Lang, str] = {
    "fr": "la personne qui tient cette page, ou ouvrez un ticket dans le dépôt de rag-commons",
    "en": "the person who runs this page, or open an issue in the rag-commons repository",
}
_QUOTED: dict[Lang, str] = {"fr": "**des phrases citées mot pour mot**", "en": "**sentences quoted word for word**"}
_WRITTEN: dict[Lang, str] = {
    "fr": "**des phrases citées mot pour mot**, ou rédigées par un modèle de langue (`{name}`) et **vérifiées une à une** dans le passage "
    "qu’elles citent : une phrase que son passage ne soutient pas est remplacée par les mots du passage, ou écartée",
    "en": "**sentences quoted word for word**, or written by a language model (`{name}`) and **checked one by one** in the passage that "
    "they cite: a sentence that its passage does not support is replaced by the passage’s words, or dropped",
}
_HERE: dict[Lang, str] = {
    "fr": "Les questions sont traitées **sur la machine qui sert cette page** ; elles ne sont ni enregistrées, ni envoyées ailleurs, "
    "ni mesurées.",
    "en": "Questions are handled **on the machine that serves this page**; they are not recorded, sent elsewhere or measured.",
}
_SENT: dict[Lang, str] = {
    "fr": "Quand le modèle de langue rédige, la question et les passages trouvés sont **envoyés à `{host}`**, dont les usages nous "
    "échappent. Pour que rien ne sorte de la machine qui sert cette page, choisissez « mot pour mot ». "
    "Ici, les questions ne sont ni enregistrées, ni mesurées.",
    "en": "When the language model writes, the question and the passages found are **sent to `{host}`**, whose practices are out "
    "of our hands. For nothing to leave the machine that serves this page, choose “word for word”. "
    "Here, questions are neither recorded nor measured.",
}


def about(lang: Lang, contact: str | None = None, writer: Writer | None = None) -> str:
    """Return the text of the tab as Markdown; `contact` is whom to write to where the page is public, `writer` the model that writes."""
    text = files(__package__).joinpath(f"about.{lang}.md").read_text(encoding="utf-8")
    answers = _WRITTEN[lang].format(name=writer.name.replace("`", "'")) if writer else _QUOTED[lang]
    treated = _SENT[lang].format(host=writer.host) if writer and writer.host else _HERE[lang]
    held = {"contact": f"**{contact}**" if contact else _CONTACT[lang], "answers": answers, "treated": treated}
    return text.format(**held)
