"""Bundle the spec tree into one OpenAPI document.

Path items are inlined; everything else that a file refers to moves to `#/components/<folder>/<file stem>`. Examples
from `spec/examples/` are added to the bodies and answers that they belong to. The result is the same on every run and
machine, whatever order the file system lists things in.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from .codegen.document import Document, Node, changed, keyed, references
from .steps import ROOT, StepError
from .yaml_files import misfits, pointer, read_yaml

SPEC = ROOT / "spec"
SHAPES = Path(__file__).with_name("shapes.yaml")
"""The shape that all later steps rely on."""
EXAMPLES = Path(__file__).with_name("examples.yaml")
INLINED = ("paths", "webhooks")
SECTIONS = ("schemas", "parameters", "responses")
"""The folders whose files become components."""


class _Bundler:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.owners: dict[str, Path] = {}
        self.components: dict[str, Node] = {}

    def show(self, path: Path) -> str:
        return str(path.relative_to(self.root.parent) if path.is_relative_to(self.root.parent) else path)

    def read(self, path: Path) -> Any:
        return changed(partial(self.referring, here=path), read_yaml(path, self.show(path)))

    def target(self, reference: str, here: Path) -> Path:
        if "#" in reference:
            raise StepError(f"{self.show(here)}: {reference}: refer to a whole file, not to a place inside one")
        given = here.parent / reference
        path = Path(os.path.realpath(given)) if os.path.isfile(given) else self.root  # noqa: PTH113 - takes any text
        if reference.startswith("/") or not (path.is_file() and path.is_relative_to(self.root)):
            raise StepError(f"{self.show(here)}: {reference}: there is no such file in {self.root.name}/")
        return path

    def referring(self, node: Node, here: Path) -> Node:
        """Return the node with its reference to a file changed to one to a component; return a path item itself."""
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        path = self.target(reference, here)
        section = path.relative_to(self.root).parts[0]
        if section in INLINED and here.parent == self.root:
            if len(node) > 1:
                raise StepError(f"{self.show(here)}: {reference}: nothing may stand beside it, put it into that file")
            item: Node = self.read(path)
            return item
        if section not in SECTIONS:
            raise StepError(f"{self.show(here)}: {reference}: only files of {', '.join(SECTIONS)} can be referred to")
        return {**node, "$ref": self.component(path, section)}

    def component(self, path: Path, section: str) -> str:
        """Move a file to the components, once, and return the reference to it."""
        if (owner := self.owners.setdefault(f"{section}/{path.stem}", path)) != path:
            raise StepError(f"{self.show(path)}: {self.show(owner)} gives the component {section}/{path.stem} already")
        names = self.components.setdefault(section, {})
        if path.stem not in names:
            if not re.fullmatch(r"[\w.-]+", path.stem, re.ASCII):  # OpenAPI allows no other key there
                raise StepError(f"{self.show(path)}: its name may only have A-Z, a-z, 0-9, `.`, `-` and `_`")
            names[path.stem] = None  # the place is taken before the file is read: a schema may refer to itself
            names[path.stem] = self.read(path)
        return f"#/components/{section}/{path.stem}"


def bundle(spec: Path = SPEC) -> Node:
    """Read the tree under `spec` and return it as one document."""
    root = (spec / "openapi.yaml").resolve()
    bundler = _Bundler(root.parent)
    document = bundler.read(root)
    if not isinstance(document, dict):
        raise StepError(f"{bundler.show(root)}: this is not an OpenAPI document")
    components = document.setdefault("components", {})
    if not isinstance(components, dict):
        raise StepError(f"{bundler.show(root)}: components must be a mapping")
    for section, names in sorted(bundler.components.items()):
        components[section] = dict(sorted({**keyed(components.get(section)), **names}.items()))
    made = Document(document, root.parent)
    for line in misshapen(document):
        raise StepError(made.located(line))
    _check_ids(made)
    _add_examples(made, root.parent / "examples")
    return document


def misshapen(document: dict[str, Any]) -> Iterator[str]:
    """Yield `where: what` for each part of the bundled document that does not have the shape it must have."""
    errors = [f"{pointer(way)}: {fault}" for way, fault in misfits(SHAPES, document)]
    yield from errors or _circles(document.get("components", {}))


def _circles(components: dict[str, Any]) -> Iterator[str]:
    """Yield the components that contain themselves, directly or not, without a field in between: they never end."""
    parts = {
        f"#/components/{section}/{name}": references(changed(_without_fields, node))
        for section in SECTIONS
        for name, node in components.get(section, {}).items()
    }
    try:
        TopologicalSorter(parts).prepare()
    except CycleError as error:
        names = [str(one).removeprefix("#") for one in error.args[1][::-1]]
        way = " → ".join(name.rpartition("/")[2] for name in names)
        yield f"{names[0]}: it consists of itself, {way}: only a field may lead back"


def _without_fields(node: Node) -> Node:
    return {key: value for key, value in node.items() if key != "properties"}


def _check_ids(document: Document) -> None:
    """Check that each operation has its own id, which begins with its tag: examples and methods are named after it."""
    owners: dict[str, str] = {}
    for operation in document.operations:
        name, here = operation.id, f"{operation.method.upper()} {operation.path}"
        line = f"/paths/{operation.path}/{operation.method}: the operationId {name} "
        if (owner := owners.setdefault(name, here)) != here:
            raise StepError(document.located(f"{line}is that of {owner} as well"))
        if not re.fullmatch(r"\w+", name):
            raise StepError(document.located(f"{line}must be one word: its examples are called after it"))
        if operation.tag and not re.match(r"_[^\d_]", name.removeprefix(operation.tag)):
            raise StepError(document.located(f"{line}must begin with its tag, {operation.tag}_, and a letter"))


def _add_examples(document: Document, folder: Path) -> None:
    operations = {operation.id: operation for operation in document.operations}
    for path in sorted(folder.glob("*.json")):
        name, _, case = path.stem.partition(".")
        example = _read_example(path)
        answer, status = example["answer"]["body"], str(example["answer"]["status"])
        if name not in operations:
            raise StepError(f"spec/examples/{path.name}: there is no operation {name}")
        operation = operations[name]
        place, response = f"/paths/{operation.path}/{operation.method}", operation.node.get("responses", {}).get(status)
        if response is None:
            raise StepError(f"spec/examples/{path.name}: {name} has no answer {status}")
        shown = [(response, f"responses/{status}", answer)] if "$ref" not in response else []
        if (body := example.get("request", {}).get("body")) is not None and "requestBody" in operation.node:
            shown.append((operation.node["requestBody"], "requestBody", body))
        for holder, part, value in shown:
            media = holder.get("content", {}).get("application/json")
            if media is None:
                raise StepError(document.located(f"{place}/{part}: it has no application/json, and an example of it"))
            media.setdefault("examples", {})[case] = {"summary": example.get("summary", case), "value": value}


def _read_example(path: Path) -> Node:
    shown = f"spec/examples/{path.name}"

    def no_number(text: str) -> None:
        raise ValueError(f"{text} is no JSON")

    try:
        example: Node = json.loads(path.read_bytes().decode("utf-8"), parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise StepError(f"{shown}: not UTF-8 text, from byte {error.start} on") from error
    except RecursionError as error:
        raise StepError(f"{shown}: not an example: it is nested too deeply") from error
    except (ValueError, OSError) as error:
        raise StepError(f"{shown}: not an example: {error}") from error
    for way, fault in misfits(EXAMPLES, example):
        raise StepError(f"{shown}: {'.'.join(map(str, way)) or 'not an example'}: {fault}")
    return example


def dump(document: Node) -> str:
    """Return the document as text, in the one form that is committed."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
