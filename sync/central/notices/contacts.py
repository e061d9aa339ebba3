"""Whom to tell of a parcel or a return: brought with it, sealed, and gone once nothing is to be
said any more (or after `LONGEST`, whatever happened)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central import sealing
from sync.central.database import locked, upsert
from sync.central.notices.model import Address, Hidden, Thing
from sync.central.tables import notice_contacts

LONGEST: Final = timedelta(days=120)
MOST: Final = 4


class _Kept(msgspec.Struct, frozen=True):
    """With whose it is: what is sealed for one tenant opens nothing for another."""

    of: tuple[str, str]
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class Contact:
    """`to` in the order of wish: the second is tried where the first is refused. `code` is a
    pick-up code that they know already, "" for none."""

    to: tuple[Address, ...]
    language: str = "en"
    name: str = ""
    code: str = ""


def put(
    c: sa.Connection,
    ids: Ids,
    now: datetime,
    tenant: str,
    thing: Thing,
    about: str,
    contact: Contact,
    *,
    site: str = "",
    merchant_id: str = "",
    recipient: str = "",
) -> None:
    """Whom to tell of this, from now on; in the place of whoever it was. Nobody where there is no
    address. Said again of what is known, it is still the same parcel, with the code that was sent:
    lists come any number of times."""
    if not contact.to:
        forget(c, tenant, thing, about)
        return
    its = sa.select(notice_contacts).where(_this(tenant, thing, about))
    known = c.execute(locked(its)).mappings().one_or_none()
    code = contact.code or (_code_of(c, dict(known)) if known else "")
    came_at = known["came_at"] if known else now
    row = {
        "tenant": tenant,
        "thing": thing.value,
        "about": about,
        "site": site,
        "merchant_id": merchant_id,
        "recipient": recipient,
        "language": contact.language,
        "hidden": _sealed(c, ids, tenant, thing, about, _hidden(contact, code)),
        "coded": bool(code),
        "came_at": came_at,
        "until": came_at + LONGEST,
    }
    upsert(c, notice_contacts, [row])


def _hidden(contact: Contact, code: str) -> Hidden:
    return Hidden(contact.to[:MOST], code, contact.name)


def _code_of(c: sa.Connection, row: Mapping[str, Any]) -> str:
    try:
        return opened(c, row).code
    except sealing.Unreadable:
        return ""  # they get another one


def _sealed(
    c: sa.Connection, ids: Ids, tenant: str, thing: Thing, about: str, hidden: Hidden
) -> str:
    kept = msgspec.json.encode(_Kept((tenant, thing.value), hidden)).decode()
    return sealing.of(c).seal(kept, ids, sealing.CONTACT, about)


def opened(c: sa.Connection, row: Mapping[str, Any]) -> Hidden:
    """Raises Unreadable."""
    plain = sealing.of(c).open(row["hidden"], sealing.CONTACT, row["about"])
    kept = msgspec.json.decode(plain, type=_Kept)
    if kept.of != (row["tenant"], row["thing"]):
        raise sealing.Unreadable("the contact belongs to something else")
    return kept.hidden


def with_code(c: sa.Connection, ids: Ids, row: Mapping[str, Any], code: str) -> Hidden:
    """The same with a pick-up code, kept. Raises Unreadable."""
    hidden = msgspec.structs.replace(opened(c, row), code=code)
    thing, tenant, about = Thing(row["thing"]), str(row["tenant"]), str(row["about"])
    values = {"hidden": _sealed(c, ids, tenant, thing, about, hidden), "coded": True}
    c.execute(notice_contacts.update().where(_this(tenant, thing, about)).values(values))
    return hidden


def forget(c: sa.Connection, tenant: str, thing: Thing, about: str) -> None:
    c.execute(notice_contacts.delete().where(_this(tenant, thing, about)))


def keep_until(c: sa.Connection, tenant: str, thing: Thing, about: str, until: datetime) -> None:
    """No longer than that from now on."""
    sooner = sa.and_(_this(tenant, thing, about), notice_contacts.c.until > until)
    c.execute(notice_contacts.update().where(sooner).values(until=until))


def sweep(c: sa.Connection, tenant: str, now: datetime) -> int:
    """Those whose time is over."""
    old = sa.and_(notice_contacts.c.tenant == tenant, notice_contacts.c.until <= now)
    return c.execute(notice_contacts.delete().where(old)).rowcount


def _this(tenant: str, thing: Thing, about: str) -> sa.ColumnElement[bool]:
    n = notice_contacts.c
    return sa.and_(n.tenant == tenant, n.thing == thing.value, n.about == about)
