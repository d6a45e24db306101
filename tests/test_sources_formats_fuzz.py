"""Damaged ALTO, TEI, METS and tables: documents under a licence of the table or counted refusals, never anything else."""

import random
import shutil
from pathlib import Path

import pytest
from lxml import etree

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources import alto, mets, table, tei
from rag_commons.sources.contract import check_document
from rag_commons.sources.passages import split_document

FIXTURES = Path(__file__).parent / "fixtures"
MAPPING = 'id: "{no}"\ntitle: "{nom}"\ntext: ["{texte}", "Vu : {vu}."]\nlicence: "{droits}"\n'
CSV = 'no;nom;texte;vu;droits\n1;Puits;"Profond ; ""sec"" & <b>froid</b>";oui;CC0-1.0\n2;Seau;Percé.;;CC-BY-4.0\n'
JSON = (
    '{"features": [{"type": "Feature", "properties": {"no": 1, "nom": "P", "texte": "T &amp; t", "vu": [1, null], "droits": "CC0-1.0"}}]}'
)
HOSTILE = (
    *(b"<", b">", b"&", b"&#0;", b"&x;", b"]]>", b"\0", b"\xff", b"\xfe\xff", b"\xc3", b"'", b'"', b"{", b"}", b"[", b";;;", b"\r", b"-1"),
    *("\ud7ff\ufffe\u2028ﬀſ¬⸗\u00ad".encode(), b"1e999", b"9" * 400, b"<pb/>" * 50, b"<div>" * 300),
    b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>",
)  # fmt: skip
VALUES = (
    "",
    "0",
    "-1",
    "9" * 30,
    "NaN",
    "¬",
    "-",
    "a" * 3000,
    "../../x",
    "http://[",
    "\u2028",
    "0000-00-00",
    "2019-13-45",
    "#",
    "{}",
    "x-fr",
    "é ",
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few cuts, copies, flips and hostile pieces."""
    held = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(held) + 1)
        end = min(len(held), at + chance.choice((1, 2, 8, 60, 400)))
        kind = chance.randrange(5)
        if kind == 0:
            held[at:at] = chance.choice(HOSTILE)
        elif kind == 1:
            del held[at:end]
        elif kind == 2:
            held[at:at] = held[at:end]
        elif kind == 3 and at < len(held):
            held[at] = chance.randrange(256)
        elif chance.random() < 0.2:
            del held[at:]
    return bytes(held)


def disordered(data: bytes, chance: random.Random) -> bytes:
    """Return well-formed XML with elements moved, copied, renamed or cut, and attributes and text that mean nothing."""
    root = etree.fromstring(data)
    for _ in range(chance.randint(1, 8)):
        elements = [item for item in root.iter() if isinstance(item.tag, str)]
        item, other = chance.choice(elements), chance.choice(elements)
        kind = chance.randrange(6)
        if kind == 0 and item.getparent() is not None:
            item.getparent().remove(item)
        elif kind == 1 and item is not root:
            other.append(etree.fromstring(etree.tostring(item, with_tail=False)))
        elif kind == 2:
            item.tag = other.tag
        elif kind == 3 and item.attrib:
            item.set(chance.choice(list(item.attrib)), chance.choice(VALUES))
        elif kind == 4:
            item.text = chance.choice(VALUES)
        else:
            item.tail, item.text = item.text, item.tail
    return etree.tostring(root)


def judged(items) -> None:
    try:
        for item in items:
            if isinstance(item, Document):
                check_document(item)
                assert all(item.text[p.start : p.end] == p.text for p in split_document(item))
            else:
                assert isinstance(item, DocumentRefused) and item.reason and len(str(item).splitlines()) == 1
    except InputError as error:
        assert len(str(error).splitlines()) == 1


def xml_case(source, name: str, folder: Path, chance: random.Random) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(FIXTURES / name, folder)
    path = chance.choice(sorted(path for path in folder.rglob("*") if path.is_file()))
    damage = disordered if path.suffix == ".xml" and chance.random() < 0.7 else damaged
    path.write_bytes(damage(path.read_bytes(), chance))
    judged(source.iter_documents([folder]))


def table_case(folder: Path, chance: random.Random) -> None:
    folder.mkdir(exist_ok=True)
    name, data = chance.choice((("a.csv", CSV), ("a.json", JSON)))
    mapping = MAPPING.encode() if chance.random() < 0.8 else damaged(MAPPING.encode(), chance)
    (folder / "a.mapping.yaml").write_bytes(mapping)
    (folder / name).write_bytes(damaged(data.encode(), chance))
    try:
        items = table.iter_documents([folder / name])
    except InputError as error:
        assert len(str(error).splitlines()) == 1
        return
    judged(items)


CASES = {
    "alto": lambda folder, chance: xml_case(alto, "alto", folder, chance),
    "tei": lambda folder, chance: xml_case(tei, "tei", folder, chance),
    "mets": lambda folder, chance: xml_case(mets, "mets", folder, chance),
    "table": table_case,
}


@pytest.mark.parametrize("name", CASES)
def test_sixty_damaged_inputs(name, tmp_path):
    for seed in range(60):
        CASES[name](tmp_path / "case", random.Random(f"{name} {seed}"))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_thousand_damaged_inputs(name, tmp_path):
    for seed in range(60, 1060):
        CASES[name](tmp_path / "case", random.Random(f"{name} {seed}"))
