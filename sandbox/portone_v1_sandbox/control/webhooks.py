"""Control calls for webhooks: the console's settings and buttons, and a bad network."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from ..dispatch.control_handlers import handles_control
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.base import missing_either, wrong_value
from ..errors.control import unusable_webhook_url
from ..state.deliveries import ContentType, Delivery
from ..webhooks.queue import discard, reason_against_url, resend, resume

if TYPE_CHECKING:
    from ..state.state import State

__all__ = ["CONTENT_TYPES", "apply_settings", "content_type_of", "webhooks_to_wire"]

CONTENT_TYPES: Final = ("application/json", "application/x-www-form-urlencoded")
SHORT: Final = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
MOST: Final = 1000

SETTINGS: Final = control_operation(
    "webhook_settings",
    "/_sandbox/webhooks/settings",
    "Change the webhook settings",
    parameter("url", max_length=2000, sensitive=True),
    parameter("test_url", max_length=2000, sensitive=True),
    parameter("content_type", "choice", values=(*CONTENT_TYPES, *SHORT)),
    parameter("repeats", "boolean"),
    parameter("escrow", "boolean"),
)
RESEND: Final = control_operation(
    "webhook_resend", "/_sandbox/webhooks/resend", "Send again, in this order", parameter("number", "texts")
)
DISCARD: Final = control_operation(
    "webhook_drop",
    "/_sandbox/webhooks/drop",
    "Discard waiting deliveries, or the next ones",
    parameter("number", "texts"),
    parameter("next", "integer"),
)
PAUSE: Final = control_operation("webhook_hold", "/_sandbox/webhooks/hold", "Pause all deliveries")
RESUME: Final = control_operation(
    "webhook_release", "/_sandbox/webhooks/release", "Resume deliveries, these first", parameter("number", "texts")
)


@handles_control(SETTINGS)
def configure(call: Call) -> dict[str, Any]:
    """Set the URLs and the format; an empty URL stops the webhooks to it."""
    arguments = call.arguments
    changes: dict[str, Any] = {}
    for name in ("url", "test_url"):
        if arguments.given(name):
            changes[name] = arguments.text(name) or None
    kind = arguments.text("content_type")
    if kind:
        changes["content_type"] = SHORT.get(kind, kind)
    changes |= {name: arguments.boolean(name) for name in ("repeats", "escrow") if arguments.given(name)}
    apply_settings(call.state, changes)
    return webhooks_to_wire(call.state)


def apply_settings(state: State, changes: dict[str, Any]) -> None:
    """Apply changes of the webhook settings. Raises Refusal for a URL that nothing may be sent to."""
    changed = replace(state.webhooks, **changes)
    for url in (changed.url, changed.test_url):
        reason = (
            None if url is None else reason_against_url(url, allow_remote=changed.allow_remote, hosts=changed.hosts)
        )
        if reason is not None:
            raise unusable_webhook_url(reason)
    state.webhooks = changed


@handles_control(RESEND)
def send_again(call: Call) -> dict[str, Any]:
    """Send again, in the order of the numbers."""
    resend(call.state, _numbers(call))
    return webhooks_to_wire(call.state)


@handles_control(DISCARD)
def discard_deliveries(call: Call) -> dict[str, Any]:
    """Discard the waiting deliveries of these numbers, or the `next` ones."""
    count = call.arguments.integer("next")
    if count is None and not call.arguments.texts("number"):
        raise missing_either(["number", "next"])
    if count is not None and not 0 <= count <= MOST:
        raise wrong_value("next")
    discard(call.state, _numbers(call))
    if count is not None:
        call.state.outbox.discard_next = count
    return webhooks_to_wire(call.state)


@handles_control(PAUSE)
def pause(call: Call) -> dict[str, Any]:
    """Pause all deliveries."""
    call.state.outbox.paused = True
    return webhooks_to_wire(call.state)


@handles_control(RESUME)
def resume_deliveries(call: Call) -> dict[str, Any]:
    """Resume the deliveries, these numbers first."""
    resume(call.state, _numbers(call))
    return webhooks_to_wire(call.state)


def _numbers(call: Call) -> list[int]:
    texts = call.arguments.texts("number")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts):
        raise wrong_value("number")
    return [int(text) for text in texts]


def webhooks_to_wire(state: State) -> dict[str, Any]:
    """Return the settings and every delivery with its attempts."""
    return {
        "deliveries": [_delivery_to_wire(delivery) for delivery in state.deliveries.values()],
        "held": state.outbox.paused,
        "settings": asdict(state.webhooks),
    }


def _delivery_to_wire(delivery: Delivery) -> dict[str, Any]:
    shown = asdict(delivery) | asdict(delivery.notification)
    del shown["notification"], shown["notice_urls"], shown["at"]
    # `status` is the content of the webhook; the merchant's status is part of each attempt.
    return dict(sorted(shown.items()))


def content_type_of(name: str) -> ContentType:
    """Return the media type of `json` or `form`. Raises ValueError for anything else."""
    if name in ("json", "application/json"):
        return "application/json"
    if name in ("form", "application/x-www-form-urlencoded"):
        return "application/x-www-form-urlencoded"
    raise ValueError("a webhook is application/json or application/x-www-form-urlencoded")
