"""A whole kiosk on a disk after a cut, without network, printer or engineer: does it serve?"""

from __future__ import annotations

import threading
from pathlib import Path

from kiosk.core import Core
from kiosk.domain.reasons import Why
from kiosk.flows.model import (
    Attract,
    Bagging,
    Items,
    OutOfService,
    Press,
    Pressed,
    Receipt,
    Session,
)
from kiosk.flows.turns import problem_of
from kiosk.ports import Scanned, Symbology, Trouble
from kiosk.profiles.shopper import Shopper
from kiosk.settings import Centre, Settings
from kiosk.waking import wake
from sync.central.demo import DemoWorld
from tests.misfortune.street import PACE, Eyes, Paper

NOWHERE = "http://127.0.0.1:9"
SLUG = "simple"


def serves(directory: Path, sample: DemoWorld, *, policy: bool) -> str:
    """What became of a visit with the day's first return: "taken", or "taken before" where the
    ledger has it; "no rules" where no bundle can be there yet. AssertionError for all else."""
    settings = Settings(data_dir=str(directory), centre=Centre(url=NOWHERE))
    eyes, leaving = Eyes(), threading.Event()
    core = wake(settings, Shopper(eyes), Paper(), lambda *_: None, leaving, pace=PACE)
    assert core is not None
    try:
        if core.store.policy.current() is None:
            assert not policy, "the rules are gone"
            eyes.wait(_without_rules, "out of service for want of rules")
            return "no rules"
        eyes.wait(lambda s: isinstance(s.screen, Attract), "the first screen")
        return _visit(core, eyes, sample)
    finally:
        core.stop()


def _without_rules(session: Session) -> bool:
    return session.screen == OutOfService(Trouble.POLICY_MISSING)


def _answered(session: Session) -> bool:
    return isinstance(session.screen, Items) or problem_of(session.screen) is not None


def _visit(core: Core, eyes: Eyes, sample: DemoWorld) -> str:
    before = _dropped(core, sample)
    _scan(core, sample.find(SLUG).signed_code)
    answer = eyes.wait(_answered, "an answer")
    problem = problem_of(answer.screen)
    if problem is not None:
        assert problem.why is Why.RETURN_ALREADY_DROPPED, problem
        assert before, "a return that is not in the ledger was refused"
        return "taken before"
    assert not before, "a return was taken twice"
    core.post(Pressed(Press.ALL_HERE))
    eyes.wait(lambda s: isinstance(s.screen, Bagging), "the bag")
    _scan(core, sample.bags[0])  # the very bag: nothing half may hold it
    eyes.wait(lambda s: isinstance(s.screen, Receipt), "the receipt")
    assert core.store.outbox.verify() is None
    return "taken"


def _dropped(core: Core, sample: DemoWorld) -> bool:
    with core.store.look() as work:
        return work.drops.given(sample.find(SLUG).return_id) is not None


def _scan(core: Core, text: str) -> None:
    core.post(Scanned(text, text.encode(), Symbology.QR, "]Q1", "scanner", 0.0))
