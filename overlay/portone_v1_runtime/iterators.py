"""Paged lists as iterators, and lookups of more ids than one call accepts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .pagination import Pages, PaginationPlan, pages
from .payload import BulkList, UnreadablePayload

if TYPE_CHECKING:
    from asyncio import Task
    from concurrent.futures import ThreadPoolExecutor

    import pandas as pd
    import polars as pl

    from .models.frames import Money

__all__ = ["AsyncPageIterator", "PageIterator", "PaginationPlan", "gather", "gather_async"]

T = TypeVar("T")


def _nothing_there(plan: PaginationPlan, error: Exception, request: Mapping[str, Any]) -> bool:
    """Return whether the error means an empty list, or a page beyond the end of a list that has shrunk meanwhile."""
    status = getattr(error, "status", None)
    return (status == 404 and plan.none_is_404) or (status == 400 and request["page"] > 1)


def _go_on(asking: Pages, page: Any, method: Any) -> tuple[list[Any], dict[str, Any] | None]:
    """Send the page that was asked for. A page that leads nowhere is the sender's error, where it has one for it."""
    try:
        return asking.send(page)
    except UnreadablePayload as error:
        sender = getattr(getattr(method, "__self__", None), "_sender", None)
        of_sender = getattr(sender, "unreadable", None)
        if of_sender is None:
            raise
        raise of_sender(str(error)) from None


class PageIterator(Generic[T]):
    """A list to iterate over, any number of times. The next page is fetched while the current one is in use."""

    def __init__(self, method: Callable[..., Any], plan: PaginationPlan, arguments: Mapping[str, Any]) -> None:
        self._method, self._plan, self._arguments = method, plan, arguments
        self._asked: Callable[..., Any] = method
        """The method of the API, where `method` is one around it."""

    def __iter__(self) -> Iterator[T]:
        asking = pages(self._plan, self._arguments)
        items, request = next(asking)
        if request is None:
            return
        items, request = _go_on(asking, self._fetch(request), self._asked)
        from concurrent.futures import ThreadPoolExecutor

        worker: ThreadPoolExecutor | None = None
        try:
            while request is not None:
                worker = worker or ThreadPoolExecutor(1, "portone-v1-page")
                # The caller's context, so that a trace of the caller (OpenTelemetry) includes this thread.
                coming = worker.submit(copy_context().run, self._fetch, request)
                yield from items
                items, request = _go_on(asking, coming.result(), self._asked)
            yield from items
        finally:
            if worker is not None:
                worker.shutdown(wait=False, cancel_futures=True)

    def list(self) -> list[T]:
        """Return all items at once."""
        return [*self]

    def to_pandas(
        self, *, columns: Sequence[str] | None = None, personal: bool = False, money: Money = "auto"
    ) -> pd.DataFrame:
        """표로 변환: Return the items as a pandas DataFrame: see `portone_v1.frames.to_pandas`."""
        from .models.frames import page_model, to_pandas

        return to_pandas(self, page_model(self._method), columns=columns, personal=personal, money=money)

    def to_polars(
        self, *, columns: Sequence[str] | None = None, personal: bool = False, money: Money = "auto"
    ) -> pl.DataFrame:
        """표로 변환: Return the items as a polars DataFrame: see `portone_v1.frames.to_polars`."""
        from .models.frames import page_model, to_polars

        return to_polars(self, page_model(self._method), columns=columns, personal=personal, money=money)

    def undecoded(self) -> PageIterator[Any]:
        """Return the same items for columns, which need no models: structs if a page is as documented, else models.

        A struct has the fields of its model, times as UNIX seconds, amounts as V1 sent them, and `to_model`.
        """
        from .undecoded import UndecodedPage

        def method(**request: Any) -> UndecodedPage:
            return UndecodedPage(self._method(**request))

        walk: PageIterator[Any] = PageIterator(method, self._plan, self._arguments)
        walk._asked = self._asked
        return walk

    def _fetch(self, request: dict[str, Any]) -> Any:
        try:
            return self._method(**request)
        except Exception as error:
            if _nothing_there(self._plan, error, request):
                return None
            raise


class AsyncPageIterator(Generic[T]):
    """A list to iterate over with `async for`. The next page is fetched while the current one is in use."""

    def __init__(
        self, method: Callable[..., Awaitable[Any]], plan: PaginationPlan, arguments: Mapping[str, Any]
    ) -> None:
        self._method, self._plan, self._arguments = method, plan, arguments

    async def __aiter__(self) -> AsyncIterator[T]:
        asking = pages(self._plan, self._arguments)
        items, request = next(asking)
        if request is None:
            return
        items, request = _go_on(asking, await self._fetch(request), self._method)
        from asyncio import create_task

        coming: Task[Any] | None = None
        try:
            while request is not None:
                coming = create_task(self._fetch(request))
                for item in items:
                    yield item
                items, request = _go_on(asking, await coming, self._method)
            for item in items:
                yield item
        finally:
            if coming is not None:
                coming.cancel()

    async def list(self) -> list[T]:
        """Return all items at once."""
        return [item async for item in self]

    async def to_pandas(
        self, *, columns: Sequence[str] | None = None, personal: bool = False, money: Money = "auto"
    ) -> pd.DataFrame:
        """표로 변환: Return the items as a pandas DataFrame: see `portone_v1.frames.to_pandas`."""
        from .models.frames import page_model, to_pandas

        return to_pandas(await self.list(), page_model(self._method), columns=columns, personal=personal, money=money)

    async def to_polars(
        self, *, columns: Sequence[str] | None = None, personal: bool = False, money: Money = "auto"
    ) -> pl.DataFrame:
        """표로 변환: Return the items as a polars DataFrame: see `portone_v1.frames.to_polars`."""
        from .models.frames import page_model, to_polars

        return to_polars(await self.list(), page_model(self._method), columns=columns, personal=personal, money=money)

    async def _fetch(self, request: dict[str, Any]) -> Any:
        try:
            return await self._method(**request)
        except Exception as error:
            if _nothing_there(self._plan, error, request):
                return None
            raise


def _chunks(ids: Mapping[str, str | Sequence[str] | None], size: int) -> Iterator[dict[str, list[str]]]:
    for name, given in ids.items():
        wanted = [given] if isinstance(given, str) else list(dict.fromkeys(given or ()))
        for start in range(0, len(wanted), size):
            yield {name: wanted[start : start + size]}


def _join(found: BulkList[T], part: BulkList[T] | None, chunk: Mapping[str, list[str]]) -> None:
    if part is None:
        (missing,) = chunk.values()
        found.missing = (*found.missing, *missing)
    else:
        found.extend(part)
        found.model = part.model
        found.missing = (*found.missing, *part.missing)


def gather(
    method: Callable[..., BulkList[T]], ids: Mapping[str, Any], size: int, options: Mapping[str, Any]
) -> BulkList[T]:
    """Look the ids up in as many calls as it takes. An id that V1 does not know is in `missing`."""
    found: BulkList[T] = BulkList()
    for chunk in _chunks(ids, size):
        try:
            part: BulkList[T] | None = method(**chunk, **options)
        except Exception as error:
            if getattr(error, "status", None) != 404:
                raise
            part = None
        _join(found, part, chunk)
    return found


async def gather_async(
    method: Callable[..., Awaitable[BulkList[T]]], ids: Mapping[str, Any], size: int, options: Mapping[str, Any]
) -> BulkList[T]:
    """Look the ids up in as many calls as it takes. An id that V1 does not know is in `missing`."""
    found: BulkList[T] = BulkList()
    for chunk in _chunks(ids, size):
        try:
            part: BulkList[T] | None = await method(**chunk, **options)
        except Exception as error:
            if getattr(error, "status", None) != 404:
                raise
            part = None
        _join(found, part, chunk)
    return found
