"""What is long gone, so that it need not be known any more.

Things that a fact ties together (a container, its bags, the manifest they went with) go together or
not at all: half of a story would be a contradiction at the next start. What is here, what is
missing and what was never settled stays, however old.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import GONE, ContainerState
from kiosk.domain.counter.facts import Kind, Subject, touched
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.shop import Shop

DAYS: Final = 60
"""After which a carrier may give a number again is about a year; what left is asked about for
weeks."""
_DAY_MS: Final = 86_400_000
_PARCELS: Final = frozenset(
    {
        ParcelState.UNKNOWN,
        ParcelState.ANNOUNCED,
        ParcelState.REFUSED_IN,
        ParcelState.COLLECTED,
        ParcelState.RETURNED_TO_SENDER,
    }
)
_BAGS: Final = frozenset({BagState.UNKNOWN, BagState.HANDED_OVER, BagState.VOIDED})
_CONTAINERS: Final = frozenset({*GONE, ContainerState.LOST, ContainerState.UNKNOWN})
_MANIFESTS: Final = frozenset(ManifestState) - {ManifestState.DRAFT, ManifestState.READY}


def gone(shop: Shop, now_ms: int, days: int = DAYS) -> tuple[Stamp, ...]:
    """The stamps of all facts that can be let go of. Looks at everything."""
    before = f"{max(0, now_ms - days * _DAY_MS):012x}"
    stories = dict(_stories(shop))
    kept = {subject for subject, story in stories.items() if not _old(shop, subject, story, before)}
    waiting = list(kept)
    while waiting:  # whatever a fact ties to what is kept is kept
        for record in stories.get(waiting.pop(), ()):
            tied = [one for one in touched(record.fact) if one not in kept]
            kept.update(tied)
            waiting += tied
    old = (story for subject, story in stories.items() if subject not in kept)
    return tuple(sorted({record.stamp for story in old for record in story}))


def _old(shop: Shop, subject: Subject, story: Iterable[Recorded], before: str) -> bool:
    newest = max((record.stamp.hlc for record in story), default="")
    return newest < before and _left(shop, subject)


def _left(shop: Shop, subject: Subject) -> bool:
    name = subject.name
    match subject.kind:
        case Kind.PARCEL:
            return shop.parcels[name].state in _PARCELS
        case Kind.BAG:
            return shop.bags[name].state in _BAGS
        case Kind.CONTAINER:
            state = shop.containers[name].state
            emptied = state is ContainerState.DAMAGED and not shop.filled(name)
            return emptied or state in _CONTAINERS
        case Kind.MANIFEST:
            return shop.manifests[name].state in _MANIFESTS
        case Kind.SHELF:
            return False


def _stories(shop: Shop) -> Iterator[tuple[Subject, tuple[Recorded, ...]]]:
    for things in (shop.parcels, shop.bags, shop.containers, shop.manifests, shop.shelves):
        for name in things.held():
            yield Subject(things.kind, name), things.story(name)
