"""What hubs and carriers tell of containers and hand-over lists that counters know: arrived, and
with as much as was signed for, or not. The counters hear of it; a difference is a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.facts import Fact, Kind, Subject
from kiosk.domain.counter.manifests import Manifest, ManifestState
from kiosk.domain.counter.outbound_facts import (
    ContainerArrived,
    ContainerDisputed,
    ContainerReconciled,
    ManifestAcknowledged,
    ManifestDisputed,
    ManifestReconciled,
)
from kiosk.domain.counter.parcels import ParcelState
from sync.central.cases import Compared, Evidence, Found, open_many
from sync.central.cases import Kind as CaseKind
from sync.central.cases.opening import case_id
from sync.central.counter import writing
from sync.central.counter.folding import fold
from sync.central.counter.telling import tell
from sync.central.counter.writing import Site
from sync.central.database import among
from sync.central.reconcile.model import Kind as Movement_
from sync.central.reconcile.model import Movement
from sync.central.tables import counter_things

_T: Final = counter_things.c
_WENT: Final = (BagState.HANDED_OVER.value, ParcelState.RETURNED_TO_SENDER.value)
_ON_ITS_WAY: Final = (ContainerState.HANDED_OVER.value, ContainerState.RECEIVED.value)


def follow(c: sa.Connection, tenant: str, now: datetime, rows: Sequence[Movement]) -> None:
    """Movements that were just kept. What no counter knows, or knows to be settled, is passed
    over: so the same may be told again."""
    boxes = {one.container_id: one for one in rows if _arrival(one)}
    lists = {one.manifest_id: one for one in rows if _count(one)}
    by_site: defaultdict[str, list[Fact]] = defaultdict(list)
    found: list[Found] = []
    for row in _things(c, tenant, Kind.CONTAINER, boxes, _ON_ITS_WAY):
        facts = _settled(c, tenant, now, row, boxes[row.name], found)
        by_site[row.site] += facts
    for row in _things(c, tenant, Kind.MANIFEST, lists, (ManifestState.SIGNED.value,)):
        by_site[row.site] += _counted(c, tenant, now, row, lists[row.name], found)
    for site, told in sorted(by_site.items()):
        tell(c, now, tenant, site, told)
    if found:
        open_many(c, tenant, found)


def _arrival(one: Movement) -> bool:
    return one.kind is Movement_.RECEIVED and bool(one.container_id) and not one.bag_id


def _count(one: Movement) -> bool:
    """A carrier's count of a whole list: of its containers."""
    whole = bool(one.manifest_id) and not one.container_id and not one.bag_id
    return one.kind is Movement_.ACKNOWLEDGED and whole and one.count >= 0


def _things(
    c: sa.Connection, tenant: str, kind: Kind, names: Iterable[str], states: Sequence[str]
) -> Iterator[Any]:
    for part in writing.parts(sorted(names)):
        query = sa.select(_T.site, _T.name, _T.state).where(
            _T.tenant == tenant,
            _T.kind == kind.value,
            among(c, _T.name, part),
            _T.state.in_(states),
        )
        yield from c.execute(query.order_by(_T.site, _T.name)).all()


def _settled(
    c: sa.Connection, tenant: str, now: datetime, row: Any, told: Movement, found: list[Found]
) -> list[Fact]:
    facts: list[Fact] = []
    if row.state == ContainerState.HANDED_OVER.value:
        facts.append(ContainerArrived(row.name))
    if told.count < 0:
        return facts
    ours = _went(c, tenant, row)
    if ours == told.count:
        return [*facts, ContainerReconciled(row.name)]
    case = _case(now, row, "container", told, {"count": (ours, told.count)})
    found.append(case)
    return [*facts, ContainerDisputed(row.name, case_id(tenant, case.key))]


def _went(c: sa.Connection, tenant: str, row: Any) -> int:
    """How many bags and parcels in it were signed for."""
    query = sa.select(sa.func.count()).where(
        _T.tenant == tenant,
        _T.site == row.site,
        _T.container == row.name,
        _T.state.in_(_WENT),
    )
    return c.execute(query).scalar_one()


def _counted(
    c: sa.Connection, tenant: str, now: datetime, row: Any, told: Movement, found: list[Found]
) -> list[Fact]:
    """Loose parcels are no part of a carrier's count: as many as were signed for."""
    subject = Subject(Kind.MANIFEST, row.name)
    known, _ = writing.load(c, Site(tenant, row.site), [subject])
    signed = fold(subject, known[subject]).thing
    assert isinstance(signed, Manifest)
    said = ManifestAcknowledged(row.name, told.count, len(signed.went_loose))
    more = told.count - len(signed.went)
    if not more:
        return [said, ManifestReconciled(row.name)]
    found.append(_case(now, row, "manifest", told, {"containers": (len(signed.went), told.count)}))
    return [said, ManifestDisputed(row.name, more, 0)]


def _case(
    now: datetime, row: Any, what: str, told: Movement, counts: Mapping[str, tuple[int, int]]
) -> Found:
    """Under the key that reconciliation gives the same difference: one case, whoever finds it."""
    side = "hub" if told.kind is Movement_.RECEIVED else "carrier"
    evidence = Evidence(
        containers=(row.name,) if what == "container" else (),
        manifests=(row.name,) if what == "manifest" else (),
        sides=("handed_over", side),
        compared=tuple(Compared(name, ours, theirs) for name, (ours, theirs) in counts.items()),
    )
    return Found(CaseKind.COUNT_DIFFERS, what, row.name, now, evidence, site=row.site)
