"""A shop to play in: two counters, and where things really are.

`act` has a counter decide a command and, where it may be done, does it to the things themselves.
Staff scan what they hold: a thing that is not there cannot be scanned. A counter that hears
everything at once (`online`) must refuse such a thing by itself; one that is offline cannot know,
and there the play refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.commands import Command, Who
from kiosk.domain.counter.facts import Fact, Kind, touched
from kiosk.domain.counter.invariants import broken, left_behind
from kiosk.domain.counter.log import Recorded
from kiosk.domain.counter.parcels import HERE, Parcel, ParcelState
from kiosk.domain.counter.saying import Refused
from kiosk.domain.counter.shop import Shop
from tests.domain.counter.desk import ANNA, CODE, OTHER_CODE, Desk

S, B = ParcelState, BagState
PARCELS = tuple(f"P{n}" for n in range(6))
BAGS = tuple(f"B{n}" for n in range(9))
IN_SHOP = {
    par.ParcelShelved,
    par.ParcelCollected,
    par.ParcelRefusedOut,
    par.ParcelFound,
    par.ParcelStaged,
    par.ParcelContained,
}
PARCEL_STATES = {
    "outside": {S.UNKNOWN, S.ANNOUNCED, S.REFUSED_IN},
    "shop": {*HERE, S.MISSING},
    "recipient": {S.COLLECTED},
    "carrier": {S.RETURNED_TO_SENDER},
}
BAG_STATES = {
    "outside": {B.UNKNOWN},
    "shop": {B.COMMITTED},
    "container": {B.CONTAINED},
    "carrier": {B.HANDED_OVER},
    "shopper": {B.VOIDED},
}


class Play:
    def __init__(self, online: bool, desks: tuple[Desk, Desk] | None = None) -> None:
        self.online = online
        self.desks = desks or (Desk("counter-1"), Desk("counter-2"))
        self.parcels = dict.fromkeys(PARCELS, "outside")
        self.bags = dict.fromkeys(BAGS, "outside")
        self.in_container: dict[str, str] = {}
        self.sealed: dict[str, bool] = {}
        self.gone: set[str] = set()
        self.done = 0
        for desk in self.desks:
            desk.wait(seconds=self.desks.index(desk))
        for number in PARCELS[:3]:
            self.announce(0, number)

    def announce(self, at: int, number: str) -> None:
        """The carrier tells a counter of a parcel, before it comes or after."""
        code = OTHER_CODE if number == PARCELS[0] else CODE
        self.desks[at].announce(number, "dhl", code=code, recipient=code[:4])
        if self.online:
            self.meet()

    def act(self, at: int, command: Command, who: Who = ANNA) -> bool:
        """False where it is refused, or cannot be."""
        desk = self.desks[at]
        facts = desk.ask(command, who)
        if isinstance(facts, Refused):
            return False
        impossible = [fact for fact in facts if not self.possible(fact, desk)]
        if self.online:
            assert not impossible, (command, impossible)
        elif impossible:
            return False
        for fact in facts:
            self.happens(fact)
        if facts:
            self.done += 1
            desk.record(*facts)
        if self.online:
            self.meet()
        return True

    def possible(self, fact: Fact, desk: Desk) -> bool:
        """Whether somebody at that counter can have the things in the hand that the fact speaks
        of."""
        match fact:
            case par.ParcelRefusedIn(number=number) if self.parcels[number] == "shop":
                return desk.shop.parcels[number].state is S.RECEIVED
            case par.ParcelReceived(number=number) | par.ParcelRefusedIn(number=number):
                brought = ("outside",) if self.online else ("outside", "shop")
                return self.parcels[number] in brought
            case par.ParcelContained(number=number, container_id=container):
                return self.parcels[number] == "shop" and self.is_open(container)
            case out.BagContained(bag_id=bag, container_id=container):
                return self.bags[bag] in ("outside", "shop", "container") and self.is_open(
                    container
                )
            case out.BagVoided(bag_id=bag):
                return self.bags[bag] == "shop"
            case out.ContainerClosed(container_id=container):
                return self.is_open(container)
            case out.ContainerReopened(container_id=container):
                return not self.is_gone(container)
            case out.ManifestSigned():
                return self.can_go(fact)
            case _ if type(fact) in IN_SHOP:
                return all(self.parcels[name] == "shop" for _, name in touched(fact)[:1])
            case _:
                return True

    def can_go(self, fact: out.ManifestSigned) -> bool:
        sealed = all(self.sealed[c] and c not in self.gone for c in fact.containers)
        loose = all(self.parcels[n] == "shop" and n not in self.in_container for n in fact.loose)
        named = (*fact.bags, *fact.parcels) if self.online else ()
        return sealed and loose and all(self.in_container[n] in fact.containers for n in named)

    def is_open(self, container: str) -> bool:
        here = container in self.sealed and not self.is_gone(container)
        return here and not self.sealed[container]

    def is_gone(self, container: str) -> bool:
        """With its carrier, whatever a counter believes that has not heard of it."""
        return container in self.gone

    def happens(self, fact: Fact) -> None:
        match fact:
            case par.ParcelReceived(number=number):
                self.parcels[number] = "shop"
            case par.ParcelRefusedIn(number=number):
                self.parcels[number] = "outside"
            case par.ParcelCollected(number=number):
                self.parcels[number] = "recipient"
                self.in_container.pop(number, None)
            case par.ParcelContained(number=name, container_id=container):
                self.in_container[name] = container
            case par.ParcelStaged(number=number):
                self.in_container.pop(number, None)
            case out.BagCommitted(bag_id=bag) if self.bags[bag] == "outside":
                self.bags[bag] = "shop"
            case out.BagContained(bag_id=name, container_id=container):
                self.bags[name], self.in_container[name] = "container", container
            case out.BagVoided(bag_id=bag):
                self.bags[bag] = "shopper"
            case out.ContainerProvided(container_id=container):
                self.sealed[container] = False
            case out.ContainerClosed(container_id=container):
                self.sealed[container] = True
            case out.ContainerReopened(container_id=container):
                self.sealed[container] = False
            case out.ContainerDamaged(container_id=container):
                self.sealed[container] = False
            case out.ManifestSigned():
                self._leaves(fact.containers, fact.loose)
            case _:
                pass

    def _leaves(self, containers: Iterable[str], parcels: Iterable[str]) -> None:
        """A container goes with all that is really in it, whatever was listed."""
        self.gone.update(containers)
        for name, container in self.in_container.items():
            if container in self.gone:
                where = self.parcels if name in self.parcels else self.bags
                where[name] = "carrier"
        for number in parcels:
            self.parcels[number] = "carrier"

    def meet(self) -> None:
        """Everybody hears everything; both come to the same."""
        for desk in self.desks:
            desk.hear(*self.desks)
            assert not broken(desk.shop)
        first, second = self.desks
        assert first.shop == second.shop
        self._compare(first.shop)
        for desk in self.desks:
            desk.told += desk.untold
            desk.untold.clear()

    def crash(self, at: int) -> None:
        """A counter starts again from what it had stored, told or not."""
        desk = self.desks[at]
        before = desk.shop
        records: list[Recorded] = [*desk.untold, *(r for d in self.desks for r in d.told)]
        desk.shop = Desk(desk.device).shop
        for record in reversed(records):
            desk.shop.apply(record)
        assert desk.shop == before

    def _compare(self, shop: Shop) -> None:
        """What the shop believes is so; where it is not, a conflict or a list says it."""
        told = {c.subject.name for c in shop.conflicts()} | {n for _, n in left_behind(shop)}
        assert not (self.online and shop.conflicts()), shop.conflicts()
        for number, place in self.parcels.items():
            right = shop.parcels[number].state in PARCEL_STATES[place]
            right = right or self._went_unseen(shop.parcels[number], place)
            right = right or self._given_back_beside(shop, number, place)
            assert right or number in told, (number, place, shop.parcels[number])
        for bag, place in self.bags.items():
            right = shop.bags[bag].state in BAG_STATES[place]
            assert right or bag in told, (bag, place, shop.bags[bag])

    def _went_unseen(self, parcel: Parcel, place: str) -> bool:
        """Reported missing while it lay in a container that then went: nobody has seen it go, and
        a person settles that as of every missing parcel."""
        missing = parcel.state is S.MISSING and parcel.container_id in self.gone
        return missing and place == "carrier"

    def _given_back_beside(self, shop: Shop, number: str, place: str) -> bool:
        """Both scanned it before either heard, and one gave it back to its driver: by two clocks
        the other one's scan may be the last word. docs/counter.md says so."""
        turned = any(
            isinstance(back.fact, par.ParcelRefusedIn)
            and back.fact.received
            and isinstance(came.fact, par.ParcelReceived)
            and back.stamp.device != came.stamp.device
            for back, came in pairwise(shop.parcels.story(number))
        )
        return turned and place == "outside" and not self.online

    def walked(self) -> set[tuple[Kind, str, type]]:
        """Every step of every lifecycle that was taken: kind, state before, fact."""
        steps = set()
        shop = Shop()
        records = sorted((r for d in self.desks for r in d.told), key=lambda r: r.stamp)
        for record in records:
            for kind, name in touched(record.fact):
                things = {
                    Kind.PARCEL: shop.parcels,
                    Kind.BAG: shop.bags,
                    Kind.CONTAINER: shop.containers,
                    Kind.MANIFEST: shop.manifests,
                }
                steps.add((kind, things[kind][name].state.value, type(record.fact)))
            shop.apply(record)
        return steps
