"""What users of a tree can name, call, read and catch. griffe reads it from the source; nothing is imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import griffe

from ...steps import StepError
from ..distributions import DISTRIBUTIONS, folders

# `client.<area>.<name>`, `sandbox.<namespace>.<name>`.
FACADES: Final = {"portone_v1.PortOne": "", "portone_v1.AsyncPortOne": "", "portone_v1_sandbox.Sandbox": "sandbox."}
CLIENT: Final = "portone_v1"
# All modules of the client are for users; of the sandbox, only these two are.
SANDBOX: Final = ("portone_v1_sandbox", "portone_v1_sandbox.pytest_plugin")
GENERATED: Final = "portone_v1_generated"
WORDS: Final = {"models": "the model ", "enums": "the enum ", "errors": "the error "}
# Special methods that users call without naming them.
DUNDERS: Final = frozenset(["__init__", "__call__", "__getitem__", "__iter__", "__len__", "__eq__", "__bool__"])


@dataclass(frozen=True)
class Named:
    """An object with the name by which users know it."""

    name: str
    """Such as `payments.get`, `RefusedError` or `webhooks.parse`."""
    thing: griffe.Object
    word: str = ""

    @property
    def shown(self) -> str:
        return f"{self.word}`{self.name}`"


Surface = dict[str, Named]


def read(root: Path) -> Surface:
    """Return the surface of a tree, by keys that are the same in every release."""
    loader = griffe.GriffeLoader(
        search_paths=folders(root),
        extensions=griffe.load_extensions("unpack_typeddict"),  # call options are arguments like the others
        allow_inspection=False,
    )
    for package, folder in ((name, place) for one in DISTRIBUTIONS for name, place in one.packages.items()):
        if (root / folder / package).is_dir():
            try:
                loader.load(package)
            except (griffe.GriffeError, SyntaxError) as error:
                raise StepError(f"{package} cannot be read: {error}") from error
    loader.resolve_aliases(external=False)
    return {**_operations(loader), **_exported(loader)}


def members(thing: griffe.Object) -> dict[str, griffe.Object]:
    """Return the public members of a class, including inherited ones."""
    return {
        name: _final(member)
        for name, member in thing.all_members.items()
        if not name.startswith("_") or name in DUNDERS
    }


def _final(thing: griffe.Object | griffe.Alias) -> griffe.Object:
    return thing.final_target if isinstance(thing, griffe.Alias) else thing


def _find(loader: griffe.GriffeLoader, path: str) -> Any:
    """Return the object with this path, None if there is none."""
    try:
        return _final(loader.modules_collection[path])
    except (KeyError, griffe.AliasResolutionError):
        return None


def _operations(loader: griffe.GriffeLoader) -> Surface:
    """Return the methods of each area of a facade."""
    found: Surface = {}
    for path, prefix in FACADES.items():
        client = _find(loader, path)
        for area, member in members(client).items() if client is not None else ():
            annotation = member.annotation if isinstance(member, griffe.Attribute) else None
            kind = _find(loader, annotation.canonical_path) if isinstance(annotation, griffe.Expr) else None
            for name, method in members(kind).items() if isinstance(kind, griffe.Class) else ():
                if isinstance(method, griffe.Function) and not name.startswith("__"):
                    found[f"{path}.{area}.{name}"] = Named(f"{prefix}{area}.{name}", method, "the operation ")
    return found


def _modules(loader: griffe.GriffeLoader) -> Iterator[griffe.Module]:
    """Iterate over the modules that users import from."""
    pending = [(path, _find(loader, path)) for path in (CLIENT, *SANDBOX)]
    while pending:
        path, module = pending.pop()
        if isinstance(module, griffe.Module):
            yield module
            inner = module.modules.items() if path == CLIENT else ()
            pending += [(path, item) for name, item in inner if not name.startswith("_") and not item.is_alias]


def _exported(loader: griffe.GriffeLoader) -> Surface:
    """Return everything in `__all__` of the modules for users."""
    found: Surface = {}
    for module in _modules(loader):
        place = "" if module.path in SANDBOX else module.path.removeprefix(CLIENT).removeprefix(".")
        for name in map(str, module.exports or ()):
            # Names that a module re-exports from the generated module of its name are found there.
            thing = _find(loader, f"{module.path}.{name}") or _find(loader, f"{GENERATED}.{place}.{name}")
            if thing is not None and not thing.is_module:
                word = WORDS.get(place, "")
                found[f"{module.path}.{name}"] = Named(name if word or not place else f"{place}.{name}", thing, word)
    return found
