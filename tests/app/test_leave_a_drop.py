"""Drops that end without a promise: refused, given up, or handed to a person."""

from __future__ import annotations

import pytest

from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import AbandonCause, OpenDrop


def test_a_refusal_is_recorded_with_the_reason_of_each_line(ready):
    drop = ready.open(3)
    ready.drop_off.refuse(drop)
    (fact,) = ready.events("drop.refused")
    assert (fact["drop_id"], fact["return_id"], fact["policy_number"]) == (drop.drop_id, "R-3", 1)
    (line,) = fact["lines"]
    assert (line["state"], line["reason"]) == ("refused", "final_sale")


def test_a_refusal_is_said_once(ready):
    drop = ready.open(3)
    ready.drop_off.refuse(drop)
    ready.drop_off.refuse(drop)
    ready.drop_off.abandon(drop, AbandonCause.TIMED_OUT)
    assert ready.types() == ["policy.activated", "drop.refused"]


def test_a_refused_return_may_be_shown_again(ready):
    first = ready.open(3)
    ready.drop_off.refuse(first)
    second = ready.open(3)
    assert second.drop_id != first.drop_id


@pytest.mark.parametrize("cause", [AbandonCause.CANCELLED, AbandonCause.TIMED_OUT])
def test_a_drop_given_up_frees_the_return(ready, cause):
    drop = ready.open(1)
    ready.drop_off.abandon(drop, cause)
    (fact,) = ready.events("drop.abandoned")
    assert (fact["drop_id"], fact["return_id"], fact["cause"]) == (drop.drop_id, "R-1", cause.value)
    assert isinstance(ready.drop_off.check("visit-2", ready.code(1)), OpenDrop)


def test_a_question_left_open_is_no_obstacle(ready):
    ready.drop_off.abandon(ready.open(4), AbandonCause.CANCELLED)
    ready.drop_off.refuse(ready.open(4))
    assert ready.types()[-2:] == ["drop.abandoned", "drop.refused"]


def test_a_promise_is_not_given_up(ready):
    drop = ready.open(1)
    ready.drop_off.commit(drop, ready.bag())
    ready.drop_off.abandon(drop, AbandonCause.TIMED_OUT)
    ready.drop_off.refuse(drop)
    assert ready.types() == ["policy.activated", "drop.committed"]


def test_a_call_for_staff_says_why_and_for_what(ready):
    drop = ready.open(11)
    reason = drop.items[0].decision.reason
    ready.drop_off.call_staff("visit-1", reason, drop)
    ready.drop_off.call_staff("visit-1", Reason(Why.STORE_FAILED), None)
    first, second = ready.events("staff.needed")
    assert (first["return_id"], first["reason"]) == ("R-11", "hazardous")
    assert first["reason_values"] == {"hazard": "lithium"}
    assert (second["return_id"], second["visit_id"]) == ("", "visit-1")


def test_a_failing_disk_holds_nobody_up(ready, caplog):
    drop = ready.open(4)
    item, _ = drop.asking()
    ready.store._database.pragma("query_only=ON")
    answered = ready.drop_off.reconsider(
        drop, type(item)(item.line, 1, item.decision, 0, {"condition": "unworn"})
    )
    assert answered.asking() is None
    ready.drop_off.refuse(drop)
    ready.drop_off.abandon(drop, AbandonCause.CANCELLED)
    ready.drop_off.call_staff("visit-1", Reason(Why.STORE_FAILED), drop)
    ready.store._database.pragma("query_only=OFF")
    assert len(caplog.records) == 4
    assert ready.types() == ["policy.activated"]
