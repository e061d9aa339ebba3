"""What staff do: who may, what is decided, and all of it on the disk in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.app.counter.collecting import Collecting
from kiosk.app.counter.drops import void_drops
from kiosk.app.counter.premises import Premises
from kiosk.app.numbers import read_drop_number
from kiosk.domain.counter.acting import Acted
from kiosk.domain.counter.commands import (
    Command,
    HandOut,
    ReceiveInstead,
    Role,
    SignManifest,
    VoidDrop,
    Who,
)
from kiosk.domain.counter.deciding import decide
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.saying import NOT_RECORDED, Refused
from kiosk.domain.staff import sessions
from kiosk.domain.staff.facts import Overridden
from kiosk.domain.staff.overrides import Approval, Wanted, may_override
from kiosk.domain.staff.people import Member
from kiosk.domain.staff.permits import Allowed, Amount, DeskAct, Limited, Needs, may
from kiosk.domain.staff.saying import Because as StaffBecause
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.domain.staff.saying import Then as StaffThen
from kiosk.domain.staff.training import Practice
from kiosk.store import StoreFailed, voiding

if TYPE_CHECKING:
    from kiosk.store import Work

log = logging.getLogger(__name__)

HOUSE = Who("", Role.HOUSE)
Answer = Acted | Refused | StaffRefused | Needs
Made = Callable[["Work", tuple[Fact, ...]], Sequence[Fact]]
"""The facts as they are recorded, made of those that were decided."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """Somebody may do it; `override` where a rule was set aside for it."""

    member: Member
    override: Overridden | None = None


class Acting:
    """On the core thread. Nothing here raises for what people or disks do."""

    def __init__(self, premises: Premises, collecting: Collecting) -> None:
        self._premises = premises
        self._collecting = collecting

    def act(
        self,
        staff: sessions.Screen,
        command: Command,
        wanted: Wanted | None,
        second: Approval | None,
        practice: Practice | None,
        make: Made | None = None,
    ) -> Answer:
        permitted = self._permitted(staff, command, wanted, second)
        if not isinstance(permitted, Permitted):
            return permitted
        who = sessions.as_who(permitted.member)
        training = staff.session is not None and staff.session.training
        if training or practice is not None:
            return self._practise(command, who, practice if training else None)
        return self._record(command, who, permitted.override, make)

    def by_the_house(self, command: Command) -> tuple[Fact, ...] | Refused:
        """What the clock asks for."""
        answer = self._record(command, HOUSE, None, None)
        return answer.facts if isinstance(answer, Acted) else answer

    def _permitted(
        self,
        staff: sessions.Screen,
        command: Command,
        wanted: Wanted | None,
        second: Approval | None,
    ) -> Permitted | StaffRefused | Refused | Needs:
        here, act = self._premises, type(command)
        house, at = here.house, here.at()
        try:
            amount = self._amount(command)
        except StoreFailed:
            log.exception("what a drop is worth could not be looked up")
            return NOT_RECORDED
        override = None
        if wanted is None:
            answer = sessions.may_act(
                staff, act, house.times, house.roster, house.limits, at, amount
            )
            if not isinstance(answer, Allowed):
                return answer
        else:
            told, by = self._told(wanted, second, act, amount)
            given = may_override(staff, told, house.times, house.roster, house.limits, at, by)
            if not isinstance(given, Overridden):
                return given
            override = given
        member = None if staff.session is None else house.roster.member(staff.session.staff_id)
        if member is None or self._wrong_approval(command, at):
            return StaffRefused(StaffBecause.NOT_ALLOWED, StaffThen.ASK_SUPERVISOR)
        return Permitted(member, override)

    def _told(
        self, wanted: Wanted, second: Approval | None, act: type, amount: Amount | None
    ) -> tuple[Wanted, Approval | None]:
        """What it is worth is for this counter's own books to say: nobody types it. A signature
        for something else stays one for something else."""
        told = replace(wanted, act=act, amount=amount)
        if second is None:
            return told, None
        fits = second.act == wanted.act and second.amount == wanted.amount
        return told, replace(second, act=act, amount=amount) if fits else second

    def _amount(self, command: Command) -> Amount | None:
        """A kiosk's drop has the worth of its goods; for goods that came with a carrier's label
        nothing was promised here. None where nobody knows, or a drop has two currencies."""
        if not isinstance(command, VoidDrop):
            return None
        drop_id = self._premises.shop.bags[command.bag_id].drop_id
        with self._premises.store.look() as work:
            worth = voiding.worth(work, drop_id)
        if worth is None and not _labelled(drop_id):
            return None
        if not worth:
            limit = self._premises.house.limits.alone.get(Limited.DROP_VALUE)
            return None if limit is None else Amount(0, limit.currency)
        return Amount(*worth[0]) if len(worth) == 1 else None

    def _wrong_approval(self, command: Command, at: int) -> bool:
        """Whether a hand-out names somebody as its approver who cannot be one, or what came at the
        kiosk is said to have come with a driver."""
        house = self._premises.house
        match command:
            case HandOut() if command.shown.approved_by:
                by = house.roster.member(command.shown.approved_by)
                good = by is not None and by.works_at(at) and not by.must_choose_pin
                seconds = () if by is None else by.roles
                allowed = may(frozenset(seconds), DeskAct.SECOND, house.limits)
                return not (good and isinstance(allowed, Allowed))
            case ReceiveInstead(number=number):
                drop_id = self._premises.shop.bags[number].drop_id
                return drop_id != "" and not _labelled(drop_id)
            case _:
                return False

    def _practise(self, command: Command, who: Who, practice: Practice | None) -> Answer:
        if practice is None:
            return StaffRefused(StaffBecause.IN_TRAINING, StaffThen.LEAVE_TRAINING)
        done = practice.ask(command, who, self._premises.now())
        return done if isinstance(done, Refused) else Acted(done.for_show)

    def _record(
        self, command: Command, who: Who, override: Overridden | None, make: Made | None
    ) -> Acted | Refused:
        here = self._premises
        if isinstance(command, HandOut):
            refused = self._collecting.checked(command)
            if refused is not None:
                return refused
        now = here.now()
        decided = decide(here.shop, here.rules, command, who, now)
        if isinstance(decided, Refused):
            return decided
        if not decided:
            return Acted(())

        def task(work: Work) -> Sequence[Fact]:
            facts = decided if make is None else make(work, decided)
            void_drops(work, here.shop, facts, now)
            if override is not None:
                work.record(override, override.about or override.by)
            return facts

        try:
            return Acted(here.record(task))
        except StoreFailed:
            log.exception("%s could not be recorded", type(command).__name__)
            return NOT_RECORDED


def _labelled(drop_id: str) -> bool:
    """A labelled drop-off has its number for an id, a kiosk's drop a UUID."""
    return read_drop_number(drop_id) is not None


def signed_by(command: Command) -> tuple[str, ...]:
    """The drawings that a command names."""
    match command:
        case HandOut(shown=shown) if shown.signature:
            return (shown.signature,)
        case SignManifest(staff_signature=staff, driver_signature=driver):
            return (staff, driver)
        case _:
            return ()
