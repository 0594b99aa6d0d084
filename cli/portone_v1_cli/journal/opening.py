"""Find the journal that a shop uses, and never create an empty one instead."""

from __future__ import annotations

import inspect
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from portone_v1.client import PortOne
from portone_v1.intents import SQLiteStore
from portone_v1.intents.stores.default import ENVIRONMENT, default_path

from ..exit_codes import usage_error
from ..named import is_name, load
from ..session import Session

__all__ = ["StoreOption", "journal", "named_store", "store_path"]

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="PATH|MODULE:NAME",
        help=f"저널 저장소. 기본값: {ENVIRONMENT} 또는 사용자 상태 폴더의 파일."
        f" · Journal: SQLite file, or module:attribute. Default: {ENVIRONMENT} or the user's state directory.",
    ),
]
METHODS: Final = ("begin", "save", "get", "latest", "unfinished", "now", "prune")


def store_path(named: str | None) -> Path | None:
    """Return the file of the journal, None if it is an object of the shop's code."""
    text = named or os.environ.get(ENVIRONMENT) or ""
    return None if is_name(text) else Path(text) if text else default_path()


def named_store(named: str | None) -> Any:
    """Open the journal. A file that does not exist is an error: an empty journal would read as *nothing is open*."""
    path = store_path(named)
    if path is not None:
        if not path.is_file():
            usage_error(
                f"저널이 없습니다: {path}. --store나 {ENVIRONMENT}로 상점이 쓰는 기록을 지정하세요",
                f"no journal at {path}: set the one that the shop uses with --store or {ENVIRONMENT}",
            )
        return SQLiteStore(path)
    store = load("--store", named or os.environ[ENVIRONMENT])
    if not all(hasattr(store, method) for method in METHODS):
        usage_error("--store가 저널 저장소가 아닙니다", f"--store is not a journal store: {type(store).__name__}")
    if inspect.iscoroutinefunction(store.unfinished):
        usage_error(
            "--store에는 동기 저장소를 지정하세요(예: SQLAlchemyStore)",
            f"--store takes a synchronous store, e.g. SQLAlchemyStore, not {type(store).__name__}",
        )
    return store


@contextmanager
def journal(session: Session, named: str | None) -> Generator[PortOne]:
    """Yield a client that uses the shop's journal."""
    store = named_store(named)
    try:
        with session.client(intents=store) as client:
            yield client
    finally:
        if isinstance(store, SQLiteStore):
            store.close()
