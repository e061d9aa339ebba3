"""A process that serves looks for garbage seldom."""

from __future__ import annotations

import gc

import pytest

from sync.central import heap


@pytest.fixture
def as_before():
    """This process goes on with other tests."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_is_not_looked_over_again(as_before) -> None:
    heap.settle()
    assert gc.get_freeze_count() > 1000
    assert gc.get_threshold()[0] == heap.YOUNG


def test_what_holds_itself_goes_all_the_same(as_before) -> None:
    heap.settle()
    seen = gc.get_stats()[0]["collections"]
    kept: list[list[object]] = []
    for _ in range(3 * heap.YOUNG):
        one: list[object] = []
        one.append(one)
        kept[:] = [one]
    assert gc.get_stats()[0]["collections"] > seen
