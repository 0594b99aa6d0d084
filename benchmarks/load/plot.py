"""Calls a second and p99 over the number of callers, in SVG."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.lines import HEIGHT, LEFT, TOP, WIDTH, lines_of, whole

from .measure import Load

__all__ = ["curves"]

COLOURS = {
    "ours": "#2563c9", "urllib3": "#c9a227", "httpx": "#c05621",
    "ours async": "#2563c9", "ours async aiohttp": "#2a9d8f", "httpx async": "#c05621", "aiohttp": "#c9a227",
}  # fmt: skip
THREADED = ("ours", "urllib3", "httpx")
AWAITED = ("ours async", "ours async aiohttp", "httpx async", "aiohttp")


def curves(load: Load) -> str:
    """Draw four plots: threads and tasks, calls per second and p99. All axes are logarithmic."""
    plots = [
        _plot(load, sides, what, title, column, row)
        for column, (sides, callers) in enumerate(((THREADED, "threads"), (AWAITED, "tasks")))
        for row, (what, title) in enumerate((("rate", f"calls a second, {callers}"), ("p99", f"p99 in ms, {callers}")))
    ]
    width, height = 2 * (WIDTH + LEFT + 110), 2 * (HEIGHT + TOP + 44)
    return whole(
        "Calls a second and p99 over the number of callers", width, height, [part for plot in plots for part in plot]
    )


def _plot(load: Load, sides: Sequence[str], what: str, title: str, column: int, row: int) -> list[str]:
    scale = 1.0 if what == "rate" else 1e3
    lines = {
        side.replace("ours", "portone-v1"): [
            (level, statistics.median(one[what] for one in found) * scale)
            for (of, level), found in sorted(load.found.items())
            if of == side
        ]
        for side in sides
    }
    lines = {side: [point for point in points if point[1] > 0] for side, points in lines.items()}
    x0, y0 = LEFT + column * (WIDTH + LEFT + 110), TOP + row * (HEIGHT + TOP + 44)
    return lines_of(
        lines, title, x0, y0, {side.replace("ours", "portone-v1"): colour for side, colour in COLOURS.items()}
    )
