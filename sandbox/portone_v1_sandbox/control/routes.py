"""The control calls by path and method, and the names that their bodies may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..certifications.window import open_numbers
from ..dispatch.control_handlers import CONTROL_HANDLERS
from ..errors.control import not_ready
from ..merchant.tokens import read_tier
from ..payments.checkout import PAY, pay
from ..state.payments import payment_to_wire
from ..storage.errors import SandboxStoreError
from ..wire.forms import body_values
from .channels import CHANNEL_CONTROLS, CHANNEL_NAMES
from .clock import CLOCK_NAMES, clock_to_wire, move_clock
from .faults import faults_to_wire
from .history import HISTORY_CONTROLS
from .lint import LINT_CONTROLS, LINT_NAMES
from .payments import PAYMENT_CONTROLS
from .settings import SETTING_NAMES, change_settings, settings_to_wire
from .shops import SHOP_CONTROLS, SHOP_NAMES
from .webhooks import webhooks_to_wire

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.messages import Request

__all__ = ["CONTROLS", "DOCUMENT", "NAMES", "Action", "by_method", "paths"]

DOCUMENT: Final = "/_sandbox/openapi.json"
Action = Callable[["Engine", "Request"], Any]


def by_method(path: str) -> dict[str, Action]:
    """Return what a path does, by method: nothing for an unknown path."""
    found: dict[str, Action] = dict(CONTROLS.get(path, {}))
    if path in CONTROL_HANDLERS:
        found["POST"] = _call_control
    return found


def paths() -> tuple[str, ...]:
    """Return the path of each control call, for the refusal of an unknown one."""
    return (*CONTROLS, *CONTROL_HANDLERS)


def _call_control(engine: Engine, request: Request) -> Any:
    operation, act = CONTROL_HANDLERS[request.path]
    return act(engine.call(operation, {"body": body_values(request)}, read_tier(request)))


def _health(engine: Engine, _request: Request) -> dict[str, Any]:
    return {"now": engine.clock.now(), "status": "ok"}


def _ready(engine: Engine, request: Request) -> dict[str, Any]:
    """Respond with 200 if the next write can be executed, and with 503 if it cannot be saved."""
    if engine.store is not None:
        try:
            engine.store.check_writable()
        except SandboxStoreError as error:
            raise not_ready(str(error)) from None
    return _health(engine, request)


def _pay(engine: Engine, request: Request) -> dict[str, Any]:
    call = engine.call(PAY, {"body": body_values(request)}, read_tier(request))
    return payment_to_wire(pay(call))


def _numbers(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    return open_numbers(engine.state, engine.clock.now())


def _faults(engine: Engine, _request: Request) -> dict[str, Any]:
    """Return the faults and declines that are left."""
    return faults_to_wire(engine.state.faults, engine.state.declines)


def _webhooks(engine: Engine, _request: Request) -> dict[str, Any]:
    """Return the webhook settings and every delivery."""
    engine.enqueue_deliveries()
    return webhooks_to_wire(engine.state)


NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "/_sandbox/reset": (),
    "/_sandbox/expire-tokens": (),
    "/_sandbox/clock": CLOCK_NAMES,
    "/_sandbox/seed": ("payments",),
    "/_sandbox/settings": SETTING_NAMES,
    **SHOP_NAMES,
    **CHANNEL_NAMES,
    **LINT_NAMES,
}
"""Names in the bodies of calls that are not operations."""

CONTROLS: Final[dict[str, dict[str, Action]]] = {
    "/_sandbox/health": {"GET": _health},
    "/_sandbox/ready": {"GET": _ready},
    "/_sandbox/clock": {"GET": clock_to_wire, "POST": move_clock},
    "/_sandbox/otp": {"GET": _numbers},
    "/_sandbox/payments": {"POST": _pay},
    "/_sandbox/faults": {"GET": _faults},
    "/_sandbox/webhooks": {"GET": _webhooks},
    "/_sandbox/settings": {"GET": settings_to_wire, "POST": change_settings},
    **HISTORY_CONTROLS,
    **LINT_CONTROLS,
    **PAYMENT_CONTROLS,
    **SHOP_CONTROLS,
    **CHANNEL_CONTROLS,
}
"""Calls that are not registered as operations with a handler: see `by_method`."""
