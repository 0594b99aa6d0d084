"""Print the sandbox's webhooks and forward them."""

from __future__ import annotations

import os
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

import typer
from portone_v1.contrib.signals import StopSignals
from rich.text import Text

from ..exit_codes import ExitCode
from ..session import OutputOption, messages, session_of

__all__ = ["listen"]

Host = Annotated[
    str, typer.Option("--host", help="바인딩 주소(기본값: 루프백). · Bind address. Default: loopback only.")
]


def listen(
    context: typer.Context,
    *,
    forward: Annotated[
        str | None, typer.Option("--forward", help="전달할 내 서버의 웹훅 주소. · Your server's webhook URL.")
    ] = None,
    host: Host = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", help="포트 번호. 0이면 빈 포트. · Port; 0 picks a free one.", min=0, max=65535)
    ] = 8766,
    sandbox_url: Annotated[
        str | None,
        typer.Option(
            "--sandbox",
            help="샌드박스 주소. · Sandbox URL. Default: PORTONE_V1_BASE_URL if it is loopback, otherwise port 8765.",
        ),
    ] = None,
    output: OutputOption = None,
) -> int:
    """샌드박스 웹훅을 출력하고 내 서버로 그대로 전달합니다.

    Print the sandbox's webhooks and forward them unchanged. While this runs, the sandbox sends its webhooks here. It
    gets your server's response, or 502 if your server does not respond.
    """
    from .listener import Listener, subscribed

    session = session_of(context, output=output)
    with StopSignals() as signals, Listener(host, port, forward, session.output) as listener:
        korean, english = f"웹훅 대기 중: {listener.url}", f"listening for webhooks on {listener.url}"
        if forward:
            korean, english = f"{korean}, {forward}로 전달", f"{english}, forwarding to {forward}"
        text = f"{korean} · {english}"
        messages().print(Text(text), soft_wrap=True)
        with subscribed(sandbox_url or _sandbox_here(), listener.url) as trouble:
            if trouble:
                advice = f"{trouble}. 직접 등록할 웹훅 주소: {listener.url} · Set this URL yourself."
                messages().print(Text(advice), soft_wrap=True)
            signals.wait()
    return ExitCode.SUCCESS


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _sandbox_here() -> str:
    named = os.environ.get("PORTONE_V1_BASE_URL", "")
    return named if _is_loopback(urlsplit(named).hostname or "") else "http://127.0.0.1:8765"
