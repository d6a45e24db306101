"""Recall of an encoder alone: how often the passage that answers a question is among the k nearest."""

from collections.abc import Sequence

import numpy as np

from rag_commons.encoder.contract import Encoder
from rag_commons.encoder.corpus import AskedQuestion, ReadDocument
from rag_commons.encoder.pairs import split_blocks


def measure_recall(
    encoder: Encoder, questions: Sequence[AskedQuestion], documents: Sequence[ReadDocument], cutoffs: Sequence[int] = (1, 5, 20)
) -> dict[int, float]:
    """Return R@k for each cutoff: the share of questions with fewer than k passages nearer than the best one of their document."""
    blocks = [(document.id, block) for document in documents for block in split_blocks(document.text)]
    owners = np.array([owner for owner, _ in blocks])
    passages = encoder.encode_documents([block for _, block in blocks])
    nearer = []
    for question in questions:
        scores = passages @ encoder.encode_query(question.question)
        own = scores[owners == question.document_id]
        nearer.append(int((scores > own.max()).sum()) if len(own) else len(blocks))
    return {k: float(np.mean([count < k for count in nearer])) for k in cutoffs}
