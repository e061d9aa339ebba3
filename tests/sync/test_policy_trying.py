"""A draft on past drops: what would have come out otherwise, and what nobody can know."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from kiosk.domain.events import DropRefused
from sync.central.audit import Actor
from sync.central.policy import trials, trying, versions
from sync.central.policy.drafts import Coming
from sync.central.policy.reading import Reading
from sync.central.policy.versions import Kept, Version
from tests.sync.conftest import TENANT
from tests.sync.judged import settled

ADA = Actor(TENANT, "ada")
NONE_AT_ALL = ({"rule": "staff", "id": "ask-somebody"},)


@pytest.fixture
def past(centre, kiosk):
    """Drops of many shops, each by its shop's rules; and the rules."""
    facts = settled(centre, 80)
    kiosk.push(*(kiosk.record(fact) for fact in facts))
    with centre.database.reading() as c:
        return facts, versions.standing(c, TENANT)


def tried(centre, version: Version, names=None, **more) -> trying.Report:
    names = frozenset(version.shops if names is None else names)
    return trying.try_on(
        centre.database, centre.clock, TENANT, version, names, more.pop("days", 30), **more
    )


def strict(version: Version) -> Version:
    """Where nothing is taken any more."""
    shops = {
        name: Kept(merchant=one.merchant, rules=NONE_AT_ALL) for name, one in version.shops.items()
    }
    return Version(shops=shops)


def brought(facts) -> list:
    return [line for fact in facts for line in fact.lines if line.brought and line.outcome]


def test_the_rules_that_were_in_force_change_nothing(centre, past):
    facts, version = past
    told = tried(centre, version)
    assert (told.drops, told.looked, told.every) == (len(facts), len(facts), 1)
    assert (told.same, told.changed, told.asked) == (len(brought(facts)), 0, 0)
    assert told.money == {}


def test_every_item_and_every_cent_that_would_change_is_told(centre, past):
    facts, version = past
    told = tried(centre, strict(version))
    lines = brought(facts)
    lost: Counter[str] = Counter()
    for line in lines:
        lost[line.currency] -= line.refund + line.bonus
    assert told.changed + told.same == len(lines)
    assert told.same <= 1  # what had been brought before was refused then, and would be
    assert told.changed > 20
    assert {name: minor for name, minor in told.money.items() if minor} == dict(lost)
    assert {after for _, _, after, _ in told.ways} == {"staff"}
    weights = [one.weight for one in told.worst]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == max(line.refund + line.bonus for line in lines)
    assert {one.drop_id for one in told.worst} <= {fact.drop_id for fact in facts}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestWhich:
    def test_other_shops_and_older_drops_are_none_of_it(self, centre, past):
        facts, version = past
        name = facts[0].merchant_id
        mine = [fact for fact in facts if fact.merchant_id == name]
        told = tried(centre, strict(version), [name])
        assert told.changed + told.same == len(brought(mine))
        centre.clock.advance(days=31)
        assert tried(centre, strict(version)).drops == 0

    def test_of_many_every_so_manieth_is_looked_at(self, centre, past):
        facts, version = past
        told = tried(centre, version, most=10)
        assert told.every == -(-len(facts) // 10)
        assert told.looked == -(-len(facts) // told.every)
        assert told.drops == len(facts)

    def test_what_was_refused_counts_as_well(self, centre, kiosk, past):
        facts, version = past
        one = next(fact for fact in facts if len(brought([fact])) == 1)
        [line] = brought([one])
        refused = replace(line, outcome="refuse", refund=0, bonus=0, state="refused")
        told = DropRefused("D-9", "V-9", one.return_id, one.merchant_id, 1, (refused,), one.facts)
        kiosk.push(kiosk.record(told))
        found = tried(centre, version)
        assert found.changed + found.asked + found.untold >= 1
        assert found.drops == len(facts) + 1

    def test_a_record_that_kept_no_facts_is_told_apart(self, centre, kiosk, past):
        facts, version = past
        old = replace(facts[0], drop_id="D-old", facts={}, return_id="R-old")
        kiosk.push(kiosk.record(old))
        assert tried(centre, version).untold == len(brought([old]))

    def test_it_is_done_aside_and_kept(self, centre, past):
        _, version = past
        coming = Coming(Reading(()), version, strict(version))
        args = (centre.database, centre.clock, ADA, "d" * 64, coming, 30)
        assert trials.start(*args, wait_s=60)
        with centre.database.reading() as c:
            kept = trials.load(c, TENANT, centre.clock.now())
        assert (kept.state, kept.days, kept.began_by) == ("done", 30, "ada")
        assert kept.report == tried(centre, strict(version))
        assert trials.start(*args, wait_s=60)

    def test_one_whose_worker_died_hinders_nobody_for_long(self, centre, past):
        _, version = past
        coming = Coming(Reading(()), version, version)
        row = {"tenant": TENANT, "digest": "x", "days": 7, "state": "running", "began_by": "bob"}
        table = trials.policy_trials
        now = centre.clock.now()
        centre.database.write(lambda c: c.execute(table.insert(), {**row, "began_at": now}))
        args = (centre.database, centre.clock, ADA, "d" * 64, coming, 30)
        assert not trials.start(*args, wait_s=60)
        centre.clock.advance(minutes=6)
        with centre.database.reading() as c:
            assert trials.load(c, TENANT, centre.clock.now()).state == "failed"
        assert trials.start(*args, wait_s=60)
