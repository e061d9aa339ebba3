"""A parcel's life at the counter (product.md, Lifecycles)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.facts import ParcelFact
from kiosk.domain.counter.outbound_facts import ManifestSigned
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.table import Goes, Row, Table
from kiosk.domain.quick import quick


class ParcelState(StrEnum):
    UNKNOWN = "unknown"
    """Nobody told of it, or nothing but a code for it."""
    ANNOUNCED = "announced"
    REFUSED_IN = "refused_in"
    RECEIVED = "received"
    SHELVED = "shelved"
    COLLECTED = "collected"
    REFUSED_OUT = "refused_out"
    EXPIRED = "expired"
    MISSING = "missing"
    RTS_STAGED = "rts_staged"
    RETURNED_TO_SENDER = "returned_to_sender"


S = ParcelState
HERE = (S.RECEIVED, S.SHELVED, S.EXPIRED, S.REFUSED_OUT, S.RTS_STAGED)
"""The states of a parcel that lies in the shop, in a place that is known."""
COLLECTABLE = (S.RECEIVED, S.SHELVED, S.EXPIRED, S.RTS_STAGED)
"""The recipient may have it: until it is handed over to the carrier."""
_KNOWN = tuple(state for state in S if state is not S.UNKNOWN)
_COMING = (S.UNKNOWN, S.ANNOUNCED, S.REFUSED_IN)

PARCELS: Table[ParcelState] = Table(
    "Parcel",
    ParcelState,
    (
        Row((S.UNKNOWN,), par.ParcelAnnounced, S.ANNOUNCED),
        # An announcement overtaken by its parcel, or one that is corrected: it fills in what
        # was not known.
        Row(_KNOWN, par.ParcelAnnounced, Goes.NOWHERE, added=True),
        Row((S.UNKNOWN, S.ANNOUNCED), par.ParcelReceived, S.RECEIVED),
        Row((S.UNKNOWN, S.ANNOUNCED), par.ParcelRefusedIn, S.REFUSED_IN),
        Row((S.REFUSED_IN,), par.ParcelReceived, S.RECEIVED, added=True),
        Row((S.REFUSED_IN,), par.ParcelRefusedIn, Goes.NOWHERE, added=True),
        # Scanned before anybody saw the dent, while the driver is still there.
        Row((S.RECEIVED,), par.ParcelRefusedIn, S.REFUSED_IN, added=True),
        Row((S.RECEIVED, S.SHELVED), par.ParcelShelved, S.SHELVED),
        Row(_KNOWN, par.ParcelNotified, Goes.NOWHERE),
        Row((*_COMING, *HERE, S.MISSING), par.PickUpCodeIssued, Goes.NOWHERE, added=True),
        Row(COLLECTABLE, par.ParcelCollected, S.COLLECTED),
        Row((S.RECEIVED, S.SHELVED), par.ParcelRefusedOut, S.REFUSED_OUT),
        Row((S.RECEIVED, S.SHELVED), par.ParcelExpired, S.EXPIRED),
        Row((S.RECEIVED, S.SHELVED), par.ParcelExtended, Goes.NOWHERE, added=True),
        Row((S.EXPIRED,), par.ParcelExtended, Goes.BACK),
        Row((S.RECEIVED, S.SHELVED), par.ParcelMissing, S.MISSING),
        Row((S.EXPIRED, S.REFUSED_OUT, S.RTS_STAGED), par.ParcelMissing, S.MISSING, added=True),
        Row((S.MISSING,), par.ParcelFound, Goes.BACK),
        Row((S.EXPIRED,), par.ParcelStaged, S.RTS_STAGED),
        Row((S.REFUSED_OUT,), par.ParcelStaged, S.RTS_STAGED, added=True),
        Row((S.RTS_STAGED,), par.ParcelStaged, Goes.NOWHERE, added=True),
        Row((S.RTS_STAGED,), par.ParcelContained, Goes.NOWHERE, added=True),
        Row((S.RTS_STAGED,), ManifestSigned, S.RETURNED_TO_SENDER),
    ),
    {
        S.UNKNOWN: (Because.PARCEL_UNKNOWN, Then.RECEIVE_IT),
        S.ANNOUNCED: (Because.PARCEL_NOT_HERE_YET, Then.RECEIVE_IT),
        S.REFUSED_IN: (Because.PARCEL_WAS_REFUSED, Then.GIVE_TO_DRIVER),
        S.RECEIVED: (Because.PARCEL_ALREADY_HERE, Then.SHELVE_IT),
        S.SHELVED: (Because.PARCEL_ON_SHELF, Then.PUT_IT_BACK),
        S.COLLECTED: (Because.PARCEL_COLLECTED, Then.ASK_SUPERVISOR),
        S.REFUSED_OUT: (Because.PARCEL_DECLINED, Then.STAGE_IT),
        S.EXPIRED: (Because.PARCEL_EXPIRED, Then.EXTEND_OR_STAGE),
        S.MISSING: (Because.PARCEL_MISSING, Then.LOOK_FOR_IT),
        S.RTS_STAGED: (Because.PARCEL_GOES_BACK, Then.HAND_IT_OUT),
        S.RETURNED_TO_SENDER: (Because.PARCEL_GONE_BACK, Then.ASK_CARRIER),
    },
)


@quick
@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel as far as it is known.

    `shelf_id` and `container_id` say where it lies ("" and "": at the desk) or, once it is missing
    or gone, where it lay last. `until` is the last day on which it waits (ISO), `code` the digest
    of its pick-up code. `announced` is False where it came unannounced.
    """

    number: str
    state: ParcelState = S.UNKNOWN
    carrier: str = ""
    size: str = ""
    recipient: str = ""
    announced: bool = False
    shelf_id: str = ""
    container_id: str = ""
    received_on: str = ""
    until: str = ""
    extended: int = 0
    code: str = ""
    notices: tuple[str, ...] = ()
    proxy: bool = False
    before_expiry: ParcelState = S.UNKNOWN
    before_missing: ParcelState = S.UNKNOWN

    @property
    def is_here(self) -> bool:
        return self.state in HERE


def step(parcel: Parcel, fact: ParcelFact) -> Parcel | Refused:
    """The parcel after the fact. What is received goes with the driver only if they who say so
    knew that it was."""
    if isinstance(fact, par.ParcelRefusedIn) and parcel.state is S.RECEIVED and not fact.received:
        return PARCELS.refusal(parcel.state)
    match PARCELS.leads(parcel.state, type(fact)):
        case None:
            return PARCELS.refusal(parcel.state)
        case Goes.NOWHERE:
            return _changed(parcel, fact, parcel.state)
        case Goes.BACK:
            return _changed(parcel, fact, _before(parcel))
        case state:
            return _changed(parcel, fact, state)


def found(parcel: Parcel) -> Parcel:
    """A missing parcel as it was before."""
    return replace(parcel, state=parcel.before_missing, before_missing=S.UNKNOWN)


def _before(parcel: Parcel) -> ParcelState:
    return parcel.before_missing if parcel.state is S.MISSING else parcel.before_expiry


def _changed(parcel: Parcel, fact: ParcelFact, state: ParcelState) -> Parcel:
    match fact:
        case par.ParcelAnnounced():
            return _announced(parcel, fact, state)
        case par.ParcelReceived(carrier=carrier, on=on, until=until, size=size):
            return replace(
                parcel,
                state=state,
                carrier=carrier,
                received_on=on,
                until=until,
                size=size or parcel.size,
            )
        case par.ParcelRefusedIn(carrier=carrier):
            return replace(parcel, state=state, carrier=carrier)
        case par.ParcelShelved(shelf_id=shelf_id) | par.ParcelStaged(shelf_id=shelf_id):
            return replace(parcel, state=state, shelf_id=shelf_id, container_id="")
        case par.ParcelNotified(notice=notice):
            return replace(parcel, notices=tuple(sorted({*parcel.notices, notice})))
        case par.PickUpCodeIssued(digest=digest):
            return replace(parcel, code=digest)
        case par.ParcelCollected(proxy=proxy):
            return replace(parcel, state=state, proxy=proxy)
        case par.ParcelRefusedOut():
            return replace(parcel, state=state, shelf_id="")
        case par.ParcelExpired():
            return replace(parcel, state=state, before_expiry=parcel.state)
        case par.ParcelExtended(until=until):
            told = tuple(notice for notice in parcel.notices if notice == "arrived")
            times = parcel.extended + 1  # and its reminders begin anew
            return replace(parcel, state=state, until=until, extended=times, notices=told)
        case par.ParcelMissing():
            return replace(parcel, state=state, before_missing=parcel.state)
        case par.ParcelFound():
            return found(parcel)
        case par.ParcelContained(container_id=container_id):
            return replace(parcel, shelf_id="", container_id=container_id)
        case ManifestSigned():
            return replace(parcel, state=state)
        case _:
            assert_never(fact)


def _announced(parcel: Parcel, fact: par.ParcelAnnounced, state: ParcelState) -> Parcel:
    """What was seen at the counter (carrier, size) goes before what was said of it."""
    first = state is S.ANNOUNCED
    return replace(
        parcel,
        state=state,
        announced=True,
        carrier=fact.carrier if first else parcel.carrier or fact.carrier,
        size=fact.size if first else parcel.size or fact.size,
        recipient=fact.recipient or parcel.recipient,
        code=parcel.code or fact.code,
    )
