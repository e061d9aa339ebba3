"""Home and Help: the keys that begin something without a scan, and what is typed instead of one."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.shop import Shop
from kiosk.domain.staff.permits import Allowed, DeskAct
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.sessions import may_act
from kiosk.flows.counter import inbound, leaving, shift
from kiosk.flows.counter.model import (
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
    Undo,
    Written,
)
from kiosk.flows.counter.states.desk import Help, ToSettle, TypeCode, Unlocking
from kiosk.flows.counter.turns import act, home, right, show, tiles, turned, wrong

LONGEST_CODE = 80


def at_home(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    match event:
        case Pressed(Key.TO_SHELVE):
            return inbound.to_shelve(session, do, timing)
        case Pressed(Key.EXPIRED):
            return inbound.pulling(session, do, timing)
        case Pressed(Key.RECEIVE):
            return inbound.receive(session, do, timing)
        case Pressed(Key.CONTAINERS):
            return leaving.containers(session, do, timing)
        case Pressed(Key.HELP):
            return show(session, Help(_may(session, DeskAct.UNLOCK, do)), do)
        case Pressed(Key.TO_SETTLE):
            return show(session, to_settle(do.shop()), do)
        case Heard():
            now = tiles(do.shop())
            return session if now == session.tiles else replace(session, tiles=now)
        case _:
            return session


def at_help(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    match event:
        case Pressed(Key.BACK | Key.DONE):
            return home(session, do)
        case Pressed(Key.LABELS):
            return leaving.labels(session, do, timing)
        case Pressed(Key.TO_SETTLE):
            return show(session, to_settle(do.shop()), do)
        case Pressed(Key.TRAINING):
            return train(session, do, timing)
        case Pressed(Key.UNLOCK) if _may(session, DeskAct.UNLOCK, do):
            return show(session, _others(session, do), do)
        case _:
            return session


def settling(
    session: Session, screen: ToSettle, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    """The list of what only a person can settle. A conflict is settled in the centre, as a case;
    here it is said what happened."""
    lines = len(screen.missing) + len(screen.conflicts)
    match event:
        case Pressed(Key.BACK | Key.DONE):
            return home(session, do)
        case Pressed(Key.NEXT_PAGE | Key.LAST_PAGE as key):
            page = turned(session, screen.page, key, lines)
            return session if page == screen.page else show(session, replace(screen, page=page), do)
        case Chosen(value=number) if any(one.number == number for one in screen.missing):
            return inbound.looking(session, number, do, timing)
        case Heard():
            anew = to_settle(do.shop())
            left = len(anew.missing) + len(anew.conflicts)
            now = replace(anew, page=turned(session, screen.page, Key.BACK, left))
            return session if now == screen else show(session, now, do)
        case _:
            return session


def to_settle(shop: Shop) -> ToSettle:
    """What no counter can settle by itself, the latest conflict first."""
    missing = tuple(shop.parcels[number] for number in sorted(shop.in_state(ParcelState.MISSING)))
    return ToSettle(missing, tuple(reversed(shop.conflicts())))


def unlocking(
    session: Session, screen: Unlocking, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    """Whose wrong PINs are forgiven is chosen by name."""
    match event:
        case Pressed(Key.NEXT_PAGE | Key.LAST_PAGE as key):
            page = turned(session, screen.page, key, len(screen.members))
            return session if page == screen.page else show(session, replace(screen, page=page), do)
        case Chosen(value=staff_id) if staff_id in dict(screen.members):
            refused = do.unlock(session.staff, staff_id)
            if refused is not None:
                return wrong(session, refused, do, timing)
            name = dict(screen.members)[staff_id]
            return right(home(session, do), Did.UNLOCKED, do, timing, name=name)
        case _:
            return session


def _others(session: Session, do: Do) -> Unlocking:
    """Everybody who works here now but oneself, by name."""
    who, at = session.staff.session, do.at()
    own = who.staff_id if who is not None else ""
    members = (one for one in do.house().roster.members if one.works_at(at))
    others = ((one.staff_id, one.name) for one in members if one.staff_id != own)
    return Unlocking(tuple(sorted(others, key=lambda one: one[1])))


def _may(session: Session, act: DeskAct, do: Do) -> bool:
    house = do.house()
    answer = may_act(session.staff, act, house.times, house.roster, house.limits, do.at())
    return isinstance(answer, Allowed)


def typing(session: Session, screen: TypeCode, event: CounterEvent, do: Do) -> Session:
    """A code is typed; what SUBMIT does with it is the dispatcher's."""
    match event:
        case Pressed(Key.BACK):
            return show(session, screen.back, do)
        case Pressed(Key.ERASE) if screen.text:
            return show(session, replace(screen, text=screen.text[:-1]), do)
        case Typed(char=char) if len(char) == 1 and char.isprintable():
            return show(session, replace(screen, text=(screen.text + char)[:LONGEST_CODE]), do)
        case Written(text=text):
            plain = "".join(char for char in text if char.isprintable())
            return show(session, replace(screen, text=plain[:LONGEST_CODE]), do)
        case _:
            return session


def train(session: Session, do: Do, timing: Timing) -> Session:
    """Training on or off, if whoever is signed in may."""
    house = do.house()
    limits, roster = house.limits, house.roster
    answer = may_act(session.staff, DeskAct.TRAINING, house.times, roster, limits, do.at())
    if not isinstance(answer, Allowed):
        no = Refused(Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)
        return wrong(session, answer if isinstance(answer, Refused) else no, do, timing)
    on = not session.training
    session = shift.train(session, on, do, timing)
    return right(session, Did.TRAINING_BEGAN if on else Did.TRAINING_ENDED, do, timing)


def undo(session: Session, undo: Undo, do: Do, timing: Timing) -> Session:
    """The last act taken back. A screen that shows what is no longer so would mislead: a job that
    can go on after its undo takes the key itself."""
    session = replace(session, undo=None)
    session, acted = act(session, undo.command, _about(undo), do, timing)
    if acted is None:
        return session
    return right(home(session, do), Did.UNDONE, do, timing)


def _about(undo: Undo) -> str:
    """What a command is about, by the first thing that it names."""
    command = undo.command
    for name in ("number", "bag_id", "container_id", "manifest_id"):
        value = getattr(command, name, "")
        if value:
            return str(value)
    return ""
