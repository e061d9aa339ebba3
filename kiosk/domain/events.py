"""Every fact a device can record: the audit catalogue and the outbox body in one.

Here are the kiosk's own; the staffed counter's are `kiosk.domain.counter.facts` and
`kiosk.domain.staff.facts`. `Event` and `EVENTS` hold all of them. The counter's forty classes take
longer to make than all else here, and a kiosk without a counter never needs them: they are loaded
when one of the two names is asked for, which at run time only tests and tools do.

A fact is a frozen dataclass of str, int, bool, None, tuples and nested facts; no floats, so
that its canonical JSON is the same everywhere. Its `type` carries its version: new fields are
optional, a breaking change is a new type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, get_args

from kiosk.domain.quick import quick

if TYPE_CHECKING:
    from kiosk.domain.counter.facts import Fact
    from kiosk.domain.staff.facts import StaffFact


@dataclass(frozen=True, slots=True)
class ShareFact:
    """A line's part of a fee or a bonus: kiosk.domain.policy.model.Share."""

    kind: str
    minor: int
    rule_id: str
    once: bool
    base: int


@quick
@dataclass(frozen=True, slots=True)
class LineFact:
    """One line as decided at the kiosk. Amounts in minor units of `currency`; `fees` add up to
    `fee`, `bonuses` to `bonus`, which is no part of the price. `inputs` are the facts that the
    deciding rules looked at, `facts` all that other rules might (kiosk.domain.policy.keeping)."""

    line_id: str
    sku: str
    outcome: str
    reason: str
    reason_values: dict[str, str | int]
    brought: int
    price: int
    refund: int
    fee: int
    withheld: int
    currency: str
    disposal: str
    provisional: bool
    rule_ids: tuple[str, ...]
    answers: dict[str, str]
    state: str  # accepted | refused | returnless | not_presented | staff
    fees: tuple[ShareFact, ...] = ()
    method: str = ""  # original | store_credit | exchange
    bonus: int = 0
    bonuses: tuple[ShareFact, ...] = ()
    destination: str = ""
    inputs: dict[str, str | int] = field(default_factory=dict)
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhotoFact:
    """A photograph taken of a line's goods. It travels apart from its event, known by the SHA-256
    of its file (hex); `size` is that file's, in bytes."""

    line_id: str
    sha256: str
    size: int


@quick
@dataclass(frozen=True, slots=True)
class DropCommitted:
    """Goods (or a returnless agreement) taken: the promise itself. `facts` are what rules may look
    at that its lines share (kiosk.domain.policy.keeping); {} from kiosks that did not keep them.
    `photos` were on the kiosk's disk before this was recorded."""

    type: ClassVar[str] = "takeback.drop.committed.v1"
    drop_id: str
    drop_number: str
    visit_id: str
    return_id: str
    merchant_id: str
    bag_id: str  # "" when every line is returnless
    policy_number: int
    offline: bool
    identified_by: str  # signed | short | order | third_party
    code_id: str  # the signed code's cti, or a third party's fingerprint; "" otherwise
    lines: tuple[LineFact, ...]
    facts: dict[str, str | int] = field(default_factory=dict)
    photos: tuple[PhotoFact, ...] = ()


@dataclass(frozen=True, slots=True)
class DropAbandoned:
    """A drop that was opened and never committed; its bag is free again."""

    type: ClassVar[str] = "takeback.drop.abandoned.v1"
    drop_id: str
    return_id: str
    bag_id: str
    cause: str  # cancelled | timed_out | crashed


@dataclass(frozen=True, slots=True)
class DropRefused:
    """Every line was refused or referred: nothing was taken. `facts` as DropCommitted's."""

    type: ClassVar[str] = "takeback.drop.refused.v1"
    drop_id: str
    visit_id: str
    return_id: str
    merchant_id: str
    policy_number: int
    lines: tuple[LineFact, ...]
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StaffNeeded:
    """A shopper was sent to a person: by a verdict, by a fault, or by the help key."""

    type: ClassVar[str] = "takeback.staff.needed.v1"
    visit_id: str
    return_id: str
    reason: str
    reason_values: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class CodeRejected:
    """A code that was ours but not good: forged, expired, unknown, already used; or one that two
    configured forms of other networks claim (`reason_values` names them, there is no digest).

    `digest` recognises a code that comes again and cannot be turned back into it: a truncated
    SHA-256 of a signed code, keyed with a secret of this kiosk for codes short enough to be
    tried out.
    """

    type: ClassVar[str] = "takeback.code.rejected.v1"
    reason: str
    reason_values: dict[str, str | int]
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReceiptSettled:
    """What became of a receipt's paper."""

    type: ClassVar[str] = "takeback.receipt.settled.v1"
    drop_id: str
    outcome: str  # printed | unconfirmed | failed
    fault: str


@dataclass(frozen=True, slots=True)
class KioskStarted:
    """A start, with what had to be put right first."""

    type: ClassVar[str] = "takeback.kiosk.started.v1"
    version: str
    abandoned: int
    unprinted: int


@dataclass(frozen=True, slots=True)
class PolicyActivated:
    """A bundle took over."""

    type: ClassVar[str] = "takeback.policy.activated.v1"
    number: int
    previous: int


@dataclass(frozen=True, slots=True)
class PolicyRejected:
    """An offered bundle was not taken; the old one keeps serving."""

    type: ClassVar[str] = "takeback.policy.rejected.v1"
    number: int
    cause: str


@dataclass(frozen=True, slots=True)
class LookRefused:
    """Parts of a merchant's look in the bundle that took over are not used: the house's are.

    `problems` says which and why, one "part: why" each; the rules are followed all the same.
    """

    type: ClassVar[str] = "takeback.policy.look_refused.v1"
    number: int
    merchant_id: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A device was lost or came back."""

    type: ClassVar[str] = "takeback.device.changed.v1"
    device: str
    family: str
    state: str
    fault: str


@dataclass(frozen=True, slots=True)
class GapFact:
    """Events `first` to `last` of an epoch, both included, that could not be read again."""

    epoch: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StoreRecovered:
    """A damaged ledger was replaced by what could be read of it; this epoch begins with that.

    `events` were kept, `damaged` of them without a body that can be believed; `missing` were not
    found, and `gaps` says which, as far as they are few. Of the `drops` that stand, `rewritten`
    were written again from their events; `left_out` rows contradicted others. `uncounted`: the
    ledger's own end could not be read, so that more may be missing than was counted.
    """

    type: ClassVar[str] = "takeback.store.recovered.v1"
    cause: str  # corrupt | lost | chain | log | asked
    events: int
    damaged: int
    missing: int
    gaps: tuple[GapFact, ...]
    drops: int
    rewritten: int
    left_out: int
    uncounted: bool = False


@dataclass(frozen=True, slots=True)
class SettingsTaken:
    """The centre's settings came into force, in place of version `previous`; `values` by dotted
    name, as JSON."""

    type: ClassVar[str] = "takeback.settings.taken.v1"
    version: int
    previous: int
    values: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class SettingsRefused:
    """The centre's settings cannot be used here; those in force stay."""

    type: ClassVar[str] = "takeback.settings.refused.v1"
    version: int
    cause: str


@dataclass(frozen=True, slots=True)
class CommandSettled:
    """What became of a command of the centre: told once for each."""

    type: ClassVar[str] = "takeback.command.settled.v1"
    number: int
    kind: str
    outcome: str  # done | failed | expired | unknown
    report: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoreReplayed:
    """After a recovery the centre was asked for the drops that it had accepted of this kiosk:
    `drops` were lost here and are known again. They are not told once more."""

    type: ClassVar[str] = "takeback.store.replayed.v1"
    drops: int


@dataclass(frozen=True, slots=True)
class PhotoLost:
    """A photograph that a drop names cannot be read here any more: no other copy is known to this
    kiosk. `sha256` is the name that was promised; told once for each name."""

    type: ClassVar[str] = "takeback.photo.lost.v1"
    sha256: str
    cause: str  # damaged | gone


@dataclass(frozen=True, slots=True)
class ScreenPictured:
    """A picture of the kiosk's own screen, taken while nobody's visit was on it. As a photograph
    it travels apart, known by the SHA-256 of its JPEG (hex); `size` is that file's, in bytes.
    `troubles` are what was wrong then (kiosk.ports.Trouble); `ordered` is the number of the
    command that asked for it, 0 where a fault did."""

    type: ClassVar[str] = "takeback.screen.pictured.v1"
    sha256: str
    size: int
    troubles: tuple[str, ...]
    ordered: int = 0


KioskEvent = (
    DropCommitted
    | DropAbandoned
    | DropRefused
    | StaffNeeded
    | CodeRejected
    | ReceiptSettled
    | KioskStarted
    | PolicyActivated
    | PolicyRejected
    | LookRefused
    | DeviceChanged
    | StoreRecovered
    | StoreReplayed
    | SettingsTaken
    | SettingsRefused
    | CommandSettled
    | PhotoLost
    | ScreenPictured
)

if TYPE_CHECKING:
    Event = KioskEvent | Fact | StaffFact
    EVENTS: dict[str, type]
else:

    def __getattr__(name: str) -> object:
        if name not in ("Event", "EVENTS"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from kiosk.domain.counter.facts import Fact
        from kiosk.domain.staff.facts import StaffFact

        every = KioskEvent | Fact | StaffFact
        held = {"Event": every, "EVENTS": {kind.type: kind for kind in get_args(every)}}
        globals().update(held)
        return held[name]
