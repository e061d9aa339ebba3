"""Pick-up codes: what they open, and the wrong ones, counted on the disk before the answer.

Wrong, unknown, used and expired are one answer after the same work. A code that is good writes
nothing: that it opens something is told by the parcels that are fetched, and not by how long it
takes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from kiosk.app.counter.premises import Premises
from kiosk.domain.counter import pick_up, planning
from kiosk.domain.counter.commands import HandOut
from kiosk.domain.counter.pick_up import Limit, Tries
from kiosk.domain.counter.planning import Plan
from kiosk.domain.counter.saying import NOT_RECORDED, Refused
from kiosk.store import StoreFailed
from kiosk.store.counter_keeping import CodeTries

log = logging.getLogger(__name__)


class Collecting:
    """On the core thread."""

    def __init__(self, premises: Premises, limit: Limit | None = None) -> None:
        self._premises = premises
        self._limit = limit or Limit()
        self._tried: CodeTries | None = None

    def plan(self, code: str) -> Plan | Refused:
        here = self._premises
        waiting = self.must_wait(())
        if waiting is not None:
            return waiting
        found = planning.plan(here.shop, here.rules, code)
        return self._wrong((), found) if isinstance(found, Refused) else found

    def checked(self, command: HandOut) -> Refused | None:
        """Why parcels are not handed out for a code: too many wrong ones were tried for one of
        them, or it is not theirs, which counts for each that it is not good for."""
        if not command.code:
            return None
        waiting = self.must_wait(command.numbers)
        if waiting is not None:
            return waiting
        parcels = self._premises.shop.parcels
        wrong = [n for n in command.numbers if not pick_up.good_for(parcels[n], command.code)]
        return self._wrong(wrong, pick_up.NOT_GOOD) if wrong else None

    def must_wait(self, numbers: Iterable[str]) -> Refused | None:
        """Why no code may be tried now, at this counter or for these parcels."""
        try:
            tried, at = self._tries(), self._premises.at()
        except StoreFailed:
            log.exception("wrong codes could not be read")
            return NOT_RECORDED
        each = (tried.counter, *(tried.parcels.get(number, Tries()) for number in numbers))
        found = (pick_up.may_try(one, self._limit, at) for one in each)
        return next((refused for refused in found if refused is not None), None)

    def _wrong(self, numbers: Iterable[str], answer: Refused) -> Refused:
        """One more wrong try: written, then answered. What cannot be written counts all the same,
        until a restart."""
        tried, at = self._tries(), self._premises.at()
        parcels = {n: one for n, one in tried.parcels.items() if self._counts(one, at)}
        for number in numbers:
            held = parcels.get(number, Tries())
            parcels[number] = pick_up.after_wrong(held, self._limit, at)
        after = CodeTries(pick_up.after_wrong(tried.counter, self._limit, at), parcels)
        self._tried = after
        keeping = self._premises.keeping
        try:
            self._premises.store.run(lambda work: keeping.keep_code_tries(work, after))
        except StoreFailed:
            log.exception("a wrong code could not be counted")
            return NOT_RECORDED
        return answer

    def _tries(self) -> CodeTries:
        """Time goes back by the centre's word alone. The tries then go with it: no pause gets
        shorter, and none lasts as long as the clock ran ahead."""
        at = self._premises.at()
        tried = self._tried or self._premises.keeping.code_tries(at)
        ahead = max(one.latest for one in (tried.counter, *tried.parcels.values())) - at
        if ahead > 0:
            parcels = {number: one.earlier(ahead) for number, one in tried.parcels.items()}
            tried = CodeTries(tried.counter.earlier(ahead), parcels)
        self._tried = tried
        return tried

    def _counts(self, tried: Tries, at: int) -> bool:
        barred = tried.barred_at is not None and at < tried.barred_at + self._limit.pause
        return barred or any(one > at - self._limit.window for one in tried.wrong)
