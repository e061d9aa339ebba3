"""Samples of signing in, Home, Help, overrides, and of what stands around every screen."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.commands import VoidDrop
from kiosk.domain.counter.conflicts import Conflict, ConflictKind
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.parcel_facts import ParcelMissing
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.saying import Because, Then
from kiosk.domain.counter.saying import Refused as CounterRefused
from kiosk.domain.staff import saying
from kiosk.domain.staff import sessions as shifts
from kiosk.domain.staff.overrides import Wanted
from kiosk.flows.counter.model import (
    Bar,
    Did,
    Flash,
    Note,
    Said,
    Screen,
    Session,
    Tiles,
    Tone,
    Undo,
)
from kiosk.flows.counter.states import desk
from kiosk.ports import Trouble

NUMBER, OTHER = "00340434161094042557", "1Z999AA10123456784"
NOW = 1000.0
NAME = "Maximiliane Hohenberger"
WORKING = Session(
    desk.Home(),
    shifts.Screen(shifts.Session("max", 0, 0)),
    NAME,
    tiles=Tiles(12, 3, 5, 2),
    bar=Bar(True, 0, 2, True, 40),
    now=NOW,
)
"""Somebody is at work, and everything is as it should be."""


_TEAM = tuple(
    (f"staff-{n}", f"{name} Hohenberger-Wiśniewska")
    for n, name in enumerate(("Ada", "Anna", "Ben", "Cara", "Maximiliane", "Nils", "Zoë"))
)


def at(screen: Screen, told: Said | None = None, tone: Tone = Tone.RIGHT) -> Session:
    """A screen of theirs, with what the last scan came to."""
    flash = None if told is None else Flash(tone, told, NOW + 6, 7)
    return replace(WORKING, screen=screen, flash=flash)


def _missing(number: str, shelf: str) -> Parcel:
    return Parcel(number, ParcelState.MISSING, carrier="dhl", shelf_id=shelf)


def _conflict(kind: ConflictKind) -> Conflict:
    record = Recorded(Stamp("0", "desk-2"), ParcelMissing(OTHER, "", "anna"))
    subject = Subject(Kind.PARCEL, OTHER)
    return Conflict(kind, subject, record, "collected", Because.PARCEL_COLLECTED, None)


def _lists() -> dict[str, Session]:
    missing = tuple(_missing(f"{NUMBER[:-1]}{n}", f"A{n}") for n in range(5))
    conflicts = (
        _conflict(ConflictKind.HANDED_OUT_AND_SENT_BACK),
        _conflict(ConflictKind.SIGNED_FOR_ELSEWHERE),
        _conflict(ConflictKind.HANDED_OUT_TWICE),
    )
    return {
        "to-settle": at(desk.ToSettle(missing, conflicts)),
        "to-settle-last": at(desk.ToSettle(missing, conflicts, 1)),
        "to-settle-none": at(desk.ToSettle()),
    }


def _overriding() -> dict[str, Session]:
    asked = desk.Overriding(
        Wanted(VoidDrop, "BAG-7", ""), VoidDrop("BAG-7", ""), desk.Home(), needs=True
    )
    noted = replace(asked.wanted, reason="other", note="wrong customer, same family name")
    same = saying.Refused(saying.Because.SECOND_IS_THE_SAME, saying.Then.ASK_SOMEBODY_ELSE)
    return {
        "override-reason": at(asked),
        "override-note": at(replace(asked, ask=desk.Ask.NOTE, wanted=noted)),
        "override-badge": at(replace(asked, ask=desk.Ask.BADGE), same, Tone.WRONG),
        "override-pin": at(replace(asked, ask=desk.Ask.PIN, badge="b", pin="48162")),
    }


def _signing_in() -> dict[str, Session]:
    nobody = Session(desk.SignIn(), bar=Bar(False, 14, 60, False, 700), now=NOW)
    bad = saying.Refused(saying.Because.SIGN_IN_NOT_GOOD, saying.Then.TRY_AGAIN_OR_ASK)
    easy = saying.Refused(saying.Because.PIN_TOO_EASY, saying.Then.CHOOSE_PIN)
    failed = Flash(Tone.WRONG, bad, NOW + 6, 2)
    return {
        "starting": Session(desk.Starting()),
        "out-of-service": Session(desk.OutOfService(Trouble.STORE_FAILED)),
        "sign-in": Session(desk.SignIn(), bar=Bar(), now=NOW),
        "sign-in-troubled": nobody,
        "sign-in-wait": replace(nobody, screen=desk.SignIn(wait=28, until=NOW + 28)),
        "sign-in-id": replace(
            nobody, screen=desk.SignIn(desk.Pad.STAFF_ID, staff_id="4711"), bar=Bar()
        ),
        "sign-in-pin": replace(
            nobody, screen=desk.SignIn(desk.Pad.PIN, "b", pin="481"), flash=failed, bar=Bar()
        ),
        "choose-pin": at(desk.ChoosePin(), easy, Tone.WRONG),
        "choose-pin-again": at(desk.ChoosePin("270594", "27"), Note(Did.PIN_AGAIN)),
    }


def sessions() -> dict[str, Session]:
    """By name."""
    full = CounterRefused(Because.SHELF_FULL, Then.OTHER_SHELF, {"shelf": "A1", "room": 20})
    undo = Undo(Did.SHELVED, VoidDrop("BAG-7", ""), NOW + 8)
    nearly = Note(Did.NEARLY_FULL, {"where": "A1", "count": 18, "room": 20})
    practising = replace(WORKING.staff, session=shifts.Session("max", 0, 0, training=True))
    return {
        **_signing_in(),
        "home": WORKING,
        "home-right": replace(at(desk.Home(), Note(Did.SHELVED, {"shelf": "A1"})), undo=undo),
        "home-care": at(desk.Home(), nearly, Tone.CARE),
        "home-wrong": at(desk.Home(), full, Tone.WRONG),
        "home-training": replace(WORKING, staff=practising, bar=Bar(False, 3, 50, False, 4000)),
        "home-quiet": replace(WORKING, tiles=Tiles()),
        "help": at(desk.Help()),
        "help-supervisor": at(desk.Help(unlocks=True)),
        "unlocking": at(desk.Unlocking(_TEAM)),
        "type-code": at(desk.TypeCode(desk.Home(), "00340434161094042557")),
        **_lists(),
        **_overriding(),
    }
