"""Any encoder of rag-commons as a llama-index embedding; llama-index's own wrapper refuses static models."""

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from rag_commons.encoder import Encoder, load_encoder


class CommonsEmbedding(BaseEmbedding):
    """Embeds with an encoder of rag-commons, by default the shipped French one."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder | None = None) -> None:
        chosen = encoder or load_encoder()
        super().__init__(model_name=chosen.id, embed_batch_size=256)
        self._encoder = chosen

    def _get_query_embedding(self, query: str) -> list[float]:
        return list(map(float, self._encoder.encode_query(query)))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, row)) for row in self._encoder.encode_documents(texts)]
