"""The filters of the page: what they offer comes from the index, what they choose becomes `Filters`."""

from collections.abc import Callable, Mapping, Sequence

import gradio as gr

from rag_commons.answering.links import PERMISSIONS
from rag_commons.index.manifest import Count, Manifest
from rag_commons.licences.lines import one_line
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.corpus import number
from rag_commons.rendering.words import language_name
from rag_commons.retrieval.filters import Filters
from rag_commons.ui.block import block
from rag_commons.ui.wording import word

Choices = list[tuple[str, str]]


class FilterBox:
    """Five choices: permitted use, licence, collection, institution, language; an empty one leaves all in."""

    def __init__(self, manifest: Manifest, lang: Lang) -> None:
        with gr.Accordion(word("filters", lang), open=False, elem_classes="rc-filters"):
            uses = [(word(use, lang), use) for use in PERMISSIONS]
            self.allow = gr.CheckboxGroup(choices=uses, label=word("allow", lang))
            with gr.Row():
                self.licences = _several("licences", _licences(manifest, lang), lang)
                self.collections = _several("collections", _choices(manifest.collections, one_line, lang), lang)
            with gr.Row():
                self.holders = _several("holders", _choices(manifest.holders, one_line, lang), lang)
                self.languages = _several("languages", _choices(manifest.languages, lambda tag: language_name(tag, lang), lang), lang)
            self.cost = block()

    @property
    def inputs(self) -> list[gr.CheckboxGroup | gr.Dropdown]:
        """The components, in the order in which `filters_of` takes their values."""
        return [self.allow, self.licences, self.collections, self.holders, self.languages]


def filters_of(
    allow: Sequence[str] | None,
    licences: Sequence[str] | None,
    collections: Sequence[str] | None,
    holders: Sequence[str] | None,
    languages: Sequence[str] | None,
) -> Filters:
    """Return the filters that the values of the components ask for; a use that is none of ours is left out."""
    return Filters(
        licences=tuple(licences or ()),
        collections=tuple(collections or ()),
        holders=tuple(holders or ()),
        languages=tuple(languages or ()),
        allow=tuple(use for use in PERMISSIONS if use in (allow or ())),
    )


def _several(key: str, choices: Choices, lang: Lang) -> gr.Dropdown:
    return gr.Dropdown(choices=choices, value=[], multiselect=True, label=word(key, lang), min_width=220)


def _licences(manifest: Manifest, lang: Lang) -> Choices:
    return _choices(manifest.licences, lambda name: licence(name).badge, lang)


def _choices(counts: Mapping[str, Count], shown: Callable[[str], str], lang: Lang) -> Choices:
    """Names with their number of documents; what is not stated cannot be asked for."""
    named = sorted((name for name in counts if name and name != "und"), key=lambda name: (-counts[name].documents, name))
    return [(f"{shown(name)} ({number(counts[name].documents, lang)})", name) for name in named]
