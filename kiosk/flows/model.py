"""The shopper flow's states and events: all that a screen can show and all that can happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.domain.policy.model import Question
from kiosk.domain.reasons import Reason
from kiosk.domain.visit import (
    AbandonCause,
    CommittedDrop,
    Item,
    Offer,
    OpenDrop,
    Rejected,
    TypedOrder,
)
from kiosk.flows.keys import Comfort as Comfort
from kiosk.flows.keys import Field as Field
from kiosk.flows.keys import Press as Press
from kiosk.ports import HintKind, Photo, PrintOutcome, ScanHint, Scanned, Service, Trouble

# --- states ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Starting:
    """The core is still waking up; drawn as the attract screen with "one moment"."""


@dataclass(frozen=True, slots=True)
class Attract:
    """Waiting for a code. `problem` is why the last one was not good; it fades by time-out."""

    problem: Reason | None = None
    hint: HintKind | None = None


@dataclass(frozen=True, slots=True)
class NoCode:
    """Help: the ways to go on without a code that scans."""


@dataclass(frozen=True, slots=True)
class TypeShortCode:
    text: str = ""
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class TypeOrder:
    """Two steps on one screen: order number, then postal code."""

    order_number: str = ""
    postal_code: str = ""
    field: Field = Field.ORDER_NUMBER
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class Items:
    drop: OpenDrop
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with its answers as keys. `offers` tell what each would bring, where the
    question is about the refund; () elsewhere."""

    drop: OpenDrop
    item: Item
    question: Question
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeSerial:
    """A question for serial numbers, one a unit brought: `given` so far, `text` being typed;
    `tries` counts those that were given back as a slip."""

    drop: OpenDrop
    item: Item
    question: Question
    given: tuple[str, ...] = ()
    text: str = ""
    problem: Reason | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Photographing:
    """A question for photographs: `kept` are the names of those on the disk so far, `photo` the
    one that is being looked at, None while the live picture shows. `days` is how long the kiosk
    keeps them once the centre has them."""

    drop: OpenDrop
    item: Item
    question: Question
    days: int
    kept: tuple[str, ...] = ()
    photo: Photo | None = None
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class Bagging:
    drop: OpenDrop
    problem: Reason | None = None
    hint: HintKind | None = None


@dataclass(frozen=True, slots=True)
class TypeBag:
    """The bag's number by hand, where its code cannot be read: what stands after its `TB`."""

    drop: OpenDrop
    text: str = ""
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of this return can be taken; each item says why and what to do instead."""

    drop: OpenDrop


@dataclass(frozen=True, slots=True)
class StaffCalled:
    """A person must help; `drop` where a verdict asked for it, already recorded as refused.

    `resume` is the screen that BACK leads to, where help was asked for on the way; None where
    nothing can go on.
    """

    reason: Reason
    drop: OpenDrop | None = None
    resume: Screen | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The drop is safe. `outcome` is None while paper is awaited since `since` (monotonic s)."""

    drop: CommittedDrop
    since: float
    outcome: PrintOutcome | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Another return, or good-bye."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Nothing may be promised at the moment; the trouble that says why comes first."""

    trouble: Trouble


Screen = (
    Starting
    | Attract
    | NoCode
    | TypeShortCode
    | TypeOrder
    | Items
    | Asking
    | TypeSerial
    | Photographing
    | Bagging
    | TypeBag
    | Refused
    | StaffCalled
    | Receipt
    | Done
    | OutOfService
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When this screen gives up (monotonic s), and from when a countdown is shown."""

    ends: float
    warns: float


@dataclass(frozen=True, slots=True)
class Session:
    """Everything the screen may depend on. `visit_id` is "" while nobody is there; `drops` are
    those committed in this visit.

    `now`, `problem_until` and `hint_until` are monotonic seconds; `now` stands still while no
    deadline runs. `taken` is the last scan that led on, `turned_down` the last that did not, both
    as `turns.name_of` has them: a code still in view, or read by a second scanner, is no news and
    keeps no screen awake.
    """

    screen: Screen
    comfort: Comfort = field(default_factory=Comfort)
    service: Service = field(default_factory=Service)
    deadline: Deadline | None = None
    visit_id: str = ""
    drops: tuple[CommittedDrop, ...] = ()
    now: float = 0.0
    problem_until: float = 0.0
    hint_until: float = 0.0
    taken: str = field(default="", repr=False)
    turned_down: str = field(default="", repr=False)


# --- events ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """The core is awake; recovery is done."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; posted about every 250 ms."""


@dataclass(frozen=True, slots=True)
class Pressed:
    key: Press


@dataclass(frozen=True, slots=True)
class Typed:
    """One character of the on-screen keypad."""

    char: str


@dataclass(frozen=True, slots=True)
class FieldChosen:
    field: Field


@dataclass(frozen=True, slots=True)
class LineToggled:
    """An item tapped: not brought, or brought after all."""

    line_id: str


@dataclass(frozen=True, slots=True)
class Answered:
    answer: str


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class ReceiptDone:
    drop_id: str
    outcome: PrintOutcome


@dataclass(frozen=True, slots=True)
class ServiceChanged:
    service: Service


FlowEvent = (
    Ready
    | Tick
    | Scanned
    | ScanHint
    | Pressed
    | Typed
    | FieldChosen
    | LineToggled
    | Answered
    | LanguageChosen
    | ReceiptDone
    | ServiceChanged
)


# --- what a step may do --------------------------------------------------------------------------


class Cue(StrEnum):
    """A sound; each comes with a light and a word on the screen."""

    SCANNED = "scanned"
    ACCEPTED = "accepted"
    ATTENTION = "attention"
    DONE = "done"


class ScanFor(StrEnum):
    """What the current screen can use; narrows the scanners' formats."""

    RETURN = "return"
    BAG = "bag"
    SERIAL = "serial"
    NOTHING = "nothing"


class Do(Protocol):
    """The verbs a step may call; all quick (one transaction at most), all on the core thread.

    `print_receipt` only starts the work; a ReceiptDone follows.
    """

    def now(self) -> float: ...

    def begin_visit(self) -> str:
        """A new visit's id."""
        ...

    def check(self, visit_id: str, presented: Scanned | str | TypedOrder) -> OpenDrop | Rejected:
        """Find and judge a return by a scan, a typed short code or a typed order."""
        ...

    def reconsider(self, drop: OpenDrop, item: Item) -> OpenDrop:
        """Judge again with this item's `brought` and `answers` in place of the line's old ones."""
        ...

    def offers(self, drop: OpenDrop, item: Item, question: Question) -> tuple[Offer, ...]:
        """What each answer to the item's question would bring; nothing is recorded."""
        ...

    def get_ready(self, drop: OpenDrop) -> None:
        """The shopper looks for a bag: do what the promise of this very drop need not wait for.
        Nothing is promised or recorded, and `commit` does not need it."""
        ...

    def take_photo(self) -> Photo | None:
        """What the camera sees now; None where it sees nothing."""
        ...

    def keep_photo(self, photo: Photo) -> str:
        """Its name, once it is on the disk; "" where it cannot be kept."""
        ...

    def commit(self, drop: OpenDrop, bag: Scanned | str | None) -> CommittedDrop | Rejected:
        """The promise: one transaction. `bag` is a scan or a typed number, None only where
        nothing needs one."""
        ...

    def refuse(self, drop: OpenDrop) -> None: ...

    def abandon(self, drop: OpenDrop, cause: AbandonCause) -> None: ...

    def call_staff(self, visit_id: str, reason: Reason, drop: OpenDrop | None) -> None: ...

    def print_receipt(self, drop: CommittedDrop, language: str) -> None: ...

    def expect(self, scan_for: ScanFor) -> None: ...

    def cue(self, cue: Cue) -> None: ...


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of patience, tripled in large-text mode (experience.md 42), and what else of the
    settings the screens need."""

    problem: float = 8.0
    idle: float = 60.0
    warning: float = 20.0
    receipt: float = 45.0
    done: float = 8.0
    default_language: str = "en"
    languages: tuple[str, ...] = field(default_factory=lambda: ("en",))
    photo_days: int = 30  # kiosk.settings.Photos
