"""A roll-out goes on: to more kiosks, to all of them, or back."""

from __future__ import annotations

import sqlalchemy as sa

from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central import audit
from sync.central.audit import Actor
from sync.central.database import Database
from sync.central.policy import bundling, rollouts, versions
from sync.central.policy.bundling import ACCEPT_UNTIL, WARN_AFTER, Making, NotPublished, Said, Unfit
from sync.central.policy.rollouts import Rollout, Share, State
from sync.wire.messages import Manifest


def widen(database: Database, clock: Clock, by: Actor, share: Share) -> Rollout | NotPublished:
    """Give the new rules to more kiosks; to all of them ends the roll-out. Nothing is signed: what
    these kiosks now find is signed already, and has a higher number than what they have."""
    tenant = by.tenant

    def work(c: sa.Connection) -> Rollout | NotPublished:
        bundling.held(c, tenant)
        one, now = rollouts.running(c, tenant), clock.now()
        if one is None:
            return NotPublished((bundling.NONE_RUNS,))
        if not share.covers(one.share):
            return NotPublished((bundling.NARROWER.format(share=one.share.told()),))
        wider = rollouts.widen(c, tenant, one, share, now)
        if share.everybody:
            coming = versions.read(c, tenant, one.policy)
            assert coming is not None, "what a roll-out brings is kept for good"
            versions.restore(c, tenant, coming)
            rollouts.end(c, tenant, one, State.DONE, now)
        before, after = {"kiosks": one.share.told()}, {"kiosks": share.told()}
        audit.changed(c, by, now, "policy.widened", str(one.number), before=before, after=after)
        return wider

    return database.write(work)


def stop(
    database: Database, clock: Clock, tenant: str, key: SigningKey, by: Actor
) -> Manifest | NotPublished:
    """Take the new rules back: a bundle with a higher number, and the rules that all others have,
    for everybody."""

    def work(c: sa.Connection) -> Manifest:
        audience, spans = bundling.held(c, tenant), (WARN_AFTER, ACCEPT_UNTIL)
        making = Making(tenant, audience, key, clock.now(), *spans)
        one = rollouts.running(c, tenant)
        if one is None:
            raise Unfit(bundling.NONE_RUNS)
        rollouts.end(c, tenant, one, State.STOPPED, making.now)
        made = bundling.make(c, making, Said(by.name, stopped=one.number))
        before, after = {"kiosks": one.share.told()}, {"number": made.number}
        audit.changed(
            c, by, making.now, "policy.stopped", str(one.number), before=before, after=after
        )
        return made

    try:
        return database.write(work)
    except Unfit as unfit:
        return NotPublished(unfit.problems)
