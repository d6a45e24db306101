"""Notices: each row of the table of rights, shown in full; a hostile field can forge no line."""

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.errors import UsageError
from rag_commons.licences.notices import missing_fields, notice, obligations
from rag_commons.licences.provenance import Label, Layer, Provenance
from rag_commons.licences.table import licence, licences

TABLE = Path(__file__).parent / "tables" / "licence_rights.txt"
IDS = [row.id for row in licences()]
FULL = Provenance(
    title="Le Phare de papier",
    licence="CC-BY-4.0",
    authors=("Inès Carrel", "Ouly Sarr"),
    holder="Bibliothèque d'essai",
    collection="Recueil d'essai",
    url="https://exemple.org/phare",
    permalink="https://exemple.org/phare?v=3",
    modified="2021-05-04",
    retrieved="2025-02-03",
    rights_note="Statut à confirmer.",
)


def _truth():
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            ids, required, verbatim, paraphrase = (part.strip() for part in line.split("|"))
            for licence_id in ids.split():
                yield licence_id, required, verbatim, paraphrase


TRUTH = list(_truth())
SHOWN = {
    "author": ["Inès Carrel ; Ouly Sarr"],
    "title": ["Titre : Le Phare de papier"],
    "link": ["Source : https://exemple.org/phare – lien permanent : https://exemple.org/phare?v=3"],
    "licence": ["\nLicence : "],
    "status": ["\nStatut des droits : "],
    "terms": ["\nConditions d'utilisation : "],
    "extract": ["extrait, non modifié"],
    "change": ["reformulé par rag-commons"],
    "work": ["d'après l'œuvre « Le Phare de papier » (Inès Carrel ; Ouly Sarr)"],
    "date": ["Date de dernière mise à jour : 2021-05-04"],
    "nc": ["usage non commercial"],
    "exact": ["texte exact seulement"],
    "refuse": ["adaptation non permise"],
    "quote": ["courte citation seulement"],
    "facts": ["ne reprendre que les faits"],
    "country": ["\nDomaine public : "],
    "restricted": ["des restrictions autres que le droit d'auteur"],
}
# said only where it is asked: a condition that nobody set would be a false one
ONLY_WHERE_ASKED = ("nc", "exact", "refuse", "quote", "facts", "date", "country", "work", "restricted", "licence", "status", "terms")


def test_truth_table_holds_every_row():
    assert sorted(one[0] for one in TRUTH) == sorted(IDS)


@pytest.mark.parametrize("use", ["verbatim", "paraphrase"])
@pytest.mark.parametrize("truth", TRUTH, ids=lambda one: one[0])
def test_notice_shows_what_the_table_asks(truth, use):
    licence_id, _, verbatim, paraphrase = truth
    tokens, _, sentence = (verbatim if use == "verbatim" else paraphrase).partition("says=")
    text = notice(replace(FULL, licence=licence_id), use)
    asked = tokens.split()
    for token in asked:
        for shown in SHOWN.get(token, []):
            assert shown in text, token
    for token in ONLY_WHERE_ASKED:
        if token not in asked:
            assert not any(shown in text for shown in SHOWN[token]), token
    assert ("Mention : " + sentence in text) if sentence else ("Mention : " not in text)
    outbound = [token.removeprefix("sa=") for token in asked if token.startswith("sa=")]
    assert ("si vous reprenez cette reformulation" in text) == bool(outbound)
    for licence_id in outbound:
        assert f"la partager sous {licence(licence_id).badge} ({licence(licence_id).url})" in text


@pytest.mark.parametrize("truth", TRUTH, ids=lambda one: one[0])
def test_record_lacks_only_what_is_required(truth):
    licence_id, required, _, _ = truth
    assert sorted(missing_fields(Provenance("", licence_id))) == sorted(required.split())
    assert missing_fields(replace(FULL, licence=licence_id)) == ()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("use", ["verbatim", "paraphrase"])
@pytest.mark.parametrize("licence_id", IDS)
def test_every_notice_names_its_rights(licence_id, use, lang):
    row = licence(licence_id)
    text = notice(replace(FULL, licence=licence_id), use, lang)
    assert row.name(lang) in text and row.url in text
    assert "Statut à confirmer." in text and "2025-02-03" in text
    # only a licence is called one
    assert bool(re.search("^Licence ?:", text, re.MULTILINE)) == (row.kind == "licence")
    assert len(set(obligations(licence_id, use, lang))) == len(obligations(licence_id, use, lang)) > 0
    if row.asks.licence == "R":
        assert any(row.url in one for one in obligations(licence_id, use, lang))
    if not row.commercial and not row.quotation_only:
        assert any(("commercial use" if lang == "en" else "usage commercial") in one for one in obligations(licence_id, use, lang))


def test_what_was_not_supplied_is_said():
    bare = Provenance("Essai", "CC-BY-4.0")
    assert "Auteur : non fourni" in notice(bare)
    assert "Source : lien non fourni – révision inconnue" in notice(bare)
    assert "lien permanent" not in notice(bare)
    assert "Author: not supplied" in notice(bare, lang="en")
    # asked of nobody: not said to be lacking
    assert "non fourni" not in notice(Provenance("Essai", "CC0-1.0", url="https://exemple.org"))
    # the grantor is enough for Licence Ouverte
    assert "Auteur" not in notice(Provenance("Essai", "etalab-2.0", holder="Mairie d'essai", modified="2020"))


def test_whole_text_is_no_excerpt():
    assert "extrait" in notice(FULL) and "extrait" not in notice(FULL, excerpt=False)
    assert "extrait" not in notice(FULL, "paraphrase")


def test_people_of_wikipedia_are_named_together():
    page = Provenance("Phare", "CC-BY-SA-4.0", holder="Wikipédia en français", url="https://fr.wikipedia.org/wiki/Phare#Lampes")
    text = notice(page)
    assert "Auteurs : contributeurs et contributrices de Wikipédia\n" in text
    assert "Historique des auteurs : https://fr.wikipedia.org/wiki/Phare?action=history\n" in text
    assert "contributors to Wikipedia" in notice(page, lang="en")
    given = replace(page, history_url="https://fr.wikipedia.org/w/index.php?title=Phare&action=history")
    assert "title=Phare&action=history\n" in notice(given)
    # nobody is made up where the wiki is not known, nor for an old work that a wiki transcribes
    assert "contribut" not in notice(replace(page, url="https://exemple.org/wiki/Phare"))
    assert "contribut" not in notice(replace(page, url="https://fr.wikisource.org/wiki/Phare", licence="CC-PDM-1.0"))


def test_layers_keep_their_own_rights():
    novel = replace(
        FULL,
        authors_died=1936,
        layers=(
            Layer("work", "CC-PDM-1.0", ("Inès Carrel",)),
            Layer("digitisation", "LicenseRef-Gallica-CGU", holder="Bibliothèque nationale de France", url="https://gallica.bnf.fr/ark:/1"),
        ),
    )
    text = notice(novel)
    assert "\nLicence (texte tel que diffusé) : Creative Commons Attribution 4.0 International (CC BY 4.0)" in text
    assert "\nŒuvre – Statut des droits : Marque du domaine public 1.0" in text
    assert "\nNumérisation – Conditions d'utilisation : " in text
    assert "Mention : Source gallica.bnf.fr / Bibliothèque nationale de France" in text
    assert "usage non commercial" in text
    assert "en France à partir du 1er janvier 2007, au Canada à partir du 1er janvier 1987" in text
    assert "statut inconnu" in notice(replace(novel, authors_died=None))


def test_layers_lack_fields_too():
    layers = (Layer("work", "LAL-1.3"), Layer("edition", "etalab-2.0"))
    assert missing_fields(Provenance("T", "CC-BY-4.0", layers=layers)) == ("layers.authors", "layers.holder", "layers.url", "modified")


def test_community_labels_are_shown_verbatim():
    label = Label("https://exemple.org/tk", "Peuple d'essai", "Ne pas lire hors saison.")
    for use in ("verbatim", "paraphrase"):
        text = notice(replace(FULL, licence="CC0-1.0", labels=(label,)), use)
        assert "Protocole communautaire de Peuple d'essai : Ne pas lire hors saison. – https://exemple.org/tk" in text


def test_language_is_one_of_two():
    with pytest.raises(UsageError, match="fr or en"):
        notice(FULL, lang="de")


LABELS = re.compile(
    r"^(Titre|Auteurs?|Historique des auteurs|Mis à disposition par|Collection|Source|Mention|Date de dernière mise à jour|Nature du texte"
    r"|(Licence|Statut des droits|Conditions d'utilisation) \(texte tel que diffusé\)|Œuvre –.*|Modification|À respecter|Domaine public"
    r"|Protocole communautaire de .*|Note sur les droits|Date de consultation) : "
)
BREAKS = st.sampled_from(["\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\u202e", "\ud800", "\x00"])
FORGED = st.builds(
    lambda a, b, c: a + b + "Licence : CC0 1.0 – https://exemple.org/faux" + b + c, st.text(max_size=8), BREAKS, st.text(max_size=8)
)


@given(st.sampled_from(IDS), st.lists(FORGED, min_size=12, max_size=12), st.sampled_from(["verbatim", "paraphrase"]))
def test_hostile_fields_forge_nothing(licence_id, bad, use):
    clean = replace(
        FULL,
        licence=licence_id,
        history_url="https://exemple.org/h",
        layers=(Layer("work", "CC-PDM-1.0", ("A",), "B", "https://exemple.org/c"),),
        labels=(Label("https://exemple.org/tk", "P", "T"),),
    )
    hostile = replace(
        clean,
        title=bad[0],
        authors=(bad[1], bad[2]),
        holder=bad[3],
        collection=bad[4],
        url=bad[5],
        permalink=bad[6],
        history_url=bad[7],
        modified=bad[8],
        retrieved=bad[8],
        rights_note=bad[9],
        layers=(Layer("work", "CC-PDM-1.0", (bad[10],), bad[1], bad[2]),),
        labels=(Label(bad[3], bad[11], bad[4]),),
    )
    text = notice(hostile, use)
    lines, expected = text.splitlines(), notice(clean, use).splitlines()
    assert len(lines) == len(expected)
    assert all(LABELS.match(line) for line in lines)
    # what a line says of rights comes from the table alone
    rights = [line for line in lines if line.startswith(("Licence", "Statut des droits", "Conditions d'utilisation", "À respecter"))]
    assert rights and set(rights) <= set(expected)
    text.encode()
    assert "\u202e" not in text


def test_real_records_lack_nothing(shared_data):
    paths = sorted((shared_data / "commons").glob("*.jsonl.gz"))
    assert len(paths) == 8
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                layers = tuple(Layer(**{**layer, "authors": tuple(layer["authors"])}) for layer in record.get("layers") or ())
                kept = {key: record.get(key) for key in ("title", "licence", "holder", "url", "permalink", "modified")}
                assert missing_fields(Provenance(**kept, authors=tuple(record["authors"]), layers=layers)) == (), record["id"]
