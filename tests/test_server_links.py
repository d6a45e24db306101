"""Answer links and uses without a server: what an address holds comes back, and what is none is refused."""

import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.answering.links import AnswerLink, Cited, link_from_pairs, link_to_query
from rag_commons.answering.uses import DocumentUse, Use, UseLog, iter_uses
from rag_commons.answers import Answer
from rag_commons.documents import parse_passage_id, passage_id
from rag_commons.errors import InputError, UsageError
from rag_commons.retrieval.filters import Filters
from rag_commons.server.password import Password
from rag_commons.server.rate import Rate

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
NAMES = st.lists(WORDS, max_size=3).map(tuple)
QUESTIONS = WORDS.map(str.strip).filter(bool)
SHA = st.text("0123456789abcdef", min_size=64, max_size=64)


@st.composite
def citations(draw):
    start = draw(st.integers(0, 10_000))
    identity = passage_id(draw(WORDS), draw(SHA), draw(st.integers(0, 10_000)))
    return Cited(draw(st.integers(1, 60)), identity, start, start + draw(st.integers(1, 500)), draw(SHA))


YEARS = st.none() | st.integers(0, 9999)


@given(
    QUESTIONS,
    NAMES,
    NAMES,
    st.tuples(YEARS, YEARS),
    st.sampled_from([(), ("commercial",), ("commercial", "adaptation")]),
    st.lists(citations(), max_size=5),
)
def test_a_link_comes_back_as_it_went(question, licences, holders, years, allow, cited):
    link = AnswerLink(question, Filters(licences=licences, holders=holders, years=years, allow=allow), "0a1b2c3d", tuple(cited))
    query = link_to_query(link)
    assert query.isascii() and query.isprintable() and " " not in query
    assert link_from_pairs(parse_qsl(query, keep_blank_values=True)) == link


@given(WORDS, SHA, st.integers(0, 999_999_999))
def test_what_a_passage_id_prints_parses_back(document_id, digest, number):
    assert parse_passage_id(passage_id(document_id, digest, number)) == (document_id, number)


@given(st.lists(st.tuples(st.sampled_from(["question", "cite", "build", "licence", "allow", "x"]), st.text(max_size=80)), max_size=6))
def test_any_address_is_a_link_or_is_refused(pairs):
    try:
        link = link_from_pairs(pairs)
    except InputError:
        return
    assert link.question and not link.cited


@pytest.mark.parametrize(
    "cite", ["1~5-5~{sha}~a@00000000#0", "1~9-5~{sha}~a@00000000#0", "1~0-5~{sha}~a", "1~0-5~{sha}~a b@00000000#0", "x"]
)
def test_a_citation_that_is_none_is_refused(cite):
    with pytest.raises(InputError):
        link_from_pairs([("question", "Où ?"), ("cite", cite.format(sha="0" * 64))])


def test_uses_come_back_as_they_went_and_a_foreign_line_is_named(tmp_path):
    log = tmp_path / "uses.jsonl"
    UseLog(log).add(Answer("Une question secrète ?", "2026-01-02T03:04:05Z", "index", "b1", reason="Rien."))
    assert list(iter_uses(log)) == [Use("2026-01-02", "index", "b1", "extractive", True, ())]
    assert "secr" not in log.read_text("utf-8") and "03:04" not in log.read_text("utf-8")
    use = {"document_id": "d", "licence": "CC0-1.0", "holder": None, "collection": None, "language": "fr", "statements": 2}
    log.write_text(
        json.dumps({"day": "2026-01-02", "index": "i", "build": "b", "mode": "extractive", "abstained": False, "documents": [use]})
    )
    assert next(iter_uses(log)).documents == (DocumentUse(**use),)
    for wrong in ("[]", "{}", '{"documents": [{}]}', "x", '{"documents": 3}'):
        log.write_text(wrong)
        with pytest.raises(InputError, match=r"uses\.jsonl:1"):
            list(iter_uses(log))
    with pytest.raises(InputError):
        UseLog(tmp_path / "nowhere" / "uses.jsonl")


def test_a_minute_of_requests_may_come_at_once_then_they_come_at_the_rate():
    now = [1000.0]
    rate = Rate(30, lambda: now[0])
    assert [rate.wait("a") for _ in range(32)] == [0] * 30 + [2, 2]
    assert rate.wait("b") == 0
    now[0] += 2
    assert [rate.wait("a"), rate.wait("a")] == [0, 2]
    now[0] += 3600
    assert [rate.wait("a") for _ in range(31)] == [0] * 30 + [2]


def test_a_password_opens_by_its_own_letters_alone():
    password = Password("élan vital")
    assert password.opens("c", "Bearer élan vital".encode().decode("latin-1"))
    for wrong in ("", "Basic", "Basic !!!", "Basic OmF1dHJl", "Bearer ", "Bearer elan vital", "Digest élan vital", "Basic " + "A" * 10_000):
        assert not password.opens("c", wrong), wrong
    with pytest.raises(UsageError):
        Password("court")
