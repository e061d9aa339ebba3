"""The words of reconciliation: what can be told of goods, and how much patience there is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Final

NOT_COUNTED: Final = -1


class Kind(StrEnum):
    """What a movement says. A later one proves those before it: a bag that the hub has received
    was handed over, whether anybody told so or not."""

    CONTAINED = "contained"  # bag_id is in container_id from now on
    HANDED_OVER = "handed_over"  # a container, or a bag without one, went with the carrier
    ACKNOWLEDGED = "carrier_acknowledged"  # the carrier says that it has it
    RECEIVED = "hub_received"  # a manifest, container, bag or line came in at the hub
    GRADED = "graded"  # a line was looked at; `detail` is its grade
    DISPOSED = "disposed"  # what was done with a line in the end; `detail` says
    REFUNDED = "refunded"  # the merchant paid `amount` for a return


class Unit(StrEnum):
    """What is matched. A line is named by its return and itself, all others by one name."""

    BAG = "bag"
    CONTAINER = "container"
    MANIFEST = "manifest"
    LINE = "line"
    RETURN = "return"
    DEVICE = "device"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class Movement:
    """One fact of one source. `source_id` is the source's own name for it: the same one may come
    any number of times and is one fact.

    `count` is of what is inside, as counted by the source: units in a bag or of a line, bags in a
    container, containers on a manifest. The whole count, never an increment: of several the one
    told last stands. `amount` is in minor units of `currency`. `told_at` is aware."""

    source: str
    source_id: str
    kind: Kind
    told_at: datetime
    site: str = ""
    return_id: str = ""
    line_id: str = ""
    bag_id: str = ""
    container_id: str = ""
    manifest_id: str = ""
    count: int = NOT_COUNTED
    amount: int = 0
    currency: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How long is waited and how much may differ before a person must look, for one tenant. Hours
    that are 0 switch their check off."""

    contained_hours: int = 24  # from the drop until the bag is in a container
    handed_over_hours: int = 72  # from the first bag in a container until the carrier has it
    acknowledged_hours: int = 48  # from the hand-over until the carrier says so
    received_hours: int = 120  # from the carrier until the hub
    unpacked_hours: int = 48  # from the first bag or line of what came in until the last
    refunded_hours: int = 336  # from the drop until the merchant has paid
    unknown_hours: int = 48  # until what nobody dropped is no late upload any more
    amount: int = 0  # minor units by which a refund may differ
    close_hours: int = 24  # from a day's end until its books close


TOLERANCES: Final = tuple(one.name for one in fields(Tolerances))
