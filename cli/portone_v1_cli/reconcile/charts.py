"""Draw charts as inline SVG, which loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape
from math import ceil
from typing import Final

from .statistics import Day, Decline

__all__ = ["compact", "decline_plot", "legend", "sales_plot", "series_of"]

WIDTH: Final = 960
LEFT: Final = 72
RIGHT: Final = 12
TOP: Final = 14
UP: Final = 200
SERIES: Final = 8
"""Number of colours. The last one is for all further series together."""
ROWS: Final = 8


def compact(amount: Decimal, currency: str) -> str:
    """Return a short label for an axis: `120만`, `1.2억` for won, otherwise the number."""
    if currency == "KRW":
        for unit, name in ((Decimal(100_000_000), "억"), (Decimal(10_000), "만")):
            if abs(amount) >= unit:
                return f"{(amount / unit).normalize():,f}{name}"
    return f"{amount:,f}"


def _most(amounts: Iterable[Decimal]) -> Decimal:
    return max(amounts, default=Decimal(0))


def _step(largest: Decimal) -> Decimal:
    """Return a round step, of which at most four make up the axis."""
    if largest <= 0:
        return Decimal(1)
    unit = Decimal(10) ** ((largest / 4).adjusted())
    return next(unit * times for times in (1, 2, 5, 10) if unit * times * 4 >= largest)


def sales_plot(days: Sequence[Day], currency: str) -> str:
    """Draw charges upwards and refunds downwards for each day, on one scale."""
    most, least = _most(day.sales for day in days), _most(day.refunds for day in days)
    step = _step(max(most, least))
    above, below = max(1, ceil(most / step)), int(least / step)
    scale = float(UP / (above * step))
    zero = TOP + UP
    height = zero + float(least) * scale + 34
    parts = [_axis(number * step, zero - number * float(step) * scale, currency) for number in range(-below, above + 1)]
    wide = (WIDTH - LEFT - RIGHT) / max(len(days), 1)
    thick = max(1.0, min(28.0, wide * 0.72))
    every = max(1, -(-len(days) // 12))
    for number, day in enumerate(days):
        middle = LEFT + (number + 0.5) * wide
        title = f"{day.day:%Y-%m-%d}: +{day.sales:,f} −{day.refunds:,f} {currency}"
        up, down = float(day.sales) * scale, float(day.refunds) * scale
        bars = [_bar(middle - thick / 2, zero - up, thick, up, "sales")] if up else []
        bars += [_bar(middle - thick / 2, zero, thick, down, "refunds")] if down else []
        parts.append(f"<g><title>{escape(title)}</title>{''.join(bars)}</g>")
        if number % every == 0:
            parts.append(f'<text x="{middle:.1f}" y="{height - 8:.1f}" class="tick mid">{day.day:%m-%d}</text>')
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{zero}" y2="{zero}" class="zero"/>')
    return _svg(height, f"일별 결제와 취소({currency}) · Daily charges and refunds ({currency})", parts)


def _axis(amount: Decimal, y: float, currency: str) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" class="tick end">{escape(compact(abs(amount), currency))}</text>'
    )


def series_of(declines: Sequence[Decline], by: str) -> list[str]:
    """Return the payment methods or PGs, the most frequent first; each has a colour."""
    sums: dict[str, int] = {}
    for decline in declines:
        for name, number in getattr(decline, by).items():
            sums[name] = sums.get(name, 0) + number
    return sorted(sums, key=lambda name: (-sums[name], name))


def legend(names: Sequence[str]) -> str:
    """Return the legend of a chart."""
    shown = [*names[: SERIES - 1], *(["기타 other"] if len(names) >= SERIES else [])]
    items = (f'<span><i class="c{number}"></i>{escape(name)}</span>' for number, name in enumerate(shown))
    return f'<p class="legend">{"".join(items)}</p>'


def decline_plot(declines: Sequence[Decline], by: str, title: str) -> str:
    """Draw a bar for each decline reason, divided by payment method (`methods`) or PG (`pgs`)."""
    names = series_of(declines, by)
    shown = declines[:ROWS]
    most = max((decline.number for decline in shown), default=1)
    parts: list[str] = []
    for row, decline in enumerate(shown):
        y = 4 + row * 46
        parts.append(f'<text x="0" y="{y + 13}" class="reason">{escape(decline.reason)}</text>')
        end = 0.0
        for colour, name, number in _segments(decline, by, names):
            wide = number / most * (WIDTH / 2 - 70)
            bar = _bar(end, y + 20, wide, 15, f"c{colour}")
            parts.append(f"<g><title>{escape(f'{decline.reason}: {name} {number:,}')}</title>{bar}</g>")
            end += wide
        parts.append(f'<text x="{end + 7:.1f}" y="{y + 32}" class="tick">{decline.number:,}</text>')
    return _svg(max(1, len(shown)) * 46 + 4, title, parts, width=WIDTH // 2)


def _segments(decline: Decline, by: str, names: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Yield colour, name and number of each part of a bar."""
    numbers = getattr(decline, by)
    for colour, name in enumerate(names):
        if number := numbers.get(name, 0):
            yield min(colour, SERIES - 1), name, number


def _bar(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{kind}" rx="1.5"/>'


def _svg(height: float, title: str, parts: Sequence[str], width: int = WIDTH) -> str:
    head = f'<svg viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{escape(title)}">'
    return f"{head}{''.join(parts)}</svg>"
