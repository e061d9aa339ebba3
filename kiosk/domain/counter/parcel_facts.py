"""What can happen to a parcel at the counter.

As kiosk.domain.events: frozen, of str, int, bool, tuples and nested facts, so that each has one
canonical JSON; the type carries its version. Days are ISO dates of the shop's own calendar. `by`
is a staff id, "" where a rule or the centre did it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ParcelAnnounced:
    """A carrier says that it will come. `recipient` is a pseudonym, the same for all parcels of
    one recipient; `code` a digest of kiosk.domain.counter.pick_up, "" while there is none."""

    type: ClassVar[str] = "takeback.parcel.announced.v1"
    number: str
    carrier: str
    size: str = ""  # small | medium | large, or what the carrier says; "" where nobody knows
    recipient: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ParcelReceived:
    """The shop took it from the driver. `until` is the last day on which it waits."""

    type: ClassVar[str] = "takeback.parcel.received.v1"
    number: str
    carrier: str
    on: str
    until: str
    by: str
    size: str = ""


@dataclass(frozen=True, slots=True)
class ParcelRefusedIn:
    """The driver takes it along again. `received`: it had been scanned as received, and whoever
    gives it back knows that; a counter that never heard of it cannot undo what another took."""

    type: ClassVar[str] = "takeback.parcel.refused_in.v1"
    number: str
    carrier: str
    cause: str  # damaged | misrouted | full
    by: str
    received: bool = False


@dataclass(frozen=True, slots=True)
class ParcelShelved:
    """It lies on this shelf now, whether for the first time or moved."""

    type: ClassVar[str] = "takeback.parcel.shelved.v1"
    number: str
    shelf_id: str
    by: str


@dataclass(frozen=True, slots=True)
class ParcelNotified:
    """Its recipient was told. A parallel flag: the state stays."""

    type: ClassVar[str] = "takeback.parcel.notified.v1"
    number: str
    notice: str  # arrived | reminder:<days before> | last_day


@dataclass(frozen=True, slots=True)
class PickUpCodeIssued:
    """One code for these parcels, in place of any they had. Only its digest is ever told."""

    type: ClassVar[str] = "takeback.parcel.code_issued.v1"
    numbers: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class ProofFact:
    """What was shown, as security.md item 46 allows: answers and kinds, nothing read from a
    document. `signature` is the SHA-256 (hex) of the drawing, which is kept apart."""

    code: bool = False
    name: bool = False
    document: str = ""  # the kind of document: passport, id_card ...
    matched: bool = False
    of_age: bool = False
    signature: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class ParcelCollected:
    """Handed to its recipient, or to somebody sent by them (`proxy`)."""

    type: ClassVar[str] = "takeback.parcel.collected.v1"
    number: str
    by: str
    proof: ProofFact
    proxy: bool = False


@dataclass(frozen=True, slots=True)
class ParcelRefusedOut:
    """Its recipient came and does not want it. It lies at the desk until it is staged."""

    type: ClassVar[str] = "takeback.parcel.refused_out.v1"
    number: str
    by: str


@dataclass(frozen=True, slots=True)
class ParcelExpired:
    """Its last day is over. It is handed out all the same while it is here."""

    type: ClassVar[str] = "takeback.parcel.expired.v1"
    number: str
    on: str


@dataclass(frozen=True, slots=True)
class ParcelExtended:
    """It waits until `until`. An expired one goes back to where it was."""

    type: ClassVar[str] = "takeback.parcel.extended.v1"
    number: str
    until: str
    by: str


@dataclass(frozen=True, slots=True)
class ParcelMissing:
    """It is not where it should be. `shelf_id` is where it was thought to be."""

    type: ClassVar[str] = "takeback.parcel.missing.v1"
    number: str
    shelf_id: str
    by: str


@dataclass(frozen=True, slots=True)
class ParcelFound:
    """It is in somebody's hand again, and what it was before."""

    type: ClassVar[str] = "takeback.parcel.found.v1"
    number: str
    by: str


@dataclass(frozen=True, slots=True)
class ParcelStaged:
    """It waits on this shelf for the carrier, back to its sender."""

    type: ClassVar[str] = "takeback.parcel.staged.v1"
    number: str
    shelf_id: str
    by: str


@dataclass(frozen=True, slots=True)
class ParcelContained:
    """A staged parcel was put into a container. `out_of` is the one it was taken from, or ""."""

    type: ClassVar[str] = "takeback.parcel.contained.v1"
    number: str
    container_id: str
    by: str
    out_of: str = ""
