"""One command from its arguments to its exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, cast

import typer

from .app import build
from .errors import explain
from .exit_codes import ExitCode
from .output import drop_output

__all__ = ["run"]


def run(arguments: Sequence[str] | None = None) -> int:
    try:
        result = build()(
            args=None if arguments is None else list(arguments), prog_name="portone-v1", standalone_mode=False
        )
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except SystemExit as left:  # a script for the shell's completion was asked for
        return left.code if isinstance(left.code, int) else ExitCode.DONE
    except Exception as error:
        return _failed(error)
    if result == ExitCode.INTERRUPTED:
        return _interrupted()
    return result if isinstance(result, int) else ExitCode.DONE


def _failed(error: Exception) -> int:
    if isinstance(error, typer.TyperException if hasattr(typer, "TyperException") else _usage_errors()):
        return _misused(error)
    code, line = explain(error)
    _tell(line)
    try:
        sys.stdout.flush()
    except OSError:  # what could not be written is told once, not again at exit
        drop_output()
    return code


def _usage_errors() -> type[Exception]:
    """What Typer raises for a wrong command line; its base class has no public name in all versions."""
    return cast("type[Exception]", typer.BadParameter.__mro__[2])


def _misused(error: Any) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error.format_message()}\n")
        return ExitCode.USAGE
    message = " ".join(str(error.format_message()).split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "portone-v1"
    _tell(f"{message} ({path} --help)")
    return ExitCode.USAGE


def _interrupted() -> int:
    _tell("중단했습니다 · interrupted")
    return ExitCode.INTERRUPTED


def _tell(line: str) -> None:
    sys.stderr.write(f"portone-v1: {line}\n")
    sys.stderr.flush()
