"""`verify` cannot be fooled, and judges any system with what it gives."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_commons.cli import main
from rag_commons.documents import text_sha256
from rag_commons.evaluation.mutants.base import base_answers, base_registry
from rag_commons.evaluation.reading import read_answer
from rag_commons.evaluation.verdict import judge

ANSWERS = {answer["id"]: answer for answer in base_answers()}


def spoiled(name, change):
    answer = copy.deepcopy(ANSWERS[name])
    change(answer)
    return judge(read_answer(answer), base_registry())


def put(path, value):
    *way, last = path

    def change(answer):
        target = answer
        for step in way:
            target = target[step]
        if value is KeyError:
            del target[last]
        else:
            target[last] = value(target[last]) if callable(value) else value

    return change


FIRST = ("statements", 0)
QUOTE = (*FIRST, "citations", 0)
SOURCE = ("references", 0)


def test_the_base_answers_are_strict_alone_and_against_the_registry():
    for answer in ANSWERS.values():
        assert judge(read_answer(answer)).strict, answer["id"]
        assert judge(read_answer(answer), base_registry()).strict, answer["id"]


UNSUPPORTED = {
    "dangling reference": ("phare", put((*QUOTE, "ref"), 9)),
    "reference 0": ("phare", put((*QUOTE, "ref"), 0)),
    "negative reference": ("phare", put((*QUOTE, "ref"), -1)),
    "reference as text": ("phare", put((*QUOTE, "ref"), "1")),
    "reference true": ("phare", put((*QUOTE, "ref"), True)),
    "empty quote": ("phare", put((*QUOTE, "quote"), "")),
    "blank quote": ("phare", put((*QUOTE, "quote"), "\u00a0 \u202f")),
    "no citation": ("phare", put((*FIRST, "citations"), [])),
    "empty statement": ("phare", put((*FIRST, "text"), " ")),
    "another number": ("phare", put((*FIRST, "text"), lambda text: text.replace("1873", "1874"))),
    "another number, in the quote too": (
        "phare",
        lambda answer: [put((*path,), lambda text: text.replace("1873", "1874"))(answer) for path in ((*FIRST, "text"), (*QUOTE, "quote"))],
    ),
    "quote of another reference": ("dentelle", put((*QUOTE, "ref"), 2)),
    "quote moved": ("phare", put((*QUOTE, "start"), 1)),
    "offsets outside": ("phare", put((*QUOTE, "end"), 10_000)),
    "unknown support": ("phare", put((*QUOTE, "support"), "trust me")),
    "false claim to be verbatim": ("phare", put(("statements", 1, "citations", 0, "support"), "verbatim")),
    "a quote that cuts a number": (
        "phare",
        lambda answer: answer["statements"][0].update(
            text="le 14 mars 187", citations=[{"ref": 1, "quote": "le 14 mars 187", "start": 57, "end": 71, "support": "verbatim"}]
        ),
    ),
    "a forged quotation in a paraphrase": (
        "phare",
        put(("statements", 1, "text"), "La famille Corvec garda « la plus haute lanterne jamais vue » jusqu'en 1931."),
    ),
    "a paraphrase with another name": ("phare", put(("statements", 1, "text"), lambda text: text.replace("Corvec", "Ledoux"))),
    "a paraphrase that denies": ("phare", put(("statements", 1, "text"), lambda text: text.replace("garda", "ne garda pas"))),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_an_unsupported_statement_is_named_and_its_neighbour_spared(name):
    answer, change = UNSUPPORTED[name]
    verdict = spoiled(answer, change)
    assert not verdict.strict
    bad = [one.supported for one in verdict.statements]
    assert bad.count(False) == 1, bad
    assert all(one.reason for one in verdict.statements if not one.supported)


WRONG = {
    "text altered": ("phare", put((*SOURCE, "text"), lambda text: text.replace("21 milles", "27 milles"))),
    "text and sha256 altered": (
        "phare",
        lambda answer: answer["references"][0].update(
            text=answer["references"][0]["text"].replace("21", "27"),
            sha256=text_sha256(answer["references"][0]["text"].replace("21", "27")),
        ),
    ),
    "unknown licence": ("phare", put((*SOURCE, "licence", "id"), "CC-BY-SA-9.0")),
    "no licence": ("phare", put((*SOURCE, "licence"), KeyError)),
    "licence as text in place of an object": ("phare", put((*SOURCE, "licence"), 4)),
    "address of another version": ("phare", put((*SOURCE, "licence", "url"), "https://creativecommons.org/licenses/by-sa/3.0/deed.fr")),
    "address elsewhere": ("phare", put((*SOURCE, "licence", "url"), "https://example.org/licenses/by-sa/4.0/")),
    "called a status": ("phare", put((*SOURCE, "licence", "kind"), "public-domain")),
    "another licence altogether": (
        "phare",
        put(
            (*SOURCE, "licence"),
            {"id": "CC0-1.0", "kind": "public-domain", "name": "CC0 1.0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"},
        ),
    ),
    "no notice": ("phare", put((*SOURCE, "notice"), KeyError)),
    "notice without author": ("phare", put((*SOURCE, "notice"), lambda text: text.replace("Association des phares de la Rade", ""))),
    "notice without address": ("phare", put((*SOURCE, "notice"), lambda text: text.replace("https://example.org", ""))),
    "notice without licence": ("phare", put((*SOURCE, "notice"), lambda text: text.replace("creativecommons", ""))),
    "notice without date": ("criee", put((*SOURCE, "notice"), lambda text: text.replace("2022-05-04", ""))),
    "notice without prescribed statement": ("recueil", put((*SOURCE, "notice"), lambda text: text.replace("Source gallica", ""))),
    "notice without change": ("phare", put((*SOURCE, "notice"), lambda text: text.replace("Modification : reformulé", ""))),
    "notice without the author of a layer": ("recueil", put((*SOURCE, "notice"), lambda text: text.replace("Anonyme de Landivern", ""))),
    "notice of other rights": (
        "phare",
        put((*SOURCE, "notice"), lambda text: text + "\nLicence : CC0 – https://creativecommons.org/publicdomain/zero/1.0/"),
    ),
    "notice of another title": ("phare", put((*SOURCE, "notice"), lambda text: text.replace("Phare de Roc-Melen", "Autre"))),
    "notice of another holder": ("criee", put((*SOURCE, "notice"), lambda text: text.replace("Service des ports", "Amis"))),
    "other title": ("phare", put((*SOURCE, "title"), "Phare")),
    "other author": ("phare", put((*SOURCE, "authors"), ["Personne"])),
    "other holder": ("criee", put((*SOURCE, "holder"), "Ailleurs")),
    "other permalink": ("phare", put((*SOURCE, "permalink"), "https://example.org/autre")),
    "a passage of no index": ("phare", put((*SOURCE, "passage_id"), "ailleurs@00000000#0")),
    "not retrieved": ("phare", put(("seen",), [])),
    "offsets of another length": ("phare", put((*SOURCE, "end"), 3)),
    "no derivatives, reworded": (
        "dentelle",
        lambda answer: [
            put((*FIRST, "text"), "La dentelle de Saint-Guirec se reconnaît à son point de sable.")(answer),
            put((*QUOTE, "support"), "entailed")(answer),
        ],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_source_is_named(name):
    answer, change = WRONG[name]
    verdict = spoiled(answer, change)
    assert not verdict.strict
    assert not verdict.references[0].ok and verdict.references[0].reason
    assert all(one.ok for one in verdict.references[1:])


def test_share_alike_and_non_commercial_in_one_sentence_are_refused():
    answer = copy.deepcopy(ANSWERS["phare"])
    other = copy.deepcopy(ANSWERS["musee"]["references"][0]) | {"ref": 2}
    other["notice"] += "\nModification : reformulé par rag-commons"
    answer["references"].append(other)
    quote = "Les visites sont guidées en été."
    start = other["text"].index(quote)
    citation = {"ref": 2, "quote": quote, "start": start, "end": start + len(quote), "support": "entailed"}
    answer["statements"][1]["citations"].append(citation)
    verdict = judge(read_answer(answer))
    assert [one.ok for one in verdict.references] == [False, False]


def test_a_number_given_twice_spoils_both_references():
    verdict = spoiled("dentelle", put(("references", 1, "ref"), 1))
    assert [one.ok for one in verdict.references] == [False, False]
    assert not verdict.statements[0].supported


@pytest.mark.parametrize(
    "change",
    [
        put(("abstained",), True),
        put(("reuse", "licence"), "CC0-1.0"),
        put(("reuse", "form"), "collection"),
        put(("reuse", "parts"), []),
        put((*QUOTE, "start"), KeyError),
        put(("schema",), 99),
        lambda answer: answer["references"].append(answer["references"][0] | {"ref": 2}),
    ],
)
def test_what_is_wrong_with_the_whole_answer_is_not_strict(change):
    verdict = spoiled("phare", change)
    assert not verdict.strict
    assert verdict.reasons or not all(one.supported for one in verdict.statements)


def test_an_abstention_needs_a_reason_and_nothing_else():
    assert spoiled("inconnu-1", lambda answer: None).strict
    assert not spoiled("inconnu-1", put(("reason",), None)).strict
    assert not spoiled("inconnu-1", put(("references",), ANSWERS["phare"]["references"])).strict
    assert not judge(read_answer({"id": "x"})).strict


def test_another_system_is_judged_on_what_it_gives():
    length = "La digue de Lanvern mesure 340 mètres."
    text = f"{length} Elle date de 1902."
    answer = {
        "id": 7,
        "statements": [
            {"text": length, "citations": [{"ref": 1, "quote": length}]},
            {"text": "Elle date de 1902.", "citations": [{"ref": 1}]},
            {"text": "Elle date de 1903.", "citations": [{"ref": 1}]},
        ],
        "references": [{"ref": 1, "text": text, "licence": {"id": "CC-BY-4.0"}}],
    }
    verdict = judge(read_answer(answer))
    assert verdict.id == "7"
    assert [one.supported for one in verdict.statements] == [True, True, False]
    assert not verdict.strict and "mention" in verdict.references[0].reason


def test_trec_answers_are_judged_by_their_indices():
    row = {
        "topic_id": "t1",
        "references": [{"id": "d1", "text": "Le moulin tourne depuis 1712.", "licence": "CC0-1.0"}, "d2"],
        "answer": [
            {"text": "Le moulin tourne depuis 1712.", "citations": [0]},
            {"text": "Il est en bois.", "citations": [1]},
            {"text": "Il est grand.", "citations": [-1]},
            {"text": "Il est haut.", "citations": [5]},
        ],
    }
    verdict = judge(read_answer(row))
    assert [one.supported for one in verdict.statements] == [True, False, False, False]
    assert not verdict.strict


def test_typography_is_not_a_change():
    def typeset(answer):
        statement = answer["statements"][0]
        for holder, key in ((statement, "text"), (statement["citations"][0], "quote")):
            holder[key] = holder[key].replace(" ", "\u00a0").replace("'", "’")

    assert spoiled("criee", typeset).strict


KEYS = st.sampled_from(["ref", "text", "quote", "start", "end", "licence", "id", "citations", "layers"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


def test_a_sentence_without_end_is_refused_and_holds_up_nothing():
    row = {
        "id": "a",
        "statements": [{"text": "Le pont " * 20_000, "citations": [{"ref": 1}]}],
        "references": [{"ref": 1, "text": "pont le " * 20_000, "licence": {"id": "CC0-1.0"}}],
    }
    (verdict,) = judge(read_answer(row)).statements
    assert not verdict.supported and "400 mots" in verdict.reason


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "statements", "references", "seen", "reuse", "abstained", "answer"]), JSON))
def test_no_object_stops_the_judge_nor_passes_by_chance(row):
    verdict = judge(read_answer(row), base_registry())
    json.dumps(verdict.to_json())
    assert not (verdict.strict and verdict.statements)


def test_the_command_judges_the_good_lines_and_names_the_bad_ones(tmp_path, capsys):
    path = tmp_path / "answers.jsonl"
    good = [json.dumps(answer) for answer in ANSWERS.values()]
    path.write_text("\n".join([good[0], "{", '["a list"]', "", *good[1:]]), encoding="utf-8")
    assert main(["verify", str(path), "--format", "jsonl"]) == 0
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["id"] for row in rows] == list(ANSWERS)
    assert all(row["strict"] for row in rows)
    assert f"{path}:2" in err and f"{path}:3" in err and "Traceback" not in err


def test_the_command_fails_under_a_share(tmp_path, capsys):
    path = tmp_path / "answers.jsonl"
    bad = copy.deepcopy(ANSWERS["phare"])
    bad["statements"][0]["citations"][0]["ref"] = 4
    path.write_text("\n".join(json.dumps(answer) for answer in (ANSWERS["phare"], bad)), encoding="utf-8")
    assert main(["verify", str(path), "--fail-under", "0.5"]) == 0
    assert main(["verify", str(path), "--fail-under", "0.6"]) == 1
    assert "1 of 2" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "absent.jsonl")]) == 1
    assert main(["verify", str(path), "--index", str(tmp_path / "no-index")]) == 1
