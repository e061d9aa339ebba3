"""The verdict check at the centre: honest drops open nothing, each planted difference one case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.policy.rules import build
from sync.central import policy, recheck
from sync.central.cases import Kind
from sync.central.cases.evidence import read
from sync.central.recheck import rules, running
from sync.central.tables import cases, drops
from tests.sync.conftest import BUNDLE_KEY, TENANT
from tests.sync.judged import settled


@pytest.fixture
def told(centre, kiosk):
    """Honest drops of many shops, as their kiosk told them."""
    found = settled(centre, 120)
    made = policy.publish(centre.database, centre.clock, TENANT, BUNDLE_KEY)
    assert made.number == 1
    assert len(found) > 20
    return found


def tell(kiosk, facts):
    kiosk.push(*(kiosk.record(fact) for fact in facts))


def run(centre):
    return recheck.run(centre.database, centre.clock, TENANT)


def test_honest_drops_open_nothing_and_are_looked_at_once(centre, kiosk, told):
    tell(kiosk, told)
    first = run(centre)
    assert first.results == {"same": len(told)}
    assert centre.rows(cases) == []
    assert {row["verdict_check"] for row in centre.rows(drops)} == {"same"}
    assert run(centre).drops == 0


def test_each_planted_difference_opens_exactly_one_case(centre, kiosk, told):
    wrong = {3, 8, 13}
    planted = [_dearer(fact) if place in wrong else fact for place, fact in enumerate(told)]
    tell(kiosk, planted)
    assert run(centre).opened == len(wrong)
    found = {row["subject"]: row for row in centre.rows(cases)}
    assert set(found) == {told[place].drop_id for place in wrong}
    for place in wrong:
        case = found[told[place].drop_id]
        evidence = read(case["evidence"])
        assert (case["kind"], case["site"]) == (Kind.VERDICT_DIFFERS, "Street 1")
        assert case["amount"] == 100
        assert evidence.sides == ("kiosk", "centre")
        assert [(one.what, one.first - one.second) for one in evidence.compared] == [
            ("refund", 100)
        ]
        assert evidence.receipts == (told[place].drop_number,)
        assert evidence.numbers == {"bundle": 1}
    recheck.again(centre.database, TENANT)
    again = run(centre)
    assert (again.drops, again.opened, again.settled) == (len(told), 0, 0)
    assert len(centre.rows(cases)) == len(wrong)


def _dearer(fact):
    place = next(n for n, line in enumerate(fact.lines) if line.brought)
    line = replace(fact.lines[place], refund=fact.lines[place].refund + 100)
    return replace(fact, lines=(*fact.lines[:place], line, *fact.lines[place + 1 :]))


def test_a_mended_centre_settles_what_it_was_wrong_about(centre, kiosk, told, monkeypatch):
    tell(kiosk, told[:4])
    with monkeypatch.context() as broken:
        broken.setattr(rules, "build", _never)
        assert run(centre).opened > 0
    recheck.again(centre.database, TENANT)
    mended = run(centre)
    assert mended.settled == len(centre.rows(cases)) > 0
    assert {row["resolution"] for row in centre.rows(cases)} == {"cause_gone"}


def _never(_spec):
    return build({"rule": "window", "id": "w", "days": 0})


def test_without_the_bundles_rules_nobody_guesses(centre, kiosk, told):
    unknown = [replace(told[0], policy_number=99), replace(told[1], merchant_id="nobody")]
    tell(kiosk, unknown)
    assert run(centre).results == {"no_rules": 2}
    assert [row["verdict_check_why"] for row in centre.rows(drops)] == [
        f"bundle 99, {told[0].merchant_id}",
        "bundle 1, nobody",
    ]
    assert centre.rows(cases) == []


def test_pages_cover_all_and_a_run_can_be_short(centre, kiosk, told, monkeypatch):
    monkeypatch.setattr(running, "PAGE", 7)
    tell(kiosk, told)
    short = recheck.run(centre.database, centre.clock, TENANT, 2)
    assert (short.drops, short.more) == (14, True)
    rest = run(centre)
    assert (rest.drops, rest.more) == (len(told) - 14, False)


def test_only_what_came_since_is_looked_at_again(centre, kiosk, told, clock):
    tell(kiosk, told[:3])
    run(centre)
    clock.advance(days=2)
    tell(kiosk, told[3:5])
    run(centre)
    assert recheck.again(centre.database, TENANT, clock.now() - timedelta(days=1)) == 2
    assert run(centre).drops == 2
