"""Items and their verdicts, and how both are told as facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from kiosk.domain.events import LineFact, ShareFact
from kiosk.domain.money import Money
from kiosk.domain.policy import history, keeping
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.model import Context, Facts, Outcome, Policy, Question, Share, Verdict
from kiosk.domain.policy.recording import named
from kiosk.domain.policy.whole import prepare
from kiosk.domain.returns import Authorisation, Merchant, PastDrop, PastReturn
from kiosk.domain.visit import Item, Offer, OpenDrop, bonus_of


@dataclass(frozen=True, slots=True)
class Past:
    """What this kiosk's ledger remembers: other returns of the customer, and earlier drops of
    this one. The engine joins it with what the bundle brings."""

    history: tuple[PastReturn, ...] = ()
    drops: tuple[PastDrop, ...] = ()


NOTHING_BEFORE = Past()


def units_before(
    authorisation: Authorisation, here: Mapping[str, int], drops: Sequence[PastDrop]
) -> dict[str, int]:
    """Units that count as dropped, by line id: here, or at any site that the bundle knows of.
    A drop that both know counts once."""
    known = history.drops(drops, authorisation.drops)
    told = {line_id for drop in known for line_id in drop.units}
    return {
        line_id: max(here.get(line_id, 0), history.units(known, line_id))
        for line_id in sorted(told | here.keys())
    }


def items(
    authorisation: Authorisation,
    merchant: Merchant,
    policy: Policy,
    context: Context,
    dropped: Mapping[str, int],
    past: Past | None = None,
) -> tuple[Item, ...]:
    """Every line with units left, taken as brought until the shopper says otherwise. `dropped`
    are the units settled by line id, wherever that was."""
    facts = left(authorisation, merchant, context, dropped, past or NOTHING_BEFORE)
    decisions = evaluate_return(policy, facts)
    return tuple(
        [
            Item(one.line, one.brought, decision, one.already_dropped)
            for one, decision in zip(facts, decisions, strict=True)
        ]
    )


def left(
    authorisation: Authorisation,
    merchant: Merchant,
    context: Context,
    dropped: Mapping[str, int],
    past: Past,
) -> tuple[Facts, ...]:
    """What `items` judges: the facts of every line with units left, all of them brought."""
    brought = [
        Facts(
            authorisation,
            line,
            merchant,
            context,
            line.quantity - already,
            already,
            {},
            past.history,
            past.drops,
        )
        for line in authorisation.lines
        if line.quantity > (already := dropped.get(line.line_id, 0))
    ]
    return tuple(brought)


def judge(drop: OpenDrop, policy: Policy, context: Context) -> tuple[Item, ...]:
    """All items with their decisions for what is brought now, never more than what is left. One
    answer, or one item less, can move every line: fees once a return, its value, its size."""
    facts = tuple(_facts(drop, item, context) for item in drop.items)
    return tuple(
        replace(item, brought=one.brought, decision=decision)
        for item, one, decision in zip(
            drop.items, facts, evaluate_return(policy, facts), strict=True
        )
    )


def told(drop: OpenDrop, item: Item) -> OpenDrop:
    """The drop with what is brought and answered of this item's line; the decisions are old."""
    return replace(
        drop,
        items=tuple(
            replace(old, brought=item.brought, answers=item.answers)
            if old.line.line_id == item.line.line_id
            else old
            for old in drop.items
        ),
    )


def offers(
    drop: OpenDrop, item: Item, question: Question, policy: Policy, context: Context
) -> tuple[Offer, ...]:
    """What each answer would bring for the whole return."""

    def offer(answer: str) -> Offer:
        answers = {**item.answers, question.question_id: answer}
        after = told(drop, replace(item, answers=answers))
        after = replace(after, items=judge(after, policy, context))
        if after.asking() is not None or not settled(after):
            return Offer(answer)
        bonus = Money(bonus_of(after.items), item.line.price.currency)
        return Offer(answer, refund(after) + bonus, bonus)

    return tuple(offer(answer) for answer in question.answers)


def _facts(drop: OpenDrop, item: Item, context: Context) -> Facts:
    left = item.line.quantity - item.already_dropped
    return Facts(
        authorisation=drop.authorisation,
        line=item.line,
        merchant=drop.merchant,
        context=context,
        brought=max(0, min(item.brought, left)),
        already_dropped=item.already_dropped,
        answers=item.answers,
        history=drop.history,
        drops=drop.drops,
    )


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


def kept(drop: OpenDrop) -> tuple[tuple[LineFact, ...], dict[str, str | int]]:
    """The lines as their event tells them, and what the rules may look at that they share:
    enough to judge the drop again under any rules."""
    context = drop.context
    if context is None:  # judged by nobody who tells in what situation
        return tuple(line_fact(item, {}) for item in drop.items), {}
    facts = prepare(tuple(_facts(drop, item, context) for item in drop.items))
    lines = tuple(
        line_fact(item, keeping.of_line(one)) for item, one in zip(drop.items, facts, strict=True)
    )
    return lines, keeping.of_return(facts[0]) if facts else {}


def line_fact(item: Item, facts: dict[str, str | int]) -> LineFact:
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
        fees=_shares(verdict.fees) if verdict else (),
        method=verdict.method.value if verdict else "",
        bonus=verdict.bonus.minor if verdict and verdict.bonus else 0,
        bonuses=_shares(verdict.bonuses) if verdict else (),
        destination=verdict.destination if verdict else "",
        inputs=named(verdict.inputs) if verdict else {},
        facts=facts,
    )


def _shares(shares: Sequence[Share]) -> tuple[ShareFact, ...]:
    return tuple(
        ShareFact(share.kind, share.minor, share.rule_id, share.once, share.base)
        for share in shares
    )
