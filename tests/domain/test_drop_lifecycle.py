"""A drop's life: every listed step works, every other one raises."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.drops import PROMISED, TRANSITIONS, Drop, DropState, IllegalTransition

S = DropState
TODAY, TOMORROW = date(2025, 3, 10), date(2025, 3, 11)

# The lifecycle once more, from product.md, so that the table in the code cannot drift alone.
LISTED = {
    (S.OPEN, S.DECIDED),
    (S.OPEN, S.ABANDONED),
    (S.DECIDED, S.BAGGED),
    (S.DECIDED, S.COMMITTED),
    (S.DECIDED, S.REFUSED),
    (S.DECIDED, S.ABANDONED),
    (S.BAGGED, S.COMMITTED),
    (S.BAGGED, S.ABANDONED),
    (S.COMMITTED, S.CONTAINED),
    (S.COMMITTED, S.VOIDED),
    (S.CONTAINED, S.HANDED_OVER),
    (S.HANDED_OVER, S.RECEIVED),
}
STEPS: dict[DropState, Callable[[Drop], Drop]] = {
    S.DECIDED: lambda d: d.decide(needs_bag=True),
    S.BAGGED: lambda d: d.bag("B-1"),
    S.COMMITTED: lambda d: d.commit(TODAY),
    S.CONTAINED: lambda d: d.contain("C-1"),
    S.HANDED_OVER: lambda d: d.hand_over(),
    S.RECEIVED: lambda d: d.receive(),
    S.ABANDONED: lambda d: d.abandon("cancelled"),
    S.REFUSED: lambda d: d.refuse(),
    S.VOIDED: lambda d: d.void(TODAY, "wrong return"),
}
UNLISTED = sorted(set(itertools.product(S, STEPS)) - LISTED)


def in_state(state: DropState, then: DropState = S.CONTAINED) -> Drop:
    """A drop in that state; returnless where the step to come needs it to be."""
    drop = Drop("D-1", "R-1", state=state, bag_id="B-1", committed_on=TODAY)
    if (state, then) == (S.DECIDED, S.COMMITTED):
        return replace(drop, bag_id="", needs_bag=False)
    return drop if state is not S.DECIDED else replace(drop, bag_id="")


def test_the_table_is_the_one_of_the_design() -> None:
    assert {(a, b) for a, following in TRANSITIONS.items() for b in following} == LISTED
    assert set(TRANSITIONS) == set(S)


@pytest.mark.parametrize(("state", "then"), sorted(LISTED))
def test_a_listed_step_is_taken(state: DropState, then: DropState) -> None:
    assert STEPS[then](in_state(state, then)).state is then


@pytest.mark.parametrize(("state", "then"), UNLISTED)
def test_any_other_step_raises(state: DropState, then: DropState) -> None:
    with pytest.raises(IllegalTransition, match=f"{state.value} -> {then.value}"):
        STEPS[then](in_state(state, then))


def test_a_whole_life() -> None:
    drop = Drop.open("D-1", "R-1").decide(needs_bag=True).bag("B-1").commit(TODAY)
    assert (drop.bag_id, drop.committed_on) == ("B-1", TODAY)
    drop = drop.contain("C-1").hand_over().receive()
    assert (drop.state, drop.container_id) == (S.RECEIVED, "C-1")


def test_goods_are_not_promised_without_a_bag() -> None:
    with pytest.raises(IllegalTransition, match="need a bag"):
        Drop.open("D-1", "R-1").decide(needs_bag=True).commit(TODAY)


def test_returnless_lines_alone_are_promised_without_a_bag() -> None:
    drop = Drop.open("D-1", "R-1").decide(needs_bag=False)
    assert drop.commit(TODAY).state is S.COMMITTED
    with pytest.raises(IllegalTransition, match="no bag"):
        drop.bag("B-1")
    with pytest.raises(IllegalTransition, match="nothing to contain"):
        drop.commit(TODAY).contain("C-1")


@pytest.mark.parametrize("state", [S.OPEN, S.DECIDED, S.BAGGED])
def test_giving_up_frees_the_bag(state: DropState) -> None:
    drop = in_state(state).abandon("timed_out")
    assert (drop.bag_id, drop.cause) == ("", "timed_out")


def test_a_promise_is_taken_back_only_the_same_day_and_for_a_reason() -> None:
    drop = in_state(S.COMMITTED)
    with pytest.raises(IllegalTransition, match="day"):
        drop.void(TOMORROW, "wrong return")
    with pytest.raises(IllegalTransition, match="reason"):
        drop.void(TODAY, "  ")
    assert drop.void(TODAY, "wrong return").cause == "wrong return"


@pytest.mark.parametrize("state", sorted(PROMISED))
def test_a_conflict_is_a_flag_and_keeps_the_state(state: DropState) -> None:
    drop = in_state(state).dispute()
    assert (drop.disputed, drop.state) == (True, state)
    assert not drop.settle().disputed


@pytest.mark.parametrize("state", sorted(set(S) - PROMISED))
def test_what_was_not_promised_cannot_be_disputed(state: DropState) -> None:
    with pytest.raises(IllegalTransition):
        in_state(state).dispute()


def test_what_is_not_disputed_cannot_be_settled() -> None:
    with pytest.raises(IllegalTransition):
        in_state(S.COMMITTED).settle()


@pytest.mark.parametrize("step", [lambda d: d.bag(""), lambda d: d.contain("")])
def test_ids_are_not_empty(step: Callable[[Drop], Drop]) -> None:
    for state in (S.DECIDED, S.COMMITTED):
        with pytest.raises(IllegalTransition):
            step(in_state(state))
