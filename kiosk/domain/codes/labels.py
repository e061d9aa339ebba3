"""A carrier's label by its number alone."""

from __future__ import annotations

from kiosk.domain.codes import carriers, gs1
from kiosk.domain.codes.model import CarrierLabel, Tracking, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why


def parse(presented: Presented) -> CarrierLabel | Unreadable | None:
    """Every valid reading. A number with letters and a wrong check is a carrier's label read
    wrong; one of digits may be anything, and is not claimed."""
    readings = readings_of(presented)
    valid = tuple(reading for reading in readings if reading.valid)
    if valid:
        return CarrierLabel(valid)
    told = any(not reading.number.isdigit() for reading in readings)
    return Unreadable(Reason(Why.CODE_WRONG_CHECK), "carrier") if told else None


def readings_of(presented: Presented) -> tuple[Tracking, ...]:
    """Every carrier's reading. What any symbol calls GS1 is asked for as GS1-128, where digits
    that are no element string cannot stand."""
    aim = "]C1" if presented.aim in gs1.LABELLED else presented.aim
    return carriers.recognise(presented.line, aim)
