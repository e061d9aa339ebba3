"""One drop judged again, and compared with what its kiosk said. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from kiosk.domain.events import DropCommitted, LineFact
from kiosk.domain.policy import keeping
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.hearing import judge as heard
from kiosk.domain.policy.model import Ask, Facts, Policy, Verdict
from kiosk.domain.policy.recording import watched
from kiosk.domain.policy.whole import prepare
from kiosk.domain.reasons import Why
from kiosk.domain.returns import Merchant
from sync.central.cases import Compared
from sync.central.recheck.rebuilding import ALL_KNOWN, EARLIER, Around, Rebuilt, rebuild


@unique
class Result(StrEnum):
    """What came of looking at a drop again; kept with it."""

    SAME = "same"
    DIFFERS = "differs"
    UNTOLD = "untold"  # some rule looks at what nobody knows any more
    NO_RULES = "no_rules"  # the bundle's rules were not kept, or never had this merchant
    OTHER_VERSION = "other_version"  # kiosk and centre do not know the same rules or facts


@dataclass(frozen=True, slots=True)
class Checked:
    """`compared` is what differs; `why` is for an engineer, "" where there is nothing to say.
    `refund` is what the centre would have promised, in minor units."""

    result: Result
    why: str = ""
    compared: tuple[Compared, ...] = ()
    refund: int = 0


_AMOUNTS: Final = ("refund", "fee", "withheld", "bonus")


def check(fact: DropCommitted, policy: Policy, merchant: Merchant, around: Around) -> Checked:
    """Judge a drop again by `policy`, which is of its bundle and merchant."""
    found = judge_again(fact, policy, merchant, around)
    if isinstance(found, Checked):
        return found
    rebuilt, decisions = found
    pairs = [
        (line, decision)
        for line, decision in zip(fact.lines, decisions, strict=True)
        if line.brought > 0 and line.outcome
    ]
    if any(_not_understood(line, decision) for line, decision in pairs):
        return Checked(Result.OTHER_VERSION, "a rule is known to one of the two alone")
    unknown = sorted(set(not_known(policy, rebuilt, decisions)))
    if unknown:
        return Checked(Result.UNTOLD, " ".join(unknown))
    compared = tuple(part for line, decision in pairs for part in _compare(line, decision))
    refund = sum(one.refund.minor for _, one in pairs if isinstance(one, Verdict))
    return Checked(Result.DIFFERS if compared else Result.SAME, "", compared, refund)


def judge_again(
    fact: DropCommitted, policy: Policy, merchant: Merchant, around: Around
) -> tuple[Rebuilt, tuple[Verdict | Ask, ...]] | Checked:
    """What a drop's facts were, and a decision for each of its lines; why not, for one that tells
    them in a way that is not known here."""
    if fact.facts.get(keeping.FORM) != keeping.FORM_NOW:
        return Checked(Result.OTHER_VERSION, "the kiosk kept its facts in another form, or none")
    try:
        rebuilt = rebuild(fact, merchant, around)
        decisions = evaluate_return(policy, rebuilt.facts)
    except (ValueError, LookupError, ArithmeticError) as error:
        return Checked(Result.OTHER_VERSION, f"its facts cannot be read: {error}")
    return rebuilt, decisions


def _not_understood(line: LineFact, decision: Verdict | Ask) -> bool:
    """A rule that one of the two fails closed on and the other does not."""
    here = isinstance(decision, Verdict) and decision.reason.why is Why.RULE_UNKNOWN
    return here != (line.reason == Why.RULE_UNKNOWN)


def not_known(
    policy: Policy, rebuilt: Rebuilt, decisions: tuple[Verdict | Ask, ...]
) -> Iterator[str]:
    """Facts that some rule looks at and nobody knows, by path."""
    if rebuilt.known >= ALL_KNOWN:
        return
    for facts, decision in zip(prepare(rebuilt.facts), decisions, strict=True):
        for path in _looked_at(policy, facts):
            if not rebuilt.knows(path):
                yield path
        shares = (*decision.fees, *decision.bonuses) if isinstance(decision, Verdict) else ()
        if EARLIER not in rebuilt.known and any(share.once for share in shares):
            yield EARLIER


def _looked_at(policy: Policy, facts: Facts) -> Iterator[str]:
    glass, seen = watched(facts)
    for rule in policy.rules:
        heard(rule, glass)
    yield from seen


def _compare(line: LineFact, decision: Verdict | Ask) -> Iterator[Compared]:
    """What the kiosk said first, what the centre says second."""
    if isinstance(decision, Ask):
        asks = f"ask:{decision.question.question_id}"
        yield Compared("outcome", line.outcome, asks, line.line_id)
        return
    for what, ours in _said(decision).items():
        theirs = getattr(line, what)
        theirs = " ".join(theirs) if isinstance(theirs, tuple) else theirs
        theirs = ("no", "yes")[theirs] if isinstance(theirs, bool) else theirs
        if theirs != ours:
            currency = line.currency if what in _AMOUNTS else ""
            yield Compared(what, theirs, ours, line.line_id, currency)


def _said(verdict: Verdict) -> dict[str, str | int]:
    return {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason.why.value,
        "refund": verdict.refund.minor,
        "fee": verdict.fee.minor,
        "withheld": verdict.withheld.minor,
        "bonus": verdict.bonus.minor if verdict.bonus else 0,
        "method": verdict.method.value,
        "disposal": verdict.disposal.value,
        "destination": verdict.destination,
        "provisional": "yes" if verdict.provisional else "no",
        "rule_ids": " ".join(verdict.rule_ids),
    }
