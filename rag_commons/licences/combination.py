"""Combination: what may be fused into one text, and what taking up a whole answer asks for.

House rules, stricter than the law where facts told in other words are concerned:

1. Passages side by side are a collection, each under its own rights: share-alike and non-commercial live together.
2. A sentence drawn from several passages is an adaptation: under the share-alike licence if there is one. Refused: share-alike that
   allows commerce with a non-commercial text, two families of share-alike, anything that may not be adapted.
3. What may only be quoted is never merged.

The one surprise: an answer is not « under » a licence because it quotes; a notice says what reuse asks for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag_commons.licences.lines import one_address, one_line
from rag_commons.licences.notices import obligations, rights_of
from rag_commons.licences.provenance import Label, Provenance
from rag_commons.licences.reuse import Form, Part, Reuse
from rag_commons.licences.table import Licence, licence
from rag_commons.licences.wording import Lang, Use, say

Permission = Literal["commercial", "adaptation"]


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


def reuse_of(parts: Sequence[tuple[int, Provenance]], form: Form = "collection", lang: Lang = "fr") -> Reuse:
    """Return what reuse of an answer asks for, from its references by number. An answer without references asks for nothing."""
    if not parts:
        return Reuse(form=form)
    rows = [rights_of(provenance) for _, provenance in parts]
    every = list(dict.fromkeys(row for several in rows for row in several))
    labels = list(dict.fromkeys(label for _, provenance in parts for label in provenance.labels))
    if form == "collection":
        shared = _shared(rows)
        conflicts = _remarks(parts, lang)
    else:
        merged = merger(every, lang)
        refused = [say("cannot-label", lang, community=one_line(label.community)) for label in labels]
        shared, conflicts = (None if refused else merged.licence), (*merged.conflicts, *dict.fromkeys(refused))
    return Reuse(
        form=form,
        licence=shared,
        parts=tuple(Part(ref, provenance.licence) for ref, provenance in parts),
        obligations=_obligations(every, labels, "verbatim" if form == "collection" else "paraphrase", lang),
        notice=_notice(parts, form, shared, bool(conflicts), lang),
        conflicts=conflicts,
    )


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


def _remarks(parts: Sequence[tuple[int, Provenance]], lang: Lang) -> tuple[str, ...]:
    refs: dict[Licence, list[int]] = {}
    for ref, provenance in parts:
        for row in rights_of(provenance):
            if row.quotation_only:
                refs.setdefault(row, []).append(ref)
    return tuple(say("remark-quotation", lang, refs=_refs(numbers), badge=row.badge) for row, numbers in refs.items())


def _obligations(rows: Sequence[Licence], labels: Sequence[Label], use: Use, lang: Lang) -> tuple[str, ...]:
    said = [one for row in rows for one in obligations(row.id, use, lang)]
    for label in labels:
        fields = {"community": one_line(label.community), "text": one_line(label.text), "uri": one_address(label.uri)}
        said.append(say("do-label", lang, **fields))
    return tuple(dict.fromkeys(said))


def _notice(parts: Sequence[tuple[int, Provenance]], form: Form, shared: str | None, refused: bool, lang: Lang) -> str:
    each = _each(parts)
    if form == "collection":
        if shared is None:
            return say("reuse-each", lang, parts=each)
        row = licence(shared)
        return say("reuse-same", lang, name=row.name(lang), url=row.url)
    if refused:
        said = say("reuse-refused", lang, parts=each)
    elif shared is not None and licence(shared).share_alike and not licence(shared).database:
        said = say("reuse-sa", lang, badge=licence(shared).badge, url=licence(shared).url)
    else:
        said = say("reuse-reworded", lang, parts=each)
    return f"{said}\n{say('reuse-house-rule', lang)}"


def _each(parts: Sequence[tuple[int, Provenance]]) -> str:
    """Return « [1, 3] CC BY-SA 4.0 ; [2] Domaine public + Gallica – non commercial »."""
    refs: dict[str, list[int]] = {}
    for ref, provenance in parts:
        refs.setdefault(" + ".join(row.badge for row in rights_of(provenance)), []).append(ref)
    return " ; ".join(f"{_refs(numbers)} {badges}" for badges, numbers in refs.items())


def _refs(numbers: Sequence[int]) -> str:
    return f"[{', '.join(map(str, numbers))}]"


def _badges(rows: Iterable[Licence]) -> str:
    return ", ".join(dict.fromkeys(row.badge for row in rows))
