"""Containers and hand-overs, as they are really walked. A name that is drawn counts as one touch:
it is the driver's."""

from __future__ import annotations

from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.meaning import ContainerScanned, DriverScanned, SealScanned
from kiosk.flows.counter.model import Drawn, Key
from kiosk.flows.counter.states.leaving import Signed
from tests.flows.counter.taps import Counting, Row
from tests.flows.counter.test_counter_containers import PLATE, SEAL, bag, open_one, parcel, staged
from tests.flows.counter.test_counter_hand_over import NAME, closed, loose

S = ContainerState


def new_container(shift: Counting) -> None:
    shift.begins()
    shift.scan(ContainerScanned(PLATE))
    shift.choose("dhl")
    assert _state(shift) is S.OPEN


def fill_and_seal(shift: Counting) -> None:
    """Three pieces and the seal, one scan each."""
    open_one(shift)
    numbers = [staged(shift, f"P{at}") for at in range(3)]
    shift.begins()
    for number in numbers:
        shift.scan(parcel(number))
    shift.scan(SealScanned(SEAL))
    assert _state(shift) is S.CLOSED


def move(shift: Counting) -> None:
    """From one container into another: the new one, then the piece."""
    open_one(shift, "TC0000000059S")
    first = open_one(shift)
    shift.scan(parcel(bag(shift, "TB1")))
    shift.begins()
    shift.scan(ContainerScanned("TC0000000059S"))
    shift.scan(parcel("TB1"))
    assert shift.desk.shop().filled(first) == 0


def hand_over(shift: Counting) -> None:
    for container in ("c1", "c2", "c3"):
        closed(shift, container)
    loose(shift, "P1")
    shift.begins()
    shift.scan(DriverScanned("dhl", "R7", 0, 4))
    shift.press(Key.READY)
    _sign(shift)


def hand_over_some(shift: Counting) -> None:
    """What is scanned on its way out goes, the rest stays."""
    for container in ("c1", "c2", "c3"):
        closed(shift, container)
    shift.begins()
    shift.scan(DriverScanned("dhl", "R7", 0))
    shift.scan(ContainerScanned("TC-c1"))
    shift.scan(ContainerScanned("TC-c3"))
    shift.press(Key.READY)
    _sign(shift)
    assert shift.desk.shop().containers["c2"].state is S.CLOSED


def hand_over_without_a_code(shift: Counting) -> None:
    closed(shift, "c1")
    shift.begins()
    shift.scan(ContainerScanned("TC-c1"))
    shift.press(Key.HAND_OVER, Key.READY)
    _sign(shift)


def _sign(shift: Counting) -> None:
    shift.happens(Drawn(NAME))
    shift.press(Key.DONE)
    assert isinstance(shift.screen, Signed)


def _state(shift: Counting) -> ContainerState:
    found = shift.desk.shop().by_plate(PLATE)
    assert found is not None
    return found.state


ROWS = (
    Row("begin a new container", new_container, 1),
    Row("fill a container and seal it", fill_and_seal, 0, 3),
    Row("move a piece into another container", move, 0),
    Row("hand over all that waits, and the driver's name", hand_over, 3, 4),
    Row("hand over some of it, and the driver's name", hand_over_some, 3, 2),
    Row("hand over without a driver's code, and their name", hand_over_without_a_code, 4),
)
