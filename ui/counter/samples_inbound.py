"""Samples of the screens of kiosk.flows.counter.states.inbound."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.commands import RefusalCause, Shelve
from kiosk.domain.counter.meaning import DriverScanned
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.shelves import Shelf
from kiosk.domain.counter.walking import Errand
from kiosk.flows.counter.model import Did, Note, Session, Tone, Undo
from kiosk.flows.counter.states import inbound
from ui.counter.samples_desk import NOW, NUMBER, OTHER, at

S = ParcelState
LONGEST = "JJD0003404341610940425571"
SHELF, WIDE = "A12", "LAGER-02-104"


def _parcel(n: int, state: ParcelState = S.SHELVED, shelf: str = SHELF) -> Parcel:
    number = (NUMBER, OTHER, LONGEST)[n % 3][: -len(str(n))] + str(n)
    carrier = ("dhl", "ups", "hermes")[n % 3]
    parcel = Parcel(number, state, carrier, announced=n % 4 != 3, shelf_id=shelf)
    return replace(parcel, until="2026-03-14", code="c0de" if n % 2 else "")


def _delivery() -> inbound.Receiving:
    taken = tuple(Errand(_parcel(n, S.RECEIVED, ""), f"A{n}") for n in range(12))
    return inbound.Receiving(
        DriverScanned("dhl", "R-77", 14, 3),
        "dhl",
        (*taken, Errand(_parcel(12, S.RECEIVED, ""), SHELF)),
        ((OTHER, RefusalCause.DAMAGED),),
        7,
        taken[0].parcel.number,
        SHELF,
        fill=Fill(212, 230),
    )


def _deliveries() -> dict[str, Session]:
    going = _delivery()
    took = Note(Did.RECEIVED, {"number": NUMBER, "shelf": SHELF})
    strange = Note(Did.RECEIVED_UNKNOWN, {"number": OTHER, "shelf": WIDE})
    back = Note(Did.NOT_TAKEN, {"number": OTHER, "cause": "damaged"})
    nearly = Note(Did.NEARLY_FULL, {"where": "", "count": 212, "room": 230})
    collected = Refused(Because.PARCEL_COLLECTED, Then.ASK_SUPERVISOR)
    begun = inbound.Receiving(going.round, "dhl", announced=20, fill=going.fill)
    agreed = replace(going, round=DriverScanned("dhl", "R-77", 14), refused=going.refused[:1])
    fewer = replace(going, round=DriverScanned("dhl", "R-77", 17))
    readings = (Tracking("dhl", "", OTHER), Tracking("hermes", "", OTHER))
    qr = "TR1:R-77:13:1:5F3A9C02"
    return {
        "receiving-begun": at(begun, nearly, Tone.CARE),
        "receiving": at(going, took),
        "receiving-unknown": at(replace(going, last=LONGEST, suggested=WIDE), strange, Tone.CARE),
        "receiving-damaged": at(replace(going, cause=RefusalCause.DAMAGED)),
        "receiving-refused": at(replace(going, last=OTHER, suggested=""), back, Tone.CARE),
        "receiving-no-room": at(replace(going, suggested="", round=None), took, Tone.CARE),
        "receiving-wrong": at(going, collected, Tone.WRONG),
        "received": at(inbound.Received(agreed, qr, waits=True)),
        "received-fewer": at(inbound.Received(fewer, qr)),
        "whose-label": at(inbound.WhoseLabel(readings, going)),
    }


def _parcels() -> dict[str, Session]:
    days = (
        ("takeback.parcel.staged.v1", 14, "Maximiliane Hohenberger", "R1"),
        ("takeback.parcel.expired.v1", 14, "", ""),
        ("takeback.parcel.found.v1", 9, "Ada Kowalski", ""),
        ("takeback.parcel.missing.v1", 9, "Maximiliane Hohenberger", SHELF),
        ("takeback.parcel.shelved.v1", 3, "Maximiliane Hohenberger", SHELF),
        ("takeback.parcel.received.v1", 2, "Ada Kowalski", ""),
        ("takeback.parcel.announced.v1", 1, "", ""),
    )
    story = tuple(
        inbound.Past(type_, datetime(2026, 3, day, 14, 5, tzinfo=UTC), by, place)
        for type_, day, by, place in days
    )
    shelve = inbound.ParcelInHand(_parcel(0, S.RECEIVED, ""), SHELF, story)
    lies = inbound.ParcelInHand(_parcel(1), "", story, held=False)
    full = Refused(Because.SHELF_FULL, Then.OTHER_SHELF, {"shelf": WIDE, "room": 20})
    gone = Refused(Because.PARCEL_COLLECTED, Then.ASK_SUPERVISOR)
    places = (SHELF, "A11", "A13", "A10", "")
    return {
        "parcel-to-shelve": at(shelve, Note(Did.SEEN, {"number": NUMBER, "shelf": ""})),
        "parcel-shelf-full": at(replace(shelve, suggested=WIDE), full, Tone.WRONG),
        "parcel-lies": at(lies),
        "parcel-story": at(replace(lies, open_story=True)),
        "parcel-expired": at(inbound.ParcelInHand(_parcel(3, S.EXPIRED), "R1", story)),
        "parcel-missing": at(inbound.ParcelInHand(_parcel(1, S.MISSING), "", story, held=False)),
        "parcel-collected": at(
            inbound.ParcelInHand(_parcel(2, S.COLLECTED), "", story), gone, Tone.WRONG
        ),
        "looking": at(inbound.LookingFor(_parcel(2), places)),
        "looking-missing": at(inbound.LookingFor(_parcel(0, S.MISSING), places)),
    }


def _lists() -> dict[str, Session]:
    shelf = Shelf(SHELF, "front", 20)
    some = tuple(_parcel(n, S.EXPIRED if n == 4 else S.SHELVED) for n in range(18))
    put = Note(Did.SHELVED, {"number": NUMBER, "shelf": SHELF})
    errands = tuple(Errand(_parcel(n, S.RECEIVED, ""), f"A{n}") for n in range(11))
    errands = (Errand(_parcel(2, S.RECEIVED, ""), WIDE), *errands, Errand(_parcel(5), ""))
    pull = tuple(
        _parcel(n, S.EXPIRED if n else S.REFUSED_OUT, f"A{n}" if n else "") for n in range(7)
    )
    undo = Undo(Did.SHELVED, Shelve(NUMBER, "A1"), NOW + 8)
    return {
        "shelf": replace(at(inbound.ShelfInHand(shelf, Fill(18, 20), some), put), undo=undo),
        "shelf-last": at(inbound.ShelfInHand(shelf, Fill(18, 20), some, 2)),
        "shelf-empty": at(
            inbound.ShelfInHand(Shelf("R1", "back", 40, returns=True), Fill(0, 40), ())
        ),
        "to-shelve": at(inbound.ToShelve(errands, 240)),
        "to-shelve-last": at(inbound.ToShelve(errands, 240, 2)),
        "to-shelve-none": at(inbound.ToShelve((), 0)),
        "pulling": at(inbound.Pulling(pull, 7, "R1", 4)),
        "pulling-extending": at(inbound.Pulling(pull, 7, WIDE, 4, extending=True)),
        "pulling-none": at(inbound.Pulling((), 0, "R1", 11)),
    }


def sessions() -> dict[str, Session]:
    """By name."""
    return {**_deliveries(), **_parcels(), **_lists()}
