"""Shops in Node, PHP and Java: their own tests, run by their own tools, against the sandbox on a socket."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from portone_v1_sandbox import SandboxServer

from tests.languages.jest import program as program_of_jest

ROOT = Path(__file__).parents[2]
SHOPS = ROOT / "examples" / "languages"
RUNS = {
    "node": (["node", "shop.test.js"], "nodejs", r"Tests:\s+2 passed, 2 total"),
    "php": (["phpunit", "--do-not-cache-result", "ShopTest.php"], "phpunit", r"OK \(2 tests, 6 assertions\)"),
    "java": (["java", "ShopTest.java"], "default-jdk-headless", r"ok a second one that is refused"),
}
TESTS = {"node": "node/shop.test.js", "php": "php/ShopTest.php", "java": "java/ShopTest.java"}


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


def program(language: str) -> list[str]:
    command, package, _ = RUNS[language]
    missing = shutil.which(command[0]) is None or (language == "java" and shutil.which("javac") is None)
    if missing:
        pytest.skip(f"there is no {command[0]}: apt-get install {package}")
    if language == "node":
        jest = os.fspath(program_of_jest(SHOPS / language))
        return ["node", jest, "--ci", "--watchman=false", "--cache=false", "--rootDir=.", *command[1:]]
    return command


def run(language: str, server: SandboxServer, folder: Path) -> subprocess.CompletedProcess[str]:
    settings = os.environ | {"PORTONE_URL": server.url, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(
        program(language), cwd=folder, env=settings, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", RUNS)
def test_the_shop_passes_its_tests(language: str, server: SandboxServer) -> None:
    done = run(language, server, SHOPS / language)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(RUNS[language][2], done.stdout + done.stderr), done.stdout
    assert server.sandbox.ledger == ()  # the header gave it a sandbox of its own
    (shop,) = server.sandbox.shops.values()
    assert len(shop.ledger) == (3 if language == "java" else 4)  # those with `isPaid` also pay through a test channel
    assert shop.lint.findings == ()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", RUNS)
def test_a_shop_that_expects_another_amount_fails(language: str, server: SandboxServer, tmp_path: Path) -> None:
    copy = tmp_path / language
    shutil.copytree(SHOPS / language, copy, ignore=shutil.ignore_patterns("node_modules"))
    tests = tmp_path / TESTS[language]
    tests.write_text(tests.read_text("utf-8").replace("12000", "11000", 1), "utf-8")  # what the buyer pays
    assert run(language, server, copy).returncode != 0


@pytest.mark.timeout(120)
def test_the_shop_of_the_compose_file_passes_its_tests(server: SandboxServer, tmp_path: Path) -> None:
    services = yaml.safe_load((ROOT / "examples" / "compose" / "compose.yaml").read_text("utf-8"))["services"]
    assert services["shop"]["volumes"] == ["../languages/node:/shop:ro"]
    command = " ".join(services["shop"]["command"][2:])
    modules = Path(program("node")[1]).parents[2]
    shutil.copytree(SHOPS / "node", tmp_path / "shop", ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "run").mkdir()
    # Another folder than the container's, and the installation that this test has already.
    for written, here in {
        "cp -R /shop": f"cp -R {tmp_path / 'shop'}",
        "/tmp &&": f"{tmp_path / 'run'} &&",
        "/tmp/shop": str(tmp_path / "run" / "shop"),
        "npm ci": f"ln -s {modules} node_modules",
    }.items():
        assert command.count(written) == 1
        command = command.replace(written, here)
    settings = os.environ | {"PORTONE_URL": server.url, "NO_PROXY": "127.0.0.1", "CI": "1"}
    done = subprocess.run(["sh", "-c", command], env=settings, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(RUNS["node"][2], done.stdout + done.stderr), done.stdout


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
@pytest.mark.parametrize("language", RUNS)
def test_the_three_lines_of_the_readme_are_those_of_the_test(language: str, readme: str) -> None:
    fence = {"node": "js"}.get(language, language)
    (block,) = re.findall(rf"```{fence}\n(.*?)```", (ROOT / readme).read_text("utf-8"), flags=re.DOTALL)
    lines = [line.partition(" // ")[0].strip() for line in block.splitlines() if line.strip()]
    assert len(lines) == 3
    held = [line.partition(" // ")[0].strip() for line in (SHOPS / TESTS[language]).read_text("utf-8").splitlines()]
    first = held.index(lines[0])
    assert held[first : first + 3] == lines
