"""The filters of the page: what they offer comes from the index, what they choose becomes `Filters`."""

import re
from collections.abc import Callable, Mapping

import gradio as gr

from rag_commons.answering.links import PERMISSIONS
from rag_commons.index.manifest import Count, Manifest
from rag_commons.licences.lines import one_line
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.corpus import number
from rag_commons.rendering.words import language_name
from rag_commons.retrieval.filters import Filters
from rag_commons.ui.asker import Asker
from rag_commons.ui.block import block
from rag_commons.ui.wording import word

Choices = list[tuple[str, str]]
# what a component of the box gives: names, or a year
Values = list[str] | str | None

_YEAR = re.compile(r"[0-9]{1,4}")


class FilterBox:
    """Seven choices: permitted use, licence, collection, institution, language, from and to a year; an empty one leaves all in."""

    def __init__(self, manifest: Manifest, lang: Lang) -> None:
        self._lang = lang
        with gr.Accordion(word("filters", lang), open=False, elem_classes="rc-filters") as self.accordion:
            uses = [(word(use, lang), use) for use in PERMISSIONS]
            self.allow = gr.CheckboxGroup(choices=uses, label=word("allow", lang))
            choices = self._offered = self._choices(manifest)
            with gr.Row():
                licences, collections = (_several(key, choices[key], lang) for key in ("licences", "collections"))
            with gr.Row():
                holders, languages = (_several(key, choices[key], lang) for key in ("holders", "languages"))
            self.named = {"licences": licences, "collections": collections, "holders": holders, "languages": languages}
            with gr.Row():
                # an empty number would show as 0
                self.years = [_year_box(key, lang) for key in ("since", "until")]
        # in view when the box is folded
        self.cost = block()

    @property
    def inputs(self) -> list[gr.CheckboxGroup | gr.Dropdown | gr.Textbox]:
        """The components, in the order in which `filters_of` takes their values."""
        return [self.allow, *self.named.values(), *self.years]

    @property
    def chosen(self) -> list[Callable[..., object]]:
        """The events of a person who chooses; lists that the page itself sets tell nothing, so that whoever sets them shows what follows.

        Years tell every change: the other event of a box of text is that of a keyboard's keys, which a phone and a paste do without.
        """
        return [self.allow.input, *(one.input for one in self.named.values()), *(year.change for year in self.years)]

    def values(self, filters: Filters, manifest: Manifest) -> list[object]:
        """Return the values of the components for these filters, less the names that the page can no longer offer."""
        held = {
            "licences": filters.licences,
            "collections": filters.collections,
            "holders": filters.holders,
            "languages": filters.languages,
        }
        choices = self._choices(manifest)
        offered: list[object] = []
        for key, names in held.items():
            known = {name for _, name in choices[key]}
            value = [name for name in names if name in known]
            # a bare value is there at once; with choices, years that change meanwhile would tell of the value of before
            offered.append(value if choices[key] == self._offered[key] else gr.Dropdown(choices=choices[key], value=value))
        return [list(filters.allow), *offered, *("" if year is None else str(year) for year in filters.years)]

    def _choices(self, manifest: Manifest) -> dict[str, Choices]:
        lang = self._lang
        return {
            "licences": _choices(manifest.licences, lambda name: licence(name).badge, lang),
            "collections": _choices(manifest.collections, one_line, lang),
            "holders": _choices(manifest.holders, one_line, lang),
            "languages": _choices(manifest.languages, lambda tag: language_name(tag, lang), lang),
        }


def filters_of(
    allow: Values = None,
    licences: Values = None,
    collections: Values = None,
    holders: Values = None,
    languages: Values = None,
    since: Values = None,
    until: Values = None,
) -> Filters:
    """Return the filters that the values of the components ask for; a use or a year that is none is left out."""
    return Filters(
        licences=_names(licences),
        collections=_names(collections),
        holders=_names(holders),
        languages=_names(languages),
        allow=tuple(use for use in PERMISSIONS if use in _names(allow)),
        years=(_year(since), _year(until)),
    )


def cost_to_html(asker: Asker, lang: Lang, filters: Filters) -> str:
    """Return what the filters leave aside, in words; nothing where they leave nothing aside."""
    left = asker.left_aside(filters)
    if not left:
        return ""
    total = asker.manifest.passages
    said = word("left_aside", lang, count=number(left, lang), total=number(total, lang))
    warning = f" <strong>{word('nothing_left', lang)}</strong>" if left == total else ""
    undated = f" {word('undated', lang)}" if filters.years != (None, None) else ""
    return f'<p class="rc rc-cost" lang="{lang}" role="status">{said}{undated}{warning}</p>'


def _names(values: Values) -> tuple[str, ...]:
    return tuple(values) if isinstance(values, list) else ()


def _year(value: Values) -> int | None:
    return int(value) if isinstance(value, str) and _YEAR.fullmatch(value.strip()) and int(value) else None


def _year_box(key: str, lang: Lang) -> gr.Textbox:
    # "" from the start: none is another value, and the first thing set would be told as a change
    return gr.Textbox("", label=word(key, lang), placeholder=word("year_hint", lang), max_length=4, max_lines=1, min_width=220)


def _several(key: str, choices: Choices, lang: Lang) -> gr.Dropdown:
    return gr.Dropdown(choices=choices, value=[], multiselect=True, label=word(key, lang), min_width=220, elem_classes="rc-several")


def _choices(counts: Mapping[str, Count], shown: Callable[[str], str], lang: Lang) -> Choices:
    """Names with their number of documents; what is not stated cannot be asked for."""
    named = sorted((name for name in counts if name and name != "und"), key=lambda name: (-counts[name].documents, name))
    return [(f"{shown(name)} ({number(counts[name].documents, lang)})", name) for name in named]
