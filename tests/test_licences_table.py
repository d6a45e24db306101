"""The table of rights: every row is whole, and says what its publisher says."""

import json

import pytest

from rag_commons.errors import UnknownLicence
from rag_commons.licences.table import licence, licences

ROWS = licences()


def test_every_id_and_badge_is_one_row():
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert len({row.badge for row in ROWS}) == len(ROWS)


def test_unknown_id_is_named():
    with pytest.raises(UnknownLicence, match="CC-BY-5\\.0"):
        licence("CC-BY-5.0")


def test_ids_are_spdx_or_say_they_are_ours():
    from license_expression import get_license_index

    spdx = {entry["spdx_license_key"] for entry in get_license_index()}
    for row in ROWS:
        assert (row.id in spdx) != row.id.startswith("LicenseRef-"), row.id


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row_is_whole(row):
    assert row.name_fr and row.name_en and row.badge
    assert row.url.startswith("http")
    # RightsStatements writes its addresses with http
    assert row.url.startswith("http://rightsstatements.org/") == (row.kind == "rights-statement")
    if row.id.startswith("CC-BY"):
        assert row.url.endswith("/deed.fr")
        assert ("NC" not in row.id, "ND" not in row.id, "SA" in row.id) == (row.commercial, row.adaptation, row.share_alike)
    # an adaptation is shared under a row of the table, of the same family and free to be adapted
    assert (row.outbound is not None) == row.share_alike
    if row.outbound:
        assert licence(row.outbound).family == row.family
        assert licence(row.outbound).commercial == row.commercial
    # both languages or neither
    assert (row.sentence_fr is None) == (row.sentence_en is None)
    assert (row.remark_fr is None) == (row.remark_en is None)


def test_only_licences_are_called_so():
    kinds = {row.id: row.kind for row in ROWS}
    assert {kinds[one] for one in ("CC0-1.0", "CC-PDM-1.0", "CC-PDDC", "PDDL-1.0")} == {"public-domain"}
    assert kinds["LicenseRef-Gallica-CGU"] == "terms"
    assert kinds["etalab-2.0"] == kinds["CC-BY-SA-4.0"] == "licence"
    assert sum(kind == "rights-statement" for kind in kinds.values()) == 12


def test_names_of_rights_statements_are_their_publishers(shared_data):
    published = [json.loads(path.read_text("utf-8")) for path in (shared_data / "raw" / "rightsstatements-fr").glob("*.json")]
    statements = {one["@id"]: one["prefLabel"] for one in published if "/vocab/collection-" not in one["@id"]}
    assert statements == {row.url: row.name_fr for row in ROWS if row.kind == "rights-statement"}
