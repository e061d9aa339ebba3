"""Royal Mail's square Mailmark: a DataMatrix of 45 fixed places, then the sender's own text.

`JGB` and a blank, information type, version 1, class, supply chain, item, destination, service,
where it goes back to, six blanks. What is not used is blank, so blanks count here, and some
scanners cut them off at the end. There is no check digit: the places are the evidence, and both
postcodes must have a shape that postcodes have. Stamps begin alike and fail there. Types 7, 9 and
29 are sizes of the symbol and leave room for 6, 45 and 25 characters behind. Source: Royal Mail,
"Mailmark barcode definition document".
"""

from __future__ import annotations

from kiosk.domain.codes.carriers.layout import layout
from kiosk.domain.codes.model import CarrierLabel, Tracking
from kiosk.domain.codes.presented import Presented

PLACES = 45
LONGEST = 90  # type 9 with all of the sender's text
START = "JGB "
_FORM = (
    "=JGB<SP> information:x1 version=1 class:x1 supply:n7 item:n8 destination:b9 "
    "service:[0123456]1 back:b7 =<SP><SP><SP><SP><SP><SP>"
)
# A for a letter, N for a digit.
_POSTCODES = ("ANNAA", "ANNNAA", "AANNAA", "AANNNAA", "ANANAA", "AANANAA")
_OUTWARD = tuple(shape[:-3] for shape in _POSTCODES)
_POINTS = tuple(shape + "NA" for shape in _POSTCODES)
_ABROAD = "XY11"


def parse(presented: Presented) -> CarrierLabel | None:
    """A letter's or parcel's mark; None for what is none."""
    readings = readings_of(presented)
    return CarrierLabel(readings) if readings else None


def readings_of(presented: Presented) -> tuple[Tracking, ...]:
    """The one reading; () for what is no Mailmark."""
    text = presented.text.rstrip(" ")
    if not presented.may_be_ours or not text.startswith(START) or len(text) > LONGEST:
        return ()
    fields = layout(_FORM).match(text.ljust(PLACES)[:PLACES])
    if fields is None or not _goes_to(fields["destination"]) or not _comes_from(fields["back"]):
        return ()
    return (Tracking("Royal Mail", "Mailmark", fields["supply"] + fields["item"]),)


def _goes_to(place: str) -> bool:
    place = place.rstrip(" ")
    return place in ("", _ABROAD) or _shape(place) in (*_POINTS, *_OUTWARD)


def _comes_from(place: str) -> bool:
    place = place.rstrip(" ")
    return place == "" or _shape(place) in _POSTCODES


def _shape(place: str) -> str:
    return "".join("N" if c.isdigit() else "A" if c.isalpha() else " " for c in place)
