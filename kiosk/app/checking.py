"""A return is presented: found, allowed, not yet dropped, judged, and written down as open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.app import finding, judging, tries
from kiosk.app.finding import Found, local_day
from kiosk.app.judging import Past
from kiosk.domain.codes.model import Code, SignedReturn
from kiosk.domain.drops import Drop, DropState
from kiosk.domain.events import CodeRejected, DropAbandoned
from kiosk.domain.policy.model import Context, Outcome, Verdict
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import Authorisation, Merchant
from kiosk.domain.visit import AbandonCause, Item, OpenDrop, Rejected

if TYPE_CHECKING:
    from kiosk.store import Work
    from kiosk.store.drops import Given, OpenRow
    from kiosk.store.policy_file import ActivePolicy

ABANDONED_AFTER = timedelta(minutes=30)
"""An open drop that nobody touched for so long belongs to no live visit."""

# Ours, and not good: worth a record. What is harmless or the kiosk's own state is not.
AUDITED = frozenset(
    {
        Why.CODE_FORGED,
        Why.CODE_EXPIRED,
        Why.CODE_NOT_YET_VALID,
        Why.RETURN_UNKNOWN,
        Why.RETURN_NOT_HERE,
        Why.RETURN_ALREADY_DROPPED,
        Why.RETURN_NOT_AUTHORISED,
        Why.RETURN_CANCELLED,
        Why.RETURN_EXPIRED,
    }
)


@dataclass(frozen=True, slots=True)
class Presented:
    """One code in one visit, with what it is judged by. `known` tells of a refusal that was
    recorded a moment ago: a code held before the camera is one fact, not thirty."""

    visit_id: str
    code: Code
    policy: ActivePolicy
    context: Context
    wall: datetime
    device_id: str
    digest: str
    known: Callable[[Reason], bool]
    new_id: Callable[[], str]


def check(work: Work, presented: Presented) -> OpenDrop | Rejected:
    """One transaction."""
    code, now = presented.code, presented.context.now
    signed = isinstance(code, SignedReturn)
    if not signed and tries.too_many(work, now):
        return Rejected(Reason(Why.TOO_MANY_TRIES))

    def dropped(authorisation: Authorisation) -> bool:
        given = work.drops.given(authorisation.return_id)
        units = units_of(authorisation, given)
        if not _left(authorisation, units):
            return True
        rest = (n.line_id for n in authorisation.lines if n.quantity > units.get(n.line_id, 0))
        return given is not None and given.refused.issuperset(rest)

    found = finding.find(code, presented.policy, now, dropped)
    outcome = found if isinstance(found, Reason) else _allowed(work, presented, found)
    if not isinstance(outcome, Reason):
        return outcome
    guessed = outcome.why in (Why.RETURN_UNKNOWN, Why.RETURN_NOT_HERE) and not signed
    if guessed and not presented.known(outcome):  # the same one again guesses nothing
        tries.count(work, now)
    _audit(work, presented, outcome)
    return Rejected(outcome)


def _audit(work: Work, presented: Presented, reason: Reason) -> None:
    way = finding.way_of(presented.code)
    if way is not None and reason.why in AUDITED and not presented.known(reason):
        fact = CodeRejected(reason.why.value, dict(reason.values), way.value, presented.digest)
        work.record(fact, presented.device_id)


def _allowed(work: Work, presented: Presented, found: Found) -> OpenDrop | Reason:
    authorisation = found.authorisation
    merchant = presented.policy.merchants.get(authorisation.merchant_id)
    if merchant is None or not judging.one_currency(authorisation):
        return Reason(Why.RETURN_NOT_AUTHORISED)  # nobody could be paid by it
    given = work.drops.given(authorisation.return_id)
    used = _used(work, found, given, merchant)
    if used is not None:
        return used
    standing = finding.standing(authorisation, merchant.timezone, presented.context.now)
    if standing is not None:
        return standing
    policy = presented.policy.policy_for(merchant.merchant_id)
    past = Past(
        work.drops.history(merchant.merchant_id, authorisation.customer),
        () if given is None else given.drops,
    )
    units = units_of(authorisation, given)
    items = judging.items(authorisation, merchant, policy, presented.context, units, past)
    if given is not None and _refused_again(given, items):
        return already(given, merchant)
    row = _own_row(work, presented, authorisation.return_id)
    if isinstance(row, Reason):
        return row
    drop = _drop(presented, found, merchant, items, past)
    return _open(work, presented, drop, row)


def units_of(authorisation: Authorisation, given: Given | None) -> dict[str, int]:
    """See kiosk.app.judging.units_before."""
    if given is None:
        return judging.units_before(authorisation, {}, ())
    return judging.units_before(authorisation, given.units, given.drops)


def _left(authorisation: Authorisation, units: Mapping[str, int]) -> bool:
    """Whether anything may still be brought. Units taken under line ids that the authorisation
    no longer lists cannot be told from those it lists now: then nothing."""
    known = {line.line_id for line in authorisation.lines}
    if not known.issuperset(units):
        return False
    return any(line.quantity > units.get(line.line_id, 0) for line in authorisation.lines)


def _refused_again(given: Given, items: tuple[Item, ...]) -> bool:
    """Whether all that is left was refused at an earlier drop and would be again. To the shopper
    who holds up the same code once more, the news is that the return is dropped; under rules that
    take the rest by now, it may come."""
    return all(item.line.line_id in given.refused and _refused(item) for item in items)


def _refused(item: Item) -> bool:
    decision = item.decision
    return isinstance(decision, Verdict) and decision.outcome is Outcome.REFUSE


def _used(work: Work, found: Found, given: Given | None, merchant: Merchant) -> Reason | None:
    """Whether this return, or this very code, has been dropped here."""
    if not _left(found.authorisation, units_of(found.authorisation, given)):
        return already(given, merchant)
    if not found.code_id:
        return None
    served = work.drops.redeemed_for(merchant.merchant_id, found.code_id)
    others = sorted(served - {found.authorisation.return_id})
    earlier = work.drops.given(others[0]) if others else None
    return None if earlier is None else already(earlier, merchant)


def already(given: Given | None, merchant: Merchant) -> Reason:
    """With the day and number of the last drop here; without where it was dropped elsewhere."""
    if given is None:
        return Reason(Why.RETURN_ALREADY_DROPPED)
    on = local_day(given.committed_at, merchant.timezone).isoformat()
    return Reason(Why.RETURN_ALREADY_DROPPED, {"dropped_on": on, "drop_number": given.drop_number})


def _own_row(work: Work, presented: Presented, return_id: str) -> OpenRow | Reason | None:
    """This visit's open drop of the return, if there is one; another visit's is in the way."""
    row = work.drops.open_for(return_id)
    if row is None or row.visit_id == presented.visit_id:
        return row
    if presented.wall - row.changed_at < ABANDONED_AFTER:
        return Reason(Why.RETURN_OPEN_ELSEWHERE)
    give_up(work, row, AbandonCause.TIMED_OUT, presented.wall)
    return None


def give_up(work: Work, row: OpenRow, cause: AbandonCause, now: datetime) -> None:
    """The bag is free and the fact recorded."""
    work.drops.move(row.drop.abandon(cause.value), now)
    fact = DropAbandoned(row.drop.drop_id, row.drop.return_id, row.drop.bag_id, cause.value)
    work.record(fact, row.drop.drop_id)


def _drop(
    presented: Presented,
    found: Found,
    merchant: Merchant,
    items: tuple[Item, ...],
    past: Past,
) -> OpenDrop:
    """Without an id: that comes with its row."""
    return OpenDrop(
        drop_id="",
        visit_id=presented.visit_id,
        authorisation=found.authorisation,
        merchant=merchant,
        items=items,
        identified_by=found.by,
        code_id=found.code_id,
        policy_number=presented.policy.policy_for(merchant.merchant_id).number,
        offline=presented.context.offline,
        history=past.history,
        drops=past.drops,
        context=presented.context,
    )


def _open(work: Work, presented: Presented, found: OpenDrop, row: OpenRow | None) -> OpenDrop:
    drop_id = presented.new_id() if row is None else row.drop.drop_id
    drop = replace(found, drop_id=drop_id)
    value = Drop.open(drop.drop_id, drop.authorisation.return_id) if row is None else row.drop
    if value.state is DropState.OPEN and drop.asking() is None:
        value = value.decide(drop.needs_bag)
    if row is None:
        work.drops.add(drop, value.state, presented.wall)
    else:
        work.drops.refresh(drop, value.state, presented.wall)
    return drop
