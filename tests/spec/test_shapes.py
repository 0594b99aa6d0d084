"""What is not shaped as it must be is a line, whatever it is, and never a traceback."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.bundle import bundle, misshapen
from scripts.codegen.document import Document
from scripts.codegen.project import generate
from scripts.generate import TEMPLATES
from scripts.lint_spec import lint
from scripts.steps import StepError
from tests.spec.trees import MINI, Node, Tree

JUNK: tuple[Any, ...] = (None, 1, "text", [], {}, True, ["text"], {"text": 1}, {"$ref": "nothing.yaml"})

LEAST: Node = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {}}


def test_the_good_has_its_shape() -> None:
    assert [*misshapen(bundle(MINI))] == []


@pytest.mark.parametrize("key", LEAST)
def test_what_is_needed(key: str) -> None:
    assert [*misshapen({name: LEAST[name] for name in LEAST if name != key})] == [f": it needs {key}"]


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ({"paths": None}, "/paths: it must be a mapping"),
        ({"info": {"title": "A"}}, "/info: it needs version"),
        ({"tags": ["shop"]}, "/tags/0: it must be a mapping with a name"),
        ({"paths": {"/a": 1}}, "/paths//a: it must be a mapping"),
        ({"paths": {"/a": {"get": {"operationId": 1}}}}, "/paths//a/get/operationId: it must be a text"),
        ({"paths": {"/a": {"get": {"tags": "shop"}}}}, "/paths//a/get/tags: it must be a list of texts"),
        ({"paths": {"/a": {"parameters": [{"name": "b"}]}}}, "/paths//a/parameters/0: it needs schema"),
        ({"paths": {"/a": {"parameters": 1}}}, "/paths//a/parameters: it must be a list of mappings"),
        ({"paths": {"/a": {"get": {"x-pagination": {"name": "all"}}}}}, "/paths//a/get/x-pagination: it needs key"),
        (
            {"paths": {"/a": {"get": {"x-report-missing": {"a": 1}}}}},
            "/paths//a/get/x-report-missing/a: it must be a text",
        ),
        (
            {"components": {"schemas": {"A": {"anyOf": []}}}},
            "/components/schemas/A/anyOf: it needs something else than null",
        ),
        ({"components": {"schemas": []}}, "/components/schemas: it must be a mapping"),
        ({"components": {"schemas": {"A": {"enum": 1}}}}, "/components/schemas/A/enum: it must be a list of values"),
        (
            {"components": {"schemas": {"A": {"required": 1}}}},
            "/components/schemas/A/required: it must be a list of fields, or true at a parameter or a body",
        ),
        ({"components": {"schemas": {"A": {"minimum": "1"}}}}, "/components/schemas/A/minimum: it must be a number"),
        (
            {"components": {"schemas": {"A": {"maxLength": True}}}},
            "/components/schemas/A/maxLength: it must be a whole number",
        ),
        ({"components": {"schemas": {"A": {"items": []}}}}, "/components/schemas/A/items: it must be a mapping"),
        (
            {"components": {"schemas": {"A": {"x-required-if": [{"when": {}, "need": []}]}}}},
            "/components/schemas/A/x-required-if/0/when: it must name one field with its values",
        ),
    ],
)
def test_a_fault_is_a_line(document: Node, line: str) -> None:
    assert line in [*misshapen({**LEAST, **document})]


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in inner:
        yield (*path, key)
        yield from _places(child, (*path, key))


@pytest.mark.parametrize("seed", range(40))
def test_no_spoiled_tree_gives_a_traceback(seed: int, tree: Tree, tmp_path: Path) -> None:
    """One place of one file is taken away or replaced by junk."""
    chance = random.Random(seed)
    path = chance.choice(sorted(tree.folder.rglob("*.yaml")))
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    *way, last = chance.choice([*_places(document)])
    holder = document
    for step in way:
        holder = holder[step]
    if chance.random() < 0.4:
        del holder[last]
    else:
        holder[last] = chance.choice(JUNK)
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert "\n" not in _message_of(tree, tmp_path / "output")


def _message_of(tree: Tree, output: Path) -> str:
    try:
        if not lint(tree.spec):
            generate(Document(tree.raw, tree.folder), TEMPLATES, output)
    except StepError as error:
        return str(error)
    return ""
