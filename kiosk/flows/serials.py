"""The question for serial numbers: scanned from the item, or typed, one for each unit brought."""

from __future__ import annotations

import re
from dataclasses import replace

from kiosk.domain import codes
from kiosk.domain.codes.model import CarrierLabel, Gs1, OrderLookup, ShortCode, Unreadable
from kiosk.domain.policy.rules.evidence import CANNOT, serial
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import AbandonCause
from kiosk.flows import deciding
from kiosk.flows.model import (
    Answered,
    Cue,
    Do,
    FlowEvent,
    Items,
    Press,
    Pressed,
    Session,
    Timing,
    Typed,
    TypeSerial,
)
from kiosk.flows.turns import leave, show, turn_down
from kiosk.ports import Scanned

SHORTEST, LONGEST = 3, 40
TRIES = 2
"""So often a number that was not sold is given back as a slip; then the rule decides."""

_LABEL = re.compile(r"^(S/?N|SERIAL)\s*(NO|NUMBER)?\.?\s*[:#]?\s+", re.IGNORECASE)
_TYPED = re.compile(r"[0-9A-Z]")
_PRINTED = re.compile(r"[0-9A-Za-z ._/+-]+")
_SERIAL_AI = "21"  # GS1 General Specifications: serial number


def step(session: Session, event: FlowEvent, do: Do, timing: Timing) -> Session:
    """TypeSerial."""
    screen = session.screen
    assert isinstance(screen, TypeSerial)
    match event:
        case Typed(char=char):
            return show(session, _longer(screen, char), do, timing)
        case Pressed(Press.ERASE) if screen.text:
            return show(session, replace(screen, text=screen.text[:-1], problem=None), do, timing)
        case Pressed(Press.ERASE) if screen.given:
            return show(session, replace(screen, given=screen.given[:-1]), do, timing)
        case Pressed(Press.SUBMIT) if len(screen.text) >= SHORTEST:
            return _take(session, screen, screen.text, do, timing)
        case Scanned():
            return _scanned(session, screen, event, do, timing)
        case Answered(answer=answer) if answer == CANNOT:
            return deciding.settle(
                session, screen.drop, screen.item, screen.question, CANNOT, do, timing
            )
        case Pressed(Press.BACK):
            return show(session, Items(screen.drop), do, timing)
        case Pressed(Press.CANCEL):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case _:
            return session


def _longer(screen: TypeSerial, char: str) -> TypeSerial:
    typed = char.upper()
    if len(screen.text) >= LONGEST or _TYPED.fullmatch(typed) is None:
        return screen
    return replace(screen, text=screen.text + typed, problem=None)


def number_in(scan: Scanned) -> str:
    """The serial number that a code on the goods or their box holds; "" where it holds none, as
    the barcode of the product, which all of its kind bear."""
    code = codes.parse(scan.text, scan.raw, scan.aim)
    match code:
        case Gs1():
            text = code.get(_SERIAL_AI)
        case Unreadable() | CarrierLabel() | ShortCode() | OrderLookup():
            text = _LABEL.sub("", scan.text.strip())  # a number of somebody's: why not this one's
        case _:
            return ""  # one of our own
    return text if SHORTEST <= len(text) <= LONGEST and _PRINTED.fullmatch(text) else ""


def _scanned(
    session: Session, screen: TypeSerial, scan: Scanned, do: Do, timing: Timing
) -> Session:
    """A code that says nothing here, or says it again, changes nothing: goods bear many."""
    number = number_in(scan)
    if not number or deciding.old_news(session, scan) or serial(number) in _known(screen):
        return session
    do.cue(Cue.SCANNED)
    return _take(session, screen, number, do, timing)


def _known(screen: TypeSerial) -> set[str]:
    return {serial(one) for one in screen.given}


def _take(session: Session, screen: TypeSerial, text: str, do: Do, timing: Timing) -> Session:
    """One more number; with the last one the question is answered."""
    number = serial(text)
    sold = {serial(one) for one in screen.item.line.serials}
    wrong = number in _known(screen) or (bool(sold) and number not in sold)
    if wrong and screen.tries < TRIES:
        again = replace(screen, text="", tries=screen.tries + 1)
        told = replace(session, screen=again)
        return turn_down(told, Reason(Why.CODE_WRONG_CHECK), do, timing)
    given = (*screen.given, number)
    if len(given) < screen.item.brought and not wrong:
        return show(session, replace(screen, given=given, text="", problem=None), do, timing)
    answer = ",".join(given)
    return deciding.settle(session, screen.drop, screen.item, screen.question, answer, do, timing)
