"""Resolution: what publishers write leads to one row, or to none."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.errors import DocumentRefused, UnknownLicence
from rag_commons.licences.resolve import resolve_licence, wikipedia_licence
from rag_commons.licences.table import licence, licences

TABLE = Path(__file__).parent / "tables" / "licence_aliases.txt"
CASES = [line.split(" => ") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(("stated", "expected"), CASES, ids=lambda text: text)
def test_alias(stated, expected):
    if expected == "-":
        with pytest.raises(UnknownLicence) as refusal:
            resolve_licence(stated)
        assert stated[:40] in str(refusal.value)
        assert refusal.value.reason.startswith("unknown-licence:")
    else:
        assert resolve_licence(stated).id == expected


@pytest.mark.parametrize("row", licences(), ids=lambda row: row.id)
def test_every_row_is_found_by_what_names_it(row):
    for stated in (row.id, row.id.lower(), row.id.upper(), row.name_fr, row.name_en, *row.aliases, *row.uris):
        assert resolve_licence(stated).id == row.id, stated
    # the address of a GFDL does not say « or later »
    assert resolve_licence(row.url).id == row.id.replace("or-later", "only")
    assert resolve_licence(row.url.replace("https://", "http://").rstrip("/")).id == row.id.replace("or-later", "only")


def test_choice_is_kept_and_and_is_explained():
    note = resolve_licence("GFDL-1.3-or-later OR CC-BY-SA-4.0").note
    assert "GFDL-1.3-or-later OR CC-BY-SA-4.0" in note and "CC-BY-SA-4.0 retenu" in note
    assert resolve_licence("CC-BY-SA-4.0").note is None
    with pytest.raises(UnknownLicence, match="no one row states"):
        resolve_licence("CC-BY-4.0 AND etalab-2.0")


@given(st.text(max_size=600))
def test_anything_else_is_refused_with_a_reason(stated):
    try:
        found = resolve_licence(stated)
    except UnknownLicence as refusal:
        assert "\n" not in str(refusal)
    else:
        licence(found.id)


def test_plain_lookups_load_no_expression_library():
    code = (
        "import sys; from rag_commons.licences.resolve import resolve_licence; resolve_licence('CC BY-SA 4.0');"
        "resolve_licence('https://creativecommons.org/licenses/by/4.0/'); sys.exit('license_expression' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("revised", "expected"),
    [
        ("2023-06-06", "CC-BY-SA-3.0"),
        ("2023-06-07", "CC-BY-SA-4.0"),
        ("2023-06-06T23:59:59Z", "CC-BY-SA-3.0"),
        ("2023-06-07T00:00:00Z", "CC-BY-SA-4.0"),
        ("2009", "CC-BY-SA-3.0"),
        ("2023-05", "CC-BY-SA-3.0"),
        ("2023-07", "CC-BY-SA-4.0"),
        ("2024", "CC-BY-SA-4.0"),
    ],
)
def test_wikipedia_licence_goes_by_the_date(revised, expected):
    assert wikipedia_licence(revised) == expected


@pytest.mark.parametrize("revised", [None, "", "2023", "2023-06", "hier"])
def test_wikipedia_licence_is_never_guessed(revised):
    with pytest.raises(DocumentRefused) as refusal:
        wikipedia_licence(revised)
    assert refusal.value.reason == "missing:modified"
