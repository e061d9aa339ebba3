"""Without rules, or with rules that are too old, nothing is accepted; nobody is left guessing."""

from __future__ import annotations

from datetime import timedelta

from kiosk.domain.reasons import Why
from kiosk.flows.model import Attract, Items, OutOfService, Press, Receipt
from kiosk.ports import Trouble

HOUR = 3600.0


def test_none_yet_because_the_centre_was_never_reached(install, street) -> None:
    kiosk = install("K2")
    street.goes_down()
    kiosk.open()
    assert kiosk.sees(OutOfService).trouble is Trouble.POLICY_MISSING
    kiosk.hold_return("simple")
    street.comes_back()
    kiosk.until(lambda s: isinstance(s.screen, (Attract, Items)), "service")
    assert kiosk.session.service.policy_number == street.sample.policy_number
    kiosk.sees(Items)  # what is still held up is read as soon as it can be judged
    assert kiosk.events("policy.activated") == [
        {"number": street.sample.policy_number, "previous": 0}
    ]
    assert kiosk.drops[0][0] in ("open", "decided")
    kiosk.is_whole()


def test_rules_that_grow_old_warn_and_then_stop(kiosk, street, clock) -> None:
    street.goes_down()
    kiosk.knows(Trouble.OFFLINE)
    clock.later(25 * HOUR)
    kiosk.core._look_now.set()  # in the shop within twenty seconds
    kiosk.knows(Trouble.POLICY_STALE)
    assert isinstance(kiosk.session.screen, Attract)
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)  # still taken, for confirmation later
    kiosk.hold_nothing()
    kiosk.go_home()

    clock.later(48 * HOUR)
    kiosk.core._look_now.set()
    assert kiosk.until(lambda s: isinstance(s.screen, OutOfService), "no service").screen == (
        OutOfService(Trouble.POLICY_EXPIRED)
    )
    number = street.publish()
    street.comes_back()
    kiosk.until(lambda s: isinstance(s.screen, Attract), "service again")
    assert kiosk.session.service.policy_number == number
    kiosk.all_sent()
    assert len(street.drops) == 1
    assert [e["number"] for e in kiosk.events("policy.activated")] == [1, number]
    kiosk.is_whole()


def test_rules_that_end_between_the_items_and_the_bag_promise_nothing(kiosk, street, clock) -> None:
    street.goes_down()
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    clock.wall += timedelta(hours=73)  # the screen's own patience has not run out
    kiosk.hold_bag()
    kiosk.hears(Why.POLICY_EXPIRED)
    assert kiosk.bags_held == []
    assert kiosk.events("drop.committed") == []


def test_setting_the_date_back_revives_no_rules(kiosk, street, clock) -> None:
    street.goes_down()
    clock.set_wall(timedelta(hours=73))
    kiosk.core._look_now.set()
    kiosk.sees(OutOfService)
    clock.set_wall(timedelta(hours=-73))
    kiosk.core._look_now.set()
    kiosk.knows(Trouble.CLOCK_JUMPED)
    assert kiosk.session.screen == OutOfService(Trouble.POLICY_EXPIRED)
    street.comes_back()
    clock.later(2 * HOUR)  # a bundle of today outlives the highest time that was ever seen
    number = street.publish()
    kiosk.until(lambda s: s.service.policy_number == number, "the new bundle")
    kiosk.sees(Attract)


def test_a_bundle_that_nobody_signed_leaves_the_old_one_in_force(kiosk, street) -> None:
    """What stands in the centre's database is not what the kiosk believes; the signature is."""
    before = kiosk.session.service.policy_number
    street.tamper_with_the_next_bundle()
    assert kiosk.until_recorded("policy.rejected")["cause"] == "bad_signature"
    assert kiosk.core.store.policy.number == before
    kiosk.hold_return("simple")
    assert kiosk.sees(Items).drop.policy_number == before
    kiosk.all_sent()
    assert len(street.told("policy.rejected")) >= 1
