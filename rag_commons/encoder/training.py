"""Training of a static encoder: a table of rows learnt by contrast, in plain torch, on two CPU cores in a few minutes.

1. the vocabulary is learnt (`vocabulary.py`), each token weighed by inverse document frequency;
2. the rows start from the singular vectors of the passages × rows matrix, with some noise so that rare words differ;
3. pairs are drawn anew at each epoch (`pairs.py`) and the others of the batch are the wrong answers (InfoNCE, both ways);
4. rows and weights are written in the layout that sentence-transformers reads.

The same texts and seed give the same vocabulary and pairs, and the same weights up to the rounding of sums, about 1e-6.
"""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from rag_commons.encoder.corpus import (
    LONG,
    question_pairs,
    quiz_pairs,
    read_documents,
    read_questions,
    titled_texts,
    vocabulary_texts,
)
from rag_commons.encoder.folder import StaticFolder, read_static, write_static
from rag_commons.encoder.pairs import Blocks, Drawn, Ids, TitledText, WrittenPair, draw_pairs, tokenise, tokenise_blocks
from rag_commons.encoder.recall import measure_recall
from rag_commons.encoder.static import StaticEncoder
from rag_commons.encoder.vocabulary import Vocabulary, build_vocabulary
from rag_commons.errors import InputError


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a training."""

    dimension: int = 384
    epochs: int = 4
    batch: int = 2048
    rate: float = 0.002
    temperature: float = 0.06
    noise: float = 2.0
    dropout: float = 0.1
    seed: int = 20260101
    threads: int = 2


# chosen on PIAF's development questions among the 130,000 passages of the pool: R@1 36 before, 40 after 2 epochs at 0.001, 48 after these
ADAPTING = Recipe(epochs=8, rate=0.003)
_LEAST_BATCH = 512


@dataclass(frozen=True, slots=True)
class Table:
    """Learnt weights: `rows` (rows, dimension), and `weights`, one a token."""

    rows: NDArray[np.float32]
    weights: NDArray[np.float32]


def _say_nothing(_: str) -> None:
    """Keep progress to oneself."""


def _count_nothing(_: int, __: int) -> None:
    """Count no step."""


def train_from_files(
    corpus: Sequence[Path],
    out: Path,
    *,
    questions: Sequence[Path] = (),
    quiz: Path | None = None,
    recipe: Recipe | None = None,
    progress: Callable[[str], None] = _say_nothing,
) -> dict[int, float]:
    """Train on files of documents, questions and quiz, write the folder, and return its recall on the development questions.

    Raises InputError for a file that cannot be read.
    """
    documents = read_documents(corpus)
    asked = read_questions(questions)
    written = [*question_pairs(asked, documents), *(quiz_pairs(quiz) if quiz else ())]
    train_encoder(titled_texts(documents, asked), written, out, recipe, progress=progress)
    unseen = [question for question in asked if question.part == "dev"]
    pool = [document for document in documents if len(document.text) <= LONG]
    return measure_recall(StaticEncoder(out), unseen, pool) if unseen else {}


def train_encoder(
    texts: Sequence[TitledText],
    written: Sequence[WrittenPair],
    out: Path,
    recipe: Recipe | None = None,
    *,
    progress: Callable[[str], None] = _say_nothing,
) -> None:
    """Train a static encoder from nothing and write its folder; raises InputError when there is nothing to read in the texts."""
    recipe = recipe or Recipe()
    vocabulary = build_vocabulary(vocabulary_texts(texts, written))
    progress(f"vocabulary: {len(vocabulary.mapping)} tokens, {vocabulary.rows} rows")
    blocks = tokenise_blocks(texts, vocabulary.tokenizer, vocabulary.mapping)
    progress(f"passages: {len(blocks.texts)}")
    if not any(len(text) for text in blocks.texts):
        raise InputError("texts to train on", "none with a word", "give files of documents")
    table = train_table(blocks, written, vocabulary, recipe, progress=progress)
    _write(out, vocabulary, table)


def adapt_encoder(
    texts: Iterable[TitledText],
    base: Path,
    out: Path,
    recipe: Recipe | None = None,
    *,
    progress: Callable[[str], None] = _say_nothing,
    step: Callable[[int, int], None] = _count_nothing,
) -> None:
    """Go on training the static encoder of `base` on the texts of a corpus, no questions needed, and write it to `out`.

    The vocabulary and the prompts stay those of `base`. `step` is told the pairs that were seen, and of how many. Raises
    EncoderUnusable when `base` is not the folder of a static encoder.
    """
    folder = read_static(base)
    recipe = recipe or ADAPTING
    vocabulary = Vocabulary(folder.tokenizer, folder.mapping.astype(np.int32), folder.weights, len(folder.rows))
    blocks = tokenise_blocks(texts, vocabulary.tokenizer, vocabulary.mapping)
    # in a small corpus a batch of the usual size would be an epoch
    recipe = replace(recipe, batch=min(recipe.batch, max(_LEAST_BATCH, len(blocks.texts) // 2)))
    table = train_table(blocks, (), vocabulary, recipe, start=Table(folder.rows, folder.weights), progress=progress, step=step)
    _write(out, vocabulary, table, folder.prompts)


def _write(out: Path, vocabulary: Vocabulary, table: Table, prompts: dict[str, str] | None = None) -> None:
    write_static(out, StaticFolder(vocabulary.tokenizer, table.rows, vocabulary.mapping.astype(np.int64), table.weights, prompts or {}))


def start_rows(blocks: Blocks, vocabulary: Vocabulary, recipe: Recipe) -> NDArray[np.float32]:
    """Return unit rows: singular vectors of the weighted passages × rows matrix, plus noise (`recipe.noise` times as long)."""
    torch.manual_seed(recipe.seed)
    texts = [np.concatenate((title, text)) for title, text in zip(blocks.titles, blocks.texts, strict=True)]
    lengths = np.array([len(text) for text in texts])
    ids = np.concatenate(texts) if texts else np.zeros(0, dtype=np.int32)
    places = np.stack((np.repeat(np.arange(len(texts)), lengths), vocabulary.mapping[ids]))
    counts = torch.sparse_coo_tensor(
        torch.from_numpy(places), torch.from_numpy(vocabulary.weights[ids]), (len(texts), vocabulary.rows), check_invariants=False
    ).coalesce()
    values = torch.log1p(counts.values())
    squares = torch.zeros(len(texts)).index_add_(0, counts.indices()[0], values**2).sqrt().clamp(min=1e-6)
    matrix = torch.sparse_coo_tensor(
        counts.indices(), values / squares[counts.indices()[0]], counts.shape, check_invariants=False
    ).coalesce()
    width = min(recipe.dimension, *counts.shape)
    _, scale, right = torch.svd_lowrank(matrix, q=width, niter=2)
    learnt = functional.normalize(right * scale.sqrt(), dim=1)
    learnt = functional.pad(learnt, (0, recipe.dimension - width))
    random = functional.normalize(torch.randn(vocabulary.rows, recipe.dimension), dim=1)
    rows: NDArray[np.float32] = functional.normalize(learnt + recipe.noise * random, dim=1).numpy()
    rows[0] = 0.0
    return rows


class Bag(torch.nn.Module):
    """Texts → unit vectors: the weighted sum of the rows of their tokens."""

    def __init__(self, table: Table, mapping: Ids) -> None:
        super().__init__()
        self.rows = torch.nn.Parameter(torch.from_numpy(table.rows.copy()))
        self.gain = torch.nn.Parameter(torch.zeros(len(table.weights)))
        self.register_buffer("start", torch.from_numpy(table.weights.copy()))
        self.register_buffer("mapping", torch.from_numpy(mapping.astype(np.int64)))

    def weights(self) -> torch.Tensor:
        """Return the weight of each token: where it started, times what was learnt."""
        return self.get_buffer("start") * self.gain.exp()

    def forward(self, texts: Sequence[Ids]) -> torch.Tensor:
        """Return one unit vector a text."""
        offsets = torch.from_numpy(np.cumsum([0, *(len(text) for text in texts[:-1])]))
        ids = torch.from_numpy(np.concatenate(texts).astype(np.int64))
        summed = functional.embedding_bag(
            self.get_buffer("mapping")[ids], self.rows, offsets, mode="sum", per_sample_weights=self.weights()[ids]
        )
        return functional.normalize(summed, dim=1)


def train_table(
    blocks: Blocks,
    written: Sequence[WrittenPair],
    vocabulary: Vocabulary,
    recipe: Recipe,
    *,
    start: Table | None = None,
    progress: Callable[[str], None] = _say_nothing,
    step: Callable[[int, int], None] = _count_nothing,
) -> Table:
    """Learn the table from blocks and written pairs, going on from `start` where there is one."""
    # more threads than cores wait for each other
    torch.set_num_threads(min(recipe.threads, len(os.sched_getaffinity(0))))
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    table = start or Table(start_rows(blocks, vocabulary, recipe), vocabulary.weights)
    bag = Bag(table, vocabulary.mapping)
    optimizer = torch.optim.Adam([{"params": [bag.rows], "lr": recipe.rate}, {"params": [bag.gain], "lr": recipe.rate}], betas=(0.9, 0.99))
    pairs = _tokenise_written(written, vocabulary, len(blocks.texts))
    for epoch in range(recipe.epochs):
        drawn = _join(draw_pairs(blocks, rng), pairs)
        if len(drawn.keys) < 2:  # nothing to tell apart
            break
        losses = []
        batches = max(1, len(drawn.keys) // recipe.batch)
        for number, batch in enumerate(_batches(drawn, recipe, rng)):
            progressed = (epoch + number / batches) / recipe.epochs
            step(int(progressed * recipe.epochs * len(drawn.keys)), recipe.epochs * len(drawn.keys))
            for group in optimizer.param_groups:
                group["lr"] = recipe.rate * min(1.0, 20 * progressed + 0.1) * 0.5 * (1 + math.cos(math.pi * progressed))
            loss = _contrast(bag(batch.queries), bag(batch.texts), batch.keys, recipe.temperature)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(loss.item())
        progress(f"epoch {epoch + 1}/{recipe.epochs}: {len(drawn.keys)} pairs, loss {np.mean(losses):.4f}")
    return Table(bag.rows.detach().numpy(), bag.weights().detach().numpy())


def _tokenise_written(written: Sequence[WrittenPair], vocabulary: Vocabulary, first: int) -> Drawn:
    """Return the written pairs as ids; their keys go on after those of the blocks, one a distinct text."""
    queries = tokenise([pair.query for pair in written], vocabulary.tokenizer, vocabulary.mapping)
    texts = tokenise([pair.text for pair in written], vocabulary.tokenizer, vocabulary.mapping)
    numbers = {text: first + number for number, text in enumerate(dict.fromkeys(pair.text for pair in written))}
    kept = [n for n, pair in enumerate(written) for _ in range(pair.times) if len(queries[n]) and len(texts[n])]
    return Drawn([queries[n] for n in kept], [texts[n] for n in kept], np.array([numbers[written[n].text] for n in kept], dtype=np.int64))


def _join(one: Drawn, other: Drawn) -> Drawn:
    return Drawn([*one.queries, *other.queries], [*one.texts, *other.texts], np.concatenate((one.keys, other.keys)))


def _batches(drawn: Drawn, recipe: Recipe, rng: np.random.Generator) -> Iterator[Drawn]:
    """Yield the pairs in random order, with some tokens dropped from each side; the last short batch is left out if not alone."""
    order = rng.permutation(len(drawn.keys))
    for begin in range(0, max(1, len(order) - recipe.batch + 1), recipe.batch):
        chosen = order[begin : begin + recipe.batch]
        yield Drawn(
            [_drop(drawn.queries[n], recipe.dropout, rng) for n in chosen],
            [_drop(drawn.texts[n], recipe.dropout, rng) for n in chosen],
            drawn.keys[chosen],
        )


def _drop(ids: Ids, dropout: float, rng: np.random.Generator) -> Ids:
    kept = ids[rng.random(len(ids)) >= dropout]
    return kept if len(kept) else ids


def _contrast(queries: torch.Tensor, texts: torch.Tensor, keys: NDArray[np.int64], temperature: float) -> torch.Tensor:
    """Return the symmetric InfoNCE loss; pairs about one passage are not opposed to each other."""
    scores = queries @ texts.T / temperature
    key = torch.from_numpy(keys)
    same = (key[:, None] == key[None, :]) & ~torch.eye(len(keys), dtype=torch.bool)
    scores = scores.masked_fill(same, -1e4)
    target = torch.arange(len(keys))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
