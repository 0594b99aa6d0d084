"""Bounded, seeded runs over one operation: what schemathesis makes of the bundle, sent to the sandbox."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

from attrs import Factory, define
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from portone_v1_generated.operations import OPERATIONS, OperationInfo

from tests.schemas import document

from .carrier import BASE_URL, Carrier
from .shop import Shop, open_shop
from .verdict import faults

if TYPE_CHECKING:  # a third of a second, for the worker that runs these tests alone
    from schemathesis import Case

__all__ = ["MODES", "Report", "run"]

MODES: Final = ("positive", "negative")
REOPENED: Final = 25
"""Requests that share a shop: enough to meet what the ones before have done, too few to use it up."""
MOST_FINDINGS: Final = 5


@define
class Report:
    """What came of a run."""

    examples: int = 0
    answers: Counter[str] = Factory(Counter)
    findings: list[str] = Factory(list)
    digest: str = ""
    """Of everything that was asked and said, tokens left out."""


@cache
def _bundle() -> Any:
    # A configuration of its own: none of the folder that the run was started in, no tokens made up or left out, and
    # no words out of whatever modules happen to be loaded, for the same seed is to ask the same everywhere.
    from schemathesis import openapi
    from schemathesis.config import SchemathesisConfig

    config = SchemathesisConfig()
    config.projects.default.analysis.constants.enabled = False
    config.projects.default.generation.with_security_parameters = False
    return openapi.from_dict(document(), config=config)


def run(operation_id: str, mode: str, *, examples: int, number: int) -> Report:
    """Send `examples` requests. A finding neither stops nor shrinks: the same seed finds it again."""
    operation, report, digest = OPERATIONS[operation_id], Report(), sha256()
    shops: list[Shop] = []

    def one(case: Case[Any], draw: Callable[[Any], Any]) -> None:
        if report.examples % REOPENED == 0:
            shops[:] = [open_shop()]
        (shop,) = shops
        report.examples += 1
        _put_known(case, shop.known, draw, negative=mode == "negative")
        _put_headers(case, shop, draw)
        carrier = Carrier(shop.sandbox)
        case.call(base_url=BASE_URL, session=carrier.session())
        request, response = carrier.request, carrier.answer
        assert request is not None
        assert response is not None
        sent = _sent(case, request.query)
        report.answers[f"{response.status} code {response.json()['code']}"] += 1
        digest.update(repr((request.method, request.path, request.query, request.body, response.status)).encode())
        for fault in faults(shop.sandbox, request, response, operation, sent):
            if len(report.findings) < MOST_FINDINGS:
                report.findings.append(f"{request.method} {request.path}?{request.query} {_shown(sent)}: {fault}")

    _generated(operation, mode, examples, number, one)
    report.digest = digest.hexdigest()
    return report


def _generated(
    operation: OperationInfo, mode: str, examples: int, number: int, one: Callable[[Case[Any], Any], None]
) -> None:
    from schemathesis import GenerationMode

    cases = _bundle()[operation.path][operation.method].as_strategy(GenerationMode(mode))

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(st.data())
    def generate(data: st.DataObject) -> None:
        one(data.draw(cases), data.draw)

    generate()


def _put_known(case: Case[Any], known: dict[str, list[Any]], draw: Callable[[Any], Any], *, negative: bool) -> None:
    """Replace made-up ids with ids of the shop. Deliberately wrong ones of another type stay."""

    def repaired(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: repaired(str(key), item) for key, item in value.items()}
        if isinstance(value, list):
            return [repaired(name, item) for item in value]
        values = known.get(name.removesuffix("[]"))
        if not values or value == "" or (negative and not isinstance(value, type(values[0]))):
            return value
        return draw(st.sampled_from([value, *values, *values]))

    for place in ("path_parameters", "query", "body"):
        value = getattr(case, place)
        if isinstance(value, dict):
            setattr(case, place, repaired("", value))


def _put_headers(case: Case[Any], shop: Shop, draw: Callable[[Any], Any]) -> None:
    made_up = dict(case.headers or {})
    tier = made_up.get("Tier")
    kept = draw(st.sampled_from(["neither", "neither", "neither", "A01", "made up"]))
    case.headers["Authorization"] = f"Bearer {shop.token}"
    case.headers.pop("Tier", None)
    if kept == "A01":
        case.headers["Tier"] = kept
    elif kept == "made up" and tier is not None:
        case.headers["Tier"] = tier


def _sent(case: Case[Any], query: str) -> dict[str, Any]:
    from schemathesis.core import NotSet

    body = None if isinstance(case.body, NotSet) else case.body
    # The path arguments come quoted.
    path = {name: unquote(str(value)) for name, value in (case.path_parameters or {}).items()}
    asked: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.endswith("[]"):
            asked.setdefault(name, []).append(value)
        else:
            asked[name] = value
    return {"path": path, "query": asked, "body": body}


def _shown(sent: dict[str, Any]) -> str:
    return json.dumps(sent["body"], ensure_ascii=True, default=str)[:300]
