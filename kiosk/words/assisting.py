"""Why a return gets its verdict, as a shop assistant reads it: headings, outcomes, whole items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from kiosk.domain.money import Money
from kiosk.domain.policy.deciding import GUARD
from kiosk.domain.policy.explain import Step, Trace
from kiosk.domain.policy.model import Ask, Context, Facts, Outcome, Verdict
from kiosk.domain.reasons import Reason
from kiosk.words import explaining
from kiosk.words.book import Words

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Judged:
    """What a return of a kiosk was judged by. `refused` says why the kiosk turns the whole return
    away, "" never; `timezone` is the site's."""

    return_id: str
    merchant: str
    bundle: int
    issued: date
    context: Context
    timezone: str
    refused: tuple[Reason, ...] = ()


def outcome(w: Words, found: Outcome) -> str:
    """What a verdict means for the person behind the counter."""
    match found:
        case Outcome.ACCEPT:
            return w.t("Accepted")
        case Outcome.ACCEPT_WITH_FEE:
            return w.t("Accepted, with a fee")
        case Outcome.RETURNLESS:
            return w.t("Refunded, the item is not needed back")
        case Outcome.REVIEW:
            return w.t("Accepted, the shop checks it before it refunds")
        case Outcome.STAFF:
            return w.t("Staff must decide")
        case Outcome.REFUSE:
            return w.t("Not accepted")
        case _:
            assert_never(found)


def row(w: Words, what: str, text: str) -> str:
    """A heading and what stands behind it; languages set their own colon."""
    return w.t("{what}: {text}", what=what, text=text)


def judged(w: Words, case: Judged, now: datetime) -> Iterator[str]:
    """The head: which return, when, by which rules, at what kind of site, and what is in the way
    of the whole of it."""
    context = case.context
    yield w.t("Return {name} of {merchant}", name=case.return_id, merchant=case.merchant)
    yield row(w, w.t("Judged as of"), w.moment(now, case.timezone))
    yield row(
        w,
        w.t("Rules"),
        w.t("number {number} of {day}", number=case.bundle, day=w.day(case.issued)),
    )
    yield row(w, w.t("This kiosk"), ", ".join(_site(w, context)))
    if context.policy_stale:
        yield w.t("These rules are old. What the kiosk promises is to be confirmed.")
    for reason in case.refused:
        said = f"{w.reason(reason)} {w.next_step(reason)}"
        yield row(w, w.t("The kiosk turns the whole return away"), said)


def _site(w: Words, context: Context) -> Iterator[str]:
    if context.site:
        yield context.site
    if context.site_country:
        yield context.site_country
    yield w.t("with staff") if context.staffed else w.t("without staff")
    if context.opening_mm:
        size = f"{context.opening_mm / 10:g}\u00a0cm"
        yield w.t("nothing longer than {size}", size=size)
    yield w.t("without the centre") if context.offline else w.t("with the centre")


def item(w: Words, facts: Facts, trace: Trace) -> Iterator[str]:
    """One line of a return, its verdict and every rule, indented by two spaces a level. Questions
    stand in the words of the merchant's look, as the shopper reads them."""
    look = facts.merchant.look
    yield w.t("{item} × {n}", item=facts.line.name, n=facts.brought)
    if facts.already_dropped:
        yield INDENT + row(w, w.t("Brought before"), str(facts.already_dropped))
    result = trace.result
    match result:
        case Ask():
            yield INDENT + row(w, w.t("The kiosk asks first"), w.question(result.question, look))
        case Verdict():
            yield from (INDENT + line for line in _verdict(w, facts, result))
        case _:
            assert_never(result)
    yield INDENT + w.t("Rule by rule")
    for step in trace.steps:
        yield INDENT * 2 + row(w, rule(w, step), explaining.step(w, step, look))
        yield from (INDENT * 3 + line for line in explaining.checks(w, step))


def _verdict(w: Words, facts: Facts, result: Verdict) -> Iterator[str]:
    yield outcome(w, result.outcome)
    yield row(w, w.t("The shopper reads"), w.verdict(result))
    yield row(w, w.t("Reason"), w.reason(result.reason))
    if result.instead:
        yield row(w, w.t("What the shopper can do"), w.instead(result))
    if result.until is not None and result.outcome is not Outcome.REFUSE:
        yield row(w, w.t("Last day for it"), w.day(result.until))
    price = Money(facts.line.price.minor * facts.brought, facts.line.price.currency)
    yield w.t("The money")
    for what, amount in explaining.money(w, result, price):
        yield INDENT + row(w, what, amount)


def rule(w: Words, step: Step) -> str:
    """A rule's name. One stands in no merchant's file, so it says what it is."""
    if step.rule_id == GUARD.rule_id:
        return w.t("Every kiosk's own rule")
    return step.rule_id
