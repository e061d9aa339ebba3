"""The job of handing out, by what the shop knows now: what may go, where it lies, what is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.deciding.setting import shut
from kiosk.domain.counter.parcel_facts import ProofFact
from kiosk.domain.counter.parcels import COLLECTABLE, Parcel, ParcelState
from kiosk.domain.counter.pick_up import opened
from kiosk.domain.counter.planning import Plan, Stop, at_another_desk, lacking, plan_of
from kiosk.domain.counter.proving import Proof, born_by
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Refused
from kiosk.domain.counter.shop import Shop
from kiosk.domain.counter.suggesting import looked_for
from kiosk.domain.staff.sessions import as_who
from kiosk.flows.counter.model import Do, Session
from kiosk.flows.counter.states.outbound import HandingOut, Place, PlaceKind

_MAY_GO = (*COLLECTABLE, ParcelState.MISSING)


def begun(
    session: Session, code: str, numbers: Iterable[str], do: Do, scanned: tuple[str, ...] = ()
) -> HandingOut:
    """A new job: for a code's digest, or ("") for parcels whose carrier asks for none."""
    shop = do.shop()
    parcels = tuple(shop.parcels[number] for number in sorted(numbers))
    job = HandingOut(code, plan_of(do.rules(), parcels), parcels, scanned)
    return refreshed(session, job, do)


def refreshed(session: Session, job: HandingOut, do: Do) -> HandingOut:
    """The job as it stands: other counters hand out too, and time goes by."""
    shop, rules = do.shop(), do.rules()
    parcels = _may_go(job, shop)
    scanned = tuple(n for n in job.scanned if any(one.number == n for one in parcels))
    going = [one for one in parcels if one.number in scanned or _is_due(job, one)]
    shown = replace(job.shown, code=job.code != "")
    asks = _asks(rules, going, approved(session, shown, do), proxy=job.proxy)
    plan = replace(plan_of(rules, going), missing=_missing(parcels, scanned))
    left = [one for one in going if one.number not in scanned]
    return replace(
        job,
        plan=plan,
        parcels=parcels,
        scanned=scanned,
        places=_places(shop, plan_of(rules, left), do.device_id()),
        near=_near(shop, left, plan.missing),
        asks=asks,
        shown=shown,
        born_by=_born_by(plan, rules, do.at()) if Proof.AGE in asks else "",
    )


def supervises(session: Session, do: Do) -> str:
    """The staff id of a supervisor who is signed in; "" for anybody else."""
    who = session.staff.session
    member = do.house().roster.member(who.staff_id) if who is not None else None
    if member is None or as_who(member).role is not Role.SUPERVISOR:
        return ""
    return member.staff_id


def approved(session: Session, shown: ProofFact, do: Do) -> ProofFact:
    """With a supervisor's approval where they hand out themselves."""
    return shown if shown.approved_by else replace(shown, approved_by=supervises(session, do))


def waits_for(job: HandingOut, do: Do) -> int:
    """How many parcels still wait for the job's code."""
    waiting = opened(do.shop(), job.code)
    return 0 if isinstance(waiting, Refused) else len(waiting)


def _may_go(job: HandingOut, shop: Shop) -> tuple[Parcel, ...]:
    """What waits for the code, also what came since; less what stays for a reason."""
    if job.code:
        waiting = opened(shop, job.code)
        found = () if isinstance(waiting, Refused) else waiting
    else:
        now = (shop.parcels[one.number] for one in job.parcels)
        found = tuple(one for one in now if one.state in _MAY_GO)
    stay = {one.parcel.number for one in job.stay}
    return tuple(one for one in found if one.number not in stay)


def _is_due(job: HandingOut, parcel: Parcel) -> bool:
    """Whether a parcel that was not scanned yet is to be fetched."""
    return not job.part and parcel.state is not ParcelState.MISSING


def _missing(parcels: Iterable[Parcel], scanned: tuple[str, ...]) -> tuple[str, ...]:
    gone = (one.number for one in parcels if one.state is ParcelState.MISSING)
    return tuple(number for number in gone if number not in scanned)


def _asks(rules: Rules, going: list[Parcel], shown: ProofFact, *, proxy: bool) -> tuple[Proof, ...]:
    """What is asked one after the other. Whoever looks at a document compares the name on it with
    the label: that is one question, not two."""
    asks = lacking(rules, going, shown, proxy=proxy)
    both = Proof.DOCUMENT in asks
    return tuple(proof for proof in asks if proof is not Proof.NAME or not both)


def _born_by(plan: Plan, rules: Rules, at: int) -> str:
    today = rules.opening.day(datetime.fromtimestamp(at, UTC))
    return born_by(today, plan.age).isoformat()


def _near(shop: Shop, left: list[Parcel], missing: tuple[str, ...]) -> tuple[str, ...]:
    """Where the first one may lie that is not where it should be: shelves, "" for the desk."""
    first = left[0] if left else shop.parcels[missing[0]] if missing else None
    if first is None or first.container_id:
        return ()
    places = looked_for(shop, first)
    return places if first.state is ParcelState.MISSING else places[1:]


def _places(shop: Shop, plan: Plan, device: str) -> tuple[Place, ...]:
    return tuple(place for stop in plan.stops for place in _of_stop(shop, stop, device))


def _of_stop(shop: Shop, stop: Stop, device: str) -> tuple[Place, ...]:
    if stop.container_id:
        closed = shut(shop, stop.container_id) is not None
        kind = PlaceKind.CLOSED_CONTAINER if closed else PlaceKind.CONTAINER
        return (Place(kind, shop.containers[stop.container_id].plate, stop.numbers),)
    if stop.shelf_id:
        return (Place(PlaceKind.SHELF, stop.shelf_id, stop.numbers),)
    other = {n for n in stop.numbers if at_another_desk(shop, shop.parcels[n], device)}
    here = tuple(n for n in stop.numbers if n not in other)
    there = tuple(n for n in stop.numbers if n in other)
    desks = ((PlaceKind.DESK, here), (PlaceKind.OTHER_DESK, there))
    return tuple(Place(kind, "", numbers) for kind, numbers in desks if numbers)
