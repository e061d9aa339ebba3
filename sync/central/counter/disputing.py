"""What a person must settle about a counter's things: cases opened, and closed by later facts.

* a conflict of the fold, named by the thing and the stamp of the fact that does not fit;
* a parcel that is reported missing, until it is found;
* goods left behind: in a container that went, was lost or never was, and signed for by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain.counter.conflicts import Conflict
from kiosk.domain.counter.containers import GONE, ContainerState
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.settled_facts import ConflictSettled
from sync.central.cases import Compared, Evidence, Found, Gone, key_of, open_many, settle_many
from sync.central.cases import Kind as CaseKind
from sync.central.counter.folding import Folded
from sync.central.database import among
from sync.central.tables import counter_things, devices

_OUT: Final = tuple(s.value for s in (*GONE, ContainerState.LOST, ContainerState.UNKNOWN))
_SIGNED: Final = tuple(
    s.value
    for s in (
        ManifestState.SIGNED,
        ManifestState.ACKNOWLEDGED,
        ManifestState.RECONCILED,
        ManifestState.DISPUTED,
    )
)
_GOODS: Final = (Kind.PARCEL, Kind.BAG)
_NAMED: Final = {
    Kind.PARCEL: "parcels",
    Kind.BAG: "bags",
    Kind.CONTAINER: "containers",
    Kind.MANIFEST: "manifests",
}


def _subject(site: str, conflict: Conflict) -> str:
    stamp = conflict.record.stamp
    return f"{site}/{conflict.subject.name}/{stamp.hlc}/{stamp.device}"


def key(site: str, conflict: Conflict) -> str:
    """The case of a conflict."""
    kind = conflict.subject.kind.value
    return key_of(CaseKind.COUNTER_CONFLICT, kind, _subject(site, conflict))


def word(conflict: Conflict, *, again: bool) -> ConflictSettled:
    """What the counters hear once its case is settled, or open again."""
    kind, name = conflict.subject
    return ConflictSettled(kind.value, name, *conflict.record.stamp, open=again)


def follow(
    c: sa.Connection,
    tenant: str,
    site: str,
    now: datetime,
    folded: Sequence[Folded],
    before: Mapping[Subject, Any],
    events: Mapping[Stamp, str],
) -> tuple[ConflictSettled, ...]:
    """`folded` are things whose rows were just written, `before` their rows until then. What the
    counters must be told: conflicts that are open again, because more was heard of them."""
    found: list[Found] = []
    gone: list[Gone] = []
    _conflicts(c, site, now, folded, before, events, found, gone)
    _missing(site, now, folded, before, found, gone)
    _left_behind(c, tenant, site, now, folded, before, found, gone)
    again = open_many(c, tenant, found).reopened if found else ()
    if gone:
        settle_many(c, tenant, gone)
    return tuple(
        word(conflict, again=True)
        for one in folded
        for conflict in one.conflicts
        if conflict not in one.unsettled and key(site, conflict) in again
    )


# --- conflicts -----------------------------------------------------------------------------------


def _conflicts(
    c: sa.Connection,
    site: str,
    now: datetime,
    folded: Sequence[Folded],
    before: Mapping[Subject, Any],
    events: Mapping[Stamp, str],
    found: list[Found],
    gone: list[Gone],
) -> None:
    every = [conflict for one in folded for conflict in one.conflicts]
    names = _counters(c, every) if every else {}
    for one in folded:
        row, keys = before.get(one.subject), set[str]()
        for conflict in one.conflicts:
            keys.add(key(site, conflict))
            found.append(_of_conflict(site, now, conflict, names, events))
        were = row.conflicts if row is not None else ()
        explained = _about(one.subject, "later facts explain it")
        gone += (Gone(old, now, explained) for old in were if old not in keys)


def _of_conflict(
    site: str,
    now: datetime,
    conflict: Conflict,
    names: Mapping[str, str],
    events: Mapping[Stamp, str],
) -> Found:
    sides = [one for one in (conflict.before, conflict.record) if one is not None]
    told = tuple(event for one in sides if (event := events.get(one.stamp, "")))
    evidence = Evidence(
        **_names(conflict.subject),
        events=told,
        sides=("believed", "conflicting"),
        compared=_compared(conflict, names),
        numbers={
            "conflict": conflict.kind.value,
            "state": conflict.state,
            "name": conflict.subject.name,
        },
        detail=f"{conflict.kind.value}: {conflict.because.value}",
    )
    return Found(
        CaseKind.COUNTER_CONFLICT,
        conflict.subject.kind.value,
        _subject(site, conflict),
        now,
        evidence,
        site=site,
    )


def _compared(conflict: Conflict, names: Mapping[str, str]) -> tuple[Compared, ...]:
    """What each counter told, who did it there, and when by the counter's clock."""
    first, second = _told(conflict.before, names), _told(conflict.record, names)
    return tuple(Compared(what, first[what], second[what]) for what in first)


def _told(record: Recorded | None, names: Mapping[str, str]) -> dict[str, str]:
    if record is None:
        return dict.fromkeys(("fact", "staff", "counter", "at"), "")
    moment = datetime.fromtimestamp(int(record.stamp.hlc[:12], 16) / 1000, UTC)
    return {
        "fact": record.fact.type,
        "staff": getattr(record.fact, "by", ""),
        "counter": names.get(record.stamp.device, record.stamp.device),
        "at": moment.isoformat(timespec="seconds"),
    }


def _counters(c: sa.Connection, every: Iterable[Conflict]) -> dict[str, str]:
    """What people call the counters, by device id."""
    ids = {
        one.stamp.device
        for conflict in every
        for one in (conflict.before, conflict.record)
        if one is not None
    }
    query = sa.select(devices.c.device_id, devices.c.kiosk_code)
    rows = c.execute(query.where(among(c, devices.c.device_id, sorted(ids))))
    return {row.device_id: row.kiosk_code for row in rows}


# --- missing -------------------------------------------------------------------------------------


def _missing(
    site: str,
    now: datetime,
    folded: Sequence[Folded],
    before: Mapping[Subject, Any],
    found: list[Found],
    gone: list[Gone],
) -> None:
    for one in folded:
        if not isinstance(one.thing, Parcel):
            continue
        row, name = before.get(one.subject), f"{site}/{one.subject.name}"
        missing = one.thing.state is ParcelState.MISSING
        if missing:
            numbers: dict[str, str | int] = {
                "name": one.subject.name,
                "shelf": one.thing.shelf_id,
                "since": one.since.isoformat(timespec="seconds"),
            }
            evidence = Evidence(**_names(one.subject), numbers=numbers)
            found.append(Found(CaseKind.PARCEL_MISSING, "parcel", name, now, evidence, site=site))
        elif row is not None and row.state == ParcelState.MISSING.value:
            key_ = key_of(CaseKind.PARCEL_MISSING, "parcel", name)
            gone.append(Gone(key_, now, _about(one.subject, "it was found")))


# --- left behind ---------------------------------------------------------------------------------


def _left_behind(
    c: sa.Connection,
    tenant: str,
    site: str,
    now: datetime,
    folded: Sequence[Folded],
    before: Mapping[Subject, Any],
    found: list[Found],
    gone: list[Gone],
) -> None:
    """As kiosk.domain.counter.invariants.left_behind, of what was touched."""
    rows = _goods(c, tenant, site, _containers(folded), folded, before)
    changed = [row for row in rows if row.left_behind is not _is_left(row)]
    if not changed:
        return
    keys = [{"tenant": tenant, "site": site, "kind": row.kind, "name": row.name} for row in changed]
    _mark(c, keys, changed)
    for row in changed:
        subject, name = Subject(Kind(row.kind), row.name), f"{site}/{row.name}"
        if _is_left(row):
            numbers: dict[str, str | int] = {"name": row.name, "container": row.container}
            things = {**_names(subject), "containers": (row.container,)}
            evidence = Evidence(**things, numbers=numbers)
            found.append(Found(CaseKind.LEFT_BEHIND, row.kind, name, now, evidence, site=site))
        else:
            key_ = key_of(CaseKind.LEFT_BEHIND, row.kind, name)
            gone.append(Gone(key_, now, _about(subject, "it is accounted for")))


def _is_left(row: Any) -> bool:
    return bool(row.here and row.container and row.away)


def _containers(folded: Sequence[Folded]) -> set[str]:
    """Those that goods may have been left in."""
    out = {one.subject.name for one in folded if _gone(one)}
    goods = {getattr(one.thing, "container_id", "") for one in folded if _is_goods(one)}
    return {name for name in out | goods if name}


def _gone(one: Folded) -> bool:
    return one.subject.kind is Kind.CONTAINER and one.state in (*_OUT, ContainerState.DAMAGED)


def _is_goods(one: Folded) -> bool:
    return one.subject.kind in _GOODS


def _goods(
    c: sa.Connection,
    tenant: str,
    site: str,
    containers: set[str],
    folded: Sequence[Folded],
    before: Mapping[Subject, Any],
) -> list[Any]:
    """Goods that lie in these containers, and those that were left behind until now."""
    were = [
        one.subject.name
        for one in folded
        if _is_goods(one) and (row := before.get(one.subject)) is not None and row.left_behind
    ]
    if not containers and not were:
        return []
    query = _INSIDE.where(_GOOD.tenant == tenant, _GOOD.site == site)
    odd = sa.or_(_GOOD.left_behind, _away)
    inside = query.where(among(c, _GOOD.container, sorted(containers)), odd)
    rows = {(row.kind, row.name): row for row in c.execute(inside)}
    if were:
        named = query.where(among(c, _GOOD.name, were))
        rows |= {(row.kind, row.name): row for row in c.execute(named)}
    return list(rows.values())


_goods_in, _boxes = counter_things.alias("goods"), counter_things.alias("box")
_GOOD, _BOX, _LIST = _goods_in.c, _boxes.c, counter_things.alias("list").c
_state = sa.func.coalesce(_BOX.state, ContainerState.UNKNOWN.value)
# One that was damaged after it went went all the same; here it is being emptied.
_away = sa.or_(
    _state.in_(_OUT),
    sa.and_(
        _state == ContainerState.DAMAGED.value,
        sa.exists()
        .where(
            _LIST.tenant == _BOX.tenant,
            _LIST.site == _BOX.site,
            _LIST.kind == Kind.MANIFEST.value,
            _LIST.name == _BOX.manifest,
            _LIST.state.in_(_SIGNED),
        )
        .correlate(_boxes),
    ),
)
_INSIDE: Final = (
    sa.select(
        _GOOD.kind,
        _GOOD.name,
        _GOOD.here,
        _GOOD.container,
        _GOOD.left_behind,
        _away.label("away"),
    )
    .select_from(
        _goods_in.outerjoin(
            _boxes,
            sa.and_(
                _BOX.tenant == _GOOD.tenant,
                _BOX.site == _GOOD.site,
                _BOX.kind == Kind.CONTAINER.value,
                _BOX.name == _GOOD.container,
            ),
        )
    )
    .where(_GOOD.kind.in_([kind.value for kind in _GOODS]))
)


def _mark(c: sa.Connection, keys: Sequence[dict[str, str]], rows: Sequence[Any]) -> None:
    same = [counter_things.c[name] == sa.bindparam(f"of_{name}") for name in keys[0]]
    change = counter_things.update().where(*same).values(left_behind=sa.bindparam("is_left"))
    told = [
        {**{f"of_{name}": value for name, value in of.items()}, "is_left": _is_left(row)}
        for of, row in zip(keys, rows, strict=True)
    ]
    c.execute(change, told)


# --- evidence ------------------------------------------------------------------------------------


def _names(subject: Subject) -> dict[str, Any]:
    field = _NAMED.get(subject.kind)
    return {field: (subject.name,)} if field else {}


def _about(subject: Subject, detail: str) -> Evidence:
    return Evidence(**_names(subject), detail=detail)
