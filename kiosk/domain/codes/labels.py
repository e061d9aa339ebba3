"""A carrier's label by its number alone."""

from __future__ import annotations

from kiosk.domain.codes import carriers
from kiosk.domain.codes.model import CarrierLabel, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why


def parse(presented: Presented) -> CarrierLabel | Unreadable | None:
    """Every valid reading. A number with letters and a wrong check is a carrier's label read
    wrong; one of digits may be anything, and is not claimed."""
    readings = carriers.recognise(presented.line, presented.aim)
    valid = tuple(reading for reading in readings if reading.valid)
    if valid:
        return CarrierLabel(valid)
    told = any(not reading.number.isdigit() for reading in readings)
    return Unreadable(Reason(Why.CODE_WRONG_CHECK), "carrier") if told else None
