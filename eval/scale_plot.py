"""The curve of bench_scale.py: one SVG, no library. Left, what a question costs by size; right, what each kind finds for its time."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_SIZE = (960, 392)
_TOP, _BOTTOM, _WIDE = 52, 318, 380
_LEFTS = (64, 548)
_COLOURS = {
    "flat-sq8": "#0b5394",
    "flat-rabitq": "#7a4ea3",
    "ivf-sq8": "#b45f06",
    "ivf-rabitq": "#38761d",
    "hnsw-sq8": "#990000",
    "rag-commons": "#111111",
}
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.t{font-weight:600;font-size:14px}.g{stroke:#ddd}.a{stroke:#555}"
    "path{fill:none;stroke-width:2}.own{stroke-width:4;stroke-linejoin:round}"
)
_Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Point:
    """A kind of index with a setting, searched at a size; `own` says that rag-commons searches so at that size."""

    kind: str
    passages: int
    core_ms: float
    recall_10: float
    own: bool


def draw(points: Sequence[Point], recall: float, path: Path) -> None:
    """Write the two panels; `recall` is the recall@10 that the left one asks of kinds other than ours."""
    largest = max(point.passages for point in points)
    low, high = _decades([point.core_ms for point in points])
    y = _log(low, high, _BOTTOM, _TOP)
    kinds = [*dict.fromkeys(point.kind for point in points), "rag-commons"]
    body = [
        *_legend(kinds),
        *_grid(low, high, y),
        *_by_size(points, recall, y),
        *_by_recall([p for p in points if p.passages == largest], largest, y),
    ]
    width, height = _SIZE
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="ms of one core by size and recall">'
    )
    path.write_text(f'{head}<style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>\n', encoding="utf-8")


def _by_size(points: Sequence[Point], recall: float, y: _Scale) -> Iterator[str]:
    sizes = sorted({point.passages for point in points})
    x = _log(sizes[0], sizes[-1], _LEFTS[0] + 12, _LEFTS[0] + _WIDE - 20)
    yield _text(_LEFTS[0], 22, f"ms of one core a question, for a recall@10 of {recall}", "t")
    for size in sizes:
        yield _text(x(size), _BOTTOM + 20, _short(size), anchor="middle")
    yield _text(_LEFTS[0] + _WIDE / 2, _BOTTOM + 42, "passages", anchor="middle")
    for kind in dict.fromkeys(point.kind for point in points):
        enough = [min((p for p in points if _serves(p, kind, size, recall)), key=lambda p: p.core_ms, default=None) for size in sizes]
        yield from _line([(x(p.passages), y(p.core_ms)) for p in enough if p], kind)
    own = [(x(p.passages), y(p.core_ms)) for p in sorted((p for p in points if p.own), key=lambda p: p.passages)]
    yield from _line(own, "rag-commons")


def _serves(point: Point, kind: str, size: int, recall: float) -> bool:
    return point.kind == kind and point.passages == size and point.recall_10 >= recall


def _by_recall(points: Sequence[Point], size: int, y: _Scale) -> Iterator[str]:
    left, right = _LEFTS[1], _LEFTS[1] + _WIDE
    least = math.floor(10 * min(point.recall_10 for point in points)) / 10

    def x(recall: float) -> float:
        return left + (recall - least) / (1 - least) * (right - left)

    yield _text(left, 22, f"ms of one core and recall@10, {_short(size)} passages", "t")
    for number in range(round(10 * least), 11):
        yield _text(x(number / 10), _BOTTOM + 20, f"{number / 10:.1f}", anchor="middle")
    yield _text((left + right) / 2, _BOTTOM + 42, "recall@10", anchor="middle")
    for kind in dict.fromkeys(point.kind for point in points):
        found = [p for p in points if p.kind == kind and not any(_beats(other, p) for other in points if other.kind == kind)]
        yield from _line([(x(p.recall_10), y(p.core_ms)) for p in sorted(found, key=lambda p: p.recall_10)], kind)
    for point in points:
        if point.own:
            yield f'<circle cx="{x(point.recall_10):.1f}" cy="{y(point.core_ms):.1f}" r="8" fill="none" stroke="#111" stroke-width="3"/>'


def _beats(one: Point, other: Point) -> bool:
    return one.recall_10 >= other.recall_10 and one.core_ms < other.core_ms


def _legend(kinds: Sequence[str]) -> Iterator[str]:
    for number, kind in enumerate(kinds):
        x = _LEFTS[0] + 120 * number
        yield f'<rect x="{x}" y="{_SIZE[1] - 14}" width="16" height="4" fill="{_COLOURS.get(kind, "#555")}"/>'
        yield _text(x + 22, _SIZE[1] - 8, kind)


def _line(places: Sequence[tuple[float, float]], kind: str) -> Iterator[str]:
    if not places:
        return
    colour = _COLOURS.get(kind, "#555")
    own = kind == "rag-commons"
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dashed = ' class="own" stroke-dasharray="2 7" stroke-linecap="round"' if own else ""
    yield f'<path d="M{steps}" stroke="{colour}"{dashed}/>'
    if not own:
        yield "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places)


def _grid(low: float, high: float, y: _Scale) -> Iterator[str]:
    for left in _LEFTS:
        power = low
        while power <= high * 1.001:
            yield f'<line class="g" x1="{left}" x2="{left + _WIDE}" y1="{y(power):.1f}" y2="{y(power):.1f}"/>'
            yield _text(left - 8, y(power) + 4, f"{power:g}", anchor="end")
            power *= 10
        yield f'<path class="a" stroke-width="1" d="M{left} {_TOP - 8}V{_BOTTOM}H{left + _WIDE}"/>'


def _decades(values: Sequence[float]) -> tuple[float, float]:
    return 10.0 ** math.floor(math.log10(min(values))), 10.0 ** math.ceil(math.log10(max(values)))


def _log(low: float, high: float, start: float, end: float) -> _Scale:
    span = math.log(high / low) or 1.0
    return lambda value: start + math.log(value / low) / span * (end - start)


def _short(size: int) -> str:
    return f"{size / 1e6:g} M" if size >= 1_000_000 else f"{size / 1e3:g} k"


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    marks = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{marks}>{words}</text>'
