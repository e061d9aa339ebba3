"""Why a verdict came so, on the drop's page: the steps, what differs, and what cannot be told."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from kiosk.words import words
from sync.central import policy, recheck
from sync.central.policy.versions import Lacks
from sync.central.recheck.why import why
from sync.central.tables import cases, events
from tests.sync.conftest import BUNDLE_KEY, TENANT
from tests.sync.exports.world import drop_row, put
from tests.sync.judged import settled
from tests.sync.test_case_pages import sits

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LANGUAGES = sorted(words("en").languages())
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def told(centre, kiosk):
    """Honest drops of bundle 1 that their kiosk told the centre of."""
    found = settled(centre, 40)
    policy.publish(centre.database, centre.clock, TENANT, BUNDLE_KEY)
    return found


@pytest.fixture
def desk(centre):
    made = sits(centre, "ada")
    yield made
    made.browser.close()


def tell(kiosk, *facts):
    kiosk.push(*(kiosk.record(fact) for fact in facts))


def asked(centre, fact, merchant=""):
    return why(centre.database, TENANT, fact.drop_id, merchant)


def change(centre, drop_id, how):
    """The kiosk's record of a drop, told otherwise."""
    (row,) = centre.rows(events, subject=drop_id)
    body = how(json.loads(row["body"]))
    centre.database.write(
        lambda c: c.execute(
            events.update().where(events.c.id == row["id"]).values(body=json.dumps(body))
        )
    )


def dearer(fact):
    place = next(n for n, line in enumerate(fact.lines) if line.brought)
    line = replace(fact.lines[place], refund=fact.lines[place].refund + 100)
    return replace(fact, lines=(*fact.lines[:place], line, *fact.lines[place + 1 :]))


def test_a_drop_is_told_again_to_its_own_people_alone(centre, kiosk, told):
    first, other = told[0], next(one for one in told if one.merchant_id != told[0].merchant_id)
    tell(kiosk, first, other)
    assert asked(centre, first).told.judged
    assert asked(centre, first, first.merchant_id).fact == first
    assert asked(centre, first, other.merchant_id) is None
    assert why(centre.database, "rival", first.drop_id) is None
    assert why(centre.database, TENANT, "nothing") is None
    row = drop_row(1, kiosk.device_id, at=centre.clock.now())  # its event is not here
    put(centre.database, row)
    found = why(centre.database, TENANT, row["drop_id"])
    assert (found.fact, found.told, found.bundle) == (None, None, row["policy_number"])


def test_what_cannot_be_told_is_said_and_not_guessed(centre, kiosk, told, desk):
    facts = [
        replace(told[0], policy_number=99),
        replace(told[1], merchant_id="nobody"),
        told[2],
        told[3],
    ]
    tell(kiosk, *facts)
    change(centre, facts[2].drop_id, lambda body: {"data": {"drop_id": 7}})
    change(
        centre,
        facts[3].drop_id,
        lambda body: {**body, "data": {**body["data"], "facts": {}}},
    )
    found = [asked(centre, fact) for fact in facts]
    assert [one.told for one in found[:3]] == [Lacks.BUNDLE, Lacks.SHOP, None]
    assert found[2].fact is None
    assert (found[3].told.judged, found[3].told.lines) == (False, ())
    says = [read(desk, one.drop_id) for one in facts]
    assert "The rules of bundle 99 were not kept" in says[0]
    assert "At the centre bundle 1 has no rules of this shop" in says[1]
    assert "cannot be read, so the steps of its verdict cannot be told" in says[2]
    assert "the kiosk that took it has another version" in says[3]
    for fact, said in zip(facts, says, strict=True):
        rules = [line.rule_ids[0] for line in fact.lines if line.brought]
        assert (rules[0] in said) is (fact is not facts[2])


def test_a_difference_is_shown_side_by_side_and_reached_from_its_case(centre, kiosk, told, desk):
    wrong = dearer(told[4])
    tell(kiosk, wrong)
    assert recheck.run(centre.database, centre.clock, TENANT).opened == 1
    (case,) = centre.rows(cases)
    assert f"/drops/{wrong.drop_id}/why" in desk.get(f"/cases/{case['case_id']}")
    assert f"/drops/{wrong.drop_id}/why#line-1" in desk.get(f"/drops/{wrong.drop_id}")
    said = read(desk, wrong.drop_id)
    assert "and comes to something else. The shopper was promised what the kiosk said." in said
    assert "The same rules spoke. They differ first in what follows: Refund." in said
    both = [one for one in asked(centre, wrong).told.lines if one.parting]
    (line,) = both
    ours, theirs = line.parting.centre, line.parting.kiosk
    money = "Refund €{:.2f} €{:.2f}"
    assert money.format(theirs / 100, ours / 100) in said


def test_every_step_is_told_in_the_readers_language(centre, kiosk, told, desk):
    """Each rule of the shop stands there once a line, by name; sentences are in the language."""
    tell(kiosk, told[0])
    again = asked(centre, told[0]).told
    seen = set()
    for language in LANGUAGES:
        said = read(desk, told[0].drop_id, language)
        assert words(language).t("Why this verdict?") in said
        for line in again.lines:
            for one in line.steps:
                assert one.step.rule_id in said or one.step.rule_id == "authorised-quantity"
        seen.add(said)
    assert len(seen) == len(LANGUAGES)


def read(desk, drop_id, language="en"):
    """What stands on the page, without its tags."""
    page = desk.get(f"/drops/{drop_id}/why", language)
    return re.sub(r"[ \n]+", " ", TAGS.sub(" ", html.unescape(page)))
