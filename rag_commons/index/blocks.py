"""Compressed blocks: a text is cut every 16,384 characters, so that a passage of a novel is read without inflating the novel.

Small records compress badly alone; both kinds start from a dictionary of what French texts and provenance records repeat.
The dictionaries are part of the format: to change one is to change the format's version.
"""

import zlib

BLOCK = 16_384
_LEVEL = 6

_TEXT = (
    " par exemple, a été construit au début du XIXe siècle, il est également connu sous le nom de, depuis plusieurs années, "
    "entre les deux, notamment, c'est-à-dire, aujourd'hui, toutefois, cependant, pendant la guerre mondiale, département, "
    "région, commune, ville, population, histoire, littérature, culture, gouvernement, développement, première, dernière, "
    "n'est pas, qu'il avait, qu'elle était, ce qui, celui-ci, celle-ci, d'un, d'une, l'un des, l'une des, s'est, "
    "comme, plus, fait, tout, même, autre, leur, leurs, mais, elle, sont, avec, dans le, dans la, dans les, pour le, pour la, "
    "sur le, sur la, par le, par la, et de la, et les, que le, que la, qui a, qui est, est un, est une, à la, de la, des, les, "
    "en, du, de l'"
).encode()
_DETAILS = (
    '{"title": "", "licence": "CC0-1.0", "licence": "CC-PDM-1.0", "licence": "etalab-2.0", "licence": "CC-BY-4.0", '
    '"licence": "CC-BY-SA-4.0", "language": "fr", "authors": ["Contributrices et contributeurs de Wikipédia"], "authors_died": null, '
    '"holder": "Wikipédia en français", "collection": "wikipedia-fr", "url": "https://fr.wikipedia.org/wiki/", "permalink": null, '
    '"history_url": "https://fr.wikipedia.org/w/index.php?title=&action=history", "issued": null, "modified": null, "retrieved": null, '
    '"rights_note": null, "layers": [{"role": "work", "licence": "CC-PDM-1.0", "authors": [], "holder": null, "url": null}], "labels": [], '
    '"references": [], "sections": [{"start": 0, "level": 1, "title": ""}, {"start": , "level": 2, "title": "], '
    '"pages": [{"start": , "label": "", "ocr": 0.9, "url": "https://gallica.bnf.fr/ark:/12148/"}], "paths": ["'
).encode()


def pack_text(text: str) -> list[bytes]:
    """Return the compressed blocks of a text, in order."""
    return [_deflate(text[start : start + BLOCK].encode(), _TEXT) for start in range(0, len(text), BLOCK)]


def unpack_text(data: bytes) -> str:
    """Return the characters of one block; zlib.error or UnicodeDecodeError when it is damaged."""
    return _inflate(data, _TEXT).decode()


def unpack_head(data: bytes, characters: int) -> str:
    """Return the first characters of one block, inflated no farther than they need; the end of the block is not looked at.

    zlib.error where it is damaged before; bytes that are no UTF-8 are left out, for the passage's sha256 to tell.
    """
    head = zlib.decompressobj(15, _TEXT).decompress(data, characters + characters // 8 + 16).decode(errors="ignore")
    return head[:characters] if len(head) >= characters else unpack_text(data)[:characters]


def pack_details(record: str) -> bytes:
    """Return a record of a document, compressed."""
    return _deflate(record.encode(), _DETAILS)


def unpack_details(data: bytes) -> str:
    """Return a record of a document; zlib.error or UnicodeDecodeError when it is damaged."""
    return _inflate(data, _DETAILS).decode()


def blocks_of(start: int, end: int) -> tuple[int, int]:
    """Return the numbers of the first and last block that hold `text[start:end]`."""
    return start // BLOCK, max(start, end - 1) // BLOCK


def _deflate(data: bytes, dictionary: bytes) -> bytes:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
    return compressor.compress(data) + compressor.flush()


def _inflate(data: bytes, dictionary: bytes) -> bytes:
    decompressor = zlib.decompressobj(15, dictionary)
    inflated = decompressor.decompress(data) + decompressor.flush()
    if not decompressor.eof:
        raise zlib.error("a compressed block is cut short")
    return inflated
