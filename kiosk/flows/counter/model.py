"""The counter's session and events, and the verbs that a step may call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from kiosk.domain.counter.acting import Acted as Acted
from kiosk.domain.counter.book import Carrier
from kiosk.domain.counter.commands import Command
from kiosk.domain.counter.did import Did as Did
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.meaning import DriverScanned, Meaning
from kiosk.domain.counter.planning import Plan
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Refused as CounterRefused
from kiosk.domain.counter.shop import Shop
from kiosk.domain.reasons import Reason
from kiosk.domain.staff import sessions
from kiosk.domain.staff.facts import StaffFact
from kiosk.domain.staff.house import House as House
from kiosk.domain.staff.overrides import Approval, Wanted
from kiosk.domain.staff.permits import Needs
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.domain.staff.signing_in import Shown, SignedIn
from kiosk.flows.counter.states import desk, inbound, leaving, outbound
from kiosk.flows.counter.states.outbound import Paper, Stroke
from kiosk.flows.keys import Comfort
from kiosk.ports import ScanHint, Scanned, Service

if TYPE_CHECKING:
    from kiosk.flows.model import Do as VisitDo
    from kiosk.flows.model import FlowEvent as VisitEvent
    from kiosk.flows.model import Timing as VisitTiming

Screen = (
    desk.Starting
    | desk.OutOfService
    | desk.SignIn
    | desk.ChoosePin
    | desk.Home
    | desk.Help
    | desk.Unlocking
    | desk.ToSettle
    | desk.TypeCode
    | desk.Overriding
    | inbound.Receiving
    | inbound.Received
    | inbound.WhoseLabel
    | inbound.ParcelInHand
    | inbound.LookingFor
    | inbound.ShelfInHand
    | inbound.ToShelve
    | inbound.Pulling
    | outbound.HandingOut
    | outbound.Approving
    | outbound.SigningFor
    | outbound.HandedOut
    | outbound.CodeBarred
    | outbound.WhoseDrop
    | outbound.DropTaken
    | outbound.BagInHand
    | outbound.Returning
    | leaving.Containers
    | leaving.NewContainer
    | leaving.ContainerInHand
    | leaving.HandOver
    | leaving.Signing
    | leaving.Signed
    | leaving.Labels
)


# --- what is said ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    did: Did
    values: Mapping[str, str | int] = field(default_factory=dict, hash=False)


Said = Note | CounterRefused | StaffRefused | Reason


class Tone(StrEnum):
    """The colour that fills the screen's edge, with its sound and its word."""

    RIGHT = "right"
    CARE = "care"  # done, and something about it needs a look
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Flash:
    """What the last scan or touch came to. `until` is monotonic seconds; `scan` counts them, so
    that the same twice is seen twice."""

    tone: Tone
    said: Said
    until: float
    scan: int = 0


@dataclass(frozen=True, slots=True)
class Undo:
    """The last act can be taken back until then (monotonic seconds), by this command."""

    did: Did
    command: Command
    until: float


@dataclass(frozen=True, slots=True)
class Tiles:
    """What waits: counts of the four tiles."""

    to_shelve: int = 0
    expired: int = 0
    containers: int = 0
    help: int = 0  # what only a person can settle: conflicts, missing parcels


@dataclass(frozen=True, slots=True)
class Bar:
    """The status bar. `policy_hours` is the age of the bundle in force, None where there is none;
    `others_seen_s`: since the other counters of the shop were last heard of, None where there are
    none."""

    online: bool = True
    queued: int = 0
    policy_hours: int | None = None
    paper_ok: bool = True
    others_seen_s: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Everything a screen may depend on. `staff` says who is signed in and what is laid aside;
    `kept` has the screens of jobs laid aside, by the job's name, with nothing typed in them."""

    screen: Screen
    staff: sessions.Screen = field(default_factory=sessions.Screen)
    name: str = ""
    """Of whoever is signed in."""
    kept: Mapping[str, Screen] = field(default_factory=dict)
    comfort: Comfort = field(default_factory=Comfort)
    comforts: Mapping[str, Comfort] = field(default_factory=dict)
    """How each member likes the screen, by staff id, until the counter starts anew."""
    service: Service = field(default_factory=Service)
    tiles: Tiles = field(default_factory=Tiles)
    bar: Bar = field(default_factory=Bar)
    flash: Flash | None = None
    undo: Undo | None = None
    now: float = 0.0
    scans: int = 0
    heard: tuple[int, float] = (0, 0.0)
    """The last scan, as a number that tells nothing of it, and when (monotonic seconds)."""

    @property
    def training(self) -> bool:
        return self.staff.session is not None and self.staff.session.training


# --- events ------------------------------------------------------------------------------------


class Key(StrEnum):
    """A key on the screen without a value."""

    BACK = "back"
    DONE = "done"
    UNDO = "undo"
    SIGN_OUT = "sign_out"
    TYPE_ID = "type_id"
    TYPE_CODE = "type_code"  # instead of a scan, on any screen
    SUBMIT = "submit"
    ERASE = "erase"
    TO_SHELVE = "to_shelve"
    EXPIRED = "expired"
    CONTAINERS = "containers"
    HELP = "help"
    TO_SETTLE = "to_settle"  # what only a person can settle
    RECEIVE = "receive"  # begin a delivery without a driver's code
    DAMAGED = "damaged"
    MISROUTED = "misrouted"
    FULL = "full"
    FROM_DRIVER = "from_driver"  # what was taken as a drop came with the driver
    STORY = "story"
    MISSING = "missing"
    HAND_OUT = "hand_out"
    REFUSED = "refused"  # the recipient does not want it
    EXTEND = "extend"
    PROXY = "proxy"
    SHOWN = "shown"  # the proof that is asked for was shown
    NOT_SHOWN = "not_shown"
    CLEAR = "clear"  # the drawing
    CLOSE = "close"
    REOPEN = "reopen"
    CONTAINER_DAMAGED = "container_damaged"
    CONTAINER_LOST = "container_lost"
    HAND_OVER = "hand_over"  # what waits for this container's carrier
    ALL = "all"  # all that is listed goes
    VOID = "void"
    READY = "ready"  # freeze the manifest
    REPRINT = "reprint"
    PRINT = "print"
    TRAINING = "training"
    UNLOCK = "unlock"  # forgive somebody's wrong PINs
    LABELS = "labels"
    MORE = "more"
    LESS = "less"
    NEXT_PAGE = "next_page"
    LAST_PAGE = "last_page"
    LARGE_TEXT = "large_text"
    HIGH_CONTRAST = "high_contrast"


@dataclass(frozen=True, slots=True)
class Ready:
    """The core is awake."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; posted about every 250 ms."""


@dataclass(frozen=True, slots=True)
class Pressed:
    key: Key


@dataclass(frozen=True, slots=True)
class Typed:
    """One character of a keypad."""

    char: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of a list that the screen showed: a parcel, a carrier, a reason, a document."""

    value: str


@dataclass(frozen=True, slots=True)
class Written:
    """A note typed on a keyboard."""

    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One more stroke of a signature."""

    stroke: Stroke


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class PaperDone:
    """What became of a print (`Do.print`), by the number it was given."""

    job: int
    paper: Paper


@dataclass(frozen=True, slots=True)
class ServiceChanged:
    service: Service
    bar: Bar


@dataclass(frozen=True, slots=True)
class Heard:
    """Another counter or the centre told something: the shop may have changed."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A command that asked for a reason or a second person was done: told to the job whose screen
    asked for it, which is up again. Where the job makes nothing of it, it is told `Heard`."""

    command: Command
    acted: Acted


@dataclass(frozen=True, slots=True)
class OfVisit:
    """A touch on the shopper's screens, while a return is done at the counter."""

    event: VisitEvent


CounterEvent = (
    Ready
    | Tick
    | Scanned
    | ScanHint
    | Pressed
    | Typed
    | Chosen
    | Written
    | Drawn
    | LanguageChosen
    | PaperDone
    | ServiceChanged
    | Heard
    | Approved
    | OfVisit
)


# --- what a step may do --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintShelfLabel:
    shelf_id: str


@dataclass(frozen=True, slots=True)
class PrintPlates:
    """So many new plates of bags or containers: numbers that this counter has never printed."""

    kind: leaving.LabelKind
    count: int


@dataclass(frozen=True, slots=True)
class PrintDropReceipt:
    number: str
    carrier: str
    drop_number: str


@dataclass(frozen=True, slots=True)
class PrintManifest:
    manifest_id: str


Printable = PrintShelfLabel | PrintPlates | PrintDropReceipt | PrintManifest


class Do(Protocol):
    """All quick, all on the core thread. `shop` is the real one, or the made-up one while whoever
    is signed in is in training; what is done in training reaches no disk."""

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def at(self) -> int:
        """Unix seconds of the clock that never goes back."""
        ...

    def shop(self) -> Shop: ...

    def rules(self) -> Rules: ...

    def house(self) -> House: ...

    def carriers(self) -> tuple[Carrier, ...]:
        """Those whose goods are here, by name, with how much a container of theirs takes."""
        ...

    def identify(self, scan: Scanned | str) -> Meaning:
        """What a scan, or a typed text, is."""
        ...

    def act(
        self,
        staff: sessions.Screen,
        command: Command,
        wanted: Wanted | None = None,
        second: Approval | None = None,
    ) -> Acted | CounterRefused | StaffRefused | Needs:
        """Asks who may do it, decides, and records all of it in one transaction: the facts, the
        override where there is one, and what goes to the centre."""
        ...

    def plan(self, code: str) -> Plan | CounterRefused:
        """What a pick-up code's digest opens. A wrong try is on the disk before this answers."""
        ...

    def sign_in(self, shown: Shown, pin: str) -> SignedIn | StaffRefused:
        """The tries are on the disk before this answers. Takes as long for everybody."""
        ...

    def choose_pin(self, staff_id: str, pin: str) -> StaffRefused | None: ...

    def unlock(self, staff: sessions.Screen, staff_id: str) -> StaffRefused | None: ...

    def record(self, facts: Sequence[StaffFact]) -> None:
        """What became of sessions; the disk's own faults are logged, a sign-out must not fail."""
        ...

    def train(self, on: bool) -> None:
        """Make the made-up shop, or drop it."""
        ...

    def keep_signature(self, strokes: tuple[Stroke, ...]) -> str:
        """Its SHA-256 (hex) once it is on the disk, "" where it cannot be kept."""
        ...

    def take_drop(
        self, staff: sessions.Screen, number: str, carrier: str
    ) -> tuple[Acted, str] | CounterRefused | StaffRefused | Needs:
        """A labelled drop-off: recorded, with its new drop number."""
        ...

    def drop_qr(self, number: str, carrier: str, drop_number: str) -> str:
        """What a customer may photograph as a proof of their labelled drop."""
        ...

    def device_id(self) -> str:
        """This counter, as the stamps of its facts name it."""
        ...

    def new_id(self) -> str:
        """For a container's use or a manifest."""
        ...

    def handed_over_qr(self, manifest: Manifest) -> str:
        """What the driver's app reads from our screen."""
        ...

    def received_qr(self, round: DriverScanned | None, taken: int, refused: int) -> str: ...

    def print(self, what: Printable) -> int:
        """Begins a print; a PaperDone with this number follows."""
        ...

    def bar(self) -> Bar: ...

    def cue(self, tone: Tone) -> None: ...

    def visit(self) -> tuple[VisitDo, VisitTiming]:
        """For a shopper's return at the counter: the verbs of the shopper's flow."""
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds, and what else of the settings the screens need."""

    flash: float = 6.0
    undo: float = 10.0
    done: float = 6.0
    default_language: str = "en"
    languages: tuple[str, ...] = ("en",)
