"""Whatever is scanned, touched, typed and drawn at a counter, in any order and without a pause: no
step breaks, there is always a way back, nothing is handed out twice, all of it reaches the centre,
and no secret stands where somebody could read it."""

from __future__ import annotations

import random
import re
from collections import Counter as Count
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.codes import container_code, pick_up_code, seal_code
from kiosk.domain.codes.pick_up import parse_pick_up
from kiosk.domain.codes.round import round_code
from kiosk.domain.codes.shelf import shelf_code
from kiosk.domain.counter import pick_up
from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.invariants import broken
from kiosk.domain.counter.parcel_facts import ParcelAnnounced, ParcelCollected
from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Drawn,
    Heard,
    Key,
    LanguageChosen,
    OfVisit,
    Pressed,
    Tick,
    Typed,
    Written,
)
from kiosk.flows.counter.states.desk import Home, SignIn
from kiosk.flows.model import Press
from kiosk.flows.model import Pressed as VisitPressed
from kiosk.ports import HintKind, ScanHint, Scanned, Symbology
from tests.misfortune.counter_shop import (
    NAME,
    PIN,
    CounterShop,
    Person,
    from_the_centre,
    told_at_the_centre,
    ups,
)
from tests.misfortune.street import Street, eventually

SITE, PARCELS = "Demo street 1", 12
NUMBERS = tuple(f"JJD{at:017d}" for at in range(PARCELS))
CODES = tuple(pick_up_code(at * 7919 + 1) for at in range(PARCELS))
PINS = (PIN, "730915")
PAUSE, BARRED = 100, pick_up.Limit().pause + 1.0
"""After so many throws everybody waits until codes may be tried again: wrong ones bar them."""
JUNK = (
    "",
    " ",
    "\x00\x1b[2J",
    "A" * 5000,
    "RKP:",
    "RK1:X",
    "https://example.com/?a=1",
    "]C1" + "0" * 40,
    "\u202e0471",
    "ü" * 300,
    "'; DROP TABLE events; --",
)


@pytest.fixture
def shop(street: Street, tmp_path: Path) -> Iterator[CounterShop]:
    made = CounterShop.enrolled(street, SITE, tmp_path / "C1", "C1")
    made.open().has_its_book()
    yield made
    made.leaving.set()
    made.stop()


def announced(shop: CounterShop) -> None:
    ((_, pepper),) = shop.desk.premises.peppers
    facts = [
        ParcelAnnounced(
            number, "DHL", "small", "somebody", pick_up.digest(parse_pick_up(code), pepper)
        )
        for number, code in zip(NUMBERS, CODES, strict=True)
    ]
    from_the_centre(shop.street, SITE, facts)
    eventually(lambda: len(shop.shop.parcels) == PARCELS, "what was announced")


class Dice:
    """Whole jobs, pieces of them and nonsense, thrown together."""

    def __init__(self, shop: CounterShop, seed: int) -> None:
        self._dice, self._shop = random.Random(seed), shop
        cards = shop.street.sample.staff[:2]
        self._people = list(zip((card.badge for card in cards), PINS, strict=True))
        visit = shop.street.sample.find("simple").signed_code
        self._codes = (
            *NUMBERS,
            *CODES,
            *JUNK,
            visit,
            *(ups(at) for at in range(6)),
            *(shelf_code(name) for name in ("A1", "A2", "NOWHERE")),
            *(container_code(at) for at in range(1, 4)),
            *(seal_code(at) for at in range(1, 4)),
            round_code("DHL", "DHL-1", PARCELS, 0),
            round_code("UPS", "UPS-1", 0, None),
            round_code("nobody", "X", 0, None),
            "RKB:made-up",
        )

    def throw(self) -> Iterator[CounterEvent]:
        dice = self._dice
        match dice.randrange(12):
            case 0:
                badge, pin = dice.choice(self._people)
                yield self.scan(badge)
                yield from map(Typed, pin)
                yield Pressed(Key.SUBMIT)
            case 1:
                at = dice.randrange(PARCELS)
                yield self.scan(CODES[at])
                yield self.scan(NUMBERS[at])
                yield from self._proof()
            case 2:
                yield self.scan(dice.choice(NUMBERS))
                yield self.scan(shelf_code(dice.choice(("A1", "A2"))))
            case 3:
                yield self.scan(round_code("UPS", "UPS-1", 0, None))
                yield Pressed(Key.READY)
                yield Drawn(NAME)
                yield Pressed(Key.DONE)
            case 4:
                yield self.scan(container_code(dice.randrange(1, 4)))
                yield Chosen("UPS")
                yield self.scan(ups(dice.randrange(6)))
                yield self.scan(seal_code(dice.randrange(1, 4)))
            case 5 | 6 | 7:
                yield self.scan(dice.choice(self._codes))
            case 8 | 9:
                yield Pressed(dice.choice(tuple(Key)))
            case 10:
                yield from (Pressed(Key.BACK), Pressed(Key.BACK))
            case _:
                yield self._odd()

    def scan(self, text: str) -> Scanned:
        return Scanned(text, text.encode(), Symbology.QR, "", "gun", 0.0)

    def _proof(self) -> Iterator[CounterEvent]:
        yield from (Pressed(Key.SHOWN), Chosen("passport"), Pressed(Key.SHOWN))
        yield from (Drawn(NAME), Pressed(Key.DONE), Pressed(Key.DONE))

    def _odd(self) -> CounterEvent:
        dice = self._dice
        return dice.choice(
            (
                Typed(dice.choice("0123456789aA-\x00é ")),
                Chosen(dice.choice(("", "DHL", "A1", "passport", "x" * 999, *NUMBERS[:2]))),
                Written(dice.choice(("", "\x07" * 40, "a note", "y" * 4000))),
                Drawn(dice.choice((NAME, (), ((-5, 9000),), NAME * 400))),
                LanguageChosen(dice.choice(("de", "en", "xx"))),
                OfVisit(VisitPressed(dice.choice(tuple(Press)))),
                ScanHint(HintKind.CLOSER, "gun", 0.0),
                Heard(),
                Tick(),
            )
        )


def hammer(shop: CounterShop, seed: int, throws: int) -> None:
    announced(shop)
    street = shop.street
    for card in street.sample.staff[:2]:
        shop.sign_in(Person(card))
    dice, post = Dice(shop, seed), shop.core.profile.post
    for number in range(throws):
        for event in dice.throw():
            post(event)
        if number % 20 == 0:
            street.clock.later(BARRED if number % PAUSE == PAUSE - 20 else 1.0)
        if number == throws // 3:
            street.goes_down()
        if number == 2 * throws // 3:
            street.comes_back()
    finished(shop)
    a_way_back(shop)
    adds_up(shop)
    keeps_secrets(shop)


def finished(shop: CounterShop) -> None:
    """All that was posted is done."""
    runner = shop.core.profile.runner
    eventually(runner._queue.empty, "the end of it")
    before = shop.now.comfort.high_contrast
    shop.core.profile.post(Pressed(Key.HIGH_CONTRAST))
    shop.eyes.wait(lambda s: s.comfort.high_contrast is not before, "an answer")


def a_way_back(shop: CounterShop) -> None:
    """Time alone, and then whoever works here, is at the first screen again."""
    for _ in range(8):
        if isinstance(shop.screen, Home | SignIn):
            break
        shop.core.profile.post(Pressed(Key.BACK))
        finished(shop)
    assert isinstance(shop.screen, Home | SignIn), shop.screen


def handed_out(shop: CounterShop) -> Count[str]:
    """How often each parcel was."""
    here = shop.shop
    return Count(
        number
        for number in here.parcels.held()
        for record in here.parcels.story(number)
        if isinstance(record.fact, ParcelCollected)
    )


def adds_up(shop: CounterShop) -> None:
    shop.all_sent()
    here, centre = shop.shop, told_at_the_centre(shop.street, SITE)
    assert not broken(here)
    assert not here.conflicts()
    out = handed_out(shop)
    assert all(times == 1 for times in out.values()), out
    for kind in (Kind.PARCEL, Kind.BAG, Kind.CONTAINER, Kind.MANIFEST):
        name = f"{kind.value}s"
        assert getattr(centre, name).held() == getattr(here, name).held(), kind
    states = Count(parcel.state for parcel in here.parcels)
    assert len(states) > 1, f"dice that moved nothing prove nothing: {states}"


def keeps_secrets(shop: CounterShop) -> None:
    badges = [card.badge for card in shop.street.sample.staff[:2]]
    secrets = (*PINS, *CODES, *badges)
    shown = {repr(session) for session in shop.eyes.seen[::7]}
    with shop.core.store.look() as work:
        rows = work.connection.exec_driver_sql("SELECT type, subject, data FROM events").fetchall()
    for text in (*shown, *(str(tuple(row)) for row in rows)):
        found = [one for secret in secrets for one in re.finditer(_alone(secret), text)]
        assert not found, [text[max(0, one.start() - 300) : one.end() + 40] for one in found]


def _alone(secret: str) -> str:
    """Not as a part of a longer number: times and ids have any six digits sooner or later."""
    return rf"(?<![\w.]){re.escape(secret)}(?!\w)"


def test_dice_at_the_counter(shop: CounterShop, caplog: pytest.LogCaptureFixture) -> None:
    hammer(shop, seed=7, throws=150)
    assert not [code for code in (*CODES, *PINS) if code in caplog.text]
    assert handed_out(shop), "nothing was handed out"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 13))
def test_dice_for_long(shop: CounterShop, seed: int) -> None:
    """Some of them hand out nothing; all of them break nothing."""
    hammer(shop, seed, throws=1500)
