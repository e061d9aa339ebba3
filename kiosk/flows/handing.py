"""The bag, the receipt, the good-bye, and the screens where a person must help."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.codes import check32, plate
from kiosk.domain.visit import AbandonCause
from kiosk.flows import arriving
from kiosk.flows.deciding import commit, old_news
from kiosk.flows.model import (
    Bagging,
    Cue,
    Do,
    Done,
    FlowEvent,
    Items,
    OutOfService,
    Press,
    Pressed,
    Receipt,
    ReceiptDone,
    Session,
    StaffCalled,
    Timing,
    TypeBag,
    Typed,
)
from kiosk.flows.turns import another, hint, leave, show
from kiosk.ports import NotPrinted, ScanHint, Scanned


def step(session: Session, event: FlowEvent, do: Do, timing: Timing) -> Session:
    """Bagging, TypeBag, Receipt, Done, StaffCalled and OutOfService."""
    match session.screen, event:
        case ((Bagging() | TypeBag() | Done()), Scanned()) if old_news(session, event):
            return session
        case ((Bagging(drop=drop) | TypeBag(drop=drop)), Scanned()):
            return commit(session, drop, event, do, timing)
        case Bagging(drop=drop), Pressed(Press.TYPE_BAG):
            return show(session, TypeBag(drop), do, timing)
        case ((TypeBag() as screen), (Typed() | Pressed())):
            return _type_bag(session, screen, event, do, timing)
        case Bagging(), ScanHint(kind=kind):
            return hint(session, kind, do)
        case Bagging(drop=drop), Pressed(Press.BACK):
            return show(session, Items(drop), do, timing)
        case Receipt(), Pressed(Press.FINISH):
            return show(session, Done(), do, timing)
        case Done(), Scanned():
            return arriving.scanned(session, event, do, timing)
        case ((Receipt() | Done() | StaffCalled(resume=None)), Pressed(Press.ANOTHER)):
            return another(session, do, timing)
        case StaffCalled(resume=resume), Pressed(Press.BACK) if resume is not None:
            return show(session, resume, do, timing)
        case StaffCalled(), Pressed(Press.BACK | Press.FINISH | Press.CANCEL):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case Done(), Pressed(Press.FINISH | Press.CANCEL):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case Bagging(), Pressed(Press.CANCEL):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case OutOfService(), Pressed(Press.CANCEL) if session.deadline is not None:
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case _:
            return session


def _type_bag(
    session: Session, screen: TypeBag, event: Typed | Pressed, do: Do, timing: Timing
) -> Session:
    match event:
        case Typed(char=char):
            return show(session, TypeBag(screen.drop, _longer(screen.text, char)), do, timing)
        case Pressed(Press.ERASE):
            return show(session, TypeBag(screen.drop, screen.text[:-1]), do, timing)
        case Pressed(Press.SUBMIT) if screen.text:
            return commit(session, screen.drop, plate.BAG + screen.text, do, timing)
        case Pressed(Press.BACK):
            return show(session, Bagging(screen.drop), do, timing)
        case Pressed(Press.CANCEL):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case _:
            return session


def _longer(text: str, char: str) -> str:
    """Ten digits, then the check character; what does not fit there is not taken."""
    typed = check32.fold(char.upper())
    wanted = "0123456789" if len(text) < plate.DIGITS else check32.ALPHABET
    full = len(text) > plate.DIGITS
    return text if full or len(typed) != 1 or typed not in wanted else text + typed


def receipt_done(session: Session, event: ReceiptDone, do: Do, timing: Timing) -> Session:
    """The paper's fate. The promise stands either way; only the screen says what to do."""
    match session.screen:
        case Receipt(drop=drop, outcome=None) as screen if drop.drop_id == event.drop_id:
            failed = isinstance(event.outcome, NotPrinted)
            do.cue(Cue.ATTENTION if failed else Cue.DONE)
            return show(session, replace(screen, outcome=event.outcome), do, timing)
        case StaffCalled(resume=Receipt(drop=drop, outcome=None) as behind) as screen if (
            drop.drop_id == event.drop_id
        ):
            settled = replace(behind, outcome=event.outcome)
            return replace(session, screen=replace(screen, resume=settled))
        case _:
            return session
