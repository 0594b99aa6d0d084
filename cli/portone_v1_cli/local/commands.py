"""Run the sandbox, and print and forward its webhooks."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import Annotated
from urllib.parse import urlsplit

import typer

from ..exit_codes import ExitCode, usage_error
from ..session import OutputOption, messages, session_of

__all__ = ["listen", "sandbox"]

Host = Annotated[
    str, typer.Option("--host", help="바인딩 주소(기본값: 루프백). · Bind address. Default: loopback only.")
]


def sandbox(
    *,
    host: Host = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", help="포트 번호. 0이면 빈 포트. · Port; 0 picks a free one.", min=0, max=65535)
    ] = 8765,
    db: Annotated[
        Path | None, typer.Option("--db", help="SQLite 파일. 생략하면 메모리. · SQLite file. Default: in memory.")
    ] = None,
    webhook_url: Annotated[
        str | None, typer.Option("--webhook-url", help="이 컴퓨터의 웹훅 주소. · Webhook URL on this machine.")
    ] = None,
    expose: Annotated[
        bool,
        typer.Option(
            "--expose-to-network",
            help="외부에서 접속할 수 있는 --host를 허용합니다. 접속하는 누구나 제어할 수 있습니다."
            " · Allow a --host that other machines can reach. Anyone who can reach it controls the sandbox.",
        ),
    ] = False,
) -> int:
    """로컬 V1 샌드박스를 실행합니다(Ctrl-C로 종료). 실제 돈은 움직이지 않습니다.

    Run a local sandbox of PortOne REST API V1 until Ctrl-C. No money moves, nothing leaves the machine.
    """
    try:
        from portone_v1_sandbox import Sandbox, SandboxServer, SandboxServerError, SandboxStoreError
    except ModuleNotFoundError as missing:
        if missing.name != "portone_v1_sandbox":
            raise
        usage_error(
            "샌드박스가 설치되지 않았습니다: pip install 'portone-v1-cli[sandbox]'",
            "The sandbox is not installed: pip install 'portone-v1-cli[sandbox]'",
        )
    wait = _until_stopped()
    try:
        kept = Sandbox(db=db, webhook_url=webhook_url)
    except (OSError, SandboxStoreError, ValueError) as error:
        usage_error("샌드박스를 시작할 수 없습니다.", " ".join(str(error).split()))
    try:
        with SandboxServer(kept, host=host, port=port, expose_to_network=expose) as server:
            # These keys are published: they open nothing but a sandbox.
            typer.echo(f"PortOne V1 sandbox on {server.url}")
            typer.echo("export PORTONE_V1_KEY=sandbox_key PORTONE_V1_SECRET=sandbox_secret \\")
            typer.echo(f"       PORTONE_V1_BASE_URL={server.url}")
            wait()
    except SandboxServerError as error:
        if _is_loopback(host) or expose:
            usage_error("샌드박스를 시작할 수 없습니다. 다른 --port를 지정하세요.", f"{error}; choose another --port")
        usage_error("외부에 노출되는 주소입니다. 허용하려면 --expose-to-network를 쓰세요.", str(error))
    return ExitCode.SUCCESS


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
    wait = _until_stopped()
    with Listener(host, port, forward, session.output) as listener:
        korean, english = f"웹훅 대기 중: {listener.url}", f"listening for webhooks on {listener.url}"
        if forward:
            korean, english = f"{korean}, {forward}로 전달", f"{english}, forwarding to {forward}"
        text = f"{korean} · {english}"
        messages().print(text, soft_wrap=True)
        with subscribed(sandbox_url or _sandbox_here(), listener.url) as trouble:
            if trouble:
                messages().print(
                    f"{trouble}. 직접 등록할 웹훅 주소: {listener.url} · Set this URL yourself.", soft_wrap=True
                )
            wait()
    return ExitCode.SUCCESS


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _sandbox_here() -> str:
    named = os.environ.get("PORTONE_V1_BASE_URL", "")
    return named if _is_loopback(urlsplit(named).hostname or "") else "http://127.0.0.1:8765"


def _until_stopped() -> Callable[[], None]:
    """Return a function that waits for Ctrl-C or SIGTERM.

    An Event would not do: its lock may be held when the signal arrives.
    """
    over: SimpleQueue[None] = SimpleQueue()

    def stop(_number: int, _frame: FrameType | None) -> None:
        over.put(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return over.get
