"""Who may do what: one table, of every command of the counter and every act at the desk.

A limit is a value of the tenant's. What is not known fails closed: a limit that is not set, an
amount that nobody knows or of another currency needs a second person, as above the limit; an act
that is not in the table is a supervisor's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.commands import Role
from kiosk.domain.staff.saying import Because, Refused, Then


class DeskAct(StrEnum):
    """What staff do at the desk that is no command of the counter."""

    REPRINT = "reprint"
    OVERRIDE = "override"  # do what a rule forbids
    SECOND = "second"  # be the second person for somebody else
    UNLOCK = "unlock"  # forgive a member's wrong PINs
    TRAINING = "training"  # begin and end training mode
    ENGINEER_PAGES = "engineer_pages"


class Limited(StrEnum):
    """What a limit is set for; amounts in minor units of one currency."""

    DROP_VALUE = "drop_value"  # of a drop that is voided
    OVERRIDE_VALUE = "override_value"


@dataclass(frozen=True, slots=True)
class Amount:
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to and with this amount one person is enough."""

    alone: Mapping[Limited, Amount] = field(default_factory=dict)

    def within(self, limited: Limited, amount: Amount | None) -> bool:
        limit = self.alone.get(limited)
        if limit is None or amount is None or limit.currency != amount.currency:
            return False
        return 0 <= amount.minor <= limit.minor


@dataclass(frozen=True, slots=True)
class Row:
    """`alone` may do it by themselves, up to the `limit` where there is one; above it, and always
    for those in `helped`, with a supervisor as second person."""

    alone: frozenset[Role]
    helped: frozenset[Role] = frozenset()
    limit: Limited | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """One person is enough."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Somebody else with this role must sign for it, here and now."""

    second: Role


Act = type | DeskAct
Answer = Allowed | Needs | Refused

_A, _S, _E, _H = Role.ASSOCIATE, Role.SUPERVISOR, Role.ENGINEER, Role.HOUSE
_DESK = Row(frozenset({_A, _S}))
_SUPERVISED = Row(frozenset({_S}), helped=frozenset({_A}))
_SUPERVISOR = Row(frozenset({_S}))
_HOUSE = Row(frozenset({_H}))
_HOUSE_TOO = Row(frozenset({_H, _S}))

TABLE: Mapping[Act, Row] = {
    ask.Receive: _DESK,
    ask.RefuseIn: _DESK,
    ask.Shelve: _DESK,
    ask.HandOut: _DESK,
    ask.RefuseOut: _DESK,
    ask.ReportMissing: _DESK,
    ask.ReportFound: _DESK,
    ask.Extend: _DESK,
    ask.Stage: _DESK,
    ask.Expire: _HOUSE_TOO,
    ask.RecordNotice: _HOUSE,
    # Whoever could issue a code could collect with it.
    ask.IssueCode: _HOUSE,
    ask.TakeDrop: _DESK,
    ask.VoidDrop: Row(frozenset({_A, _S}), limit=Limited.DROP_VALUE),
    # The parcel stays in the shop's books, so that nothing can be taken by it.
    ask.ReceiveInstead: _DESK,
    ask.ContainBag: _DESK,
    ask.ContainParcel: _DESK,
    ask.ProvideContainer: _DESK,
    ask.OpenContainer: _DESK,
    ask.CloseContainer: _DESK,
    # A seal is broken before witnesses.
    ask.ReopenContainer: _SUPERVISED,
    ask.ReportDamaged: _DESK,
    ask.ReportLost: _SUPERVISED,
    ask.RecordArrival: _HOUSE,
    ask.SettleContainer: _HOUSE,
    ask.DraftManifest: _DESK,
    ask.ReadyManifest: _DESK,
    ask.SignManifest: _DESK,
    ask.VoidManifest: _SUPERVISED,
    ask.CountManifest: _HOUSE_TOO,
    DeskAct.REPRINT: _DESK,
    DeskAct.OVERRIDE: Row(frozenset({_S}), frozenset({_A}), Limited.OVERRIDE_VALUE),
    DeskAct.SECOND: _SUPERVISOR,
    DeskAct.UNLOCK: _SUPERVISOR,
    DeskAct.TRAINING: Row(frozenset({_A, _S, _E})),
    DeskAct.ENGINEER_PAGES: Row(frozenset({_E})),
}


def may(roles: frozenset[Role], act: Act, limits: Limits, amount: Amount | None = None) -> Answer:
    """Whether people with these roles may do it. `amount` is what it is about, None where that is
    not known; it matters where the act has a limit."""
    row = TABLE.get(act, _SUPERVISOR)
    if roles & row.alone and (row.limit is None or limits.within(row.limit, amount)):
        return Allowed()
    # The house is nobody: it can have nobody beside it.
    if (roles & (row.alone | row.helped)) - {Role.HOUSE}:
        return Needs(Role.SUPERVISOR)
    return Refused(Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)
