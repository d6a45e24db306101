"""Combination: side by side everything lives together; in one text, little does."""

import itertools

import pytest

from rag_commons.licences.combination import allows, may_merge, provenance_allows, reuse_of
from rag_commons.licences.notices import obligations
from rag_commons.licences.provenance import Label, Layer, Provenance
from rag_commons.licences.reuse import Part, Reuse
from rag_commons.licences.table import licences

IDS = [row.id for row in licences()]


def text(licence_id, **fields):
    return Provenance("Le Phare de papier", licence_id, **fields)


def reuse(ids, form, lang="fr"):
    return reuse_of([(ref, text(one)) for ref, one in enumerate(ids, 1)], form, lang)


@pytest.mark.parametrize(
    ("ids", "outbound"),
    [
        (["CC-BY-SA-4.0"], "CC-BY-SA-4.0"),
        (["CC-BY-SA-3.0"], "CC-BY-SA-4.0"),
        (["CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-4.0", "etalab-2.0", "CC0-1.0"], "CC-BY-SA-4.0"),
        (["CC-BY-NC-SA-3.0", "CC-BY-NC-4.0"], "CC-BY-NC-SA-4.0"),
        (["LAL-1.3", "CC-BY-SA-4.0"], "CC-BY-SA-4.0"),
        (["LAL-1.3"], "LAL-1.3"),
        (["CC-BY-4.0", "CC-BY-4.0"], "CC-BY-4.0"),
        (["CC-BY-4.0", "CC-BY-NC-3.0"], "CC-BY-NC-4.0"),
        (["CC-BY-4.0", "etalab-2.0"], None),
        (["CC-PDM-1.0", "CC0-1.0"], None),
        (["LicenseRef-Gallica-CGU", "CC-PDM-1.0"], None),
    ],
)
def test_adaptation_goes_out_under(ids, outbound):
    for order in itertools.permutations(ids[:3]):
        found = reuse([*order, *ids[3:]], "adaptation")
        assert (found.licence, found.conflicts) == (outbound, ())
        assert found.notice.startswith("Si vous reprenez cette réponse")
    assert may_merge(ids) is None


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        (["CC-BY-SA-4.0", "CC-BY-NC-4.0"], "usage commercial"),
        (["CC-BY-SA-3.0", "LicenseRef-Gallica-CGU"], "usage commercial"),
        (["CC-BY-SA-4.0", "LicenseRef-RS-NoC-NC"], "usage commercial"),
        (["CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"], "ses propres termes"),
        (["CC-BY-SA-4.0", "ODbL-1.0"], "ses propres termes"),
        (["LAL-1.3", "CC-BY-NC-SA-4.0"], "ses propres termes"),
        (["CC-BY-ND-4.0"], "adaptation non permise"),
        (["CC-BY-4.0", "CC-BY-NC-ND-3.0"], "adaptation non permise"),
        (["CC0-1.0", "LicenseRef-RS-InC"], "courte citation seulement"),
        (["LicenseRef-RS-UND"], "courte citation seulement"),
        (["GFDL-1.3-only"], "courte citation seulement"),
    ],
)
def test_what_cannot_be_one_text(ids, why):
    assert why in may_merge(ids)
    refused = reuse(ids, "adaptation")
    assert refused.licence is None and why in " ".join(refused.conflicts)
    assert "citez chaque source à part" in refused.notice
    # side by side, each keeps its own rights
    assert not any(why in conflict for conflict in reuse(ids, "collection").conflicts if why != "courte citation seulement")


def test_collection_is_each_under_its_own():
    mixed = reuse(["CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-SA-4.0"], "collection")
    assert mixed.licence is None and mixed.conflicts == ()
    assert mixed.parts == (Part(1, "CC-BY-SA-4.0"), Part(2, "CC-BY-NC-4.0"), Part(3, "CC-BY-SA-4.0"))
    assert "[1, 3] CC BY-SA 4.0 ; [2] CC BY-NC 4.0" in mixed.notice
    same = reuse(["CC-BY-SA-4.0", "CC-BY-SA-4.0"], "collection")
    assert same.licence == "CC-BY-SA-4.0" and "https://creativecommons.org/licenses/by-sa/4.0/" in same.notice


def test_collection_remarks_what_may_only_be_quoted():
    found = reuse(["CC0-1.0", "LicenseRef-RS-InC", "LicenseRef-RS-InC"], "collection")
    assert found.conflicts == ("[2, 3] Protégé : courte citation seulement, avec l'auteur et la source.",)


def test_nothing_cited_asks_nothing():
    assert reuse_of([], "collection") == Reuse()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("form", ["collection", "adaptation"])
def test_obligations_are_the_union(form, lang):
    for pair in itertools.combinations(IDS[::2], 2):
        _check_union(pair, form, lang)


def _check_union(pair, form, lang):
    found = reuse(pair, form, lang)
    use = "verbatim" if form == "collection" else "paraphrase"
    assert len(set(found.obligations)) == len(found.obligations)
    assert set(found.obligations) == {one for licence_id in pair for one in obligations(licence_id, use, lang)}
    assert found.notice.startswith("If you reuse this answer" if lang == "en" else "Si vous reprenez cette réponse")
    assert "cette réponse est sous" not in found.notice


def test_layers_count():
    free, shut = text("CC-BY-4.0"), text("CC-BY-4.0", layers=(Layer("digitisation", "LicenseRef-Gallica-CGU"),))
    domain = text("CC-BY-4.0", layers=(Layer("work", "CC-PDM-1.0"),))
    assert provenance_allows(free, "commercial") and provenance_allows(domain, "commercial")
    assert not provenance_allows(shut, "commercial") and provenance_allows(shut, "adaptation")
    assert reuse_of([(1, free), (2, domain)]).licence == "CC-BY-4.0"
    assert reuse_of([(1, free), (2, shut)]).licence is None
    assert reuse_of([(1, shut), (2, text("CC-BY-SA-4.0"))], "adaptation").conflicts


def test_community_label_is_overruled_by_nothing():
    label = Label("https://exemple.org/tk", "Peuple d'essai", "Ne pas\nlire hors saison.")
    bound = text("CC0-1.0", labels=(label,))
    assert not provenance_allows(bound, "adaptation") and not provenance_allows(bound, "commercial")
    assert "Peuple d'essai" in reuse_of([(1, bound)], "adaptation").conflicts[0]
    assert any("Peuple d'essai : Ne pas lire hors saison." in one for one in reuse_of([(1, bound)]).obligations)


def test_permissions():
    assert allows("CC-BY-SA-4.0", "commercial") and allows("CC-BY-NC-4.0", "adaptation")
    for one in (
        "CC-BY-NC-4.0",
        "LicenseRef-Gallica-CGU",
        "LicenseRef-RS-NoC-NC",
        "LicenseRef-RS-NoC-CR",
        "LicenseRef-RS-InC",
        "GFDL-1.3-only",
    ):
        assert not allows(one, "commercial"), one
    for one in ("CC-BY-ND-4.0", "LicenseRef-RS-CNE", "LicenseRef-RS-InC-EDU", "GFDL-1.3-only"):
        assert not allows(one, "adaptation"), one


def side_by_side(quoted, reworded):
    """One reference quoted, then one a reworded sentence."""
    ids = [quoted, *reworded]
    return reuse_of([(ref, text(one)) for ref, one in enumerate(ids, 1)], "adaptation", reworded=[{ref} for ref in range(2, len(ids) + 1)])


@pytest.mark.parametrize("quoted", ["CC-BY-ND-4.0", "CC-BY-NC-ND-3.0", "LicenseRef-RS-InC", "CC-BY-NC-4.0", "ODbL-1.0"])
def test_what_is_quoted_beside_a_rewording_is_no_part_of_it(quoted):
    found = side_by_side(quoted, ["CC-BY-SA-4.0"])
    assert not any("adaptation non permise" in one or "fondu" in one for one in found.conflicts)
    assert found.licence is None and found.form == "adaptation"
    first, beside, _ = found.notice.split("\n")
    assert "partagez votre texte sous CC BY-SA 4.0" in first and "[1]" in beside and "gardent leurs propres droits" in beside
    # what it asks of a quotation stands, what it asks of a rewording does not
    assert set(obligations(quoted, "verbatim")) <= set(found.obligations)
    # and merged into the sentence, it is refused as before
    both = reuse_of([(1, text(quoted)), (2, text("CC-BY-SA-4.0"))], "adaptation", reworded=[{1, 2}])
    assert both.conflicts and "citez chaque source à part" in both.notice


def test_quoted_and_reworded_parts_may_agree():
    assert side_by_side("CC-BY-SA-4.0", ["CC-BY-SA-3.0"]).licence == "CC-BY-SA-4.0"
    assert side_by_side("CC-PDM-1.0", ["CC-BY-SA-4.0"]).licence == "CC-BY-SA-4.0"
    assert side_by_side("CC-BY-4.0", ["CC-BY-SA-4.0"]).licence is None


def test_reworded_sentences_that_cannot_be_one_text_stay_apart():
    found = side_by_side("CC0-1.0", ["CC-BY-SA-4.0", "CC-BY-NC-4.0"])
    assert found.conflicts == () and found.licence is None and "gardez ses phrases à part" in found.notice
    assert side_by_side("CC0-1.0", ["CC-BY-ND-4.0", "CC-BY-4.0"]).conflicts


def test_a_label_forbids_rewording_and_not_quoting():
    bound = text("CC0-1.0", labels=(Label("https://exemple.org/tk", "Peuple d'essai", "À ne pas lire hors saison."),))
    beside = reuse_of([(1, bound), (2, text("CC-BY-4.0"))], "adaptation", reworded=[{2}])
    assert beside.conflicts == () and any("Peuple d'essai" in one for one in beside.obligations)
    assert reuse_of([(1, bound), (2, text("CC-BY-4.0"))], "adaptation", reworded=[{1}]).conflicts
