"""The disk takes no more. What cannot be written down is not promised."""

from __future__ import annotations

from kiosk.domain.reasons import Why
from kiosk.flows.model import (
    Attract,
    Bagging,
    Items,
    OutOfService,
    Press,
    Receipt,
    Session,
    StaffCalled,
)
from kiosk.flows.turns import problem_of
from kiosk.ports import Trouble
from kiosk.store import StoreCause

SIX_MINUTES = 360.0


def test_at_the_moment_of_the_promise(kiosk, street) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.read_only(True)
    kiosk.hold_bag()
    called = kiosk.sees(StaffCalled)
    assert called.reason.why is Why.STORE_FAILED
    assert isinstance(called.resume, Bagging)  # the goods are still the shopper's
    assert kiosk.bags_held == []
    assert kiosk.core.store.failure.cause is StoreCause.READ_ONLY
    kiosk.read_only(False)  # staff freed it
    kiosk.hold_nothing()
    kiosk.press(Press.BACK)
    kiosk.sees(Bagging)
    kiosk.put_away()
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert len(street.drops) == 1
    kiosk.is_whole()


def test_while_nobody_is_there(kiosk, street, clock) -> None:
    """The screen says so before anybody packs a bag; and the kiosk comes back by itself."""
    kiosk.read_only(True)
    clock.later(SIX_MINUTES)
    kiosk.core._look_now.set()  # in the shop within twenty seconds
    kiosk.until(lambda s: isinstance(s.screen, OutOfService), "no service")
    assert kiosk.session.screen == OutOfService(Trouble.STORE_FAILED)
    kiosk.read_only(False)
    kiosk.core._look_now.set()
    kiosk.sees(Attract)
    kiosk.hold_return("simple")
    kiosk.sees(Items)


def test_a_return_held_up_before_anybody_noticed(kiosk) -> None:
    kiosk.read_only(True)
    kiosk.hold_return("simple")
    kiosk.until(_says_that_the_disk_fails, "an answer to the code, or no service before it")
    kiosk.read_only(False)
    assert kiosk.drops == []


def _says_that_the_disk_fails(session: Session) -> bool:
    """To whoever holds up a code, or, where something else was to be written first, to all."""
    problem = problem_of(session.screen)
    told = problem is not None and problem.why is Why.STORE_FAILED
    return told or session.screen == OutOfService(Trouble.STORE_FAILED)


def test_a_full_disk_gives_up_its_ballast_for_the_visit_that_runs(kiosk, street) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.core.store._database.ballast.release()  # what a full disk makes the store do
    kiosk.core._look_now.set()
    kiosk.knows(Trouble.STORE_FULL)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert len(street.drops) == 1
