"""Rules about operations: names, tags, arguments, answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .places import Spec

# What a repeatable POST may be called: the generator repeats it after a lost answer.
READS = ("get", "find", "list", "search", "report", "count")


def declared_tags(spec: Spec) -> Iterator[str]:
    """No declared tag without operations; the generator refuses a tag that is not declared."""
    declared = [tag.name for tag in spec.of("tag")]
    used = {tag for operation in spec.operations for tag in operation.node.get("tags", [])}
    yield from (f"tag {name}: no operation has it" for name in declared if name not in used)
    yield from (f"tag {name}: it is declared twice" for name, count in Counter(declared).items() if count > 1)


def unauthorized_answers(spec: Spec) -> Iterator[str]:
    """401 wherever a token is asked for."""
    for operation in spec.operations:
        needed = operation.node.get("security", spec.raw.get("security"))
        if needed and "401" not in operation.node.get("responses", {}):
            yield f"{operation.id}: it asks for a token and has no answer 401"


def repeatable_operations(spec: Spec) -> Iterator[str]:
    """`x-safe` stands at reads alone: a write that is repeated moves money twice."""
    for operation in spec.operations:
        tags = operation.node.get("tags") or [""]
        verb = operation.id.removeprefix(f"{tags[0]}_").partition("_")[0]
        if operation.node.get("x-safe") and verb not in READS:
            yield f"{operation.id}: x-safe would repeat a call that is named {verb}, which is no read"
