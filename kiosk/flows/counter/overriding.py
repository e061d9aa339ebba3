"""What a rule forbids or one person may not do alone: the reason, then the second person.

The second person shows badge and PIN at this screen, for this act and thing; who is signed in stays
signed in. Then the command runs, and the screen that asked for it is up again.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from kiosk.domain.counter.commands import Command, ReopenContainer, VoidDrop, VoidManifest
from kiosk.domain.staff.overrides import LONGEST_NOTE, Approval, OverrideReason, Wanted
from kiosk.domain.staff.permits import Needs
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.signing_in import Shown
from kiosk.flows.counter import jobs
from kiosk.flows.counter.model import (
    Acted,
    Approved,
    Chosen,
    CounterEvent,
    Did,
    Do,
    Heard,
    Key,
    Pressed,
    Session,
    Timing,
    Typed,
    Written,
)
from kiosk.flows.counter.signing import FORGOTTEN, LONGEST_PIN
from kiosk.flows.counter.states.desk import Ask, Overriding
from kiosk.flows.counter.turns import right, show, tiles, wrong

_REASONS = frozenset(OverrideReason)


def step(
    session: Session, screen: Overriding, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    if isinstance(event, Pressed) and event.key is Key.BACK:
        return _back(session, screen, do)
    match screen.ask:
        case Ask.REASON:
            return _reason(session, screen, event, do, timing)
        case Ask.NOTE:
            return _note(session, screen, event, do, timing)
        case Ask.BADGE | Ask.PIN:
            return _pin(session, screen, event, do, timing)


def badge(session: Session, screen: Overriding, digest: str, do: Do, timing: Timing) -> Session:
    """A badge at the prompt for a second person. One's own cannot be it: said at once."""
    if waits(screen, do):
        return session
    member, who = do.house().roster.of_badge(digest), session.staff.session
    if who is not None and member is not None and member.staff_id == who.staff_id:
        same = Refused(Because.SECOND_IS_THE_SAME, Then.ASK_SOMEBODY_ELSE)
        return wrong(session, same, do, timing)
    asked = replace(screen, ask=Ask.PIN, badge=digest, pin="", typed_at=do.now())
    return show(session, asked, do)


def tick(session: Session, screen: Overriding, do: Do) -> Session:
    """A wait counted down; a second person's badge and PIN are taken off where nobody goes on."""
    wait = waits(screen, do)
    if wait != screen.wait:
        return show(session, replace(screen, wait=wait), do)
    if screen.ask is Ask.PIN and do.now() - screen.typed_at >= FORGOTTEN:
        return show(session, replace(screen, ask=Ask.BADGE, badge="", pin=""), do)
    return session


def waits(screen: Overriding, do: Do) -> int:
    """Whole seconds until a PIN may be tried again; 0 for now."""
    return max(0, ceil(screen.until - do.now()))


def _reason(
    session: Session, screen: Overriding, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    if not isinstance(event, Chosen) or event.value not in _REASONS:
        return session
    chosen = replace(screen, wanted=replace(screen.wanted, reason=event.value, note=""))
    if event.value == OverrideReason.OTHER:
        return show(session, replace(chosen, ask=Ask.NOTE), do)
    return _go_on(session, chosen, do, timing)


def _note(
    session: Session, screen: Overriding, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    note = screen.wanted.note
    match event:
        case Typed(char=char) if len(char) == 1 and char.isprintable():
            return _noted(session, screen, (note + char)[:LONGEST_NOTE], do)
        case Written(text=text):
            plain = "".join(char for char in text if char.isprintable())
            return _noted(session, screen, plain[:LONGEST_NOTE], do)
        case Pressed(Key.ERASE) if note:
            return _noted(session, screen, note[:-1], do)
        case Pressed(Key.SUBMIT) if note.strip():
            return _go_on(session, screen, do, timing)
        case Pressed(Key.SUBMIT):
            missing = Refused(Because.NOTE_MISSING, Then.WRITE_NOTE)
            return wrong(session, missing, do, timing)
        case _:
            return session


def _pin(
    session: Session, screen: Overriding, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    if screen.ask is not Ask.PIN or waits(screen, do):
        return session
    match event:
        case Typed(char=char) if len(char) == 1 and char in "0123456789":
            pin = (screen.pin + char)[:LONGEST_PIN]
            return show(session, replace(screen, pin=pin, typed_at=do.now()), do)
        case Pressed(Key.ERASE) if screen.pin:
            erased = replace(screen, pin=screen.pin[:-1], typed_at=do.now())
            return show(session, erased, do)
        case Pressed(Key.SUBMIT) if screen.pin:
            return _second(session, screen, do, timing)
        case _:
            return session


def _go_on(session: Session, screen: Overriding, do: Do, timing: Timing) -> Session:
    """Tried with the reason: what one person may do after all is done, else the other is asked."""
    told = replace(screen, command=_with_reason(screen.command, screen.wanted))
    wanted = told.wanted if told.needs else None
    answer = do.act(session.staff, told.command, wanted)
    if isinstance(answer, Needs) and not told.needs:
        told = replace(told, needs=True)
        answer = do.act(session.staff, told.command, told.wanted)
    match answer:
        case Acted():
            return _done(session, told, answer, do, timing)
        case Needs():
            return show(session, replace(told, ask=Ask.BADGE), do)
        case _:
            return wrong(session, answer, do, timing)


def _second(session: Session, screen: Overriding, do: Do, timing: Timing) -> Session:
    anew = replace(screen, ask=Ask.BADGE, badge="", pin="")
    by = do.sign_in(Shown(screen.badge, pin=True), screen.pin)
    if isinstance(by, Refused):
        return _not_signed(session, screen, by, do, timing)
    wanted = screen.wanted
    approval = Approval(by, wanted.act, wanted.about, wanted.amount)
    answer = do.act(session.staff, screen.command, wanted, approval)
    match answer:
        case Acted():
            return _done(session, screen, answer, do, timing)
        case Needs():
            return show(session, anew, do)
        case _:
            return wrong(show(session, anew, do), answer, do, timing)


def _not_signed(
    session: Session, screen: Overriding, why: Refused, do: Do, timing: Timing
) -> Session:
    """The badge stays for another try; where the counter must wait, it is shown anew after."""
    if why.because is not Because.TOO_MANY_TRIES:
        again = replace(screen, pin="", typed_at=do.now())
        return wrong(show(session, again, do), why, do, timing)
    wait = int(why.values.get("seconds", 0))
    until = do.now() + wait
    again = replace(screen, ask=Ask.BADGE, badge="", pin="", wait=wait, until=until)
    return wrong(show(session, again, do), why, do, timing)


def _done(session: Session, screen: Overriding, acted: Acted, do: Do, timing: Timing) -> Session:
    """The former screen is up again, and its job is told."""
    done = replace(session, undo=None, tiles=tiles(do.shop()))
    back = right(show(done, screen.back, do), Did.DONE, do, timing)
    told = jobs.step(back, Approved(screen.command, acted), do, timing)
    return told if told is not back else jobs.step(back, Heard(), do, timing)


def _back(session: Session, screen: Overriding, do: Do) -> Session:
    match screen.ask:
        case Ask.REASON:
            return show(session, screen.back, do)
        case Ask.PIN:
            return show(session, replace(screen, ask=Ask.BADGE, badge="", pin=""), do)
        case Ask.NOTE | Ask.BADGE:
            anew = replace(screen.wanted, reason="", note="")
            return show(session, replace(screen, ask=Ask.REASON, wanted=anew), do)


def _noted(session: Session, screen: Overriding, note: str, do: Do) -> Session:
    return show(session, replace(screen, wanted=replace(screen.wanted, note=note)), do)


def _with_reason(command: Command, wanted: Wanted) -> Command:
    """Commands that keep a reason of their own get the one that was chosen."""
    match command:
        case VoidDrop() | ReopenContainer() | VoidManifest():
            note = wanted.note.strip()
            return replace(command, reason=f"{wanted.reason}: {note}" if note else wanted.reason)
        case _:
            return command
