"""Prompts: what is put before a question or a passage, as the model's folder says or as one asks."""

from collections.abc import Mapping

from rag_commons.encoder.contract import Settings

AS_IT_IS = Settings()
_DOCUMENT = ("document", "passage", "corpus")  # the order of SentenceTransformer.encode_document


def effective_prompts(settings: Settings, own: Mapping[str, str | None]) -> tuple[str, str]:
    """Return what is put before a question and before a passage; `own` are the prompts of the model by name."""
    document = next((own[name] for name in _DOCUMENT if name in own), None)
    asked = (settings.query_prompt, own.get("query")), (settings.document_prompt, document)
    query, passage = (given if given is not None else by_itself or "" for given, by_itself in asked)
    return query, passage
