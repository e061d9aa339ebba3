"""What one kiosk is ordered: settings and commands, numbered and signed like bundles.

Signed when they are given, by whoever holds a key of the tenant's bundles; the database alone can
order nothing. What became of each the kiosk tells as an event.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kiosk.domain import events as facts
from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central.audit import Actor, at_console, changed
from sync.central.database import Database, Transactions, insert_new, locked
from sync.central.policy import keyrings
from sync.central.tables import device_commands, device_settings, devices
from sync.wire import codec, orders
from sync.wire.messages import Command, DeviceSettings, Orders

_SIGNED = sa.func.length(device_settings.c.envelope) > 0
"""What was lost with a backup and told again by its kiosk is in the books; nobody signs it anew."""
LIFE = timedelta(hours=24)
"""A command that no kiosk has heard of by then is none any more."""
_BIG = 1 << 53
USED = "an order that was lost here had this number: give it once more"


def put_settings(
    database: Database,
    clock: Clock,
    device_id: str,
    changes: Mapping[str, Any],
    key: SigningKey,
    actor: Actor | None = None,
) -> DeviceSettings | str:
    """The next version: the one before with `changes` (dotted name -> JSON value) laid over it;
    None takes a name out, so that the kiosk's own file counts again. Or why no kiosk would
    believe this key. Without `actor` it is somebody with a shell at the centre."""

    def work(c: sa.Connection) -> DeviceSettings | str:
        tenant = _lock(c, device_id)
        if why := keyrings.unfit(c, tenant, key.kid, clock.now()):
            return why
        before = _newest(c, device_id)
        values = {**({} if before is None else before.values), **changes}
        told = DeviceSettings(
            tenant=tenant,
            device_id=device_id,
            version=1 if before is None else before.version + 1,
            issued=clock.now(),
            values={name: value for name, value in values.items() if value is not None},
        )
        row = {
            "device_id": device_id,
            "version": told.version,
            "issued_at": told.issued,
            "body": codec.encode(told).decode(),
            "envelope": orders.seal_settings(told, key),
            "given_by": _who(actor, tenant).name,
        }
        c.execute(device_settings.insert(), row)
        was = {} if before is None else before.values
        _note(c, _who(actor, tenant), device_id, clock.now(), _told(was), _told(told.values))
        return told

    return database.write(work)


def put_command(
    database: Database,
    clock: Clock,
    device_id: str,
    kind: str,
    key: SigningKey,
    life: timedelta = LIFE,
    actor: Actor | None = None,
) -> Command | str:
    """The next command, or why no kiosk would believe this key. `actor` as for settings."""

    def work(c: sa.Connection) -> Command | str:
        tenant = _lock(c, device_id)
        if why := keyrings.unfit(c, tenant, key.kid, clock.now()):
            return why
        mine = device_commands.c.device_id == device_id
        last = c.execute(sa.select(sa.func.max(device_commands.c.number)).where(mine))
        now = clock.now()
        told = Command(
            tenant=tenant,
            device_id=device_id,
            number=(last.scalar_one() or 0) + 1,
            kind=kind,
            issued=now,
            expires=now + life,
        )
        row = {
            "device_id": device_id,
            "number": told.number,
            "kind": kind,
            "issued_at": now,
            "expires_at": told.expires,
            "envelope": orders.seal_command(told, key),
            "report": [],
            "given_by": _who(actor, tenant).name,
        }
        c.execute(device_commands.insert(), row)
        after = {"command": kind, "number": str(told.number)}
        _note(c, _who(actor, tenant), device_id, now, None, after)
        return told

    return database.write(work)


def _who(actor: Actor | None, tenant: str) -> Actor:
    if actor is not None and actor.tenant != tenant:
        raise ValueError("nobody orders another tenant's kiosk")
    return at_console(tenant) if actor is None else actor


def _told(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}


def _note(
    c: sa.Connection,
    actor: Actor,
    device_id: str,
    now: datetime,
    before: Mapping[str, str] | None,
    after: Mapping[str, str],
) -> None:
    """In the audit, under the kiosk's code; its id is among the values."""
    code = c.execute(
        sa.select(devices.c.kiosk_code).where(devices.c.device_id == device_id)
    ).scalar_one()
    what = "kiosk.commanded" if before is None else "kiosk.settings"
    changed(c, actor, now, what, code, before=before, after={**after, "device": device_id})


def newest(database: Database, device_id: str) -> DeviceSettings | None:
    with database.reading() as c:
        return _newest(c, device_id)


def _lock(c: sa.Connection, device_id: str) -> str:
    """The kiosk's tenant, with its row held: two people at once get two numbers."""
    mine = sa.select(devices.c.tenant).where(devices.c.device_id == device_id)
    return str(c.execute(locked(mine)).scalar_one())


def _newest(c: sa.Connection, device_id: str) -> DeviceSettings | None:
    body = c.execute(
        sa.select(device_settings.c.body)
        .where(device_settings.c.device_id == device_id)
        .order_by(device_settings.c.version.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if body is None else codec.decode(body.encode(), DeviceSettings)


@dataclass(frozen=True, slots=True)
class History:
    """What a kiosk was ordered, oldest first, and what became of it."""

    settings: tuple[Mapping[str, Any], ...]
    commands: tuple[Mapping[str, Any], ...]


def history(database: Database, device_id: str, most: int | None = None) -> History:
    """All of it, or the latest `most` of each."""
    settings, commands = device_settings, device_commands
    with database.reading() as c:
        told = c.execute(
            sa.select(settings)
            .where(settings.c.device_id == device_id)
            .order_by(settings.c.version.desc())
            .limit(most)
        )
        given = [
            {
                "version": row.version,
                "issued_at": row.issued_at,
                "state": row.state,
                "cause": row.cause,
                "given_by": row.given_by,
                "settled_at": row.settled_at,
                "values": found.values
                if (found := codec.decode(row.body.encode(), DeviceSettings))
                else {},
            }
            for row in told
        ]
        told = c.execute(
            sa.select(
                commands.c.number,
                commands.c.kind,
                commands.c.issued_at,
                commands.c.expires_at,
                commands.c.outcome,
                commands.c.report,
                commands.c.given_by,
                commands.c.settled_at,
            )
            .where(commands.c.device_id == device_id)
            .order_by(commands.c.number.desc())
            .limit(most)
        )
        done = [dict(row._mapping) for row in told]
        return History(tuple(reversed(given)), tuple(reversed(done)))


# --- for the kiosk ---


def hint(
    device_id: sa.BindParameter[str], now: sa.BindParameter[datetime]
) -> tuple[sa.ScalarSelect[int], sa.ScalarSelect[int]]:
    """The newest settings and the newest command that still waits, NULL for none: as parts of a
    larger query."""
    version = sa.select(sa.func.max(device_settings.c.version)).where(
        device_settings.c.device_id == device_id, _SIGNED
    )
    number = sa.select(sa.func.max(device_commands.c.number)).where(_waits(device_id, now))
    return version.scalar_subquery(), number.scalar_subquery()


def _waits(
    device_id: str | sa.BindParameter[str], now: datetime | sa.BindParameter[datetime]
) -> sa.ColumnElement[bool]:
    return sa.and_(
        device_commands.c.device_id == device_id,
        device_commands.c.outcome == "",
        device_commands.c.expires_at > now,
    )


def of_device(database: Transactions, clock: Clock, device_id: str) -> Orders:
    with database.reading() as c:
        settings = c.execute(
            sa.select(device_settings.c.envelope)
            .where(device_settings.c.device_id == device_id, _SIGNED)
            .order_by(device_settings.c.version.desc())
            .limit(1)
        ).scalar_one_or_none()
        commands = c.execute(
            sa.select(device_commands.c.envelope)
            .where(_waits(device_id, clock.now()))
            .order_by(device_commands.c.number)
            .limit(orders.MAX_COMMANDS)
        ).scalars()
        given = None if settings is None else bytes(settings)
        return orders.answer(given, [bytes(one) for one in commands])


# --- what the kiosk told ---


def settle(
    c: sa.Connection,
    device_id: str,
    at: datetime,
    fact: facts.SettingsTaken | facts.SettingsRefused | facts.CommandSettled,
) -> None:
    """A centre that came back from a backup hears of orders that it knows no more. They join its
    books again, so that none of their numbers gets a second meaning; where one has it already, the
    later order is told as not done, and somebody gives it once more."""
    if not 0 < (fact.number if isinstance(fact, facts.CommandSettled) else fact.version) < _BIG:
        return  # no order of ours
    match fact:
        case facts.CommandSettled():
            _command_settled(c, device_id, at, fact)
        case facts.SettingsTaken():
            values = {name: codec.decode(text.encode(), object) for name, text in _texts(fact)}
            known = _settings(c, device_id, at, fact.version, values)
            same = known.values == values
            told = {"state": "taken", "cause": ""} if same else {"state": "refused", "cause": USED}
            _judged(c, device_id, fact.version, {**told, "settled_at": at})
        case facts.SettingsRefused():
            before = _newest(c, device_id)
            _settings(c, device_id, at, fact.version, {} if before is None else before.values)
            told = {"state": "refused", "cause": fact.cause}
            _judged(c, device_id, fact.version, {**told, "settled_at": at})


def _texts(fact: facts.SettingsTaken) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in fact.values.items() if isinstance(value, str))


def _settings(
    c: sa.Connection, device_id: str, at: datetime, version: int, values: Mapping[str, Any]
) -> DeviceSettings:
    """What the books have under this version; `values`, where they had nothing."""
    tenant = c.execute(sa.select(devices.c.tenant).where(devices.c.device_id == device_id))
    told = DeviceSettings(
        tenant=tenant.scalar_one(),
        device_id=device_id,
        version=version,
        issued=at,
        values=dict(values),
    )
    row = {
        "device_id": device_id,
        "version": version,
        "issued_at": at,
        "body": codec.encode(told).decode(),
        "envelope": b"",
    }
    if insert_new(c, device_settings, row):
        return told
    mine = sa.and_(device_settings.c.device_id == device_id, device_settings.c.version == version)
    body = c.execute(sa.select(device_settings.c.body).where(mine)).scalar_one()
    return codec.decode(body.encode(), DeviceSettings) or told


def _judged(c: sa.Connection, device_id: str, version: int, told: dict[str, object]) -> None:
    mine = sa.and_(device_settings.c.device_id == device_id, device_settings.c.version == version)
    c.execute(device_settings.update().where(mine).values(told))


def _command_settled(
    c: sa.Connection, device_id: str, at: datetime, fact: facts.CommandSettled
) -> None:
    told = {"outcome": fact.outcome, "report": list(fact.report), "settled_at": at}
    row = {
        **told,
        "device_id": device_id,
        "number": fact.number,
        "kind": fact.kind,
        "issued_at": at,
        "expires_at": at,
        "envelope": b"",
    }
    if insert_new(c, device_commands, row):
        return
    mine = sa.and_(
        device_commands.c.device_id == device_id,
        device_commands.c.number == fact.number,
        device_commands.c.outcome == "",
    )
    same = device_commands.c.kind == fact.kind
    c.execute(device_commands.update().where(mine, same).values(told))
    other = {"outcome": "failed", "report": [USED], "settled_at": at}
    c.execute(device_commands.update().where(mine, ~same).values(other))
