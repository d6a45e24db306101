"""Plots: bars with their intervals as inline SVG, which needs no library, no script and no colour to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag_commons.evaluation.page.words import figure, percent
from rag_commons.rendering.escaping import escape_line

_WIDTH = 780
_LEFT = 220
_RIGHT = 170
_ROW = 26
_LABEL = 29
_SPAN = _WIDTH - _LEFT - _RIGHT


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its value and its interval, from 0 to 1 (J may go down to -1, drawn from 0); `series` numbers the system."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    series: int = 0


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Return an SVG figure of horizontal bars on a scale from 0 to 100."""
    height = _ROW * len(rows) + 30
    drawn = "".join(_bar(row, number * _ROW + 4) for number, row in enumerate(rows))
    grid = "".join(_tick(share / 4, height) for share in range(5))
    said = "; ".join(f"{row.label} {percent(row.value)}" for row in rows)
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape_line(f"{title} : {said}")}">{grid}{drawn}</svg>'
    )


def _tick(share: float, height: int) -> str:
    x = _LEFT + share * _SPAN
    return (
        f'<line class="grid" x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{height - 24}"/>'
        f'<text class="tick" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{100 * share:.0f}</text>'
    )


def _bar(row: Bar, y: int) -> str:
    middle = y + _ROW // 2 - 2
    label = f'<text x="{_LEFT - 8}" y="{middle + 4}" text-anchor="end">{escape_line(_cut(row.label))}</text>'
    if row.value is None:
        return f'{label}<text class="tick" x="{_LEFT + 6}" y="{middle + 4}">–</text>'
    width = max(0.0, min(1.0, row.value)) * _SPAN
    box = f'<rect class="s{row.series % 4}" x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_ROW - 8}" rx="2"/>'
    text = f'<text x="{_WIDTH - _RIGHT + 8}" y="{middle + 4}">{figure(row.value, "tspan")}{_said(row)}</text>'
    return label + box + _whisker(row, middle) + text


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"


def _said(row: Bar) -> str:
    return f" [{figure(row.low, 'tspan')} ; {figure(row.high, 'tspan')}]" if row.low is not None and row.high is not None else ""


def _whisker(row: Bar, y: int) -> str:
    if row.low is None or row.high is None:
        return ""
    left, right = (_LEFT + max(0.0, min(1.0, end)) * _SPAN for end in (row.low, row.high))
    return f'<path class="whisker" d="M{left:.1f} {y}H{right:.1f}M{left:.1f} {y - 4}V{y + 4}M{right:.1f} {y - 4}V{y + 4}"/>'
