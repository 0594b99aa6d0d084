"""Lines over a number of something, in SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

__all__ = ["HEIGHT", "LEFT", "TOP", "WIDTH", "lines_of", "whole"]

WIDTH, HEIGHT = 380, 250
LEFT, TOP = 64, 52
Point = tuple[float, float]


class _Axis(NamedTuple):
    least: float
    most: float

    def place(self, value: float, length: float) -> float:
        return length * math.log(value / self.least) / math.log(self.most / self.least)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(-6, 8) if self.least <= 10.0**power <= self.most]


def whole(title: str, width: int, height: int, parts: Sequence[str]) -> str:
    """Return the picture."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        f' font-size="12" role="img"><title>{escape(title)}</title>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    )
    return "\n".join([head, *parts, "</svg>", ""])


def lines_of(
    lines: Mapping[str, Sequence[Point]], title: str, x0: int, y0: int, colours: Mapping[str, str]
) -> list[str]:
    """Return one plot with a line for each name. Both axes are logarithmic."""
    points = [point for found in lines.values() for point in found]
    if not points:
        return []
    across = _Axis(min(level for level, _ in points) * 0.9, max(level for level, _ in points) * 1.1)
    up = _Axis(min(value for _, value in points) * 0.8, max(value for _, value in points) * 1.25)
    parts = [f'<text x="{x0}" y="{y0 - 14}" font-size="14" fill="#1f2933">{title}</text>']
    for value in up.ticks():
        y = y0 + HEIGHT - up.place(value, HEIGHT)
        parts.append(f'<line x1="{x0}" x2="{x0 + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d5dbe1"/>')
        parts.append(f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#52606d">{value:,.0f}</text>')
    for level in sorted({level for level, _ in points}):
        x = x0 + across.place(level, WIDTH)
        parts.append(f'<text x="{x:.1f}" y="{y0 + HEIGHT + 18}" text-anchor="middle" fill="#52606d">{level:,}</text>')
    parts.append(f'<line x1="{x0}" x2="{x0 + WIDTH}" y1="{y0 + HEIGHT}" y2="{y0 + HEIGHT}" stroke="#1f2933"/>')
    ends = sorted((y0 + HEIGHT - up.place(found[-1][1], HEIGHT), side) for side, found in lines.items() if found)
    lowest = -math.inf
    for y, side in ends:
        lowest = max(y, lowest + 14)
        found = [
            (x0 + across.place(level, WIDTH), y0 + HEIGHT - up.place(value, HEIGHT)) for level, value in lines[side]
        ]
        path = " ".join(f"{x:.1f},{value:.1f}" for x, value in found)
        colour = colours[side]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{value:.1f}" r="3" fill="{colour}"/>' for x, value in found]
        name = escape(side)
        parts.append(f'<text x="{x0 + WIDTH + 8}" y="{lowest + 4:.1f}" fill="{colour}">{name}</text>')
    return parts
