"""What the lines of one return come to together, before any rule looks."""

from __future__ import annotations

from typing import Any

from kiosk.domain.money import Money
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.model import Verdict
from kiosk.domain.policy.whole import prepare
from kiosk.domain.returns import PastDrop


def test_a_line_of_which_fewer_than_nothing_is_brought_counts_as_not_brought(
    situation: Any,
) -> None:
    """Whoever miscounts must not lower the value or the number of what the others bring."""
    lines = situation.together({"brought": 2}, {"brought": -1})
    whole = prepare(lines)[0].whole
    assert (whole.lines, whole.units, whole.value) == (1, 2, 9998)


def test_such_a_line_takes_no_bonus_back(situation: Any) -> None:
    bonus = {"rule": "bonus", "id": "b", "per": "item", "amount": 100, "currency": "EUR"}
    policy = situation.policy({"rule": "allow", "id": "all"}, bonus)
    lines = situation.together(
        {"brought": 2}, {"brought": -1}, of_return={"resolution": "store_credit"}
    )
    first, second = evaluate_return(policy, lines)
    assert isinstance(first, Verdict)
    assert isinstance(second, Verdict)
    assert first.bonus == Money(200, "EUR")
    assert (second.bonuses, second.refund) == ((), Money(0, "EUR"))


def test_what_is_known_of_some_lines_alone_counts_for_those(situation: Any) -> None:
    """The drop of an earlier day held two of the three articles, and only they tell of it."""
    earlier = {"drops": (PastDrop("d1", {"L-2": 1, "L-3": 1}),)}
    first, second, third = prepare(situation.together({}, earlier, earlier))
    assert (first.drops, second.drops, third.drops) == ((), earlier["drops"], earlier["drops"])
    assert [one.already_dropped for one in (first, second, third)] == [0, 1, 1]
