"""Manifests: drafted, frozen, signed by both sides, counted by the driver."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.deciding.setting import Decided, Setting, without_reason
from kiosk.domain.counter.deciding.trying import would
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.index import By
from kiosk.domain.counter.manifests import Manifest, ManifestState
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.shop import Shop


def decided(here: Setting, command: ask.ManifestCommand) -> Decided:
    match command:
        case ask.DraftManifest():
            return _drafted(here, command)
        case ask.ReadyManifest():
            return _readied(here, command)
        case ask.SignManifest():
            return _signed(here, command)
        case ask.VoidManifest():
            return _voided(here, command)
        case ask.CountManifest():
            return _counted(here, command)
        case _:
            assert_never(command)


def _drafted(here: Setting, command: ask.DraftManifest) -> Decided:
    """What is named must wait for that carrier now: closed containers, parcels staged loose."""
    containers, parcels = waiting(here.shop, command.carrier)
    chosen = containers if command.containers is None else command.containers
    loose = parcels if command.parcels is None else command.parcels
    fact = out.ManifestDrafted(
        command.manifest_id, command.carrier, _once(chosen), _once(loose), here.by
    )
    refused = would(here.shop, (fact,))
    if refused is not None:
        return refused
    for names, theirs, then in (
        (chosen, containers, Then.CLOSE_CONTAINER),
        (loose, parcels, Then.STAGE_IT),
    ):
        strange = next((name for name in names if name not in theirs), None)
        if strange is not None:
            return Refused(Because.NOT_WAITING, then, {"what": strange})
    if not chosen and not loose:
        return Refused(Because.MANIFEST_EMPTY, Then.CLOSE_CONTAINER)
    return (fact,)


def waiting(shop: Shop, carrier: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a carrier could take along now: closed containers, and parcels staged in none."""
    closed = shop.containers.index.of(By.STATE, ContainerState.CLOSED)
    staged = shop.in_state(ParcelState.RTS_STAGED)
    return (
        tuple(sorted(c for c in closed if shop.containers[c].carrier in ("", carrier))),
        tuple(sorted(n for n in staged if goes_loose(shop, n, carrier))),
    )


def goes_loose(shop: Shop, number: str, carrier: str) -> bool:
    """Whether a parcel waits for that carrier in no container."""
    parcel = shop.parcels[number]
    staged = parcel.state is ParcelState.RTS_STAGED
    return staged and parcel.carrier == carrier and not parcel.container_id


def _readied(here: Setting, command: ask.ReadyManifest) -> Decided:
    """Each container with its seal and all that is in it, as of now. A loose parcel that was
    collected in the meantime is left off; a container that was reopened is refused."""
    shop, manifest = here.shop, here.shop.manifests[command.manifest_id]
    lines = tuple(_line(here, container) for container in manifest.containers)
    loose = tuple(n for n in manifest.parcels if goes_loose(here.shop, n, manifest.carrier))
    fact = out.ManifestReadied(manifest.manifest_id, lines, loose, here.by)
    refused = would(shop, (fact,))
    if refused is None and not lines and not loose:
        return Refused(Because.MANIFEST_EMPTY, Then.VOID_MANIFEST)
    return refused or (fact,)


def _line(here: Setting, container_id: str) -> out.ManifestLine:
    container = here.shop.containers[container_id]
    return out.ManifestLine(
        container_id,
        container.plate,
        container.seal_id,
        tuple(sorted(here.shop.bags_in(container_id))),
        tuple(sorted(here.shop.parcels_in(container_id))),
    )


def _signed(here: Setting, command: ask.SignManifest) -> Decided:
    """What is named goes, with what was listed in it and is in it still; what else is listed is
    closed again. Goods that the other counter told of since were never signed for: they are
    `left_behind`."""
    shop, manifest = here.shop, here.shop.manifests[command.manifest_id]
    containers, loose = _once(command.containers), _once(command.parcels)
    going = [line for line in manifest.lines if line.container_id in containers]
    fact = out.ManifestSigned(
        manifest.manifest_id,
        containers,
        tuple(b for line in going for b in line.bags if b in shop.bags_in(line.container_id)),
        tuple(n for line in going for n in line.parcels if n in shop.parcels_in(line.container_id)),
        loose,
        command.staff_signature,
        command.driver_signature,
        here.by,
    )
    strange = _strange(manifest, containers, loose)
    if strange is not None and manifest.state is ManifestState.READY:
        return Refused(Because.NOT_ON_MANIFEST, Then.NEW_MANIFEST, {"what": strange})
    refused = would(shop, (fact,)) or _unsigned(command)
    inside = next((n for n in loose if not goes_loose(here.shop, n, manifest.carrier)), None)
    if refused is None and inside is not None:
        return Refused(Because.NOT_WAITING, Then.STAGE_IT, {"what": inside})
    if refused is None and not containers and not loose:
        return Refused(Because.MANIFEST_EMPTY, Then.VOID_MANIFEST)
    return refused or (fact, *_stayed(here, manifest, containers))


def _strange(manifest: Manifest, containers: tuple[str, ...], loose: tuple[str, ...]) -> str | None:
    named = [c for c in containers if c not in manifest.containers]
    named += [n for n in loose if n not in manifest.parcels]
    return named[0] if named else None


def _unsigned(command: ask.SignManifest) -> Refused | None:
    for of, signature in (("staff", command.staff_signature), ("driver", command.driver_signature)):
        if not signature:
            return Refused(Because.SIGNATURE_MISSING, Then.SIGN_MANIFEST, {"of": of})
    return None


def _stayed(here: Setting, manifest: Manifest, gone: tuple[str, ...]) -> tuple[Fact, ...]:
    left = tuple(c for c in _held_by(here, manifest) if c not in gone)
    return (out.ContainersStayed(manifest.manifest_id, left),) if left else ()


def _held_by(here: Setting, manifest: Manifest) -> tuple[str, ...]:
    """Those of its containers that are on this manifest now: others may be damaged or lost."""
    listed = (here.shop.containers[c] for c in manifest.containers)
    return tuple(
        c.container_id
        for c in listed
        if c.state is ContainerState.MANIFESTED and c.manifest_id == manifest.manifest_id
    )


def _voided(here: Setting, command: ask.VoidManifest) -> Decided:
    manifest = here.shop.manifests[command.manifest_id]
    fact = out.ManifestVoided(
        command.manifest_id, _held_by(here, manifest), command.reason.strip(), here.by
    )
    return would(here.shop, (fact,)) or without_reason(command.reason) or (fact,)


def _counted(here: Setting, command: ask.CountManifest) -> Decided:
    """The driver's count against what was signed: it agrees, or the difference is disputed."""
    manifest = here.shop.manifests[command.manifest_id]
    told = out.ManifestAcknowledged(command.manifest_id, command.containers, command.parcels)
    containers = command.containers - len(manifest.went)
    parcels = command.parcels - len(manifest.went_loose)
    if not containers and not parcels:
        return (told, out.ManifestReconciled(command.manifest_id))
    return (told, out.ManifestDisputed(command.manifest_id, containers, parcels))


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
