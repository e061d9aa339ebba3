"""People of the house, and what they do about cases: by the very functions that the pages call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from kiosk.demo.weeks.clock import StoryClock
from kiosk.demo.weeks.dice import Dice
from kiosk.ports import Clock, Ids
from sync.central.audit import Actor, at_console
from sync.central.cases import UNSETTLED, Kind, Resolution, Step
from sync.central.cases.acting import act
from sync.central.database import Database
from sync.central.demo import ADMIN, TENANT
from sync.central.people import create_admin
from sync.central.people.managing import set_roles
from sync.central.rest import keys
from sync.central.roles import Permission, Role
from sync.central.tables import cases, people


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    role: Role
    merchant: str = ""


COLLEAGUES: Final = (
    Colleague("amira", Role.AGENT),
    Colleague("jonas", Role.AGENT),
    Colleague("vera", Role.VIEWER),
    Colleague("pilar", Role.POLICY),
    Colleague("felix", Role.FLEET),
    Colleague("odile", Role.AUDITOR),
    Colleague("lina", Role.AGENT, "linden"),
)
_AGENTS: Final = tuple(
    one.name for one in COLLEAGUES if one.role is Role.AGENT and not one.merchant
)

_STORIES: Final[Mapping[Kind, tuple[Resolution, str, str]]] = {
    Kind.MISSING: (
        Resolution.FOUND,
        "Called the shop; they look behind the cage and in the second bin.",
        "It lay beside the container. It goes with tomorrow's list.",
    ),
    Kind.EXTRA: (
        Resolution.BOOKED,
        "Nobody dropped this bag. Asked the hub to open it.",
        "A bag of the counter, put into the wrong cage. Booked by hand.",
    ),
    Kind.COUNT_DIFFERS: (
        Resolution.CLAIMED,
        "Asked for the hub's picture of the open bag.",
        "The picture shows one item less than was taken. The carrier pays for it.",
    ),
    Kind.VALUE_DIFFERS: (
        Resolution.TOLD_MERCHANT,
        "Compared with the receipt: the promise is right.",
        "The shop was told and puts it right with its next payment.",
    ),
    Kind.DUPLICATE_DROP: (
        Resolution.FIRST_ONLY,
        "One kiosk was offline, so neither could know of the other.",
        "Both bags hold the same order. Only the first is paid.",
    ),
    Kind.UNKNOWN_PARCEL: (
        Resolution.SENT_ON,
        "Asked the hub for a picture of the label.",
        "Belongs to another network. Sent on to them.",
    ),
    Kind.SEQUENCE_GAP: (
        Resolution.KIOSK_MENDED,
        "The kiosk counted on after a power cut. Felix looked at its disk.",
        "No drop is missing: the number was given and never printed.",
    ),
    Kind.LATE_UPLOAD: (
        Resolution.BOOKED,
        "The site had no network for three days.",
        "All drops are here now. They count on the next open day.",
    ),
    Kind.QUARANTINED_EVENT: (
        Resolution.NO_EFFECT,
        "Only the receipt's state is unreadable, the drop itself is here.",
        "Nothing follows from it.",
    ),
    Kind.VERDICT_DIFFERS: (
        Resolution.KIOSK_STANDS,
        "The kiosk left out the fee for shoes.",
        "The shopper was promised the whole price, so we keep to it.",
    ),
}
"""How each kind ends, what is said when somebody takes it, and what in the end."""
_OF_UNITS: Final[Mapping[tuple[str, str], tuple[Resolution, str, str]]] = {
    ("missing", "container"): (
        Resolution.CLAIMED,
        "The carrier has it on its list and the hub has not. Asked for a search.",
        "Not found in five days. The carrier pays for what was in it.",
    ),
    ("missing", "return"): (
        Resolution.TOLD_MERCHANT,
        "The shopper asks for the money, and the receipt is genuine.",
        "The shop was told with the receipt, and pays with its next run.",
    ),
}
"""The same, where it depends on what the case is about."""


def engage(database: Database, clock: Clock, ids: Ids, password: str) -> None:
    """The administrator and a colleague of every role, all with one password. Nothing is taken
    from another tenant: ValueError where a name is somebody's there."""
    names = [one.name for one in COLLEAGUES]
    with database.reading() as c:
        theirs = sa.select(people.c.name).where(people.c.name.in_(names), people.c.tenant != TENANT)
        taken = sorted(c.execute(theirs).scalars())
    if taken:
        raise ValueError(f"another tenant has people with these names: {', '.join(taken)}")
    create_admin(database, ids, TENANT, ADMIN, password, clock)
    for one in COLLEAGUES:
        create_admin(database, ids, TENANT, one.name, password, clock, (one.role,))
        if one.merchant:
            bound = frozenset({one.role})
            wrong = set_roles(database, clock, at_console(TENANT), one.name, bound, one.merchant)
            assert wrong is None, wrong


def hand_out_keys(database: Database, clock: Clock, ids: Ids, shops: tuple[str, ...]) -> None:
    """Keys of the shops', the hub's and the carrier's machines; their tokens are thrown away."""
    wanted = [(keys.Role.MERCHANT, shop) for shop in shops]
    wanted += [(keys.Role.HUB, "north"), (keys.Role.CARRIER, "swift")]
    for role, subject in wanted:
        made = keys.make(database, clock, ids, TENANT, role, subject, name=f"{subject}, warehouse")
        assert not isinstance(made, str), made


def _ending(row: sa.Row[Any]) -> tuple[Resolution, str, str] | None:
    """How such a case ends; None for what nobody settles here."""
    return _OF_UNITS.get((row.kind, row.subject_kind)) or _STORIES.get(Kind(row.kind))


class Desk:
    """What the agents do in a morning: take what is open, and settle what they took before."""

    def __init__(self, database: Database, clock: StoryClock, dice: Dice) -> None:
        self._database = database
        self._clock = clock
        self._dice = dice

    def morning(self) -> int:
        """How many cases were settled. The newest are left alone."""
        rows = self._rows()
        settled = 0
        for row in rows:
            ending = _ending(row)
            if ending is None:
                continue
            resolution, first, last = ending
            if not row.owner:
                name = self._dice.one_of(_AGENTS)
                self._act(name, row.case_id, row.steps, Step.TAKEN)
                self._act(name, row.case_id, row.steps + 1, Step.COMMENTED, comment=first)
            elif self._dice.chance(45):
                ends = {"resolution": resolution.value, "comment": last}
                self._act(row.owner, row.case_id, row.steps, Step.SETTLED, **ends)
                settled += 1
        return settled

    def _rows(self) -> list[sa.Row[Any]]:
        mine = sa.and_(cases.c.tenant == TENANT, cases.c.state.in_(UNSETTLED))
        of = (cases.c.case_id, cases.c.kind, cases.c.subject_kind, cases.c.owner, cases.c.steps)
        told = sa.select(*of).where(mine)
        with self._database.reading() as c:
            return list(c.execute(told.order_by(cases.c.opened_at, cases.c.case_id)))

    def _act(self, name: str, case_id: str, seen: int, step: Step, **said: str) -> None:
        actor = Actor(TENANT, name, "", Permission.SETTLE_CASES.value)
        wrong = act(self._database, self._clock, actor, case_id, seen, step, **said)
        assert wrong is None, wrong
