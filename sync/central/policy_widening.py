"""A roll-out goes on: to more kiosks, to all of them, or back."""

from __future__ import annotations

import sqlalchemy as sa

from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central import audit, policy_making, policy_rollouts, policy_versions
from sync.central.audit import Actor
from sync.central.database import Database
from sync.central.policy_making import ACCEPT_UNTIL, WARN_AFTER, Making, NotPublished, Said, Unfit
from sync.central.policy_rollouts import Rollout, Share, State
from sync.wire.messages import Manifest


def widen(database: Database, clock: Clock, by: Actor, share: Share) -> Rollout | NotPublished:
    """Give the new rules to more kiosks; to all of them ends the roll-out. Nothing is signed: what
    these kiosks now find is signed already, and has a higher number than what they have."""
    tenant = by.tenant

    def work(c: sa.Connection) -> Rollout | NotPublished:
        policy_making.held(c, tenant)
        one, now = policy_rollouts.running(c, tenant), clock.now()
        if one is None:
            return NotPublished((policy_making.NONE_RUNS,))
        if not share.covers(one.share):
            return NotPublished((policy_making.NARROWER.format(share=one.share.told()),))
        wider = policy_rollouts.widen(c, tenant, one, share, now)
        if share.everybody:
            coming = policy_versions.read(c, tenant, one.policy)
            assert coming is not None, "what a roll-out brings is kept for good"
            policy_versions.restore(c, tenant, coming)
            policy_rollouts.end(c, tenant, one, State.DONE, now)
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
        audience, spans = policy_making.held(c, tenant), (WARN_AFTER, ACCEPT_UNTIL)
        making = Making(tenant, audience, key, clock.now(), *spans)
        one = policy_rollouts.running(c, tenant)
        if one is None:
            raise Unfit(policy_making.NONE_RUNS)
        policy_rollouts.end(c, tenant, one, State.STOPPED, making.now)
        made = policy_making.make(c, making, Said(by.name, stopped=one.number))
        before, after = {"kiosks": one.share.told()}, {"number": made.number}
        audit.changed(
            c, by, making.now, "policy.stopped", str(one.number), before=before, after=after
        )
        return made

    try:
        return database.write(work)
    except Unfit as unfit:
        return NotPublished(unfit.problems)
