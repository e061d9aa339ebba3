"""What the tests of parcels and shelves share: labels, parcels in a state, and what was said."""

from __future__ import annotations

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.commands import (
    Command,
    DraftManifest,
    Expire,
    HandOut,
    ReadyManifest,
    Receive,
    RefusalCause,
    RefuseIn,
    RefuseOut,
    ReportMissing,
    Role,
    Shelve,
    SignManifest,
    Stage,
    Who,
)
from kiosk.domain.counter.meaning import ParcelScanned
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused
from kiosk.flows.counter.model import Tone
from tests.domain.counter.desk import CODE
from tests.flows.counter.conftest import Shift
from tests.flows.counter.fake_desk import FakeDesk

S = ParcelState
BY = Who("anna", Role.ASSOCIATE)
HOUSE = Who("", Role.HOUSE)


def label(number: str, *carriers: str) -> ParcelScanned:
    """A transport label that these carriers may have printed."""
    names = carriers or ("dhl",)
    return ParcelScanned(tuple(Tracking(name, "", number) for name in names))


def bring(desk: FakeDesk, number: str, state: ParcelState, shelf: str = "A1") -> None:
    """A parcel of dhl in that state: what lies on a shelf lies on `shelf`, what is staged on R1."""
    if state is S.UNKNOWN:
        return
    desk.tell(ParcelAnnounced(number, "dhl", code=CODE))
    for command in _way(number, state, shelf):
        if isinstance(command, Expire):
            desk.wait(days=30)
        desk.done(command, HOUSE if isinstance(command, Expire) else BY)


def _way(number: str, state: ParcelState, shelf: str) -> tuple[Command, ...]:
    receive, shelve = Receive(number, "dhl"), Shelve(number, shelf)
    staged = (receive, RefuseOut(number), Stage(number, "R1"))
    went = SignManifest(f"M{number}", (), (number,), "aa" * 32, "bb" * 32)
    ways: dict[ParcelState, tuple[Command, ...]] = {
        S.ANNOUNCED: (),
        S.REFUSED_IN: (RefuseIn(number, "dhl", RefusalCause.FULL),),
        S.RECEIVED: (receive,),
        S.SHELVED: (receive, shelve),
        S.COLLECTED: (receive, HandOut((number,), CODE)),
        S.REFUSED_OUT: (receive, RefuseOut(number)),
        S.EXPIRED: (receive, shelve, Expire()),
        S.MISSING: (receive, shelve, ReportMissing(number)),
        S.RTS_STAGED: staged,
        S.RETURNED_TO_SENDER: (
            *staged,
            DraftManifest(f"M{number}", "dhl", (), (number,)),
            ReadyManifest(f"M{number}"),
            went,
        ),
    }
    return ways[state]


def state(shift: Shift, number: str) -> ParcelState:
    return shift.desk.shop().parcels[number].state


def shelf_of(shift: Shift, number: str) -> str:
    return shift.desk.shop().parcels[number].shelf_id


def refused(shift: Shift) -> Because:
    """Why the last scan or touch was refused, in the colour of a refusal."""
    assert isinstance(shift.said, Refused), shift.said
    assert shift.flash.tone is Tone.WRONG
    return shift.said.because
