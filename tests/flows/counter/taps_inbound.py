"""The jobs of parcels that come in, lie and are looked for, as they are really walked."""

from __future__ import annotations

from kiosk.domain.counter.meaning import DriverScanned, ShelfScanned
from kiosk.flows.counter.model import Key
from kiosk.flows.counter.states.inbound import Received
from tests.flows.counter.inbound_story import S, bring, label, shelf_of, state
from tests.flows.counter.taps import Counting, Row

ROUND = DriverScanned("dhl", "R-77", brings=4)
NUMBERS = ("P1", "P2", "P3", "P4")


def _announced(shift: Counting) -> None:
    for number in NUMBERS:
        bring(shift.desk, number, S.ANNOUNCED)
    shift.begins()


def receive(shift: Counting) -> None:
    _announced(shift)
    for number in NUMBERS:
        shift.scan(label(number))
    assert {state(shift, number) for number in NUMBERS} == {S.RECEIVED}


def receive_round(shift: Counting) -> None:
    """The driver's code begins it and ends it."""
    _announced(shift)
    shift.scan(ROUND)
    for number in NUMBERS:
        shift.scan(label(number))
    shift.scan(ROUND)
    assert isinstance(shift.screen, Received)


def refuse(shift: Counting) -> None:
    _announced(shift)
    shift.scan(label("P1"))
    shift.press(Key.DAMAGED)
    shift.scan(label("P2"))
    assert (state(shift, "P1"), state(shift, "P2")) == (S.RECEIVED, S.REFUSED_IN)


def shelve(shift: Counting) -> None:
    bring(shift.desk, "P1", S.RECEIVED)
    shift.begins()
    shift.scan(label("P1"))
    shift.scan(ShelfScanned("A1"))
    assert shelf_of(shift, "P1") == "A1"


def shelve_several(shift: Counting) -> None:
    """Shelf first: one scan of the shelf for all of them."""
    shift.desk.shelf("C1")
    for number in NUMBERS:
        bring(shift.desk, number, S.RECEIVED)
    shift.begins()
    shift.scan(ShelfScanned("C1"))
    for number in NUMBERS:
        shift.scan(label(number))
    assert {shelf_of(shift, number) for number in NUMBERS} == {"C1"}


def move(shift: Counting) -> None:
    bring(shift.desk, "P1", S.SHELVED)
    shift.begins()
    shift.scan(label("P1"))
    shift.scan(ShelfScanned("A2"))
    assert shelf_of(shift, "P1") == "A2"


def missing(shift: Counting) -> None:
    """Its shelf, its line, where else to look; then it is told."""
    bring(shift.desk, "P1", S.SHELVED)
    shift.begins()
    shift.scan(ShelfScanned("A1"))
    shift.choose("P1")
    shift.press(Key.MISSING, Key.MISSING)
    assert state(shift, "P1") is S.MISSING


def found(shift: Counting) -> None:
    bring(shift.desk, "P1", S.MISSING)
    shift.begins()
    shift.scan(label("P1"))
    assert state(shift, "P1") is S.SHELVED


def pull(shift: Counting) -> None:
    for number in NUMBERS:
        bring(shift.desk, number, S.REFUSED_OUT)
    shift.begins()
    shift.press(Key.EXPIRED)
    for number in NUMBERS:
        shift.scan(label(number))
    assert {state(shift, number) for number in NUMBERS} == {S.RTS_STAGED}


def extend(shift: Counting) -> None:
    bring(shift.desk, "P1", S.SHELVED)
    shift.begins()
    shift.scan(label("P1"))
    shift.press(Key.EXTEND)
    assert shift.desk.shop().parcels["P1"].extended == 1


ROWS = (
    Row("receive four announced parcels", receive, 0, 4),
    Row("receive a driver's round of four, both counts", receive_round, 0, 4),
    Row("receive one, give a damaged one back", refuse, 1, 2),
    Row("put a parcel on a shelf", shelve, 0),
    Row("put four parcels on one shelf", shelve_several, 0, 4),
    Row("move a parcel", move, 0),
    Row("report a parcel missing", missing, 3),
    Row("find it again", found, 0),
    Row("pull four parcels that go back", pull, 1, 4),
    Row("let a parcel stay longer", extend, 1),
)
