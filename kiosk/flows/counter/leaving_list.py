"""Hand-overs: what waits for a carrier, the frozen list, two signatures."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.deciding.containing import container_fill
from kiosk.domain.counter.deciding.listing import goes_loose, waiting
from kiosk.domain.counter.index import By
from kiosk.domain.counter.manifests import Manifest, ManifestState
from kiosk.domain.counter.meaning import (
    ContainerScanned,
    DriverScanned,
    Meaning,
    ParcelScanned,
    which,
)
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.shop import Shop
from kiosk.flows.counter import leaving_sign
from kiosk.flows.counter.model import (
    Approved,
    Chosen,
    CounterEvent,
    Did,
    Do,
    Heard,
    Key,
    Pressed,
    Session,
    Timing,
)
from kiosk.flows.counter.states.leaving import ContainerLine, HandOver, Waiting
from kiosk.flows.counter.turns import act, ask_reason, care, home, right, show, turned, wrong

UNSIGNED = (ManifestState.DRAFT, ManifestState.READY)


# --- who may fetch what --------------------------------------------------------------------------


def waiting_by_carrier(shop: Shop) -> tuple[Waiting, ...]:
    """Every carrier that may fetch something, or whose list is not signed yet, by name."""
    closed = shop.containers.index.of(By.STATE, ContainerState.CLOSED)
    staged = shop.in_state(ParcelState.RTS_STAGED)
    names = {shop.containers[c].carrier for c in closed} | {shop.parcels[n].carrier for n in staged}
    names |= {shop.manifests[m].carrier for m in _unsigned(shop)}
    found = []
    for carrier in sorted(names - {""}):
        containers, loose = waiting(shop, carrier)
        manifest_id = _begun(shop, carrier)
        if containers or loose or manifest_id:
            found.append(Waiting(carrier, len(containers), len(loose), manifest_id))
    return tuple(found)


def waits(shop: Shop, carrier: str) -> bool:
    return any(waiting(shop, carrier)) or bool(_begun(shop, carrier))


def _unsigned(shop: Shop) -> list[str]:
    """The lists that are not signed yet, frozen ones first."""
    index = shop.manifests.index
    return [m for state in reversed(UNSIGNED) for m in sorted(index.of(By.STATE, state))]


def _begun(shop: Shop, carrier: str) -> str:
    return next((m for m in _unsigned(shop) if shop.manifests[m].carrier == carrier), "")


# --- the list ------------------------------------------------------------------------------------


def begin(
    session: Session, carrier: str, driver: DriverScanned | None, do: Do, timing: Timing
) -> Session:
    """A list of all that waits for the carrier; one that was begun is gone on with."""
    manifest_id = _begun(do.shop(), carrier)
    if manifest_id and do.shop().manifests[manifest_id].state is ManifestState.READY:
        return show(session, job_of(do.shop(), manifest_id, driver), do)
    manifest_id = manifest_id or do.new_id()
    command = ask.DraftManifest(manifest_id, carrier)
    session, acted = act(session, command, manifest_id, do, timing)
    return session if acted is None else show(session, job_of(do.shop(), manifest_id, driver), do)


def job_of(
    shop: Shop,
    manifest_id: str,
    driver: DriverScanned | None,
    going: tuple[str, ...] | None = None,
) -> HandOver:
    """The list as it is: what was opened again, lost or collected since is not shown."""
    manifest = shop.manifests[manifest_id]
    listed_ones = tuple(
        ContainerLine(shop.containers[c], container_fill(shop, c))
        for c in manifest.containers
        if _may_go(shop, manifest, c)
    )
    loose = tuple(n for n in manifest.parcels if goes_loose(shop, n, manifest.carrier))
    job = HandOver(manifest, listed_ones, loose, None, driver)
    if going is None:
        return job
    return replace(job, going=tuple(name for name in going if name in _names(job)))


def _may_go(shop: Shop, manifest: Manifest, container_id: str) -> bool:
    container = shop.containers[container_id]
    if manifest.state is ManifestState.DRAFT:
        return container.state is ContainerState.CLOSED
    return (
        container.state is ContainerState.MANIFESTED
        and container.manifest_id == manifest.manifest_id
    )


def handing(
    session: Session, screen: HandOver, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    manifest = screen.manifest
    match event:
        case Heard():
            return as_it_is(session, screen, do, timing)
        case Approved(command=ask.VoidManifest()):
            return right(home(session, do), Did.VOIDED, do, timing)
        case Chosen(value) if value in _names(screen):
            return show(session, replace(screen, going=_ticked(screen, value)), do)
        case Pressed(Key.ALL) if screen.going is not None:
            return show(session, replace(screen, going=None), do)
        case Pressed(Key.READY):
            return leaving_sign.ready(session, screen, do, timing)
        case Pressed(Key.VOID):
            command = ask.VoidManifest(manifest.manifest_id, "")
            return ask_reason(session, command, manifest.manifest_id, do)
        case Pressed(Key.NEXT_PAGE | Key.LAST_PAGE as key):
            page = turned(session, screen.page, key, len(_names(screen)))
            return session if page == screen.page else show(session, replace(screen, page=page), do)
        case _:
            return session


def _ticked(screen: HandOver, name: str) -> tuple[str, ...] | None:
    """A touch takes one off the list, or puts it back; None once all are on it."""
    names = _names(screen)
    going = tuple(n for n in names if screen.goes(n) != (n == name))
    return None if len(going) == len(names) else going


def _names(screen: HandOver) -> tuple[str, ...]:
    return (*(line.container.container_id for line in screen.lines), *screen.loose)


def as_it_is(session: Session, screen: HandOver, do: Do, timing: Timing) -> Session:
    """The shop changed. A list that somebody else signed or gave up is nothing to stay on."""
    after = job_of(do.shop(), screen.manifest.manifest_id, screen.round, screen.going)
    if after.manifest.state not in UNSIGNED:
        return care(home(session, do), Did.NOT_LISTED, do, timing)
    if after.manifest.state is ManifestState.DRAFT:
        return _relisted(session, replace(after, page=screen.page), do, timing)
    return show(session, replace(after, page=screen.page), do)


def _relisted(session: Session, screen: HandOver, do: Do, timing: Timing) -> Session:
    """The draft follows what waits; nothing is recorded where it does already."""
    manifest = screen.manifest
    if waiting(do.shop(), manifest.carrier) == (
        tuple(sorted(manifest.containers)),
        tuple(sorted(manifest.parcels)),
    ):
        return show(session, screen, do)
    command = ask.DraftManifest(manifest.manifest_id, manifest.carrier)
    session, acted = act(session, command, manifest.manifest_id, do, timing)
    if acted is None:
        return session
    after = job_of(do.shop(), manifest.manifest_id, screen.round, screen.going)
    return show(session, replace(after, page=screen.page), do)


# --- scans ---------------------------------------------------------------------------------------


def scanned(
    session: Session, screen: HandOver, meaning: Meaning, do: Do, timing: Timing
) -> Session:
    """What is scanned on its way out is what goes; what was listed and is not scanned stays."""
    match meaning:
        case ContainerScanned(plate):
            found = do.shop().by_plate(plate)
            if found is None:
                return session
            return _going(session, screen, found.container_id, plate, do, timing)
        case ParcelScanned():
            known = which(do.shop(), meaning)
            if not isinstance(known, Tracking) or known.number not in do.shop().parcels:
                return session
            return _going(session, screen, known.number, known.number, do, timing)
        case DriverScanned(carrier=carrier) if carrier == screen.manifest.carrier:
            return show(session, replace(screen, round=meaning), do)
        case _:
            return session


def _going(
    session: Session, screen: HandOver, name: str, shown: str, do: Do, timing: Timing
) -> Session:
    """Marked; what began to wait meanwhile is listed first. What cannot go is not taken up."""
    if name not in _names(screen) and screen.manifest.state is ManifestState.DRAFT:
        containers, loose = waiting(do.shop(), screen.manifest.carrier)
        if name in containers or name in loose:
            session = _relisted(session, screen, do, timing)
    after = session.screen
    if not isinstance(after, HandOver) or name not in _names(after):
        refused = Refused(Because.NOT_ON_MANIFEST, Then.PUT_IT_BACK, {"what": shown})
        return wrong(session, refused, do, timing)
    before = after.going or ()
    going = before if name in before else (*before, name)
    session = show(session, replace(after, going=going), do)
    return right(session, Did.GOING, do, timing, what=shown)
