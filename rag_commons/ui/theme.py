"""The look of the page: Gradio's base theme in bottle green, with the fonts that every system already has."""

import gradio as gr

_GREEN = gr.themes.Color(
    *("#eef6f2", "#dcece4", "#b9d9ca", "#8cc1a9", "#4f9f80", "#1d7a5b", "#0b5d46", "#094c3a", "#083f31", "#073429", "#04211a"),
    name="bottle",
)
_STONE = gr.themes.Color(
    *("#f6f8f6", "#eef2ef", "#d5ddd7", "#b6c1b9", "#8b988f", "#65736a", "#4f5d55", "#3a463f", "#232d27", "#161e1a", "#0d1310"),
    name="stone-green",
)


def theme() -> gr.themes.Base:
    """Return the theme; no font of it is fetched, from here or elsewhere."""
    fonts = ("system-ui", "-apple-system", "Segoe UI", "sans-serif")
    return gr.themes.Base(
        primary_hue=_GREEN,
        secondary_hue=_GREEN,
        neutral_hue=_STONE,
        radius_size=gr.themes.sizes.radius_md,
        text_size=gr.themes.sizes.text_lg,
        font=fonts,
        font_mono=("ui-monospace", "Consolas", "monospace"),
    ).set(
        body_background_fill="#f6f8f6",
        body_background_fill_dark="#0d1310",
        body_text_color="#15201a",
        body_text_color_dark="#e8eee9",
        body_text_color_subdued="#4f5d55",
        body_text_color_subdued_dark="#a6b4ab",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_border_width_dark="0px",
        block_padding="0",
        block_label_text_color="#15201a",
        block_label_text_color_dark="#e8eee9",
        block_title_text_color="#15201a",
        block_title_text_color_dark="#e8eee9",
        block_info_text_color="#4f5d55",
        block_info_text_color_dark="#a6b4ab",
        input_background_fill="#ffffff",
        input_background_fill_dark="#161e1a",
        input_border_width="1px",
        input_border_width_dark="1px",
        input_border_color="#8b988f",
        input_border_color_dark="#65736a",
        input_border_color_focus="#0b5d46",
        input_border_color_focus_dark="#7cd6b4",
        input_placeholder_color="#4f5d55",
        input_placeholder_color_dark="#a6b4ab",
        color_accent="*primary_600",
        checkbox_background_color_selected="#0b5d46",
        checkbox_label_background_fill="#ffffff",
        checkbox_label_background_fill_dark="#161e1a",
        checkbox_label_background_fill_hover="#eef6f2",
        checkbox_label_background_fill_hover_dark="#232d27",
        checkbox_label_border_width="1px",
        checkbox_label_border_width_dark="1px",
        checkbox_label_border_color="#8b988f",
        checkbox_label_border_color_dark="#65736a",
        button_primary_background_fill="#0b5d46",
        button_primary_background_fill_hover="#094c3a",
        button_primary_background_fill_dark="#7cd6b4",
        button_primary_background_fill_hover_dark="#b9d9ca",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#04211a",
        link_text_color="#0b5d46",
        link_text_color_dark="#7cd6b4",
        link_text_color_hover="#094c3a",
        link_text_color_hover_dark="#b9d9ca",
    )
