"""Propose the patch of spec/: a branch with a skeleton for each new operation, type, parameter, field and value.

Names, types, bounds and values come from the facts. What only a person can say stands there as TODO, which the lint
refuses, so that no skeleton is merged unread. The working tree is left alone.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ..steps import StepError, run
from . import skeletons
from .compare import Difference
from .facts import Facts
from .places import DROPPED, Places, add_row
from .skeletons import Refer

ORDER = ("definition-added", "operation-added", "parameter-added", "field-added", "value-added")


def propose(root: Path, branch: str, changes: list[Difference], document: Facts, names: dict[str, str]) -> list[str]:
    """The files that the branch touches; the branch is made from the last commit, and only where there are some."""
    with _worktree(root, branch) as tree:
        patch = _Patch(tree / "spec", document, names)
        for kind in ORDER:  # types first: the others refer to them
            for change in changes:
                if change.kind == kind:
                    patch.answer(change)
        if patch.touched:
            _git(tree, "add", "--", "spec")
            message = f"spec: skeletons for {len(patch.answered)} changes of the vendor"
            _git(tree, "commit", "--quiet", "--message", message)
            _git(root, "branch", "--force", branch, _git(tree, "rev-parse", "HEAD").strip())
    return sorted(patch.touched)


def _git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=watch", "-c", "user.email=watch@example.com")
    done = run("git", *who, *arguments, cwd=folder)
    if done.returncode != 0:
        raise StepError(f"git {arguments[0]}: {' '.join(done.stderr.split())}")
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
        self.spec, self.document = spec, document
        self.names = dict(names)
        self.places = Places(spec, self.names)
        self.touched: set[str] = set()
        self.answered: list[Difference] = []
        self._yaml = YAML()
        self._yaml.width = 110
        self._yaml.preserve_quotes = True
        self._yaml.indent(mapping=2, sequence=4, offset=2)

    def answer(self, change: Difference) -> None:
        answers: dict[str, Callable[[Difference], bool]] = {
            "definition-added": self._definition,
            "operation-added": self._operation,
            "parameter-added": self._parameter,
            "field-added": self._field,
            "value-added": self._values,
        }
        if answers[change.kind](change):
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

    def _refer(self, file: str) -> Refer:
        """How this file refers to a type of the vendor."""

        def refer(vendor: str) -> str:
            target = self.places.schema_file(vendor)
            if target is None:
                return f"{skeletons.TODO}: {vendor}"
            return Path(os.path.relpath(target, Path(file).parent)).as_posix()

        return refer

    def _row(self, heading: str, cells: tuple[str, ...]) -> None:
        add_row(self.spec / "README.md", heading, cells)
        self.touched.add("spec/README.md")

    def _definition(self, change: Difference) -> bool:
        """The types that it refers to come first."""
        fact = self.document["definitions"][change.place]
        if change.place in self.names:  # written already, or dropped on purpose
            return False
        ours = skeletons.our_name(change.place)
        wraps = skeletons.is_envelope(change.place, fact)
        file = f"spec/schemas/{'envelopes/' if wraps else ''}{ours}.yaml"
        if ours in self.places.schemas or ours == DROPPED:
            return False
        self.names[change.place] = ours
        self.places.names[change.place], self.places.schemas[ours] = ours, file
        for field in fact["fields"].values():
            for kind in re.split(r" \+ |^(?:array of )+", field["type"]):
                if kind in self.document["definitions"] and self.places.schema_file(kind) is None:
                    self.answer(Difference("definition-added", kind, kind))
        make = skeletons.envelope if wraps else skeletons.definition
        self._row("### Types", (f"`{change.place}`", f"`{ours}`", ""))
        return self._edit(file, lambda node: node.update(make(fact, self._refer(file))) is None)

    def _operation(self, change: Difference) -> bool:
        method, _, path = change.place.partition(" ")
        fact = self.document["operations"][change.place]
        tag = self.places.tag_of(path) or skeletons.snake((fact["tags"] or ["untagged"])[0])
        file = self.places.operation_file(change.place) or f"spec/paths/{tag}/{path.strip('/').replace('/', '_')}.yaml"
        if path not in self.places.paths:
            listed = {"$ref": file.removeprefix("spec/")}
            self._edit("spec/openapi.yaml", lambda node: node["paths"].setdefault(path, listed) is not None)
            self._edit(file, lambda node: node.update(parameters=[{"$ref": "../../parameters/Tier.yaml"}]) is None)
            self.places.paths[path] = file
        made = skeletons.operation(tag, fact, self._refer(file), self.places.shared_parameters())
        self._row("### Operations", (f"`{fact['id']}`", f"`{change.place}`", f"`{made['operationId']}`"))
        return self._edit(file, lambda node: node.setdefault(method.lower(), made) is made)

    def _parameter(self, change: Difference) -> bool:
        method, _, _ = change.place.partition(" ")
        file = self.places.operation_file(change.place)
        if file is None:
            return False
        refer = self._refer(file)
        return self._edit(
            file, lambda node: skeletons.place(node[method.lower()], change.name, change.after, refer, required=False)
        )

    def _field(self, change: Difference) -> bool:
        file = self.places.schema_file(change.place)
        if file is None:
            return False
        field = skeletons.schema(change.after, self._refer(file), answer=True)

        def add(node: Any) -> bool:
            return node.setdefault("properties", {}).setdefault(change.name, field) is field

        return self._edit(file, add)

    def _values(self, change: Difference) -> bool:
        operation = re.match(r"[A-Z]+ /", change.place)
        file = self.places.operation_file(change.place) if operation else self.places.schema_file(change.place)
        if file is None:
            return False
        within = change.place.partition(" ")[0].lower() if operation else ""
        behind: set[str] = set()

        def elsewhere(reference: str) -> bool:
            target = ((self.spec.parent / file).parent / reference).resolve()
            behind.add(str(target.relative_to(self.spec.parent.resolve())))
            return False  # this file is as it was

        def here(node: Any) -> bool:
            found = skeletons.named(node[within] if within else node, change.name)
            return skeletons.extend(found, change.after, elsewhere)

        edited = [self._edit(file, here)]
        edited += [
            self._edit(other, lambda node: skeletons.extend(node, change.after, elsewhere)) for other in sorted(behind)
        ]
        return any(edited)
