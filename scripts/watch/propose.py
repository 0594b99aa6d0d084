"""Propose the patch of spec/: a branch with a skeleton for each new operation, type, parameter, field and value.

Names, types, bounds and values come from the facts. Where only a person can decide, the skeleton has TODO, which the
lint refuses, so that no skeleton is merged unread. The working tree is not changed.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ..evidence import DROPPED
from ..steps import run
from . import skeletons
from .compare import Difference
from .facts import Facts
from .places import Places
from .skeletons import TODO, Refer


def propose(root: Path, branch: str, changes: list[Difference], document: Facts, names: dict[str, str]) -> list[str]:
    """Make the branch from the last commit, if there is anything to propose, and return the files that it changes."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder).resolve()
        _git(root, "clone", "--quiet", "--shared", ".", str(tree))
        _git(tree, "switch", "--quiet", "--create", branch)
        patch = _Patch(tree, document, names)
        patch.answer(changes)
        if touched := patch.write():
            _git(tree, "add", "--", "spec")
            _git(tree, "commit", "--quiet", "--message", "spec: skeletons for what the vendor added")
            _git(tree, "push", "--quiet", "--force", "origin", branch)
    return touched


def _git(folder: Path, *arguments: str) -> None:
    author = ("-c", "user.name=watch", "-c", "user.email=watch@example.com")
    run("git", *author, *arguments, failure=f"git {arguments[0]}", cwd=folder)


class _Patch:
    """The files of spec/ that the patch reads, changed in memory."""

    def __init__(self, tree: Path, document: Facts, names: dict[str, str]) -> None:
        self.tree, self.document = tree, document
        self.places = Places(tree / "spec", dict(names))
        self.files: dict[str, tuple[Any, str]] = {}
        """Each file, with its text before the change."""
        self._yaml = YAML()
        self._yaml.width = 110
        self._yaml.preserve_quotes = True
        self._yaml.indent(mapping=2, sequence=4, offset=2)

    def answer(self, changes: list[Difference]) -> None:
        answers = {
            "definition-added": lambda change: self._definition(change.place),  # first: the others refer to types
            "operation-added": self._operation,
            "parameter-added": self._parameter,
            "field-added": self._field,
            "value-added": self._values,
        }
        for kind, answer in answers.items():
            for change in changes:
                if change.kind == kind:
                    answer(change)

    def write(self) -> list[str]:
        """Write the files that differ now, and return their names."""
        changed = {file: text for file, (node, before) in self.files.items() if (text := self._text(node)) != before}
        for file, text in changed.items():
            (self.tree / file).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / file).write_text(text, encoding="utf-8", newline="\n")
        return sorted(changed)

    def _text(self, node: Any) -> str:
        written = io.StringIO()
        self._yaml.dump(node, written)
        return written.getvalue()

    def _node(self, file: str) -> Any:
        if file not in self.files:
            path = self.tree / file
            node = self._yaml.load(path.read_text(encoding="utf-8")) if path.is_file() else {}
            self.files[file] = node, self._text(node)
        return self.files[file][0]

    def _refer(self, file: str) -> Refer:
        """Return how this file refers to a type of the vendor."""

        def refer(vendor: str) -> str:
            target = self.places.schema_file(vendor)
            return Path(os.path.relpath(target, Path(file).parent)).as_posix() if target else f"{TODO}: {vendor}"

        return refer

    def _definition(self, vendor: str) -> None:
        """Add a definition, with the new types that it refers to."""
        fact, names, schemas = self.document["definitions"][vendor], self.places.names, self.places.schemas
        ours, wraps = skeletons.our_name(vendor), skeletons.is_envelope(vendor, fact)
        if vendor in names or ours in schemas or ours == DROPPED:  # written already, or dropped on purpose
            return
        file = f"spec/schemas/{'envelopes/' if wraps else ''}{ours}.yaml"
        names[vendor], schemas[ours] = ours, file
        for field in fact["fields"].values():
            for kind in re.split(r" \+ |^(?:array of )+", field["type"]):
                if kind in self.document["definitions"] and self.places.schema_file(kind) is None:
                    self._definition(kind)
        make = skeletons.envelope if wraps else skeletons.definition
        self._node(file).update(make(fact, self._refer(file)))
        table = self._node("spec/names.yaml")
        table.insert(sum(name.lower() < vendor.lower() for name in table), vendor, ours)

    def _operation(self, change: Difference) -> None:
        method, _, path = change.place.partition(" ")
        fact = self.document["operations"][change.place]
        tag = self.places.tag_of(path) or skeletons.snake((fact["tags"] or ["untagged"])[0])
        file = self.places.operation_file(change.place) or f"spec/paths/{tag}/{path.strip('/').replace('/', '_')}.yaml"
        if path not in self.places.paths:
            self._node("spec/openapi.yaml")["paths"].setdefault(path, {"$ref": file.removeprefix("spec/")})
            self._node(file)["parameters"] = [{"$ref": "../../parameters/Tier.yaml"}]
            self.places.paths[path] = file
        made = skeletons.operation(tag, fact, self._refer(file), self.places.shared_parameters())
        self._node(file).setdefault(method.lower(), made)

    def _parameter(self, change: Difference) -> None:
        if file := self.places.operation_file(change.place):
            operation = self._node(file)[change.place.partition(" ")[0].lower()]
            skeletons.place(operation, change.name, change.after, self._refer(file), required=False)

    def _field(self, change: Difference) -> None:
        if file := self.places.schema_file(change.place):
            field = skeletons.schema(change.after, self._refer(file), answer=True)
            self._node(file).setdefault("properties", {}).setdefault(change.name, field)

    def _values(self, change: Difference) -> None:
        operation = re.match(r"([A-Z]+) /", change.place)
        file = self.places.operation_file(change.place) if operation else self.places.schema_file(change.place)
        if file is not None:
            node = self._node(file)[operation[1].lower()] if operation else self._node(file)
            self._extend(skeletons.named(node, change.name), change.after, file)

    def _extend(self, made: Any, values: list[Any], file: str) -> None:
        """Add values to an enumeration, or to that of another file, to which a `$ref` points."""
        if not isinstance(made, dict):
            return
        texts = dict.fromkeys(map(str, values), TODO)
        if "x-open-enum" in made:
            made["x-open-enum"] |= texts
        elif "enum" in made:
            made["enum"].extend(values)
            made.setdefault("x-enum-descriptions", {}).update(texts)
        elif "$ref" in made:
            other = os.path.normpath(Path(file).parent / made["$ref"])
            self._extend(self._node(other), values, other)
        else:
            for inner in [made.get("items"), *made.get("anyOf", ()), *made.get("oneOf", ()), *made.get("allOf", ())]:
                self._extend(inner, values, file)
