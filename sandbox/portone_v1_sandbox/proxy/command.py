"""`portone-v1-sandbox proxy`: run a sandbox, and a proxy that responds for V1's two host names from it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from portone_v1.contrib.signals import StopSignals

from ..configuration import Parser, add_flags, add_proxy_flags, read_configuration, read_proxy_configuration
from ..server import SandboxServerError
from ..serving import credentials_of, sandbox_of, serve_until, server_of
from ..storage.errors import SandboxStoreError
from .advice import SHELLS, environment, how_to, spelled
from .errors import ProxyError
from .names import ANSWERED
from .server import ProxyServer, reachable
from .store import default_folder, is_kept, open_certificate, write_files

if TYPE_CHECKING:
    from .certificate import Certificate

__all__ = ["main"]

DESCRIPTION: Final = f"""\
{", ".join(ANSWERED)} 대신 샌드박스가 응답하는 프록시입니다. 페이지와 프로그램을 고치지 않아도 됩니다.
실행하는 동안 이 호스트로는 아무것도 보내지 않습니다. 다른 호스트는 터널로 연결하고, --only면 거절합니다.
시스템의 인증서 저장소는 바꾸지 않습니다. ·
Run a proxy that responds for {" and ".join(ANSWERED)} from the sandbox, so that pages and programs need no change.
While it runs, nothing is sent to these hosts; every other host gets a tunnel, or a refusal with --only. It never
changes a trust store: --print-env sets up one process, the how-to at its address one browser profile or one device."""


def main(arguments: Sequence[str]) -> int:
    """Return the exit code."""
    parser = Parser(prog="portone-v1-sandbox proxy", description=DESCRIPTION)
    add_proxy_flags(parser)
    parser.add_argument(
        "--export-ca",
        metavar="FILE",
        help="인증 기관 인증서를 저장하고 종료(-: 표준 출력) · Write the authority's certificate (-: stdout) and exit",
    )
    parser.add_argument(
        "--print-env",
        nargs="?",
        const="sh",
        choices=SHELLS,
        help="프로세스 하나에 쓸 환경 변수를 출력하고 종료 · Print the variables for one process and exit",
    )
    options = parser.parse_args(arguments)
    try:
        settings = read_proxy_configuration(options, os.environ)
        folder = Path(settings["folder"]).expanduser() if settings["folder"] else default_folder()
        is_first = not is_kept(folder.absolute())
        certificate, is_new = open_certificate(folder.absolute(), datetime.now(UTC))
        if options.export_ca:
            return _export(certificate, options.export_ca)
        files = write_files(folder.absolute(), certificate, os.environ)
        if options.print_env:
            sys.stdout.write(spelled(environment(_address(settings), files), options.print_env))
            return 0
        return _run(settings, options.config, certificate, is_renewed=is_new and not is_first)
    except (ProxyError, SandboxServerError, SandboxStoreError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run(settings: Mapping[str, Any], config: str | None, certificate: Certificate, *, is_renewed: bool) -> int:
    with ExitStack() as running:
        signals = running.enter_context(StopSignals())
        place, credentials = settings["sandbox"], ""
        if place is None:
            own = _sandbox_settings(config)
            sandbox = running.enter_context(sandbox_of(own))
            place = running.enter_context(server_of(own, sandbox)).url
            credentials = f", {credentials_of(own)}"
        proxy = running.enter_context(
            ProxyServer(
                place,
                certificate,
                host=settings["host"],
                port=settings["port"],
                only=settings["only"],
                expose_to_network=settings["expose_to_network"],
                allowed_hosts=settings["allowed_hosts"],
                on_refusal=_report,
            )
        )
        sys.stdout.write(f"PortOne V1 sandbox proxy on {proxy.url}, sandbox on {place}{credentials}\n")
        if is_renewed:
            sys.stdout.write("A new certificate was created: install it wherever the previous one was trusted.\n")
        sys.stdout.write(f"\n{how_to(certificate, proxy.url, settings['folder'])}")
        sys.stdout.flush()
        serve_until(signals)
    return 0


def _sandbox_settings(config: str | None) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return read_configuration(parser.parse_args([] if config is None else ["--config", config]), os.environ)


def _export(certificate: Certificate, place: str) -> int:
    if place == "-":
        sys.stdout.write(certificate.authority.decode("ascii"))
        return 0
    try:
        Path(place).write_bytes(certificate.authority)
    except OSError as error:
        raise ProxyError(f"cannot write {place}: {error.strerror}") from None
    return 0


def _address(settings: Mapping[str, Any]) -> str:
    """Return the address at which the proxy listens or will listen."""
    if settings["port"] == 0:
        raise ProxyError("--print-env needs the --port on which the proxy listens")
    return f"http://{reachable(settings['host'])}:{settings['port']}"


def _report(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
