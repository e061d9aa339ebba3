"""A batch goes in with a handful of statements, and comes out as if each event had come alone."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from kiosk.domain.events import PolicyActivated, ReceiptSettled
from sync.central import bulk
from sync.central.tables import cases, claims, devices, drop_lines, drops, events, links
from sync.wire.messages import Pushed
from tests.sync.conftest import drop


def pushed(answer: object) -> Pushed:
    assert isinstance(answer, Pushed), answer
    return answer


def visit(kiosk, return_id, **changes):
    """A drop and its receipt, as a kiosk records them."""
    fact = drop(return_id, **changes)
    told = kiosk.record(fact)
    return [told, kiosk.record(ReceiptSettled(fact.drop_id, "printed", ""))]


@pytest.fixture
def statements():
    """What a centre's database is told, statement by statement."""
    told: list[str] = []

    def note(*given: object) -> None:
        told.append(str(given[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield told
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_a_hundred_drops_cost_no_more_statements_than_ten(centre, kiosk, authorised, statements):
    authorised("R1", quantity=300)
    ten = [event for n in range(10) for event in visit(kiosk, "R1", bag_id=f"BAG-{n}")]
    statements.clear()
    pushed(kiosk.push(*ten))
    few = len(statements)
    more = [event for n in range(100) for event in visit(kiosk, "R1", bag_id=f"BAG-A{n}")]
    statements.clear()
    pushed(kiosk.push(*more))
    assert len(statements) <= few + 2
    assert len(centre.rows(drops)) == len(centre.rows(claims)) == 110
    assert {row["receipt"] for row in centre.rows(drops)} == {"printed"}


@pytest.mark.parametrize("at_once", [True, False], ids=["in sets", "one by one"])
def test_both_ways_leave_the_same_rows(centre, kiosk, enrolled, authorised, monkeypatch, at_once):
    if not at_once:
        monkeypatch.setattr(bulk, "store", _not_plain)
    authorised("R1", quantity=3)
    told = [
        *visit(kiosk, "R1"),
        kiosk.record({"new": "kind"}),
        kiosk.record(PolicyActivated(7, 6)),
        *visit(kiosk, "R2", brought=2),
        kiosk.record(ReceiptSettled("of another batch", "failed", "x")),
        *visit(kiosk, "R1", brought=2),
    ]
    answer = pushed(kiosk.push(*told))
    assert answer.notices == ()
    assert [row["state"] for row in centre.rows(events)].count("unknown") == 1
    assert sorted((r["return_id"], r["unit"]) for r in centre.rows(claims)) == [
        ("R1", 1),
        ("R1", 2),
        ("R1", 3),
        ("R2", 1),
        ("R2", 2),
    ]
    assert {row["name"] for row in centre.rows(drop_lines)} == {"Linen dress", ""}
    assert [row["policy_number"] for row in centre.rows(devices)] == [7]
    assert len(centre.rows(links)) == len(told)
    for row in centre.rows(drops):
        assert (row["receipt"], row["receipt_fault"]) == ("printed", "")


def _not_plain(*_given: object) -> None:
    raise bulk.NotPlain


def test_one_conflict_in_a_batch_gets_its_case_and_the_others_their_place(
    centre, kiosk, authorised
):
    authorised("R1")
    told = [*visit(kiosk, "R1"), *visit(kiosk, "R1", bag_id="BAG-2"), *visit(kiosk, "R3")]
    answer = pushed(kiosk.push(*told))
    assert [(n.sequence, n.kind) for n in answer.notices] == [(3, "conflict")]
    assert sorted(row["disputed"] for row in centre.rows(drops)) == [False, False, True]
    [case] = centre.rows(cases)
    assert case["evidence"]["bags"] == ["BAG-1", "BAG-2"]


def test_a_drop_number_that_comes_twice_in_one_batch(centre, kiosk):
    first = drop("R1")
    told = [kiosk.record(first), kiosk.record(dataclasses.replace(first, bag_id="BAG-9"))]
    assert [n.kind for n in pushed(kiosk.push(*told)).notices] == ["conflict"]
    assert [row["bag_id"] for row in centre.rows(drops)] == ["BAG-1"]


def test_what_no_database_can_hold_is_kept_aside_alone(centre, kiosk):
    huge = drop("R1")
    line = dataclasses.replace(huge.lines[0], refund=(1 << 53) - 1)
    lines = tuple(dataclasses.replace(line, line_id=f"L{n}") for n in range(1_100))
    told = [
        *visit(kiosk, "R2"),
        kiosk.record({"text": "a\0b"}),
        kiosk.record({"number": 1 << 60}),
        kiosk.record(dataclasses.replace(huge, lines=lines)),
        *visit(kiosk, "R3"),
    ]
    answer = pushed(kiosk.push(*told))
    assert [n.sequence for n in answer.notices] == [3, 4, 5]
    assert {n.kind for n in answer.notices} == {"quarantined"}
    assert sorted(row["return_id"] for row in centre.rows(drops)) == ["R2", "R3"]


def test_another_kiosk_takes_the_last_unit_at_the_same_instant(
    centre, kiosk, enrolled, authorised, monkeypatch
):
    """Between our look and our claim: the batch is taken again, one by one, and opens a case."""
    authorised("R1")
    other = enrolled("K2")
    pushed(other.push(*visit(other, "R1", bag_id="BAG-K2")))
    monkeypatch.setattr(bulk, "_taken", lambda *_given: set())
    answer = pushed(kiosk.push(*visit(kiosk, "R1", bag_id="BAG-K1")))
    assert [n.kind for n in answer.notices] == ["conflict"]
    assert len(centre.rows(claims)) == 1
