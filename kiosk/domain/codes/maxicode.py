"""MaxiCode without an envelope: the structured carrier message of modes 2 and 3 (ISO/IEC 16023).

The symbol's first part is postal code, country and class of service, and a decoder may give it
just so, separated by GS, before the second part's tracking number, carrier and shipper. Inside an
envelope `iso15434` reads the same. Anything else in a MaxiCode is a carrier's and nobody's here.
"""

from __future__ import annotations

from kiosk.domain.codes import transport
from kiosk.domain.codes.model import CarrierLabel, Tracking, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

AIM = "]U"
GS = "\x1d"
MOST_FIELDS = 64


def parse(presented: Presented) -> CarrierLabel | Unreadable | None:
    readings = readings_of(presented)
    valid = tuple(reading for reading in readings if reading.valid)
    if valid:
        return CarrierLabel(valid)
    return Unreadable(Reason(Why.CODE_WRONG_CHECK), "carrier") if readings else None


def readings_of(presented: Presented) -> tuple[Tracking, ...]:
    """Every carrier's reading; () for what is no such message."""
    if not presented.aim.startswith(AIM):
        return ()
    postal, *rest = presented.line.strip("\x04\x1e ").split(GS, MOST_FIELDS)
    numeric = all(len(field) == 3 and field.isascii() and field.isdigit() for field in rest[:2])
    if len(rest) < 3 or not numeric or not 1 <= len(postal) <= 9:
        return ()
    return tuple(transport.readings((postal, *rest)))
