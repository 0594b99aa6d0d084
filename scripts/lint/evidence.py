"""Rules about evidence: each statement about PGs and V1 has a grade, and sources that support it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ..evidence import GRADES, Evidence, leaves
from ..yaml_files import beside, misfits
from .places import Spec

ELSEWHERE = ("browser.", "sandbox.", "webhook.")
"""Prefixes of places outside of the API description."""

FORMS: Final = Path(__file__).with_suffix(".yaml")
PLAYS: Final[dict[str, Any]] = beside(__file__)["$defs"]["plays"]["properties"]
"""The keys of a profile that code acts on."""


def profiles_have_sources(spec: Spec) -> Iterator[str]:
    """Find values of pg/<pg>.yaml without grade or sources, and files that are not named after their PG."""
    evidence = spec.evidence
    for name, profile in evidence.profiles.items():
        if profile.get("pg") != name:
            yield f"pg/{name}.yaml: it speaks of {profile.get('pg')}"
        for where, leaf in leaves(profile):
            yield from (f"pg/{name}.yaml: {where}: {fault}" for fault in _faults(evidence, leaf))
            for other in leaf.get("conflicts", []):
                yield from (f"pg/{name}.yaml: {where}: conflicts: {fault}" for fault in _faults(evidence, other))


def claims_have_sources(spec: Spec) -> Iterator[str]:
    """Find claims of claims.yaml whose grade their sources cannot support, or that refer to unknown places."""
    evidence = spec.evidence
    seen: set[str] = set()
    names = _names(spec) if evidence.claims else set[str]()
    questions = {question.get("id") for question in evidence.questions}
    for claim in evidence.claims:
        name = claim.get("id")
        if name in seen:
            yield f"claims.yaml: {name}: it stands twice"
        seen.add(str(name))
        for place in claim.get("where") or []:
            if place not in names and not place.startswith(ELSEWHERE):
                yield f"claims.yaml: {name}: {place}: nothing is called so"
        yield from (f"claims.yaml: {name}: {fault}" for fault in _faults(evidence, claim))
        if "question" in claim and claim["question"] not in questions:
            yield f"claims.yaml: {name}: questions.yaml has no {claim['question']}"


def _names(spec: Spec) -> set[str]:
    """Return the names that claims may use: `operationId`, `operationId.argument`, `Schema`, `Schema.field` …"""
    names = {place.where for place in spec.of("operation", "component", "property")}
    for operation in spec.operations:
        names |= {f"{operation.id}.{status}" for status in operation.node.get("responses", {})}
        names |= {f"{operation.id}.{node.get('name')}" for node in spec.parameters(operation)}
    for name, node in spec.schemas.items():
        for part in node.get("allOf", []):
            names |= {f"{name}.{field}" for field in spec.resolve(part).get("properties", {})}
    return names


def refusals_have_claims(spec: Spec) -> Iterator[str]:
    """Find each `x-refused` without an observed claim: the SDK refuses only what V1 was seen to refuse."""
    grades = {claim.get("id"): claim.get("grade") for claim in spec.evidence.claims}
    for place in spec.places:
        claim = place.node.get("x-refused")
        if claim is not None and grades.get(claim) not in {"captured", "vendor", "third-party"}:
            yield f"{place.where}: x-refused: claims.yaml has no observed claim {claim}"


def codes_are_distinct(spec: Spec) -> Iterator[str]:
    """Find names that stand for two banks: money would go to the wrong one."""
    named: dict[str, str] = {}
    for row in spec.evidence.codes.get("banks", {}).get("rows", []):
        for name in {row["name"], *row.get("names", [])}:
            key = "".join(str(name).split()).casefold()
            if named.setdefault(key, row["code"]) != row["code"]:
                yield f"codes.yaml: banks: {name} stands for {named[key]} and for {row['code']}"


def _faults(evidence: Evidence, leaf: dict[str, Any]) -> Iterator[str]:
    grade, sources = leaf.get("grade"), leaf.get("sources") or []
    if grade not in GRADES:
        yield f"the grade {grade} is none of {', '.join(GRADES)}"
        return
    if grade != "assumed" and not sources:
        yield f"{grade} needs a source"
    for source in sources:
        if evidence.key(source) not in evidence.keys:
            yield f"sources.yaml has no key for {source}"
        if evidence.key(source) == "corpus" and evidence.item(source) is None:
            yield f"the corpus has no item {source.partition(':')[2]}"
    bearing = [GRADES.index(evidence.bears(source)) for source in sources if evidence.key(source) in evidence.keys]
    if bearing and grade in {"captured", "vendor", "third-party"} and GRADES.index(grade) < min(bearing):
        yield f"none of its sources can bear {grade}"


def keeps_its_forms(spec: Spec) -> Iterator[str]:
    """Find unknown keys and forms in claims, questions and profiles, and facts that code acts on outside of `plays`."""
    evidence = spec.evidence
    parts: dict[str, Any] = {one: getattr(evidence, one) for one in ("claims", "questions", "profiles")}
    for (part, owner, *inside), fault in misfits(FORMS, parts):
        file = f"pg/{owner}.yaml" if part == "profiles" else f"{part}.yaml: {parts[str(part)][owner].get('id')}"
        place = ".".join(str(step) for step in inside if step != "value")
        yield ": ".join(filter(None, (file, place, fault)))
    for name, profile in evidence.profiles.items():
        among = (key for key in profile.get("facts", {}) if key in PLAYS)
        yield from (f"pg/{name}.yaml: facts.{key}: code acts on it, so it belongs in plays" for key in among)
