"""One block of our HTML on the page: Gradio's own styles stay out of it, and it runs nothing but what we give it.

The one surprise, all over this room: every event but those that stream goes past the queue (`queue=False`). Gradio's page reads its
queued events from one stream, closes it when the last of them ends, and loses one that begins at that very moment.
"""

from urllib.parse import unquote

import gradio as gr


def block(html: str = "", script: str | None = None, name: str | None = None, visible: bool = True) -> gr.HTML:
    """Return a block that shows HTML made by `rag_commons.rendering` or by this room; `script` is what it does by itself."""
    return gr.HTML(html, js_on_load=script, elem_id=name, visible=visible, elem_classes="rc-block", apply_default_css=False)


def told(event: gr.EventData, key: str = "value") -> str:
    """Return what a button of our HTML says, as it was before `data-rc-value` percent-encoded it; "" for what is no text."""
    value = getattr(event, key, "")
    return unquote(value) if isinstance(value, str) else ""
