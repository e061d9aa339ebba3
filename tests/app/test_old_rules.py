"""Rules that grow old, from the bundle's dates to what the shopper reads: a warning and tighter
limits first, then nothing without staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.app.service import service
from kiosk.domain.policy.model import Outcome
from kiosk.domain.reasons import Why
from kiosk.domain.visit import OpenDrop, Rejected
from kiosk.flows.model import Attract, Items, OutOfService, Session
from kiosk.ports import Service, Trouble
from kiosk.words import words
from ui.screens import shown

SAY = words("en")
CAP = {
    "rule": "value",
    "id": "cap",
    "limit": 4000,
    "currency": "EUR",
    "per": "return",
    "then": "review",
    "when": {"offline": True},
}
RULES = {
    "shoes": (
        {"rule": "allow", "id": "all"},
        CAP,
        {"rule": "bundle_age", "id": "two-days", "hours": 48},
    )
}


@pytest.fixture
def old(ready):
    """The kiosk online, under a bundle that came so many hours ago."""
    ready.install(2, rules=RULES)

    def after(hours):
        ready.clock.pass_time(timedelta(hours=hours))
        return ready

    return after


def verdict(ready):
    drop = ready.drop_off.check("visit", ready.code(1))
    assert isinstance(drop, OpenDrop), drop
    return drop, drop.items[0].decision


def troubles(ready):
    return service(ready.store, ready.clock.now(), online=True)


@pytest.mark.parametrize("hours", [0, 23.9])
def test_fresh_rules_take_what_they_say_without_a_word(old, hours):
    ready = old(hours)
    _, decision = verdict(ready)
    assert decision.outcome is Outcome.ACCEPT
    assert troubles(ready) == frozenset()


@pytest.mark.parametrize("hours", [24, 48])
def test_stale_rules_warn_and_their_limits_for_kiosks_without_a_line_hold(old, hours):
    """Also where the line is up: what the centre knows has not come for a day."""
    ready = old(hours)
    drop, decision = verdict(ready)
    assert decision.outcome is Outcome.REVIEW
    assert "cap" in decision.rule_ids
    assert troubles(ready) == {Trouble.POLICY_STALE}
    [first, *_] = shown(Session(Items(drop)), SAY).props["lines"]
    assert SAY.reason(decision.reason) in first["detail"]


def test_a_small_return_is_taken_under_stale_rules(old):
    ready = old(30)
    drop = ready.drop_off.check("visit", ready.code(2))
    assert [item.decision.outcome for item in drop.items] == [Outcome.ACCEPT]


def test_a_rule_about_the_bundles_age_counts_from_its_day_of_issue(old):
    ready = old(49)
    drop, decision = verdict(ready)
    assert decision.outcome is Outcome.STAFF
    assert decision.reason.why is Why.POLICY_OLD
    assert decision.reason.values == {"hours": 48}
    [first, *_] = shown(Session(Items(drop)), SAY).props["lines"]
    assert SAY.reason(decision.reason) in first["detail"]


def test_a_visit_that_stands_while_rules_grow_stale_is_judged_by_the_limits(old):
    ready = old(23)
    drop, decision = verdict(ready)
    assert decision.outcome is Outcome.ACCEPT
    ready.clock.pass_time(timedelta(hours=2))
    again = ready.drop_off.reconsider(drop, drop.items[0])
    assert again.items[0].decision.outcome is Outcome.REVIEW


def test_the_clock_set_back_makes_no_rules_young_again(old):
    ready = old(30)
    assert troubles(ready) == {Trouble.POLICY_STALE}
    ready.clock.wall -= timedelta(hours=29)
    _, decision = verdict(ready)
    assert decision.outcome is Outcome.REVIEW
    assert Trouble.POLICY_STALE in troubles(ready)


def test_expired_rules_take_nothing_and_the_screen_sends_to_staff(old):
    ready = old(72)
    refused = ready.drop_off.check("visit", ready.code(1))
    assert isinstance(refused, Rejected)
    assert refused.reason.why is Why.POLICY_EXPIRED
    assert troubles(ready) == {Trouble.POLICY_EXPIRED}
    props = shown(Session(OutOfService(Trouble.POLICY_EXPIRED)), SAY).props
    assert props["title"] == "The return rules of this kiosk are too old."
    assert props["subtitle"] == SAY.trouble_step(Trouble.POLICY_EXPIRED)


def test_the_next_bundle_ends_it_all(old):
    ready = old(80)
    ready.install(3, rules=RULES)
    _, decision = verdict(ready)
    assert decision.outcome is Outcome.ACCEPT
    assert troubles(ready) == frozenset()


def test_the_first_screen_tells_of_stale_rules(old):
    ready = old(25)
    session = Session(Attract(), service=Service(troubles(ready)))
    [notice] = shown(session, SAY).props["notices"]
    assert notice["text"] == "This kiosk waits for newer return rules."
    both = replace(session, service=Service(troubles(ready) | {Trouble.OFFLINE}))
    [notice] = shown(both, SAY).props["notices"]  # no line is why, and more to the point
    assert notice["text"] == SAY.trouble(Trouble.OFFLINE)
