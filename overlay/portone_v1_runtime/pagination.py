"""Which page of a list comes next while the list changes: nothing is lost, nothing comes twice."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Iterator, Mapping
from datetime import datetime
from itertools import islice
from math import ceil
from typing import Any, NamedTuple

from .encode import seconds
from .guards import not_milliseconds
from .unset import UNSET

__all__ = ["REMEMBERED", "PaginationPlan", "counted", "pages"]

DAY = 86_400
END = sys.maxsize
REMEMBERED = 10_000
"""How many ids are kept where items keep their place: those of ten pages of the largest size, about 1 MiB."""


FULL_ENOUGH = 0.85
"""How full the pages of smaller windows shall be: one that overflows is cut again, and was read for nothing."""


MOST_PARTS = 10_000
"""Of one window, whatever its total says: a part that overflows is cut again."""


class PaginationPlan(NamedTuple):
    """How a paged list is walked."""

    key: str
    """The field that identifies an item."""
    window: tuple[str, str, int, bool] | None = None
    """The arguments for its beginning and end, the longest window in days, and whether the end belongs to it."""
    fixed: Mapping[str, Any] = {}
    """Arguments that keep the order while it is walked, the oldest first; without any it is the newest."""
    none_is_404: bool = False
    time: str | None = None
    """The field that the window and the order go by, where an item can be given another time."""


Pages = Generator[tuple[list[Any], dict[str, Any] | None], Any, None]
Stretch = tuple[int, int]


def pages(plan: PaginationPlan, arguments: Mapping[str, Any]) -> Pages:
    """Yields what is new of a page with the next request, and is sent that request's page, or None if it has none.

    Nothing is lost. A list with a window is read in windows that fit on one page: see `_smaller`. What is read again in
    others after some have left: see `_Place`. Where items can be given another time,
    those behind them move up and no total shows it: there the next page begins with the time of the last item,
    whatever becomes of those before it. Only what is then given a time that the walk has behind it is not seen.

    Nothing is given twice. Where items keep their place in the order, as payments do in that of their start, only what
    is right before the walk's place can come again: as many as came in before it since the last page, or as are read
    again because others left. So the ids of the last `REMEMBERED` are enough; where more come in or leave between two
    pages, what was given before them is given again. An item with another time can come again from anywhere: of such
    a list every id is remembered.

    Raises:
        ValueError: a page names itself, or one before it, as the next one.
    """
    common = {**arguments, **plan.fixed}
    ready: list[Any] = []
    seen: dict[Any, None] = {}
    parts = [*_windows(plan, common)][::-1]
    while parts:
        window = parts.pop()
        place, number = _Place(), 1
        while number:
            page = yield ready, {**common, **window, "page": number}
            items: list[Any] = page.items if page is not None else []
            if page is not None and items and isinstance(page.next, int) and 0 != page.next <= number:
                raise ValueError(f"page {number} is followed by page {page.next}: the list would never end")
            ready = [item for item in items if getattr(item, plan.key) not in seen]
            seen.update((key, None) for item in ready if (key := getattr(item, plan.key)) is not None)
            if plan.time is None:
                for key in [*islice(seen, max(0, len(seen) - REMEMBERED))]:
                    del seen[key]
            rest: list[dict[str, Any]] = []
            if number == 1 and page is not None and page.next:
                rest = _rest(plan, window, items) or _smaller(plan, window, page)
            if rest and plan.time is None:  # they come with the smaller windows
                for item in ready:
                    seen.pop(getattr(item, plan.key), None)
                ready = []
            parts += rest
            number = 0 if rest else place.after(page)
    yield ready, None


def counted(total: Any) -> int | None:
    """Return how many items a page says there are; None for what is no number of items."""
    return total if total.__class__ is int and 0 <= total <= END else None


def _windows(plan: PaginationPlan, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The range cut into windows that V1 takes, oldest first. What comes after its end is not waited for."""
    if plan.window is None:
        yield {}
        return
    first_name, last_name, days, inclusive = plan.window
    since, until = (
        not_milliseconds(first_name, seconds(first_name, arguments.pop(first_name))),
        not_milliseconds(last_name, seconds(last_name, arguments.pop(last_name))),
    )
    until = int(time.time()) if until is None or until is UNSET else until
    gap = 1 if inclusive else 0
    while since <= until if inclusive else since < until:
        last = min(since + days * DAY - gap, until)
        yield {first_name: since, last_name: last}
        since = last + gap


def _rest(plan: PaginationPlan, window: Mapping[str, Any], items: list[Any]) -> list[dict[str, Any]]:
    """A window from the last item of its first page on, by time; of two parts the last is walked first.

    A second that fills more than a page is a part of its own. Nothing where the page is not ordered as V1 says, or
    holds what was not asked for: then the pages are counted.
    """
    if plan.time is None or plan.window is None or not items:
        return []
    first_name, last_name, _, inclusive = plan.window
    gap = 1 if inclusive else 0
    first, end = window[first_name], window[last_name] + gap
    moments = [getattr(item, plan.time) for item in items]
    times = [int(moment.timestamp()) for moment in moments if isinstance(moment, datetime)]
    oldest_first = bool(plan.fixed)
    in_order = len(times) == len(items) and times == sorted(times, reverse=not oldest_first)
    if not in_order or not all(first <= moment < end for moment in times) or end - first == 1:
        return []
    last = times[-1]
    if last != times[0]:
        parts = [(last, end) if oldest_first else (first, last + 1)]
    else:
        parts = [(last + 1, end) if oldest_first else (first, last), (last, last + 1)]
    return [{first_name: start, last_name: stop - gap} for start, stop in parts if start < stop]


def _smaller(plan: PaginationPlan, window: Mapping[str, Any], page: Any) -> list[dict[str, Any]]:
    """The window in parts that are likely to fit on one page each, the last first; nothing where it is one second.

    Where an item leaves the list and another one comes in between two pages, those between move up, over the edge of a
    page that was read, and no total shows it. What fits on one page is read at once.
    """
    if plan.time is not None or plan.window is None or not page.items:
        return []
    first_name, last_name, _, inclusive = plan.window
    gap = 1 if inclusive else 0
    first, end = window[first_name], window[last_name] + gap
    parts = min(max(2, ceil((counted(page.total) or 0) / (len(page.items) * FULL_ENOUGH))), MOST_PARTS)
    size = max(1, -(-(end - first) // parts))
    if end - first == 1:
        return []
    cut = [(start, min(start + size, end)) for start in range(first, end, size)]
    return [{first_name: start, last_name: stop - gap} for start, stop in reversed(cut)]


class _Place:
    """How far a list was read, and what before that has to be read again.

    A total that is smaller than before says that some have left, and those behind them have moved up: by as many
    places at most, and perhaps over the edge of a page that was read. (It says how many, not which. So it hides those
    that leave where as many come in behind the walk between the same two pages.)
    """

    def __init__(self) -> None:
        self.number, self.size, self.reached = 1, 1, 0
        self.again: list[Stretch] = []
        self.total: int | None = None
        self.more = self.beyond = False

    def after(self, page: Any) -> int:
        """The number of the page after this one; 0 where there is none."""
        if page is None and self.number > 1:  # so many have left: the page before shows how many
            self.number, self.more, self.beyond = self.number - 1, False, True
            return self.number
        length = len(page.items) if page is not None else 0
        self.size = max(self.size, length)  # the last page may be short
        start, stop = (self.number - 1) * self.size, self.number * self.size
        end = self._shift(counted(page.total) if page is not None else 0)
        self.again = _without(_without(self.again, start, stop), stop if self.beyond or end is None else end, END)
        if self.reached <= stop:
            self.reached = stop
            self.more = page is not None and bool(length and page.next) and not self.beyond
        if self.again:
            self.number = self.again[0][0] // self.size + 1
        else:
            self.number = self.reached // self.size + 1 if self.more else 0
        return self.number

    def _shift(self, total: int | None) -> int | None:
        """What was to be read again may have moved, whichever items came or left."""
        grown = 0 if self.total is None or total is None else total - self.total
        if grown < 0:
            self.again.append((self.reached, self.reached))
            self.beyond = False
        self.again = [(max(0, start + min(0, grown)), stop + max(0, grown)) for start, stop in self.again]
        self.total = total
        return total


def _without(stretches: list[Stretch], first: int, last: int) -> list[Stretch]:
    left = {part for start, stop in stretches for part in ((start, min(stop, first)), (max(start, last), stop))}
    return sorted((start, stop) for start, stop in left if start < stop)
