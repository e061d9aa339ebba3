"""What is true of every shop, whatever its counters did. For tests, and for whoever doubts one."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import GONE, ContainerState
from kiosk.domain.counter.index import By
from kiosk.domain.counter.outbound_facts import ManifestSigned
from kiosk.domain.counter.parcels import HERE, Parcel, ParcelState
from kiosk.domain.counter.shop import Shop


def broken(shop: Shop) -> tuple[str, ...]:
    """Every invariant that does not hold, in words for engineers; () for a sound shop. Looks at
    everything: minutes apart, not at every scan."""
    return (*_places(shop), *_counts(shop), *_indexes(shop))


def _places(shop: Shop) -> Iterator[str]:
    for parcel in shop.parcels:
        if parcel.shelf_id and parcel.container_id:
            yield f"parcel {parcel.number} is on a shelf and in a container"
        if _times_placed(shop, parcel) != parcel.is_here:
            yield f"parcel {parcel.number} ({parcel.state}) is in no place or in several"
        if parcel.state is ParcelState.MISSING and parcel.before_missing not in HERE:
            yield f"parcel {parcel.number} is missing from nowhere"
    for bag in shop.bags:
        inside = bag.state in (BagState.CONTAINED, BagState.HANDED_OVER)
        if inside is not bool(bag.container_id):
            yield f"bag {bag.bag_id} ({bag.state}) in container {bag.container_id!r}"


def _times_placed(shop: Shop, parcel: Parcel) -> int:
    index, name = shop.parcels.index, parcel.number
    places = (By.SHELF, parcel.shelf_id), (By.CONTAINER, parcel.container_id)
    return sum(name in index.of(by, value) for by, value in places)


def _counts(shop: Shop) -> Iterator[str]:
    for things, states in ((shop.parcels, ParcelState), (shop.bags, BagState)):
        total = sum(len(things.index.of(By.STATE, state)) for state in states)
        if total != len(things):
            yield f"{len(things)} of a kind, {total} by state"
    here = sum(len(shop.in_state(state)) for state in HERE)
    index = shop.parcels.index
    placed = sum(len(index.of(by, v)) for by in (By.SHELF, By.CONTAINER) for v in index.values(by))
    if here != placed:
        yield f"{here} parcels are here, {placed} lie somewhere"


def _indexes(shop: Shop) -> Iterator[str]:
    for things in (shop.parcels, shop.bags, shop.containers, shop.manifests):
        if things.index != things.recounted():
            yield f"the index of {things.kind} is not what the things are"


def _is_away(shop: Shop, container_id: str) -> bool:
    """Whether nobody here can take anything out of it. One that was damaged after it went went all
    the same; one that was damaged here is being emptied."""
    state = shop.containers[container_id].state
    if state is ContainerState.DAMAGED:
        story = shop.containers.story(container_id)
        return any(isinstance(record.fact, ManifestSigned) for record in story)
    return state in (*GONE, ContainerState.LOST, ContainerState.UNKNOWN)


def left_behind(shop: Shop) -> tuple[tuple[str, str], ...]:
    """Goods in a container that went, was lost or never was, without having been signed for:
    (container, bag or parcel). Two counters make such: a case each, never lost from sight."""
    filled = {*shop.bags.index.values(By.CONTAINER), *shop.parcels.index.values(By.CONTAINER)}
    return tuple(
        (container, name)
        for container in sorted(filled)
        if _is_away(shop, container)
        for name in sorted({*shop.bags_in(container), *shop.parcels_in(container)})
    )
