"""Dumps of Wikipedia: real ones in nine languages, ours in every packing, damaged and hostile ones."""

import bz2
import gzip
import random
import re
from collections import Counter

import pytest

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError, UsageError
from rag_commons.licences.table import licence
from rag_commons.sources import dump_streams
from rag_commons.sources.contract import check_document
from rag_commons.sources.wikipedia_dump import iter_documents

RESIDUE = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|'''|\(\s*\)|\( ?[;,]|[;,] ?\)|  |\{\||\|\}|</?(?:ref|br|small|span|div)|&nbsp;|&lt;|\u00a0|Aide:|Ébauche|v · m"
    r"|modifier le code|__[A-Z]+__|^\||\bthumb\b|vignette\||\.svg|\.jpg|[\ufdd0-\ufdef]",
    re.MULTILINE | re.IGNORECASE,
)
HEAD = "<mediawiki xml:lang='fr'><siteinfo><dbname>{wiki}</dbname></siteinfo>\n"


def page(number, title="Lac", text="Un lac de {{unité|3|km}}.", ns=0, stamp="2024-05-01T10:00:00Z", extra="", model="wikitext"):
    return (
        f"<page><title>{title}</title><ns>{ns}</ns><id>{number}</id>{extra}<revision><id>{number}0</id><timestamp>{stamp}</timestamp>"
        f"<model>{model}</model><text xml:space='preserve'>{text}</text></revision></page>\n"
    )


def dump(*pages, wiki="frwiki"):
    return (HEAD.format(wiki=wiki) + "".join(pages) + "</mediawiki>\n").encode()


def write(folder, data, name="frwiki-20240501-pages-articles.xml"):
    path = folder / name
    path.write_bytes(data)
    return path


def read(*paths, **options):
    items = list(iter_documents(list(paths), **options))
    return [item for item in items if isinstance(item, Document)], [item for item in items if isinstance(item, DocumentRefused)]


def test_real_dumps(shared_data):
    documents, refusals = read(shared_data / "raw" / "wikipedia-dump")
    assert not refusals
    languages = Counter(document.provenance.language for document in documents)
    assert languages == {"fr": 3, "br": 1, "oc": 1, "ca": 1, "eu": 1, "ht": 1, "mg": 1, "lb": 1, "gsw": 1}
    assert sum(len(document.sections) for document in documents) > 200
    for document in documents:
        held = document.provenance
        assert licence(held.licence).id == "CC-BY-SA-3.0" and held.modified < "2023-06-07"
        assert held.authors == ("Contributrices et contributeurs de Wikipédia",) and held.holder.startswith("Wikipédia en ")
        assert re.fullmatch(r"https://[a-z]+\.wikipedia\.org/w/index\.php\?title=\S+&oldid=\d+", held.permalink)
        assert re.fullmatch(r"[a-z]+wiki/\d+", document.id)
        assert not RESIDUE.search(document.text), RESIDUE.search(document.text)
        for section in document.sections:
            assert document.text[section.start :].startswith(section.title)
            assert section.start == 0 or document.text[section.start - 1] == "\n"


def test_real_french_dump_keeps_numbers_dates_and_centuries(shared_data):
    documents, _ = read(shared_data / "raw" / "wikipedia-dump" / "frwiki-sample.xml.bz2")
    texts = {document.provenance.title: document.text for document in documents}
    assert "né le 11 novembre 1866" in texts["Antoine Meillet"] and "décennies du XXe siècle." in texts["Antoine Meillet"]
    assert "3 797 m" in texts["Autriche"] and re.search(r"\bau XIIIe siècle, Berlin", texts["Berlin"])
    assert not re.search(r"\b(?:de|du|au|le|en) +(?:[,.;)]|$)", "\n".join(texts.values()), re.MULTILINE)


def test_a_wiki_that_is_said_overrules_the_file(shared_data, tmp_path):
    french = (shared_data / "raw" / "wikipedia-dump" / "frwiki-sample.xml.bz2").read_bytes()
    renamed = write(tmp_path, french, "sample.xml.bz2")
    documents, _ = read(renamed)
    assert {document.id.split("/")[0] for document in documents} == {"enwiki"}  # the siteinfo is wrong
    documents, _ = read(renamed, wiki="frwiki")
    assert {document.provenance.collection for document in documents} == {"wikipedia-fr"}


def test_provenance(tmp_path):
    documents, _ = read(write(tmp_path, dump(page(7, "L'Été à côté", "Texte."))))
    held = documents[0].provenance
    assert documents[0].id == "frwiki/7" and held.title == "L'Été à côté" and held.language == "fr" and held.licence == "CC-BY-SA-4.0"
    assert held.permalink == "https://fr.wikipedia.org/w/index.php?title=L%27%C3%89t%C3%A9_%C3%A0_c%C3%B4t%C3%A9&oldid=70"
    assert (
        held.history_url.endswith("&action=history") and held.url == "https://fr.wikipedia.org/wiki/L%27%C3%89t%C3%A9_%C3%A0_c%C3%B4t%C3%A9"
    )
    assert held.holder == "Wikipédia en français" and held.collection == "wikipedia-fr" and held.modified == "2024-05-01"


def test_what_is_no_article_is_refused_by_its_reason(tmp_path):
    pages = [
        page(1, text="#REDIRECTION [[Lac]]"),
        page(2, extra="<redirect title='Lac'/>"),
        page(3, text="* [[Lac]]\n{{Homonymie}}"),
        page(4, ns=10),
        page(5, model="css"),
        page(6, text="{{inconnu}}"),
        page(7, stamp=""),
        page(8, text="{{Voir homonymes|x}} Un lac."),
        "<page><title>A</title><ns>0</ns><id>9</id></page>",
        "<page><title>B</title><ns>0</ns><id>10</id><revision><id>1</id><timestamp>2024-05-01</timestamp>"
        "<text deleted='deleted'/></revision></page>",
    ]
    documents, refusals = read(write(tmp_path, dump(*pages)))
    assert [document.id for document in documents] == ["frwiki/8"]
    assert Counter(refusal.reason for refusal in refusals) == {
        "redirect": 2, "disambiguation": 1, "namespace": 1, "content-model": 1, "empty-text": 1, "missing:modified": 1,
        "no-revision": 1, "deleted-text": 1,
    }  # fmt: skip


def test_options(tmp_path):
    path = write(tmp_path, dump(page(1, stamp="2020-01-01T00:00:00Z"), page(2), page(3, "Aide:Lac", ns=12)))
    assert [document.id for document in read(path, namespace="0,12")[0]] == ["frwiki/1", "frwiki/2", "frwiki/3"]
    documents, refusals = read(path, since="2024-01-01")
    assert [document.id for document in documents] == ["frwiki/2"] and [refusal.reason for refusal in refusals] == ["namespace"]
    for options in ({"wiki": "frwikisource"}, {"wiki": "../etc"}):
        with pytest.raises(InputError):
            iter_documents([path], **options)
    for options in ({"namespace": "x"}, {"since": "hier"}, {"workers": "beaucoup"}):
        with pytest.raises(UsageError):
            iter_documents([path], **options)
    with pytest.raises(InputError):
        iter_documents([tmp_path / "absent.xml"])


@pytest.fixture
def many_pages():
    noise = random.Random(1)
    words = ["".join(noise.choices("abcdefghij", k=6)) for _ in range(2000)]
    return [page(number, f"Lac {number}", " ".join(noise.choices(words, k=900))) for number in range(1, 601)]


def multistream(pages, each=50):
    streams = [bz2.compress(HEAD.format(wiki="frwiki").encode())]
    streams += [bz2.compress("".join(pages[start : start + each]).encode()) for start in range(0, len(pages), each)]
    return b"".join([*streams, bz2.compress(b"</mediawiki>\n")])


@pytest.mark.parametrize("packing", ["plain", "gzip", "bz2", "multistream", "streams cut anywhere"])
def test_every_packing_gives_the_same_documents_in_order(tmp_path, many_pages, packing, monkeypatch):
    monkeypatch.setattr(dump_streams, "_UNIT", 1 << 18)
    monkeypatch.setattr(dump_streams, "_RANGE", 1 << 17)
    whole = dump(*many_pages)
    pieces = [whole[start : start + 300_000] for start in range(0, len(whole), 300_000)]
    name, data = {
        "plain": ("frwiki-a.xml", whole),
        "gzip": ("frwiki-a.xml.gz", gzip.compress(whole, 1)),
        "bz2": ("frwiki-a.xml.bz2", bz2.compress(whole)),
        "multistream": ("frwiki-a-multistream.xml.bz2", multistream(many_pages)),
        "streams cut anywhere": ("frwiki-a.xml.bz2", b"".join(map(bz2.compress, pieces))),
    }[packing]
    path = write(tmp_path, data, name)
    units = list(dump_streams.iter_units(path))
    assert len(units) > 3 and isinstance(units[0], dump_streams.Streams) == (packing == "multistream")
    documents, refusals = read(path)
    assert [document.id for document in documents] == [f"frwiki/{number}" for number in range(1, 601)] and not refusals


def test_a_pool_of_processes_gives_the_same_and_closes(tmp_path, many_pages):
    path = write(tmp_path, multistream(many_pages), "frwiki-a-multistream.xml.bz2")
    (tmp_path / "frwiki-a-multistream-index.txt.bz2").write_bytes(bz2.compress(b"0:1:Lac"))
    alone, _ = read(path, workers=1)
    together, refusals = read(tmp_path, workers="2")
    assert together == alone and not refusals
    stream = iter_documents([path], workers=2)
    assert next(stream).id == "frwiki/1"
    stream.close()


@pytest.mark.parametrize("packing", ["plain", "gzip", "bz2", "multistream"])
def test_a_dump_that_breaks_off_keeps_what_came_before(tmp_path, many_pages, packing):
    whole = dump(*many_pages)
    data = {"plain": whole, "gzip": gzip.compress(whole, 1), "bz2": bz2.compress(whole), "multistream": multistream(many_pages)}[packing]
    documents, refusals = read(write(tmp_path, data[: len(data) * 3 // 4], "frwiki-a.xml"))
    assert 100 < len(documents) < 600 and [document.id for document in documents] == [f"frwiki/{n}" for n in range(1, len(documents) + 1)]
    assert [refusal.reason for refusal in refusals] == [{"plain": "truncated-file"}.get(packing, "damaged-file")]


def test_hostile_files(tmp_path, monkeypatch):
    monkeypatch.setattr(dump_streams, "LONGEST_PAGE", 3 << 20)
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
    inside = page(3, text="&b;")
    cases = {
        "frwiki-entities.xml": (bomb.encode() + dump(page(1), inside, page(2)), ["frwiki/1", "frwiki/2"], ["malformed-page"]),
        "frwiki-endless.xml": (HEAD.format(wiki="frwiki").encode() + b"<page>" + b"a" * (8 << 20), [], ["page-too-large"]),
        "frwiki-7z.xml.bz2": (b"7z\xbc\xaf\x27\x1c", [], ["unknown-format"]),
        "frwiki-text.xml": (b"bonjour", [], ["not-a-dump"]),
        "frwiki-empty.xml": (b"", [], ["not-a-dump"]),
        "frwiki-latin.xml": (
            dump(page(1, text="Texte."), page(2, "\u00e9")).replace("\u00e9".encode(), b"\xe9"),
            ["frwiki/1"],
            ["malformed-page"],
        ),
        "sans-nom.xml": (dump(page(1), wiki="zzz"), [], ["unknown-wiki"]),
        "frwiki-braces.xml": (dump(page(1, text="{{" * 1_000_000 + "Fin.")), ["frwiki/1"], []),
    }
    for name, (data, kept, reasons) in cases.items():
        documents, refusals = read(write(tmp_path, data, name))
        assert [document.id for document in documents] == kept, name
        assert [refusal.reason for refusal in refusals][: len(reasons) or None] == reasons, name


def mutants(count):
    noise = random.Random(2)
    whole = dump(*(page(number, text=f"Texte {number} {{{{unité|{number}|m}}}}.\n== T ==\n{{|\n| a || b\n|}}") for number in range(1, 12)))
    seeds = [whole, bz2.compress(whole), gzip.compress(whole), multistream([page(number) for number in range(1, 200)], 20)]
    for number in range(count):
        data = bytearray(seeds[number % len(seeds)])
        for _ in range(noise.randint(1, 8)):
            at = noise.randrange(len(data))
            what = noise.randrange(3)
            if what == 0:
                data[at] = noise.randrange(256)
            elif what == 1:
                del data[at : at + noise.randint(1, 40)]
            else:
                data[at:at] = noise.choice(
                    [b"<", b"</page>", b"<page>", b"{{", b"&x;", b"\0", b"BZh91AY&SY", b"]]>", b"<![CDATA[", b"<!--"]
                )
        yield bytes(data)


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_mutated_dumps_never_break_nor_give_a_document_without_licence(tmp_path, count):
    for data in mutants(count):
        documents, _ = read(write(tmp_path, data, "frwiki-x.xml"))
        for document in documents:
            check_document(document)
