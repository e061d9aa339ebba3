"""Back-office people: passwords (scrypt, RFC 7914) and sessions, both kept hashed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.database import Database
from sync.central.devices import note_failure, too_many
from sync.central.tables import people, sessions

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
LEAST_PASSWORD = 12
_N, _R, _P = 1 << 15, 8, 1
_MEMORY = 64 << 20
# Compared where the name is unknown, so that guessing names takes as long as guessing passwords.
_NOBODY = f"scrypt${_N}${_R}${_P}$AAAAAAAAAAAAAAAAAAAAAA==$AAAA"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in. `csrf` must come back with every form."""

    name: str
    tenant: str
    csrf: str


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def hash_password(password: str, ids: Ids) -> str:
    salt = ids.token(128).to_bytes(16)
    parts = (salt, _scrypt(password, salt, _N, _R, _P))
    return f"scrypt${_N}${_R}${_P}$" + "$".join(base64.b64encode(p).decode() for p in parts)


def password_fits(password: str, kept: str) -> bool:
    _, n, r, p, salt, digest = kept.split("$")
    made = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(made, base64.b64decode(digest))


def create_admin(database: Database, ids: Ids, tenant: str, name: str, password: str) -> None:
    """A new person, or a new password (which ends the sessions). Raises ValueError for a
    password shorter than LEAST_PASSWORD."""
    if len(password) < LEAST_PASSWORD:
        raise ValueError(f"a password has at least {LEAST_PASSWORD} characters")
    hashed = hash_password(password, ids)

    def work(c: sa.Connection) -> None:
        c.execute(sessions.delete().where(sessions.c.name == name))
        changed = c.execute(
            people.update().where(people.c.name == name).values(password=hashed, tenant=tenant)
        )
        if changed.rowcount == 0:
            c.execute(people.insert(), {"name": name, "tenant": tenant, "password": hashed})

    database.write(work)


def make_password(ids: Ids) -> str:
    """Sixteen characters, 80 bits, without look-alikes."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    value = ids.token(80)
    text = "".join(alphabet[value >> 5 * i & 31] for i in range(16))
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(
    database: Database, clock: Clock, ids: Ids, name: str, password: str, source: str
) -> str | None:
    """A session's token, or None: wrong, unknown, or too many tries; the caller cannot tell."""
    now = clock.now()
    with database.reading() as c:
        barred = too_many(c, "login", source, now) or too_many(c, "login", name[:100], now)
        row = c.execute(sa.select(people).where(people.c.name == name)).one_or_none()
    fits = password_fits(password[:200], row.password if row else _NOBODY)
    if barred or row is None or not fits:
        database.write(lambda c: _failed(c, ids, (source, name[:100]), now))
        return None
    token = f"{ids.token(256):064x}"

    def work(c: sa.Connection) -> None:
        c.execute(sessions.delete().where(sessions.c.created_at < now - LONGEST))
        c.execute(
            sessions.insert(),
            {
                "token_hash": _token_hash(token),
                "name": name,
                "csrf": f"{ids.token(128):032x}",
                "created_at": now,
                "seen_at": now,
            },
        )

    database.write(work)
    return token


def _failed(c: sa.Connection, ids: Ids, sources: tuple[str, ...], now: datetime) -> None:
    for source in sources:
        note_failure(c, ids, "login", source.replace("\0", "�"), now)


def signed_in(database: Database, clock: Clock, token: str) -> Person | None:
    """Whose session this is; idle and absolute time limits are kept here."""
    now = clock.now()
    key = _token_hash(token)
    with database.reading() as c:
        row = c.execute(
            sa.select(sessions, people.c.tenant)
            .join(people, people.c.name == sessions.c.name)
            .where(sessions.c.token_hash == key)
        ).one_or_none()
    if row is None or row.seen_at + IDLE < now or row.created_at + LONGEST < now:
        return None
    if row.seen_at + timedelta(minutes=1) < now:
        touch = sessions.update().where(sessions.c.token_hash == key).values(seen_at=now)
        database.write(lambda c: c.execute(touch))
    return Person(row.name, row.tenant, row.csrf)


def sign_out(database: Database, token: str) -> None:
    end = sessions.delete().where(sessions.c.token_hash == _token_hash(token))
    database.write(lambda c: c.execute(end))
