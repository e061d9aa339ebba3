"""To recipients, and from customers who bring something."""

from __future__ import annotations

from typing import assert_never

from kiosk.flows.counter.jobs import OUTBOUND
from kiosk.flows.counter.model import Key, Session
from kiosk.flows.counter.states.outbound import (
    Approving,
    BagInHand,
    CodeBarred,
    DropTaken,
    HandedOut,
    HandingOut,
    Paper,
    Returning,
    SigningFor,
    WhoseDrop,
)
from kiosk.words import Words
from ui import screens
from ui.counter import outbound_hand
from ui.counter.frame import Drawn, Props, carrier_of, choice, key, number_of
from ui.screens.outcome import NO_BREAK

OWN = "own:"
"""Before an action: a key of the counter's, where the others are the shopper's (Core.qml)."""


def drawn(session: Session, screen: OUTBOUND, words: Words) -> Drawn:
    """The screen's name and its own properties."""
    match screen:
        case HandingOut():
            return outbound_hand.handing_out(session, screen, words)
        case Approving():
            return outbound_hand.approving(screen, words)
        case SigningFor():
            return outbound_hand.signing_for(screen, words)
        case HandedOut():
            return outbound_hand.handed_out(session, screen, words)
        case CodeBarred():
            return "Waiting", _barred(screen, words)
        case WhoseDrop():
            return "Reason", _whose(screen, words)
        case DropTaken():
            return "DropTaken", _taken(screen, words)
        case BagInHand():
            return "BagInHand", _bag(screen, words)
        case Returning():
            return "Returning", _returning(screen, words)
        case _:
            assert_never(screen)


def _barred(screen: CodeBarred, words: Words) -> Props:
    return {
        "title": words.t("Too many codes were wrong"),
        "subtitle": words.n(
            "Codes are taken again in {n} second.",
            "Codes are taken again in {n} seconds.",
            screen.wait,
        ),
        "drawing": "clock",
    }


def _whose(screen: WhoseDrop, words: Words) -> Props:
    return {
        "title": words.t("Which carrier’s label is it?"),
        "subtitle": words.t("Look for the name on the label."),
        "choices": [choice(carrier_of(one.carrier), one.carrier) for one in screen.readings],
    }


def _taken(screen: DropTaken, words: Words) -> Props:
    keys = [key(words.t("It came with the driver"), Key.FROM_DRIVER, "truck")]
    if screen.paper is not Paper.WAITING:
        keys.append(key(words.t("Print again"), Key.REPRINT, "receipt"))
    keys.append(key(words.t("Next customer"), Key.DONE, "forward", main=True))
    return {
        "title": words.t("Taken for {carrier}", carrier=carrier_of(screen.carrier)),
        "subtitle": _paper(screen.paper, words),
        "care": screen.paper in (Paper.UNCONFIRMED, Paper.FAILED, Paper.NONE),
        "numberLabel": words.t("The customer’s number"),
        "number": screen.drop_number.replace("-", NO_BREAK),
        "label": number_of(screen.number),
        "qr": screen.qr,
        "qrLabel": words.t("No paper? Take a photo."),
        "keys": keys,
    }


def _paper(paper: Paper, words: Words) -> str:
    match paper:
        case Paper.WAITING:
            return words.t("The receipt is being printed.")
        case Paper.PRINTED:
            return words.t("Give them the receipt.")
        case Paper.UNCONFIRMED:
            return words.t("Look whether the receipt came out.")
        case Paper.FAILED:
            return words.t("The receipt did not print. Have them take a photo.")
        case Paper.NONE:
            return words.t("No printer here. Have them take a photo.")
        case _:
            assert_never(paper)


def _bag(screen: BagInHand, words: Words) -> Props:
    keys = []
    if screen.voidable and screen.label:
        keys.append(key(words.t("It came with the driver"), Key.FROM_DRIVER, "truck"))
    if screen.voidable:
        keys.append(key(words.t("Give it back"), Key.VOID, "undo"))
    inside = words.t("It lies in {container}.", container=screen.inside) if screen.inside else ""
    place = (
        {"label": words.t("Put it into container"), "name": screen.suggested, "tone": "accent"}
        if screen.suggested
        else {"label": words.t("No open container takes it"), "name": "", "tone": "caution"}
    )
    return {
        "title": words.t("Scan a container"),
        "subtitle": inside,
        "place": place,
        "row": {
            "carrier": carrier_of(screen.carrier) if screen.carrier else "",
            "number": number_of(screen.bag_id) if screen.label else screen.bag_id,
            "text": "",
            "icon": "parcel" if screen.label else "bag",
        },
        "keys": keys,
    }


def _returning(screen: Returning, words: Words) -> Props:
    """The shopper's own screen inside the counter's window, in the counter's language."""
    told = screens.shown(screen.visit, words)
    ends = key(words.t("End this return"), Key.BACK, "close")
    return {
        "inner": told.name,
        "visit": dict(told.props),
        "typing": bool(told.props.get("keys")),
        "undo": {},
        "back": ends | {"action": OWN + str(ends["action"])},
        "typeCode": {},
    }
