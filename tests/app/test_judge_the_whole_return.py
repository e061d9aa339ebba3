"""The lines of a return are judged together, with what this kiosk and the bundle remember."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.app.drop_off import DropOff
from kiosk.app.site import Site
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Outcome, Verdict
from kiosk.domain.returns import ChargedOnce, PastDrop, PastReturn
from kiosk.domain.visit import AbandonCause, CommittedDrop, OpenDrop, Rejected

ALLOW = {"rule": "allow", "id": "all"}
POSTAGE = {
    "rule": "fee",
    "id": "postage",
    "kind": "label",
    "per": "return",
    "amount": 400,
    "currency": "EUR",
}


def rules(*specs):
    return {"shoes": specs}


def fees(drop: OpenDrop) -> list[int]:
    return [verdict.fee.minor for _, verdict in drop.verdicts()]


def outcomes(drop: OpenDrop) -> list[str]:
    return [verdict.outcome.value for _, verdict in drop.verdicts()]


@pytest.fixture
def two(make_return, make_line):
    return make_return(1, make_line("L-1", 3000), make_line("L-2", 1000, quantity=2))


def test_a_fee_that_comes_once_a_return_is_charged_once(ready, two):
    ready.install(2, [two], rules=rules(ALLOW, POSTAGE))
    drop = ready.open(1)
    assert sum(fees(drop)) == 400
    assert all(fees(drop))  # shared out


def test_what_is_left_at_home_moves_its_share_to_the_others(ready, two):
    ready.install(2, [two], rules=rules(ALLOW, POSTAGE))
    drop = ready.open(1)
    alone = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=0))
    assert fees(alone) == [400]
    both = ready.drop_off.reconsider(alone, replace(alone.items[1], brought=2))
    assert fees(both) == fees(drop)


def test_the_rest_of_a_return_pays_no_second_time(ready, two):
    ready.install(2, [two], rules=rules(ALLOW, POSTAGE))
    drop = ready.open(1)
    first = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=0))
    assert isinstance(ready.drop_off.commit(first, ready.bag(1)), CommittedDrop)
    kiosk = ready.restart()
    rest = kiosk.open(1, visit="visit-2")
    assert fees(rest) == [0]
    kiosk.close()


def test_a_fee_that_another_site_charged_is_not_charged_here(ready, two):
    elsewhere = PastDrop("far-1", {"L-1": 1}, fees=(ChargedOnce("label", 400, 3000),))
    ready.install(2, [replace(two, drops=(elsewhere,))], rules=rules(ALLOW, POSTAGE))
    drop = ready.open(1)
    assert [item.line.line_id for item in drop.items] == ["L-2"]
    assert fees(drop) == [0]


def test_what_was_dropped_at_another_site_cannot_come_again(ready, two):
    elsewhere = PastDrop("far-1", {"L-1": 1, "L-2": 2})
    ready.install(2, [replace(two, drops=(elsewhere,))])
    found = ready.drop_off.check("visit-1", ready.code(1))
    assert isinstance(found, Rejected)
    assert (found.reason.why.value, found.reason.values) == ("return_already_dropped", {})


def test_a_drop_that_kiosk_and_bundle_both_know_counts_once(ready, two):
    drop = ready.open(1)
    drop = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=1))
    done = ready.drop_off.commit(drop, ready.bag(1))
    same = PastDrop(done.drop_id, {"L-1": 1, "L-2": 1})
    two = replace(two, lines=(two.lines[0], replace(two.lines[1], quantity=3)))
    ready.install(2, [replace(two, drops=(same,))])
    (item,) = ready.open(1, visit="visit-2").items
    assert (item.already_dropped, item.brought) == (1, 2)


def test_a_rule_for_whole_returns_follows_what_is_brought(ready, two):
    ready.install(2, [two], rules=rules(ALLOW, {"rule": "whole", "id": "whole", "of": "return"}))
    drop = ready.open(1)
    assert outcomes(drop) == ["accept", "accept"]
    part = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=1))
    assert "accept" not in outcomes(part)
    again = ready.drop_off.reconsider(part, replace(part.items[1], brought=2))
    assert outcomes(again) == ["accept", "accept"]


def test_a_limit_of_value_counts_all_lines(ready, two):
    cap = {
        "rule": "value",
        "id": "cap",
        "limit": 4000,
        "currency": "EUR",
        "per": "brought",
        "then": "review",
        "when": {"offline": True},
    }
    ready.install(2, [two], rules=rules(ALLOW, cap))
    assert outcomes(ready.open(1, visit="with the centre")) == ["accept", "accept"]
    ready.drop_off.abandon(ready.open(1, visit="with the centre"), AbandonCause.CANCELLED)
    ready.offline = True
    drop = ready.open(1, visit="without it")
    assert outcomes(drop) == ["review", "review"]  # 50.00 in all
    less = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=0))
    assert outcomes(less) == ["accept"]


LIMIT = {"rule": "serial_limit", "id": "limit", "days": 30, "returns": 2}


def test_returns_of_one_customer_are_counted_over_visits(ready, make_return):
    returns = [make_return(number, customer="c-1") for number in (1, 2, 3)]
    ready.install(2, returns, rules=rules(ALLOW, LIMIT))
    ready.drop(1, bag=1, visit="visit-1")
    ready.drop(2, bag=2, visit="visit-1")
    third = ready.open(3, visit="visit-1")
    assert outcomes(third) == ["refuse"]
    assert third.items[0].decision.reason.why.value == "too_many_returns"


def test_the_same_return_in_ledger_and_bundle_counts_once(ready, make_return):
    past = PastReturn("R-1", date(2025, 3, 10), 1, Money(4999, "EUR"))
    returns = [make_return(1, customer="c-1"), make_return(2, customer="c-1", history=(past,))]
    ready.install(2, returns, rules=rules(ALLOW, LIMIT))
    ready.drop(1)
    assert outcomes(ready.open(2, visit="visit-2")) == ["accept"]


def test_the_past_elsewhere_counts_as_much(ready, make_return):
    past = tuple(PastReturn(f"R-9{n}", date(2025, 3, 1), 1, Money(4999, "EUR")) for n in range(2))
    ready.install(2, [make_return(1, customer="c-1", history=past)], rules=rules(ALLOW, LIMIT))
    assert outcomes(ready.open(1)) == ["refuse"]


def test_what_was_refused_or_left_is_no_past(ready, make_return):
    returns = [make_return(number, customer="c-1") for number in (1, 2, 3, 4)]
    ready.install(2, returns, rules=rules(ALLOW, LIMIT))
    ready.drop(1)
    ready.drop_off.refuse(ready.open(2, visit="visit-2"))
    ready.drop_off.abandon(ready.open(3, visit="visit-3"), AbandonCause.CANCELLED)
    assert outcomes(ready.open(4, visit="visit-4")) == ["accept"]


def test_the_way_of_refund_is_asked_once_for_the_return(ready, two):
    methods = {"rule": "refund_method", "id": "how", "methods": ["original", "store_credit"]}
    more = {
        "rule": "bonus",
        "id": "ten",
        "method": "store_credit",
        "per": "percent",
        "basis_points": 1000,
        "kind": "credit",
    }
    ready.install(2, [two], rules=rules(ALLOW, methods, more))
    drop = ready.open(1)
    item, ask = drop.asking()
    assert (ask.question.question_id, ask.question.of_the_return) == ("refund_method", True)
    drop = ready.drop_off.reconsider(drop, replace(item, answers={"refund_method": "store_credit"}))
    assert drop.asking() is None
    assert {verdict.method.value for _, verdict in drop.verdicts()} == {"store_credit"}
    done = ready.drop_off.commit(drop, ready.bag(1))
    assert isinstance(done, CommittedDrop)
    told = ready.events("drop.committed")[0]["lines"]
    assert [line["method"] for line in told] == ["store_credit", "store_credit"]
    assert sum(line["bonus"] for line in told) == 500
    assert [share["rule_id"] for line in told for share in line["bonuses"]] == ["ten", "ten"]


def test_the_fact_tells_what_the_centre_checks_and_replays(ready, two):
    ready.install(7, [two], rules=rules(ALLOW, POSTAGE))
    ready.drop(1)
    (fact,) = ready.events("drop.committed")
    assert fact["policy_number"] == 7
    for line in fact["lines"]:
        assert set(line["rule_ids"]) == {"all", "postage"}
        assert sum(share["minor"] for share in line["fees"]) == line["fee"]
        assert line["fees"][0]["kind"] == "label"
        assert line["fees"][0]["once"] is True
        assert line["inputs"]
        assert line["refund"] + line["fee"] + line["withheld"] == line["price"]


# --- the kiosk's own situation ----------------------------------------------------------------


def test_rules_know_the_age_of_the_bundle(ready):
    old = {"rule": "bundle_age", "id": "old", "hours": 10}
    ready.install(2, rules=rules(ALLOW, old))
    assert outcomes(ready.open(1, visit="visit-1")) == ["accept", "accept"]
    ready.clock.pass_time(timedelta(hours=11))
    assert outcomes(ready.open(1, visit="visit-1")) == ["staff", "staff"]


def at(ready, site: Site) -> OpenDrop:
    """Return R-1 at a kiosk that stands there."""
    clock, ids = ready.clock, ready.ids
    there = DropOff(
        ready.store, clock, ids, "K1", "d", ready.drop_off._promisor.key, bool, site=site
    )
    found = there.check("visit-1", ready.code(1))
    assert isinstance(found, OpenDrop)
    return found


@pytest.mark.parametrize(("opening", "outcome"), [(0, "accept"), (500, "accept"), (300, "staff")])
def test_rules_know_the_opening(ready, make_return, make_line, opening, outcome):
    returns = [make_return(1, make_line("L-1", longest_mm=400))]
    ready.install(2, returns, rules=rules(ALLOW, {"rule": "oversize", "id": "big"}))
    assert outcomes(at(ready, Site(opening_mm=opening))) == [outcome]


def test_without_staff_nobody_is_sent_to_them(ready):
    ready.install(2, rules=rules({"rule": "staff", "id": "person"}))
    decisions = [item.decision for item in at(ready, Site(staffed=False)).items]
    assert all(isinstance(one, Verdict) and one.outcome is Outcome.STAFF for one in decisions)
    assert {way.value for one in decisions for way in one.instead} == {"merchant"}


def test_a_photo_cannot_be_shown_here_so_a_person_looks(ready):
    photo = {"rule": "evidence", "id": "photo", "evidence": "photo", "then": "refuse"}
    ready.install(2, rules=rules(ALLOW, photo))
    assert outcomes(ready.open(1)) == ["staff", "staff"]
