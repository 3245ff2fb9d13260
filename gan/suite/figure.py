"""Quality against cost of a suite's groups as an SVG picture, with intervals over seeds.

A plain picture that needs no drawing library: the dashboard draws the same figures from `results.json`.
"""

import math
from collections.abc import Callable
from html import escape

from gan.suite.results import COSTS, QUALITY, Group, Results

WIDTH, PANEL, LEFT, RIGHT, TOP, BOTTOM = 760, 330, 70, 230, 46, 46
POINT, CONTEXT, TEXT = "#1f6aa8", "#808790", "#1b2430"
Scale = Callable[[float], float]
"""From a value to a coordinate."""


def frontier_svg(results: Results) -> str:
    """A panel per data set: FID (log axis, lower is better) over a cost; frontier in colour, the rest grey.

    The cost is training time, or operations where the budget gives every run the same time.
    """
    datasets = list(dict.fromkeys(group.dataset for group in results.groups))
    panels = [_panel(results, dataset, i * PANEL) for i, dataset in enumerate(datasets)]
    height = PANEL * max(1, len(datasets)) + 24
    note = f"{results.budget}; lines: 95 % interval over seeds; {'; '.join(results.machine)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'font-family="sans-serif" font-size="12" fill="{TEXT}" role="img" aria-label="{escape(results.title)}">',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            *panels,
            f'<text x="{LEFT}" y="{height - 8}" font-size="11" fill="{CONTEXT}">{escape(note)}</text>',
            "</svg>\n",
        ]
    )


def _panel(results: Results, dataset: str, top: int) -> str:
    frontiers = {f.cost: set(f.groups) for f in results.frontiers if f.dataset == dataset}
    cost = next(iter(frontiers), "train_s")
    best = frontiers.get(cost, set[str]())
    groups = [g for g in results.groups if g.dataset == dataset and QUALITY in g.metrics and cost in g.cost]
    title = f'<text x="{LEFT}" y="{top + 24}" font-size="14" font-weight="600">FID on {escape(dataset)}</text>'
    if not groups:
        return f'{title}<text x="{LEFT}" y="{top + 60}">No run of this data set is measured yet.</text>'
    x, y = _scale([g.cost[cost].mean for g in groups], LEFT, WIDTH - RIGHT), _log_scale(groups, top)
    parts = [title]
    for tick in _ticks(groups):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#d5dbe2"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>')
    base = top + PANEL - BOTTOM
    largest = max(g.cost[cost].mean for g in groups)
    for spent in (0.0, largest / 2, largest):
        parts.append(_tick(spent, x, base))
    axis = "{} ({})".format(*COSTS[cost])
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{base + 34}" text-anchor="middle">{axis}</text>')
    taken: list[float] = []
    for group in sorted(groups, key=lambda g: g.metrics[QUALITY].mean):
        fid, colour = group.metrics[QUALITY], POINT if group.group in best else CONTEXT
        cx, cy = x(group.cost[cost].mean), y(fid.mean)
        if fid.low is not None and fid.high is not None:
            low = max(fid.low, fid.mean / 10)  # a wide interval may pass zero, where a log axis has no place
            ends = f'y1="{y(low):.1f}" y2="{y(fid.high):.1f}"'
            parts.append(f'<line x1="{cx:.1f}" x2="{cx:.1f}" {ends} stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="5" fill="{colour}"/>')
        label = cy + 4
        while any(abs(label - other) < 14 for other in taken):
            label += 14
        taken.append(label)
        words = f"{escape(_label(group))} {fid.mean:.3g}"
        parts.append(f'<text x="{WIDTH - RIGHT + 14}" y="{label:.1f}" fill="{colour}">{words}</text>')
    return "\n".join(parts)


def _label(group: Group) -> str:
    return ", ".join([group.preset, *(f"{k} {v}" for k, v in group.variation.items())])


def _tick(value: float, x: Scale, base: float) -> str:
    return f'<text x="{x(value):.1f}" y="{base + 16}" text-anchor="middle" fill="{CONTEXT}">{value:.3g}</text>'


def _scale(values: list[float], start: float, end: float) -> Scale:
    low, high = 0.0, max(values) * 1.08
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _bounds(groups: list[Group]) -> tuple[float, float]:
    fids = [group.metrics[QUALITY] for group in groups]
    return min(f.mean for f in fids) / 1.5, max(f.high or f.mean for f in fids) * 1.15


def _log_scale(groups: list[Group], top: int) -> Scale:
    low, high = _bounds(groups)
    start, end = top + PANEL - BOTTOM, top + TOP
    return lambda value: (
        start + (math.log(max(value, low)) - math.log(low)) / (math.log(high) - math.log(low)) * (end - start)
    )


def _ticks(groups: list[Group]) -> list[float]:
    """1, 2 and 5 times powers of ten within the panel."""
    low, high = _bounds(groups)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [tick for p in powers for m in (1, 2, 5) if low <= (tick := m * 10.0**p) <= high]
