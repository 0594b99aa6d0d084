"""Send the examples of a release's specification through the client of a tree, and print how each ends.

`python replay_calls.py RELEASE FOLDER…` runs in a process of its own and imports the packages from these folders. It
prints a line of JSON for each example. Nothing leaves the process.
"""

from __future__ import annotations

import inspect
import json
import sys
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

Node = dict[str, Any]


def _arguments(method: Any, operation: Any, request: Node) -> Node:
    given = {
        parameter.python_name: request[parameter.location][parameter.name]
        for parameter in operation.parameters
        if parameter.name in (request.get(parameter.location) or {})
    }
    money = {parameter.python_name for parameter in operation.parameters if parameter.kind == "money"}
    for name, parameter in inspect.signature(method).parameters.items():
        if parameter.default is parameter.empty and name in money and name not in given:  # all of it
            from portone_v1 import FULL

            given[name] = FULL
    return given


def _outcome(operation: Any, example: Node) -> str:
    import httpx
    from portone_v1 import PortOne, PortOneError

    sent = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken" and operation.path != "/users/getToken":
            token = {"access_token": "t", "now": 0, "expired_at": 1800}
            return httpx.Response(200, json={"code": 0, "message": None, "response": token})
        sent.append(request)
        answer = example["answer"]
        return httpx.Response(answer.get("status", 200), text=json.dumps(answer["body"], default=float))

    transport = httpx.MockTransport(respond)
    with PortOne(imp_key="k", imp_secret="s", max_retries=0, transport=transport) as client:  # noqa: S106
        try:
            method = getattr(getattr(client, operation.area), operation.name)
            result = method(**_arguments(method, operation, example.get("request", {})))
        except (PortOneError, TypeError, ValueError) as error:
            kind = type(error).__name__
            return f"raises {kind}" if sent else f"is not sent: {kind}: {error}"
    return f"gives a {type(result).__name__}"


def main(release: Path, folders: list[str]) -> None:
    sys.path[:0] = folders
    warnings.simplefilter("ignore")
    from portone_v1_generated.operations import OPERATIONS

    for path in sorted((release / "spec" / "examples").glob("*.json")):
        operation = OPERATIONS.get(path.stem.partition(".")[0])
        if operation is not None:
            example: Node = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
            row = [f"{operation.area}.{operation.name}", path.stem.partition(".")[2], _outcome(operation, example)]
            print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
