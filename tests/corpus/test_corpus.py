"""What V1 was seen to send: nothing of it is lost, and the sandbox answers the same, or the reason stands in a list."""

from __future__ import annotations

from typing import Any

import pytest

from tests.corpus.lossless import losses
from tests.corpus.reading import ITEMS, faults_of, read_items
from tests.corpus.register import read_register, sort_out
from tests.corpus.scenes import differences

CORPUS = read_items()
each = pytest.mark.parametrize("item", CORPUS, ids=lambda item: item["id"])


@each
def test_the_item_has_its_form_and_names_nobody(item: dict[str, Any]) -> None:
    assert [*faults_of(item)] == []
    assert (ITEMS / f"{item['id']}.json").is_file()


@each
def test_nothing_is_lost(item: dict[str, Any]) -> None:
    assert [*losses(item)] == []


@each
def test_the_sandbox_answers_the_same_or_the_reason_is_listed(item: dict[str, Any]) -> None:
    _, unexplained, _ = sort_out(differences(item), read_register())
    assert [difference.text for difference in unexplained] == []


def test_no_reason_has_outlived_its_difference() -> None:
    found = [difference for item in CORPUS for difference in differences(item)]
    _, _, left_over = sort_out(found, read_register())
    assert [(entry.area, entry.shown) for entry in left_over] == []
