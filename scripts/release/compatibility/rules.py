"""What a difference in a key of the specification means for users, by a rule of rules.yaml for each key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from ...codegen.document import Node
from ...yaml_files import beside
from .changes import Change, altered, broken, deprecated

_GROUPS: Final[dict[str, Any]] = beside(__file__)
BOUNDS: Final[dict[str, Node]] = {key: _GROUPS["bound"] | rule for key, rule in _GROUPS["bounds"].items()}
BETWEEN_ARGUMENTS: Final[dict[str, Node]] = _GROUPS["between arguments"]
REFUSALS: Final[dict[str, Node]] = _GROUPS["refusals"]
RULES: Final = {**BOUNDS, **BETWEEN_ARGUMENTS, **REFUSALS, **_GROUPS["others"], **_GROUPS["offers"]}
KINDS: Final[dict[str, Callable[[str], Change]]] = {"allows": altered, "breaks": broken, "deprecates": deprecated}


def compare_facets(shown: str, before: Node, after: Node) -> Iterator[Change]:
    """Compare the facts about one thing, by the keys of `RULES`."""
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield from changes(key.partition(" ")[0], shown, before.get(key), after.get(key))


def changes(key: str, shown: str, old: Any, new: Any) -> Iterator[Change]:
    """Iterate over the changes of a key from `old` to `new`, of which one is None if a release has none."""
    rule = RULES[key]

    def change(how: str, item: str = "") -> Iterator[Change]:
        if how in rule or "change" in rule:
            make, text = rule.get(how) or rule["change"]
            was, now = (rule.get("phrase", "").format(value) for value in (old, new))
            values = {"old": _shown(key, old), "new": _shown(key, new)}
            yield KINDS[make](text.format(shown, **values, was=was, now=now, item=item))

    items = "come" in rule
    if _absent(old) and ("set" in rule or not items):
        yield from change("set")
    elif _absent(new) and ("unset" in rule or not items):
        yield from change("unset")
    elif items:
        before, after = (_items(key, side) for side in (old, new))
        for how, some, others in (("come", after, before), ("gone", before, after)):
            for item in some:
                if item not in others:
                    yield from change(how, item)
    else:
        yield from change("loosened" if _looser(rule, old, new) else "change")


TWINS: Final = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))


def twin_bounds(shown: str, old: Node, new: Node) -> Iterator[Change]:
    """Remove a bound that is exclusive in one release only from both: that is one change and not two."""
    for pair in TWINS:
        was, now = ([key for key in pair if key in side] for side in (old, new))
        if len(was) == len(now) == 1 and was != now:
            before, after = old.pop(was[0]), new.pop(now[0])
            rule, earlier = BOUNDS[now[0]], BOUNDS[was[0]]["phrase"].format(before)
            looser = now[0] == pair[0] if before == after else _looser(rule, before, after)
            make, text = rule["loosened" if looser else "change"]
            yield KINDS[make](text.format(shown, was=earlier, now=rule["phrase"].format(after)))


def _absent(value: Any) -> bool:
    return value is None or value is False or value == []


def _looser(rule: Node, old: Any, new: Any) -> bool:
    if isinstance(old, list):
        old, new = set(old), set(new)
    return bool(new < old if rule.get("looser") == "less" else "looser" in rule and new > old)


def _shown(key: str, value: Any) -> Any:
    if key in BETWEEN_ARGUMENTS:
        return ", ".join(f"`{str(name).removesuffix('[]')}`" for name in value or ())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _items(key: str, value: list[Any] | None) -> list[str]:
    if key != "x-required-if":
        return [str(one) for one in value or ()]
    return [
        f"`{need}` where `{name}` is {one}"
        for rule in value or ()
        for name, values in rule["when"].items()
        for one in values
        for need in rule["need"]
    ]
