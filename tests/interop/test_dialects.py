"""Requests as the clients of other languages write them, byte for byte over a socket."""

from __future__ import annotations

import socket
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
import yaml
from portone_v1_runtime.exact_json import loads
from portone_v1_sandbox import SandboxServer

FILES = sorted((Path(__file__).parent / "dialects").glob("*.yaml"))


def filled(text: str, kept: dict[str, str]) -> str:
    for name, value in kept.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def send(server: SandboxServer, dialect: dict[str, Any], step: dict[str, Any], kept: dict[str, str]) -> tuple[int, Any]:
    method, target, body = (filled(part, kept) for part in step["send"])
    sent = {name: value for name, value in dialect["headers"].items() if "token" in kept or "{token}" not in value}
    sent |= {"Content-Type": step["type"]} if "type" in step else {}
    sent |= {"Content-Length": str(len(body.encode()))} if body or method != "GET" else {}
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name}: {filled(value, kept)}" for name, value in sent.items()]
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        raw.sendall("\r\n".join([*lines, "", body]).encode())
        response = HTTPResponse(raw, method=method)
        response.begin()
        return response.status, loads(response.read())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dialect(file: Path) -> None:
    dialect = yaml.safe_load(file.read_text("utf-8"))
    kept: dict[str, str] = {}
    with SandboxServer() as server:
        for step in dialect["steps"]:
            status, body = send(server, dialect, step, kept)
            context = f"{step['send']} got {status} {body}"
            assert status == step["status"], context
            assert body["code"] == step.get("code", body["code"]), context
            assert {name: body["response"][name] for name in step.get("has", {})} == step.get("has", {}), context
            kept |= {name: str(body["response"][field]) for name, field in step.get("keep", {}).items()}
        assert [movement.merchant_uid for movement in server.sandbox.ledger]


def test_a_blank_before_a_name_does_not_refund_everything() -> None:
    """V1's PHP trims names: the amount of `imp_uid=…& amount=400` counts."""
    dialect = yaml.safe_load(next(file for file in FILES if file.stem == "go").read_text("utf-8"))
    kept: dict[str, str] = {}
    with SandboxServer() as server:
        for step in dialect["steps"][:3]:
            _, body = send(server, dialect, step, kept)
            kept |= {name: str(body["response"][field]) for name, field in step.get("keep", {}).items()}
        moved = [(movement.kind, int(movement.amount)) for movement in server.sandbox.ledger]
    assert moved == [("charge", 1000), ("refund", 400)]
