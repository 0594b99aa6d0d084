"""Print the commands, options and control calls of a tree.

`python offered.py FOLDER…` runs in a process of its own and imports the packages from these folders. It prints JSON:
the options and fields of each command and call, with the facts about each that `RULES` knows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

Offers = dict[str, dict[str, dict[str, Any]]]


def _commands(command: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over the commands of the command line, with the options that click knows."""
    options = [option for option in command.params if "--help" not in option.opts]
    yield name, {_option(one): _of_option(one) for one in options}
    if hasattr(command, "list_commands"):
        context = command.make_context(name, [], resilient_parsing=True)
        for inner in command.list_commands(context):
            yield from _commands(command.get_command(context, inner), f"{name} {inner}")


def _option(option: Any) -> str:
    names = sorted({*option.opts, *option.secondary_opts}, key=lambda one: (not one.startswith("--"), one))
    return ", ".join(names) if option.param_type_name == "option" else str(option.name).upper()


def _of_option(option: Any) -> dict[str, Any]:
    default = None if callable(option.default) or option.default is None else str(option.default)
    several = bool(option.multiple) or option.nargs != 1
    choices = getattr(option.type, "choices", None)
    return {
        "required": option.required,
        "kind": option.type.name,
        "several": several,
        "otherwise": default,
        "enum": [*choices] if choices else None,
    }


def _programs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over the sandbox's programs: their parsers are read when they are about to parse the arguments."""
    from portone_v1_sandbox.__main__ import main

    class Read(Exception): ...

    def parse_args(parser: argparse.ArgumentParser, *_: Any) -> None:
        raise Read(parser)

    argparse.ArgumentParser.parse_args = parse_args  # type: ignore[assignment,method-assign]
    for arguments in ([], ["proxy"]):
        try:
            main(arguments)
        except Read as read:
            options: dict[str, Any] = {}
            for one in read.args[0]._actions:  # noqa: SLF001
                if one.dest != "help":
                    choices = [*map(str, one.choices)] if one.choices else None
                    name = ", ".join(sorted(one.option_strings) or [one.dest.upper()])
                    options[name] = {"required": one.required, "enum": choices}
            yield read.args[0].prog, options


def _calls() -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over the calls in the sandbox's document of `/_sandbox/`."""
    import httpx
    from portone_v1_sandbox import Sandbox

    with Sandbox() as sandbox, httpx.Client(transport=sandbox.transport()) as client:
        document = client.get("http://127.0.0.1/_sandbox/openapi.json").json()
    for path, item in document["paths"].items():
        for method, node in item.items():
            body = node.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            fields: dict[str, Any] = {
                name: {"required": name in body.get("required", ()), "enum": schema.get("enum")}
                for name, schema in body.get("properties", {}).items()
            }
            fields |= {one["name"]: {} for one in node["parameters"] if one.get("in") == "query"}
            yield f"{method.upper()} {path}", fields


def main(folders: list[str]) -> None:
    sys.path[:0] = folders
    import typer
    from portone_v1_cli.app import build

    offers = dict(_commands(typer.main.get_command(build()), "portone-v1"))
    json.dump(offers | dict(_calls()) | dict(_programs()), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1:])
