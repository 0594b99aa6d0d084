"""V1 on this machine: the sandbox, and the notices that it sends."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Annotated

import typer

from ..sandbox import SandboxServer, SandboxServerError
from ._exits import ExitCode, misused
from ._session import OutputOption, messages, session_of

__all__ = ["listen", "sandbox"]

Host = Annotated[str, typer.Option("--host", help="주소. Where to listen; this machine only unless said otherwise.")]


def sandbox(
    *,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="포트. 0 takes a free one.", min=0, max=65535)] = 8765,
) -> int:
    """샌드박스: V1 on this machine, until Ctrl-C. No real money, nothing leaves the machine."""
    over = _until_stopped()
    try:
        with SandboxServer(host=host, port=port) as server:
            # The pair is published: it opens nothing but an imitation.
            typer.echo(f"PortOne V1 sandbox on {server.url}")
            typer.echo("export PORTONE_V1_KEY=sandbox_key PORTONE_V1_SECRET=sandbox_secret \\")
            typer.echo(f"       PORTONE_V1_BASE_URL={server.url}")
            over.wait()
    except SandboxServerError as error:
        misused(f"{error}; choose another --port")
    return ExitCode.DONE


def listen(
    context: typer.Context,
    *,
    forward: Annotated[str | None, typer.Option("--forward", help="전달. Your shop's webhook address.")] = None,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="포트. 0 takes a free one.", min=0, max=65535)] = 8766,
    output: OutputOption = None,
) -> int:
    """웹훅 수신: prints each notice that the sandbox sends here, and forwards it as it came.

    Give the address that it prints to the sandbox as `notice_url`. The sender gets the shop's own answer, or 502 where
    the shop is not there.
    """
    from ._listening import Listener

    session = session_of(context, output=output)
    over = _until_stopped()
    with Listener(host, port, forward, session.output) as listener:
        told = f"웹훅 대기 · listening on {listener.url}" + (f", forwarding to {forward}" if forward else "")
        messages().print(told, soft_wrap=True)
        over.wait()
    return ExitCode.DONE


def _until_stopped() -> threading.Event:
    over = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return over
