"""While goods are in the shopper's hands: items, question, bag, and what cannot be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from kiosk.domain.codes import check32, plate
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Outcome, Verdict
from kiosk.domain.policy.rules.evidence import CANNOT
from kiosk.domain.returns import Merchant
from kiosk.domain.visit import Item, OpenDrop, methods_of
from kiosk.flows.model import (
    Asking,
    Bagging,
    Field,
    Items,
    Press,
    Refused,
    TypeBag,
    TypeSerial,
)
from kiosk.flows.serials import SHORTEST
from kiosk.ports import HintKind, Service
from kiosk.words import paying
from ui import actions, text
from ui.frame import (
    STEP_BAG,
    STEP_ITEMS,
    Props,
    back,
    call_staff,
    cancel,
    key,
    problem,
    progress,
    theme_of,
)
from ui.screens.entry import ORDER_KEYS, entry_field
from ui.screens.pictures import picture

if TYPE_CHECKING:
    from kiosk.words import Words


BAG_LENGTH: Final = plate.DIGITS + 1  # without its prefix, which is printed on the screen
DIGITS: Final = "0123456789"
RIGHT_TO_LEFT_MARK: Final = "\u200f"  # what stands apart says nothing of the whole's direction


def items(screen: Items, words: Words) -> Props:
    drop = screen.drop
    choices = [item for item in drop.items if _may_toggle(item)]
    brought = sum(1 for item in choices if item.present)
    label = (
        words.t("All here")
        if brought in (0, len(choices))
        else words.n("Continue with {n} item", "Continue with {n} items", brought)
    )
    return {
        **progress(STEP_ITEMS, words),
        "title": words.n("Did you bring this item?", "Did you bring these items?", len(drop.items)),
        "subtitle": words.t("Tap what you did not bring."),
        "modest": True,
        "theme": theme_of(drop.merchant),
        "eyebrow": _whose(drop, words),
        "problem": problem(screen.problem, words),
        "lines": [line(item, words) for item in drop.items],
        "totals": _totals(drop, words),
        "primary": key(label, Press.ALL_HERE, "check")
        | {"enabled": any(item.present for item in drop.items)},
        "secondary": [cancel(words), call_staff(words)],
    }


def asking(screen: Asking, words: Words) -> Props:
    question = screen.question
    return {
        **progress(STEP_ITEMS, words),
        "title": words.question(question, screen.drop.merchant.look),
        "theme": theme_of(screen.drop.merchant),
        "eyebrow": _whose(screen.drop, words),
        "line": _asked_about(screen, words),
        "answers": [_answer(screen, answer, words) for answer in question.answers],
        "secondary": [cancel(words), call_staff(words)],
    }


def _asked_about(screen: Asking, words: Words) -> Props:
    """The item in question; {} where the question is for all of several."""
    if screen.question.of_the_return and sum(item.present for item in screen.drop.items) > 1:
        return {}
    return line(screen.item, words) | {"note": "", "icon": ""}


def _answer(screen: Asking, answer: str, words: Words) -> Props:
    """A key. Where it is about the refund it says how much, and how much of that is extra."""
    offer = next((one for one in screen.offers if one.answer == answer), None)
    amount = words.money(offer.total) if offer and offer.total is not None else ""
    extra = offer.bonus if offer else None
    detail = words.t("{bonus} more for you", bonus=words.money(extra)) if extra else ""
    label = words.answer(screen.question.question_id, answer, screen.drop.merchant.look)
    return {
        "label": label,
        "amount": amount,
        "detail": detail if extra and extra.minor else "",
        "action": actions.ANSWER,
        "value": answer,
    }


def type_serial(screen: TypeSerial, words: Words) -> Props:
    """The number is on the item or its box: held to the reader, or typed."""
    units = screen.item.brought
    label = (
        words.t("Serial number {n} of {count}", n=len(screen.given) + 1, count=units)
        if units > 1
        else words.t("Serial number")
    )
    field = entry_field(Field.SERIAL, label, screen.text, active=True)
    cannot = {
        **key(words.answer(screen.question.question_id, CANNOT), Press.BACK, "question"),
        "action": actions.ANSWER,
        "value": CANNOT,
    }
    return {
        **progress(STEP_ITEMS, words),
        "title": words.question(screen.question),
        "subtitle": words.t("Or hold its barcode to the reader."),
        "modest": True,
        "theme": theme_of(screen.drop.merchant),
        "eyebrow": screen.item.line.name,
        "problem": problem(screen.problem, words),
        "fields": [field],
        "keys": list(ORDER_KEYS),
        "erase": words.t("Erase"),
        "primary": key(words.t("Next"), Press.SUBMIT, "check")
        | {"enabled": len(screen.text) >= SHORTEST},
        "secondary": [back(words), cannot],
    }


def bagging(screen: Bagging, service: Service, words: Words) -> Props:
    """A blind kiosk asks for the bag's number instead of its code, and offers the keypad first."""
    blind = text.is_blind(service)
    offered = blind or screen.hint is HintKind.TYPE_INSTEAD
    then = (
        words.t("Then type the number on the bag.")
        if blind
        else words.t("Then hold the bag's code to the reader.")
    )
    taken = [item for item, verdict in screen.drop.verdicts() if verdict.takes_goods]
    left = [(i, verdict) for i, verdict in screen.drop.verdicts() if not verdict.takes_goods]
    kept = [item for item, _ in left]
    given = all(verdict.outcome is Outcome.RETURNLESS for _, verdict in left)
    units = sum(item.brought for item in taken)
    return {
        **progress(STEP_BAG, words),
        "title": words.n("Put the item in a bag", "Put all {n} items in one bag", units),
        "subtitle": then,
        "theme": theme_of(screen.drop.merchant),
        "problem": problem(screen.problem, words),
        "hint": text.bag_hint(screen.hint, words),
        "notices": text.blindness(service, words),
        "waiting": "" if blind else words.t("Waiting for the bag's code"),
        "packed": [_packed(item) for item in taken],
        "kept": [_packed(item) for item in kept],
        "keptTitle": words.t("Stays with you") if kept else "",
        "keptIcon": "heart" if given else "minus",  # a refused item is no present
        "primary": key(words.t("Type the bag's number"), Press.TYPE_BAG, "keypad")
        | {"quiet": not offered},
        "secondary": [back(words), call_staff(words)],
    }


def type_bag(screen: TypeBag, words: Words) -> Props:
    digits = len(screen.text) < plate.DIGITS
    return {
        **progress(STEP_BAG, words),
        "title": words.t("Type the bag's number"),
        "subtitle": words.t("It is printed under the code of the bag."),
        "modest": True,
        "theme": theme_of(screen.drop.merchant),
        "problem": problem(screen.problem, words),
        "prefix": plate.BAG,
        "cells": list(screen.text.ljust(BAG_LENGTH)[:BAG_LENGTH]),
        "cursor": len(screen.text),
        "spoken": words.t("Bag number: {code}", code=" ".join(plate.BAG + screen.text)),
        "keys": list(check32.ALPHABET),
        "live": list(DIGITS if digits else check32.ALPHABET),
        "erase": words.t("Erase"),
        "primary": key(words.t("Use this bag"), Press.SUBMIT, "check")
        | {"enabled": len(screen.text) == BAG_LENGTH},
        "secondary": [back(words), call_staff(words)],
    }


def refused(screen: Refused, words: Words) -> Props:
    return {
        "title": words.t("We cannot take this return"),
        "subtitle": words.t("Here is why, and what you can do."),
        "theme": theme_of(screen.drop.merchant),
        "eyebrow": _whose(screen.drop, words),
        "lines": [line(item, words) | {"enabled": False} for item in screen.drop.items],
        **_support(screen.drop.merchant, words),
        "primary": key(words.t("Finish"), Press.FINISH, "check"),
        "secondary": [key(words.t("Another return"), Press.ANOTHER, "repeat"), call_staff(words)],
    }


def _support(merchant: Merchant, words: Words) -> Props:
    """How to reach the shop: in one sentence, or each of its own lines by itself. `flowing` are
    those lines as one text, for a screen on which many would leave no room for anything else."""
    reached = merchant.reached(words.language)
    props: Props = {"reach": "", "support": "", "contacts": [], "flowing": ""}
    if not reached:
        return props
    if len(reached) == 1:
        contact = words.t("Questions? {contact}", contact=reached[0])
        return props | {"reach": merchant.name, "support": contact}
    lines = [words.apart(line) for line in reached]
    begin = RIGHT_TO_LEFT_MARK if words.right_to_left else ""
    return props | {
        "reach": words.t("Questions? Reach the shop here:"),
        "contacts": lines,
        "flowing": begin + " · ".join(lines),
    }


def _whose(drop: OpenDrop, words: Words) -> str:
    return words.t(
        "{shop}, order {number}",
        shop=drop.merchant.name,
        number=drop.authorisation.order_number,
    )


def line(item: Item, words: Words) -> Props:
    """One card: what it is, what happens to it and what the shopper gets back."""
    said = _said(item, words)
    count = item.brought or item.line.quantity
    quantity = words.t("{n} pieces", n=count) if count > 1 else ""
    spoken = (item.line.name, quantity, said["note"], said["detail"], said["amount"])
    return {
        "id": item.line.line_id,
        "action": actions.LINE,
        "name": item.line.name,
        "quantity": quantity,
        "picture": picture(item.line),
        "present": item.present,
        "enabled": _may_toggle(item),
        "spoken": ". ".join(str(part).rstrip(".") for part in spoken if part),
        **said,
    }


def _said(item: Item, words: Words) -> Props:
    said: Props = {"note": "", "detail": "", "amount": "", "tone": "muted", "icon": "question"}
    if not item.present:
        note = words.t("Already returned") if item.already_dropped else words.t("Not brought")
        return said | {"note": note, "icon": "minus"}
    if not isinstance(item.decision, Verdict):
        return said | {"note": words.t("One short question follows")}
    return said | _judged(item.decision, words)


def _judged(verdict: Verdict, words: Words) -> Props:
    given = paying.given(verdict)
    amount = words.money(given) if given.minor > 0 else ""
    if verdict.outcome is Outcome.REVIEW:
        amount = words.t("up to {amount}", amount=words.money(given + verdict.withheld))
    detail = _detail(verdict, words)
    return {
        "note": text.label(verdict, words),
        "detail": detail,
        "amount": amount,
        "tone": text.tone(verdict),
        "icon": text.icon(verdict),
    }


def _detail(verdict: Verdict, words: Words) -> str:
    """What the card's amount leaves open: what is kept and what for, what comes on top, or why
    not and what to do instead."""
    parts = [f"{name} {words.money(amount)}" for name, amount in words.fees(verdict)]
    match verdict.outcome:
        case Outcome.REFUSE | Outcome.STAFF:
            return f"{words.reason(verdict.reason)} {words.instead(verdict)}"
        case Outcome.RETURNLESS | Outcome.REVIEW:
            parts.insert(0, words.reason(verdict.reason).rstrip("."))
        case Outcome.ACCEPT | Outcome.ACCEPT_WITH_FEE:
            pass
        case _:
            assert_never(verdict.outcome)
    if verdict.bonus is not None and verdict.bonus.minor:
        parts.append(paying.on_top(words, verdict.bonus).rstrip("."))
    if len(parts) == 1 and verdict.outcome in (Outcome.RETURNLESS, Outcome.REVIEW):
        return words.reason(verdict.reason)
    return " · ".join(parts)


def _may_toggle(item: Item) -> bool:
    """A refused item changes nothing by being left out; one that is here already cannot come
    twice."""
    if not item.present:
        return item.already_dropped < item.line.quantity
    return not (isinstance(item.decision, Verdict) and item.decision.outcome is Outcome.REFUSE)


def _totals(drop: OpenDrop, words: Words) -> Props:
    currency = drop.authorisation.lines[0].price.currency if drop.authorisation.lines else ""
    refund = fee = Money(0, currency)
    for _, verdict in drop.verdicts():
        refund, fee = refund + paying.given(verdict), fee + verdict.fee
    if not currency or not drop.verdicts():
        return {}
    provisional = any(verdict.provisional for _, verdict in drop.verdicts())
    return {
        "label": text.refund_label(methods_of(drop.items), words),
        "amount": words.money(refund),
        "fee": words.t("after a fee of {amount}", amount=words.money(fee)) if fee.minor else "",
        "note": words.t("The shop confirms this amount.") if provisional else "",
    }


def _packed(item: Item) -> Props:
    verdict = item.decision
    icon = text.icon(verdict) if isinstance(verdict, Verdict) else "check"
    return {"name": item.line.name, "picture": picture(item.line), "icon": icon}
