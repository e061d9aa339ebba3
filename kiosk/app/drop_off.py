"""The shopper's drop-off: check, reconsider, commit; or refuse, abandon, call staff.

Runs on the core thread. Nothing here raises for what shoppers, merchants or disks do: those are
Rejected with a reason. A promise is made by `commit` alone, and only after its transaction is on
the disk.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.app import answering, checking, committing, finding, judging
from kiosk.app.answering import Place, Wanted
from kiosk.app.checking import Presented
from kiosk.app.committing import Goods, Kept, Promisor
from kiosk.app.finding import local_day
from kiosk.app.photographs import Photographs
from kiosk.app.site import Site
from kiosk.domain.codes.model import Code, Unreadable
from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.drops import DropState
from kiosk.domain.events import CodeRejected, DropRefused, LineFact, PhotoFact, StaffNeeded
from kiosk.domain.policy.model import Context, Question
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import (
    AbandonCause,
    CommittedDrop,
    IdentifiedBy,
    Item,
    Offer,
    OpenDrop,
    Rejected,
    TypedOrder,
)
from kiosk.ports import Clock, Ids, Scanned
from kiosk.seal.keys import SigningKey
from kiosk.store import StoreFailed

if TYPE_CHECKING:
    from kiosk.store import Store, Work
    from kiosk.store.policy_file import ActivePolicy

logger = logging.getLogger(__name__)

SAME_REFUSAL_S = 60.0
"""For so long the same code refused for the same reason is not recorded again."""


class DropOff:
    """The verbs of kiosk.flows.model.Do that have to do with goods.

    `offline` tells whether the centre is out of reach at this moment; `counter`, whether staff at
    a counter take parcels here; `timezone` is the site's, `site` what rules may ask of it, and
    `photographs` what can be photographed here at the moment, None for nothing ever; `goods` is
    the counter that takes bags on, None where there is none.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        kiosk_code: str,
        device_id: str,
        key: SigningKey,
        offline: Callable[[], bool],
        counter: bool = False,
        timezone: str = "UTC",
        site: Site | None = None,
        photographs: Photographs | None = None,
        goods: Goods | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._promisor = Promisor(kiosk_code, device_id, key)
        self._offline = offline
        self._pepper = finding.pepper_of(key)
        self._place = Place(counter, key.public, lambda at: local_day(at, timezone).isoformat())
        self._refusals: dict[tuple[str, Why], float] = {}
        self._site = site or Site()
        self._photographs = photographs
        self._goods = goods
        self._visit: tuple[str, ActivePolicy] | None = None
        self._ready: tuple[OpenDrop, Kept] | None = None

    def check(self, visit_id: str, presented: Scanned | str | TypedOrder) -> OpenDrop | Rejected:
        """Find and judge a return; from here on it is open in this visit.

        `presented` is a scan, a typed short code, or a typed order with its postal code. The
        same return again in the same visit is the same drop, judged anew.
        """
        with self._store.in_front():
            return self._check(visit_id, presented)

    def _check(self, visit_id: str, presented: Scanned | str | TypedOrder) -> OpenDrop | Rejected:
        code = finding.read(presented, self._forms())
        away = self._turned_away(code, presented)
        if away is not None:
            return Rejected(away)
        assert not isinstance(code, Unreadable)  # those were all turned away
        newest = self._in_force()
        if isinstance(newest, Reason):
            return Rejected(newest)
        policy = self._of_visit(visit_id, newest)
        digest = finding.digest(code, self._pepper)
        asked = Presented(
            visit_id=visit_id,
            code=code,
            policy=policy,
            context=self._context(policy, self._offline()),
            wall=self._clock.now(),
            device_id=self._promisor.device_id,
            digest=digest,
            known=lambda reason: self._is_known(digest, reason),
            new_id=self._ids.uuid,
        )
        try:
            outcome = self._store.run(lambda work: checking.check(work, asked))
        except StoreFailed:
            self._visit = None  # it may be the visit's old bundle that is gone
            logger.exception("a return could not be looked up")
            return Rejected(Reason(Why.STORE_FAILED))
        if isinstance(outcome, Rejected):
            self._refusals[digest, outcome.reason.why] = self._clock.monotonic()
        return outcome

    def reconsider(self, drop: OpenDrop, item: Item) -> OpenDrop:
        """Judge the return again, with what is brought of the item's line and what was answered.

        The visit goes on under the bundle it began with, whatever comes into force meanwhile.
        Without a bundle the drop stays as it is; `commit` will say why.
        """
        newest = self._store.policy.current()
        if newest is None:
            return drop
        policy = self._of_visit(drop.visit_id, newest)
        rules = policy.policy_for(drop.merchant.merchant_id)
        context = self._context(policy, drop.offline)
        asked = replace(judging.told(drop, item), policy_number=rules.number, context=context)
        after = replace(asked, items=judging.judge(asked, rules, context))
        if drop.asking() is not None and after.asking() is None:
            self._quietly(lambda work: _decided(work, after, self._clock), "decided")
        return after

    def offers(self, drop: OpenDrop, item: Item, question: Question) -> tuple[Offer, ...]:
        """What each answer to the item's question would bring, with all else as it stands.
        Nothing is recorded."""
        newest = self._store.policy.current()
        if newest is None:
            return tuple(Offer(answer) for answer in question.answers)
        policy = self._of_visit(drop.visit_id, newest)
        rules = policy.policy_for(drop.merchant.merchant_id)
        context = self._context(policy, drop.offline)
        return judging.offers(drop, item, question, rules, context)

    def get_ready(self, drop: OpenDrop) -> None:
        """The shopper looks for a bag: reckon now what the event of this very drop will tell.
        Nothing is promised or recorded. A drop that is judged anew is another one, and `commit`
        reckons for itself what was not reckoned before."""
        self._ready = drop, judging.kept(drop)

    def _kept(self, drop: OpenDrop) -> Kept:
        ready = self._ready
        return judging.kept(drop) if ready is None or ready[0] is not drop else ready[1]

    def commit(self, drop: OpenDrop, bag: Scanned | str | None) -> CommittedDrop | Rejected:
        """The promise: one transaction. The same drop again gives the same promise.

        `bag` is the scan of the bag's code or its typed number, None where nothing needs one.
        Raises IllegalTransition while a question is open: no screen leads there.
        """
        with self._store.in_front():
            return self._commit(drop, bag)

    def _commit(self, drop: OpenDrop, bag: Scanned | str | None) -> CommittedDrop | Rejected:
        bag_id = committing.read_bag(drop, bag, self._place, self._forms())
        if isinstance(bag_id, Reason):
            return Rejected(bag_id)
        policy = self._in_force()
        if isinstance(policy, Reason):
            return Rejected(policy)
        if drop.code_id and drop.code_id in policy.revoked_codes:
            return Rejected(Reason(Why.RETURN_CANCELLED))
        now = self._clock.now()
        kept = self._kept(drop)
        try:
            photos = self._photos(drop)
            if photos is None:
                return Rejected(Reason(Why.STORE_FAILED))
            promise = self._store.run(
                lambda work: committing.commit(
                    work, drop, bag_id, self._promisor, now, kept, photos, self._goods
                )
            )
        except StoreFailed:
            logger.exception("a drop could not be committed")
            return Rejected(Reason(Why.STORE_FAILED))
        if self._goods is not None:
            self._goods.after()
        if self._photographs is not None and isinstance(promise, CommittedDrop):
            self._photographs.promised(photo.sha256 for photo in photos)
        return promise

    def _photos(self, drop: OpenDrop) -> tuple[PhotoFact, ...] | None:
        """See kiosk.app.photographs.Photographs.of; none where none are ever taken."""
        return () if self._photographs is None else self._photographs.of(drop)

    def refuse(self, drop: OpenDrop) -> None:
        """Nothing of it can be taken; recorded with the reason of each line."""

        def task(work: Work) -> None:
            row = work.drops.find_open(drop.drop_id)
            if row is None:
                return
            value = row.drop
            if value.state is DropState.OPEN:
                value = value.decide(drop.needs_bag)
            lines, shared = judging.kept(drop)
            work.drops.move(value.refuse(), self._clock.now())
            work.drops.add_lines(drop.drop_id, drop.authorisation.return_id, lines)
            work.record(_refused(drop, lines, shared), drop.drop_id)

        self._quietly(task, "refused")

    def abandon(self, drop: OpenDrop, cause: AbandonCause) -> None:
        """Given up before the promise. One that was promised or refused stays what it is."""

        def task(work: Work) -> None:
            row = work.drops.find_open(drop.drop_id)
            if row is not None:
                checking.give_up(work, row, cause, self._clock.now())

        self._quietly(task, "abandoned")

    def call_staff(self, visit_id: str, reason: Reason, drop: OpenDrop | None) -> None:
        """A person is needed; recorded with the reason, and the return where one is at hand."""
        return_id = "" if drop is None else drop.authorisation.return_id
        fact = StaffNeeded(visit_id, return_id, reason.why.value, dict(reason.values))
        subject = return_id or visit_id or self._promisor.device_id
        self._quietly(lambda work: work.record(fact, subject), "referred to staff")

    def let_go(self) -> None:
        """Nobody stands here: the bundle that the last visit began with may be closed, and what
        it photographed and did not promise goes."""
        self._visit = self._ready = None
        if self._photographs is not None:
            self._photographs.let_go()

    def _forms(self) -> tuple[ThirdPartyForm, ...]:
        """What other networks' codes look like; none without a bundle."""
        policy = self._store.policy.current()
        return () if policy is None else policy.content.third_party

    def _turned_away(
        self, code: Code | Unreadable, presented: Scanned | str | TypedOrder
    ) -> Reason | None:
        """Why this names no return at all; None where it may."""
        if not isinstance(code, Unreadable):
            return answering.elsewhere(code, Wanted.RETURN, self._place)
        if not isinstance(presented, Scanned):
            return code.reason  # a slip of the finger, whatever it looks like
        if code.reason.why is Why.CODE_AMBIGUOUS:
            self._tell_ambiguous(code.reason)
        return answering.unreadable(code, Wanted.RETURN, self._place, presented.text)

    def _tell_ambiguous(self, reason: Reason) -> None:
        """Two forms of the bundle claim one code: until somebody mends them, such returns cannot
        be dropped here. Recorded once a minute at most, without the code."""
        forms = str(reason.values["forms"])
        if self._is_known(forms, reason):
            return
        self._refusals[forms, reason.why] = self._clock.monotonic()
        kind = IdentifiedBy.THIRD_PARTY.value
        fact = CodeRejected(reason.why.value, dict(reason.values), kind, "")
        self._quietly(lambda work: work.record(fact, self._promisor.device_id), "turned away")

    def _in_force(self) -> ActivePolicy | Reason:
        """The bundle to decide by. None, or one past its time, accepts nothing."""
        policy = self._store.policy.current()
        if policy is None:
            return Reason(Why.POLICY_MISSING)
        if self._store.now() >= policy.accept_until:
            return Reason(Why.POLICY_EXPIRED)
        return policy

    def _of_visit(self, visit_id: str, newest: ActivePolicy) -> ActivePolicy:
        """The bundle that this visit began with: nobody's verdict changes while they stand here.
        Only what cancels a code, and the time limit of the newest bundle, count at once."""
        if self._visit is None or self._visit[0] != visit_id:
            self._visit = visit_id, newest
        return self._visit[1]

    def _context(self, policy: ActivePolicy, offline: bool) -> Context:
        now = self._store.now()
        ready = self._photographs is not None and self._photographs.ready()
        return replace(self._site, photos=ready).context(now, offline, policy)

    def _is_known(self, digest: str, reason: Reason) -> bool:
        now = self._clock.monotonic()
        self._refusals = {k: at for k, at in self._refusals.items() if now - at < SAME_REFUSAL_S}
        return (digest, reason.why) in self._refusals

    def _quietly(self, task: Callable[[Work], object], what: str) -> None:
        """For facts that promise nothing: the shopper goes on even if the disk does not."""
        try:
            self._store.run(task)
        except StoreFailed:
            logger.exception("something was %s, which could not be recorded", what)


def _decided(work: Work, drop: OpenDrop, clock: Clock) -> None:
    row = work.drops.find_open(drop.drop_id)
    if row is not None and row.drop.state is DropState.OPEN:
        work.drops.move(row.drop.decide(drop.needs_bag), clock.now())


def _refused(
    drop: OpenDrop, lines: tuple[LineFact, ...], shared: dict[str, str | int]
) -> DropRefused:
    return DropRefused(
        drop_id=drop.drop_id,
        visit_id=drop.visit_id,
        return_id=drop.authorisation.return_id,
        merchant_id=drop.merchant.merchant_id,
        policy_number=drop.policy_number,
        lines=lines,
        facts=shared,
    )
