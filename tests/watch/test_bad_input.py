"""Whatever cannot be read ends with status 2 and one clear line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.watch.__main__ import main
from scripts.watch.source import LIMIT

from .conftest import ROOT, SHOP, Watch

BAD: list[tuple[str, str, str]] = [
    ("broken JSON", '{"swagger": "2.0",\n "paths": ', "broken JSON at line 2"),
    ("broken YAML", "swagger: '2.0\npaths: {", "broken YAML"),
    ("YAML aliases", "a: &a [x, x]\nb: [*a, *a]\n", "aliases are not read"),
    ("HTML", "<!doctype html><html></html>", "an HTML or XML page"),
    ("nothing", "  \n", "empty"),
    ("OpenAPI 3", '{"openapi": "3.1.0", "paths": {}}', "this is an OpenAPI 3.1.0 document"),
    ("a list", "[]", "its top is not an object"),
    ("a text", "just some words", "its top is not an object"),
    ("Swagger 1", '{"swaggerVersion": "1.2"}', "does not say `swagger: 2.0`"),
    ("no paths", '{"swagger": "2.0"}', "paths: an object is expected here, not NoneType"),
    ("paths as a list", '{"swagger": "2.0", "paths": []}', "paths: an object is expected here, not list"),
    (
        "operation as a text",
        '{"swagger": "2.0", "paths": {"/a": {"get": "x"}}}',
        "GET /a: an object is expected here, not str",
    ),
    (
        "parameters as a number",
        '{"swagger": "2.0", "paths": {"/a": {"get": {"parameters": 7, "responses": {}}}}}',
        "malformed",
    ),
    ("too deep", '{"a":' * 100_000, "nested too deeply"),
    ("deep schema", "deep", "nested too deeply"),
]


def deep_schema() -> str:
    depth = 4000
    schema = '{"type": "array", "items": ' * depth + '{"type": "string"}' + "}" * depth
    return f'{{"swagger": "2.0", "paths": {{}}, "definitions": {{"A": {{"properties": {{"a": {schema}}}}}}}}}'


@pytest.mark.parametrize(("text", "expected"), [each[1:] for each in BAD], ids=[each[0] for each in BAD])
def test_an_unreadable_document(watch: Watch, text: str, expected: str) -> None:
    path = watch.write(deep_schema() if text == "deep" else text)

    status, lines, errors = watch.run("--file", path)

    assert status == 2
    assert not lines
    assert errors.startswith(f"upstream: {path}: ")
    assert expected in errors
    assert errors.count("\n") == 1


def test_bytes_that_are_no_text(watch: Watch) -> None:
    path = watch.folder / "document.json"
    path.write_bytes(b"\xff\xfe{}")

    assert watch.run("--file", path) == (2, [], f"upstream: {path}: not UTF-8 text\n")


def test_a_huge_file_is_not_read(watch: Watch) -> None:
    path = watch.folder / "huge.json"
    path.touch()
    os.truncate(path, LIMIT + 1)

    assert watch.run("--file", path) == (2, [], f"upstream: {path}: larger than 16 MiB\n")


def test_a_file_that_is_not_there(watch: Watch) -> None:
    path = watch.folder / "nowhere.json"

    assert watch.run("--file", path) == (2, [], f"upstream: {path}: No such file or directory\n")


@pytest.mark.parametrize("text", [None, "", "{}", '{"format": 99}', '{"format": 1}', "[1]"])
def test_a_bad_lock(watch: Watch, text: str | None) -> None:
    watch.lock.unlink()
    if text is not None:
        watch.lock.write_text(text, encoding="utf-8")

    status, lines, errors = watch.run("--file", SHOP)

    assert (status, lines) == (2, [])
    assert errors.startswith(f"upstream: {watch.lock}: ")
    assert errors.count("\n") == 1


def test_a_bad_document_is_never_accepted(watch: Watch) -> None:
    before = watch.lock.read_bytes()

    assert watch.run("--file", watch.write("<html>"), "--accept")[0] == 2
    assert watch.lock.read_bytes() == before


def test_a_report_that_can_not_be_written(watch: Watch) -> None:
    status, _, errors = watch.run("--file", SHOP, "--report", watch.folder / "no" / "report.md")

    assert status == 2
    assert errors.endswith("No such file or directory\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--accept", "--coverage"],
        ["--file", "a", "--url", "https://example.com"],
        ["--file", "a", "--dated", "soon"],
    ],
)
def test_arguments_that_make_no_sense(watch: Watch, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        watch.run(*arguments)

    assert stopped.value.code == 2


def spoil_names(spec: Path) -> None:
    (spec / "names.yaml").write_text("A: [", encoding="utf-8")


def spoil_deviations(spec: Path) -> None:
    (spec / "deviations.yaml").write_text("- [", encoding="utf-8")


def spoil_bundle(spec: Path) -> None:
    (spec / "openapi.yaml").write_text("paths: {/a: {$ref: nowhere.yaml}}", encoding="utf-8")


@pytest.mark.parametrize("spoil", [spoil_names, spoil_deviations, spoil_bundle])
def test_a_broken_spec(spec_copy: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], Any]) -> None:
    spoil(spec_copy)

    assert main(["--coverage", "--spec", str(spec_copy)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_itself(tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    path.write_text(json.dumps({"openapi": "3.0.0"}), encoding="utf-8")
    command = [sys.executable, "-m", "scripts.watch", "--file", str(path)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("upstream: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--url", "--file"])
def test_an_empty_name_of_the_document_is_not_a_finding(
    watch: Watch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """A variable that the CI has not set."""
    with pytest.raises(SystemExit) as ended:
        watch.run(option, "", "--coverage")
    assert ended.value.code == 2
    line = f"python -m scripts.watch: argument {option}: it names the document, and is empty; see --help\n"
    assert capsys.readouterr() == ("", line)


def test_what_nobody_thought_of_is_not_a_finding(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("so\nwrong")

    monkeypatch.setattr("scripts.watch.__main__.compare", broken)
    status, _, errors = watch.review()
    assert (status, errors) == (2, "upstream: the document cannot be compared: RuntimeError: so wrong\n")
