"""The rules of the one door: what comes twice, late, torn, forged, poisoned or from a copy."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import msgspec
import pytest

from kiosk.domain import chain
from kiosk.domain.events import ReceiptSettled
from sync.central.audit import at_console
from sync.central.devices import revoke
from sync.central.tables import cases, claims, devices, drops, epochs, events, links
from sync.wire import codec
from sync.wire.messages import Problem, Pushed


def pushed(answer: object) -> Pushed:
    assert isinstance(answer, Pushed), answer
    return answer


def problem(answer: object, kind: str) -> Problem:
    assert isinstance(answer, Problem), answer
    assert answer.kind == kind
    return answer


def test_a_batch_is_stored_and_acknowledged_with_our_own_head(centre, kiosk, clock):
    told = [kiosk.record(), kiosk.record({"anything": 1})]
    answer = pushed(kiosk.push(*told))
    assert (answer.cursor, answer.chain_head) == (2, kiosk.head)
    assert answer.server_time == clock.now()
    assert [row["state"] for row in centre.rows(events)] == ["accepted", "unknown"]
    [drop] = centre.rows(drops)
    assert (drop["bag_id"], drop["refund"], drop["currency"]) == ("BAG-1", 7990, "EUR")
    assert drop["received_at"] == clock.now()


def test_a_reply_lost_and_the_batch_sent_again_changes_nothing(centre, kiosk):
    first = kiosk.record()
    before = pushed(kiosk.push(first))
    after = pushed(kiosk.push(first))
    assert (before.cursor, before.chain_head) == (after.cursor, after.chain_head)
    assert len(centre.rows(drops)) == len(centre.rows(events)) == 1


def test_a_batch_that_overlaps_what_is_known_goes_on_from_there(centre, kiosk, drop_of):
    one = kiosk.record()
    kiosk.push(one)
    two = kiosk.record(drop_of("R2"))
    assert pushed(kiosk.push(one, two)).cursor == 2
    assert len(centre.rows(drops)) == 2


def test_a_gap_is_answered_with_the_cursor_and_stores_nothing(centre, kiosk):
    kiosk.push(kiosk.record())
    kiosk.record()
    answer = problem(kiosk.push(kiosk.record()), "gap")
    assert answer.cursor == 1
    assert len(centre.rows(events)) == 1


def test_an_epoch_never_heard_of_starts_at_one(kiosk):
    kiosk.record()
    assert problem(kiosk.push(kiosk.record()), "gap").cursor == 0


def test_a_changed_body_breaks_its_link(centre, kiosk):
    event = kiosk.record()
    bent = msgspec.structs.replace(event, data={**event.data, "bag_id": "BAG-9"})
    problem(kiosk.push(bent), "fork")
    assert centre.rows(events) == []


def test_a_link_that_does_not_meet_the_head_is_a_fork(kiosk):
    kiosk.push(kiosk.record())
    kiosk.head = "f" * 64
    event = kiosk.record()
    problem(kiosk.push(event, prev_chain="f" * 64), "fork")


def test_a_kiosk_restored_from_a_backup_loses_no_drop(centre, kiosk, drop_of):
    """It forgot event 2, records another 2, is told of the fork, and begins a new epoch."""
    kiosk.push(kiosk.record(drop_of("R1")))
    backup = kiosk.copy()
    kiosk.push(kiosk.record(drop_of("R2")))
    backup.record(drop_of("R3"))
    problem(backup.push(backup.history[-1]), "fork")
    backup.again("e2")
    assert pushed(backup.push(*backup.history)).cursor == 2
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1", "R2", "R3"}
    assert [row["kind"] for row in centre.rows(cases)] == ["fork"]
    assert len(centre.rows(epochs)) == 2


def test_a_copied_kiosk_and_its_original_both_get_through(centre, kiosk, drop_of):
    kiosk.push(kiosk.record(drop_of("R1")))
    copied = kiosk.copy()
    kiosk.push(kiosk.record(drop_of("R2")))
    copied.record(drop_of("R3"))
    problem(copied.push(copied.history[-1]), "fork")
    copied.again("e2")
    pushed(copied.push(*copied.history))
    assert pushed(kiosk.push(kiosk.record(drop_of("R4")))).cursor == 3
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1", "R2", "R3", "R4"}


def test_a_poisoned_record_is_kept_apart_and_delays_nothing(centre, kiosk):
    poison = kiosk.record({"drop_id": 7}, type="takeback.drop.committed.v1")
    good = kiosk.record()
    answer = pushed(kiosk.push(poison, good))
    assert answer.cursor == 2
    assert [(n.sequence, n.kind) for n in answer.notices] == [(1, "quarantined")]
    states = {row["sequence"]: row["state"] for row in centre.rows(events)}
    assert states == {1: "quarantined", 2: "accepted"}
    assert [row["kind"] for row in centre.rows(cases)] == ["quarantined_event"]


@pytest.mark.parametrize(
    "data",
    [
        {"text": "a\0b"},
        {"number": 1 << 60},
        {"deep": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]},
    ],
    ids=["nul", "giant", "deep"],
)
def test_content_that_no_database_should_hold_is_kept_apart(centre, kiosk, data):
    assert pushed(kiosk.push(kiosk.record(data))).cursor == 1
    [row] = centre.rows(events)
    assert row["state"] == "quarantined"
    assert codec.decode(row["body"].encode(), dict)["data"] == data


def test_odd_envelope_numbers_and_times_do_not_stop_the_queue(centre, kiosk):
    told = [
        kiosk.record({"a": 1}, monotonic_ms=1 << 62),
        kiosk.record({"a": 1}, policyversion=-5),
        kiosk.record({"a": 1}, subject="x\0y"),
        kiosk.record({"a": 1}, type="t" * 5000),
        kiosk.record({"a": 1}),
    ]
    assert pushed(kiosk.push(*told)).cursor == 5
    assert [row["state"] for row in centre.rows(events)].count("quarantined") == 3


def test_a_withheld_record_is_acknowledged_and_taken_in_when_it_comes(centre, kiosk, drop_of):
    event = kiosk.record(drop_of("R1"))
    empty = msgspec.structs.replace(event, data={}, withheld="http 413")
    later = kiosk.record(drop_of("R2"))
    answer = pushed(kiosk.push(empty, later))
    assert answer.cursor == 2
    assert [(n.sequence, n.kind) for n in answer.notices] == [(1, "quarantined")]
    assert {row["return_id"] for row in centre.rows(drops)} == {"R2"}
    kiosk.again("e2")
    pushed(kiosk.push(*kiosk.history))
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1", "R2"}


def test_another_content_under_a_known_id_has_no_effect_and_is_kept(centre, kiosk, drop_of):
    first = kiosk.record(drop_of("R1"))
    kiosk.push(first)
    clash = kiosk.record(drop_of("R2"), id=first.id)
    assert pushed(kiosk.push(clash)).cursor == 2
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1"}
    assert [row["kind"] for row in centre.rows(cases)] == ["clash"]
    assert centre.rows(links, sequence=2)[0]["clash"] is not None


def test_the_same_line_dropped_twice_opens_a_case_naming_both_bags(
    centre, kiosk, drop_of, enrolled
):
    other = enrolled("K2")
    pushed(kiosk.push(kiosk.record(drop_of("R1", bag_id="BAG-1"))))
    answer = pushed(other.push(other.record(drop_of("R1", bag_id="BAG-2"))))
    assert [n.kind for n in answer.notices] == ["conflict"]
    [case] = centre.rows(cases)
    assert case["kind"] == "duplicate_drop"
    assert case["evidence"]["bags"] == ["BAG-1", "BAG-2"]
    assert (case["site"], case["amount"], case["currency"]) == ("Street 1", 7990, "EUR")
    assert len(centre.rows(claims)) == 1
    disputed = {row["bag_id"]: row["disputed"] for row in centre.rows(drops)}
    assert disputed == {"BAG-1": False, "BAG-2": True}


def test_units_of_one_line_may_come_in_several_visits_up_to_what_was_authorised(
    centre, kiosk, drop_of, authorised
):
    authorised("R1", quantity=3)
    assert pushed(kiosk.push(kiosk.record(drop_of("R1", brought=1)))).notices == ()
    assert pushed(kiosk.push(kiosk.record(drop_of("R1", brought=2)))).notices == ()
    answer = pushed(kiosk.push(kiosk.record(drop_of("R1", brought=1))))
    assert [n.kind for n in answer.notices] == ["conflict"]
    assert len(centre.rows(claims)) == 3


def test_a_refused_line_claims_no_refund(centre, kiosk, drop_of):
    fact = drop_of("R1")
    refused = dataclasses.replace(fact.lines[0], state="refused", refund=0)
    pushed(kiosk.push(kiosk.record(dataclasses.replace(fact, lines=(refused,)))))
    assert centre.rows(claims) == []


def test_what_a_revoked_kiosk_sends_is_kept_without_effect(centre, kiosk):
    revoke(centre.database, centre.clock, at_console("acme"), kiosk.device_id, "lost")
    answer = pushed(kiosk.push(kiosk.record()))
    assert answer.cursor == 1
    assert centre.rows(drops) == []
    assert centre.rows(events)[0]["cause"] == "revoked"


def test_the_fate_of_the_paper_is_told_in_the_drop(centre, kiosk, drop_of):
    fact = drop_of("R1")
    settled = ReceiptSettled(fact.drop_id, "failed", "paper_out")
    kiosk.push(kiosk.record(fact), kiosk.record(settled))
    [row] = centre.rows(drops)
    assert (row["receipt"], row["receipt_fault"]) == ("failed", "paper_out")


def test_a_wrong_clock_is_corrected_beside_what_was_told(centre, kiosk, clock, drop_of):
    wrong = clock.now() - timedelta(hours=5)
    event = kiosk.record(drop_of("R1"), time=wrong)
    message = msgspec.structs.replace(kiosk.message([event]), sent_at=wrong)
    assert kiosk.post("events", codec.encode(message)).status_code == 200
    [row] = centre.rows(drops)
    assert (row["told_at"], row["corrected_at"]) == (wrong, clock.now())
    assert centre.rows(devices)[0]["clock_offset_ms"] == 5 * 3600 * 1000


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda k: codec.encode({"not": "a push"}), 400),
        (lambda k: b"\xff\xfe", 400),
        (lambda k: b"[" * 100_000, 400),
        (lambda k: codec.encode(k.message([k.record(), k.record()][::-1])), 400),
        (lambda k: codec.encode(k.message([k.record(epoch="other")])), 400),
        (lambda k: codec.encode(k.message([k.record(id="")])), 400),
    ],
    ids=["shape", "bytes", "nested", "order", "epoch", "no-id"],
)
def test_a_bad_envelope_is_refused_whole(centre, kiosk, change, status):
    assert kiosk.post("events", change(kiosk)).status_code == status
    assert centre.rows(events) == []


def test_an_empty_batch_asks_where_the_centre_stands(kiosk):
    kiosk.push(kiosk.record())
    answer = pushed(kiosk.push())
    assert (answer.cursor, answer.chain_head) == (1, kiosk.head)
    assert kiosk.head != chain.GENESIS


def test_a_gzip_bomb_is_refused_before_it_unfolds(kiosk):
    assert kiosk.post("events", b"0" * (64 << 20)).status_code == 413


def test_a_body_beyond_the_limit_is_refused(kiosk):
    body = bytes(1_100_000)
    assert kiosk.post("events", body, gzip=False).status_code == 413
