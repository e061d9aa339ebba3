"""Items and their verdicts, and how both are told as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from kiosk.domain.events import LineFact
from kiosk.domain.money import Money
from kiosk.domain.policy.evaluate import evaluate
from kiosk.domain.policy.model import Context, Facts, Outcome, Policy, Verdict
from kiosk.domain.returns import Authorisation, Merchant
from kiosk.domain.visit import Item, OpenDrop


def items(
    authorisation: Authorisation,
    merchant: Merchant,
    policy: Policy,
    context: Context,
    dropped: Mapping[str, int],
) -> tuple[Item, ...]:
    """Every line with units left, taken as brought until the shopper says otherwise."""
    found = []
    for line in authorisation.lines:
        already = dropped.get(line.line_id, 0)
        if line.quantity > already:
            facts = Facts(authorisation, line, merchant, context, line.quantity - already, already)
            found.append(Item(line, facts.brought, evaluate(policy, facts), already))
    return tuple(found)


def judge(drop: OpenDrop, item: Item, policy: Policy, context: Context) -> Item:
    """The item with its decision for what is brought now, never more than what is left."""
    left = item.line.quantity - item.already_dropped
    facts = Facts(
        authorisation=drop.authorisation,
        line=item.line,
        merchant=drop.merchant,
        context=context,
        brought=max(0, min(item.brought, left)),
        already_dropped=item.already_dropped,
        answers=item.answers,
    )
    return replace(item, brought=facts.brought, decision=evaluate(policy, facts))


def one_currency(authorisation: Authorisation) -> bool:
    """A refund is one sum; lines in several currencies would need several returns."""
    return len({line.price.currency for line in authorisation.lines}) == 1


def settled(drop: OpenDrop) -> tuple[tuple[Item, Verdict], ...]:
    """The brought items that this drop settles: their goods are taken, or may stay away."""
    return tuple(
        (item, verdict)
        for item, verdict in drop.verdicts()
        if verdict.takes_goods or verdict.outcome is Outcome.RETURNLESS
    )


def refund(drop: OpenDrop) -> Money:
    taken = settled(drop)
    currency = drop.items[0].line.price.currency
    return sum((verdict.refund for _, verdict in taken), Money(0, currency))


def line_state(item: Item) -> str:
    """The line's state of product.md, as events tell it."""
    decision = item.decision
    if not item.present or not isinstance(decision, Verdict):
        return "not_presented"
    match decision.outcome:
        case Outcome.ACCEPT | Outcome.ACCEPT_WITH_FEE | Outcome.REVIEW:
            return "accepted"
        case Outcome.RETURNLESS:
            return "returnless"
        case Outcome.STAFF:
            return "staff"
        case Outcome.REFUSE:
            return "refused"
        case _:
            assert_never(decision.outcome)


def line_fact(item: Item) -> LineFact:
    """Amounts are those of the units brought; nothing where nothing was."""
    line, decision = item.line, item.decision
    verdict = decision if item.present and isinstance(decision, Verdict) else None
    return LineFact(
        line_id=line.line_id,
        sku=line.sku,
        outcome=verdict.outcome.value if verdict else "",
        reason=verdict.reason.why.value if verdict else "",
        reason_values=dict(verdict.reason.values) if verdict else {},
        brought=item.brought,
        price=line.price.minor * item.brought,
        refund=verdict.refund.minor if verdict else 0,
        fee=verdict.fee.minor if verdict else 0,
        withheld=verdict.withheld.minor if verdict else 0,
        currency=line.price.currency,
        disposal=verdict.disposal.value if verdict else "",
        provisional=verdict.provisional if verdict else False,
        rule_ids=verdict.rule_ids if verdict else (),
        answers=dict(item.answers),
        state=line_state(item),
    )
