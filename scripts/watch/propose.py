"""Propose the patch of spec/: a branch with a skeleton for each new operation, parameter, field and value.

Names, types, bounds and values come from the facts. What only a person can say stands there as TODO, which the lint
refuses, so that no skeleton is merged unread. The working tree is left alone.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from .compare import Difference
from .facts import Fact, Facts, UnreadableError
from .places import Places

TODO: Final = "TODO"
Node = dict[str, Any]


def propose(root: Path, branch: str, changes: list[Difference], document: Facts, names: dict[str, str]) -> list[str]:
    """The files that the branch touches; the branch is made from the last commit, and only where there are some."""
    with _worktree(root, branch) as tree:
        patch = _Patch(tree / "spec", document, names)
        for change in changes:
            patch.answer(change)
        if patch.touched:
            _git(tree, "add", "--", "spec")
            _git(
                tree,
                "commit",
                "--quiet",
                "--message",
                f"spec: skeletons for {len(patch.answered)} changes of the vendor",
            )
            _git(root, "branch", "--force", branch, _git(tree, "rev-parse", "HEAD").strip())
    return sorted(patch.touched)


def _git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=watch", "-c", "user.email=watch@example.com")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UnreadableError(f"git {arguments[0]}: {' '.join(done.stderr.split())}")
    return done.stdout


@contextmanager
def _worktree(root: Path, branch: str) -> Iterator[Path]:
    _git(root, "check-ref-format", "--branch", branch)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder).resolve() / "tree"
        _git(root, "worktree", "add", "--quiet", "--detach", str(tree))
        try:
            yield tree
        finally:
            _git(root, "worktree", "remove", "--force", str(tree))


class _Patch:
    def __init__(self, spec: Path, document: Facts, names: dict[str, str]) -> None:
        self.spec, self.document, self.names = spec, document, names
        self.places = Places(spec, names)
        self.touched: set[str] = set()
        self.answered: list[Difference] = []
        self._yaml = YAML()
        self._yaml.width = 110
        self._yaml.preserve_quotes = True
        self._yaml.indent(mapping=2, sequence=4, offset=2)

    def answer(self, change: Difference) -> None:
        answers: dict[str, Callable[[Difference], bool]] = {
            "operation-added": self._operation,
            "parameter-added": self._parameter,
            "field-added": self._field,
            "value-added": self._values,
        }
        if (make := answers.get(change.kind)) is not None and make(change):
            self.answered.append(change)

    def _edit(self, file: str, change: Callable[[Any], bool]) -> bool:
        path = self.spec.parent / file
        node = self._yaml.load(path.read_text(encoding="utf-8")) if path.is_file() else {}
        if not change(node):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as target:
            self._yaml.dump(node, target)
        self.touched.add(file)
        return True

    def _operation(self, change: Difference) -> bool:
        method, _, path = change.place.partition(" ")
        fact = self.document["operations"][change.place]
        tag = re.sub(r"\W+", "_", (fact["tags"] or ["untagged"])[0]).lower()
        file = self.places.operation_file(change.place) or f"spec/paths/{tag}/{path.strip('/').replace('/', '_')}.yaml"
        if path not in self.places.paths:
            listed = {"$ref": file.removeprefix("spec/")}
            self._edit("spec/openapi.yaml", lambda node: node["paths"].setdefault(path, listed) is not None)
            self.places.paths[path] = file
        skeleton: Node = {
            "operationId": f"{tag}_{TODO}",
            "tags": [tag],
            "summary": TODO,
            "x-name-ko": TODO,
            "x-vendor-operation-id": fact["id"],
            "description": TODO,
        }
        for name, parameter in fact["parameters"].items():
            _place(skeleton, name, parameter)
        skeleton["responses"] = {"200": {"description": TODO, "content": _json({"$ref": TODO})}}
        return self._edit(file, lambda node: node.setdefault(method.lower(), skeleton) is skeleton)

    def _parameter(self, change: Difference) -> bool:
        method, _, _ = change.place.partition(" ")
        file = self.places.operation_file(change.place)
        if file is None:
            return False
        return self._edit(file, lambda node: _place(node[method.lower()], change.name, change.after))

    def _field(self, change: Difference) -> bool:
        file = self.places.schema_file(change.place)
        if file is None:
            return False

        def add(node: Any) -> bool:
            properties = node.setdefault("properties", {})
            return properties.setdefault(change.name, field := _schema(change.after)) is field

        return self._edit(file, add)

    def _values(self, change: Difference) -> bool:
        operation = re.match(r"[A-Z]+ /", change.place)
        file = self.places.operation_file(change.place) if operation else self.places.schema_file(change.place)
        if file is None:
            return False
        within = change.place.partition(" ")[0].lower() if operation else ""
        return self._edit(
            file, lambda node: _extend(_named(node[within] if within else node, change.name), change.after, self, file)
        )

    def extend_behind(self, file: str, reference: str, values: list[Any]) -> bool:
        """An enum of its own file."""
        target = ((self.spec.parent / file).parent / reference).resolve()
        name = str(target.relative_to(self.spec.parent.resolve()))
        self._edit(name, lambda node: _extend(node, values, self, name))
        return False  # this file is as it was


def _json(schema: Node) -> Node:
    return {"application/json": {"schema": schema}}


def _schema(fact: Fact) -> Node:
    kind = fact["type"]
    schema: Node
    if kind.startswith("array of "):
        schema = {"type": "array", "items": _schema({"type": kind.removeprefix("array of ")})}
        del schema["items"]["x-name-ko"], schema["items"]["description"]
    elif kind in {"string", "integer", "number", "boolean", "object"}:
        schema = {"type": kind}
    else:
        schema = {"$ref": f"{TODO}: {kind}"}
    schema |= fact.get("bounds", {})
    if fact.get("values"):
        schema["x-open-enum"] = dict.fromkeys(map(str, fact["values"]), TODO)
    if fact.get("deprecated"):
        schema["deprecated"] = True
    return {**schema, "x-name-ko": TODO, "description": TODO}


def _place(operation: Any, name: str, fact: Fact) -> bool:
    """A parameter into an operation, where the vendor has it."""
    schema = _schema(fact)
    if fact["in"] not in {"body", "formData"}:
        texts = {key: schema.pop(key) for key in ("x-name-ko", "description")}
        entry = {"name": name, "in": fact["in"], **({"required": True} if fact.get("required") else {}), **texts}
        operation.setdefault("parameters", []).append({**entry, "schema": schema})
        return True
    body = operation.setdefault(
        "requestBody", {"required": True, "content": _json({"type": "object", "properties": {}})}
    )
    for media in body.get("content", {}).values():
        if "$ref" in media["schema"]:
            return False
        if fact.get("required"):
            media["schema"].setdefault("required", []).append(name)
        media["schema"].setdefault("properties", {})[name] = schema
    return True


def _named(node: Any, name: str) -> Any:
    """The schema of that parameter or field, wherever it stands."""
    if isinstance(node, list):
        return next((found for each in node if (found := _named(each, name)) is not None), None)
    if not isinstance(node, dict):
        return None
    if node.get("name") == name and "schema" in node:
        return node["schema"]
    if name in (node.get("properties") or {}):
        return node["properties"][name]
    return _named(list(node.values()), name)


def _extend(schema: Any, values: list[Any], patch: _Patch, file: str) -> bool:
    if not isinstance(schema, dict):
        return False
    if "x-open-enum" in schema:
        schema["x-open-enum"] |= dict.fromkeys(map(str, values), TODO)
        return True
    if "enum" in schema:
        schema["enum"].extend(values)
        schema.setdefault("x-enum-descriptions", {}).update(dict.fromkeys(map(str, values), TODO))
        return True
    if "$ref" in schema:
        return patch.extend_behind(file, schema["$ref"], values)
    inner = [schema.get("items"), *schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    extended = [_extend(each, values, patch, file) for each in inner]  # all of them
    return any(extended)
