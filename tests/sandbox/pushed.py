"""A merchant's server without a socket, which holds the events that it gets against the bundle."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from portone_v1_sandbox import Sandbox, SandboxClock, WebhookCall

from tests.sandbox.support import START
from tests.schemas import part

__all__ = ["URL", "Shop"]

URL = "http://127.0.0.1:9/hooks"
SCHEMAS = {"Inicis.Escrow.Changed": "InicisEscrowNotice", "Galaxia.Cvs.Confirm": "GalaxiaCvsConfirm"}


class Shop:
    """`answers` are statuses, or what is raised; 200 when there are no more."""

    def __init__(self) -> None:
        self.calls: list[WebhookCall] = []
        self.answers: list[int | BaseException] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, call: WebhookCall) -> int:
        self.calls.append(call)
        self.meanwhile()
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def sandbox(self, **options: Any) -> Sandbox:
        """Provide a sandbox whose webhooks come here, and whose clock stands still."""
        return Sandbox(clock=SandboxClock.frozen_at(START), webhook_sender=self, **({"webhook_url": URL} | options))

    @property
    def events(self) -> list[dict[str, Any]]:
        """The bodies of the events so far."""
        return [body for call in self.calls if (body := _event(call)) is not None]


def _event(call: WebhookCall) -> dict[str, Any] | None:
    if not call.body.startswith(b"{"):
        return None
    body: dict[str, Any] = json.loads(call.body)
    if "event" not in body:
        return None
    assert call.content_type == "application/json"
    assert call.body.isascii()
    part(f"/components/schemas/{SCHEMAS[body['event']]}").validate(body)
    return body
