"""The webhook view for `path()`. Nothing is created when `urls.py` is imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from asgiref.sync import sync_to_async
from django.http import (  # type: ignore[import-untyped]
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    UnreadablePostError,
)

from .._requests import LONGEST, TOO_LONG, too_long
from ._inbox import inbox

__all__ = ["MARK", "EveryAlias", "async_webhook", "webhook"]

V = TypeVar("V", bound=Callable[..., Any])

MARK: Final = "portone_v1_webhook"
"""Attribute that a system check looks for on the views of `urls.py`."""


class EveryAlias(set[str]):
    """Lifts ATOMIC_REQUESTS for every database, without reading settings.DATABASES when `urls.py` is imported."""

    def __contains__(self, alias: object) -> bool:
        return True


def ready(view: V) -> V:
    """Mark the function itself, so that a wrapper with `functools.wraps` keeps all marks."""
    marks: dict[str, Any] = vars(view)
    marks["csrf_exempt"] = True  # PortOne has no CSRF token
    marks["login_required"] = False  # LoginRequiredMiddleware would send PortOne to the login page
    marks["_non_atomic_requests"] = EveryAlias()  # a transaction would be open while V1 is asked
    marks[MARK] = True
    return view


def answer(request: Any, tier: str | None) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    meta: dict[str, str] = request.META
    body = _body(request)
    if body is None:
        return HttpResponse(TOO_LONG.encode(), status=413, content_type="text/plain; charset=utf-8")
    response = inbox().receive(
        body,
        meta.get("CONTENT_TYPE"),
        meta.get("REMOTE_ADDR") or "",
        tier=tier,
        forwarded_for=meta.get("HTTP_X_FORWARDED_FOR"),
    )
    return HttpResponse(response.text.encode(), status=response.status, content_type=response.content_type)


def _body(request: Any) -> bytes | None:
    """Return the body, or None if it is too long. No more than the limit is read."""
    if too_long(request.META.get("CONTENT_LENGTH")):
        return None
    try:
        body: bytes = request.read(LONGEST + 1)
    except UnreadablePostError:
        return b""
    return body if len(body) <= LONGEST else None


@ready
def webhook(request: HttpRequest, tier: str | None = None, **_: Any) -> HttpResponse:
    """웹훅: Receive all webhooks of PortOne. A view for `path()`.

    The payment is read from V1, so a forged webhook has no effect. `portone_v1.inbox.Inbox.receive` documents the
    responses.
    """
    return answer(request, tier)


@ready
async def async_webhook(request: HttpRequest, tier: str | None = None, **_: Any) -> HttpResponse:
    """웹훅: Receive webhooks as `webhook` does, in a project whose views and middleware are all asynchronous."""
    found: HttpResponse = await sync_to_async(answer)(request, tier)
    return found
