"""`portone-v1 sandbox`: run the sandbox with its own flags, variables and names of `sandbox.toml`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any, NoReturn

import typer
from portone_v1.contrib.signals import StopSignals

from ..exit_codes import ExitCode, usage_error

__all__ = ["sandbox"]

KOREAN = "샌드박스를 시작할 수 없습니다."
DESCRIPTION = (
    "로컬 V1 샌드박스를 실행합니다(Ctrl-C로 종료). 실제 돈은 움직이지 않습니다. · "
    "Run a local sandbox of PortOne REST API V1 until Ctrl-C. No money moves, nothing leaves the machine. "
    "PORTONE_V1_SANDBOX_* and sandbox.toml (--config) have the same names."
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        usage_error(f"{KOREAN} --help를 보세요.", f"{message}; see --help")


def sandbox(context: typer.Context) -> int:
    """로컬 V1 샌드박스를 실행합니다(Ctrl-C로 종료). 실제 돈은 움직이지 않습니다.

    Run a local sandbox of PortOne REST API V1 until Ctrl-C. No money moves, nothing leaves the machine.
    """
    try:
        from portone_v1_sandbox import SandboxServerError, SandboxStoreError
        from portone_v1_sandbox.__main__ import main
        from portone_v1_sandbox.configuration import add_flags, read_configuration
        from portone_v1_sandbox.serving import sandbox_of, serve_until, server_of
    except ModuleNotFoundError as missing:
        if missing.name != "portone_v1_sandbox":
            raise
        usage_error(
            "샌드박스가 설치되지 않았습니다: pip install 'portone-v1-cli[sandbox]'",
            "The sandbox is not installed: pip install 'portone-v1-cli[sandbox]'",
        )
    if context.args[:1] == ["proxy"]:
        return main(context.args)
    parser = _Parser(prog="portone-v1 sandbox", description=DESCRIPTION)
    add_flags(parser)
    options = parser.parse_args(context.args)
    try:
        settings = read_configuration(options, os.environ)
        with StopSignals() as signals, sandbox_of(settings) as kept, server_of(settings, kept) as server:
            typer.echo(f"PortOne V1 sandbox on {server.url}")
            typer.echo(_exported(settings, server.url))
            serve_until(signals)
    except SandboxServerError as error:
        if "expose" in str(error):
            usage_error("외부에 노출되는 주소입니다. 허용하려면 --expose-to-network를 쓰세요.", str(error))
        usage_error(f"{KOREAN} 다른 --port를 지정하세요.", f"{error}; choose another --port")
    except (OSError, SandboxStoreError, ValueError) as error:
        usage_error(KOREAN, " ".join(str(error).split()))
    return ExitCode.SUCCESS


def _exported(settings: Mapping[str, Any], url: str) -> str:
    """Return the variables for a client. Only the published keys are shown, which open nothing but a sandbox."""
    if (settings["imp_key"], settings["imp_secret"]) != ("sandbox_key", "sandbox_secret"):
        return f"export PORTONE_V1_BASE_URL={url}"
    return f"export PORTONE_V1_KEY=sandbox_key PORTONE_V1_SECRET=sandbox_secret \\\n       PORTONE_V1_BASE_URL={url}"
