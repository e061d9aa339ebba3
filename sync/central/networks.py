"""Other networks' return codes: what they look like, and the secret that their fingerprints carry.

The centre learns such a code once, with the authorisation it belongs to, and keeps and publishes
its fingerprint only. The tenant's pepper goes out in the signed bundle, since a kiosk must make
the same fingerprint without the centre: it keeps those of two tenants apart and a lone database
or ledger from being tried through. It does not protect a code that can be guessed, so forms that
leave too little open are not published at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from kiosk.domain.codes.third_party import ThirdPartyForm, fingerprint
from kiosk.ports import Ids
from sync.central.database import Database, locked, upsert
from sync.central.tables import tenants, third_party_forms
from sync.wire import codec

PEPPER_BITS = 256


def put_form(database: Database, ids: Ids, tenant: str, form: ThirdPartyForm) -> None:
    """From the next bundle on such codes are looked up. The first form makes the tenant's pepper,
    which never changes: every fingerprint hangs on it."""
    database.write(lambda c: add_form(c, ids, tenant, form))


def add_form(c: sa.Connection, ids: Ids, tenant: str, form: ThirdPartyForm) -> None:
    """As `put_form`, within a transaction."""
    mine = tenants.c.tenant == tenant
    if not c.execute(locked(sa.select(tenants.c.code_pepper).where(mine))).scalar_one():
        made = ids.token(PEPPER_BITS).to_bytes(PEPPER_BITS // 8).hex()
        c.execute(tenants.update().where(mine).values(code_pepper=made))
    upsert(c, third_party_forms, [_row(tenant, form)])


def replace_forms(c: sa.Connection, tenant: str, given: Sequence[ThirdPartyForm]) -> None:
    """These and no others. The pepper stays."""
    c.execute(third_party_forms.delete().where(third_party_forms.c.tenant == tenant))
    if given:
        upsert(c, third_party_forms, [_row(tenant, form) for form in given])


def _row(tenant: str, form: ThirdPartyForm) -> dict[str, str]:
    return {"tenant": tenant, "name": form.name, "body": codec.encode(form).decode()}


def drop_form(database: Database, tenant: str, name: str) -> None:
    """From the next bundle on its codes mean nothing."""
    same = sa.and_(third_party_forms.c.tenant == tenant, third_party_forms.c.name == name)
    database.write(lambda c: c.execute(third_party_forms.delete().where(same)))


def fingerprint_of(database: Database, tenant: str, form: str, code: bytes) -> str:
    """What an authorisation is to carry (`third_party`) for a code as scanners give it. LookupError
    for a tenant without any form: its pepper is not made yet."""
    with database.reading() as c:
        key = pepper(c, tenant)
    if not key:
        raise LookupError(f"{tenant} has no form of another network")
    return fingerprint(form, code, bytes.fromhex(key))


def pepper(c: sa.Connection, tenant: str) -> str:
    """In hex; "" before the first form."""
    query = sa.select(tenants.c.code_pepper).where(tenants.c.tenant == tenant)
    return str(c.execute(query).scalar_one())


def forms(c: sa.Connection, tenant: str) -> tuple[ThirdPartyForm, ...]:
    """By name, so that the same forms make the same bundle."""
    table = third_party_forms
    query = sa.select(table.c.body).where(table.c.tenant == tenant).order_by(table.c.name)
    bodies = c.execute(query).scalars()
    return tuple(msgspec.json.decode(body, type=ThirdPartyForm) for body in bodies)
