"""Policies: which rights a corpus may come in under, beyond being in the table.

::

    open           may be reused commercially and adapted
    noncommercial  may be adapted, at least without commerce
    all            anything of the table, texts that may only be quoted included
"""

from collections.abc import Iterable, Iterator

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.licences.combination import provenance_allows
from rag_commons.licences.notices import rights_of
from rag_commons.licences.provenance import Provenance

POLICIES = ("open", "noncommercial", "all")


def apply_policy(items: Iterable[Document | DocumentRefused], policy: str) -> Iterator[Document | DocumentRefused]:
    """Yield the documents that a policy lets in, and a refusal `policy:<licence>` in the place of each other one."""
    for item in items:
        if isinstance(item, Document) and not _lets_in(item.provenance, policy):
            ids = " + ".join(row.id for row in rights_of(item.provenance))
            yield DocumentRefused(
                f"policy:{item.provenance.licence}",
                f"rights that the policy {policy!r} lets in",
                f"{item.id}: {ids}",
                "ingest with a wider --policy (noncommercial, all) if you may use it",
            )
        else:
            yield item


def _lets_in(provenance: Provenance, policy: str) -> bool:
    if policy == "all":
        return True
    adaptable = provenance_allows(provenance, "adaptation")
    return adaptable and (policy == "noncommercial" or provenance_allows(provenance, "commercial"))
