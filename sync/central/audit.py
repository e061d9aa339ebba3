"""Who changed what: one row for every change that a person, a command or a machine makes.

Rows are only added, in the transaction of the change itself: neither is there without the other.
Each holds the hash of the one before, per tenant, so that a row changed, taken out or put in
between shows; the database refuses updates and deletions besides. Whoever notes the newest number
and hash elsewhere (`takeback central audit verify` prints them) can prove that the tail was not
cut off either.

    changed(c, actor, now, "people.disabled", "ada", before={"state": "active"}, ...)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from sync.central.database import insert_new, locked
from sync.central.tables import office_audit, office_audit_heads

GENESIS = "0" * 64
LONGEST_VALUE = 500  # of one summarised value: a summary, no archive
_BATCH = 1000

Summary = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: a person's name, "key:NAME" for a machine's, "command line" for somebody with
    a shell at the centre. `source` is the address it came from, "" for a command; `permission` is
    what let them."""

    tenant: str
    name: str
    source: str = ""
    permission: str = ""


CONSOLE = "command line"


def at_console(tenant: str) -> Actor:
    return Actor(tenant, CONSOLE, "", "shell")


def changed(
    c: sa.Connection,
    actor: Actor,
    now: datetime,
    what: str,
    subject: str,
    *,
    before: Summary | None = None,
    after: Summary | None = None,
) -> int:
    """Note a change inside its own transaction; the row's number.

    `what` is "area.done" (people.invited, case.settled); `subject` names what was changed.
    `before` and `after` tell what matters of it: no passwords, no secrets, no shopper's name.
    """
    head = _head(c, actor.tenant)
    row = {
        "tenant": actor.tenant,
        "number": head.number + 1,
        "at": now,
        "person": _short(actor.name),
        "source": _short(actor.source),
        "permission": _short(actor.permission),
        "what": what,
        "subject": _short(subject),
        "before": _summary(before),
        "after": _summary(after),
        "previous": head.hash,
    }
    row["hash"] = digest(row)
    c.execute(office_audit.insert(), row)
    c.execute(
        office_audit_heads.update()
        .where(office_audit_heads.c.tenant == actor.tenant)
        .values(number=row["number"], hash=row["hash"])
    )
    return int(head.number) + 1


def _head(c: sa.Connection, tenant: str) -> sa.Row[Any]:
    """The newest number and hash, held until commit: changes of one tenant queue here. It is the
    last thing that a transaction should ask for."""
    insert_new(c, office_audit_heads, {"tenant": tenant, "number": 0, "hash": GENESIS})
    mine = sa.select(office_audit_heads).where(office_audit_heads.c.tenant == tenant)
    return c.execute(locked(mine)).one()


def _short(text: object) -> str:
    """Fit for every database (no NUL) and for a line of a page."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in str(text))
    return plain if len(plain) <= LONGEST_VALUE else plain[: LONGEST_VALUE - 1] + "…"


def _summary(given: Summary | None) -> str:
    """As JSON with sorted keys: the text is what is hashed, whatever a database does to JSON."""
    told = {_short(key): _short(value) for key, value in (given or {}).items()}
    return msgspec.json.encode(told, order="sorted").decode()


_HASHED = ("tenant", "number", "at", "person", "source", "permission", "what", "subject")
_HASHED_TOO = ("before", "after", "previous")


def digest(row: Mapping[str, Any] | sa.RowMapping) -> str:
    """SHA-256 in hex over a JSON list of the row's values in a fixed order, the instant in UTC
    with microseconds."""
    values = [_plain(row[name]) for name in (*_HASHED, *_HASHED_TOO)]
    return hashlib.sha256(b"takeback audit 1\0" + msgspec.json.encode(values)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


@dataclass(frozen=True, slots=True)
class Sound:
    """Every row fits; the newest number and its hash. 0 and GENESIS where there is none."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that does not fit, and why: changed | missing | cut_off | not_the_noted."""

    number: int
    why: str


def verify(c: sa.Connection, tenant: str, noted: Sound | None = None) -> Sound | Broken:
    """Walk the chain from its beginning. `noted` is a number and hash that somebody wrote down
    earlier: the row must still be there, the same."""
    number, previous = 0, GENESIS
    for row in _in_order(c, tenant):
        if row["number"] != number + 1 or row["previous"] != previous:
            return Broken(number + 1, "missing")
        if digest(row) != row["hash"]:
            return Broken(row["number"], "changed")
        number, previous = row["number"], row["hash"]
        if noted is not None and noted.number == number and noted.hash != previous:
            return Broken(number, "not_the_noted")
    kept = sa.select(office_audit_heads).where(office_audit_heads.c.tenant == tenant)
    head = c.execute(kept).one_or_none()
    least = max(noted.number if noted else 0, head.number if head else 0)
    if number < least or (head is not None and head.hash != previous):
        return Broken(number + 1, "cut_off")
    return Sound(number, previous)


def _in_order(c: sa.Connection, tenant: str) -> Iterator[sa.RowMapping]:
    last = 0
    while True:
        query = (
            sa.select(office_audit)
            .where(office_audit.c.tenant == tenant, office_audit.c.number > last)
            .order_by(office_audit.c.number)
            .limit(_BATCH)
        )
        rows = c.execute(query).mappings().all()
        yield from rows
        if len(rows) < _BATCH:
            return
        last = rows[-1]["number"]


def search(
    c: sa.Connection, tenant: str, wanted: str, before: int, limit: int
) -> tuple[sa.RowMapping, ...]:
    """Newest first, those under the number `before` (0 for all). `wanted` is part of a person,
    a change, a subject, an address or a summary; "" finds all."""
    query = sa.select(office_audit).where(office_audit.c.tenant == tenant)
    if before:
        query = query.where(office_audit.c.number < before)
    if wanted:
        named = ("person", "what", "subject", "source", "before", "after")
        found = (office_audit.c[name].icontains(wanted, autoescape=True) for name in named)
        query = query.where(sa.or_(*found))
    query = query.order_by(office_audit.c.number.desc()).limit(limit)
    return tuple(c.execute(query).mappings())


@dataclass(frozen=True, slots=True)
class Entry:
    """One line for people: what was there before, and what after, by name."""

    number: int
    at: datetime
    person: str
    source: str
    permission: str
    what: str
    subject: str
    values: tuple[tuple[str, str, str], ...]  # name, before, after; "" where there was none


def entries(
    c: sa.Connection, tenant: str, wanted: str, before: int, limit: int
) -> tuple[Entry, ...]:
    """As `search`, with the summaries read."""
    return tuple(_entry(row) for row in search(c, tenant, wanted, before, limit))


def _entry(row: sa.RowMapping) -> Entry:
    was = msgspec.json.decode(row["before"], type=dict[str, str])
    then = msgspec.json.decode(row["after"], type=dict[str, str])
    values = tuple((name, was.get(name, ""), then.get(name, "")) for name in sorted(was | then))
    named = ("number", "at", "person", "source", "permission", "what", "subject")
    return Entry(**{name: row[name] for name in named}, values=values)
