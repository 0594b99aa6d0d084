"""Run one command, from its arguments to its exit code."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, cast

import typer
from portone_v1_runtime import exact_json

from .app import build
from .errors import Failure, describe
from .exit_codes import ExitCode
from .formatting import text_of
from .streams import discard, open_closed
from .writes.interrupts import signals_kept

__all__ = ["run"]

USAGE_KOREAN = {
    "NoSuchOption": "없는 옵션입니다.",
    "NoSuchCommand": "없는 명령입니다.",
    "MissingParameter": "필수 값이 없습니다.",
    "BadParameter": "값이 올바르지 않습니다.",
}


AS_JSON = re.compile(r"(-[A-Za-z]*o|--output)[ =]?json")
"""Matches it after another short option, too: `-yo json`."""
MEANT = re.compile(r"(?:Did you mean |Possible options: )([^?)]+)")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. Errors become one line, or JSON under `-o json`."""
    open_closed()
    if arguments is None:
        return _run(None)
    with signals_kept():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    as_json = _wants_json(sys.argv[1:] if arguments is None else arguments)
    try:
        result = build()(
            args=None if arguments is None else list(arguments), prog_name="portone-v1", standalone_mode=False
        )
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted(as_json=as_json)
    except SystemExit as left:  # the shell asked for its completion script
        return left.code if isinstance(left.code, int) else ExitCode.SUCCESS
    except Exception as error:
        return _failed(error, sys.argv[1:] if arguments is None else arguments, as_json=as_json)
    if result == ExitCode.INTERRUPTED:
        return _interrupted(as_json=as_json)
    return result if isinstance(result, int) else ExitCode.SUCCESS


def _wants_json(arguments: Sequence[str]) -> bool:
    """Look for the option without a parser: a wrong command line ends before Typer has read it."""
    pairs = zip_longest(arguments, arguments[1:], fillvalue="")
    return any(AS_JSON.fullmatch(f"{option} {value}") or AS_JSON.fullmatch(option) for option, value in pairs)


def _failed(error: Exception, arguments: Sequence[str], *, as_json: bool) -> int:
    if isinstance(error, typer.TyperException if hasattr(typer, "TyperException") else _usage_errors()):
        if type(error).__name__ == "NoArgsIsHelpError":
            _write(f"{cast('Any', error).format_message()}\n")
            return ExitCode.USAGE
        failure = _misused(error)
    else:
        failure = describe(error, arguments)
    _report(failure, as_json=as_json)
    try:
        sys.stdout.flush()
    except OSError:  # reported above; Python must not report it again at exit
        discard(sys.stdout)
    return failure.code


def _usage_errors() -> type[Exception]:
    """Return Typer's base class of usage errors, which has no public name in all versions."""
    return cast("type[Exception]", typer.BadParameter.__mro__[2])


def _misused(error: Any) -> Failure:
    message = " ".join(str(error.format_message()).split()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "portone-v1"
    korean = USAGE_KOREAN.get(type(error).__name__, "명령이 올바르지 않습니다.")
    if message.startswith("No such command"):
        korean = USAGE_KOREAN["NoSuchCommand"]
    details: dict[str, object] = {"help": f"{path} --help"}
    if meant := MEANT.search(message):
        details["did_you_mean"] = meant[1].replace("'", "")
        korean += f" 혹시 {details['did_you_mean']}인가요?"
    end = "" if message.endswith("?") else "."
    return Failure(
        ExitCode.USAGE,
        "usage",
        f"{korean} 보내지 않았습니다. {path} --help를 보세요.",
        f"{message}{end} Nothing was sent. See {path} --help",
        details,
    )


def _interrupted(*, as_json: bool) -> int:
    failure = Failure(
        ExitCode.INTERRUPTED,
        "interrupted",
        "중단했습니다. 변경 요청은 보내지 않았습니다.",
        "Interrupted. No change was sent.",
    )
    _report(failure, as_json=as_json)
    return ExitCode.INTERRUPTED


def _report(failure: Failure, *, as_json: bool) -> None:
    line = exact_json.dumps(failure.to_dict()) if as_json else f"portone-v1: {failure.line}"
    if sys.stderr.isatty():  # which would obey control characters in words of V1 or the PG
        line = text_of(line)
    _write(f"{line}\n")


def _write(text: str) -> None:
    """Write to stderr, unless it is closed (`2>&1 | head`): the exit code is the same."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)
