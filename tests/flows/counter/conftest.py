"""Somebody at the counter: the flow, step by step, over a `FakeDesk`."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from kiosk.domain.counter.meaning import BadgeScanned, Meaning
from kiosk.domain.staff.people import Member
from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Did,
    Flash,
    Key,
    Note,
    Pressed,
    Ready,
    Session,
    Tick,
    Timing,
    Typed,
)
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.step import initial, step
from kiosk.ports import Scanned, Symbology
from tests.flows.counter.fake_desk import ANNA, FakeDesk

TIMING = Timing(languages=("en", "de", "ar"))


class Shift:
    """A session that a test walks through; each verb answers the session after it."""

    def __init__(self, desk: FakeDesk, timing: Timing = TIMING) -> None:
        self.desk, self.timing = desk, timing
        self.session: Session = initial(timing)
        self._numbers = itertools.count(1)

    def happens(self, event: CounterEvent) -> Session:
        self.session = step(self.session, event, self.desk, self.timing)
        return self.session

    def scan(self, meaning: Meaning) -> Session:
        """A code whose meaning is this."""
        text = f"scan-{next(self._numbers)}"
        self.desk.means(text, meaning)
        return self.scan_text(text)

    def scan_text(self, text: str) -> Session:
        return self.happens(Scanned(text, text.encode(), Symbology.QR, "", "gun", self.desk.now()))

    def press(self, *keys: Key) -> Session:
        for key in keys:
            self.happens(Pressed(key))
        return self.session

    def type(self, text: str) -> Session:
        for char in text:
            self.happens(Typed(char))
        return self.session

    def choose(self, value: str) -> Session:
        return self.happens(Chosen(value))

    def wait(self, seconds: float) -> Session:
        """Time passes, and a tick says so."""
        self.desk.wait(seconds=seconds)
        return self.happens(Tick())

    def badge(self, member: Member) -> Session:
        return self.scan(BadgeScanned(member.badge))

    def sign_in(self, member: Member = ANNA) -> Session:
        """Badge and PIN."""
        self.badge(member)
        self.type(member.verifier.removeprefix("pin:"))
        return self.press(Key.SUBMIT)

    @property
    def screen(self) -> object:
        return self.session.screen

    @property
    def flash(self) -> Flash:
        assert self.session.flash is not None
        return self.session.flash

    @property
    def said(self) -> object:
        return self.flash.said

    @property
    def did(self) -> Did:
        """What the flash says was done."""
        assert isinstance(self.said, Note), self.said
        return self.said.did


@pytest.fixture
def fake_desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def new_shift() -> Callable[..., Shift]:
    """A counter that has just woken up, with nobody at it."""

    def start(desk: FakeDesk | None = None) -> Shift:
        shift = Shift(desk or FakeDesk())
        shift.happens(Ready())
        return shift

    return start


@pytest.fixture
def shift(new_shift: Callable[..., Shift], fake_desk: FakeDesk) -> Shift:
    return new_shift(fake_desk)


@pytest.fixture
def anna(shift: Shift) -> Shift:
    """Anna is signed in and stands before Home."""
    shift.sign_in(ANNA)
    assert isinstance(shift.screen, Home)
    return shift
