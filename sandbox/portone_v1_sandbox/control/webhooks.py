"""What a merchant does with webhooks in the console, and what a bad network does: as control calls."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from ..dispatch.control_handlers import staged
from ..dispatch.control_operations import parameter, play
from ..dispatch.handlers import Call
from ..errors.base import missing_either, wrong_value
from ..errors.control import unusable_webhook_url
from ..state.deliveries import ContentType, Delivery
from ..webhooks.queue import drop, release, resend, why_not_there

if TYPE_CHECKING:
    from ..state.state import State

__all__ = ["apply_settings", "content_type_of", "webhooks_on_wire"]

CONTENT_TYPES: Final = ("application/json", "application/x-www-form-urlencoded")
SHORT: Final = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
MOST: Final = 1000

SETTINGS: Final = play(
    "webhook_settings",
    "/_sandbox/webhooks/settings",
    "Set where webhooks go",
    parameter("url", max_length=2000, sensitive=True),
    parameter("test_url", max_length=2000, sensitive=True),
    parameter("content_type", "choice", values=(*CONTENT_TYPES, *SHORT)),
    parameter("repeats", "boolean"),
    parameter("escrow", "boolean"),
)
RESEND: Final = play(
    "webhook_resend", "/_sandbox/webhooks/resend", "Send again, in this order", parameter("number", "texts")
)
DROP: Final = play(
    "webhook_drop",
    "/_sandbox/webhooks/drop",
    "Lose what waits, or the next ones",
    parameter("number", "texts"),
    parameter("next", "integer"),
)
HOLD: Final = play("webhook_hold", "/_sandbox/webhooks/hold", "Hold everything back")
RELEASE: Final = play(
    "webhook_release", "/_sandbox/webhooks/release", "Let go, these first", parameter("number", "texts")
)


@staged(SETTINGS)
def configure(call: Call) -> dict[str, Any]:
    """Sets where webhooks go; an empty URL stops them."""
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
    return webhooks_on_wire(call.state)


def apply_settings(state: State, changes: dict[str, Any]) -> None:
    """Raises Refusal for a URL that nothing may be sent to."""
    changed = replace(state.webhooks, **changes)
    for url in (changed.url, changed.test_url):
        reason = None if url is None else why_not_there(url, allow_remote=changed.allow_remote)
        if reason is not None:
            raise unusable_webhook_url(reason)
    state.webhooks = changed


@staged(RESEND)
def send_again(call: Call) -> dict[str, Any]:
    """Sends again, in the order of the numbers."""
    resend(call.state, _numbers(call))
    return webhooks_on_wire(call.state)


@staged(DROP)
def lose(call: Call) -> dict[str, Any]:
    """Loses what waits under these numbers, or the `next` so many."""
    count = call.arguments.integer("next")
    if count is None and not call.arguments.texts("number"):
        raise missing_either(["number", "next"])
    if count is not None and not 0 <= count <= MOST:
        raise wrong_value("next")
    drop(call.state, _numbers(call))
    if count is not None:
        call.state.mailbag.losing = count
    return webhooks_on_wire(call.state)


@staged(HOLD)
def hold(call: Call) -> dict[str, Any]:
    """Holds everything back until it is let go."""
    call.state.mailbag.held = True
    return webhooks_on_wire(call.state)


@staged(RELEASE)
def let_go(call: Call) -> dict[str, Any]:
    """Lets go what was held back, these numbers first."""
    release(call.state, _numbers(call))
    return webhooks_on_wire(call.state)


def _numbers(call: Call) -> list[int]:
    texts = call.arguments.texts("number")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts):
        raise wrong_value("number")
    return [int(text) for text in texts]


def webhooks_on_wire(state: State) -> dict[str, Any]:
    """The settings and every delivery with its attempts."""
    return {
        "deliveries": [_delivery_on_wire(delivery) for delivery in state.deliveries.values()],
        "held": state.mailbag.held,
        "settings": asdict(state.webhooks),
    }


def _delivery_on_wire(delivery: Delivery) -> dict[str, Any]:
    shown = asdict(delivery) | asdict(delivery.notice)
    del shown["notice"], shown["notice_urls"], shown["at"]
    # `status` is what the webhook says; what the merchant answered stands with each attempt.
    return dict(sorted(shown.items()))


def content_type_of(name: str) -> ContentType:
    """`json` and `form` are short for the media types. Raises ValueError for anything else."""
    if name in ("json", "application/json"):
        return "application/json"
    if name in ("form", "application/x-www-form-urlencoded"):
        return "application/x-www-form-urlencoded"
    raise ValueError("a webhook is application/json or application/x-www-form-urlencoded")
