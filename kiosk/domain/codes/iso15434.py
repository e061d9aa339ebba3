"""Message envelopes of ISO/IEC 15434: `[)>` RS, one or more formats, each ended by RS, EOT.

On parcels: format 01 is a carrier's own (UPS MaxiCode, FedEx PDF417), 05 holds GS1 element
strings, 06 fields with data identifiers (ANSI MH10.8.2), of which the licence plates (`J` to `8J`,
ISO/IEC 15459) name a parcel. Other formats are passed over. Real labels leave out the last RS and
EOT, so neither is asked for.

A hand-held scanner may spell the control characters. Three spellings are read, and only where the
whole heading is in one of them and no real control character is there: then it can be nothing
else. Where it drops them there is nothing left to cut by, and nothing is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.domain.codes import gs1_elements, transport
from kiosk.domain.codes.gs1_elements import Bad
from kiosk.domain.codes.model import CarrierLabel, Gs1, Tracking, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

START = "[)>"
GS, RS, EOT = "\x1d", "\x1e", "\x04"
LONGEST = 2500
MOST_FORMATS = 8

_SPELLINGS = (
    ("\u241e", "\u241d", "\u2404"),
    ("^^", "^]", "^D"),
    ("<RS>", "<GS>", "<EOT>"),
)
_CARRIER = Unreadable(Reason(Why.CODE_FOREIGN), "carrier")
_WRONG = Unreadable(Reason(Why.CODE_WRONG_CHECK), "carrier")


@dataclass(frozen=True, slots=True)
class Format:
    """One format of a message: its two digits and its fields."""

    number: str
    fields: tuple[str, ...]


def parse(presented: Presented) -> CarrierLabel | Gs1 | Unreadable | None:
    """None for what is no envelope. A label that some carrier's check proves, else GS1 data."""
    if not presented.line.startswith(START):
        return None
    readings, elements = readings_of(presented)
    valid = tuple(reading for reading in readings if reading.valid)
    if valid:
        return CarrierLabel(valid)
    if isinstance(elements, tuple):
        return Gs1(elements)
    return _WRONG if readings or elements is Bad.CHECK else _CARRIER


def readings_of(
    presented: Presented,
) -> tuple[tuple[Tracking, ...], gs1_elements.Elements | Bad | None]:
    """Every carrier's reading of an envelope, valid ones first, and its GS1 data if any."""
    readings: list[Tracking] = []
    elements: gs1_elements.Elements | Bad | None = None
    for one in formats(presented.line):
        if one.number == "01":
            readings += transport.readings(one.fields)
        elif one.number == "05" and elements is None:
            elements = gs1_elements.split(GS.join(one.fields))
        elif one.number == "06":
            readings += transport.plates(one.fields)
    once = dict.fromkeys(readings)
    return tuple(sorted(once, key=lambda reading: not reading.valid)), elements


def formats(text: str) -> Sequence[Format]:
    """The formats of a message, () for what is none."""
    text = _spelled_out(text)
    if not text.startswith(START + RS) or len(text) > LONGEST:
        return ()
    body, _, behind = text.removeprefix(START + RS).partition(EOT)
    if behind.strip():
        return ()
    found: list[Format] = []
    for part in body.split(RS, MOST_FORMATS):
        number, *fields = part.split(GS)
        if len(number) == 2 and number.isascii() and number.isdigit():
            found.append(Format(number, tuple(fields)))
    return found[:MOST_FORMATS]


def _spelled_out(text: str) -> str:
    if any(control in text for control in (GS, RS, EOT)):
        return text
    for rs, gs, eot in _SPELLINGS:
        heading = START + rs
        if text.startswith(heading) and text[len(heading) + 2 :].startswith(gs):
            return text.replace(rs, RS).replace(gs, GS).replace(eot, EOT)
    return text
