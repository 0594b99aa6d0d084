"""The rows as bars against their targets, in SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from .table import Row

__all__ = ["svg"]

LEFT, RIGHT, STEP, TOP = 430, 330, 24, 56
FONT = 'font-family="sans-serif" font-size="12"'
LEAST, MOST = 1 / 32, 4.0


def _x(fraction: float) -> float:
    """Return a place on a logarithmic axis: half of a target is as far from it as its double."""
    held = min(max(fraction, LEAST), MOST)
    return LEFT + RIGHT * math.log(held / LEAST) / math.log(MOST / LEAST)


def svg(rows: Sequence[Row]) -> str:
    height = TOP + STEP * len(rows) + 24
    width = LEFT + RIGHT + 150
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {FONT} role="img">',
        "<title>Measured over target</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        '<text x="12" y="22" font-size="15" fill="#1f2933">Measured ÷ target: left of the line is met</text>',
    ]
    for tick in (1 / 16, 1 / 4, 1 / 2, 1, 2):
        strong = tick == 1
        x = _x(tick)
        colour = "#1f2933" if strong else "#d5dbe1"
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{height - 20}" stroke="{colour}"/>')
        parts.append(f'<text x="{x:.1f}" y="{TOP - 13}" text-anchor="middle" fill="#52606d">{tick:g}</text>')
    for number, row in enumerate(rows):
        parts += _bar(row, TOP + STEP * number)
    return "\n".join([*parts, "</svg>", ""])


def _bar(row: Row, y: int) -> list[str]:
    plain = row.what.replace("`", "")
    title = escape(plain if len(plain) <= 64 else f"{plain[:63]}…")
    label = f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end" fill="#1f2933">{title}</text>'
    if row.fraction is None:
        return [label, f'<text x="{LEFT + 6}" y="{y + 13}" fill="#52606d">not measured</text>']
    met = row.fraction <= 1
    colour, end = ("#2f855a" if met else "#c05621"), _x(row.fraction)
    shown = escape(f"{row.measured.partition(' (')[0]} ({row.target.partition(' × ')[0]})")
    return [
        label,
        f'<rect x="{LEFT}" y="{y + 3}" width="{max(end - LEFT, 1):.1f}" height="{STEP - 10}" fill="{colour}"/>',
        f'<text x="{max(end, _x(1)) + 6:.1f}" y="{y + 13}" fill="#1f2933">{shown}</text>',
    ]
