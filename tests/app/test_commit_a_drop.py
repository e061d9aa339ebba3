"""The promise: one transaction with everything that hangs on it, or none of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.app.numbers import drop_number, read_drop_number
from kiosk.domain import codes
from kiosk.domain.drops import IllegalTransition
from kiosk.domain.money import Money
from kiosk.domain.visit import AbandonCause, CommittedDrop, OpenDrop, Rejected
from kiosk.seal import receipts


def why(outcome) -> str:
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason.why.value


def rows(kiosk, query: str) -> list[tuple]:
    """What another reader of the file sees."""
    reader = driver.connect(str(kiosk.directory / "ledger.db"))
    found = reader.execute(query).fetchall()
    reader.close()
    return found


def test_everything_of_a_promise_is_on_the_disk_together(ready):
    drop = ready.open(1)
    assert rows(ready, "SELECT state FROM drops") == [("decided",)]
    done = ready.drop_off.commit(drop, ready.bag(7))
    assert isinstance(done, CommittedDrop)
    assert rows(ready, "SELECT drop_id, state, drop_number, bag_id, code_id FROM drops") == [
        (done.drop_id, "committed", done.drop_number, codes.bag_code(7), "cti-1")
    ]
    assert rows(ready, "SELECT line_id, state, brought, refund FROM drop_lines ORDER BY 1") == [
        ("L-1", "accepted", 1, 4999),
        ("L-2", "accepted", 3, 5997),
    ]
    assert rows(ready, "SELECT bag_id, released_at FROM bags") == [(codes.bag_code(7), None)]
    assert rows(ready, "SELECT code_id FROM redeemed_codes") == [("cti-1",)]
    assert rows(ready, "SELECT state FROM print_jobs") == [("queued",)]
    assert ready.types() == ["policy.activated", "drop.committed"]
    assert ready.store.outbox.verify() is None


def test_the_promise_tells_the_receipt_everything(ready, keys):
    ready.clock.pass_time(timedelta(minutes=3))
    done = ready.drop(1, bag=7)
    assert done.drop_number == drop_number("K1", 1)
    assert (done.return_id, done.order_number, done.merchant.name) == ("R-1", "A-1001", "Schuhhaus")
    assert done.refund == Money(4999 + 3 * 1999, "EUR")
    assert done.committed_at == ready.clock.now()
    assert not done.provisional
    claims = receipts.verify(done.proof, keys.device.public)
    assert isinstance(claims, receipts.ReceiptClaims)
    assert (claims.drop_number, claims.return_id, claims.bag_id, claims.device_id) == (
        done.drop_number,
        "R-1",
        codes.bag_code(7),
        "device-1",
    )


def test_the_event_says_what_was_decided_and_why(ready):
    drop = ready.open(5)
    done = ready.drop_off.commit(drop, ready.bag())
    (fact,) = ready.events("drop.committed")
    assert (fact["drop_id"], fact["drop_number"]) == (done.drop_id, done.drop_number)
    assert (fact["identified_by"], fact["code_id"], fact["offline"]) == ("signed", "cti-5", False)
    assert (fact["policy_number"], fact["bag_id"]) == (1, codes.bag_code(1))
    told = [(line["line_id"], line["state"], line["outcome"]) for line in fact["lines"]]
    assert told == [
        ("L-1", "accepted", "accept"),
        ("L-2", "refused", "refuse"),
        ("L-3", "returnless", "returnless"),
    ]
    refused = fact["lines"][1]
    assert (refused["reason"], refused["refund"], refused["withheld"]) == ("final_sale", 0, 4999)
    assert refused["rule_ids"][0] == "final"
    for line in fact["lines"]:
        assert line["refund"] + line["fee"] + line["withheld"] == line["price"]
    assert done.refund == Money(4999 + 200, "EUR")


def test_what_was_not_brought_is_told_as_such(ready):
    drop = ready.open(1)
    drop = ready.drop_off.reconsider(drop, replace(drop.items[0], brought=0))
    done = ready.drop_off.commit(drop, ready.bag())
    first, second = ready.events("drop.committed")[0]["lines"]
    assert (first["state"], first["brought"], first["price"], first["refund"]) == (
        "not_presented",
        0,
        0,
        0,
    )
    assert second["state"] == "accepted"
    assert done.refund == Money(5997, "EUR")


def test_answers_go_with_their_line(ready):
    drop = ready.open(4)
    state = "SELECT state FROM drops WHERE return_id = 'R-4'"
    assert rows(ready, state) == [("open",)]
    item, _ = drop.asking()
    with pytest.raises(IllegalTransition):
        ready.drop_off.commit(_with_something_settled(drop, ready), ready.bag())
    drop = ready.drop_off.reconsider(drop, replace(item, answers={"condition": "unworn"}))
    assert rows(ready, state) == [("decided",)]
    ready.drop_off.commit(drop, ready.bag())
    (line,) = ready.events("drop.committed")[0]["lines"]
    assert line["answers"] == {"condition": "unworn"}


def _with_something_settled(drop: OpenDrop, ready) -> OpenDrop:
    """A question is open, and another line is ready to be taken."""
    other = ready.drop_off.check("visit-x", ready.code(1))
    return replace(drop, items=(*drop.items, *other.items))


def test_an_offline_promise_is_provisional(ready):
    ready.offline = True
    done = ready.drop(1)
    assert done.provisional
    fact = ready.events("drop.committed")[0]
    assert fact["offline"]
    assert all(line["provisional"] for line in fact["lines"])


# --- bags ---------------------------------------------------------------------------------------


def test_goods_need_a_bag(ready, scan):
    drop = ready.open(1)
    assert why(ready.drop_off.commit(drop, None)) == "code_not_a_bag"
    assert why(ready.drop_off.commit(drop, ready.code(1))) == "code_not_a_bag"
    assert why(ready.drop_off.commit(drop, scan("https://example.org"))) == "code_not_a_bag"
    wrong = codes.bag_code(1)[:-1] + ("Z" if codes.bag_code(1)[-1] != "Z" else "Y")
    assert why(ready.drop_off.commit(drop, scan(wrong))) == "code_wrong_check"
    assert isinstance(ready.drop_off.commit(drop, ready.bag(1)), CommittedDrop)


def test_a_bag_that_holds_goods_is_in_use(ready):
    ready.drop(1, bag=1)
    other = ready.open(5)
    assert why(ready.drop_off.commit(other, ready.bag(1))) == "bag_in_use"
    assert isinstance(ready.drop_off.commit(other, ready.bag(2)), CommittedDrop)


def test_returnless_goods_need_no_bag_and_leave_it_free(ready):
    drop = ready.open(2)
    assert not drop.needs_bag
    done = ready.drop_off.commit(drop, ready.bag(1))
    assert done.bag_id == ""
    assert done.refund == Money(300, "EUR")
    ready.drop(1, bag=1)


# --- what is not promised -----------------------------------------------------------------------


def test_nothing_brought_is_no_drop(ready):
    drop = ready.open(1)
    for item in drop.items:
        drop = ready.drop_off.reconsider(drop, replace(item, brought=0))
    assert why(ready.drop_off.commit(drop, ready.bag())) == "nothing_brought"
    assert ready.events("drop.committed") == []


def test_a_return_that_is_wholly_refused_is_no_drop(ready):
    drop = ready.open(3)
    assert why(ready.drop_off.commit(drop, None)) == "nothing_brought"


def test_an_abandoned_drop_cannot_be_committed(ready):
    drop = ready.open(1)
    ready.drop_off.abandon(drop, AbandonCause.CANCELLED)
    assert why(ready.drop_off.commit(drop, ready.bag())) == "return_open_elsewhere"
    assert isinstance(ready.drop_off.check("visit-2", ready.code(1)), OpenDrop)


def test_a_code_revoked_since_it_was_shown_promises_nothing(ready):
    drop = ready.open(1)
    ready.install(2, revoked=("cti-1",))
    assert why(ready.drop_off.commit(drop, ready.bag())) == "return_cancelled"


def test_asking_twice_gives_the_same_promise(ready):
    drop = ready.open(1)
    first = ready.drop_off.commit(drop, ready.bag())
    second = ready.drop_off.commit(drop, ready.bag())
    assert first == second
    assert len(ready.events("drop.committed")) == 1


# --- a return comes again -----------------------------------------------------------------------


@pytest.mark.parametrize("by", ["code", "short", "after a restart"])
def test_a_return_wholly_dropped_is_met_with_day_and_number(ready, by):
    ready.clock.pass_time(timedelta(hours=11, minutes=30))  # after midnight in Berlin
    done = ready.drop(1)
    kiosk = ready.restart() if by == "after a restart" else ready
    presented = codes.short_code(1) if by == "short" else kiosk.code(1)
    outcome = kiosk.drop_off.check("visit-2", presented)
    assert why(outcome) == "return_already_dropped"
    assert outcome.reason.values == {
        "dropped_on": "2025-03-11",
        "drop_number": done.drop_number,
    }
    assert kiosk.events("code.rejected")[0]["reason"] == "return_already_dropped"
    assert len(kiosk.events("drop.committed")) == 1
    kiosk.close()


def test_what_was_left_at_home_may_come_later_and_never_more(ready):
    drop = ready.open(1)
    drop = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=1))
    ready.drop_off.commit(drop, ready.bag(1))
    rest = ready.open(1, visit="visit-2")
    (item,) = rest.items
    assert (item.line.line_id, item.brought, item.already_dropped) == ("L-2", 2, 1)
    more = ready.drop_off.reconsider(rest, replace(item, brought=3))
    assert more.items[0].brought == 2
    ready.drop_off.commit(more, ready.bag(2))
    assert why(ready.drop_off.check("visit-3", ready.code(1))) == "return_already_dropped"
    taken = rows(ready, "SELECT line_id, SUM(brought) FROM drop_lines GROUP BY 1 ORDER BY 1")
    assert taken == [("L-1", 1), ("L-2", 3)]


def test_a_screen_that_is_wrong_about_the_rest_promises_nothing(ready):
    """Whatever a screen holds, the ledger's own count decides."""
    drop = ready.open(1)
    greedy = replace(drop, items=(drop.items[0], replace(drop.items[1], brought=4)))
    assert why(_with_a_past(ready, greedy)) == "return_already_dropped"
    assert len(ready.events("drop.committed")) == 1


def _with_a_past(ready, greedy: OpenDrop) -> CommittedDrop | Rejected:
    """Commit `greedy` after part of the return was dropped."""
    drop = ready.drop_off.reconsider(greedy, replace(greedy.items[1], brought=1))
    ready.drop_off.commit(drop, ready.bag(1))
    rest = ready.open(1, visit="visit-2")
    return ready.drop_off.commit(replace(rest, items=greedy.items[1:]), ready.bag(2))


def test_the_same_code_again_when_only_the_refused_is_left(ready):
    """The news for the shopper is that the return is dropped, not that one item never will be."""
    done = ready.drop(5)
    again = ready.drop_off.check("visit-2", ready.code(5))
    assert why(again) == "return_already_dropped"
    assert again.reason.values["drop_number"] == done.drop_number


def test_refused_lines_may_come_once_the_rules_take_them(ready, make_return, make_line):
    ready.drop(5)
    ready.install(2, [make_return(5, *(make_line(n) for n in ("L-1", "L-2", "L-3")))])
    rest = ready.open(5, visit="visit-2")
    assert [item.line.line_id for item in rest.items] == ["L-2"]


def test_lines_published_under_new_names_are_not_taken_again(ready, make_return, make_line):
    ready.drop(1)
    ready.install(2, [make_return(1, make_line("X-1"), make_line("X-2"))])
    assert why(ready.drop_off.check("visit-2", ready.code(1))) == "return_already_dropped"


def test_a_code_used_for_one_return_does_not_open_another(ready):
    ready.drop(1)
    reused = ready.code(5, code_id="cti-1")
    assert why(ready.drop_off.check("visit-2", reused)) == "return_already_dropped"
    assert isinstance(ready.drop_off.check("visit-2", ready.code(5)), OpenDrop)


def test_two_merchants_may_happen_to_use_one_code_id(ready, keys):
    ready.drop(1)
    theirs = ready.code(10, keys.other, code_id="cti-1")
    assert isinstance(ready.drop_off.check("visit-2", theirs), OpenDrop)


# --- numbers ------------------------------------------------------------------------------------


def test_numbers_count_up_over_restarts_without_gaps(ready):
    first = ready.drop(1, bag=1)
    other = ready.open(5)
    assert why(ready.drop_off.commit(other, ready.bag(1))) == "bag_in_use"
    again = ready.restart()
    again.clock.pass_time(timedelta(hours=1))
    second = again.drop(5, bag=2, visit="visit-9")
    assert (first.drop_number, second.drop_number) == (drop_number("K1", 1), drop_number("K1", 2))
    again.close()


@pytest.mark.parametrize("code", ["K1", "ILOU", "ZZZZZZ", "00"])
def test_a_drop_number_can_be_read_out_and_typed(code):
    number = drop_number(code, 123)
    assert number.startswith(f"{code}-000123-")
    assert read_drop_number(f" {number.lower()} ") == number
    for wrong in (f"{code}-000132-{number[-1]}", f"{code}-000124-{number[-1]}", "", "-", "K1-1"):
        assert read_drop_number(wrong) is None


# --- the disk -----------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["full", "read_only", "deleted"])
def test_a_disk_that_fails_promises_nothing_and_leaves_no_half(ready, trouble, caplog):
    drop = ready.open(1)
    ledger = ready.directory / "ledger.db"
    before = _snapshot(ready)
    database = ready.store._database
    match trouble:
        case "full":
            database.pragma(f"max_page_count={database.pragma('page_count')}")
            padded = replace(drop.merchant, support="x" * 40_000)
            drop = replace(drop, merchant=padded)
        case "read_only":
            database.pragma("query_only=ON")
        case "deleted":
            ledger.rename(ready.directory / "elsewhere")
    assert why(ready.drop_off.commit(drop, ready.bag())) == "store_failed"
    match trouble:
        case "full":
            database.pragma("max_page_count=100000")
        case "read_only":
            database.pragma("query_only=OFF")
        case "deleted":  # a store that lost its file is believed again when it is opened anew
            assert ready.store.broken
            (ready.directory / "elsewhere").rename(ledger)
            ready = ready.restart()
    assert _snapshot(ready) == before
    assert ready.store.outbox.verify() is None
    assert "could not be committed" in caplog.text
    done = ready.drop_off.commit(drop, ready.bag())
    assert isinstance(done, CommittedDrop)
    assert done.drop_number == drop_number("K1", 1)
    ready.close()


def _snapshot(kiosk) -> list[list[tuple]]:
    tables = ("drops", "drop_lines", "bags", "redeemed_codes", "print_jobs", "events", "outbox")
    return [rows(kiosk, f"SELECT * FROM {table}") for table in tables]


def test_a_look_up_on_a_failing_disk_is_a_value_as_well(ready, caplog):
    ready.store._database.pragma("query_only=ON")
    assert why(ready.drop_off.check("visit-1", ready.code(1))) == "store_failed"
    ready.store._database.pragma("query_only=OFF")
    assert "could not be looked up" in caplog.text
    assert isinstance(ready.drop_off.check("visit-1", ready.code(1)), OpenDrop)
