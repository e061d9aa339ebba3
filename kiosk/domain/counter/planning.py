"""A code was shown: where to go, how many to fetch, what to ask; and each scan against that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from kiosk.domain.counter.deciding.setting import shut
from kiosk.domain.counter.parcel_facts import ParcelReceived, ProofFact
from kiosk.domain.counter.parcels import PARCELS, Parcel, ParcelState
from kiosk.domain.counter.pick_up import opened
from kiosk.domain.counter.proving import ORDER, Proof, asked_together, missing, rule_for
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.shop import Shop


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to go to, and what to fetch there. A shelf, or a container that may have to be
    opened; "" and "" is the desk."""

    shelf_id: str
    container_id: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a code comes to. `missing` are parcels that nobody could find so far; `asked` what must
    be shown, in order, and `age` and `documents` where that is asked; `proxies`: whether somebody
    else may collect all of it."""

    stops: tuple[Stop, ...]
    missing: tuple[str, ...]
    asked: tuple[Proof, ...]
    age: int
    documents: tuple[str, ...]
    proxies: bool

    @property
    def count(self) -> int:
        """How many parcels to fetch."""
        return sum(len(stop.numbers) for stop in self.stops)


def plan(shop: Shop, rules: Rules, code: str) -> Plan | Refused:
    """What a code's digest opens here. The caller counts a refusal as a wrong try."""
    parcels = opened(shop, code)
    return parcels if isinstance(parcels, Refused) else plan_of(rules, parcels)


def plan_of(rules: Rules, parcels: Sequence[Parcel]) -> Plan:
    """The plan of just these parcels, in whatever order they come."""
    proofs = [rule_for(rules.proofs, parcel.carrier) for parcel in parcels]
    ages = [rule.age for rule in proofs if Proof.AGE in rule.asks]
    classes = [rule.documents for rule in proofs if Proof.DOCUMENT in rule.asks]
    documents = frozenset.intersection(*classes) if classes else frozenset()
    return Plan(
        _stops(parcels),
        tuple(p.number for p in parcels if p.state is ParcelState.MISSING),
        asked_together(proofs),
        max(ages, default=0),
        tuple(sorted(documents)),
        all(rule.proxies for rule in proofs),
    )


def lacking(
    rules: Rules, parcels: Iterable[Parcel], shown: ProofFact, *, proxy: bool = False
) -> tuple[Proof, ...]:
    """What is still to be shown for all of these parcels, in order. A supervisor besides where
    somebody else collects and a carrier does not allow it."""
    asking = [rule_for(rules.proofs, parcel.carrier) for parcel in parcels]
    open_ones = {proof for rule in asking for proof in missing(rule, shown)}
    if proxy and not shown.approved_by and not all(rule.proxies for rule in asking):
        open_ones.add(Proof.SUPERVISOR)
    return tuple(proof for proof in ORDER if proof in open_ones)


def asked_of(
    rules: Rules, parcel: Parcel, proof: Proof, shown: ProofFact, *, proxy: bool = False
) -> bool:
    """Whether a parcel cannot go while this proof is not shown."""
    return proof in lacking(rules, (parcel,), shown, proxy=proxy)


def matches(
    shop: Shop, waiting: Collection[str], number: str, scanned: Collection[str]
) -> Refused | None:
    """Why a parcel that was just scanned is not to be handed out with what waits for the code;
    None where it is. A missing one that is scanned is there."""
    if number in scanned:
        return Refused(Because.SCANNED_TWICE, Then.SCAN_AGAIN, {"number": number})
    parcel = shop.parcels[number]
    if number in waiting:
        return shut(shop, parcel.container_id) if parcel.is_here else None
    values: dict[str, str | int] = {"number": number, "shelf": parcel.shelf_id}
    if parcel.is_here or parcel.state is ParcelState.MISSING:
        return Refused(Because.WRONG_PARCEL, Then.PUT_IT_BACK, values)
    return replace(PARCELS.refusal(parcel.state), values=values)


def at_another_desk(shop: Shop, parcel: Parcel, device: str) -> bool:
    """Whether a parcel lies unshelved at another counter of the shop: there it was received."""
    if parcel.state is not ParcelState.RECEIVED or parcel.shelf_id:
        return False
    came = [
        one for one in shop.parcels.story(parcel.number) if isinstance(one.fact, ParcelReceived)
    ]
    return bool(came) and came[-1].stamp.device != device


def _stops(parcels: Sequence[Parcel]) -> tuple[Stop, ...]:
    places: dict[tuple[str, str], list[str]] = {}
    for parcel in parcels:
        if parcel.is_here:
            places.setdefault((parcel.shelf_id, parcel.container_id), []).append(parcel.number)
    return tuple(Stop(*place, tuple(sorted(places[place]))) for place in sorted(places))
