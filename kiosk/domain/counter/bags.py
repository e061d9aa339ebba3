"""A drop's goods at the counter: the part of the drop's life (kiosk.domain.drops) that staff move.

A bag is known by its licence plate; goods that came with a carrier's label by that label's number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from kiosk.domain.counter.facts import BagFact
from kiosk.domain.counter.outbound_facts import (
    BagCommitted,
    BagContained,
    BagVoided,
    ManifestSigned,
)
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.table import Goes, Row, Table
from kiosk.domain.quick import quick


class BagState(StrEnum):
    """As DropState, and UNKNOWN: this counter was not told of the drop."""

    UNKNOWN = "unknown"
    COMMITTED = "committed"
    CONTAINED = "contained"
    HANDED_OVER = "handed_over"
    VOIDED = "voided"


S = BagState

BAGS: Table[BagState] = Table(
    "Bag",
    BagState,
    (
        Row((S.UNKNOWN,), BagCommitted, S.COMMITTED),
        # The kiosk's drop became known after its bag was scanned here.
        Row((S.CONTAINED, S.HANDED_OVER), BagCommitted, Goes.NOWHERE, added=True),
        Row((S.COMMITTED,), BagContained, S.CONTAINED),
        Row((S.UNKNOWN,), BagContained, S.CONTAINED, added=True),
        Row((S.CONTAINED,), BagContained, Goes.NOWHERE, added=True),
        Row((S.CONTAINED,), ManifestSigned, S.HANDED_OVER),
        Row((S.COMMITTED,), BagVoided, S.VOIDED),
    ),
    {
        S.UNKNOWN: (Because.BAG_UNKNOWN, Then.TAKE_THE_DROP),
        S.COMMITTED: (Because.BAG_NOT_CONTAINED, Then.CONTAIN_IT),
        S.CONTAINED: (Because.BAG_CONTAINED, Then.NOTHING_TO_DO),
        S.HANDED_OVER: (Because.BAG_GONE, Then.ASK_CARRIER),
        S.VOIDED: (Because.BAG_VOIDED, Then.ASK_SUPERVISOR),
    },
)


@quick
@dataclass(frozen=True, slots=True)
class Bag:
    """One bag. `drop_id` is "" while its drop is unknown here; `container_id` is where it lies, or
    lay when it was handed over."""

    bag_id: str
    state: BagState = S.UNKNOWN
    drop_id: str = ""
    carrier: str = ""
    committed_on: str = ""
    container_id: str = ""


def step(bag: Bag, fact: BagFact) -> Bag | Refused:
    """The bag after the fact. A bag holds one drop: a second one is refused."""
    to = BAGS.leads(bag.state, type(fact))
    if isinstance(fact, BagCommitted) and bag.drop_id:
        return Refused(Because.BAG_ALREADY_TAKEN, Then.OTHER_BAG)
    if to is None:
        return BAGS.refusal(bag.state)
    state = bag.state if isinstance(to, Goes) else to
    match fact:
        case BagCommitted(drop_id=drop_id, carrier=carrier, on=on):
            return replace(bag, state=state, drop_id=drop_id, carrier=carrier, committed_on=on)
        case BagContained(container_id=container_id):
            return replace(bag, state=state, container_id=container_id)
        case BagVoided() | ManifestSigned():
            return replace(bag, state=state)
        case _:
            assert_never(fact)
