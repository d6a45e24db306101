"""Errors: one line each, and the same on the other side of a process."""

import pickle

import pytest

from rag_commons.errors import CommonsError, DocumentRefused, IndexUnusable, UnknownLicence

ERRORS = [
    CommonsError("a file", "none", "give one"),
    IndexUnusable("an index", "nothing\n there", "ingest"),
    DocumentRefused("missing:licence", "a licence", "none", "give one"),
    UnknownLicence("Licence\nde Personne"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_one_line_and_crosses_processes(error):
    assert "\n" not in str(error) and "; to do: " in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error)
    assert getattr(again, "reason", None) == getattr(error, "reason", None)
