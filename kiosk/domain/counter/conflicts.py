"""What cannot both be so, and what is believed then.

Two counters without a line may both be right as far as each can know. The fold never fails: it
keeps to the order of kiosk.domain.counter.log, takes what the lifecycle allows, and notes the rest
as a `Conflict`, which is to be a case. Who hands out first has handed out; what comes later is
noted. Three kinds of facts are not held against anybody:

- what says again what is so (`AGREES`): both counters expire a parcel at closing time;
- what a clock, a rule or the centre said of a parcel that had left (`MOOT`);
- what somebody did with a missing parcel in the hand: it was found by that, and is noted so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.facts import Subject
from kiosk.domain.counter.log import Recorded
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because


class ConflictKind(StrEnum):
    """What a person will have to settle."""

    HANDED_OUT_TWICE = "handed_out_twice"
    HANDED_OUT_AND_SENT_BACK = "handed_out_and_sent_back"
    SEEN_AFTER_LEAVING = "seen_after_leaving"
    SEEN_WHILE_MISSING = "seen_while_missing"
    RECEIVED_TWICE = "received_twice"
    IN_TWO_CONTAINERS = "in_two_containers"
    SIGNED_FOR_ELSEWHERE = "signed_for_elsewhere"
    INTO_CLOSED_CONTAINER = "into_closed_container"
    ON_TWO_MANIFESTS = "on_two_manifests"
    BAG_USED_TWICE = "bag_used_twice"
    VOIDED_AND_MOVED = "voided_and_moved"
    OUT_OF_STEP = "out_of_step"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A fact that does not go with what is known of a thing.

    `state` is what the thing was; `before` the last fact that was believed of it. `believed`: the
    fact was followed all the same, because somebody had the thing in the hand.
    """

    kind: ConflictKind
    subject: Subject
    record: Recorded
    state: str
    because: Because
    before: Recorded | None
    believed: bool = False


AGREES: frozenset[tuple[StrEnum, type]] = frozenset(
    {
        (ParcelState.EXPIRED, par.ParcelExpired),
        (ParcelState.MISSING, par.ParcelMissing),
        (ParcelState.MISSING, par.ParcelExpired),
        (ContainerState.OPEN, out.ContainerOpened),
        (ContainerState.CLOSED, out.ManifestVoided),
        (ContainerState.RECONCILED, out.ContainerReconciled),
        (ManifestState.VOIDED, out.ManifestVoided),
        (ManifestState.RECONCILED, out.ManifestReconciled),
    }
)
"""Facts that say what is so, or what will be said again once it matters."""

_COLLECTED, _RETURNED = ParcelState.COLLECTED, ParcelState.RETURNED_TO_SENDER
_DECLINED = ParcelState.REFUSED_OUT

MOOT: frozenset[tuple[StrEnum, type]] = frozenset(
    {
        *((s, par.ParcelExpired) for s in (_COLLECTED, _RETURNED, _DECLINED)),
        (ParcelState.RTS_STAGED, par.ParcelExpired),
        *((s, par.ParcelExtended) for s in (_COLLECTED, _RETURNED, _DECLINED)),
        *((s, par.PickUpCodeIssued) for s in (_COLLECTED, _RETURNED)),
    }
)
"""Facts without a hand on the parcel, void where it is."""

IN_HAND = frozenset(
    {
        par.ParcelShelved,
        par.ParcelCollected,
        par.ParcelRefusedOut,
        par.ParcelStaged,
        par.ParcelContained,
        out.ManifestSigned,
    }
)
"""Facts that somebody scanned the parcel for."""

_KINDS: dict[tuple[StrEnum, type], ConflictKind] = {
    (_COLLECTED, par.ParcelCollected): ConflictKind.HANDED_OUT_TWICE,
    (_COLLECTED, out.ManifestSigned): ConflictKind.HANDED_OUT_AND_SENT_BACK,
    (_RETURNED, par.ParcelCollected): ConflictKind.HANDED_OUT_AND_SENT_BACK,
    **{
        (gone, fact): ConflictKind.SEEN_AFTER_LEAVING
        for gone in (_COLLECTED, _RETURNED)
        for fact in (
            par.ParcelReceived,
            par.ParcelShelved,
            par.ParcelRefusedOut,
            par.ParcelStaged,
            par.ParcelContained,
            par.ParcelFound,
        )
    },
    **{
        (here, par.ParcelReceived): ConflictKind.RECEIVED_TWICE
        for here in ParcelState
        if here not in (_COLLECTED, _RETURNED)
    },
    **{
        (shut, fact): ConflictKind.INTO_CLOSED_CONTAINER
        for shut in ContainerState
        for fact in (out.BagContained, par.ParcelContained)
    },
    (ContainerState.MANIFESTED, out.ManifestReadied): ConflictKind.ON_TWO_MANIFESTS,
    (ContainerState.MANIFESTED, out.ManifestSigned): ConflictKind.ON_TWO_MANIFESTS,
    (BagState.COMMITTED, out.BagCommitted): ConflictKind.BAG_USED_TWICE,
    (BagState.VOIDED, out.BagCommitted): ConflictKind.BAG_USED_TWICE,
    (BagState.CONTAINED, out.BagCommitted): ConflictKind.BAG_USED_TWICE,
    (BagState.HANDED_OVER, out.BagCommitted): ConflictKind.BAG_USED_TWICE,
    (BagState.VOIDED, out.BagContained): ConflictKind.VOIDED_AND_MOVED,
    (BagState.VOIDED, out.ManifestSigned): ConflictKind.VOIDED_AND_MOVED,
    (BagState.CONTAINED, out.BagVoided): ConflictKind.VOIDED_AND_MOVED,
    (BagState.HANDED_OVER, out.BagVoided): ConflictKind.VOIDED_AND_MOVED,
}


def harmless(state: StrEnum, fact: type) -> bool:
    """Whether a fact that is not listed for a state contradicts nothing."""
    return (state, fact) in AGREES or (state, fact) in MOOT


def kind_of(state: StrEnum, fact: type) -> ConflictKind:
    """What it is when a thing in that state meets a fact that it does not know."""
    return _KINDS.get((state, fact), ConflictKind.OUT_OF_STEP)
