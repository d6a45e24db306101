"""The vocabulary of a static encoder: word forms that share the row of their stem, and word pieces for the rest.

The one surprise: there are far more tokens than rows. « habitant » and « habitants » are two tokens and one row, told apart only
by a weight; punctuation is a token of weight nought. The layout (`embeddings`, `mapping`, `weights`) is that of model2vec, which
sentence-transformers reads.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import Stemmer  # type: ignore[import-not-found]
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer, Normalizer, Replace
from tokenizers.normalizers import Sequence as NormalizerSequence
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.trainers import WordPieceTrainer

UNKNOWN = "[UNK]"
_WORD = re.compile(r"[^\W_]+")
_ALPHABET = 200  # letters that can be spelt; a word with another is unknown
_LIGATURES = (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A tokenizer and, for each of its tokens, a row of the table (row 0 is nought) and a weight."""

    tokenizer: Tokenizer
    mapping: NDArray[np.int32]
    weights: NDArray[np.float32]
    rows: int


def fold(word: str) -> str:
    """Return the word in lower case, without accents or ligatures: the form that the tokenizer sees."""
    word = word.lower()
    for ligature, letters in _LIGATURES:
        word = word.replace(ligature, letters)
    return "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")


def count_forms(texts: Iterable[str]) -> Counter[str]:
    """Count the word forms of the texts, accents kept, in lower case."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_WORD.findall(text.lower()))
    return counts


def build_vocabulary(texts: Iterable[str], *, stems: int = 8800, pieces: int = 3900, forms: int = 60000) -> Vocabulary:
    """Build the vocabulary of `texts`: at most `forms` words of the `stems` most frequent stems, and `pieces` for the other words."""
    texts = list(texts)
    counts = count_forms(texts)
    stem_of = _stem_words(counts)
    folded: Counter[str] = Counter()
    for form, count in counts.items():
        folded[fold(form)] += count
    kept = _choose_words(folded, stem_of, stems, forms)
    rest = {word: count for word, count in folded.items() if word not in kept}
    tokens = [UNKNOWN, *kept]
    tokens += [piece for piece in _learn_pieces(rest, pieces) if piece not in kept]
    tokenizer = _tokenizer({token: number for number, token in enumerate(tokens)})
    mapping = _map_rows(tokens, kept, stem_of)
    return Vocabulary(tokenizer, mapping, _weigh(tokenizer, mapping, texts), int(mapping.max()) + 1)


def _stem_words(counts: Counter[str]) -> dict[str, str]:
    """Return the stem of each folded word, taken from its most frequent accented form (the stemmer needs the accents)."""
    best: dict[str, tuple[int, str]] = {}
    for form, count in counts.items():
        word = fold(form)
        best[word] = max(best.get(word, (0, "")), (count, form))
    stemmer = Stemmer.Stemmer("french")
    words = sorted(best)
    stems = stemmer.stemWords([best[word][1] for word in words])
    return {word: word if word.isdigit() else fold(stem) for word, stem in zip(words, stems, strict=True)}


def _choose_words(folded: Counter[str], stem_of: dict[str, str], stems: int, forms: int) -> dict[str, None]:
    """Return the words to keep, most frequent first."""
    weight: Counter[str] = Counter()
    for word, count in folded.items():
        weight[stem_of[word]] += count
    chosen = {stem for stem, _ in sorted(weight.items(), key=lambda item: (-item[1], item[0]))[:stems]}
    words = [word for word in folded if stem_of[word] in chosen and 0 < len(word) <= 40]
    words.sort(key=lambda word: (-folded[word], word))
    return dict.fromkeys(words[:forms])


def _learn_pieces(rest: dict[str, int], pieces: int) -> list[str]:
    """Return the pieces that best spell the words left out, every seen character among them."""
    letters: Counter[str] = Counter()
    for word, count in rest.items():
        letters.update(dict.fromkeys(word, count))
    alphabet = [letter for letter, _ in sorted(letters.items(), key=lambda item: (-item[1], item[0]))[:_ALPHABET]]
    # given as special tokens, letters keep these numbers; left to itself the trainer numbers them, and breaks ties, by chance
    fixed = [UNKNOWN, *alphabet, *("##" + letter for letter in alphabet)]
    model = Tokenizer(WordPiece({UNKNOWN: 0}, unk_token=UNKNOWN))
    trainer = WordPieceTrainer(vocab_size=pieces, show_progress=False, special_tokens=fixed, limit_alphabet=_ALPHABET)

    def repeat() -> Iterator[str]:
        for word in sorted(rest):
            yield from (word for _ in range(min(rest[word], 10)))

    model.train_from_iterator(repeat(), trainer)
    learnt = model.get_vocab()
    return [*fixed[1:], *sorted(learnt.keys() - set(fixed), key=lambda token: learnt[token])]


def _tokenizer(vocabulary: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=64))
    steps: list[Normalizer] = [Replace(ligature, letters) for ligature, letters in _LIGATURES]
    tokenizer.normalizer = NormalizerSequence(
        [*steps, BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True)]
    )
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def _map_rows(tokens: list[str], kept: dict[str, None], stem_of: dict[str, str]) -> NDArray[np.int32]:
    """Give each token its row: one a stem for words, one each for pieces, row 0 for what carries no meaning."""
    rows: dict[str, int] = {}
    mapping = np.zeros(len(tokens), dtype=np.int32)
    for number, token in enumerate(tokens):
        if token == UNKNOWN or not any(c.isalnum() for c in token):
            continue
        key = f"stem {stem_of[token]}" if token in kept else f"piece {token}"
        mapping[number] = rows.setdefault(key, len(rows) + 1)
    return mapping


def _weigh(tokenizer: Tokenizer, mapping: NDArray[np.int32], texts: list[str]) -> NDArray[np.float32]:
    """Weigh tokens by inverse document frequency over the texts; tokens of one row share it, row 0 weighs nothing."""
    seen = np.zeros(int(mapping.max()) + 1)
    for start in range(0, len(texts), 2000):
        for encoding in tokenizer.encode_batch_fast(texts[start : start + 2000], add_special_tokens=False):
            seen[np.unique(mapping[encoding.ids])] += 1
    idf = np.log((len(texts) + 1) / (seen + 0.5))
    idf[0] = 0.0
    return np.maximum(idf, 0.05).astype(np.float32)[mapping] * (mapping > 0)
