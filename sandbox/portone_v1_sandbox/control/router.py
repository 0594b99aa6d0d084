"""Control calls under `/_sandbox/`, which need no token."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import Any, Final

from portone_v1_runtime.exact_json import dumps

from ..certifications.window import open_numbers
from ..dispatch.control_handlers import CONTROL_HANDLERS
from ..engine.engine import Engine, to_refusal
from ..errors.base import body_too_large, unknown_route, wrong_method, wrong_value
from ..errors.checkout import another_site
from ..errors.control import not_ready, unknown_names
from ..evidence.secrets import kept_request, kept_response
from ..evidence.uids import uids_of
from ..lint.report import lint_to_wire
from ..merchant.tokens import read_tier
from ..payments.checkout import PAY, pay
from ..state.payments import PaymentRecord, payment_to_wire
from ..state.state import Movement
from ..storage.errors import SandboxStoreError
from ..views.router import find_view
from ..wire.forms import body_values, query_values
from ..wire.json_types import is_list, is_object
from ..wire.messages import BODY_LIMIT, Request, Response, envelope
from ..wire.money import to_wire
from .clock import CLOCK_NAMES, clock_to_wire, move_clock, step_of
from .faults import faults_to_wire
from .openapi import control_document
from .payments import OPERATIONS_OF_PAYMENTS, PAYMENT_CONTROLS, UNLOCKED
from .settings import SETTING_NAMES, adopt_channel, change_settings, settings_to_wire
from .shops import SHOP_CONTROLS, SHOP_NAMES
from .webhooks import webhooks_to_wire

__all__ = ["PREFIX", "control", "seed"]

PREFIX: Final = "/_sandbox/"
DOCUMENT: Final = "/_sandbox/openapi.json"
FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "advance": {"type": ["integer", "string"], "description": "Seconds."},
    "date": {"type": ["integer", "string"], "description": "UNIX seconds."},
    "frozen": {"type": ["boolean", "string"]},
    "rate": {"type": ["number", "string"], "description": "Seconds that pass in one second."},
    "payments": {"type": "array", "items": {"type": "object"}},
    "name": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "prefix": {"type": "string", "maxLength": 80},
}
"""Schemas of the names in `NAMES`."""


def control(engine: Engine, request: Request) -> Response:
    """Run a control call and respond in V1's envelope."""
    try:
        if request.path in UNLOCKED:
            return envelope(200, 0, None, _action(request)(engine, request))
        if request.path == DOCUMENT:
            return _document(request)
        with engine.transaction():
            engine.catch_up()
            with engine.transaction(read_only=request.method == "GET"):
                content = _action(request)(engine, request)
                answer = envelope(200, 0, None, content)
            if request.method == "POST" and request.path not in UNSEEN:
                _record(engine, request, answer, content)
            return answer
    except SandboxStoreError:
        raise
    except Exception as error:
        refusal = to_refusal(error, request)
        return envelope(refusal.status, refusal.code, refusal.message, None)


UNSEEN: Final = frozenset({"/_sandbox/reset", "/_sandbox/clock"})
"""Calls that are no event of any payment, or are recorded as another kind of event."""


def _record(engine: Engine, request: Request, answer: Response, content: Any) -> None:
    engine.evidence.add(
        "control", engine.clock.moment(), request.path.removeprefix(PREFIX),
        about=uids_of(body_values(request), content),
        method=request.method, path=request.path, status=answer.status, code=0,
        request=kept_request(request, None), answer=kept_response(answer, None),
    )  # fmt: skip


def _action(request: Request) -> Action:
    if len(request.body) > BODY_LIMIT:
        raise body_too_large()
    if request.from_another_site:
        raise another_site()
    by_method: dict[str, Action] = dict(CONTROLS.get(request.path, {}))
    if request.path in CONTROL_HANDLERS:
        by_method["POST"] = _call_control
    show = find_view(request.path)
    if show is not None:
        by_method.setdefault("GET", partial(_show, show))
    if not by_method:
        raise unknown_route()
    if request.method not in by_method:
        raise wrong_method()
    if show is None:
        _require_known_names(request)
    return by_method[request.method]


def _show(show: Callable[[Engine, str], Any], engine: Engine, request: Request) -> Any:
    return show(engine, request.query)


def _require_known_names(request: Request) -> None:
    """Raises Refusal for names that a call without an operation does not have; others are checked like arguments."""
    _refuse(query_values(request.query), ())
    if request.method == "POST" and request.path in NAMES:
        _refuse(body_values(request), NAMES[request.path])


def _refuse(values: Iterable[str], known: Collection[str]) -> None:
    unknown = [name for name in values if name not in known]
    if unknown:
        raise unknown_names(unknown, known)


def _reset(engine: Engine, _request: Request) -> None:
    engine.state.clear()
    engine.journal.clear()
    engine.clock.forget()
    engine.evidence.clear()


def _expire_tokens(engine: Engine, _request: Request) -> None:
    engine.state.token = None


def _document(request: Request) -> Response:
    """Return the OpenAPI document of these calls, without an envelope."""
    _action(request)
    operations = {path: operation for path, (operation, _) in CONTROL_HANDLERS.items()} | OPERATIONS_OF_PAYMENTS
    routes = {path: [*by_method] for path, by_method in CONTROLS.items()}
    for path in CONTROL_HANDLERS:
        routes.setdefault(path, []).append("POST")
    names = {path: {name: FIELDS.get(name, {}) for name in names} for path, names in NAMES.items()}
    body = dumps(control_document(routes, operations, names)).encode()
    return Response(200, body, {"Content-Type": "application/json; charset=UTF-8"})


def _health(engine: Engine, _request: Request) -> dict[str, Any]:
    return {"now": engine.clock.now(), "status": "ok"}


def _ready(engine: Engine, _request: Request) -> dict[str, Any]:
    """Respond with 200 if the next write can be executed, and with 503 if it cannot be saved."""
    if engine.store is not None:
        try:
            engine.store.check_writable()
        except SandboxStoreError as error:
            raise not_ready(str(error)) from None
    return _health(engine, _request)


def _seed(engine: Engine, request: Request) -> list[dict[str, Any]]:
    """Create a history: pay one entry after the other, moving the clock before each by its `advance`."""
    entries = body_values(request).get("payments")
    if not is_list(entries):
        raise wrong_value("payments")
    return [payment_to_wire(record) for record in seed(engine, entries, read_tier(request))]


def seed(engine: Engine, entries: Sequence[Any], tier: str | None) -> list[PaymentRecord]:
    planted: list[PaymentRecord] = []
    for entry in entries:
        if not is_object(entry):
            raise wrong_value("payments")
        engine.clock.advance(seconds=step_of(entry.get("advance", 0)))
        engine.catch_up()
        body = {name: value for name, value in entry.items() if name != "advance"}
        planted.append(pay(engine.call(PAY, {"body": body}, tier)))
        engine.state.payments.commit()  # Else each entry would look at all before it again.
    return planted


def _ledger(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    return [_movement_to_wire(movement) for movement in engine.state.ledger]


def _movement_to_wire(movement: Movement) -> dict[str, Any]:
    return asdict(movement) | {"amount": to_wire(movement.amount)}


def _journal(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    return [asdict(exchange) | {"took": to_wire(Decimal(str(round(exchange.took, 3))))} for exchange in engine.journal]


def _pay(engine: Engine, request: Request) -> dict[str, Any]:
    call = engine.call(PAY, {"body": body_values(request)}, read_tier(request))
    return payment_to_wire(pay(call))


def _call_control(engine: Engine, request: Request) -> Any:
    operation, act = CONTROL_HANDLERS[request.path]
    return act(engine.call(operation, {"body": body_values(request)}, read_tier(request)))


def _lint(engine: Engine, _request: Request) -> dict[str, Any]:
    """Return the mistakes of the shop that can cost money."""
    return lint_to_wire(engine)


def _numbers(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    return open_numbers(engine.state, engine.clock.now())


def _faults(engine: Engine, _request: Request) -> dict[str, Any]:
    """Return the faults and declines that are left."""
    return faults_to_wire(engine.state.faults, engine.state.declines)


def _webhooks(engine: Engine, _request: Request) -> dict[str, Any]:
    """Return the webhook settings and every delivery."""
    engine.enqueue_deliveries()
    return webhooks_to_wire(engine.state)


Action = Callable[[Engine, Request], Any]

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "/_sandbox/reset": (),
    "/_sandbox/expire-tokens": (),
    "/_sandbox/clock": CLOCK_NAMES,
    "/_sandbox/seed": ("payments",),
    **SHOP_NAMES,
    "/_sandbox/settings": SETTING_NAMES,
    "/_sandbox/channels/adopt": ("pg", "mid", "key", "type", "name", "sandbox"),
}
"""Names in the bodies of calls that are not operations."""

CONTROLS: Final[dict[str, dict[str, Action]]] = {
    "/_sandbox/reset": {"POST": _reset},
    "/_sandbox/expire-tokens": {"POST": _expire_tokens},
    DOCUMENT: {"GET": _health},
    "/_sandbox/health": {"GET": _health},
    "/_sandbox/ready": {"GET": _ready},
    "/_sandbox/clock": {"GET": clock_to_wire, "POST": move_clock},
    "/_sandbox/otp": {"GET": _numbers},
    "/_sandbox/lint": {"GET": _lint},
    "/_sandbox/ledger": {"GET": _ledger},
    "/_sandbox/journal": {"GET": _journal},
    "/_sandbox/payments": {"POST": _pay},
    "/_sandbox/seed": {"POST": _seed},
    "/_sandbox/faults": {"GET": _faults},
    "/_sandbox/webhooks": {"GET": _webhooks},
    **PAYMENT_CONTROLS,
    **SHOP_CONTROLS,
    "/_sandbox/settings": {"GET": settings_to_wire, "POST": change_settings},
    "/_sandbox/channels/adopt": {"POST": adopt_channel},
}
