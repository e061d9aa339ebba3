"""Attract, help and typing: how a return is named."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.visit import AbandonCause, OpenDrop, Rejected, TypedOrder
from kiosk.flows.deciding import welcome
from kiosk.flows.model import (
    Attract,
    Cue,
    Do,
    Field,
    FieldChosen,
    FlowEvent,
    NoCode,
    Press,
    Pressed,
    Session,
    Timing,
    Typed,
    TypeOrder,
    TypeShortCode,
)
from kiosk.flows.turns import another, hint, leave, name_of, problem_of, show, turn_down, visiting
from kiosk.ports import ScanHint, Scanned

# As long as a field may get; the parsers decide what is good.
LIMITS = {Field.SHORT_CODE: 8, Field.ORDER_NUMBER: 32, Field.POSTAL_CODE: 12}
_ALSO = {Field.SHORT_CODE: "", Field.ORDER_NUMBER: "-/#._ ", Field.POSTAL_CODE: "- "}


def step(session: Session, event: FlowEvent, do: Do, timing: Timing) -> Session:
    """Attract, NoCode, TypeShortCode and TypeOrder."""
    match session.screen, event:
        case _, Scanned():
            return scanned(session, event, do, timing)
        case _, ScanHint():
            return hint(session, event.kind, do)
        case Attract(), Pressed(Press.NO_CODE):
            return show(session, NoCode(), do, timing)
        case ((Attract() | NoCode()), Pressed(Press.SHORT_CODE)):
            return show(session, TypeShortCode(), do, timing)
        case ((Attract() | NoCode()), Pressed(Press.ORDER_NUMBER)):
            return show(session, TypeOrder(), do, timing)
        case Attract(), Pressed(Press.CANCEL | Press.FINISH) if session.deadline is not None:
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case ((NoCode() | TypeShortCode() | TypeOrder()), Pressed(Press.CANCEL)):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case NoCode(), Pressed(Press.BACK):
            return another(session, do, timing)
        case ((TypeShortCode() as screen), (Pressed() | Typed())):
            return _short_code(session, screen, event, do, timing)
        case ((TypeOrder() as screen), (Pressed() | Typed() | FieldChosen())):
            return _order(session, screen, event, do, timing)
        case _:
            return session


def scanned(session: Session, scan: Scanned, do: Do, timing: Timing) -> Session:
    """A code was held up. The same one again, while its problem still shows, is no news."""
    if name_of(scan) == session.turned_down and problem_of(session.screen) is not None:
        return session
    return _present(session, scan, do, timing)


def _present(
    session: Session, presented: Scanned | str | TypedOrder, do: Do, timing: Timing
) -> Session:
    scan = name_of(presented) if isinstance(presented, Scanned) else ""
    begun = visiting(session, do)
    match do.check(begun.visit_id, presented):
        case OpenDrop() as drop:
            do.cue(Cue.SCANNED)
            return welcome(replace(begun, taken=scan), drop, do, timing)
        case Rejected(reason=reason):
            # A bad code held up to the idle kiosk starts no visit: there is nothing to wipe.
            kept = session if isinstance(session.screen, Attract) else begun
            return turn_down(kept, reason, do, timing, scan=scan)


def _short_code(
    session: Session, screen: TypeShortCode, event: Pressed | Typed, do: Do, timing: Timing
) -> Session:
    match event:
        case Typed(char=char):
            text = _typed(screen.text, char, Field.SHORT_CODE)
            return show(session, TypeShortCode(text), do, timing)
        case Pressed(Press.ERASE):
            return show(session, TypeShortCode(screen.text[:-1]), do, timing)
        case Pressed(Press.SUBMIT) if screen.text:
            return _present(session, screen.text, do, timing)
        case Pressed(Press.BACK):
            return show(session, NoCode(), do, timing)
        case _:
            return session


def _order(
    session: Session,
    screen: TypeOrder,
    event: Pressed | Typed | FieldChosen,
    do: Do,
    timing: Timing,
) -> Session:
    match event:
        case Typed(char=char):
            text = _typed(_text(screen), char, screen.field)
            return show(session, _filled(screen, text), do, timing)
        case Pressed(Press.ERASE):
            return show(session, _filled(screen, _text(screen)[:-1]), do, timing)
        case FieldChosen(Field.ORDER_NUMBER | Field.POSTAL_CODE as field):
            return show(session, replace(screen, field=field), do, timing)
        case Pressed(Press.SUBMIT):
            return _submit_order(session, screen, do, timing)
        case Pressed(Press.BACK) if screen.field is Field.POSTAL_CODE:
            return show(session, replace(screen, field=Field.ORDER_NUMBER), do, timing)
        case Pressed(Press.BACK):
            return show(session, NoCode(), do, timing)
        case _:
            return session


def _submit_order(session: Session, screen: TypeOrder, do: Do, timing: Timing) -> Session:
    """Look the order up, or lead to the field that is still empty."""
    number, postal = screen.order_number.strip(), screen.postal_code.strip()
    if number and postal:
        return _present(session, TypedOrder(number, postal), do, timing)
    missing = Field.POSTAL_CODE if number else Field.ORDER_NUMBER
    if missing is screen.field:
        return session
    return show(session, replace(screen, field=missing), do, timing)


def _text(screen: TypeOrder) -> str:
    return screen.postal_code if screen.field is Field.POSTAL_CODE else screen.order_number


def _filled(screen: TypeOrder, text: str) -> TypeOrder:
    if screen.field is Field.POSTAL_CODE:
        return replace(screen, postal_code=text, problem=None)
    return replace(screen, order_number=text, problem=None)


def _typed(text: str, char: str, field: Field) -> str:
    """The text with one more character, where the field takes it."""
    good = len(char) == 1 and char.isascii() and (char.isalnum() or char in _ALSO[field])
    return text + char.upper() if good and len(text) < LIMITS[field] else text
