"""Whatever happens at the counter, in whatever order: no step breaks, and what must hold holds."""

from __future__ import annotations

import pytest

from kiosk.domain.staff.people import Member
from kiosk.flows.counter.model import Chosen, Ready, Session, Typed
from kiosk.flows.counter.states.desk import ChoosePin, OutOfService, Overriding, SignIn
from kiosk.flows.counter.step import initial, step
from kiosk.flows.counter.turns import tiles
from tests.flows.counter.conftest import TIMING
from tests.flows.counter.fake_desk import TEAM
from tests.flows.counter.walks import PINS, events, shop_with_everything, walked


def holds(session: Session) -> None:
    """What is so at every moment."""
    who = session.staff.session
    if who is None:
        assert isinstance(session.screen, SignIn | OutOfService)
        assert (session.name, session.undo) == ("", None)
    waiting = {aside.job for aside in session.staff.aside}
    assert {name for name in session.kept if "/" in name} <= waiting
    assert who is not None or all("/" in name or "+" in name for name in session.kept)
    told = repr(session)
    assert not [pin for pin in PINS if pin in told]
    for kept in session.kept.values():
        assert not isinstance(kept, SignIn | ChoosePin)
        assert not isinstance(kept, Overriding) or (kept.pin, kept.badge) == ("", "")


@pytest.mark.parametrize("seed", range(12))
def test_no_day_breaks_it(seed: int) -> None:
    desk = shop_with_everything()
    for session in walked(desk, seed, 150):
        holds(session)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 300))
def test_no_long_day_breaks_it(seed: int) -> None:
    desk = shop_with_everything()
    for session in walked(desk, seed, 600):
        holds(session)


@pytest.mark.parametrize("seed", range(4))
def test_what_means_nothing_changes_nothing(seed: int) -> None:
    """The very same object: a double touch never does a thing twice."""
    desk = shop_with_everything()
    session = step(initial(TIMING), Ready(), desk, TIMING)
    for event in events(seed, 100):
        if isinstance(event, float):
            desk.wait(seconds=event)
            continue
        session = step(session, event, desk, TIMING)
        # The first touch of a second is noted, and the roster asked; then nothing is left to do.
        session = step(session, Chosen("no such thing"), desk, TIMING)
        assert step(session, Chosen("no such thing"), desk, TIMING) is session
        assert step(session, Typed(""), desk, TIMING) is session


@pytest.mark.parametrize("member", TEAM.members, ids=lambda member: member.staff_id)
def test_tiles_are_what_the_shop_says(new_shift, member: Member) -> None:
    shift = new_shift(shop_with_everything())
    shift.sign_in(member)
    assert shift.session.tiles == tiles(shift.desk.shop())
    assert shift.session.tiles.to_shelve == 2
    assert shift.session.tiles.help == 1
