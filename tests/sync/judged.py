"""Honest drops at random: judged by the kiosk's own code under rules out of the golden vectors,
and told as an event tells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kiosk.app import judging
from kiosk.domain.events import DropCommitted
from kiosk.domain.policy.model import Policy
from kiosk.domain.policy.rules import problems
from kiosk.domain.returns import Authorisation, Merchant
from kiosk.domain.visit import IdentifiedBy, Item, OpenDrop
from sync.central import policy
from sync.wire import codec
from tests.domain.policy.conftest import Situation
from tests.domain.policy.random_returns import Told, policy_of, returns
from tests.sync.conftest import TENANT

MERCHANT = Merchant("M-1", "Schuhhaus", "help@example.org", "Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Honest:
    """One drop, the rules it was judged by, and its return as the bundle brought it."""

    fact: DropCommitted
    policy: Policy
    specs: tuple[Mapping[str, Any], ...]
    authorised: Authorisation


def honest(count: int, seed: int, *, alone: bool = True) -> Iterator[Honest]:
    """Up to `count` drops: returns with an open question are none. `alone`: the kiosk's own
    ledger knows of nothing before."""
    for place, (specs, given, told) in enumerate(returns(Situation(), count, seed)):
        named = replace(given, return_id=f"R-{seed}-{place}")
        if alone:
            told = tuple(replace(one, history=(), drops=()) for one in told)
        policy = policy_of(specs, MERCHANT)
        drop = _judged(named, told, policy)
        if drop is not None:
            yield Honest(_told(drop, place), policy, specs, named)


def settled(centre: Any, count: int) -> list[DropCommitted]:
    """Honest drops as of bundle 1, whose shops and returns the centre has."""
    named: dict[int, str] = {}
    found = []
    for one in honest(count, seed=11):
        if any(problems(spec) for spec in one.specs):
            continue
        name = named.setdefault(id(one.specs), f"M-{len(named)}")
        shop = replace(MERCHANT, merchant_id=name)
        policy.put_merchant(centre.database, TENANT, shop, one.specs)
        authorised = replace(one.authorised, merchant_id=name)
        policy.put_authorisations(centre.database, TENANT, [authorised])
        found.append(replace(one.fact, merchant_id=name, policy_number=1))
    return found


def _judged(given: Authorisation, told: tuple[Told, ...], policy: Policy) -> OpenDrop | None:
    lines = {line.line_id: line for line in given.lines}
    context, first = told[0].context, told[0]
    items = tuple(
        Item(
            lines[one.line_id],
            max(0, min(one.brought, lines[one.line_id].quantity - one.already_dropped)),
            None,  # type: ignore[arg-type]  # judged in a moment
            one.already_dropped,
            one.answers,
        )
        for one in told
    )
    drop = OpenDrop(
        f"D-{given.return_id}",
        "V-1",
        given,
        MERCHANT,
        items,
        IdentifiedBy.SIGNED,
        "",
        7,
        context.offline,
        first.history,
        first.drops,
        context,
    )
    drop = replace(drop, items=judging.judge(drop, policy, context))
    return None if drop.asking() or not judging.settled(drop) else drop


def _told(drop: OpenDrop, place: int) -> DropCommitted:
    lines, facts = judging.kept(drop)
    fact = DropCommitted(
        drop_id=drop.drop_id,
        drop_number=f"K1-{place:06d}",
        visit_id="V-1",
        return_id=drop.authorisation.return_id,
        merchant_id=MERCHANT.merchant_id,
        bag_id=f"BAG-{place}",
        policy_number=drop.policy_number,
        offline=drop.offline,
        identified_by=drop.identified_by.value,
        code_id="",
        lines=lines,
        facts=facts,
    )
    arrived = codec.decode(codec.encode(fact), DropCommitted)
    assert arrived is not None
    return arrived
