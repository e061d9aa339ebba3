"""A code opens its parcels, each is scanned to match, and the carrier's proof is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.codes.model import PickUpCode
from kiosk.domain.counter.commands import (
    CloseContainer,
    ContainParcel,
    Expire,
    HandOut,
    IssueCode,
    OpenContainer,
    ProvideContainer,
    Receive,
    RefuseOut,
    ReopenContainer,
    ReportMissing,
    Shelve,
    Stage,
)
from kiosk.domain.counter.parcel_facts import ParcelCollected, ProofFact
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.pick_up import (
    NOT_GOOD,
    Limit,
    Tries,
    after_wrong,
    digest,
    good_for,
    may_try,
    opened,
)
from kiosk.domain.counter.planning import Plan, Stop, matches, plan
from kiosk.domain.counter.proving import (
    SUPERVISED,
    Document,
    Proof,
    ProofRule,
    asked_together,
    missing,
    read_rule,
    rule_for,
)
from kiosk.domain.counter.saying import Because, Refused, Then
from tests.domain.counter.desk import BEN, CODE, HOUSE, OTHER_CODE, RULES, Desk

S = ParcelState


def here(
    desk: Desk, number: str, code: str = CODE, carrier: str = "dhl", shelf: str = "A1"
) -> None:
    desk.announce(number, carrier, code=code)
    desk.do(Receive(number, carrier))
    desk.do(Shelve(number, shelf))


def state(desk: Desk, number: str) -> ParcelState:
    return desk.shop.parcels[number].state


def test_one_code_opens_several_parcels_and_all_are_handed_out(desk: Desk) -> None:
    here(desk, "P1")
    here(desk, "P2", shelf="A2")
    here(desk, "P3", OTHER_CODE)
    waiting = opened(desk.shop, CODE)
    assert isinstance(waiting, tuple)
    assert [(p.number, p.shelf_id) for p in waiting] == [("P1", "A1"), ("P2", "A2")]
    facts = desk.do(HandOut(("P1", "P2"), CODE))
    assert all(isinstance(f, ParcelCollected) and f.proof.code for f in facts)
    assert (state(desk, "P1"), state(desk, "P2"), state(desk, "P3")) == (
        S.COLLECTED,
        S.COLLECTED,
        S.SHELVED,
    )


def test_the_plan_says_where_to_go_how_many_to_fetch_and_what_to_ask(desk: Desk) -> None:
    here(desk, "P1", shelf="A2")
    here(desk, "P2")
    here(desk, "P3", shelf="A2")
    here(desk, "P4", carrier="gls")
    desk.do(ReportMissing("P4"))
    assert plan(desk.shop, desk.rules, CODE) == Plan(
        stops=(Stop("A1", "", ("P2",)), Stop("A2", "", ("P1", "P3"))),
        missing=("P4",),
        asked=(Proof.CODE, Proof.NAME, Proof.SIGNATURE),
        age=0,
        documents=(),
        proxies=False,
    )
    assert plan(desk.shop, desk.rules, OTHER_CODE) == NOT_GOOD


def test_the_strictest_of_several_carriers_counts(desk: Desk) -> None:
    both = frozenset({Proof.AGE, Proof.DOCUMENT})
    desk.rules = replace(
        RULES,
        proofs={
            "dhl": ProofRule(both, frozenset({Document.PASSPORT, Document.ID_CARD}), 16, True),
            "gls": ProofRule(both, frozenset({Document.PASSPORT}), 18, True),
        },
    )
    here(desk, "P1")
    here(desk, "P2", carrier="gls")
    planned = plan(desk.shop, desk.rules, CODE)
    assert isinstance(planned, Plan)
    assert (planned.count, planned.age, planned.documents) == (2, 18, ("passport",))
    assert planned.proxies


def test_each_scan_is_held_against_the_code(desk: Desk) -> None:
    here(desk, "P1")
    here(desk, "P2", OTHER_CODE)
    assert matches(desk.shop, {"P1"}, "P1", ()) is None
    wrong = matches(desk.shop, {"P1"}, "P2", ("P1",))
    assert wrong == Refused(Because.WRONG_PARCEL, Then.PUT_IT_BACK, {"number": "P2", "shelf": "A1"})
    twice = matches(desk.shop, {"P1"}, "P1", ("P1",))
    assert twice is not None
    assert twice.because is Because.SCANNED_TWICE
    desk.do(HandOut(("P1",), CODE))
    gone = matches(desk.shop, {"P3"}, "P1", ())
    assert gone is not None
    assert (gone.because, gone.values["number"]) == (Because.PARCEL_COLLECTED, "P1")


def test_a_code_is_used_up_with_its_last_parcel(desk: Desk) -> None:
    here(desk, "P1")
    here(desk, "P2", shelf="A2")
    desk.do(HandOut(("P1",), CODE))
    assert [p.number for p in opened(desk.shop, CODE)] == ["P2"]
    desk.do(HandOut(("P2",), CODE))
    assert opened(desk.shop, CODE) == NOT_GOOD


@pytest.mark.parametrize("code", ["", "ffff" * 16, OTHER_CODE, "é"])
def test_every_code_that_opens_nothing_is_answered_alike(desk: Desk, code: str) -> None:
    here(desk, "P1")
    assert opened(desk.shop, code) == Refused(Because.CODE_NOT_GOOD, Then.ASK_CODE)


def test_a_new_code_takes_the_place_of_the_old_one(desk: Desk) -> None:
    here(desk, "P1")
    desk.do(IssueCode(("P1", "P1"), OTHER_CODE), HOUSE)
    assert opened(desk.shop, CODE) == NOT_GOOD
    desk.do(HandOut(("P1",), OTHER_CODE))


def test_the_wrong_parcel_is_stopped_and_nothing_is_handed_out(desk: Desk) -> None:
    here(desk, "P1")
    here(desk, "P2", OTHER_CODE, shelf="A2")
    assert desk.refused(HandOut(("P1", "P2"), CODE)) == Refused(
        Because.WRONG_PARCEL, Then.PUT_IT_BACK, {"number": "P2", "shelf": "A2"}
    )
    assert state(desk, "P1") is S.SHELVED


def test_a_parcel_scanned_twice_and_none_at_all(desk: Desk) -> None:
    here(desk, "P1")
    assert desk.refused(HandOut((), CODE)).because is Because.NOTHING_SCANNED
    twice = desk.refused(HandOut(("P1", "P1"), CODE))
    assert (twice.because, twice.values) == (Because.SCANNED_TWICE, {"number": "P1"})


def test_nothing_is_handed_out_twice(desk: Desk) -> None:
    here(desk, "P1")
    desk.do(HandOut(("P1",), CODE))
    refused = desk.refused(HandOut(("P1",), CODE))
    assert (refused.because, refused.then) == (Because.PARCEL_COLLECTED, Then.ASK_SUPERVISOR)


def test_a_parcel_without_a_code_is_not_opened_by_none(desk: Desk) -> None:
    here(desk, "P1", code="")
    assert not good_for(desk.shop.parcels["P1"], "")
    refused = desk.refused(HandOut(("P1",), "", ProofFact(code=True)))
    assert refused.values == {"proof": "code"}, "what is claimed of the code does not count"
    assert refused.then is Then.ASK_CODE


def test_the_carrier_s_rule_is_asked_in_order(desk: Desk) -> None:
    here(desk, "P1", carrier="gls")
    shown = ProofFact()
    assert desk.refused(HandOut(("P1",), CODE, shown)).values == {"proof": "name"}
    shown = replace(shown, name=True)
    assert desk.refused(HandOut(("P1",), CODE, shown)).values == {"proof": "signature"}
    desk.do(HandOut(("P1",), CODE, replace(shown, signature="ab" * 32)))


def test_a_carrier_without_a_rule_needs_a_supervisor_who_is_somebody_else(desk: Desk) -> None:
    here(desk, "P1", carrier="stranger")
    for approved_by in ("", "anna"):
        shown = ProofFact(approved_by=approved_by)
        refused = desk.refused(HandOut(("P1",), CODE, shown))
        assert (refused.then, refused.values) == (Then.ASK_SUPERVISOR, {"proof": "supervisor"})
    desk.do(HandOut(("P1",), CODE, ProofFact(approved_by="ben")))


def test_a_supervisor_who_hands_out_needs_no_other(desk: Desk) -> None:
    here(desk, "P1", carrier="stranger")
    (fact,) = desk.do(HandOut(("P1",), CODE), BEN)
    assert fact.proof.approved_by == "ben"


def test_a_rule_that_asks_nothing(desk: Desk) -> None:
    here(desk, "P1", carrier="free")
    desk.do(HandOut(("P1",)))


def test_somebody_else_may_collect_where_the_carrier_allows_it(desk: Desk) -> None:
    here(desk, "P1")
    here(desk, "P2", carrier="gls", shelf="A2")
    desk.do(HandOut(("P1",), CODE, proxy=True))
    assert desk.shop.parcels["P1"].proxy
    shown = ProofFact(name=True, signature="ab" * 32)
    refused = desk.refused(HandOut(("P2",), CODE, shown, proxy=True))
    assert (refused.because, refused.values) == (Because.PROXY_NOT_ALLOWED, {"carrier": "gls"})
    assert desk.refused(HandOut(("P2",), CODE, shown, proxy=True), BEN).then is Then.ASK_SUPERVISOR
    by_ben = replace(shown, approved_by="ben")
    assert isinstance(desk.ask(HandOut(("P2",), CODE, by_ben, proxy=True), BEN), tuple)
    desk.do(HandOut(("P2",), CODE, by_ben, proxy=True))


def test_age_and_document() -> None:
    rule = ProofRule(frozenset({Proof.AGE, Proof.DOCUMENT}), frozenset({Document.PASSPORT}), 16)
    desk = Desk(rules=replace(RULES, proofs={"dhl": rule}))
    here(desk, "P1")
    refused = desk.refused(HandOut(("P1",), CODE))
    assert refused.values == {"proof": "document", "documents": "passport"}
    card = ProofFact(document="id_card", matched=True)
    assert desk.refused(HandOut(("P1",), CODE, card)).values["proof"] == "document"
    unlike = ProofFact(document="passport", matched=False)
    assert desk.refused(HandOut(("P1",), CODE, unlike)).values["proof"] == "document"
    passport = ProofFact(document="passport", matched=True)
    young = desk.refused(HandOut(("P1",), CODE, passport))
    assert (young.then, young.values) == (Then.ASK_PROOF, {"proof": "age", "age": 16})
    desk.do(HandOut(("P1",), CODE, replace(passport, of_age=True)))


def test_what_the_recipient_does_not_want_goes_back(desk: Desk) -> None:
    here(desk, "P1")
    desk.do(RefuseOut("P1"))
    assert desk.shop.lying("") == {"P1"}
    refused = desk.refused(HandOut(("P1",), CODE))
    assert (refused.because, refused.then) == (Because.PARCEL_DECLINED, Then.STAGE_IT)
    desk.do(Stage("P1", "R1"))
    desk.do(HandOut(("P1",), CODE))  # and thought better of it


def test_an_expired_parcel_that_is_here_is_handed_out_until_it_went(desk: Desk) -> None:
    here(desk, "P1")
    here(desk, "P2")
    desk.wait(days=8)
    desk.do(Expire(), HOUSE)
    desk.do(HandOut(("P1",), CODE))
    desk.do(Stage("P2", "R1"))
    desk.do(ProvideContainer("K1", "TC1", "dhl", 5))
    desk.do(OpenContainer("K1"))
    desk.do(ContainParcel("P2", "K1"))
    desk.do(CloseContainer("K1", "TZ1"))
    locked = desk.refused(HandOut(("P2",), CODE))
    assert (locked.because, locked.then, locked.values) == (
        Because.CONTAINER_CLOSED,
        Then.REOPEN_CONTAINER,
        {"container": "K1"},
    )
    desk.do(ReopenContainer("K1", "its recipient came"))
    desk.do(HandOut(("P2",), CODE))
    assert not desk.shop.parcels_in("K1")


# The code itself


def test_a_code_is_held_as_a_keyed_hash() -> None:
    code = PickUpCode("ABCDEFGH")
    held = digest(code, b"pepper")
    assert held == "7ec07d7ddc9d15e2e6238edd7273c2aef3fbda3dbf04b0956109436741b0c5f1"
    assert held != digest(code, b"salt")
    assert held != digest(PickUpCode("ABCDEFGJ"), b"pepper")
    assert "ABCDEFGH" not in held
    assert good_for(Parcel("P1", code=held), held)


def test_wrong_tries_bar_for_a_while() -> None:
    limit, tries = Limit(tries=3, window=60, pause=100), Tries()
    for at in (0, 50, 70):  # the first one is too long ago by then
        assert may_try(tries, limit, at) is None
        tries = after_wrong(tries, limit, at)
    assert tries == Tries((50, 70))
    tries = after_wrong(tries, limit, 80)
    assert may_try(tries, limit, 81) == Refused(Because.TOO_MANY_TRIES, Then.WAIT, {"seconds": 99})
    assert may_try(tries, limit, 179) is not None
    assert may_try(tries, limit, 180) is None
    assert after_wrong(tries, limit, 181) == Tries((181,)), "and counts from nought"


# A carrier's rule as data


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ({"ask": ["none"]}, ProofRule(frozenset())),
        ({"ask": ["code"], "proxies": True}, ProofRule(frozenset({Proof.CODE}), proxies=True)),
        (
            {"ask": ["document", "age"], "documents": ["passport"], "age": 21},
            ProofRule(frozenset({Proof.DOCUMENT, Proof.AGE}), frozenset({Document.PASSPORT}), 21),
        ),
    ],
)
def test_a_rule_that_is_understood(data: object, rule: ProofRule) -> None:
    assert read_rule(data) == rule


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"ask": "code"},
        {"ask": [1]},
        {"ask": []},
        {"ask": ["code", "retina"]},
        {"ask": ["code", "none"]},
        {"ask": ["none", "retina"]},
        {"ask": ["code"], "documents": ["library_card"]},
        {"ask": ["code"], "documents": []},
        {"ask": ["code"], "documents": "passport"},
        {"ask": ["age"], "age": "18"},
        {"ask": ["age"], "age": True},
        {"ask": ["age"], "age": 0},
        {"ask": ["code"], "proxies": "no"},
        {"ask": ["code"], "unless": "sunday"},
    ],
)
def test_whatever_is_not_understood_asks_a_supervisor_besides(data: Any) -> None:
    rule = read_rule(data)
    assert Proof.SUPERVISOR in rule.asks
    assert not rule.proxies
    if isinstance(data, dict) and "code" in data.get("ask", ()) and data["ask"] != "code":
        assert Proof.CODE in rule.asks


def test_several_carriers_are_asked_together() -> None:
    rules = [rule_for(RULES.proofs, carrier) for carrier in ("gls", "dhl", "stranger")]
    assert asked_together(rules) == (Proof.CODE, Proof.NAME, Proof.SIGNATURE, Proof.SUPERVISOR)
    assert rule_for(RULES.proofs, "stranger") is SUPERVISED
    assert missing(SUPERVISED, ProofFact(approved_by="ben")) == ()
