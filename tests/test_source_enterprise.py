"""Wikimedia Enterprise: the two real objects, snapshots of ours, damaged and hostile files."""

import gzip
import io
import json
import random
import re
import tarfile
from collections import Counter

import pytest
from test_source_wikipedia_dump import RESIDUE

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources import wikimedia_enterprise
from rag_commons.sources.contract import check_document
from rag_commons.sources.wiki_html import read_wiki_html
from rag_commons.sources.wikimedia_enterprise import iter_documents
from rag_commons.sources.wikitext import read_wikitext

HTML = """<html><head><title>T</title><style>p{color:red}</style></head><body><section>
<div class="bandeau-container metadata homonymie hatnote"><p>Pour les articles homonymes, voir X.</p></div>
<table class="infobox_v2 infobox"><caption>Brume</caption><tr><th colspan="2">Géographie</th></tr>
<tr><td colspan="2"><span typeof="mw:File"><img alt="x"/></span><br/>Vue du lac.</td></tr>
<tr><th scope="row">Superficie</th><td>3<span typeof="mw:DisplaySpace">\u00a0</span>km<sup>2</sup></td></tr>
<tr><th>Rives</th><td>nord<br/>sud</td></tr><tr><th>Coordonnées</th><td><span id="coordinates">1° N</span></td></tr></table>
<p>Le <b>lac</b> (<span class="API noprint">x</span>) est<sup class="mw-ref reference"><a>[1]</a></sup> froid<!-- non -->.</p>
<figure typeof="mw:File/Thumb"><figcaption>Légende</figcaption></figure></section>
<section><h2 id="H">Histoire<span class="mw-editsection">[modifier | modifier le code]</span></h2>
<ul><li>Un</li><li>Deux<ul><li>Trois</li></ul></li></ul>
<table class="wikitable"><tr><th>An</th><th>Neige</th></tr><tr><td>1990</td><td>2 m</td></tr></table>
<h3>Formule</h3>
<p>Soit <span class="mwe-math-element"><math alttext="{\\displaystyle E=mc^{2}}"><mi>E</mi></math></span>, vraie.</p></section>
<section><h2>Notes et références</h2><div class="mw-references-wrap"><ol><li>Note.</li></ol></div></section>
<div class="navbox" role="navigation">v · m</div><ul class="bandeau-portail"><li>Portail</li></ul></body></html>"""
TEXT = """Superficie : 3 km²
Rives : nord, sud

Le lac est froid.

Histoire
Un
Deux
Trois

An : 1990 ; Neige : 2 m

Formule
Soit E=mc^{2}, vraie."""


def article(number=1, **changes):
    return {
        "name": "Lac Brume",
        "identifier": number,
        "date_modified": "2024-05-01T10:00:00Z",
        "version": {"identifier": 77, "editor": {"name": "Jeanne"}},
        "url": "https://fr.wikipedia.org/wiki/Lac_Brume",
        "namespace": {"identifier": 0},
        "in_language": {"identifier": "fr"},
        "is_part_of": {"identifier": "frwiki", "url": "https://fr.wikipedia.org"},
        "article_body": {"html": HTML, "wikitext": "Wikitexte."},
        "license": [{"identifier": "CC-BY-SA-4.0", "name": "CC", "url": "https://creativecommons.org/licenses/by-sa/4.0/"}],
    } | changes


def lines(*articles):
    return b"".join(json.dumps(item).encode() + b"\n" for item in articles)


def snapshot(*members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def read(path, data=None, **options):
    if data is not None:
        path.write_bytes(data)
    items = list(iter_documents([path], **options))
    return [item for item in items if isinstance(item, Document)], [item for item in items if isinstance(item, DocumentRefused)]


def test_html_reads_as_its_page():
    found = read_wiki_html(HTML)
    assert found.text == TEXT
    assert [(section.level, section.title) for section in found.sections] == [(1, "Histoire"), (2, "Formule")]
    assert all(found.text[section.start :].startswith(section.title) for section in found.sections)


def test_real_objects(shared_data):
    documents, refusals = read(shared_data / "raw" / "wikimedia-enterprise")
    assert [document.id for document in documents] == ["frwiki/15442292", "frwiki/105455"] and not refusals
    skier, town = (document.provenance for document in documents)
    assert (skier.licence, skier.modified, skier.language) == ("CC-BY-SA-4.0", "2024-04-18", "fr")
    assert skier.permalink == "https://fr.wikipedia.org/w/index.php?title=Alexandros_Ioannis_Ginnis&oldid=214373211"
    assert skier.rights_note == "Révision 214373211 par Patrbe." and town.holder == "Wikipédia en français"
    assert town.url == "https://fr.wikipedia.org/wiki/Calvi" and town.history_url.endswith("title=Calvi&action=history")
    assert [len(document.sections) for document in documents] == [7, 83]
    for document in documents:
        assert not RESIDUE.search(document.text), RESIDUE.search(document.text)
        assert all(document.text[section.start :].startswith(section.title) for section in document.sections)


def test_wikitext_says_what_the_wiki_itself_rendered(shared_data):
    """The rendering is an oracle for templates: nearly all the words of one are in the other, numbers and dates among them."""
    for path in sorted((shared_data / "raw" / "wikimedia-enterprise").glob("*.json")):
        found = json.loads(path.read_text("utf-8"))
        rendered = words(read_wiki_html(found["article_body"]["html"]).text)
        ours = words(read_wikitext(found["article_body"]["wikitext"], "frwiki", found["name"]).text)
        assert (rendered & ours).total() / rendered.total() > 0.92  # the rest: tables whose data lie in modules
        assert (rendered & ours).total() / ours.total() > 0.9  # the rest: keys of infoboxes, which the page words otherwise


def words(text):
    return Counter(re.findall(r"\w+", text.lower()))


def test_provenance_and_licence_are_those_stated(tmp_path):
    documents, _ = read(tmp_path / "a.ndjson", lines(article()))
    held = documents[0].provenance
    assert held.authors == ("Contributrices et contributeurs de Wikipédia",) and held.collection == "wikipedia-fr"
    assert held.permalink.endswith("title=Lac_Brume&oldid=77")
    older = article(
        license=[{"identifier": "CC-BY-SA-3.0"}], url="javascript:alert(1)", version={"identifier": 1, "editor": {"name": "192.0.2.7"}}
    )
    held = read(tmp_path / "a.ndjson", lines(older))[0][0].provenance
    assert held.licence == "CC-BY-SA-3.0" and held.url == "https://fr.wikipedia.org/wiki/Lac_Brume" and held.rights_note is None
    by_address = article(license=[{"url": "https://creativecommons.org/licenses/by-sa/4.0/"}])
    assert read(tmp_path / "a.ndjson", lines(by_address))[0][0].provenance.licence == "CC-BY-SA-4.0"


def test_wikitext_where_there_is_no_html(tmp_path):
    plain = article(article_body={"wikitext": "Au {{s-|XIX}}.\n== H ==\nT."})
    document = read(tmp_path / "a.ndjson", lines(plain))[0][0]
    assert document.text == "Au XIXe siècle.\n\nH\nT." and document.sections[0].start == 17


def test_refusals(tmp_path):
    found = lines(
        article(license=[]),
        article(license=[{"identifier": "Secret-1.0"}]),
        article(namespace={"identifier": 14}),
        article(article_body={}),
        article(is_part_of={"identifier": "nowhere"}),
        article(event={"type": "delete"}),
        article(templates=[{"name": "Modèle:Homonymie"}]),
        article(name=None),
        article(article_body={"html": "<html></html>"}),
        [1],
    )
    documents, refusals = read(tmp_path / "a.ndjson", found + b"{\n")
    assert not documents
    assert Counter(refusal.reason for refusal in refusals) == {
        "unknown-licence:": 1, "unknown-licence:Secret-1.0": 1, "namespace": 1, "missing:article_body": 1, "unknown-wiki": 1, "deleted": 1,
        "disambiguation": 1, "malformed-article": 1, "empty-text": 1, "malformed-json": 2,
    }  # fmt: skip
    with pytest.raises(InputError):
        iter_documents([tmp_path / "absent.ndjson"])


def test_every_packing_gives_the_same(tmp_path):
    articles = [article(number) for number in range(1, 40)]
    packings = {
        "a.ndjson": lines(*articles),
        "a.ndjson.gz": gzip.compress(lines(*articles)),
        "a.json": json.dumps(articles, indent=1).encode(),
        "a.tar.gz": snapshot(("../../etc/x.ndjson", lines(*articles[:20])), ("notes.txt", b"x"), ("b.ndjson", lines(*articles[20:]))),
    }
    for name, data in packings.items():
        documents, refusals = read(tmp_path / name, data)
        assert [document.id for document in documents] == [f"frwiki/{number}" for number in range(1, 40)] and not refusals, name
    assert list(iter_documents([tmp_path / "a.ndjson"], workers=2)) == list(iter_documents([tmp_path / "a.ndjson"]))
    assert not list(iter_documents([tmp_path / "a.ndjson"], since="2024-06-01"))


def test_damaged_and_hostile_files(tmp_path, monkeypatch):
    monkeypatch.setattr(wikimedia_enterprise, "LONGEST_LINE", 1 << 20)
    monkeypatch.setattr(wikimedia_enterprise, "_BATCH", 1)
    cases = {
        "cut.tar.gz": (snapshot(*[(f"{n}.ndjson", lines(article(n))) for n in range(1, 30)])[:-400], {"damaged-file"}),
        "cut.ndjson.gz": (gzip.compress(lines(*(article(n) for n in range(1, 900))))[:-200], {"damaged-file"}),
        "long.ndjson": (lines(article(1)) + b"x" * (5 << 20) + b"\n" + lines(article(2)), {"line-too-long"}),
        "deep.ndjson": (lines(article(1)) + b"[" * 200_000 + b"\n", {"malformed-json"}),
        "empty.json": (b"", {"empty-file"}),
        "no.tar.gz": (b"\x1f\x8b", {"damaged-file"}),
        "divs.ndjson": (lines(article(1), article(2, article_body={"html": "<div>" * 100_000 + "fin"})), set()),
    }
    for name, (data, reasons) in cases.items():
        documents, refusals = read(tmp_path / name, data)
        assert {refusal.reason for refusal in refusals} >= reasons and len(refusals) <= 2, name
        assert name in ("empty.json", "no.tar.gz") or documents[0].id == "frwiki/1", name


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_mutated_objects_never_break_nor_give_a_document_without_licence(tmp_path, count):
    noise = random.Random(3)
    plain = lines(article(1), article(2, article_body={"wikitext": "{{s|XIX}} [[a|b]]\n{|\n|a\n|}"}), article(3))
    for number in range(count):
        data = bytearray([plain, gzip.compress(plain), snapshot(("a.ndjson", plain))][number % 3])
        for _ in range(noise.randint(1, 6)):
            at = noise.randrange(len(data))
            data[at : at + noise.randint(0, 20)] = noise.choice(
                [b"", b"<", b'"', b"{", b"null", b"\0", b"\xff", b"</table>", b"<td colspan=9999>", b"\\ud800"]
            )
        for document in read(tmp_path / ("x.tar.gz" if number % 3 == 2 else "x.ndjson"), bytes(data))[0]:
            check_document(document)
