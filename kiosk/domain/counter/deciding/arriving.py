"""Parcels that come in and find their place."""

from __future__ import annotations

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.deciding.setting import Decided, Setting
from kiosk.domain.counter.holding import last_day
from kiosk.domain.counter.parcel_facts import (
    ParcelNotified,
    ParcelReceived,
    ParcelRefusedIn,
    ParcelShelved,
    PickUpCodeIssued,
)
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.suggesting import shelf_fill


def received(here: Setting, command: ask.Receive) -> Decided:
    """Its hold period begins today."""
    carrier = command.carrier or here.shop.parcels[command.number].carrier
    until = last_day(here.rules.hold_of(carrier), here.today, here.rules.opening)
    on, size = here.today.isoformat(), command.size
    return (ParcelReceived(command.number, carrier, on, until.isoformat(), here.by, size),)


def refused_in(here: Setting, command: ask.RefuseIn) -> Decided:
    """What was received and not shelved goes back on the day it came: later no driver waits."""
    parcel = here.shop.parcels[command.number]
    received = parcel.state is ParcelState.RECEIVED
    if received and parcel.received_on != here.today.isoformat():
        return Refused(Because.PARCEL_ALREADY_HERE, Then.SHELVE_IT, {"parcel": command.number})
    carrier = command.carrier or parcel.carrier
    cause = command.cause.value
    return (ParcelRefusedIn(command.number, carrier, cause, here.by, received),)


def shelved(here: Setting, command: ask.Shelve) -> Decided:
    fact = ParcelShelved(command.number, command.shelf_id, here.by)
    refused = shelf_refuses(here, command.number, command.shelf_id, returns=False)
    return refused or (*here.in_hand(command.number), fact)


def shelf_refuses(here: Setting, number: str, shelf_id: str, *, returns: bool) -> Refused | None:
    """Why a parcel cannot be put on that shelf. One that lies there can be put there again."""
    shelf, parcel = here.shop.shelves[shelf_id], here.shop.parcels[number]
    if not shelf.room:
        return Refused(Because.SHELF_UNKNOWN, Then.SCAN_SHELF, {"shelf": shelf_id})
    if shelf.returns is not returns or not (returns or shelf.takes(parcel)):
        return Refused(Because.SHELF_NOT_FOR_THIS, Then.OTHER_SHELF, {"shelf": shelf_id})
    if shelf_fill(here.shop, shelf_id).full and number not in here.shop.lying(shelf_id):
        values: dict[str, str | int] = {"shelf": shelf_id, "room": shelf.room}
        return Refused(Because.SHELF_FULL, Then.OTHER_SHELF, values)
    return None


def notified(command: ask.RecordNotice) -> Decided:
    return (ParcelNotified(command.number, command.notice),)


def code_issued(command: ask.IssueCode) -> Decided:
    if not command.numbers or not command.digest:
        return Refused(Because.NOTHING_SCANNED, Then.SCAN_AGAIN)
    return (PickUpCodeIssued(command.numbers, command.digest),)
