"""A morning at the counter without a person: a delivery, a shelf, a recipient, a customer's parcel.

It presses the real keys of the real window and holds real pictures before the camera.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.demo.counter.world import CounterWorld
from kiosk.demo.hands import Hands
from kiosk.demo.journey import StepFailed, Until
from kiosk.flows.counter.model import Key, Screen, Session, Tone
from kiosk.flows.counter.states.desk import ChoosePin, Home, Pad, SignIn, Starting
from kiosk.flows.counter.states.inbound import ParcelInHand, Received, Receiving
from kiosk.flows.counter.states.outbound import DropTaken, HandedOut, HandingOut, Paper
from sync.central.demo_counter import DemoStaff

if TYPE_CHECKING:
    from ui.drive import Hand

PIN = "481620"
CARRIER = "DHL"
PRESS = "press"


@dataclass(slots=True)
class Stage:
    """What the script can touch. `session` is the newest that was shown."""

    world: CounterWorld
    hands: Hands
    hand: Hand
    folder: Path
    who: DemoStaff
    say: Callable[[str], None]
    session: Session = field(default_factory=lambda: Session(Starting()))
    pictures: int = 0

    @property
    def screen(self) -> Screen:
        return self.session.screen

    @property
    def problem(self) -> object:
        flash = self.session.flash
        return None if flash is None else flash.said

    def picture(self, name: str) -> None:
        self.pictures += 1
        self.hand.picture(self.folder / f"{self.pictures:02}-{name}.png")

    def press(self, key: Key) -> None:
        if not self.hand.press(PRESS, key.value):
            raise StepFailed(f"no key for {key} can be seen")

    def on(self, kind: type) -> Callable[[], bool]:
        return lambda: isinstance(self.screen, kind)

    def scan(self, thing: str, what: str, true: Callable[[], bool]) -> Iterator[Until]:
        """Held up until it is read; taken down before the next one."""
        self.hands.hold(thing)
        yield Until(what, true)
        self.hands.hold("")

    def type(self, digits: str) -> Iterator[Until]:
        for at, digit in enumerate(digits, 1):
            if not self.hand.touch(digit):
                raise StepFailed(f"no key {digit} can be seen")
            yield Until(f"digit {at}", lambda at=at: len(_typed(self.screen)) == at)  # type: ignore[misc]


def play(stage: Stage) -> Iterator[Until]:
    """Told step by step."""
    yield Until("the counter is ready", stage.on(SignIn))
    yield Until("its book and its parcels", lambda: stage.session.service.policy_number > 0, 30)
    stage.picture("sign-in")
    yield from _sign_in(stage)
    yield from _delivery(stage)
    yield from _shelve(stage)
    yield from _hand_out(stage)
    yield from _brought(stage)
    yield Until("everything is at the centre", lambda: stage.session.bar.queued == 0, 30)
    stage.picture("home")


def _sign_in(stage: Stage) -> Iterator[Until]:
    yield from stage.scan(f"badge-{stage.who.role}", "the PIN pad", _at_the_pin(stage))
    yield from stage.type(stage.who.pin)
    stage.press(Key.SUBMIT)
    yield Until("a PIN of one's own", stage.on(ChoosePin))
    stage.picture("choose-pin")
    for turn in ("first", "second"):
        yield from stage.type(PIN)
        stage.press(Key.SUBMIT)
        yield Until(f"the {turn} time", lambda: not _typed(stage.screen))
    yield Until("scan anything", stage.on(Home))
    stage.picture("scan-anything")


def _at_the_pin(stage: Stage) -> Callable[[], bool]:
    return lambda: isinstance(stage.screen, SignIn) and stage.screen.pad is Pad.PIN


def _delivery(stage: Stage) -> Iterator[Until]:
    """The carrier's driver, then one parcel after the other; then both counts."""
    yield from stage.scan(f"driver-{CARRIER}", "the delivery", stage.on(Receiving))
    theirs = [n for n, one in enumerate(stage.world.parcels, 1) if one.carrier == CARRIER]
    for at, n in enumerate(theirs, 1):
        yield from stage.scan(f"parcel-{n}", f"parcel {n}", lambda at=at: _taken(stage) == at)  # type: ignore[misc]
    stage.picture("delivery")
    stage.press(Key.DONE)
    yield Until("both counts", stage.on(Received))
    stage.picture("both-counts")
    stage.press(Key.DONE)
    yield Until("scan anything", stage.on(Home))


def _taken(stage: Stage) -> int:
    return len(stage.screen.taken) if isinstance(stage.screen, Receiving) else 0


def _shelve(stage: Stage) -> Iterator[Until]:
    for n, shelf in ((1, "A1"), (2, "B1")):
        yield from stage.scan(f"parcel-{n}", f"parcel {n} in the hand", stage.on(ParcelInHand))
        if n == 1:
            stage.picture("shelve")
        yield from stage.scan(f"shelf-{shelf}", f"it lies on {shelf}", stage.on(Home))


def _hand_out(stage: Stage) -> Iterator[Until]:
    """A code for two parcels on two shelves; somebody else's parcel is stopped."""
    yield from stage.scan("code-1", "where to go", stage.on(HandingOut))
    stage.picture("hand-out")
    yield from stage.scan(
        "parcel-5", "the wrong parcel is stopped", lambda: _tone(stage) is Tone.WRONG
    )
    stage.picture("wrong-parcel")
    yield from stage.scan("parcel-1", "the first one", lambda: len(_scanned(stage)) == 1)
    yield from stage.scan("parcel-2", "both", stage.on(HandedOut))
    stage.picture("handed-out")
    stage.press(Key.DONE)
    yield Until("scan anything", stage.on(Home))


def _brought(stage: Stage) -> Iterator[Until]:
    yield from stage.scan("brought", "the customer's parcel", stage.on(DropTaken))
    yield Until("its receipt", lambda: _paper(stage) is not Paper.WAITING)
    if _paper(stage) is not Paper.PRINTED:
        raise StepFailed(f"the receipt was not printed: {_paper(stage)}")
    stage.picture("customers-parcel")
    yield Until("scan anything", stage.on(Home))


def _typed(screen: Screen) -> str:
    return screen.pin if isinstance(screen, SignIn | ChoosePin) else ""


def _scanned(stage: Stage) -> tuple[str, ...]:
    return stage.screen.scanned if isinstance(stage.screen, HandingOut) else ()


def _tone(stage: Stage) -> Tone | None:
    return None if stage.session.flash is None else stage.session.flash.tone


def _paper(stage: Stage) -> Paper:
    return stage.screen.paper if isinstance(stage.screen, DropTaken) else Paper.PRINTED
