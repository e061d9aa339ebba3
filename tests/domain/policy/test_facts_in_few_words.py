"""What facts, questions and shares mean where nothing more is told of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.policy.evaluate import evaluate
from kiosk.domain.policy.model import Facts, Outcome, Question, Share, Verdict, Whole
from kiosk.domain.policy.whole import prepare
from kiosk.domain.returns import PastDrop

ALLOW = {"rule": "allow", "id": "yes"}


def few(situation: Any, brought: int) -> Facts:
    """Of a line of one unit, no word of what came before."""
    told = situation.facts(line={"quantity": 1})
    return Facts(told.authorisation, told.line, told.merchant, told.context, brought)


def test_nothing_came_before(situation: Any) -> None:
    found = evaluate(situation.policy(ALLOW), few(situation, 1))
    assert isinstance(found, Verdict)
    assert found.outcome is Outcome.ACCEPT
    more = evaluate(situation.policy(ALLOW), few(situation, 2))
    assert isinstance(more, Verdict)
    assert more.outcome is Outcome.REFUSE


def test_a_line_alone_is_the_whole(situation: Any) -> None:
    assert few(situation, 1).together == Whole(1, 0, 1, 1, 4999, "EUR", 0)
    assert few(situation, 0).together == Whole(0, 0, 1, 0, 0, "EUR", 0)
    assert situation.facts(brought=1, dropped=1).together == Whole(1, 1, 2, 1, 4999, "EUR", 4999)


def test_no_value_came_before() -> None:
    assert Whole(1, 0, 1, 1, 4999, "EUR").value_before == 0


def test_more_than_was_authorised_is_all_of_it() -> None:
    assert Whole(
        units=2, units_before=1, units_authorised=2, lines=1, value=0, currency=""
    ).of_return


def test_a_picture_is_one_picture() -> None:
    assert Question("worn", ("no", "yes")).count == 1


def test_a_fee_is_of_its_own_line(situation: Any) -> None:
    fee = {"rule": "fee", "id": "f", "per": "line", "amount": 100, "currency": "EUR"}
    verdict = situation.verdict(ALLOW, fee)
    assert verdict.fees == (Share("return", 100, "f", once=False, base=0),)


@pytest.mark.parametrize("brought", [-1, 0, 1, 2])
def test_a_line_alone_is_reckoned_as_any_other(situation: Any, brought: int) -> None:
    """Alone in its return, or with its return's other lines left at home."""
    alone = situation.facts(brought=brought, dropped=1)
    (short,) = prepare((alone,))
    first, second = situation.together({"brought": brought, "dropped": 1}, {"brought": 0})
    (long,) = prepare((first,))
    assert short.whole is not None
    assert long.whole is not None
    assert replace(long.whole, units_authorised=2) == short.whole
    assert long.whole.units_authorised == 4
    assert prepare((first, second))[0].whole == long.whole
    at_home = prepare((second,))[0].whole  # the other way round
    assert at_home is not None
    assert (at_home.units, at_home.units_before) == (0, 0)
    assert (short.already_dropped, long.already_dropped) == (1, 1)


def test_sums_in_two_currencies_are_none(situation: Any) -> None:
    lines = situation.together({"line": {"currency": "EUR"}}, {"line": {"currency": "USD"}})
    whole = prepare((lines[0],))[0].whole
    assert whole is not None
    assert whole.currency == ""


def test_what_came_before_of_a_line_left_at_home_counts(situation: Any) -> None:
    before = (PastDrop("D-0", {"L-3": 1}),)
    first, second, _ = situation.together({}, {}, {}, drops=before)
    whole = prepare((first, second))[0].whole
    assert whole is not None
    assert (whole.units, whole.units_before, whole.value_before) == (2, 1, 4999)
