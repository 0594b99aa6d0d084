"""Read the jobs of both hosts' CI files, so that no job is described twice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

Node = dict[str, Any]
EXPRESSION: Final = re.compile(r"\$\{\{(.+?)\}\}")
NAME: Final = re.compile(r"'[^']*'|\b[a-zA-Z_]\w*(?:\.[\w-]+)+")
IMAGE: Final = re.compile(r"python:(\d\.\d+)")


@dataclass(frozen=True)
class Job:
    file: str
    name: str
    key: str
    steps: list[Node]
    condition: str = ""
    python: str = ""
    """What its image or its setup-python brings."""
    context: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] | None = None
    kept: tuple[str, ...] = ()
    """What later jobs find, where the host keeps it by its path."""
    event: str = ""

    @property
    def shown(self) -> str:
        return f"{self.file}: {self.name}"


def _value(expression: str, context: Mapping[str, Any]) -> Any:
    """Evaluate an expression of GitHub's: names, texts, `==`, `!=`, `&&`, `||`."""
    values: list[Any] = []

    def look_up(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("'"):
            values.append(text[1:-1])
        else:
            node: Any = context
            for part in text.split("."):
                node = node.get(part, "") if isinstance(node, Mapping) else ""
            values.append(node)
        return f"values[{len(values) - 1}]"

    python = NAME.sub(look_up, expression).replace("&&", " and ").replace("||", " or ")
    return eval(" ".join(python.split()), {"__builtins__": {}}, {"values": values})


def filled(text: object, context: Mapping[str, Any]) -> str:
    return EXPRESSION.sub(lambda found: str(_value(found[1], context)), str(text))


def holds(condition: str, context: Mapping[str, Any]) -> bool:
    return not condition or bool(_value(condition, context))


def _combinations(matrix: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    yield from (dict(zip(matrix, values, strict=True)) for values in itertools.product(*matrix.values()))


def _named(key: str, chosen: Mapping[str, str]) -> str:
    versions = [IMAGE.sub(r"\1", value).partition("-slim")[0] for value in chosen.values()]
    return f"{key} ({', '.join(versions)})" if versions else key


def github(path: Path) -> Iterator[Job]:
    for key, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items():
        for chosen in _combinations(job.get("strategy", {}).get("matrix", {})):
            context = {"matrix": chosen}
            setup = [step["with"] for step in job["steps"] if "setup-python" in step.get("uses", "")]
            yield Job(
                file=path.name,
                name=_named(key, chosen),
                key=key,
                steps=job["steps"],
                condition=job.get("if", ""),
                python=filled(setup[0]["python-version"], context) if setup else "",
                context=context,
            )


def gitlab(path: Path) -> Iterator[Job]:
    document: Node = yaml.safe_load(path.read_text(encoding="utf-8"))
    jobs = {key: node for key, node in document.items() if isinstance(node, dict) and "script" in node}
    default = document["default"]
    for key in sorted(jobs, key=lambda name: document["stages"].index(jobs[name]["stage"])):
        job = jobs[key]
        rules = str(job.get("rules"))
        event = (
            "merge request" if "merge_request" in rules else "schedule" if "rules" in job and "TAG" not in rules else ""
        )
        for chosen in itertools.chain.from_iterable(map(_combinations, job.get("parallel", {}).get("matrix", [{}]))):
            image = IMAGE.search(chosen.get("IMAGE", job.get("image", default["image"])))
            lines = [*job.get("before_script", default["before_script"]), *job["script"]]
            yield Job(
                file=path.name,
                name=_named(key, chosen),
                key=key,
                steps=[{"run": "\n".join(lines)}],
                python=image[1] if image else "",
                environment={**document["variables"], **job.get("variables", {}), **chosen},
                needs=tuple(job["needs"]) if "needs" in job else None,
                kept=tuple(job.get("artifacts", {}).get("paths", ())),
                event=event or "tag",
            )


def results_of(page: str) -> dict[str, str]:
    """Return the result of each job in an earlier page."""
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in lines]
    return {f"{file}: {name}": result for file, name, _, result in rows}


def updated(page: str, jobs: Sequence[Job], results: dict[str, str]) -> str:
    """Return the page with these results in its table; results that it has already stay."""
    results = results_of(page) | results
    rows = [
        f"| `{job.file}` | {job.name} | {job.python or '-'} | {results.get(job.shown, 'not rehearsed yet')} |\n"
        for job in jobs
    ]
    head, rule, _ = page.partition("|---|---|---|---|\n")
    return head + rule + "".join(rows)
