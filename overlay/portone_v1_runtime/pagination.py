"""Decide which page to read next while the list changes, so that no item is lost and none is given twice."""

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
from .payload import UnreadablePayload
from .unset import UNSET

__all__ = ["REMEMBERED", "PaginationPlan", "counted", "pages"]

DAY = 86_400
END = sys.maxsize
REMEMBERED = 10_000
"""How many ids are kept where items keep their place: those of ten pages of the largest size, about 1 MiB."""


FULL_ENOUGH = 0.85
"""How full the page of a smaller window should be. A window that overflows was read in vain: it is split again."""


MOST_PARTS = 10_000
"""The most parts of one window, whatever its total says: a part that overflows is split again."""


class PaginationPlan(NamedTuple):
    """How to walk through a paged list."""

    key: str
    """The field that identifies an item."""
    window: tuple[str, str, int, bool] | None = None
    """The arguments for its beginning and end, the longest window in days, and whether the end belongs to it."""
    fixed: Mapping[str, Any] = {}
    """Arguments that set a stable order, the oldest item first; without them, the newest is first."""
    none_is_404: bool = False
    time: str | None = None
    """The field that the window and the order go by, if an item can be given another time."""


Pages = Generator[tuple[list[Any], dict[str, Any] | None], Any, None]
Stretch = tuple[int, int]


def pages(plan: PaginationPlan, arguments: Mapping[str, Any]) -> Pages:
    """Yield the new items of a page and the next request; receive that request's page, or None if there is none.

    No item is lost. A list with a window is read in windows that fit on one page: see `_smaller`. In other lists, pages
    are read again after items have left: see `_Place`. If items can be given another time, the items after them move up
    and no total shows it: there the next page begins at the time of the last item, whatever happens to the items before
    it. Only an item that is meanwhile given a time which the walk has passed is missed.

    No item is given twice. If items keep their place in the order, as payments do in the order of their start, only
    those just before the walk's position can come again: as many as were added before it since the last page, or as are
    read again because others left. So it is enough to remember the last `REMEMBERED` ids; if more items are added or
    leave between two pages, earlier items are given again. An item with another time can come again anywhere: in such a
    list every id is remembered.

    Raises:
        UnreadablePayload: a page names itself, or one before it, as the next one.
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
            following = page.next if page is not None and page.next.__class__ is int else 0
            if items and 0 != following <= number:
                raise UnreadablePayload(f"page {number} is followed by page {following}: the list would never end")
            ready = [item for item in items if getattr(item, plan.key) not in seen]
            seen.update((key, None) for item in ready if (key := getattr(item, plan.key)) is not None)
            if plan.time is None:
                for key in [*islice(seen, max(0, len(seen) - REMEMBERED))]:
                    del seen[key]
            rest: list[dict[str, Any]] = []
            if number == 1 and page is not None and following:  # what is no number comes again in every smaller window
                rest = _rest(plan, window, items) or _smaller(plan, window, page)
            if rest and plan.time is None:  # these items come again in the smaller windows
                for item in ready:
                    seen.pop(getattr(item, plan.key), None)
                ready = []
            parts += rest
            number = 0 if rest else place.after(page)
    yield ready, None


def counted(total: Any) -> int | None:
    """Return the total that a page states, or None if it is not a number of items."""
    return total if total.__class__ is int and 0 <= total <= END else None


def _windows(plan: PaginationPlan, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the range as windows that V1 accepts, the oldest first. A range without an end ends now."""
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
    """Return the window from the last item of its first page on, by time. Of two parts, the last is walked first.

    A second that fills more than a page is a part of its own. The list is empty if the page is not ordered as V1 says
    or holds items that were not asked for: then the walk continues by page number.
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
    """Split the window into parts likely to fit on one page each, the last first; return [] if it is one second.

    If an item leaves the list and another one is added between two pages, those between them move up, onto a page that
    was already read, and no total shows it. A window that fits on one page is read in one request.
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
    """How far a list was read, and which items before that have to be read again.

    A smaller total than before says that items have left and those after them have moved up: by as many places at most,
    and perhaps onto a page that was already read. (It says how many, not which. So it hides items that leave if as many
    are added between the same two pages.)
    """

    def __init__(self) -> None:
        self.number, self.size, self.reached = 1, 1, 0
        self.again: list[Stretch] = []
        self.total: int | None = None
        self.more = self.beyond = False

    def after(self, page: Any) -> int:
        """Return the number of the page to read after this one; 0 if there is none."""
        if page is None and self.number > 1:  # so many items have left: the page before shows how many
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
        """Widen the stretches to read again by the change of the total, which does not say which items came or left."""
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
