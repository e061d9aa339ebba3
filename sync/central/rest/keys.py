"""Keys of machines: each for one role, one tenant and one merchant, hub or carrier.

A token is `tbk_<prefix>_<secret>`, shown once. The prefix finds the row; of the token only its
SHA-256 is kept, which is enough for 256 random bits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central import audit
from sync.central.database import Database
from sync.central.tables import api_keys, merchants

SECRET_BITS = 256
PREFIX_BITS = 60
USED_EVERY = timedelta(minutes=1)
LONGEST_NAME = 100
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford Base32
_TOKEN = re.compile(r"tbk_([0-9a-z]{12})_[0-9a-f]{64}")
_SUBJECT = re.compile(r"[^\s\x00-\x1f]{1,200}")


class Role(StrEnum):
    """What a key opens."""

    MERCHANT = "merchant"
    HUB = "hub"
    CARRIER = "carrier"
    EXPORTS = "exports"


@dataclass(frozen=True, slots=True)
class Key:
    """Who is calling: `subject` is the merchant's id, the hub's or the carrier's name."""

    prefix: str
    tenant: str
    role: Role
    subject: str
    read_only: bool
    name: str = ""
    expires_at: datetime | None = None

    @property
    def account(self) -> str:
        """The same for all keys of one caller."""
        return f"{self.role}:{self.subject}"


def make(
    database: Database,
    clock: Clock,
    ids: Ids,
    tenant: str,
    role: Role,
    subject: str,
    *,
    name: str = "",
    read_only: bool = False,
    life: timedelta | None = None,
    actor: audit.Actor | None = None,
) -> tuple[Key, str] | str:
    """A new key and its token, or a sentence why not. The token cannot be had again. Without
    `actor` it is made by somebody with a shell at the centre."""
    if why := _unfit(role, subject, name):
        return why
    prefix = _prefix(ids)
    token = f"tbk_{prefix}_{ids.token(SECRET_BITS):064x}"
    now = clock.now()
    expires = None if life is None else now + life
    row = {
        "prefix": prefix,
        "tenant": tenant,
        "name": name,
        "role": role.value,
        "subject": subject,
        "read_only": read_only or role is Role.EXPORTS,
        "digest": _digest(token),
        "created_at": now,
        "expires_at": expires,
    }

    def work(c: sa.Connection) -> str:
        if role is Role.MERCHANT and not _is_merchant(c, tenant, subject):
            return f"{tenant} has no merchant {subject!r}: publish its policy first"
        c.execute(api_keys.insert(), row)
        told: audit.Summary = {
            "opens": f"{role}:{subject}",
            "name": name,
            "read_only": bool(row["read_only"]),
        }
        who = actor or audit.at_console(tenant)
        audit.changed(c, who, now, "keys.made", prefix, after=told)
        return ""

    if why := database.write(work):
        return why
    return Key(prefix, tenant, role, subject, bool(row["read_only"]), name, expires), token


def _unfit(role: Role, subject: str, name: str) -> str:
    if len(name) > LONGEST_NAME or not name.isprintable():
        return f"a key's name has at most {LONGEST_NAME} characters that can be printed"
    if role is Role.EXPORTS:
        return "a key for exports is of nobody in particular" if subject else ""
    return "" if fits(subject) else f"say whose key it is: {role}:<name>"


def fits(subject: str) -> bool:
    """Whether it can name a merchant, a hub or a carrier."""
    return bool(_SUBJECT.fullmatch(subject)) and subject.isprintable()


def _is_merchant(c: sa.Connection, tenant: str, merchant_id: str) -> bool:
    mine = sa.and_(merchants.c.tenant == tenant, merchants.c.merchant_id == merchant_id)
    return c.execute(sa.select(merchants.c.merchant_id).where(mine)).first() is not None


def _prefix(ids: Ids) -> str:
    value = ids.token(PREFIX_BITS)
    return "".join(_ALPHABET[value >> 5 * i & 31] for i in range(PREFIX_BITS // 5))


def _digest(token: str) -> str:
    return hashlib.sha256(b"takeback api key\0" + token.encode()).hexdigest()


def find(database: Database, clock: Clock, authorization: str) -> Key | None:
    """Whose key it is; None for none, unknown, expired and revoked alike."""
    scheme, _, token = authorization.partition(" ")
    told = _TOKEN.fullmatch(token.strip())
    if scheme.lower() != "bearer" or told is None:
        return None
    now = clock.now()
    with database.reading() as c:
        row = c.execute(sa.select(api_keys).where(api_keys.c.prefix == told[1])).one_or_none()
    if row is None or not hmac.compare_digest(row.digest, _digest(told[0])):
        return None
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if row.used_at is None or row.used_at + USED_EVERY < now:
        touch = api_keys.update().where(api_keys.c.prefix == row.prefix).values(used_at=now)
        database.write(lambda c: c.execute(touch))
    return Key(
        row.prefix,
        row.tenant,
        Role(row.role),
        row.subject,
        row.read_only,
        row.name,
        row.expires_at,
    )


def revoke(
    database: Database,
    clock: Clock,
    tenant: str,
    prefix: str,
    actor: audit.Actor | None = None,
) -> bool:
    """At once and for good; False where there is no such key, or it is revoked already."""
    mine = sa.and_(
        api_keys.c.tenant == tenant, api_keys.c.prefix == prefix, api_keys.c.revoked_at.is_(None)
    )
    now = clock.now()

    def work(c: sa.Connection) -> bool:
        done = c.execute(api_keys.update().where(mine).values(revoked_at=now)).rowcount == 1
        if done:
            who = actor or audit.at_console(tenant)
            audit.changed(c, who, now, "keys.revoked", prefix)
        return done

    return database.write(work)


def listed(database: Database, tenant: str) -> list[dict[str, object]]:
    """All keys of a tenant, the oldest first, without their digests."""
    shown = [column for column in api_keys.c if column.name != "digest"]
    query = sa.select(*shown).where(api_keys.c.tenant == tenant)
    with database.reading() as c:
        rows = c.execute(query.order_by(api_keys.c.created_at, api_keys.c.prefix)).mappings()
        return [dict(row) for row in rows]
