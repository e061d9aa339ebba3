"""A whole visit without a person: the script that `takeback demo --journey` plays.

It presses the real keys of the real window and holds real pictures before the camera; what it
waits for is what a person would see. Any step that does not come in time ends it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.demo.hands import Hands
from kiosk.demo.landed import Landed, landed
from kiosk.demo.world import World
from kiosk.domain.reasons import Why
from kiosk.flows.model import (
    Asking,
    Attract,
    Bagging,
    Done,
    Items,
    Receipt,
    Screen,
    Session,
    Starting,
)
from kiosk.ports import NotPrinted, Trouble
from ui.actions import ANSWER, LANGUAGE, PRESS

if TYPE_CHECKING:
    from ui.drive import Hand

PATIENCE_S = 20.0
RETURN = "three"  # three items, one of them refused: nothing simpler shows enough
BAG = "bag-1"


@dataclass(frozen=True, slots=True)
class Until:
    """What the script waits for, in words for the log; it goes on when `true` is."""

    what: str
    true: Callable[[], bool]
    within: float = PATIENCE_S


class StepFailed(Exception):
    """A step of the journey did not come; the message says which and what was there instead."""


@dataclass(slots=True)
class Stage:
    """What the script can touch. `session` is the newest that was shown."""

    world: World
    hands: Hands
    hand: Hand
    folder: Path
    offline: bool
    from_file: bool
    language: str
    say: Callable[[str], None]
    session: Session = field(default_factory=lambda: Session(Starting()))
    pictures: int = 0
    landed: Landed | None = None

    @property
    def screen(self) -> Screen:
        return self.session.screen

    @property
    def problem(self) -> Why | None:
        reason = getattr(self.screen, "problem", None)
        return None if reason is None else reason.why

    def picture(self, name: str) -> None:
        self.pictures += 1
        self.hand.picture(self.folder / f"{self.pictures:02}-{name}.png")

    def press(self, action: str, value: str = "") -> None:
        if not self.hand.press(action, value):
            raise StepFailed(f"no key for {action} {value} can be seen")


def play(stage: Stage) -> Iterator[Until]:
    """The shopper's visit, told step by step."""
    yield Until("the kiosk is ready", lambda: _ready(stage))
    if stage.language != stage.session.comfort.language:
        yield from _language(stage)
    if stage.offline:
        yield from _centre_goes(stage)
    if not stage.from_file:
        yield from _attract(stage)
        stage.hands.hold(RETURN)
    yield from _drop_off(stage)
    yield from _second_scan(stage)
    if stage.offline:
        stage.say("the centre comes back")
        stage.world.centre.start()
    yield Until("everything is at the centre", lambda: stage.session.service.queued == 0, 30)
    yield from _arrival(stage)


def _language(stage: Stage) -> Iterator[Until]:
    """By its key on the first screen; on any other it is among the comforts."""
    chosen = Until("the language", lambda: stage.session.comfort.language == stage.language)
    if stage.hand.press(LANGUAGE, stage.language):
        yield chosen
        return
    if not stage.hand.press_comfort("label"):
        raise StepFailed(f"no key for language {stage.language} can be seen")
    yield Until("the comforts", lambda: True)
    stage.press(LANGUAGE, stage.language)
    yield chosen
    stage.hand.press_comfort("close")
    yield Until("the screen again", lambda: True)


def _ready(stage: Stage) -> bool:
    here = stage.session.service
    return isinstance(stage.screen, (Attract, Items)) and here.policy_number > 0


def _centre_goes(stage: Stage) -> Iterator[Until]:
    stage.say("the centre goes away")
    stage.world.centre.stop()
    away = Trouble.OFFLINE
    yield Until("the kiosk knows it", lambda: away in stage.session.service.troubles, 30)


def _attract(stage: Stage) -> Iterator[Until]:
    stage.picture("attract")
    stage.hands.hold("website")
    yield Until("a sentence for a foreign code", lambda: stage.problem is Why.CODE_FOREIGN)
    stage.picture("foreign-code")
    stage.hands.hold("")


def _drop_off(stage: Stage) -> Iterator[Until]:
    yield Until("the items", lambda: _items_came(stage))
    stage.picture("items")
    stage.hands.hold("")
    stage.hands.put_file_away()
    stage.press(PRESS, "all_here")
    yield Until("a question or the bag", lambda: isinstance(stage.screen, (Asking, Bagging)))
    while isinstance(stage.screen, Asking):
        asked = stage.screen
        stage.picture("question")
        stage.press(ANSWER, asked.question.answers[0])
        yield Until("the answer", lambda asked=asked: stage.screen != asked)  # type: ignore[misc]
    yield Until("the bag", lambda: isinstance(stage.screen, Bagging))
    stage.picture("bag")
    stage.hands.hold(BAG)
    yield Until("the promise", lambda: isinstance(stage.screen, Receipt))
    stage.picture("receipt-printing")
    stage.hands.hold("")
    yield Until("the paper", lambda: _paper_is_out(stage))
    stage.picture("receipt")
    _keep_paper(stage)
    stage.press(PRESS, "finish")
    yield Until("the end of the visit", lambda: isinstance(stage.screen, (Done, Attract)))
    if isinstance(stage.screen, Done):
        stage.picture("done")
        stage.press(PRESS, "finish")
    yield Until("everything is wiped", lambda: _wiped(stage), 30)


def _items_came(stage: Stage) -> bool:
    """False while nothing came; a return that is turned down is no use waiting for."""
    if stage.problem not in (None, Why.CODE_FOREIGN):
        raise StepFailed(f"the items did not come: {stage.problem}")
    return isinstance(stage.screen, Items)


def _paper_is_out(stage: Stage) -> bool:
    if not isinstance(stage.screen, Receipt) or stage.screen.outcome is None:
        return False
    if isinstance(stage.screen.outcome, NotPrinted):
        raise StepFailed(f"the receipt was not printed: {stage.screen.outcome}")
    return True


def _keep_paper(stage: Stage) -> None:
    assert stage.world.printer is not None
    slip = stage.world.printer.slips[-1]
    assert slip.path is not None
    shutil.copy(slip.path, stage.folder / "receipt.png")
    stage.say(f"paper: {stage.folder / 'receipt.png'}")


def _wiped(stage: Stage) -> bool:
    return isinstance(stage.screen, Attract) and not stage.session.visit_id


def _second_scan(stage: Stage) -> Iterator[Until]:
    """The same code again is met with a sentence, not with a second drop."""
    stage.hands.hold(RETURN)
    yield Until("already dropped", lambda: stage.problem is Why.RETURN_ALREADY_DROPPED)
    stage.picture("already-dropped")
    stage.hands.hold("")


def _arrival(stage: Stage) -> Iterator[Until]:
    def there() -> bool:
        stage.landed = landed(stage.world, stage.folder)
        return stage.landed is not None

    yield Until("the drop on its back-office page", there)
    assert stage.landed is not None
    for line in stage.landed.lines:
        stage.say(line)
