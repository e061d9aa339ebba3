"""How the shopper is paid back, what is kept of it, and what for."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.money import Money
from kiosk.domain.policy.model import RefundMethod, Verdict
from kiosk.words.voice import Voice

# Kinds of fee that merchants name. Any other is a fee, and nothing is guessed.
_RETURN = ("return", "returns", "handling")
_RESTOCKING = ("restock", "restocking")
_POSTAGE = ("label", "postage", "shipping", "carrier")
_INSPECTION = ("inspection", "check", "grading")
_CLEANING = ("cleaning", "hygiene")
_PACKAGING = ("packaging", "box")
_CONDITION = ("condition", "wear", "damage")


def kind(w: Voice, name: str) -> str:
    """What a fee is for, as a line of a bill."""
    match name:
        case name if name in _RETURN:
            return w.t("Return fee")
        case name if name in _RESTOCKING:
            return w.t("Restocking fee")
        case name if name in _POSTAGE:
            return w.t("Return postage")
        case name if name in _INSPECTION:
            return w.t("Inspection fee")
        case name if name in _CLEANING:
            return w.t("Cleaning fee")
        case name if name in _PACKAGING:
            return w.t("Fee for the packaging")
        case name if name in _CONDITION:
            return w.t("Fee for signs of use")
        case "serial":
            return w.t("Fee for many returns")
        case _:
            return w.t("Fee")


def fees(w: Voice, verdict: Verdict) -> tuple[tuple[str, Money], ...]:
    """What is kept, line by line: what for, and how much. Kinds that read alike are one line, and
    nothing is left out: what no share explains is a fee."""
    currency = verdict.fee.currency
    lines: dict[str, int] = {}
    for share in verdict.fees:
        name = kind(w, share.kind)
        lines[name] = lines.get(name, 0) + share.minor
    rest = verdict.fee.minor - sum(lines.values())
    if rest:
        name = kind(w, "return")
        lines[name] = lines.get(name, 0) + rest
    return tuple((name, Money(minor, currency)) for name, minor in lines.items() if minor)


def given(verdict: Verdict) -> Money:
    """What the shopper gets: the refund and what comes on top of it."""
    return verdict.refund if verdict.bonus is None else verdict.refund + verdict.bonus


def method(w: Voice, chosen: RefundMethod) -> str:
    """The way of refund as an answer, or as a line of a receipt."""
    match chosen:
        case RefundMethod.ORIGINAL:
            return w.t("To what you paid with")
        case RefundMethod.STORE_CREDIT:
            return w.t("As store credit")
        case RefundMethod.EXCHANGE:
            return w.t("As an exchange")
        case _:
            assert_never(chosen)


def promise(w: Voice, verdict: Verdict) -> str:
    """What comes back, in one to three short sentences."""
    provisional, amount = verdict.provisional, w.money(given(verdict))
    said = [_promise(w, verdict.method, amount, provisional=provisional)]
    if verdict.fee.minor and verdict.method is not RefundMethod.ORIGINAL:
        said.append(w.t("A fee of {fee} is taken off.", fee=w.money(verdict.fee)))
    if verdict.bonus is not None and verdict.bonus.minor:
        said.append(on_top(w, verdict.bonus))
    return " ".join(said)


def on_top(w: Voice, bonus: Money) -> str:
    return w.t("{bonus} of it is a bonus.", bonus=w.money(bonus))


def _promise(w: Voice, chosen: RefundMethod, amount: str, *, provisional: bool) -> str:
    match chosen:
        case RefundMethod.ORIGINAL if provisional:
            return w.t("You get {refund} back, to be confirmed.", refund=amount)
        case RefundMethod.ORIGINAL:
            return w.t("You get {refund} back.", refund=amount)
        case RefundMethod.STORE_CREDIT if provisional:
            return w.t("You get {refund} as store credit, to be confirmed.", refund=amount)
        case RefundMethod.STORE_CREDIT:
            return w.t("You get {refund} as store credit.", refund=amount)
        case RefundMethod.EXCHANGE if provisional:
            return w.t("You get an exchange worth {refund}, to be confirmed.", refund=amount)
        case RefundMethod.EXCHANGE:
            return w.t("You get an exchange worth {refund}.", refund=amount)
        case _:
            assert_never(chosen)
