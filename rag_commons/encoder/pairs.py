"""Training pairs: what a person may write, and the passage that answers.

No sentence of a question set is needed: a query is drawn from the passage itself (a window of its words, with or without its
title), so pairs are drawn anew at each epoch. Written pairs (question → passage) come on top where there are some.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag_commons.encoder.words import WordIds

Ids = NDArray[np.int32]

_BLANK = re.compile(r"\s+")
_BREAK = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class TitledText:
    """A text with its title; `share` is how many of its passages are drawn at an epoch (1 = each once, 0.1 = a tenth)."""

    title: str
    text: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class WrittenPair:
    """A question someone wrote and the passage that answers it; drawn `times` at each epoch."""

    query: str
    text: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Blocks:
    """Passages as token ids: `titles[i]` and `texts[i]`; `following[i]` is the next passage of the same text, or -1."""

    titles: list[Ids]
    texts: list[Ids]
    following: NDArray[np.int32]
    share: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pairs of an epoch: query ids, passage ids and the number of the passage, equal for pairs that must not oppose each other."""

    queries: list[Ids]
    texts: list[Ids]
    keys: NDArray[np.int64]


def split_blocks(text: str, words: int = 110) -> list[str]:
    """Cut a text into blocks of about `words` words at ends of sentences."""
    blocks: list[str] = []
    current: list[str] = []
    size = 0
    for sentence in _BREAK.split(text):
        length = len(sentence.split())
        if size and size + length > 1.4 * words:
            blocks.append(" ".join(current))
            current, size = [], 0
        current.append(sentence)
        size += length
        if size >= words:
            blocks.append(" ".join(current))
            current, size = [], 0
    if size >= 8 or (size and not blocks):
        blocks.append(" ".join(current))
    return [_BLANK.sub(" ", block).strip() for block in blocks]


def tokenise_blocks(texts: Iterable[TitledText], tokenizer: Tokenizer, mapping: Ids) -> Blocks:
    """Cut the texts into blocks and return their token ids, those of row 0 left out."""
    titles: list[str] = []
    blocks: list[str] = []
    following: list[int] = []
    share: list[float] = []
    for item in texts:
        cut = split_blocks(item.text)
        following += [*range(len(blocks) + 1, len(blocks) + len(cut)), *([-1] if cut else [])]
        blocks += cut
        titles += [item.title] * len(cut)
        share += [item.share] * len(cut)
    return Blocks(
        tokenise(titles, tokenizer, mapping),
        tokenise(blocks, tokenizer, mapping),
        np.array(following, dtype=np.int32),
        np.array(share, dtype=np.float32),
    )


def tokenise(texts: Sequence[str], tokenizer: Tokenizer, mapping: Ids) -> list[Ids]:
    """Return the token ids of each text, those of row 0 left out."""
    return [np.array(ids, dtype=np.int32) for ids in WordIds(tokenizer, mapping > 0).of(texts)]


def draw_pairs(blocks: Blocks, rng: np.random.Generator) -> Drawn:
    """Draw the pairs of an epoch from the blocks: title and words → passage, window → rest, passage → next passage."""
    queries: list[Ids] = []
    texts: list[Ids] = []
    keys: list[int] = []
    times = np.floor(blocks.share + rng.random(len(blocks.share))).astype(int)
    for number in np.flatnonzero(times):
        text = blocks.texts[number]
        if len(text) < 12:
            continue
        for _ in range(times[number]):
            for query, passage in _draw_from(text, blocks.titles[number], rng):
                queries.append(query)
                texts.append(passage)
                keys.append(int(number))
        after = blocks.following[number]
        if after >= 0 and rng.random() < 0.5 and len(blocks.texts[after]) >= 12:
            queries.append(text)
            texts.append(blocks.texts[after])
            keys.append(int(after))
    return Drawn(queries, texts, np.array(keys, dtype=np.int64))


def _draw_from(text: Ids, title: Ids, rng: np.random.Generator) -> list[tuple[Ids, Ids]]:
    """Draw a query of words under the title, and a cloze: a window of the passage against what is left of it."""
    start, length = int(rng.integers(0, len(text) - 8)), int(rng.integers(5, 20))
    window = text[start : start + length]
    rest = np.concatenate((text[:start], text[start + length :]))
    if len(rest) < 6 or rng.random() < 0.3:
        rest = text
    near = text[(begin := int(rng.integers(0, len(text) - 8))) : begin + 16]
    words = near[rng.random(len(near)) < 0.5]
    asked = np.concatenate((title[:12], words)) if rng.random() < 0.7 else words
    pairs = [(window, rest)]
    if len(asked):
        pairs.append((asked, text))
    if len(title):
        pairs.append((title[:12], text))
    return pairs
