"""`webhooks replay`: process payments again, through the shop's handlers or by posting to its URL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
import typer
from portone_v1.client import PortOne
from portone_v1.errors import NotFoundError
from portone_v1_runtime import exact_json
from portone_v1_runtime.decode import KST

from ..completion import complete_payments
from ..exit_codes import EXIT_CODES, ExitCode, Stop, usage_error
from ..output import show_rows
from ..parameters import moment
from ..session import OutputOption, ProfileOption, Session, TierOption, session_of
from .inboxes import InboxOption, ShopInbox, shop_inbox

__all__ = ["replay"]

MOST_DEAD = 10_000
GOOD = ("done", "delivered")
NO_ANSWER = (
    "상점의 응답이 없습니다. 처리되었는지는 상점의 로그에서 확인하세요"
    " · The shop did not answer; its log shows whether it handled the webhook"
)
NOT_HANDLED_KO = "처리되지 않은 웹훅으로 보고 상점의 로그를 확인하세요"
NOT_HANDLED = "treat the webhook as not handled and look at the shop's log"
JUST_NOW = timedelta(seconds=2)
"""Added to the end of `--since`, so that what has just been paid is in it."""
Payment = tuple[str, str | None]


def replay(
    context: typer.Context,
    imp_uid: Annotated[
        list[str] | None,
        typer.Argument(metavar="[IMP_UID]...", help="결제의 imp_uid. · Payment ids.", autocompletion=complete_payments),
    ] = None,
    *,
    dead: Annotated[
        bool, typer.Option("--dead", help="처리를 포기한 결제 전부. · Every payment that was given up.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="이때부터의 모든 결제(KST). · Every payment since then (KST)."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="URL",
            help="처리 함수 대신 이 주소로 보냅니다(https 또는 이 컴퓨터)."
            " · Post to this URL as PortOne does: https, or this machine.",
        ),
    ] = None,
    inbox: InboxOption = None,
    profile: ProfileOption = None,
    tier: TierOption = None,
    output: OutputOption = None,
) -> int:
    session = session_of(context, profile=profile, tier=tier, output=output)
    if not (imp_uid or dead or since):
        usage_error(
            "다시 처리할 결제를 지정하세요: imp_uid, --dead 또는 --since",
            "name payments, or pass --dead or --since",
        )
    begin = None if since is None else moment("--since", since)
    if to is not None:
        _require_safe(to)
    if dead and to is not None and inbox is None:
        usage_error(
            "--dead에는 --inbox가 필요합니다", "--dead needs --inbox, which lists the payments that were given up"
        )
    with session.client() as client:
        found = None if to is not None and not dead else shop_inbox(inbox)
        try:
            wanted = list(dict.fromkeys(_wanted(client, imp_uid or [], begin, found if dead else None, session)))
            if to is None and found is not None:
                handled: Iterator[dict[str, Any]] = (
                    {"imp_uid": uid, "outcome": found.replay(uid, of)} for uid, of in wanted
                )
            else:
                handled = _posted(client, wanted, to or "")
            rows = _until_interrupted(session, handled, len(wanted))
        finally:
            if found is not None:
                found.close()
    show_rows(session, rows)
    return ExitCode.SUCCESS if all(row["outcome"] in GOOD for row in rows) else ExitCode.REFUSED


replay.__doc__ = f"""결제를 다시 조회해 상점의 처리 함수에 넘기거나 --to 주소로 보냅니다. 여러 번 실행해도 됩니다.

Look at payments again as if PortOne had sent a webhook for each. The shop's handlers get only what they do not know
yet: it is safe to repeat. No resend button is needed. With --to the webhooks are posted to your endpoint as PortOne
posts them. `done`: handled; `later`: V1 does not show all of it so far; `dead`: given up. With --to, `delivered`:
the shop answered 2xx; `failed`: it answered with another status; `no_answer`: it may have handled it; `not_sent`,
`not_found`: nothing was sent. Exit code 1: not all are `done` or `delivered`.

{EXIT_CODES}"""


def _until_interrupted(session: Session, handled: Iterator[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """Return all rows. After Ctrl-C, print those so far, because these webhooks were handled."""
    rows: list[dict[str, Any]] = []
    try:
        for row in handled:
            rows.append(row)
    except KeyboardInterrupt:
        show_rows(session, rows)
        raise Stop(
            ExitCode.INTERRUPTED,
            f"중단했습니다. {number}건 중 {len(rows)}건은 처리했고, 그다음 한 건은 처리되었을 수 있습니다",
            f"interrupted: {len(rows)} of {number} webhooks were handled, and the next one may have been",
        ) from None
    return rows


def _wanted(
    client: PortOne, named: list[str], begin: Any, dead: ShopInbox | None, session: Session
) -> Iterator[Payment]:
    for uid in named:
        yield uid, session.tier or client.tier
    if dead is not None:
        for row in dead.rows(state="dead", limit=MOST_DEAD):
            yield row.imp_uid, row.tier
    if begin is not None:
        until = (session.server_time(client) or _needs_clock()).astimezone(KST) + JUST_NOW
        for movement in client.payments.reconcile(begin, until):
            yield movement.imp_uid, client.tier


def _needs_clock() -> Any:
    raise Stop(
        ExitCode.UNREACHABLE,
        "V1의 응답에 시각이 없습니다. 다시 처리한 웹훅은 없습니다",
        "V1's response contains no time. No webhook was replayed",
    )


def _require_safe(url: str) -> None:
    if not _is_safe(url):
        usage_error(
            "--to에는 https 주소나 이 컴퓨터의 주소를 사용자 이름 없이 지정하세요"
            "(예: http://127.0.0.1:8000/webhook). 보낸 것은 없습니다",
            "--to must be an https URL or one of this machine, without a user name. Nothing was sent",
        )


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _posted(client: PortOne, wanted: list[Payment], url: str) -> Iterator[dict[str, Any]]:
    with httpx.Client(timeout=30, follow_redirects=False) as poster:
        for uid, tier in wanted:
            try:
                payment = client.with_options(tier=tier).payments.get(uid, include_sandbox=True)
            except NotFoundError:
                missing = "V1에 없는 결제라 보내지 않았습니다 · Not sent: V1 has no such payment"
                yield {"imp_uid": uid, "outcome": "not_found", "status": None, "message": missing}
                continue
            notice = {"imp_uid": uid, "merchant_uid": payment.merchant_uid, "status": str(payment.status)}
            body, headers = exact_json.dumps(notice).encode(), {"content-type": "application/json"}
            outcome, status, message = _post(poster, url, body, headers)
            yield {"imp_uid": uid, "outcome": outcome, "status": status, "message": message}


def _post(poster: httpx.Client, url: str, body: bytes, headers: dict[str, str]) -> tuple[str, int | None, str]:
    """Post one webhook and return what became of it. Only the shop knows if it stored it before another response."""
    try:
        status = poster.post(url, content=body, headers=headers).status_code
    except (httpx.ConnectError, httpx.ConnectTimeout):
        return "not_sent", None, "상점에 연결할 수 없어 보내지 못했습니다 · Not sent: no connection to the shop"
    except httpx.HTTPError:
        return "no_answer", None, NO_ANSWER
    answered = f"상점의 응답: HTTP {status}"
    if 200 <= status < 300:
        return "delivered", status, f"{answered} · The shop answered {status}"
    return "failed", status, f"{answered}. {NOT_HANDLED_KO} · The shop answered {status}; {NOT_HANDLED}"
