"""The parts of openapi-python-client that the generator stands on, each by name.

Its classes are no public contract: patch releases have renamed them. After an upgrade this module is run first, and
says what moved, before a template prints nonsense. `scripts/codegen/tool.py` alone may import the package.
"""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader

from scripts.codegen import tool
from scripts.codegen.document import Document
from scripts.codegen.tool import PINNED
from scripts.generate import build
from scripts.steps import StepError

ROOT = Path(__file__).resolve().parents[2]
MINI = Path(__file__).resolve().parent / "mini"

NEEDED: dict[type, set[str]] = {
    tool.Endpoint: {"method", "name", "tags", "summary", "description", "responses", "bodies"},
    tool.Body: {"content_type", "prop"},
    tool.Response: {"status_code", "prop"},
    tool.GeneratorData: {"models", "enums", "errors", "endpoint_collections_by_tag", "version"},
    tool.ModelProperty: {
        "name", "python_name", "required", "class_info", "required_properties", "optional_properties",
        "additional_properties",
    },
    tool.EnumProperty: {"name", "python_name", "required", "class_info", "values", "value_type", "description"},
    tool.UnionProperty: {"name", "python_name", "required", "inner_properties"},
    tool.ListProperty: {"name", "python_name", "required", "inner_property"},
    tool.ConstProperty: {"name", "python_name", "required", "value"},
    **{
        one: {"name", "python_name", "required"}
        for one in (
            tool.AnyProperty, tool.BooleanProperty, tool.DateProperty, tool.DateTimeProperty, tool.FloatProperty,
            tool.IntProperty, tool.NoneProperty, tool.StringProperty, tool.UuidProperty,
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", NEEDED, ids=lambda kind: kind.__name__)
def test_a_class_has_the_attributes_that_are_read(kind: Any) -> None:
    there = {one.name for one in attrs.fields(kind)} if attrs.has(kind) else set(kind.__dataclass_fields__)
    assert sorted(NEEDED[kind] - there) == [], f"{kind.__name__} of openapi-python-client lost these"


def test_the_steps_that_are_overridden() -> None:
    source = inspect.getsource(tool.Project.build)
    for step in ("_create_package", "_build_metadata", "_build_models", "_build_api", "_run_post_hooks", "_get_errors"):
        assert f"self.{step}()" in source, f"Project.build does not call {step} any more"
    assert list(inspect.signature(tool.Project.__init__).parameters) == [
        "self",
        "openapi",
        "config",
        "custom_template_path",
    ]


def _project(templates: Path, target: Path) -> tool.Project:
    config = tool.configuration(target)
    raw = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    data = tool.parse(Document(raw), raw, config)
    return tool.Project(openapi=data, config=config, custom_template_path=templates)


def test_its_environment_looks_into_our_templates_first(tmp_path: Path) -> None:
    project = _project(tmp_path, tmp_path / "out")
    loader = project.env.loader
    assert isinstance(loader, ChoiceLoader)
    assert [type(one) for one in loader.loaders] == [FileSystemLoader, PackageLoader]
    assert project.env.globals["openapi"] is project.openapi
    assert (project.env.trim_blocks, project.env.lstrip_blocks, project.env.keep_trailing_newline) == (True, True, True)
    assert project.package_dir == tmp_path / "out"


SCHEMAS: dict[str, tuple[dict[str, Any], type]] = {
    "text": ({"type": "string"}, tool.StringProperty),
    "uri": ({"type": "string", "format": "uri"}, tool.StringProperty),
    "integer": ({"type": "integer"}, tool.IntProperty),
    "number": ({"type": "number"}, tool.FloatProperty),
    "boolean": ({"type": "boolean"}, tool.BooleanProperty),
    "date": ({"type": "string", "format": "date"}, tool.DateProperty),
    "moment": ({"type": "string", "format": "date-time"}, tool.DateTimeProperty),
    "uuid": ({"type": "string", "format": "uuid"}, tool.UuidProperty),
    "constant": ({"type": "string", "const": "a"}, tool.ConstProperty),
    "anything": ({}, tool.AnyProperty),
    "list": ({"type": "array", "items": {"type": "string"}}, tool.ListProperty),
    "map": ({"type": "object", "additionalProperties": {"type": "integer"}}, tool.ModelProperty),
    "enum": ({"type": "string", "enum": ["a"], "x-enum-varnames": ["LETTER_A"]}, tool.EnumProperty),
    "or_null": ({"type": ["string", "null"]}, tool.UnionProperty),
    "ref": ({"$ref": "#/components/schemas/Later"}, tool.ModelProperty),
    "ref_or_null": ({"anyOf": [{"$ref": "#/components/schemas/Later"}, {"type": "null"}]}, tool.UnionProperty),
}


@pytest.fixture(scope="module")
def parsed() -> tool.GeneratorData:
    properties = {name: schema for name, (schema, _) in SCHEMAS.items()}
    first = {"type": "object", "required": ["uuid"], "properties": properties}
    later = {"type": "object", "properties": {"id": {"type": "string"}}}
    info = {"title": "t", "version": "1"}
    components = {"schemas": {"First": first, "Later": later}}
    raw = {"openapi": "3.1.0", "info": info, "paths": {}, "components": components}
    return tool.parse(Document(raw), raw)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_becomes_the_class_that_is_looked_for(name: str, parsed: tool.GeneratorData) -> None:
    first = next(model for model in parsed.models if model.class_info.name == "First")
    found = {tool.plain_text(one.name): one for one in tool.fields(first)}
    assert type(found[name]) is SCHEMAS[name][1]


def test_the_traps_are_where_they_were(parsed: tool.GeneratorData) -> None:
    """Each has a work-around in scripts/codegen/: where one of these fails, the work-around can go."""
    by_name = {str(model.class_info.name): model for model in parsed.models}
    first = by_name["First"]
    assert tool.plain_text(tool.fields(first)[0].name) == "uuid", "the order of the document is kept now: fields_of"
    referred = next(one for one in tool.fields(first) if tool.plain_text(one.name) == "ref")
    assert isinstance(referred, tool.ModelProperty)
    assert referred.required_properties is None, "references are finished models now: Document.model"
    assert by_name["Later"].optional_properties
    (enum,) = parsed.enums
    assert list(enum.values) == ["LETTER_A"], "x-enum-varnames is not obeyed: supported.py"


def test_only_one_module_knows_the_tool() -> None:
    for path in sorted((ROOT / "scripts").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if any(name.partition(".")[0] == "openapi_python_client" for name in names):
                assert path.name == "tool.py"


def generate_with(tmp_path: Path, version: str, module: str) -> tuple[int, str, str]:
    """Return what `make generate` prints with another openapi-python-client."""
    other = tmp_path / f"openapi_python_client-{version}.dist-info"
    other.mkdir()
    (other / "METADATA").write_text(f"Metadata-Version: 2.1\nName: openapi-python-client\nVersion: {version}\n")
    (tmp_path / "openapi_python_client.py").write_text(module)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.generate", "--output", str(tmp_path / "out")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_another_version_is_refused_before_it_is_imported(tmp_path: Path) -> None:
    expected = "generate: openapi-python-client 0.29.0 is installed; the output is only the same with 0.29.1\n"
    assert generate_with(tmp_path, "0.29.0", "raise RuntimeError('it was imported')\n") == (1, "", expected)


def test_a_version_without_a_part_that_is_used_is_reported_in_one_line(tmp_path: Path) -> None:
    status, output, errors = generate_with(tmp_path, PINNED["openapi-python-client"], "class Project: ...\n")
    expected = "generate: this version of openapi-python-client moved a part that is used, see scripts.codegen.tool: "
    assert (status, output, errors.count("\n")) == (1, "", 1)
    assert errors.startswith(f"{expected}No module named 'openapi_python_client.config'")


@pytest.mark.parametrize("kept", [{"models"}, {"endpoint_collections_by_tag"}, {"enums"}])
def test_without_the_parser_nothing_is_generated(
    kept: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is the engine, not a second opinion: what it does not say is not in the output."""
    whole = tool.GeneratorData.from_dict

    def stub(data: dict[str, Any], *, config: tool.Config) -> Any:
        made: Any = whole(data, config=config)
        for name, nothing in (("models", []), ("enums", []), ("endpoint_collections_by_tag", {})):
            if name not in kept:
                setattr(made, name, nothing)
        return made

    monkeypatch.setattr(tool.GeneratorData, "from_dict", stub)
    with pytest.raises((StepError, KeyError)):
        build(tmp_path / "made", MINI)
