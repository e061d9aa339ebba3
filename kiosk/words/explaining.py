"""Why a verdict came so, for a person at the counter: rule by rule, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import assert_never

from kiosk.domain.look.model import PLAIN, Look
from kiosk.domain.money import Money
from kiosk.domain.policy.condition import Checked
from kiosk.domain.policy.dimensions import AMOUNTS, DAYS, FLAGS
from kiosk.domain.policy.explain import Fate, Step
from kiosk.domain.policy.model import Finding, Question, RefundMethod, Verdict
from kiosk.domain.policy.says import Bonus, Charge, Destination, Lift, Methods
from kiosk.words import dimensions, questions, reasons
from kiosk.words.voice import Voice

_LAST = re.compile(r"\[\d+\]")
_ENDLESS = 10**9
_UNITS = {
    "weight": "g",
    "measured": "g",
    "longest": "mm",
    "policy_age": "h",
    "bin_space": "%",
}


def step(w: Voice, one: Step, look: Look = PLAIN) -> str:
    """What became of a rule, and what it said, in one to three short sentences. A question is
    put as on the screen of a merchant with this look."""
    return " ".join(part for part in (_fate(w, one), said(w, one, look)) if part)


def _fate(w: Voice, one: Step) -> str:
    match one.fate:
        case Fate.DECIDED:
            return w.t("This rule counts.")
        case Fate.ASKED:
            return w.t("This rule must ask something first.")
        case Fate.AGREED:
            return w.t("This rule says the same.")
        case Fate.OUTWEIGHED if one.by:
            return w.t("This rule speaks, but {rule} counts more.", rule=one.by)
        case Fate.OUTWEIGHED:
            return w.t("This rule speaks, but it changes nothing.")
        case Fate.MOOT:
            return w.t("This rule would ask, but no answer changes anything.")
        case Fate.WAITS:
            return w.t("This rule waits for an answer.")
        case Fate.LIFTED:
            return w.t("The rule {rule} passes over this one.", rule=one.by)
        case Fate.SILENT:
            return w.t("This rule has nothing to say about this item.")
        case Fate.EXCEPTED:
            return w.t("This rule makes an exception here.")
        case Fate.ELSEWHERE:
            return w.t("This rule does not apply here.")
        case _:
            assert_never(one.fate)


def said(w: Voice, one: Step, look: Look = PLAIN) -> str:
    """What a rule said, whatever became of it; "" where it said nothing."""
    match one.say:
        case None:
            return ""
        case Finding(reason=reason):
            return reasons.sentence(w, reason)
        case Question() as question:
            return w.t("It asks: {question}", question=questions.own_asked(w, question, look))
        case Charge(tariff=tariff) if not (tariff.amount or tariff.basis_points or tariff.at_least):
            return w.t("It takes no fee.")
        case Charge():
            return w.t("It takes a fee.")
        case Bonus():
            return w.t("It gives a bonus.")
        case Methods(allowed=allowed):
            names = ", ".join(method(w, way) for way in allowed)
            return w.t("It says how the money goes back: {ways}.", ways=names)
        case Destination(place=place):
            return w.t("It sends the item to {place}.", place=place)
        case Lift(rule_ids=rule_ids):
            return w.t("It passes over: {rules}.", rules=", ".join(sorted(rule_ids)))
        case _:
            assert_never(one.say)


def method(w: Voice, chosen: RefundMethod) -> str:
    """A refund method inside a sentence."""
    match chosen:
        case RefundMethod.ORIGINAL:
            return w.t("as it was paid")
        case RefundMethod.STORE_CREDIT:
            return w.t("store credit")
        case RefundMethod.EXCHANGE:
            return w.t("exchange")
        case _:
            assert_never(chosen)


def checks(w: Voice, one: Step) -> Iterator[str]:
    """Why a rule does not apply, or makes an exception: the comparisons that make it so."""
    if one.fate not in (Fate.ELSEWHERE, Fate.EXCEPTED):
        return
    part = "when" if one.fate is Fate.ELSEWHERE else "unless"
    for check in one.checked:
        denied = part == "unless" or ".not." in check.path
        if check.path.startswith(part) and denied == (check.truth is True):
            yield _check(w, check)


def _check(w: Voice, check: Checked) -> str:
    key = _LAST.sub("", check.path).rpartition(".")[2]
    what, wanted = dimensions.name(w, key), _wanted(w, key, check.wanted)
    if not check.found:  # nobody filled it in, or nobody knows: then nothing can be compared
        found = w.t("nobody knows") if check.truth is None else w.t("not given")
    elif key == "answer":
        found = check.found.replace("_", " ")
    else:
        found = value(w, key, check.found)
    if check.truth is True:
        return w.t("{what}: {found}. The rule leaves out: {wanted}.", what=what, found=found,
                   wanted=wanted)  # fmt: skip
    return w.t("{what}: {found}. The rule wants: {wanted}.", what=what, found=found, wanted=wanted)


def _wanted(w: Voice, key: str, text: str) -> str:
    """What is compared with: "500 to 1000 EUR" in words, and in the shopper's own digits."""
    if key == "unknown":
        return ", ".join(dimensions.name(w, name) for name in text.split(", "))
    low, to, high = text.partition(" to ")
    if not to or (key not in (*AMOUNTS, *DAYS) and not (low + high).isdecimal()):
        return value(w, key, text)
    currency = f" {high.partition(' ')[2]}" if key in AMOUNTS else ""
    high = high.partition(" ")[0]
    first = "" if low in ("0", str(date.min)) else value(w, key, f"{low}{currency}")
    open_end = high == str(date.max) or (high.isdecimal() and int(high) >= _ENDLESS)
    last = "" if open_end else value(w, key, f"{high}{currency}")
    if first and last:
        return w.t("{low} to {high}", low=first, high=last)
    if last:
        return w.t("at most {high}", high=last)
    return w.t("at least {low}", low=first or value(w, key, f"{low}{currency}"))


def value(w: Voice, key: str, text: str) -> str:
    """A dimension's value as `Checked` spells it, in words: "4990 EUR", "yes", a day."""
    if key in AMOUNTS:
        minor, _, currency = text.partition(" ")
        return w.money(Money(int(minor), currency)) if minor.isdecimal() and currency else text
    if key in DAYS:
        return w.day(text)
    if key in FLAGS:
        return w.t("Yes") if text == "yes" else w.t("No")
    if key == "discount" and text.isdecimal():
        return f"{int(text) / 100:g}\u00a0%"
    unit = _UNITS.get(key)
    return f"{text}\u00a0{unit}" if unit and text.isdecimal() else text


def money(w: Voice, verdict: Verdict, price: Money) -> tuple[tuple[str, str], ...]:
    """How the refund was made up: what for, and how much, top down; nothing that is nothing."""
    rows = [(w.t("Price of these items"), price)]
    for share in verdict.fees:
        amount = Money(-share.minor, price.currency)
        rows.append((w.t("Fee by the rule {rule}", rule=share.rule_id), amount))
    if verdict.withheld.minor:
        rows.append((w.t("Not refunded now"), verdict.withheld))
    rows.append((w.t("Refund"), verdict.refund))
    for share in verdict.bonuses:
        amount = Money(share.minor, price.currency)
        rows.append((w.t("Bonus by the rule {rule}", rule=share.rule_id), amount))
    return tuple((what, w.money(amount)) for what, amount in rows)
