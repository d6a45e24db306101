"""Combination: what may be fused into one text, and what taking up a whole answer asks for.

House rules, stricter than the law where facts told in other words are concerned:

1. Passages side by side are a collection, each under its own rights: share-alike and non-commercial live together.
2. A sentence drawn from several passages is an adaptation: under the share-alike licence if there is one. Refused: share-alike that
   allows commerce with a non-commercial text, two families of share-alike, anything that may not be adapted.
3. What may only be quoted is never merged; quoted beside a reworded sentence, it keeps its own rights and forbids nothing.
4. Reworded sentences that cannot be one text stay apart, each under its own rights.

The one surprise: an answer is not « under » a licence because it quotes; a notice says what reuse asks for.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag_commons.licences.lines import one_address, one_line
from rag_commons.licences.notices import obligations, rights_of
from rag_commons.licences.provenance import Label, Provenance
from rag_commons.licences.reuse import Form, Part, Reuse
from rag_commons.licences.table import Licence, licence
from rag_commons.licences.wording import Lang, Use, say

Permission = Literal["commercial", "adaptation"]
# a reference by its number
Source = tuple[int, Provenance]


@dataclass(frozen=True, slots=True)
class Merger:
    """What merging texts leads to: the id of the outbound licence if one is imposed or shared, and what forbids it."""

    licence: str | None
    conflicts: tuple[str, ...] = ()


def allows(licence_id: str, use: Permission) -> bool:
    """Say whether rights allow commerce or adaptation; what may only be quoted allows neither. Raise UnknownLicence."""
    row = licence(licence_id)
    if use == "commercial":
        return row.commercial and not row.commerce_unsure and not row.quotation_only
    return row.adaptation and not row.quotation_only


def provenance_allows(provenance: Provenance, use: Permission) -> bool:
    """Say whether the text and all of its layers allow a use.

    A community label is not ours to interpret, so a text that bears one is never said to allow anything.
    """
    return not provenance.labels and all(allows(row.id, use) for row in rights_of(provenance))


def may_merge(licence_ids: Iterable[str]) -> str | None:
    """Return None where texts under these rights may be merged into one sentence, else the reason, in French."""
    return " ".join(merger([licence(one) for one in licence_ids], "fr").conflicts) or None


def reuse_of(
    parts: Sequence[Source],
    form: Form = "collection",
    lang: Lang = "fr",
    reworded: Sequence[Collection[int]] | None = None,
) -> Reuse:
    """Return what reuse of an answer asks for, from its references by number. An answer without references asks for nothing.

    `reworded`: for an adaptation, the references that each reworded sentence draws on, all others being quoted; None: one sentence
    draws on all of them.
    """
    if not parts:
        return Reuse(form=form)
    groups = [[ref for ref, _ in parts]] if reworded is None else reworded
    sentences = [] if form == "collection" else [[one for one in parts if one[0] in refs] for refs in groups]
    adapted = [one for one in parts if any(one in sentence for sentence in sentences)]
    quoted = [one for one in parts if one not in adapted]
    refused = tuple(dict.fromkeys(reason for sentence in sentences for reason in _refusals(sentence, lang)))
    whole = merger(_rows(adapted), lang) if adapted else None
    return Reuse(
        form=form,
        licence=None if refused else _of_the_whole(whole, quoted),
        parts=tuple(Part(ref, provenance.licence) for ref, provenance in parts),
        obligations=_obligations(quoted, adapted, lang),
        notice=_collection_notice(quoted, lang) if whole is None else _adaptation_notice(adapted, quoted, whole, bool(refused), lang),
        conflicts=(*refused, *_remarks(quoted, lang)),
    )


def _refusals(sentence: Sequence[Source], lang: Lang) -> tuple[str, ...]:
    """Return what forbids rewording these texts in one sentence."""
    labels = [label for _, provenance in sentence for label in provenance.labels]
    return (*merger(_rows(sentence), lang).conflicts, *(say("cannot-label", lang, community=one_line(one.community)) for one in labels))


def _rows(parts: Sequence[Source]) -> list[Licence]:
    return list(dict.fromkeys(row for _, provenance in parts for row in rights_of(provenance)))


def _of_the_whole(whole: Merger | None, quoted: Sequence[Source]) -> str | None:
    """Return the id that what is reworded and what is quoted agree on; a quoted text of the public domain agrees with anything."""
    rows = [rights_of(provenance) for _, provenance in quoted]
    if whole is None:
        return _shared(rows)
    binding = [several for several in rows if any(row.kind != "public-domain" for row in several)]
    return whole.licence if not binding or _shared(binding) == whole.licence else None


def merger(rows: Sequence[Licence], lang: Lang) -> Merger:
    """Apply the rules of merging to the rights of several texts."""
    conflicts = [say("cannot-quote-more", lang, badge=row.badge) for row in rows if row.quotation_only]
    conflicts += [say("cannot-adapt", lang, badge=row.badge) for row in rows if not row.quotation_only and not row.adaptation]
    adaptable = [row for row in rows if row.adaptation and not row.quotation_only]
    alike = _share_alike(adaptable)
    if len({row.family for row in alike}) > 1:
        conflicts.append(say("cannot-two-sa", lang, badges=_badges(alike)))
    barred = [row for row in adaptable if not row.commercial and not row.share_alike]
    free = [row for row in alike if row.commercial]
    if free and barred:
        conflicts.append(say("cannot-sa-nc", lang, badge=_badges(free), others=_badges(barred)))
    return Merger(None if conflicts else _outbound(adaptable, alike), tuple(dict.fromkeys(conflicts)))


def _share_alike(rows: Sequence[Licence]) -> list[Licence]:
    """Return the share-alike rows, less those that another one present may take in."""
    alike = [row for row in rows if row.share_alike]
    families = {row.family for row in alike}
    return [row for row in alike if not families.intersection(row.merges_into)]


def _outbound(rows: Sequence[Licence], alike: Sequence[Licence]) -> str | None:
    if alike:
        return alike[0].outbound
    asking = {row.id: row for row in rows if row.kind != "public-domain"}
    if len(asking) == 1:
        (row,) = asking.values()
        return row.id if row.kind == "licence" else None
    return "CC-BY-NC-4.0" if any(row.family == "cc-by-nc" for row in asking.values()) else None


def _shared(rows: Sequence[tuple[Licence, ...]]) -> str | None:
    """Return the id that all the texts agree on; a layer that asks for something else is a disagreement."""
    texts = {several[0].id for several in rows}
    layers = {row.id for several in rows for row in several[1:] if row.kind != "public-domain"}
    return texts.pop() if len(texts) == 1 and layers <= texts else None


def _remarks(parts: Sequence[Source], lang: Lang) -> tuple[str, ...]:
    refs: dict[Licence, list[int]] = {}
    for ref, provenance in parts:
        for row in rights_of(provenance):
            if row.quotation_only:
                refs.setdefault(row, []).append(ref)
    return tuple(say("remark-quotation", lang, refs=_refs(numbers), badge=row.badge) for row, numbers in refs.items())


def _obligations(quoted: Sequence[Source], adapted: Sequence[Source], lang: Lang) -> tuple[str, ...]:
    uses: tuple[tuple[Sequence[Source], Use], ...] = ((quoted, "verbatim"), (adapted, "paraphrase"))
    said = [one for parts, use in uses for row in _rows(parts) for one in obligations(row.id, use, lang)]
    labels: dict[Label, None] = {label: None for _, provenance in (*quoted, *adapted) for label in provenance.labels}
    for label in labels:
        fields = {"community": one_line(label.community), "text": one_line(label.text), "uri": one_address(label.uri)}
        said.append(say("do-label", lang, **fields))
    return tuple(dict.fromkeys(said))


def _collection_notice(quoted: Sequence[Source], lang: Lang) -> str:
    shared = _shared([rights_of(provenance) for _, provenance in quoted])
    if shared is None:
        return say("reuse-each", lang, parts=_each(quoted))
    row = licence(shared)
    return say("reuse-same", lang, name=row.name(lang), url=row.url)


def _adaptation_notice(adapted: Sequence[Source], quoted: Sequence[Source], whole: Merger, refused: bool, lang: Lang) -> str:
    row = licence(whole.licence) if whole.licence else None
    if refused:
        said = say("reuse-refused", lang, parts=_each(adapted))
    elif whole.conflicts:
        said = say("reuse-apart", lang, parts=_each(adapted))
    elif row is not None and row.share_alike and not row.database:
        said = say("reuse-sa", lang, badge=row.badge, url=row.url)
    else:
        said = say("reuse-reworded", lang, parts=_each(adapted))
    beside = [say("reuse-beside", lang, parts=_each(quoted))] if quoted else []
    return "\n".join([said, *beside, say("reuse-house-rule", lang)])


def _each(parts: Sequence[Source]) -> str:
    """Return « [1, 3] CC BY-SA 4.0 ; [2] Domaine public + Gallica – non commercial »."""
    refs: dict[str, list[int]] = {}
    for ref, provenance in parts:
        refs.setdefault(" + ".join(row.badge for row in rights_of(provenance)), []).append(ref)
    return " ; ".join(f"{_refs(numbers)} {badges}" for badges, numbers in refs.items())


def _refs(numbers: Sequence[int]) -> str:
    return f"[{', '.join(map(str, numbers))}]"


def _badges(rows: Iterable[Licence]) -> str:
    return ", ".join(dict.fromkeys(row.badge for row in rows))
