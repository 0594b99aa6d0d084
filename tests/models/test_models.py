"""The promises of README, over every model of V1, on virtual time. `make models` is the long run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.models.campaign import SHARED, cells
from tests.models.choices import Choices
from tests.models.mutants import MUTANTS, first_broken, stories_for
from tests.models.promises import broken
from tests.models.shrinking import shortest
from tests.models.stories import STEPS, Cell, play
from tests.models.v1 import KINDS, LAGS

ORDERS = 2
"""Of each cell; the long run plays 60."""
SIMPLE = {
    ("the PG", 0): "nice",
    ("card", 0): "card-A",
    ("an operator refunds too", 0): False,
    ("an attempt is visible while it is at the PG", 0): False,
}


def failure_text(cell: Cell, seed: object, promises: set[str]) -> str:
    return "\n".join(f"{promise}:\n{shortest(cell, seed, promise).text()}" for promise in promises)


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("habit", SHARED)
def test_where_one_journal_is_shared_no_promise_is_broken(habit: str, flavour: str) -> None:
    for cell in cells((habit,), (flavour,)):
        for number in range(ORDERS):
            seed = f"{flavour} {number}"
            found = broken(play(cell, seed))
            assert not found, failure_text(cell, seed, found)


@pytest.mark.parametrize("habit", [habit for habit in SHARED if habit != "other card"])
@pytest.mark.parametrize("keeps", [20, 12, 7, 3], ids=["all but the last", "its tag", "three digits", "no mark"])
def test_a_v1_that_cuts_reasons_off(keeps: int, habit: str) -> None:
    """The mark of a refund comes back in part, or not at all."""
    for kind, lag, number in itertools.product(KINDS, LAGS, range(3)):
        cell = Cell("refund", habit, kind, lag, echo=True, keeps=keeps)
        found = broken(play(cell, number))
        assert not found, failure_text(cell, number, found)


@pytest.mark.parametrize("what", ["charge", "refund", "onetime", "retry", "account", "unschedule"])
@pytest.mark.parametrize("fate", ["arrives", "lost before V1", "answer lost", "504 after 1 s"])
def test_killed_at_every_step_and_run_again(what: str, fate: str) -> None:
    places = set[str]()
    for kind, rerun, step in itertools.product(KINDS, (2.0, 700.0), range(1, STEPS)):
        at_pg = 61.0 if rerun == 2.0 else 0.3
        fixed = {
            **SIMPLE,
            ("dies at step", 0): step,
            ("fate of the request", 0): fate,
            ("seconds at the PG", 0): at_pg,
            ("rerun after", 0): rerun,
        }
        cell = Cell(what, "kill -9, rerun", kind, 2.0, echo=False)
        story = play(cell, "every step", fixed)
        assert not broken(story), story.text()
        killed = [line for line in story.ledger.world.story if "kill -9" in line]
        if not killed:
            break  # the first process ended before that step
        places.add(killed[0].partition("(")[2])
    assert {"the intent is committed)", "the request is sent)", "before the outcome is committed)"} <= places


@pytest.mark.parametrize("habit", ["two workers, no shared store", "kill -9, rerun, no shared store"])
def test_without_a_shared_journal_a_double_charge_is_reported_if_v1_returns_the_mark(habit: str) -> None:
    seen = set[str]()
    for cell in cells((habit,)):
        for number in range(6 if cell.echo else 0):
            seen |= broken(play(cell, number))
    assert seen & {"charged twice", "refunded more than asked"}, "the model has to be able to break it"
    assert not {promise for promise in seen if "never said" in promise or "longer" in promise}


@pytest.mark.parametrize("name", MUTANTS)
def test_each_rule_is_needed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name].apply(monkeypatch)
    orders, found = first_broken(MUTANTS[name], 600)
    assert found, f"the library without this rule broke nothing in {orders} orders"


def test_a_story_is_made_as_short_as_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = MUTANTS["any entry of the amount is ours"]
    mutant.apply(monkeypatch)
    long = ((cell, seed) for cell, seed in stories_for(mutant) if broken(play(cell, seed)) & mutant.promises)
    cell, seed = next(long)
    promise = next(iter(broken(play(cell, seed)) & mutant.promises))
    story = shortest(cell, seed, promise)
    assert promise in broken(story)
    assert story.choices.made["refunds", 0][0] == [5000]
    assert len(story.ledger.world.story) <= len(play(cell, seed).ledger.world.story)


def test_the_same_seed_plays_the_same_story() -> None:
    for cell in itertools.islice(seeds(), 12):
        assert play(cell, 7).text() == play(cell, 7).text()


def seeds() -> Iterator[Cell]:
    yield from itertools.islice(cells(), 0, None, 17)


def test_fixed_choices_are_kept() -> None:
    choices = Choices("x", {("card", 0): "card-B"})
    assert choices.draw("card", ["card-A"]) == "card-B"
    assert choices.draw("card", ["card-A"]) == "card-A"
