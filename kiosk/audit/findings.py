"""What a check of an exported ledger finds."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.audit.lines import Role


@dataclass(frozen=True, slots=True)
class Given:
    """Raw public keys that the reader has from elsewhere and trusts. Where some are given for a
    role, no other counts for it; where none are, those in the file are taken."""

    device: frozenset[bytes] = frozenset()
    centre: frozenset[bytes] = frozenset()

    def of(self, role: Role) -> frozenset[bytes]:
        return self.device if role == "device" else self.centre


@dataclass(frozen=True, slots=True)
class KeyUse:
    """`why` is "given", "contained" (taken from the file itself) or "not given" (others were, so
    it counts for nothing); `used` counts what it signed."""

    role: Role
    kid: str
    public: str
    why: str
    used: int


@dataclass(frozen=True, slots=True)
class Note:
    """Nothing wrong, and something that a reader should know. `line` counts from 1.

    `kind` is one of: shortened, forked, gap, clock-back, witness, key-not-given, unsigned."""

    line: int
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """The last place of the newest chain that the centre swore to, when, and how many events of
    it came after."""

    epoch: str
    sequence: int
    time: str
    after: int


@dataclass(frozen=True, slots=True)
class Found:
    """Where the event stands that a receipt names. `vouched` is the time of the first anchor at or
    after it, "" where there is none yet."""

    line: int
    epoch: str
    sequence: int
    type: str
    subject: str
    time: str
    chain: str
    vouched: str = ""


@dataclass(frozen=True, slots=True)
class Proven:
    """Everything follows. `newest` is the last chain's newest link; `anchors` counts those by
    keys that count; `sealed` says whether the device signed the file as a whole; `notes` are the
    first ones, `notes_left` how many more there were."""

    device_id: str
    chains: int
    events: int
    newest: str
    anchors: int = 0
    sealed: bool = False
    vouched: Vouched | None = None
    keys: tuple[KeyUse, ...] = ()
    notes: tuple[Note, ...] = ()
    notes_left: int = 0
    receipt: Found | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line (from 1) that does not follow from those before it."""

    line: int
    why: str
