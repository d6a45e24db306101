"""Links of rights: whether an address is that of a licence of the table."""

from functools import lru_cache

from rag_commons.errors import CommonsError
from rag_commons.licences.resolve import resolve_licence
from rag_commons.licences.table import Licence


@lru_cache(maxsize=4096)
def is_link_of(address: str, row: Licence) -> bool:
    """Whether an address leads to these rights: the table's own, or another that resolves to the same id."""
    plain = address.rstrip(".,;")
    # several rows may share an address (GFDL « only » and « or later »): the row's own one is always good
    if plain in (row.url, *row.uris):
        return True
    if not plain.lower().startswith(("http://", "https://")):
        return False
    try:
        return resolve_licence(plain).id == row.id
    except CommonsError:
        return False
