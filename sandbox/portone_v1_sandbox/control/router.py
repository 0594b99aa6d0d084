"""Run control calls and views under `/_sandbox/`, which need no token."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any, Final

from portone_v1_runtime.exact_json import dumps

from ..engine.engine import Engine, to_refusal
from ..errors.base import body_too_large, wrong_method
from ..errors.checkout import another_site
from ..errors.control import no_such_call, unknown_names
from ..evidence.secrets import kept_request, kept_response
from ..evidence.uids import uids_of
from ..storage.errors import SandboxStoreError
from ..wire.forms import body_values, query_values
from ..wire.messages import BODY_LIMIT, Request, Response, envelope
from .payments import UNLOCKED
from .routes import DOCUMENT, NAMES, Action, by_method, paths

__all__ = ["PREFIX", "control"]

PREFIX: Final = "/_sandbox/"
UNSEEN: Final = frozenset({"/_sandbox/reset", "/_sandbox/clock"})
"""Calls that are no event of any payment, or are recorded as another kind of event."""


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


def _record(engine: Engine, request: Request, answer: Response, content: Any) -> None:
    engine.evidence.add(
        "control", engine.clock.moment(), request.path.removeprefix(PREFIX),
        about=uids_of(body_values(request), content),
        method=request.method, path=request.path, status=answer.status, code=0,
        request=kept_request(request, None), answer=kept_response(answer, None),
    )  # fmt: skip


def _action(request: Request) -> Action:
    _require_own_page(request)
    actions = by_method(request.path)
    show = None if request.method in actions else _view(request.path)
    if show is not None:
        actions["GET"] = partial(_show, show)
    if not actions:
        raise no_such_call(request.path, paths())
    if request.method not in actions:
        raise wrong_method()
    if show is None:
        _require_known_names(request)
    return actions[request.method]


def _require_own_page(request: Request) -> None:
    if len(request.body) > BODY_LIMIT:
        raise body_too_large()
    if request.from_another_site:
        raise another_site()


def _view(path: str) -> Callable[[Engine, str], Any] | None:
    from ..views.router import find_view  # loaded with the first page, which a shop's test never opens

    return find_view(path)


def _show(show: Callable[[Engine, str], Any], engine: Engine, request: Request) -> Any:
    return show(engine, request.query)


def _require_known_names(request: Request) -> None:
    """Refuse unknown names in a call without an operation; the names of other calls are checked like arguments."""
    _refuse(query_values(request.query), ())
    if request.method == "POST" and request.path in NAMES:
        _refuse(body_values(request), NAMES[request.path])


def _refuse(values: Iterable[str], known: Collection[str]) -> None:
    unknown = [name for name in values if name not in known]
    if unknown:
        raise unknown_names(unknown, known)


def _document(request: Request) -> Response:
    """Return the OpenAPI document of these calls, without an envelope."""
    _require_own_page(request)
    if request.method != "GET":
        raise wrong_method()
    _require_known_names(request)
    from .document import whole_document

    body = dumps(whole_document()).encode()
    return Response(200, body, {"Content-Type": "application/json; charset=UTF-8"})
