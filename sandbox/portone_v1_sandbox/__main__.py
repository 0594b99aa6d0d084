"""`portone-v1-sandbox`: serve the sandbox, or the proxy before it, until Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from portone_v1.contrib.signals import StopSignals

from .configuration import Parser, add_flags, read_configuration
from .engine.coverage import claims_table, coverage_table
from .server import SandboxServerError
from .serving import collecting_less_often, credentials_of, sandbox_of, serve_until, server_of
from .storage.errors import SandboxStoreError

DESCRIPTION = (
    "로컬 V1 샌드박스를 실행합니다(Ctrl-C로 종료). 실제 돈은 움직이지 않습니다. · "
    "Run a local sandbox of PortOne REST API V1 until Ctrl-C. No money moves."
)
PROXY_HELP = (
    "portone-v1-sandbox proxy --help: V1의 호스트 이름을 그대로 쓰는 페이지와 프로그램을 연결하는 프록시 · "
    "A proxy for pages and programs that use V1's own host names."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console without Korean letters shows ? instead of failing
            stream.reconfigure(errors="replace")
    given = sys.argv[1:] if arguments is None else [*arguments]
    if given[:1] == ["proxy"]:
        from .proxy.command import main as proxy  # The sandbox itself does not need it.

        return proxy(given[1:])
    parser = Parser(
        prog="portone-v1-sandbox",
        description=DESCRIPTION,
        epilog=PROXY_HELP,
    )
    add_flags(parser)
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="지원 범위와 근거의 표를 출력하고 종료 · Print the coverage and evidence table and exit",
    )
    parser.add_argument(
        "--claims",
        action="store_true",
        help="V1에 관한 주장과 근거 등급을 출력하고 종료 · Print the claims about V1 with their grades and exit",
    )
    options = parser.parse_args(given)
    if options.claims:
        sys.stdout.write(claims_table())
        return 0
    if options.coverage:
        sys.stdout.write(coverage_table())
        return 0
    try:
        settings = read_configuration(options, os.environ)
        with StopSignals() as signals, sandbox_of(settings) as sandbox, server_of(settings, sandbox) as server:
            sys.stdout.write(f"PortOne V1 sandbox on {server.url}, {credentials_of(settings)}\n")
            sys.stdout.flush()
            with collecting_less_often():
                serve_until(signals)
    except (SandboxServerError, SandboxStoreError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
