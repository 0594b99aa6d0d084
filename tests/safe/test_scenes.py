"""Every write of V1, executed while its answer is lost, executed late, or never: what settling it tells."""

from __future__ import annotations

import json
from typing import Any

import pytest
from portone_v1 import InProgressError, OutcomeUnknownError
from portone_v1.intents.writes import ROWS
from portone_v1_sandbox import Request, Response

from tests.safe import network as net
from tests.safe.conftest import Shop
from tests.safe.scenes import SCENES, Scene, call

pytestmark = pytest.mark.filterwarnings("ignore:.*withdrawn by the vendor:DeprecationWarning")
EACH = pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
SHOWN = pytest.mark.parametrize(
    "scene", [each for each in SCENES if each.executed != "undecided"], ids=lambda scene: scene.name
)
WITH_OR_WITHOUT = pytest.mark.parametrize("with_journal", [True, False], ids=["journal", "no journal"])


@pytest.fixture(autouse=True)
def _no_journal_but_that_of_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTONE_V1_INTENTS")


def lost(network: net.Network, request: Request) -> Response:
    """Execute the request, as the sandbox confirms, and then break the connection."""
    assert executed(network.execute(request))
    return net.lost_before(network, request)


def executed(answer: Response) -> bool:
    return answer.status < 300 and json.loads(answer.body)["code"] == 0


def set_up(shop: Shop, *, with_journal: bool) -> None:
    if not with_journal:
        shop.client = shop.new_client(intents=None)
    shop.run(lambda c: c.channels.list())  # V1's clock is known before the write
    shop.clock.advance(30)


def test_every_row_is_played() -> None:
    assert sorted(scene.name for scene in SCENES) == sorted(ROWS)
    assert {each.name for each in SCENES if each.executed == "undecided"} == {
        name for name, row in ROWS.items() if row.shown_by == "nothing"
    }


@EACH
@WITH_OR_WITHOUT
def test_executed_although_no_answer_came(shop: Shop, scene: Scene, with_journal: bool) -> None:
    set_up(shop, with_journal=with_journal)
    error = scene.play(shop, lost)
    settled = shop.settle(error)
    if scene.executed == "undecided":
        assert "intents.resolve" in str(settled.reason)
    assert settled.state == scene.executed
    assert shop.settle(error, after=400).state == scene.executed


@SHOWN
def test_executed_after_the_client_gave_up(shop: Shop, scene: Scene) -> None:
    set_up(shop, with_journal=True)
    error = scene.play(shop, net.held)
    assert shop.settle(error).state == "undecided"
    shop.clock.advance(90)
    shop.network.deliver()
    assert shop.settle(error).state == scene.executed


@EACH
@WITH_OR_WITHOUT
def test_not_executed_is_reported_after_five_minutes(shop: Shop, scene: Scene, with_journal: bool) -> None:
    set_up(shop, with_journal=with_journal)
    error = scene.play(shop, net.lost_before)
    assert shop.settle(error, after=290).state == "undecided"
    assert shop.settle(error, after=20).state == scene.never


@EACH
def test_the_same_call_over_it_sends_nothing_unless_it_may_be_repeated(shop: Shop, scene: Scene) -> None:
    """While it is undecided. A row that says `yes` sets a value, so that a second one changes nothing."""
    set_up(shop, with_journal=True)
    arguments: Any = scene.arguments(shop) if callable(scene.arguments) else scene.arguments
    with shop.sandbox.client() as operator:
        ids = (scene.before(operator, shop) if scene.before is not None else None) or {}
    same = Scene(scene.name, {**arguments, **ids})
    same.play(shop, net.lost_before)
    sent = len(shop.network.bodies)
    if ROWS[scene.name].repeat == "yes":
        assert isinstance(same.play(shop, net.lost_before), OutcomeUnknownError)
        return
    refused = shop.failure(lambda c: call(scene.operation, c, same.arguments), InProgressError)
    assert "nothing was sent" in str(refused)
    since = [line for line in shop.network.seen[sent:] if not line.startswith("GET ")]
    assert since == []
