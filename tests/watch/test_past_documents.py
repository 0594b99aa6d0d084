"""Documents that the vendor published, shown to the watch one after the other: it reports each change and no other."""

from __future__ import annotations

from itertools import pairwise

import pytest

from scripts.watch.compare import Difference, compare
from scripts.watch.facts import Facts, load_lock
from scripts.watch.vendor import read_vendor

from .conftest import ROOT
from .past_documents import PLACES, Version, swagger, versions
from .test_history import STEPS

VERSIONS = versions()
WHOLE = {
    f"{what}-{change}": change
    for what in ("operation", "definition", "parameter", "field", "status")
    for change in ("added", "missing")
}
"""A difference that says that something came or went, whole. Every other one is of what was there and is."""
# The lock says more than these facts do: texts, notes on PGs, names of operations, samples, bounds as they are written.
FACTS = {*WHOLE, "place", "required-added", "required-missing", "value-added", "value-missing", "null-added"}


def _read(version: Version) -> Facts:
    return read_vendor(swagger(version.facts))


def _subject(line: str) -> tuple[str, str]:
    """Return the place of a fact, and the name of the parameter, field or status there."""
    place, _, fact = line.partition(" | ")
    first, _, rest = fact.partition(" ")
    if first in {"", "+", "opdeprecated"}:
        return place, ""
    return place, (rest.split(" ")[0] if first in PLACES else first.partition(".")[0])


def _expected(before: Version, after: Version) -> dict[tuple[str, str], str]:
    places = [{line for line in side.facts if " | " not in line} for side in (before, after)]
    subjects = [{_subject(line) for line in side.facts} for side in (before, after)]
    expected: dict[tuple[str, str], str] = {}
    for line in before.facts ^ after.facts:
        place, name = _subject(line)
        whole = place if place in places[0] ^ places[1] else None
        subject = (place, "") if whole else (place, name)
        was, is_now = (subject in known for known in subjects)
        expected[subject] = "changed" if was and is_now else "added" if is_now else "missing"
    return expected


def _differences(before: Facts, after: Facts) -> list[Difference]:
    """Return the differences, except those of objects inside a field or an answer, defined under their places."""
    definitions = before["definitions"].keys() | after["definitions"].keys()
    inside = {name for name in definitions if "." in name or " " in name}
    return [each for each in compare(before, after) if each.place not in inside]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_a_document_is_read_whole(version: Version) -> None:
    facts = _read(version)
    places = {line for line in version.facts if " | " not in line}
    assert places == {*facts["operations"], *(name for name in facts["definitions"] if "." not in name)}
    read = {(place, name) for place, node in facts["operations"].items() for name in node["parameters"]}
    read |= {(place, name) for place, node in facts["operations"].items() for name in node["statuses"]}
    read |= {
        (place, name) for place, node in facts["definitions"].items() for name in node["fields"] if "." not in place
    }
    assert read == {_subject(line) for line in version.facts if _subject(line)[1]}


@pytest.mark.parametrize("pair", [*pairwise(VERSIONS)], ids=lambda pair: "-".join(version.name for version in pair))
def test_every_change_between_two_documents_is_reported_and_nothing_else(pair: tuple[Version, Version]) -> None:
    before, after = pair
    differences = _differences(_read(before), _read(after))
    reported = {(each.place, each.name): WHOLE.get(each.kind, "changed") for each in differences}
    assert reported == _expected(before, after)


def test_the_last_one_is_the_document_that_was_reviewed() -> None:
    differences = _differences(_read(VERSIONS[-1]), load_lock(ROOT / "spec" / "upstream.lock.json"))
    assert [each for each in differences if each.kind in FACTS] == []


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_the_days_that_are_recorded_lead_to_it(version: Version) -> None:
    """`test_history` knows the days on which operations came and went, from another source."""
    offered = set(_read(VERSIONS[0])["operations"])
    for step in STEPS:
        if step.day <= version.since:
            offered = (offered | step.come) - step.gone
    assert offered == _read(version)["operations"].keys()


def test_the_members_that_are_recorded_came_and_went_between_them() -> None:
    first, last = (_read(version) for version in VERSIONS[-2:])
    changes = {(each.place, each.name): each.kind.rpartition("-")[2] for each in compare(first, last)}
    for step in STEPS:
        if step.day > VERSIONS[-2].since:
            for subject in step.members_come:
                assert changes[subject] == "added", (step.day, subject)
            for subject in step.members_gone:
                assert changes[subject] == "missing", (step.day, subject)
