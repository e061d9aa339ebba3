"""What the counter's things are (their states), and what was done to them (the kinds of facts)."""

from __future__ import annotations

from typing import Final, Protocol

from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.facts import FACTS, Kind
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.settled_facts import ConflictSettled
from kiosk.words.voice import Voice


class _Deed(Protocol):
    def __call__(self, w: Voice) -> str: ...


def state(w: Voice, kind: str, code: str) -> str:
    """A state of a thing of that `Kind`, by its code; a code that nobody knows as it is."""
    known: dict[str, str] = {
        Kind.PARCEL: lambda: _parcel(w),
        Kind.BAG: lambda: _bag(w),
        Kind.CONTAINER: lambda: _container(w),
        Kind.MANIFEST: lambda: _manifest(w),
        Kind.SHELF: lambda: _shelf(w),
    }.get(Kind(kind), dict)()
    return known.get(code, code)


def _parcel(w: Voice) -> dict[str, str]:
    return {
        ParcelState.UNKNOWN: w.t("Not known"),
        ParcelState.ANNOUNCED: w.t("Announced"),
        ParcelState.REFUSED_IN: w.t("Not taken"),
        ParcelState.RECEIVED: w.t("Received, on no shelf"),
        ParcelState.SHELVED: w.t("On the shelf"),
        ParcelState.COLLECTED: w.t("Handed out"),
        ParcelState.REFUSED_OUT: w.t("Not wanted"),
        ParcelState.EXPIRED: w.t("Its last day is over"),
        ParcelState.MISSING: w.t("Missing"),
        ParcelState.RTS_STAGED: w.t("Ready to go back"),
        ParcelState.RETURNED_TO_SENDER: w.t("Sent back"),
    }


def _bag(w: Voice) -> dict[str, str]:
    return {
        BagState.UNKNOWN: w.t("Not known"),
        BagState.COMMITTED: w.t("In no container"),
        BagState.CONTAINED: w.t("In a container"),
        BagState.HANDED_OVER: w.t("With the carrier"),
        BagState.VOIDED: w.t("Drop taken back"),
    }


def _container(w: Voice) -> dict[str, str]:
    return {
        ContainerState.UNKNOWN: w.t("Not known"),
        ContainerState.AVAILABLE: w.t("Empty"),
        ContainerState.OPEN: w.t("Being filled"),
        ContainerState.CLOSED: w.t("Sealed"),
        ContainerState.MANIFESTED: w.t("On a hand-over list"),
        ContainerState.HANDED_OVER: w.t("With the carrier"),
        ContainerState.RECEIVED: w.t("Arrived"),
        ContainerState.RECONCILED: w.t("Contents agree"),
        ContainerState.DISPUTED: w.t("Contents differ"),
        ContainerState.DAMAGED: w.t("Damaged"),
        ContainerState.LOST: w.t("Lost"),
    }


def _manifest(w: Voice) -> dict[str, str]:
    return {
        ManifestState.UNKNOWN: w.t("Not known"),
        ManifestState.DRAFT: w.t("Being listed"),
        ManifestState.READY: w.t("To be signed"),
        ManifestState.SIGNED: w.t("Signed by both sides"),
        ManifestState.ACKNOWLEDGED: w.t("Counted by the driver"),
        ManifestState.RECONCILED: w.t("Counts agree"),
        ManifestState.DISPUTED: w.t("Counts differ"),
        ManifestState.VOIDED: w.t("Given up"),
    }


def _shelf(w: Voice) -> dict[str, str]:
    return {"there": w.t("In use"), "gone": w.t("Not in use")}


def deed(w: Voice, type_: str) -> str:
    """What a fact of that type tells, in two or three words; a type that nobody knows as it is."""
    kind = FACTS.get(type_)
    told = None if kind is None else _DEEDS.get(kind)
    return type_ if told is None else told(w)


_DEEDS: Final[dict[type, _Deed]] = {
    par.ParcelAnnounced: lambda w: w.t("Announced"),
    par.ParcelReceived: lambda w: w.t("Received from the driver"),
    par.ParcelRefusedIn: lambda w: w.t("Not taken from the driver"),
    par.ParcelShelved: lambda w: w.t("Put on a shelf"),
    par.ParcelNotified: lambda w: w.t("Recipient told"),
    par.PickUpCodeIssued: lambda w: w.t("Pick-up code made"),
    par.ParcelCollected: lambda w: w.t("Handed out"),
    par.ParcelRefusedOut: lambda w: w.t("Not wanted"),
    par.ParcelExpired: lambda w: w.t("Its last day is over"),
    par.ParcelExtended: lambda w: w.t("Waits longer"),
    par.ParcelMissing: lambda w: w.t("Reported missing"),
    par.ParcelFound: lambda w: w.t("Found"),
    par.ParcelStaged: lambda w: w.t("Put aside to go back"),
    par.ParcelContained: lambda w: w.t("Put into a container"),
    out.BagCommitted: lambda w: w.t("Drop taken"),
    out.BagContained: lambda w: w.t("Put into a container"),
    out.BagVoided: lambda w: w.t("Drop taken back"),
    out.ContainerProvided: lambda w: w.t("Container made ready"),
    out.ContainerOpened: lambda w: w.t("Container opened"),
    out.ContainerClosed: lambda w: w.t("Sealed"),
    out.ContainerReopened: lambda w: w.t("Seal broken, opened again"),
    out.ContainersStayed: lambda w: w.t("Stayed here"),
    out.ContainerDamaged: lambda w: w.t("Damaged"),
    out.ContainerLost: lambda w: w.t("Lost"),
    out.ContainerArrived: lambda w: w.t("Arrived"),
    out.ContainerReconciled: lambda w: w.t("Contents agree"),
    out.ContainerDisputed: lambda w: w.t("Contents differ"),
    out.ManifestDrafted: lambda w: w.t("List begun"),
    out.ManifestReadied: lambda w: w.t("List frozen"),
    out.ManifestSigned: lambda w: w.t("Signed by both sides"),
    out.ManifestVoided: lambda w: w.t("Given up"),
    out.ManifestAcknowledged: lambda w: w.t("Counted by the driver"),
    out.ManifestReconciled: lambda w: w.t("Counts agree"),
    out.ManifestDisputed: lambda w: w.t("Counts differ"),
    out.ShelfSet: lambda w: w.t("Shelf set up"),
    ConflictSettled: lambda w: w.t("Looked into by the back office"),
}
