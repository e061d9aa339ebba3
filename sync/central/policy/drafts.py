"""A draft of the rules: one a tenant, kept for others to look at before it goes out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from sync.central import audit, networks, policy
from sync.central.audit import Actor
from sync.central.database import Database, upsert
from sync.central.policy import contents
from sync.central.policy.bundling import NotPublished
from sync.central.policy.reading import Reading, WhoseRules, read_file
from sync.central.policy.rollouts import Share
from sync.central.policy.versions import Kept, Version, standing
from sync.central.tables import policy_drafts
from sync.wire.messages import Manifest

FILE: Final = "draft.toml"
LONGEST: Final = 512 * 1024  # characters: a form's body has a limit, and this one is for people


@dataclass(frozen=True, slots=True)
class Draft:
    """`digest` is of the text and of whose rules they are: what was looked at is what goes out."""

    body: str
    merchant_id: str
    digest: str
    saved_at: datetime
    saved_by: str


def load(c: sa.Connection, tenant: str) -> Draft | None:
    table = policy_drafts
    row = c.execute(sa.select(table).where(table.c.tenant == tenant)).one_or_none()
    if row is None:
        return None
    return Draft(row.body, row.merchant_id, row.digest, row.saved_at, row.saved_by)


def digest_of(body: str, merchant_id: str) -> str:
    return hashlib.sha256(f"{merchant_id}\0{body}".encode()).hexdigest()


def save(
    database: Database, clock: Clock, by: Actor, body: str, merchant_id: str, seen: str
) -> Draft | None:
    """Keep a draft in the place of the one that was `seen` ("" for none): its digest. None where
    somebody else changed it meanwhile; saving the same again is no change."""
    tenant = by.tenant
    text = body.replace("\r\n", "\n").replace("\0", "\ufffd")

    def work(c: sa.Connection) -> Draft | None:
        there = load(c, tenant)
        made = Draft(text, merchant_id, digest_of(text, merchant_id), clock.now(), by.name)
        if there is not None and there.digest == made.digest:
            return there
        if (there.digest if there else "") != seen:
            return None
        row = {"tenant": tenant, "body": text, "merchant_id": merchant_id}
        row |= {"digest": made.digest, "saved_by": by.name}
        upsert(c, policy_drafts, [{**row, "saved_at": made.saved_at}])
        after: audit.Summary = {"lines": text.count("\n") + 1, "digest": made.digest[:12]}
        audit.changed(c, by, made.saved_at, "policy.draft_saved", "draft", after=after)
        return made

    return database.write(work)


def discard(database: Database, clock: Clock, by: Actor, seen: str) -> bool:
    """Whether the draft that was seen is gone."""

    def work(c: sa.Connection) -> bool:
        if not drop(c, by.tenant, seen):
            return False
        audit.changed(
            c, by, clock.now(), "policy.draft_discarded", "draft", before={"digest": seen[:12]}
        )
        return True

    return database.write(work)


def drop(c: sa.Connection, tenant: str, digest: str) -> bool:
    mine = policy_drafts.c.tenant == tenant, policy_drafts.c.digest == digest
    return c.execute(policy_drafts.delete().where(*mine)).rowcount > 0


# --- what it comes to --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coming:
    """A draft that reads well: the rules as they are, and as they would be."""

    reading: Reading
    before: Version
    after: Version


def read(c: sa.Connection, tenant: str, draft: Draft, today: date) -> Coming | Reading | WhoseRules:
    """A Reading has mistakes: nothing of it is to be used."""
    known = {one.merchant.merchant_id: one for one in contents.shops(c, tenant)}
    found = read_file(draft.body.encode(), FILE, today, known, draft.merchant_id)
    if isinstance(found, WhoseRules) or not found.fit:
        return found
    before = standing(c, tenant)
    shops = {
        one.merchant.merchant_id: Kept(
            merchant=one.merchant, rules=tuple(map(dict, one.specs)), look=dict(one.look)
        )
        for one in found.shops
    }
    forms = {form.name: form for form in (*before.forms, *found.forms)}
    after = Version(
        shops={**before.shops, **shops}, forms=tuple(forms[name] for name in sorted(forms))
    )
    return Coming(found, before, after)


# --- out it goes -------------------------------------------------------------------------------


class _Stop(Exception):
    def __init__(self, why: Overtaken | Reading | WhoseRules) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody changed the draft, or took it away, after it was looked at."""


def publish(
    database: Database,
    clock: Clock,
    ids: Ids,
    key: SigningKey,
    by: Actor,
    digest: str,
    *,
    share: Share | None = None,
    note: str = "",
) -> Manifest | NotPublished | Overtaken | Reading | WhoseRules:
    """The draft that was looked at, checked once more, to all kiosks or to a share of them first.
    It is gone afterwards; where anything is wrong, all stays as it was."""
    tenant, today = by.tenant, clock.now().date()

    def first(c: sa.Connection) -> None:
        draft = load(c, tenant)
        if draft is None or draft.digest != digest:
            raise _Stop(Overtaken())
        coming = read(c, tenant, draft, today)
        if not isinstance(coming, Coming):
            raise _Stop(coming)
        for shop in coming.reading.shops:
            contents.put(c, tenant, shop)
        for form in coming.reading.forms:
            networks.add_form(c, ids, tenant, form)
        drop(c, tenant, digest)

    try:
        return policy.publish(
            database, clock, tenant, key, first=first, by=by, note=note, share=share
        )
    except _Stop as stop:
        return stop.why
