"""The page over the sample index, for hosts that start a Gradio project by its `app.py`; `rag-commons serve` does the same for any index.

Environment: RAG_COMMONS_INDEX (default `indexes/sample`), HOST, PORT, RAG_COMMONS_CONTACT (whom to write to about a text),
RAG_COMMONS_PASSWORD, RAG_COMMONS_LLM (a language model that writes, as `--llm` names it) and RAG_COMMONS_LLM_KEY.
"""

import os
import sys
from pathlib import Path

from rag_commons.errors import CommonsError
from rag_commons.server.launch import serve


def main() -> int:
    """Serve the index that the environment names; a user's mistake is one line on stderr."""
    try:
        serve(
            index=Path(os.environ.get("RAG_COMMONS_INDEX", "indexes/sample")),
            host=os.environ.get("HOST", "127.0.0.1"),
            port=int(os.environ.get("PORT", "7860")),
            contact=os.environ.get("RAG_COMMONS_CONTACT") or None,
            password=os.environ.get("RAG_COMMONS_PASSWORD") or None,
            llm=os.environ.get("RAG_COMMONS_LLM") or None,
            llm_key=os.environ.get("RAG_COMMONS_LLM_KEY") or None,
        )
    except (CommonsError, ValueError) as error:
        print(f"rag-commons: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
