"""Nobody takes the sandbox for V1, and nobody finds it from outside by accident."""

from __future__ import annotations

import httpx
import pytest
from portone_v1_sandbox import Request, Sandbox, SandboxServer, SandboxServerError
from portone_v1_sandbox.__main__ import main


@pytest.mark.parametrize("path", ["/banks", "/nothing", "/_sandbox/clock"])
def test_every_answer_is_signed(path: str) -> None:
    assert Sandbox().handle(Request("GET", path)).headers["X-Sandbox"] == "portone-v1"


def test_so_is_every_answer_of_the_server() -> None:
    with SandboxServer() as server:
        for path in ("/banks", "/", "/_sandbox/clock", "/nothing"):
            assert httpx.get(f"{server.url}{path}").headers.get_list("x-sandbox") == ["portone-v1"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "example.com"])
def test_other_machines_only_when_it_is_meant(host: str) -> None:
    with pytest.raises(SandboxServerError) as caught:
        SandboxServer(host=host).start()
    assert "expose_to_network=True" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_module_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "0.0.0.0", "--port", "0"]) == 1
    output, errors = capsys.readouterr()
    assert output == ""
    assert "--expose-to-network" in errors
    assert errors.count("\n") == 1


def test_meant() -> None:
    with SandboxServer(host="0.0.0.0", expose_to_network=True) as server:
        port = httpx.URL(server.url).port
        assert httpx.get(f"http://127.0.0.1:{port}/_sandbox/clock").status_code == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2"])
def test_this_machine(host: str) -> None:
    with SandboxServer(host=host) as server:
        assert httpx.get(f"{server.url}/_sandbox/clock").status_code == 200
