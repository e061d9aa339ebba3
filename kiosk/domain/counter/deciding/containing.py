"""Drops' goods and staged parcels, into containers; containers, until they are on a manifest."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter.deciding import arriving
from kiosk.domain.counter.deciding.setting import Decided, Setting, without_reason
from kiosk.domain.counter.deciding.trying import would
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.index import By
from kiosk.domain.counter.parcel_facts import ParcelContained
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.shop import Shop

FROM_DRIVER = "from_driver"
"""Why a drop was voided that was none."""


def container_fill(shop: Shop, container_id: str) -> Fill:
    """How full a container is: `nearly` is what staff are warned of."""
    return Fill(shop.filled(container_id), shop.containers[container_id].holds)


def decided(here: Setting, command: ask.ContainerCommand) -> Decided:
    match command:
        case ask.TakeDrop(bag_id=bag, drop_id=drop, carrier=carrier):
            return (out.BagCommitted(bag, drop, carrier, here.today.isoformat()),)
        case ask.VoidDrop():
            return _voided(here, command)
        case ask.ReceiveInstead():
            return _received_instead(here, command)
        case ask.ContainBag():
            return _bag_contained(here, command)
        case ask.ContainParcel():
            return _parcel_contained(here, command)
        case ask.ProvideContainer():
            return _provided(here, command)
        case ask.OpenContainer(container_id=container):
            return (out.ContainerOpened(container, here.by),)
        case ask.CloseContainer():
            return _closed(here, command)
        case ask.ReopenContainer(container_id=container, reason=reason):
            fact = out.ContainerReopened(container, reason.strip(), here.by)
            return without_reason(reason) or (fact,)
        case ask.ReportDamaged(container_id=container):
            return (out.ContainerDamaged(container, here.by),)
        case ask.ReportLost(container_id=container):
            return (out.ContainerLost(container, here.by),)
        case ask.RecordArrival(container_id=container):
            return (out.ContainerArrived(container),)
        case ask.SettleContainer(container_id=container, case_id=""):
            return (out.ContainerReconciled(container),)
        case ask.SettleContainer(container_id=container, case_id=case_id):
            return (out.ContainerDisputed(container, case_id),)
        case _:
            assert_never(command)


def _voided(here: Setting, command: ask.VoidDrop) -> Decided:
    today, bag = here.today.isoformat(), here.shop.bags[command.bag_id]
    fact = out.BagVoided(command.bag_id, command.reason.strip(), today, here.by)
    refused = would(here.shop, (fact,)) or without_reason(command.reason)
    if refused is None and bag.committed_on != today:
        return Refused(Because.NOT_TODAY, Then.ASK_CENTRE, {"on": bag.committed_on})
    return refused or (fact,)


def _received_instead(here: Setting, command: ask.ReceiveInstead) -> Decided:
    back = _voided(here, ask.VoidDrop(command.number, FROM_DRIVER))
    if isinstance(back, Refused):
        return back
    came = arriving.received(here, ask.Receive(command.number, command.carrier, command.size))
    return came if isinstance(came, Refused) else (*back, *came)


def _bag_contained(here: Setting, command: ask.ContainBag) -> Decided:
    """A bag whose drop this counter was not told of is taken: it is in somebody's hand."""
    bag = here.shop.bags[command.bag_id]
    fact = out.BagContained(command.bag_id, command.container_id, here.by, bag.container_id)
    return _contained(here, fact, command.container_id, bag.carrier, bag.container_id)


def _parcel_contained(here: Setting, command: ask.ContainParcel) -> Decided:
    parcel, into = here.shop.parcels[command.number], command.container_id
    fact = ParcelContained(command.number, into, here.by, parcel.container_id)
    found = here.in_hand(command.number)
    return _contained(here, fact, into, parcel.carrier, parcel.container_id, found)


def _contained(
    here: Setting,
    fact: Fact,
    into: str,
    carrier: str,
    out_of: str,
    before: tuple[Fact, ...] = (),
) -> Decided:
    container = here.shop.containers[into]
    refused = would(here.shop, (*before, fact)) or here.shut(out_of)
    if refused is not None:
        return refused
    if out_of == into:
        return Refused(Because.ALREADY_IN_IT, Then.NOTHING_TO_DO, {"container": into})
    if carrier and container.carrier not in ("", carrier):
        other: dict[str, str | int] = {"carrier": container.carrier}
        return Refused(Because.OTHER_CARRIER, Then.OTHER_CONTAINER, other)
    if container_fill(here.shop, into).full:
        return Refused(Because.CONTAINER_FULL, Then.CLOSE_CONTAINER, {"holds": container.holds})
    return (*before, fact)


def _provided(here: Setting, command: ask.ProvideContainer) -> Decided:
    if command.holds < 1:
        return Refused(Because.CONTAINER_FULL, Then.OTHER_CONTAINER, {"holds": command.holds})
    if here.shop.by_plate(command.plate) is not None:
        return Refused(Because.PLATE_IN_USE, Then.OTHER_CONTAINER, {"plate": command.plate})
    container, plate = command.container_id, command.plate
    return (out.ContainerProvided(container, plate, command.carrier, command.holds),)


def _closed(here: Setting, command: ask.CloseContainer) -> Decided:
    """With a seal that was never on any container here, and not empty."""
    container, seal = command.container_id, command.seal_id
    bags, parcels = here.shop.bags_in(container), here.shop.parcels_in(container)
    fact = out.ContainerClosed(container, seal, len(bags), len(parcels), here.by)
    refused = would(here.shop, (fact,))
    if refused is not None:
        return refused
    if not seal:
        return Refused(Because.SEAL_MISSING, Then.OTHER_SEAL)
    if here.shop.containers.index.of(By.SEAL, seal):
        return Refused(Because.SEAL_USED, Then.OTHER_SEAL, {"seal": seal})
    if not bags and not parcels:
        return Refused(Because.CONTAINER_EMPTY, Then.CONTAIN_IT)
    return (fact,)
