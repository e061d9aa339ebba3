"""What a recipient shows: looked at, scanned, drawn, or approved by a supervisor.

Of a document only its kind is kept, and that it was right (security.md 46). A card's bar code is
read for two days and forgotten before this module's answer is there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from math import ceil

from kiosk.domain.counter.licence import Licence, read
from kiosk.domain.counter.proving import Proof
from kiosk.domain.counter.signature import is_signed, room_for
from kiosk.domain.staff.overrides import not_a_second
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.signing_in import Shown
from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Did,
    Do,
    Drawn,
    Key,
    Note,
    Pressed,
    Session,
    Tick,
    Timing,
    Typed,
)
from kiosk.flows.counter.outbound_next import go_on, kept_back
from kiosk.flows.counter.signing import FORGOTTEN, LONGEST_PIN
from kiosk.flows.counter.states.outbound import Approving, HandingOut, SigningFor
from kiosk.flows.counter.turns import right, show, wrong
from kiosk.ports import Scanned


def step(session: Session, job: HandingOut, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """An answer to what is asked now. A signature and a supervisor have screens of their own, once
    all is here: both sign for what they see, and an approval is for a minute."""
    match event, job.ask:
        case Chosen(value=kind), Proof.DOCUMENT if kind in job.plan.documents:
            return _matched(session, job, kind, do, timing)
        case Pressed(Key.SHOWN), Proof.NAME:
            return _shown(session, replace(job, shown=replace(job.shown, name=True)), do, timing)
        case Pressed(Key.SHOWN), Proof.AGE:
            return _shown(session, replace(job, shown=replace(job.shown, of_age=True)), do, timing)
        case Pressed(Key.SHOWN), Proof.SIGNATURE if not job.wanted:
            return show(session, SigningFor(replace(job, stopped=None)), do)
        case Pressed(Key.SHOWN), Proof.SUPERVISOR if not job.wanted:
            return show(session, Approving(replace(job, stopped=None)), do)
        case Pressed(Key.NOT_SHOWN), Proof() as proof:
            return kept_back(session, job, proof, do, timing)
        case _:
            return session


def card(session: Session, job: HandingOut, scan: Scanned | str, do: Do, timing: Timing) -> Session:
    """A driving licence or identity card that tells its own days, where these are asked."""
    asked = {Proof.DOCUMENT, Proof.AGE} & set(job.asks)
    if not asked or isinstance(scan, str):
        return session
    licence = read(scan.raw.decode("utf-8", "replace")) or read(scan.text)
    if licence is None:
        return session
    return _read(session, job, licence, do, timing)


def signing(
    session: Session, screen: SigningFor, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    match event:
        case Drawn(stroke=stroke) if room_for(screen.strokes, stroke):
            return show(session, replace(screen, strokes=(*screen.strokes, stroke)), do)
        case Pressed(Key.CLEAR) if screen.strokes:
            return show(session, replace(screen, strokes=()), do)
        case Pressed(Key.DONE):
            return _signed(session, screen, do, timing)
        case Pressed(Key.NOT_SHOWN):
            return kept_back(session, screen.job, Proof.SIGNATURE, do, timing)
        case Pressed(Key.BACK):
            return show(session, screen.job, do)
        case _:
            return session


def badge(session: Session, screen: Approving, digest: str, do: Do, timing: Timing) -> Session:
    """Somebody's badge at the prompt for a supervisor. One's own cannot be it: said at once."""
    if waits(screen, do):
        return session
    member, who = do.house().roster.of_badge(digest), session.staff.session
    if who is not None and member is not None and member.staff_id == who.staff_id:
        same = Refused(Because.SECOND_IS_THE_SAME, Then.ASK_SOMEBODY_ELSE)
        return wrong(session, same, do, timing)
    return show(session, replace(screen, badge=digest, pin="", typed_at=do.now()), do)


def approving(
    session: Session, screen: Approving, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    match event:
        case Tick():
            return _ticked(session, screen, do)
        case Pressed(Key.NOT_SHOWN):
            return kept_back(session, screen.job, Proof.SUPERVISOR, do, timing)
        case Pressed(Key.BACK) if screen.badge:
            return show(session, replace(screen, badge="", pin=""), do)
        case Pressed(Key.BACK):
            return show(session, screen.job, do)
        case _ if not screen.badge or waits(screen, do):
            return session
        case Typed(char=char) if len(char) == 1 and char in "0123456789":
            pin = (screen.pin + char)[:LONGEST_PIN]
            return show(session, replace(screen, pin=pin, typed_at=do.now()), do)
        case Pressed(Key.ERASE) if screen.pin:
            pin = screen.pin[:-1]
            return show(session, replace(screen, pin=pin, typed_at=do.now()), do)
        case Pressed(Key.SUBMIT) if screen.pin:
            return _approve(session, screen, do, timing)
        case _:
            return session


def waits(screen: Approving, do: Do) -> int:
    """Whole seconds until a PIN may be tried again; 0 for now."""
    return max(0, ceil(screen.until - do.now()))


def _matched(session: Session, job: HandingOut, kind: str, do: Do, timing: Timing) -> Session:
    """Whoever compares a document with the label compares the name."""
    shown = replace(job.shown, document=kind, matched=True, name=True)
    return _shown(session, replace(job, shown=shown), do, timing)


def _shown(session: Session, job: HandingOut, do: Do, timing: Timing) -> Session:
    return go_on(session, replace(job, stopped=None), do, timing)


def _read(session: Session, job: HandingOut, licence: Licence, do: Do, timing: Timing) -> Session:
    """A card that is over proves nothing. One whose holder is too young says who they are all the
    same; what asks for the age stays, by the key for it."""
    today = do.rules().opening.day(datetime.fromtimestamp(do.at(), UTC))
    if licence.expires < today:
        over = Note(Did.LICENCE_OVER, {"on": licence.expires.isoformat()})
        return wrong(session, over, do, timing)
    if Proof.DOCUMENT in job.asks and licence.kind in job.plan.documents:
        shown = replace(job.shown, document=licence.kind.value, matched=True, name=True)
        job = replace(job, shown=shown)
    if Proof.AGE not in job.asks:
        return _shown(session, job, do, timing)
    if licence.born > date.fromisoformat(job.born_by):
        young = Note(Did.TOO_YOUNG, {"born_by": job.born_by})
        return wrong(_shown(session, job, do, timing), young, do, timing)
    return _shown(session, replace(job, shown=replace(job.shown, of_age=True)), do, timing)


def _signed(session: Session, screen: SigningFor, do: Do, timing: Timing) -> Session:
    if not is_signed(screen.strokes):
        return wrong(session, Note(Did.NOT_SIGNED), do, timing)
    digest = do.keep_signature(screen.strokes)
    if not digest:
        return wrong(session, Note(Did.SIGNATURE_NOT_KEPT), do, timing)
    job = screen.job
    shown = replace(job.shown, signature=digest)
    return go_on(session, replace(job, shown=shown), do, timing)


def _approve(session: Session, screen: Approving, do: Do, timing: Timing) -> Session:
    by = do.sign_in(Shown(screen.badge, pin=True), screen.pin)
    if isinstance(by, Refused):
        return _not_signed(session, screen, by, do, timing)
    who, house = session.staff.session, do.house()
    first = who.staff_id if who is not None else ""
    refused = not_a_second(by, first, house.times, house.roster, do.at())
    if refused is not None:
        anew = show(session, replace(screen, badge="", pin=""), do)
        return wrong(anew, refused, do, timing)
    member = house.roster.member(by.staff_id)
    name = member.name if member is not None else by.staff_id
    job = replace(screen.job, shown=replace(screen.job.shown, approved_by=by.staff_id))
    said = right(session, Did.APPROVED, do, timing, name=name)
    return go_on(said, job, do, timing)


def _not_signed(
    session: Session, screen: Approving, why: Refused, do: Do, timing: Timing
) -> Session:
    """The badge stays for another try; where the counter must wait, it is shown anew after."""
    if why.because is not Because.TOO_MANY_TRIES:
        again = replace(screen, pin="", typed_at=do.now())
        return wrong(show(session, again, do), why, do, timing)
    wait = int(why.values.get("seconds", 0))
    again = replace(screen, badge="", pin="", wait=wait, until=do.now() + wait)
    return wrong(show(session, again, do), why, do, timing)


def _ticked(session: Session, screen: Approving, do: Do) -> Session:
    """A wait counted down; a badge and half a PIN are taken off where nobody goes on."""
    wait = waits(screen, do)
    if wait != screen.wait:
        return show(session, replace(screen, wait=wait), do)
    if screen.badge and do.now() - screen.typed_at >= FORGOTTEN:
        return show(session, replace(screen, badge="", pin=""), do)
    return session
