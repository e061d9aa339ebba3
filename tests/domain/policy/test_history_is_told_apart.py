"""What the kiosk and the centre both know counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import Money
from kiosk.domain.policy import history
from kiosk.domain.policy.model import Outcome
from kiosk.domain.policy.whole import prepare
from kiosk.domain.reasons import Why
from kiosk.domain.returns import ChargedOnce, PastDrop, PastReturn

DROPS = st.lists(
    st.builds(
        PastDrop,
        drop_id=st.sampled_from(["d1", "d2", "d3"]),
        units=st.just({"L-1": 1}),
    ),
    max_size=4,
)
RETURNS = st.lists(
    st.builds(
        PastReturn,
        return_id=st.sampled_from(["A", "B", "C"]),
        on=st.dates(date(2025, 1, 1), date(2025, 1, 9)),
        units=st.integers(0, 5),
        value=st.builds(Money, st.integers(0, 900), st.sampled_from(["EUR", "USD"])),
    ),
    max_size=5,
)


def test_a_drop_that_both_know_is_one_drop() -> None:
    here = PastDrop("d2", {"L-1": 1})
    known = history.drops([here], [PastDrop("d1", {"L-1": 2}), here])
    assert [drop.drop_id for drop in known] == ["d1", "d2"]
    assert history.units(known, "L-1") == 3
    assert history.units(known, "L-2") == 0


@given(DROPS, DROPS)
def test_drops_are_never_counted_twice(one: list[PastDrop], other: list[PastDrop]) -> None:
    merged = history.drops(one, other)
    ids = {drop.drop_id for drop in one + other}
    assert history.units(merged, "L-1") == len(ids)
    assert history.drops(merged, merged) == merged
    assert {hash(drop) for drop in merged} == {hash(drop_id) for drop_id in ids}


@given(RETURNS, RETURNS)
def test_other_returns_merge_in_any_order(one: list[PastReturn], other: list[PastReturn]) -> None:
    merged = history.returns(one, other)
    assert merged == history.returns(other, one)
    assert merged == history.returns(merged, one)
    for entry in one + other:
        same = next(m for m in merged if m.return_id == entry.return_id)
        assert same.units >= entry.units
        assert same.on >= entry.on
        assert same.value.currency != entry.value.currency or same.value >= entry.value


def test_what_was_charged_once_adds_up_over_the_drops() -> None:
    parts = [ChargedOnce("return", 100, 1000), ChargedOnce("x", 5), ChargedOnce("return", 50, 1)]
    assert history.once(parts) == {
        "return": ChargedOnce("return", 150, 1001),
        "x": ChargedOnce("x", 5, 0),
    }


def test_drops_of_all_sites_use_up_the_authorised_quantity(situation: Any) -> None:
    allow = {"rule": "allow"}
    elsewhere = PastDrop("far", {"L-1": 1})
    here = PastDrop("here", {"L-1": 1})
    one = situation.verdict(allow, drops=(here,))
    assert one.outcome is Outcome.ACCEPT
    told = {"of_return": {"drops": (elsewhere,)}}
    two = situation.verdict(allow, drops=(here,), **told)
    assert (two.outcome, two.reason.why) == (Outcome.REFUSE, Why.QUANTITY_EXCEEDED)
    assert two.reason.values == {"authorised": 2, "dropped": 2}
    same = situation.verdict(allow, drops=(here,), of_return={"drops": (here,)})
    assert same.outcome is Outcome.ACCEPT


def test_what_the_caller_counted_counts_where_it_is_more(situation: Any) -> None:
    facts = prepare((situation.facts(dropped=2, drops=(PastDrop("d", {"L-1": 1}),)),))[0]
    assert facts.already_dropped == 2
    assert (facts.together.units_before, facts.together.value_before) == (2, 9998)


def test_lines_that_came_before_and_are_not_here_now_count_for_the_whole(situation: Any) -> None:
    first, _ = situation.together({"brought": 2}, {"brought": 2})
    rest = replace(first, drops=(PastDrop("d", {"L-2": 2}),))
    (only,) = prepare((rest,))
    assert (only.together.units, only.together.units_before) == (2, 2)
    assert only.together.of_return
