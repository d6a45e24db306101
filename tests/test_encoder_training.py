"""Training in small: the same twice, better than chance, and blind to the test part."""

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from rag_commons.encoder import load_encoder
from rag_commons.encoder.corpus import (
    AskedQuestion,
    ReadDocument,
    part_of,
    question_pairs,
    quiz_pairs,
    read_documents,
    read_questions,
    titled_texts,
)
from rag_commons.encoder.folder import folder_checksum, read_static
from rag_commons.encoder.pairs import TitledText, WrittenPair, split_blocks
from rag_commons.encoder.recall import measure_recall
from rag_commons.encoder.training import Recipe, adapt_encoder, train_encoder
from rag_commons.encoder.vocabulary import build_vocabulary, fold
from rag_commons.errors import EncoderUnusable, InputError

TRADES = ["meunier", "potier", "tisserand", "forgeron", "tonnelier", "vannier", "verrier", "carrier", "cordier", "sabotier"]
PLACES = ["Kerven", "Morlande", "Vautour", "Brissac", "Lanvel", "Ostreville", "Pradel", "Quinsac", "Ruelle", "Tarnes"]
TEXTS = [
    TitledText(
        f"{trade.capitalize()} de {place}",
        f"Le {trade} s'établit à {place} vers {1700 + 7 * n}. Son atelier donnait sur la place. Les apprentis venaient du bourg "
        f"voisin, et la foire de {place} vendait leur ouvrage.\nLa maison du {trade} existe encore ; elle abrite un petit musée.",
    )
    for n, (trade, place) in enumerate(zip(TRADES, PLACES, strict=True))
]
PAIRS = [WrittenPair("Qui travaillait à Kerven ?", "Un meunier travaillait à Kerven.")]
RECIPE = Recipe(dimension=16, epochs=3, batch=16, threads=1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("trained") / "small"
    train_encoder(TEXTS, PAIRS, path, RECIPE)
    return path


def test_training_is_the_same_twice_and_another_with_another_seed(trained, tmp_path):
    train_encoder(TEXTS, PAIRS, tmp_path / "again", RECIPE)
    again, first = read_static(tmp_path / "again"), read_static(trained)
    assert again.tokenizer.to_str() == first.tokenizer.to_str() and np.array_equal(again.mapping, first.mapping)
    np.testing.assert_allclose(again.rows, first.rows, atol=1e-3)
    train_encoder(TEXTS, PAIRS, tmp_path / "other", replace(RECIPE, seed=7))
    assert folder_checksum(tmp_path / "other") != folder_checksum(trained)


def test_a_trained_encoder_finds_the_passage(trained):
    documents = [ReadDocument(item.title, item.title, item.text) for item in TEXTS]
    questions = [
        AskedQuestion(f"Quand un {trade} vint-il à {place} ?", "", text.title)
        for trade, place, text in zip(TRADES, PLACES, TEXTS, strict=True)
    ]
    recall = measure_recall(load_encoder(str(trained)), questions, documents)
    assert recall[1] >= 0.8 and recall[1] <= recall[5] <= recall[20] == 1.0


def test_adaptation_keeps_the_vocabulary_and_moves_the_rows(trained, tmp_path):
    lines: list[str] = []
    adapt_encoder(iter(TEXTS[:5]), trained, tmp_path / "out", replace(RECIPE, rate=0.01), progress=lines.append)
    assert (tmp_path / "out" / "tokenizer.json").read_bytes() == (trained / "tokenizer.json").read_bytes()
    assert folder_checksum(tmp_path / "out") != folder_checksum(trained)
    assert len(lines) == RECIPE.epochs
    with pytest.raises(EncoderUnusable):
        adapt_encoder([TitledText("a", "b")], tmp_path / "nowhere", tmp_path / "out2")


@pytest.mark.parametrize("texts", [[], [TitledText("", "")], [TitledText("Titre", "Trois mots seulement")]])
def test_adaptation_to_too_little_text_changes_nothing(trained, tmp_path, texts):
    adapt_encoder(texts, trained, tmp_path / "out", RECIPE)
    before, after = (load_encoder(str(path)).encode_query("le potier") for path in (trained, tmp_path / "out"))
    np.testing.assert_allclose(before, after, atol=1e-6)


def test_the_vocabulary_does_not_depend_on_the_process(tmp_path):
    code = (
        "import sys; from rag_commons.encoder.vocabulary import build_vocabulary;"
        "texts = [f'mot{n} vocable{n % 7} parole{n * n}' for n in range(400)];"
        "sys.stdout.write(build_vocabulary(texts, stems=20, pieces=150).tokenizer.to_str())"
    )
    run = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert run[0] == run[1] and "##" in run[0]


def test_training_on_nothing_is_refused(tmp_path):
    with pytest.raises(InputError, match="texts to train on"):
        train_encoder([TitledText("Titre", "…")], (), tmp_path / "out", RECIPE)


def test_forms_of_a_word_share_a_row_and_punctuation_has_none():
    vocabulary = build_vocabulary(["Les habitants, l'habitant et l'habitante !", "Les Œuvres de l'œuvre ; élève, élèves"] * 3)
    ids = {token: vocabulary.tokenizer.token_to_id(token) for token in ("habitants", "habitant", "eleve", "eleves", "oeuvre", ",")}
    row = {token: int(vocabulary.mapping[number]) for token, number in ids.items() if number is not None}
    assert row["eleve"] == row["eleves"] > 0 and row["habitants"] == row["habitant"] != row["eleve"]
    assert vocabulary.tokenizer.encode("l’Œuvre").tokens[-1] == "oeuvre" == fold("Œuvre")
    assert all(vocabulary.weights[n] == 0 for n in np.flatnonzero(vocabulary.mapping == 0))
    assert vocabulary.rows == vocabulary.mapping.max() + 1


def test_blocks_hold_all_the_words_in_order():
    text = "\n".join(f"Phrase numéro {n} du texte, assez longue pour compter." for n in range(100))
    blocks = split_blocks(text)
    assert " ".join(blocks).split() == text.split()
    assert len(blocks) > 5 and max(len(block.split()) for block in blocks) <= 154


def test_test_and_development_titles_are_never_read():
    titles = [f"Titre {n}" for n in range(64)]
    parts = {title: part_of(title) for title in titles}
    assert set(parts.values()) == {"test", "train", "dev"}
    assert all((sha256(title.encode()).hexdigest()[0] < "8") == (part == "test") for title, part in parts.items())
    documents = [ReadDocument(f"d/{n}", title, f"Texte de {title}.") for n, title in enumerate([*titles, "Ailleurs"])]
    questions = [AskedQuestion(f"Question sur {title} ?", title, f"d/{n}") for n, title in enumerate(titles)]
    read = {item.title for item in titled_texts(documents, questions)}
    assert read == {title for title, part in parts.items() if part == "train"} | {"Ailleurs"}
    assert {pair.text for pair in question_pairs(questions, documents)} == {
        f"Texte de {t}." for t, part in parts.items() if part == "train"
    }


def test_a_line_of_questions_may_name_its_part_its_weight_and_the_place_of_the_answer(tmp_path):
    text = " ".join(f"mot{n}" for n in range(1000))
    at = text.index("mot500")
    test_title = next(f"Titre {n}" for n in range(64) if part_of(f"Titre {n}") == "test")
    lines = [
        {"question": "Où ?", "title": test_title, "document_id": "d", "split": "train", "weight": 0.4, "start": at},
        {"question": "Quand ?", "title": test_title, "document_id": "d"},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)))
    written, asked = read_questions([tmp_path / "q.jsonl"])
    assert (written.part, written.weight) == ("train", 0.4)
    assert (asked.part, asked.weight) == ("test", 1.0)
    (pair,) = question_pairs([written, asked], [ReadDocument("d", test_title, text)])
    words = pair.text.split()
    assert "mot500" in words and set(words) <= set(text.split()) and 800 < len(pair.text) <= 1000


@pytest.mark.parametrize("wrong", [{"split": "essai"}, {"start": -1}, {"start": "12"}, {"weight": 0}, {"weight": "1"}])
def test_a_question_with_a_wrong_part_place_or_weight_is_refused(wrong, tmp_path):
    (tmp_path / "q.jsonl").write_text(json.dumps({"question": "Où ?", "title": "T", "document_id": "d", **wrong}))
    with pytest.raises(InputError, match=next(iter(wrong))):
        read_questions([tmp_path / "q.jsonl"])


def test_files_are_read_gzipped_or_not_and_refused_by_line(tmp_path):
    rows = [{"id": "a", "title": "T", "text": "X", "licence": "CC0-1.0"}]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    with gzip.open(tmp_path / "b.jsonl.gz", "wt") as stream:
        stream.write(json.dumps(rows[0]))
    assert read_documents([tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"]) == [ReadDocument("a", "T", "X")] * 2
    quiz = {"question": "Qui ?", "answer": "Elle", "anecdote": "Elle vint en barque un soir."}
    (tmp_path / "quiz.jsonl").write_text(json.dumps(quiz))
    assert [pair.query for pair in quiz_pairs(tmp_path / "quiz.jsonl")] == ["Qui ? Elle", "Qui ?"]
    for name, content in (("bad.jsonl", b'{"id": 1}'), ("cut.jsonl.gz", b"\x1f\x8b\x08"), ("latin.jsonl", b'"\xe9"'), ("not.jsonl", b"{")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=name):
            read_documents([tmp_path / name])
    with pytest.raises(InputError):
        read_documents([tmp_path / "absent.jsonl"])
