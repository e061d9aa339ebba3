"""Who is there: badge and PIN, PINs that are chosen, wrong tries, and what is told of all that.

A try is on the disk before its answer is given. One PIN is checked each time by the port, also
where there is nobody to check it for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from kiosk.app.counter.premises import Premises
from kiosk.domain.staff import signing_in, tries
from kiosk.domain.staff.facts import PinChosen, PinUnlocked, StaffFact
from kiosk.domain.staff.people import ChosenPin
from kiosk.domain.staff.permits import Allowed, DeskAct
from kiosk.domain.staff.pins import weak
from kiosk.domain.staff.saying import NOT_RECORDED, Because, Refused, Then
from kiosk.domain.staff.sessions import Screen, may_act
from kiosk.domain.staff.signing_in import Shown, SignedIn
from kiosk.domain.staff.tries import Trying
from kiosk.ports import Pins
from kiosk.store import StoreFailed

if TYPE_CHECKING:
    from kiosk.store import Work

log = logging.getLogger(__name__)


class People:
    """On the core thread. Nothing here raises for what people or disks do."""

    def __init__(self, premises: Premises, pins: Pins) -> None:
        self._premises = premises
        self._pins = pins
        self._trying: Trying | None = None

    def sign_in(self, shown: Shown, pin: str) -> SignedIn | Refused:
        here, at = self._premises, self._premises.at()
        try:
            trying = self._tries(at)
        except StoreFailed:
            log.exception("wrong PINs could not be read")
            return NOT_RECORDED
        rule = here.house.sign_in
        waiting = signing_in.must_wait(trying, rule, at)
        if waiting is not None:
            return waiting
        check = signing_in.to_check(here.house.roster, shown, self._pins.nobodys)
        matched = self._pins.matches(check.verifier, pin) and shown.pin
        result = signing_in.sign_in(check, matched, trying, rule, at)

        def task(work: Work) -> None:
            here.keeping.keep_tries(work, result.trying)
            if result.fact is not None:
                work.record(result.fact, result.fact.staff_id or here.facts.device)

        # What cannot be written counts all the same, until a restart.
        self._trying = result.trying
        return result.answer if self._written(task, "a sign-in") else NOT_RECORDED

    def choose_pin(self, staff_id: str, pin: str) -> Refused | None:
        here = self._premises
        member = here.house.roster.member(staff_id)
        if member is None:
            return Refused(Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)
        refused = weak(pin, here.house.pins, staff_id)
        if refused is not None:
            return refused
        chosen = ChosenPin(staff_id, self._pins.make(pin), member.pin_round)

        def task(work: Work) -> None:
            here.keeping.choose_pin(work, chosen)
            work.record(PinChosen(staff_id, chosen.pin_round), staff_id)

        if not self._written(task, "a PIN"):
            return NOT_RECORDED
        here.chosen(chosen)
        return None

    def unlock(self, staff: Screen, staff_id: str) -> Refused | None:
        """A supervisor forgives a member's wrong PINs."""
        here, at = self._premises, self._premises.at()
        house = here.house
        answer = may_act(staff, DeskAct.UNLOCK, house.times, house.roster, house.limits, at)
        if isinstance(answer, Refused):
            return answer
        if not isinstance(answer, Allowed) or staff.session is None:
            return Refused(Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)
        by = staff.session.staff_id
        try:
            after = tries.unlocked(self._tries(at), staff_id)
        except StoreFailed:
            return NOT_RECORDED

        def task(work: Work) -> None:
            here.keeping.keep_tries(work, after)
            work.record(PinUnlocked(staff_id, by), staff_id)

        if not self._written(task, "an unlocking"):
            return NOT_RECORDED
        self._trying = after
        return None

    def forgive(self, staff_ids: Collection[str]) -> None:
        """The centre made a new round for these members: their wrong PINs count no more. Where
        that cannot be written, a supervisor can still unlock them."""
        if not staff_ids:
            return
        try:
            after = self._tries(self._premises.at())
        except StoreFailed:
            log.exception("wrong PINs could not be read")
            return
        for staff_id in staff_ids:
            after = tries.unlocked(after, staff_id)
        forgiven = after
        if self._written(lambda work: self._premises.keeping.keep_tries(work, forgiven), "a round"):
            self._trying = forgiven

    def record(self, facts: Sequence[StaffFact]) -> None:
        """What became of sessions. A sign-out must not fail: the disk's faults are logged."""

        def task(work: Work) -> None:
            for fact in facts:
                subject = getattr(fact, "staff_id", "") or self._premises.facts.device
                work.record(fact, subject)

        self._written(task, "what became of a session")

    def _written(self, task: Callable[[Work], None], what: str) -> bool:
        try:
            self._premises.store.run(task)
        except StoreFailed:
            log.exception("%s could not be recorded", what)
            return False
        return True

    def _tries(self, at: int) -> Trying:
        """Time goes back by the centre's word alone, and the tries then go with it."""
        if self._trying is None:
            self._trying = self._premises.keeping.tries(at)
        self._trying = tries.set_back(self._trying, at)
        return self._trying
