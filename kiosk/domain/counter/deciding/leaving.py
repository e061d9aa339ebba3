"""Parcels that go: to their recipient, nowhere to be found, or back to their sender."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import holding
from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.deciding.arriving import shelf_refuses
from kiosk.domain.counter.deciding.setting import Decided, Setting
from kiosk.domain.counter.deciding.trying import would
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.index import By
from kiosk.domain.counter.parcel_facts import (
    ParcelCollected,
    ParcelExpired,
    ParcelExtended,
    ParcelFound,
    ParcelMissing,
    ParcelRefusedOut,
    ParcelStaged,
    ProofFact,
)
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.pick_up import good_for
from kiosk.domain.counter.proving import Proof, ProofRule, rule_for
from kiosk.domain.counter.proving import missing as not_shown
from kiosk.domain.counter.pulling import day_of
from kiosk.domain.counter.saying import Because, Refused, Then


def handed_out(here: Setting, command: ask.HandOut) -> Decided:
    """All that was scanned, or nothing. Whether the code is good is found out here, whatever
    `shown` says of it; that who approved is a supervisor, the caller has made sure of."""
    numbers = command.numbers
    if not numbers:
        return Refused(Because.NOTHING_SCANNED, Then.SCAN_AGAIN)
    twice = next((n for n in numbers if numbers.count(n) > 1), None)
    if twice is not None:
        return Refused(Because.SCANNED_TWICE, Then.SCAN_AGAIN, {"number": twice})
    facts: list[Fact] = []
    for number in numbers:
        parcel = here.shop.parcels[number]
        shown = replace(
            command.shown,
            code=good_for(parcel, command.code),
            approved_by=_approved_by(here, command.shown),
        )
        out = ParcelCollected(number, here.by, shown, command.proxy)
        going = (*here.in_hand(number), out)
        refused = would(here.shop, going) or _not_theirs(here, command, parcel, shown)
        if refused is not None:
            return refused
        facts += going
    return tuple(facts)


def _approved_by(here: Setting, shown: ProofFact) -> str:
    """A supervisor approves by handing out; nobody else approves what they do themselves."""
    if here.who.role is Role.SUPERVISOR:
        return shown.approved_by or here.by
    return "" if shown.approved_by == here.by else shown.approved_by


def _not_theirs(
    here: Setting, command: ask.HandOut, parcel: Parcel, shown: ProofFact
) -> Refused | None:
    if command.code and not shown.code:
        values: dict[str, str | int] = {"number": parcel.number, "shelf": parcel.shelf_id}
        return Refused(Because.WRONG_PARCEL, Then.PUT_IT_BACK, values)
    rule = rule_for(here.rules.proofs, parcel.carrier)
    approved = command.shown.approved_by and shown.approved_by  # an exception is said, never meant
    if command.proxy and not rule.proxies and not approved:
        carrier: dict[str, str | int] = {"carrier": parcel.carrier}
        return Refused(Because.PROXY_NOT_ALLOWED, Then.ASK_SUPERVISOR, carrier)
    lacking = not_shown(rule, shown)
    return _asked(lacking[0], rule) if lacking else here.locked_in(parcel)


def _asked(proof: Proof, rule: ProofRule) -> Refused:
    values: dict[str, str | int] = {"proof": proof.value}
    match proof:
        case Proof.SUPERVISOR:
            return Refused(Because.PROOF_MISSING, Then.ASK_SUPERVISOR, values)
        case Proof.CODE:
            return Refused(Because.PROOF_MISSING, Then.ASK_CODE, values)
        case Proof.AGE:
            return Refused(Because.PROOF_MISSING, Then.ASK_PROOF, {**values, "age": rule.age})
        case Proof.DOCUMENT:
            values["documents"] = " ".join(sorted(rule.documents))
            return Refused(Because.PROOF_MISSING, Then.ASK_PROOF, values)
        case Proof.NAME | Proof.SIGNATURE:
            return Refused(Because.PROOF_MISSING, Then.ASK_PROOF, values)
        case _:
            assert_never(proof)


def refused_out(here: Setting, command: ask.RefuseOut) -> Decided:
    return (*here.in_hand(command.number), ParcelRefusedOut(command.number, here.by))


def missing(here: Setting, command: ask.ReportMissing) -> Decided:
    """Where it was thought to be is kept with it."""
    parcel = here.shop.parcels[command.number]
    return (ParcelMissing(command.number, parcel.shelf_id, here.by),)


def found(here: Setting, command: ask.ReportFound) -> Decided:
    return (ParcelFound(command.number, here.by),)


def expired(here: Setting) -> Decided:
    """Looks at the days on which parcels end, not at the parcels."""
    index = here.shop.parcels.index
    ended = [text for text in index.values(By.UNTIL) if _is_over(here, text)]
    on = here.today.isoformat()
    return tuple(ParcelExpired(n, on) for text in ended for n in sorted(index.of(By.UNTIL, text)))


def _is_over(here: Setting, until: str) -> bool:
    day = day_of(until)
    return day is not None and holding.is_over(day, here.at, here.rules.opening)


def extended(here: Setting, command: ask.Extend) -> Decided:
    """Once as the carrier allows; more by a supervisor."""
    parcel = here.shop.parcels[command.number]
    hold = here.rules.hold_of(parcel.carrier)
    until = day_of(parcel.until) or here.today
    later = holding.extended(hold, until, here.today, here.rules.opening)
    fact = ParcelExtended(command.number, later.isoformat(), here.by)
    refused = would(here.shop, (fact,))
    if refused is not None:
        return refused
    if parcel.extended >= hold.extensions and here.who.role is not Role.SUPERVISOR:
        times: dict[str, str | int] = {"times": parcel.extended}
        return Refused(Because.EXTENDED_ENOUGH, Then.ASK_SUPERVISOR, times)
    if later <= until:
        return Refused(Because.NO_LATER, Then.ASK_CARRIER, {"until": parcel.until})
    return (fact,)


def staged(here: Setting, command: ask.Stage) -> Decided:
    facts = (*here.in_hand(command.number), ParcelStaged(command.number, command.shelf_id, here.by))
    parcel = here.shop.parcels[command.number]
    return (
        would(here.shop, facts)
        or here.locked_in(parcel)
        or shelf_refuses(here, command.number, command.shelf_id, returns=True)
        or facts
    )
