"""An image without its digest is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.ci.images import complaints, main, named

ROOT = Path(__file__).parents[2]
PIN = "python:3.13-slim-bookworm@sha256:" + "a" * 64


def test_this_tree() -> None:
    places = {place for place, _ in named(ROOT)}
    assert {".gitlab-ci.yml", "sandbox/Containerfile", "examples/compose/compose.yaml"} <= places
    assert complaints(ROOT) == []


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("Containerfile", "FROM python:3.13\n", "Containerfile: python:3.13 is not pinned"),
        ("sub/Dockerfile", f"FROM {PIN[:-1]}\n", "is not pinned"),
        (".gitlab-ci.yml", "job: {image: 'python:3.11'}\n", ".gitlab-ci.yml: python:3.11 is not pinned"),
        (".gitlab-ci.yml", "job: {services: ['postgres:16']}\n", "postgres:16 is not pinned"),
        (".gitlab-ci.yml", "job: {parallel: {matrix: [{IMAGE: ['python:3.12']}]}}\n", "python:3.12 is not pinned"),
        (".github/workflows/a.yml", "jobs: {a: {container: 'node:22'}}\n", "node:22 is not pinned"),
        ("examples/compose/compose.yaml", "services: {shop: {image: 'node:22'}}\n", "node:22 is not pinned"),
        ("Containerfile", f"FROM {PIN}\nFROM {PIN[:-1]}b\n", "is pinned to 2 digests"),
    ],
)
def test_what_is_refused(tmp_path: Path, file: str, text: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    assert main(["--root", str(tmp_path)]) == 1
    assert line in capsys.readouterr().err


def test_a_stage_and_a_variable_are_no_images(tmp_path: Path) -> None:
    (tmp_path / "Containerfile").write_text(f"FROM {PIN} AS build\nFROM build\n", encoding="utf-8")
    (tmp_path / ".gitlab-ci.yml").write_text("job: {image: $IMAGE}\n", encoding="utf-8")
    assert complaints(tmp_path) == []
