"""Bundles that must not be believed, or come at the wrong moment, in a whole kiosk."""

from __future__ import annotations

import pytest

from kiosk.flows.model import Items, Press, Receipt
from sync.central import demo
from tests.misfortune.street import IDS
from tests.sync.forging import Forger


@pytest.fixture
def forger(street):
    key = demo.load_key(street.folder / "keys" / "bundle.key", "demo-bundle-1", IDS)
    return Forger(street, street.sample.policy_number + 1, key, street.sample.tenant)


def bomb(forger):
    forger.plant(forger.policy(), forger.raw(b'{"return_id":"' + b"0" * (64 << 20)))


def for_another_kiosk(forger):
    forger.plant(scope="device/another")


def cut_short(forger):
    forger.put(forger.envelope_of(forger.number - 1)[:-9])


@pytest.mark.parametrize(
    ("forge", "cause"),
    [(bomb, "bomb"), (for_another_kiosk, "wrong_scope"), (cut_short, "unreadable")],
    ids=["bomb", "for another kiosk", "cut short"],
)
def test_a_bad_bundle_is_refused_and_shoppers_notice_nothing(kiosk, street, forger, forge, cause):
    before = kiosk.session.service.policy_number
    forge(forger)
    assert kiosk.until_recorded("policy.rejected")["cause"] == cause
    kiosk.hold_return("simple")
    assert kiosk.sees(Items).drop.policy_number == before
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert [one["policy_number"] for one in street.drops] == [before]
    assert len(street.told("policy.rejected")) == 1
    kiosk.is_whole()


def test_new_rules_wait_for_the_next_shopper(kiosk, street):
    before = kiosk.session.service.policy_number
    kiosk.hold_return("simple")
    assert kiosk.sees(Items).drop.policy_number == before
    number = street.publish()
    kiosk.eventually(lambda: kiosk.core.store.policy.number == number, "the new bundle")
    kiosk.press(Press.ALL_HERE)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    [told] = kiosk.events("drop.committed")
    assert told["policy_number"] == before
    kiosk.hold_nothing()
    kiosk.go_home()
    kiosk.hold_return("fee")
    assert kiosk.sees(Items).drop.policy_number == number
    kiosk.is_whole()
