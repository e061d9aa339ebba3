"""What a decision is made on, and what several of them ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kiosk.domain.counter.commands import Who
from kiosk.domain.counter.containers import Container, ContainerState
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.parcel_facts import ParcelFound
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.shop import Shop

Decided = tuple[Fact, ...] | Refused


@dataclass(frozen=True, slots=True)
class Setting:
    """The shop as it is, its rules, who asks and when (an aware instant)."""

    shop: Shop
    rules: Rules
    who: Who
    at: datetime

    @property
    def today(self) -> date:
        """The shop's own day."""
        return self.rules.opening.day(self.at)

    @property
    def by(self) -> str:
        return self.who.staff_id

    def in_hand(self, number: str) -> tuple[Fact, ...]:
        """What follows from a parcel having been scanned: a missing one is found."""
        if self.shop.parcels[number].state is ParcelState.MISSING:
            return (ParcelFound(number, self.by),)
        return ()

    def locked_in(self, parcel: Parcel) -> Refused | None:
        """Nothing is taken out of a container that is closed."""
        return self.shut(parcel.container_id) if parcel.is_here else None

    def shut(self, container_id: str) -> Refused | None:
        """Why nothing can be taken out of a container, where it lies in one."""
        return shut(self.shop, container_id)


def shut(shop: Shop, container_id: str) -> Refused | None:
    """Why nothing can be taken out of a container; None for an open one and for none."""
    if not container_id:
        return None
    container = shop.containers[container_id]
    match container.state:
        case ContainerState.CLOSED:
            return _closed(container, Then.REOPEN_CONTAINER)
        case ContainerState.MANIFESTED:
            return _closed(container, Then.VOID_MANIFEST)
        case _:
            return None


def _closed(container: Container, then: Then) -> Refused:
    return Refused(Because.CONTAINER_CLOSED, then, {"container": container.container_id})


def without_reason(reason: str) -> Refused | None:
    return None if reason.strip() else Refused(Because.REASON_MISSING, Then.GIVE_REASON)
