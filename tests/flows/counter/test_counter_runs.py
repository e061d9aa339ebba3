"""The counter's flow on the core thread: one step at a time, and a broken one stops nothing."""

from __future__ import annotations

import logging
import queue

from kiosk.domain.counter.meaning import BadgeScanned
from kiosk.flows.counter.faults import after_fault
from kiosk.flows.counter.model import Did, Key, Note, Pressed, Ready, Session, Tick, Typed
from kiosk.flows.counter.states.desk import Help, Home, SignIn
from kiosk.flows.counter.step import initial, step
from kiosk.flows.runner import Runner
from kiosk.ports import Scanned, Symbology
from tests.flows.counter.conftest import TIMING
from tests.flows.counter.fake_desk import ANNA, FakeDesk


class Failing(FakeDesk):
    """A reader of codes that breaks on one of them."""

    def identify(self, scan):
        if not isinstance(scan, str) and scan.text == "breaks":
            raise RuntimeError("no code is like this")
        return super().identify(scan)


def scanned(text: str) -> Scanned:
    return Scanned(text, text.encode(), Symbology.QR, "", "gun", 0.0)


def until(shown: queue.Queue[Session], kind: type) -> Session:
    while True:
        session = shown.get(timeout=30)
        if isinstance(session.screen, kind):
            return session


def test_a_step_that_breaks_ends_on_home_and_the_day_goes_on(caplog):
    desk, shown = Failing(), queue.Queue()
    desk.means("badge", BadgeScanned(ANNA.badge))
    told = (step, desk, TIMING, shown.put, initial(TIMING))
    runner = Runner(*told, tick=Tick(), rescue=after_fault, every=3600.0)
    runner.start()
    try:
        runner.post(Ready())
        until(shown, SignIn)
        runner.post(scanned("badge"))
        for char in "481620":
            runner.post(Typed(char))
        runner.post(Pressed(Key.SUBMIT))
        until(shown, Home)
        runner.post(Pressed(Key.HELP))
        until(shown, Help)
        with caplog.at_level(logging.ERROR):
            runner.post(scanned("breaks"))
            broken = until(shown, Home)
        assert broken.flash is not None
        assert broken.flash.said == Note(Did.BROKE)
        assert broken.staff.session is not None
        assert "a step broke: Scanned in Help" in caplog.text
        runner.post(Pressed(Key.HELP))
        until(shown, Help)
    finally:
        runner.stop()
