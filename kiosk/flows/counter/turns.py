"""The moves that every job of the counter shares: show, go home, say, act."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.commands import Command, ReopenContainer, VoidDrop, VoidManifest
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.index import By
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.shop import Shop
from kiosk.domain.staff.overrides import Wanted
from kiosk.domain.staff.permits import Needs
from kiosk.flows.counter.model import (
    Acted,
    Did,
    Do,
    Flash,
    Key,
    Note,
    Said,
    Screen,
    Session,
    Tiles,
    Timing,
    Tone,
    Undo,
)
from kiosk.flows.counter.states.desk import Home, Overriding

TO_PULL = (ParcelState.EXPIRED, ParcelState.REFUSED_OUT)
"""What kiosk.domain.counter.pulling.pull_list lists."""


def show(session: Session, screen: Screen, do: Do) -> Session:
    """Put a screen up."""
    return replace(session, screen=screen, now=do.now())


def home(session: Session, do: Do) -> Session:
    """Back to scan-anything; what was just said stays to be read."""
    return replace(session, screen=Home(), tiles=tiles(do.shop()), now=do.now())


def say(session: Session, tone: Tone, said: Said, do: Do, timing: Timing) -> Session:
    """Colour, sound and words for what a scan or touch came to."""
    do.cue(tone)
    scans = session.scans + 1
    flash = Flash(tone, said, do.now() + timing.flash, scans)
    return replace(session, flash=flash, scans=scans, now=do.now())


def right(session: Session, did: Did, do: Do, timing: Timing, **values: str | int) -> Session:
    return say(session, Tone.RIGHT, Note(did, values), do, timing)


def care(session: Session, did: Did, do: Do, timing: Timing, **values: str | int) -> Session:
    return say(session, Tone.CARE, Note(did, values), do, timing)


def wrong(session: Session, said: Said, do: Do, timing: Timing) -> Session:
    return say(session, Tone.WRONG, said, do, timing)


def act(
    session: Session, command: Command, about: str, do: Do, timing: Timing
) -> tuple[Session, Acted | None]:
    """What a command comes to: with what was recorded; or None, and the session then says why not
    or asks for a reason and a second person. `about` is what it is about (a parcel, a bag), for
    the record of an override. The old undo is gone once something else was done."""
    answer = do.act(session.staff, command)
    match answer:
        case Acted():
            return replace(session, undo=None, tiles=tiles(do.shop())), answer
        case Needs():
            wanted = Wanted(type(command), about, "")
            return show(session, Overriding(wanted, command, session.screen, needs=True), do), None
        case _:
            return wrong(session, answer, do, timing), None


def ask_reason(
    session: Session, command: VoidDrop | ReopenContainer | VoidManifest, about: str, do: Do
) -> Session:
    """Have a command's reason chosen (its own is ""), then a second person where the table asks
    for one. The job hears of it by `Approved`."""
    wanted = Wanted(type(command), about, "")
    return show(session, Overriding(wanted, command, session.screen), do)


def undoable(session: Session, did: Did, command: Command, do: Do, timing: Timing) -> Session:
    """The last act can be taken back for a while."""
    return replace(session, undo=Undo(did, command, do.now() + timing.undo))


def tiles(shop: Shop) -> Tiles:
    """What waits, counted from the indexes: costs the same in a full shop as in an empty one."""
    open_ones = (ContainerState.OPEN, ContainerState.CLOSED)
    missing = len(shop.in_state(ParcelState.MISSING))
    return Tiles(
        to_shelve=len(shop.in_state(ParcelState.RECEIVED)),
        expired=sum(len(shop.in_state(state)) for state in TO_PULL),
        containers=sum(len(shop.containers.index.of(By.STATE, state)) for state in open_ones),
        help=len(shop.conflicts()) + missing,
    )


PAGE, LARGE_PAGE = 5, 3
"""Lines of a list on one page; fewer where text is large."""


def page_size(session: Session) -> int:
    return LARGE_PAGE if session.comfort.large_text else PAGE


def pages(session: Session, count: int) -> int:
    """How many pages so many lines fill; one for none."""
    return max(1, -(-count // page_size(session)))


def turned(session: Session, page: int, key: Key, count: int) -> int:
    """The page after a key: NEXT_PAGE or LAST_PAGE; any other leaves it, as far as it is there."""
    step = {Key.NEXT_PAGE: 1, Key.LAST_PAGE: -1}.get(key, 0)
    return max(0, min(page + step, pages(session, count) - 1))
