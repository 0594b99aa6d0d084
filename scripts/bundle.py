"""Bundle the spec tree into one OpenAPI document.

Path items are inlined; everything else that a file refers to moves to `#/components/<section>/<file stem>`. Examples
from `spec/examples/` are put beside the bodies and answers they belong to. The result is the same on every run and
machine, whatever order the file system lists things in.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from .shapes import at_places, misfits, misshapen
from .steps import ROOT, StepError
from .yaml_files import read_yaml

Node = dict[str, Any]

SPEC = ROOT / "spec"

EXAMPLES = Path(__file__).with_name("examples.yaml")

SCHEMA_KEYS = ("schema", "items", "not", "additionalProperties", "allOf", "oneOf", "anyOf", "prefixItems")
SECTION_OF_KEY = dict.fromkeys(SCHEMA_KEYS, "schemas") | {
    "parameters": "parameters",
    "responses": "responses",
    "requestBody": "requestBodies",
    "headers": "headers",
}
SECTION_OF_MAP = {
    "properties": "schemas",
    "patternProperties": "schemas",
    "schemas": "schemas",
    "responses": "responses",
    "parameters": "parameters",
    "paths": "pathItems",
    "webhooks": "pathItems",
}
VERBATIM = ("default", "enum", "const", "example", "examples", "required")


class _Bundler:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[Path, Any] = {}
        self.placed: dict[Path, str] = {}
        self.components: dict[str, Node] = {}

    def show(self, path: Path) -> str:
        return str(path.relative_to(self.root.parent) if path.is_relative_to(self.root.parent) else path)

    def load(self, path: Path) -> Any:
        if path not in self.files:
            self.files[path] = read_yaml(path, self.show(path))
        return self.files[path]

    def target(self, reference: str, here: Path) -> Path:
        if "#" in reference:
            raise StepError(f"{self.show(here)}: {reference}: refer to a whole file, not to a place inside one")
        path = Path(os.path.realpath(here.parent / reference))  # of a loop of links as well
        if not (path.is_file() and path.is_relative_to(self.root)):
            raise StepError(f"{self.show(here)}: {reference}: there is no such file in {self.root.name}/")
        return path

    def place(self, path: Path, section: str, here: Path) -> str:
        """Move a file to the components, once, and say where it stands."""
        if path not in self.placed:
            self.placed[path] = f"#/components/{section}/{path.stem}"
            if not re.fullmatch(r"[\w.-]+", path.stem, re.ASCII):  # OpenAPI takes no other key there
                raise StepError(f"{self.show(path)}: its name may only have A-Z, a-z, 0-9, `.`, `-` and `_`")
            names = self.components.setdefault(section, {})
            if path.stem in names:
                raise StepError(f"{self.show(path)}: another file gives the component {section}/{path.stem}")
            names[path.stem] = None  # the place is taken before the walk: a schema may refer to itself
            names[path.stem] = self.walk(self.load(path), path, section)
        pointer = self.placed[path]
        if not pointer.startswith(f"#/components/{section}/"):
            raise StepError(f"{self.show(here)}: {path.name} is used as {section} here, elsewhere as {pointer}")
        return pointer

    def walk(self, node: Any, here: Path, section: str | None, *, named: bool = False) -> Any:
        if isinstance(node, list):
            return [self.walk(item, here, section) for item in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str) and not named:
            path = self.target(reference, here)
            if section == "pathItems":
                return self.walk(self.load(path), path, None)
            if section is None:
                raise StepError(f"{self.show(here)}: a $ref stands where nothing can be referred to")
            beside = {key: value for key, value in node.items() if key != "$ref"}
            return {"$ref": self.place(path, section, here), **beside}
        walked: Node = {}
        for key, value in node.items():
            if named:
                walked[key] = self.walk(value, here, section)
            elif key in VERBATIM or key.startswith("x-"):
                walked[key] = value
            elif isinstance(value, dict) and key in SECTION_OF_MAP:
                walked[key] = self.walk(value, here, SECTION_OF_MAP[key], named=True)
            else:
                walked[key] = self.walk(value, here, SECTION_OF_KEY.get(key))
        return walked


def bundle(spec: Path = SPEC) -> Node:
    """Read the tree under `spec` and return it as one document."""
    root = (spec / "openapi.yaml").resolve()
    bundler = _Bundler(root.parent)
    document = bundler.walk(bundler.load(root), root, None)
    if not isinstance(document, dict):
        raise StepError(f"{bundler.show(root)}: this is not an OpenAPI document")
    components = document.setdefault("components", {})
    if not isinstance(components, dict):
        raise StepError(f"{bundler.show(root)}: components must be a mapping")
    for section, names in sorted(bundler.components.items()):
        components[section] = dict(sorted({**components.get(section, {}), **names}.items()))
    for line in misshapen(document):
        raise StepError(_located(line, bundler, root))
    try:
        _add_examples(document, root.parent / "examples")
    except StepError as error:
        raise StepError(_located(str(error), bundler, root)) from error
    return document


def _located(line: str, bundler: _Bundler, root: Path) -> str:
    """`/components/schemas/Order/properties/a: …` → `spec/schemas/Order.yaml: /properties/a: …`."""
    if line.startswith("spec/"):
        return line
    places = {pointer.removeprefix("#"): bundler.show(path) for path, pointer in bundler.placed.items()}
    listed = bundler.load(root).get("paths")
    for url, item in (listed if isinstance(listed, dict) else {}).items():
        if isinstance(item, dict) and isinstance(item.get("$ref"), str):
            places[f"/paths/{url}"] = bundler.show(root.parent / item["$ref"])
    return at_places(line, places) or f"{bundler.show(root)}: {line.removeprefix('openapi.yaml: ')}"


def _add_examples(document: Node, folder: Path) -> None:
    operations = {
        operation["operationId"]: (f"/paths/{path}/{method}", operation)
        for path, item in document.get("paths", {}).items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }
    for path in sorted(folder.glob("*.json")):
        name, _, case = path.stem.partition(".")
        example = _read_example(path)
        answer, status = example["answer"]["body"], str(example["answer"]["status"])
        if name not in operations:
            raise StepError(f"spec/examples/{path.name}: there is no operation {name}")
        place, operation = operations[name]
        summary = example.get("summary", case)
        if (body := example.get("request", {}).get("body")) is not None and "requestBody" in operation:
            media = _json(operation["requestBody"], f"{place}/requestBody")
            media.setdefault("examples", {})[case] = {"summary": summary, "value": body}
        response = operation.get("responses", {}).get(status)
        if response is None:
            raise StepError(f"spec/examples/{path.name}: {name} has no answer {status}")
        if "$ref" not in response:
            media = _json(response, f"{place}/responses/{status}")
            media.setdefault("examples", {})[case] = {"summary": summary, "value": answer}


def _read_example(path: Path) -> Node:
    shown = f"spec/examples/{path.name}"

    def no_number(text: str) -> None:
        raise ValueError(f"{text} is no JSON")

    try:
        example: Node = json.loads(path.read_bytes().decode("utf-8"), parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise StepError(f"{shown}: not UTF-8 text, from byte {error.start} on") from error
    except (ValueError, RecursionError, OSError) as error:
        raise StepError(f"{shown}: not an example: {error}") from error
    for way, fault in misfits(EXAMPLES, example):
        raise StepError(f"{shown}: {'.'.join(map(str, way)) or 'not an example'}: {fault}")
    return example


def _json(holder: Node, place: str) -> Node:
    media = holder.get("content", {}).get("application/json")
    if media is None:
        raise StepError(f"{place}: it has no application/json, and an example of it")
    found: Node = media
    return found


def dump(document: Node) -> str:
    """The document as text, in the one form that is committed."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
