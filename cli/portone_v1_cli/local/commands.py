"""V1 on this machine: the sandbox, and the notices that it sends."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import Annotated
from urllib.parse import urlsplit

import typer
from portone_v1._http.settings import is_loopback

from ..exit_codes import ExitCode, misused
from ..session import OutputOption, messages, session_of

__all__ = ["listen", "sandbox"]

Host = Annotated[str, typer.Option("--host", help="주소. Where to listen; this machine only unless said otherwise.")]


def sandbox(
    *,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="포트. 0 takes a free one.", min=0, max=65535)] = 8765,
    db: Annotated[Path | None, typer.Option("--db", help="저장 파일. Keeps everything there; else in memory.")] = None,
    webhook_url: Annotated[
        str | None, typer.Option("--webhook-url", help="웹훅 주소. Where webhooks go, on this machine.")
    ] = None,
    expose: Annotated[
        bool, typer.Option("--expose-to-network", help="공개. Take a --host that others reach; they may do everything.")
    ] = False,
) -> int:
    """샌드박스: V1 on this machine, until Ctrl-C. No real money, nothing leaves the machine."""
    try:
        from portone_v1_sandbox import Sandbox, SandboxServer, SandboxServerError, SandboxStoreError
    except ModuleNotFoundError as missing:
        if missing.name != "portone_v1_sandbox":
            raise
        misused("the sandbox is not installed: pip install 'portone-v1-cli[sandbox]'")
    wait = _until_stopped()
    try:
        kept = Sandbox(db=db, webhook_url=webhook_url)
    except (OSError, SandboxStoreError, ValueError) as error:
        misused(f"{' '.join(str(error).split())}")
    try:
        with SandboxServer(kept, host=host, port=port, expose_to_network=expose) as server:
            # The pair is published: it opens nothing but an imitation.
            typer.echo(f"PortOne V1 sandbox on {server.url}")
            typer.echo("export PORTONE_V1_KEY=sandbox_key PORTONE_V1_SECRET=sandbox_secret \\")
            typer.echo(f"       PORTONE_V1_BASE_URL={server.url}")
            wait()
    except SandboxServerError as error:
        misused(f"{error}; choose another --port" if is_loopback(host) or expose else str(error))
    return ExitCode.DONE


def listen(
    context: typer.Context,
    *,
    forward: Annotated[str | None, typer.Option("--forward", help="전달. Your shop's webhook address.")] = None,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="포트. 0 takes a free one.", min=0, max=65535)] = 8766,
    sandbox_url: Annotated[
        str | None,
        typer.Option("--sandbox", help="샌드박스 주소. Left out: PORTONE_V1_BASE_URL if it is here, else port 8765."),
    ] = None,
    output: OutputOption = None,
) -> int:
    """웹훅 수신: prints each notice that the sandbox sends here, and forwards it as it came.

    The sandbox is told to send its notices here as long as this runs. The sender gets the shop's own answer, or 502
    where the shop is not there.
    """
    from .listener import Listener, subscribed

    session = session_of(context, output=output)
    wait = _until_stopped()
    with Listener(host, port, forward, session.output) as listener:
        told = f"웹훅 대기 · listening on {listener.url}" + (f", forwarding to {forward}" if forward else "")
        messages().print(told, soft_wrap=True)
        with subscribed(sandbox_url or _sandbox_here(), listener.url) as trouble:
            if trouble:
                messages().print(f"{trouble}: give it {listener.url} as its webhook address", soft_wrap=True)
            wait()
    return ExitCode.DONE


def _sandbox_here() -> str:
    named = os.environ.get("PORTONE_V1_BASE_URL", "")
    return named if is_loopback(urlsplit(named).hostname or "") else "http://127.0.0.1:8765"


def _until_stopped() -> Callable[[], None]:
    """What waits for Ctrl-C or SIGTERM. An Event would not do: its lock may be held when the signal comes."""
    over: SimpleQueue[None] = SimpleQueue()

    def stop(_number: int, _frame: FrameType | None) -> None:
        over.put(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return over.get
