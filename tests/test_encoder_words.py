"""Words looked up one by one give the tokens of the whole text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import BPE, WordPiece
from tokenizers.normalizers import BertNormalizer, Lowercase, Replace, Sequence
from tokenizers.pre_tokenizers import BertPreTokenizer, ByteLevel, Metaspace

from rag_commons.encoder.folder import read_static
from rag_commons.encoder.loading import WEIGHTS
from rag_commons.encoder.words import WordIds

FOLDER = read_static(WEIGHTS)
WORDS = WordIds(FOLDER.tokenizer, FOLDER.weights != 0)
PIECES = {piece: number for number, piece in enumerate(["[UNK]", "la", "mer", "##s", ",", "'", "a", "##a", "la mer"])}
HARD = "aé\u0301œŒæİß'’-—« »\u00a0\u202f\u00ad\u200b\ufeff\t\r\x1c\x85\u2028\n,.;:!?()[]/…1²中ﬁΣς\U0001f600"


def expected(tokenizer, weights, text):
    return [number for number in tokenizer.encode(text, add_special_tokens=False).ids if weights[number]]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text(alphabet=HARD, max_size=40)))
@example("L'Œuvre d’Ælfric — 1 234,5 € : aujourd'hui?!… « Île-de-la-Réunion »")
@example("e\u0301te\u0301 '\u0301a \u0301 a\u00adb " + "z" * 70)
def test_any_text_has_the_tokens_of_the_tokenizer(text):
    assert list(WORDS.of([text, "la mer", text])) == [expected(FOLDER.tokenizer, FOLDER.weights, one) for one in (text, "la mer", text)]


def word_piece(**parts):
    tokenizer = Tokenizer(WordPiece(PIECES, unk_token="[UNK]"))
    tokenizer.normalizer = parts.get("normalizer", BertNormalizer())
    tokenizer.pre_tokenizer = parts.get("pre", BertPreTokenizer())
    tokenizer.add_tokens(parts.get("added", []))
    return tokenizer


def byte_pairs():
    tokenizer = Tokenizer(BPE(PIECES, []))
    tokenizer.pre_tokenizer = ByteLevel()
    return tokenizer


@pytest.mark.parametrize(
    ("tokenizer", "alone"),
    [
        (word_piece(), True),
        (word_piece(normalizer=Sequence([Replace("œ", "oe"), BertNormalizer()])), True),
        # what looks at more than one word is asked for the whole text
        (word_piece(normalizer=Sequence([Replace("a m", "am"), BertNormalizer()])), False),
        (word_piece(normalizer=Lowercase()), False),
        (word_piece(pre=Metaspace()), False),
        (word_piece(added=[AddedToken("la mer")]), False),
        (byte_pairs(), False),
    ],
)
def test_points_count_where_they_weigh_and_only_words_that_stand_alone_are_looked_up(tokenizer, alone):
    weights = FOLDER.weights[:1].repeat(len(PIECES)) * 0 + 1
    words = WordIds(tokenizer, weights != 0)
    texts = ["la mer, l'a", "La mers\nla  mer", "", "la"]
    assert list(words.of(texts)) == [expected(tokenizer, weights, text) for text in texts]
    assert bool(words) == alone
