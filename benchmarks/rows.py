"""The table of targets, made from what a run measured."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .bulk import measure as bulk
from .bulk.measure import Bulk
from .cases import MODELS, OFFICIAL, OURS, RAW, SANDBOX, SPEED, STOCK
from .driving import Series, Side
from .load import measure as load
from .load.measure import Load, Timeouts
from .safe import measure as safe
from .scale import measure as scale
from .scale.measure import Scale
from .table import Row, compared, ratio_of

__all__ = ["Results", "rows"]


@dataclass
class Results:
    """Everything that one run measured."""

    rounds: int
    missing: dict[str, str]
    commits: dict[str, str] = field(default_factory=dict)
    """Which commit each section was measured at."""
    series: dict[tuple[Side, str], Series] = field(default_factory=dict)
    starts: dict[str, list[float]] = field(default_factory=dict)
    loaded: list[str] = field(default_factory=list)
    counts: dict[str, str] = field(default_factory=dict)
    ours_exact: bool = False
    walk: dict[str, Any] = field(default_factory=dict)
    warm: list[float] = field(default_factory=list)
    per_operation: dict[int, list[float]] = field(default_factory=dict)
    first_fixture: dict[str, list[float]] = field(default_factory=dict)
    first_answers: dict[str, list[float]] = field(default_factory=dict)
    pages: Bulk | None = None
    bulk: dict[str, Bulk] = field(default_factory=dict)
    load: Load | None = None
    timeouts: Timeouts | None = None
    cost: dict[str, Any] | None = None
    journals: list[dict[str, Any]] | None = None
    scale: Scale | None = None

    def cpu(self, side: Side, case: str) -> list[float] | None:
        found = self.series.get((side, case))
        return found.cpu if found else None


def rows(got: Results) -> list[Row]:
    """Return the rows of each section that was measured."""
    measured: list[tuple[object, Callable[[Results], list[Row]]]] = [
        ((OURS, "decode bytes") in got.series, _decoding),
        ((OURS, "get") in got.series, _calls),
        (got.counts, _requests),
        (got.starts, _starts),
        ((OURS, "second client") in got.series, _second),
        (got.first_answers, _first_answers),
        (got.warm, _generating),
        (got.walk, _walking),
        (got.first_fixture, _sandbox),
    ]
    own = [row for there, make in measured if there for row in make(got)]
    return [
        *own,
        *load.rows(got.load, got.timeouts),
        *safe.rows(got.cost, got.journals),
        *scale.rows(got.scale),
        *bulk.rows(got.pages, got.bulk.get("export"), got.bulk.get("reconcile")),
    ]


def _need(values: list[float] | None) -> list[float]:
    if not values:
        raise LookupError("this project's own side was not measured")
    return values


def _decoding(got: Results) -> list[Row]:
    stock, pydantic = got.cpu(STOCK, "decode bytes"), got.cpu(MODELS, "pydantic bytes")
    stock_items = got.cpu(STOCK, "decode dict")
    what, fast = "bytes → 100 typed payments, standard json", "the same with the `speed` extra"

    def row(what: str, limit: float, than: str, side: Side, case: str, theirs: list[float] | None) -> Row:
        """Return a row. Refunds, deposits and promotions are read on first use: the note has the cost of that."""
        all_read = got.cpu(side, f"{case}, all read")
        asked = f"asked for all that lies within: {ratio_of(_need(all_read), theirs)[0]:.2f} ×" if theirs else ""
        return compared(what, limit, than, _need(got.cpu(side, case)), theirs, asked)

    return [
        row(what, 0.5, "stock templates", OURS, "decode bytes", stock),
        row(what, 1.35, "pydantic v2 `model_validate_json`", OURS, "decode bytes", pydantic),
        row(fast, 0.6, "pydantic v2", SPEED, "decode bytes", pydantic),
        row(fast, 0.25, "stock templates", SPEED, "decode bytes", stock),
        row("dict → object", 0.3, "stock templates", OURS, "decode dict", stock_items),
        *_reading(got),
    ]


def _reading(got: Results) -> list[Row]:
    """Return rows about reading payments, each side by the same code.

    Before any attribute is read, pydantic has already read everything.
    """

    def row(what: str, limit: float, side: Side, case: str, theirs: str = "") -> Row:
        peer = got.cpu(MODELS, f"pydantic bytes, {theirs or case}")
        ours = _need(got.cpu(side, f"decode bytes, {case}"))
        return compared(f"bytes → 100 payments, {what}", limit, "pydantic, same conversions", ours, peer)

    return [
        row("everything read, `speed` extra", 0.65, SPEED, "everything"),
        row("everything read, standard json", 1.2, OURS, "everything"),
        row("8 fields read, `speed` extra", 0.5, SPEED, "8 fields"),
        row("three unknown fields, 8 fields read, `speed` extra", 0.75, SPEED, "unknown fields"),
        row("one odd value in 100, 8 fields read, `speed` extra", 0.75, SPEED, "an odd value", "8 fields"),
    ]


def _calls(got: Results) -> list[Row]:
    get, awaited = _need(got.cpu(OURS, "get")), _need(got.cpu(OURS, "async get"))
    over_aiohttp = _need(got.cpu(SPEED, "async get over aiohttp"))
    plain = got.cpu(RAW, "async httpx")
    return [
        compared(
            "one `payments.get`, loopback keep-alive, CPU",
            1.0,
            "`httpx.Client.get().json()`",
            get,
            got.cpu(RAW, "httpx"),
        ),
        compared(
            "one `payments.get`, loopback keep-alive, CPU", 0.35, "iamport-rest-client", get, got.cpu(OFFICIAL, "get")
        ),
        compared("one async call, CPU", 1.0, "`httpx.AsyncClient`", awaited, plain),
        compared("one async call over the aiohttp extra, CPU", 0.6, "`httpx.AsyncClient`", over_aiohttp, plain),
    ]


def _requests(got: Results) -> list[Row]:
    return [
        Row(
            "HTTP requests a call; `getToken` for 64 threads; for 500 tasks",
            "1; 1; 1",
            got.counts["ours"],
            "exact",
            1.0 if got.ours_exact else 2.0,
        ),
    ]


def _starts(got: Results) -> list[Row]:
    start, ready = got.starts["import portone_v1"], got.starts["first call ready"]
    loads = "neither httpx nor a model is loaded" if not got.loaded else f"loads {', '.join(got.loaded)}"
    both = got.starts["first call ready, certificates read"], got.starts["httpx client, certificates read"]
    share = statistics.median(both[0]) / statistics.median(both[1])
    certificates = f"certificates ready on both sides; read on both sides: {share:.2f} ×"
    return [
        compared("`import portone_v1`", 0.35, "`import httpx`", start, got.starts["import httpx"], loads),
        compared(
            "import, client, first payments call ready",
            1.15,
            "`import httpx, attrs`, `httpx.Client()`",
            ready,
            got.starts["httpx client ready"],
            certificates,
        ),
    ]


def _second(got: Results) -> list[Row]:
    second = got.series[OURS, "second client"].wall
    return [_limit("a second client in one process, wall", second, 1e-3, "1 ms", 1e3, "ms")]


def _first_answers(got: Results) -> list[Row]:
    found = got.first_answers
    shown = ", ".join(f"{name} {statistics.median(seconds) * 1e3:.0f} ms" for name, seconds in found.items())
    ours, peer = found["portone-v1"], found.get("httpx, certificates read")
    return [compared("first answer of a fresh process, CPU", 1.0, "httpx with certificates read", ours, peer, shown)]


def _limit(what: str, seconds: list[float], limit: float, shown: str, scale: float, unit: str, note: str = "") -> Row:
    low, middle, high = statistics.quantiles(seconds, n=4)
    spread = f"{low * scale:.2f} to {high * scale:.2f} {unit}"
    return Row(what, f"≤ {shown}", f"{middle * scale:.2f} {unit}", spread, middle / limit, note)


def _generating(got: Results) -> list[Row]:
    one, ten = (statistics.median(got.per_operation[copies]) for copies in (1, 10))
    shown = f"{one * 1e3:.1f} → {ten * 1e3:.1f} ms an operation"
    each = [large / small for small, large in zip(got.per_operation[1], got.per_operation[10], strict=True)]
    flat = ten / one
    return [
        _limit("`make generate`, warm, wall", got.warm, 5.0, "5 s", 1, "s"),
        Row(
            "its cost for an operation, specification 10 × larger, CPU",
            "flat (≤ 1.10 ×)",
            f"{flat:.2f} × ({shown})",
            f"{min(each):.2f} to {max(each):.2f}",
            flat / 1.1,
            "synthetic: ten copies of every tag, path and schema; without reading spec/ and its lint",
        ),
    ]


def _walking(got: Results) -> list[Row]:
    over: list[float] = got.walk["over"]
    marks = (0, len(over) // 2, len(over) - 1)
    curve = f"after {', '.join(f'{(mark + 1) * 10_000:,}: {over[mark]:.1f}' for mark in marks)} MiB"
    ahead = "yes" if got.walk["ahead"] else "no"
    return [
        Row(
            f"walking {got.walk['walked']:,} payments, peak memory over the start",
            "≤ 30 MiB",
            f"{over[-1]:.1f} MiB",
            "one walk",
            over[-1] / 30,
            curve,
        ),
        Row(
            "the next page is fetched while the last is consumed", "yes", ahead, "exact", 1.0 if ahead == "yes" else 2.0
        ),
    ]


def _sandbox(got: Results) -> list[Row]:
    handle, client = got.series[SANDBOX, "handle"], got.series[SANDBOX, "client"]
    socket, fixture = got.series[SANDBOX, "socket"], got.series[SANDBOX, "fixture"]
    first, imports = got.first_fixture, "importing the sandbox included"
    with_client = f"`handle` alone; through `sandbox.client()` {1 / client.median:,.0f}"
    return [
        _rate("sandbox in the process, calls a CPU second", handle.cpu, 3000, with_client),
        _rate("sandbox over a socket, calls a second, wall", socket.wall, 800, "one connection, one call at a time"),
        _limit("sandbox ready as a fixture, CPU", fixture.cpu, 0.1, "100 ms", 1e3, "ms", "each test after the first"),
        _limit("the first one of a test run, CPU", first["in the process"], 0.1, "100 ms", 1e3, "ms", imports),
        _limit("the first one on a socket, CPU", first["on a socket"], 0.1, "100 ms", 1e3, "ms", imports),
    ]


def _rate(what: str, seconds: list[float], least: float, note: str) -> Row:
    low, middle, high = (1 / value for value in statistics.quantiles(seconds, n=4))
    return Row(what, f"≥ {least:,.0f}", f"{middle:,.0f}", f"{high:,.0f} to {low:,.0f}", least / middle, note)
